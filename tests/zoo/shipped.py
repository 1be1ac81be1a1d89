"""The shipped specs, loaded once for all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cnncalc
from cnncalc.analysis.summary import Summary
from cnncalc.spec.files import shipped_files

SPECS = shipped_files()


@cache
def network(stem: str, preset: str | None = None) -> cnncalc.Network:
    """The network of a shipped file."""
    return cnncalc.load(SPECS[stem], preset=preset)


@cache
def summary(stem: str, preset: str | None = None) -> Summary:
    """All numbers of a shipped network."""
    return network(stem, preset).summary()


@cache
def members() -> dict[str, tuple[str, str | None]]:
    """File and preset of everything that can be asked for by name."""
    presets = {preset: (stem, preset) for stem in SPECS for preset in network(stem).document.presets}
    return presets | {stem: (stem, None) for stem in SPECS}


def path(stem: str) -> Path:
    """Where a shipped spec is."""
    return SPECS[stem]
