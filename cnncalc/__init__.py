"""Exact sizes, parameters, multiply–accumulates, memory and receptive fields of convolutional networks.

    >>> import cnncalc
    >>> net = cnncalc.loads("input: 3x32x32\\nlayers: [{conv: {filters: 10, kernel: 5, padding: 2}}]")
    >>> net.summary().to_dict()["totals"]["trainable"]
    760

Nothing here imports numpy, rich or typer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.version import __version__

if TYPE_CHECKING:
    from cnncalc.errors import Diagnostic, SpecError
    from cnncalc.network import Network, load, loads
    from cnncalc.summary import Summary

__all__ = ["Diagnostic", "Network", "SpecError", "Summary", "__version__", "load", "loads"]

_HOMES = {
    "Diagnostic": "cnncalc.errors",
    "Network": "cnncalc.network",
    "SpecError": "cnncalc.errors",
    "Summary": "cnncalc.summary",
    "load": "cnncalc.network",
    "loads": "cnncalc.network",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: `cnncalc --help` and completion need none of it.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cnncalc' has no attribute '{name}'")
