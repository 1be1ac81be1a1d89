"""Alternatives to convolutions, with their exact costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.savings import Bottleneck, Option, Saving

ABOUT = {
    "plain": "as it is",
    "bottleneck": "1x1 bottleneck",
    "separable": "depthwise separable",
    "grouped": "groups",
    "factorised": "k x 1 and 1 x k",
    "stacked": "stack of 3x3",
    "local": "locally connected",
    "dense": "fully connected",
}
HEADERS = [("", False), ("Layers", False), ("Params", True), ("MACs", True), ("of MACs", True), ("Field", True)]


def print_savings(
    name: str, found: Sequence[Saving], there: Sequence[Bottleneck], layout: str, target: Console, *, exact: bool
) -> None:
    """Each convolution with what could stand in its place; then the bottlenecks there are."""
    from rich.text import Text

    from cnncalc.render.grid import grid

    target.print(Text.assemble((name, "bold"), "  what other layers in place of each convolution would cost"))
    for saving in found:
        target.print()
        target.print(Text.assemble((_names(saving.layers), "bold"), f"  {_shapes(saving, layout)}"), soft_wrap=True)
        rows = [_cells(option, saving.plain, exact) for option in (saving.plain, *saving.options)]
        target.print(grid(target, HEADERS, rows, 1))
    if there:
        target.print()
        target.print(Text("Bottlenecks in the network, against the plain layer", style="bold"), soft_wrap=True)
    for one in there:
        target.print()
        target.print(Text.assemble((_names(one.layers), "bold"), f"  {_shapes(one, layout)}"), soft_wrap=True)
        rows = [_cells(one.plain, one.plain, exact, "plain"), _cells(one.now, one.plain, exact, "bottleneck")]
        target.print(grid(target, HEADERS, rows, 1))
        fewer = one.plain.macs / one.now.macs
        target.print(f"{fewer:.1f} times fewer MACs: {one.plain.macs:,} -> {one.now.macs:,}", soft_wrap=True)


def _names(layers: Sequence[str]) -> str:
    return layers[0] + (f" and {len(layers) - 1} more like it" if len(layers) > 1 else "")


def _shapes(one: Saving | Bottleneck, layout: str) -> str:
    return f"{figures.shape(one.shape_in, layout)} -> {figures.shape(one.shape_out, layout)}"


def _cells(option: Option, plain: Option, exact: bool, label: str | None = None) -> list[str]:
    return [
        label or ABOUT[option.key],
        " + ".join(option.parts),
        figures.count(option.params, exact),
        figures.count(option.macs, exact),
        f"{option.macs / plain.macs:.3g}",
        "all" if option.key == "dense" else str(option.field),
    ]


def savings_object(name: str, found: Sequence[Saving], there: Sequence[Bottleneck]) -> dict[str, Any]:
    """Schema `cnncalc.savings/1`: exact figures, shapes channels first."""
    return {
        "schema": "cnncalc.savings/1",
        "name": name,
        "layers": [
            {
                "layers": list(saving.layers),
                "input": list(saving.shape_in),
                "output": list(saving.shape_out),
                "plain": _option_object(saving.plain),
                "options": {option.key: _option_object(option) for option in saving.options},
            }
            for saving in found
        ],
        "bottlenecks": [
            {
                "layers": list(one.layers),
                "input": list(one.shape_in),
                "output": list(one.shape_out),
                "plain": _option_object(one.plain),
                "now": _option_object(one.now),
            }
            for one in there
        ],
    }


def _option_object(option: Option) -> dict[str, Any]:
    field = None if option.key == "dense" else option.field
    return {"parts": list(option.parts), "params": option.params, "macs": option.macs, "field": field}
