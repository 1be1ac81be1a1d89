"""Two networks side by side, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.compare import Comparison, Pair, Side, Total

HEADERS = [("Layer", False), ("Output", False), ("Params", True), ("MACs", True), ("Field", True)]
ABOUT = {
    "params": "Parameters",
    "buffers": "Buffers",
    "macs": "MACs",
    "weight_layers": "Weight layers",
    "layers": "Layers",
    "parameter_bytes": "Parameter memory",
    "activation_bytes": "Activations",
    "peak_inference_bytes": "Peak memory",
}


def print_comparison(found: Comparison, target: Console, *, every: bool, exact: bool) -> None:
    """The layers that differ (with `every`, all), as `A -> B`; below, the totals."""
    from rich.text import Text

    from cnncalc.render.grid import grid

    names = [_title(found, side) for side in (0, 1)]
    target.print(Text.assemble((names[0], "bold"), " -> ", (names[1], "bold")), soft_wrap=True)
    shown = [pair for pair in found.pairs if every or pair.differences]
    if shown:
        layouts = [one.network.document.layout for one in (found.left, found.right)]
        rows = [_cells(pair, layouts, exact) for pair in shown]
        target.print(grid(target, [("", False), *HEADERS], rows, 1))
    same = len(found.pairs) - sum(bool(pair.differences) for pair in found.pairs)
    target.print(f"{same} of {len(found.pairs)} layers are the same.", soft_wrap=True)
    target.print()
    headers = [("Total", False), ("A", True), ("B", True), ("B - A", True), ("B / A", True)]
    target.print(grid(target, headers, [[ABOUT[total.key], *_total(total, exact)] for total in found.totals], 0))


def _title(found: Comparison, side: int) -> str:
    summary = (found.left, found.right)[side]
    graph, layout = summary.network.graph, summary.network.document.layout
    inputs = ", ".join(figures.shape(graph.nodes[index].shape, layout) for index in graph.inputs.values())
    return f"{'AB'[side]}: {summary.network.name} ({inputs})"


def _cells(pair: Pair, layouts: list[str], exact: bool) -> list[str]:
    left, right = pair.left, pair.right
    mark = "-" if right is None else "+" if left is None else "~" if pair.differences else ""
    names = [side.name for side in (left, right) if side is not None]
    return [
        mark,
        _change(names[0], names[-1]),
        _both(left, right, lambda side, k: figures.shape(side.shape, layouts[k])),
        _both(left, right, lambda side, k: figures.count(side.params, exact) if side.params else ""),
        _both(left, right, lambda side, k: figures.count(side.macs, exact) if side.macs else ""),
        _both(left, right, lambda side, k: figures.field(side.field)),
    ]


def _both(left: Side | None, right: Side | None, text: Any) -> str:
    texts = [text(side, k) for k, side in enumerate((left, right)) if side is not None]
    return _change(texts[0], texts[-1])


def _change(one: str, other: str) -> str:
    return one if one == other else f"{one or '0'} -> {other or '0'}"


def _total(total: Total, exact: bool) -> list[str]:
    write = figures.size if total.kind == "bytes" and not exact else lambda value: figures.count(value, exact)
    by = total.right - total.left
    sign = "+" if by > 0 else "-" if by < 0 else ""
    ratio = f"{total.right / total.left:.4g}" if total.left else ""
    return [write(total.left), write(total.right), sign + write(abs(by)) if by else "same", ratio]


def comparison_object(found: Comparison) -> dict[str, Any]:
    """Schema `cnncalc.compare/1`: exact figures, shapes channels first, fields null where unbounded."""
    return {
        "schema": "cnncalc.compare/1",
        "a": {"name": found.left.network.name, "spec": found.left.network.document.source.name},
        "b": {"name": found.right.network.name, "spec": found.right.network.document.source.name},
        "same": found.same,
        "layers": [
            {"a": _side_object(pair.left), "b": _side_object(pair.right), "differences": list(pair.differences)}
            for pair in found.pairs
        ],
        "totals": {
            total.key: {
                "a": total.left,
                "b": total.right,
                "difference": total.right - total.left,
                "ratio": total.right / total.left if total.left else None,
            }
            for total in found.totals
        },
    }


def _side_object(side: Side | None) -> dict[str, Any] | None:
    return {key: plain(value) for key, value in side._asdict().items()} if side is not None else None
