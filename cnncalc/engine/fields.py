"""Stated receptive fields against those found by trying."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cnncalc.analysis.receptive_field import Line, Trace, trace_fields
from cnncalc.engine.kernels import Array
from cnncalc.engine.support import trace_support
from cnncalc.graph import Graph, Node

SLACK = 1e-6


class Findings(NamedTuple):
    """How many stated fields were tried, how many to the row, and the first that are wrong, told."""

    tried: int
    exact: int
    wrong: tuple[str, ...]


def try_fields(graph: Graph) -> Findings | None:
    """Hold the field of every layer, along every axis, against what its units see.

    A unit may see no row its field does not hold.  Where whole fields lie inside the image, the
    outermost rows must be seen, too.  After layers that put units between pixels (transposed
    convolution, interpolation) fields are the narrowest evenly spaced ones that hold all units', so
    there some rows may be left unseen.  None if the inputs differ in their sides.
    """
    shapes = {graph.nodes[index].shape[1:] for index in graph.inputs.values()}
    if len(shapes) != 1 or not next(iter(shapes)):
        return None
    (sides,) = shapes
    traces, _ = trace_fields(graph)
    wrong: list[str] = []
    counts = {"tried": 0, "exact": 0}
    folding = any(node.kind == "pad" and node.layer and node.layer.values["mode"] != "zeros" for node in graph.nodes)
    spare = _spare(graph, traces)
    gates = any(trace.local is not None for trace in traces)

    for axis, n in enumerate(sides, start=1):
        for local in (False, True) if gates else (False,):

            def look(node: Node, found: Array, axis: int = axis, n: int = n, local: bool = local) -> None:
                lines = _lines(traces[node.index], local)
                if lines is None or len(lines) < axis:
                    return
                problem = _compare(lines[axis - 1], found, n, folding, spare[node.index], counts)
                if problem:
                    wrong.append(f"{node.name}, axis {axis}: {problem}")

            trace_support(graph, axis, look, local=local)
    return Findings(counts["tried"], counts["exact"], tuple(wrong[:3]))


def _spare(graph: Graph, traces: list[Trace]) -> list[float]:
    """For every tensor, how many outermost rows of its fields may go unseen: none unless units lie between pixels."""
    spare: list[float] = []
    for node in graph.nodes:
        most = max((spare[source] for source in node.inputs), default=0.0)
        if any(_between_pixels(graph, source) for source in node.inputs):
            jumps = [float(line.jump) for i in _above(graph, node) for line in traces[i].lines if line and line.jump]
            most = max(most, 2 * max(jumps, default=1.0))
        spare.append(most)
    return spare


def _above(graph: Graph, node: Node) -> list[int]:
    """The tensors two steps before."""
    return [index for source in node.inputs for index in graph.nodes[source].inputs]


def _between_pixels(graph: Graph, index: int) -> bool:
    measure = graph.nodes[index].measure
    if measure is None:
        return False
    numbers = [value for reach in measure.reach if reach is not None for value in reach]
    return any(float(value) != int(value) for value in numbers)


def _lines(trace: Trace, local: bool) -> tuple[Line | None, ...] | None:
    return trace.local if local else trace.lines


def _compare(
    line: Line | None, found: Array, n: int, folding: bool, spare: float, counts: dict[str, int]
) -> str | None:
    """What is wrong with a stated field, if anything; `found` is (rows, *shape)."""
    if found.ndim > 2 and found.strides[1] == 0 and (line is None or line.axis != 0):
        found = found[:, :1]
    if line is None:
        counts["tried"] += 1
        everywhere = np.asarray(found.any(axis=1) if found.ndim > 2 else found).reshape(n, -1)
        counts["exact"] += 1
        return (
            None
            if (everywhere == everywhere[:, :1]).all()
            else "stated to see everything, but units differ in what they see"
        )
    if line.jump is None:
        return None
    others = tuple(axis for axis in range(1, found.ndim) if axis != line.axis + 1)
    units: Array = np.asarray(found.any(axis=others))
    reached = units.any(axis=0)
    if not reached.any():
        return None
    counts["tried"] += 1
    first, last = units.argmax(axis=0), n - 1 - units[::-1].argmax(axis=0)
    place = np.arange(units.shape[1]) * float(line.jump)
    low, high = float(line.start) + place, float(line.end) + place
    inside = reached & (low >= -SLACK) & (high <= n - 1 + SLACK)
    checked = inside if folding else reached
    outside = checked & ((first < low - SLACK) | (last > high + SLACK))
    if outside.any():
        i = int(outside.argmax())
        return f"unit {i} sees rows {first[i]} to {last[i]}, stated {_row(low[i])} to {_row(high[i])}"
    if not inside.any():
        return None
    unseen = max((first - low)[inside].min(), (high - last)[inside].min())
    if unseen < max(1 - SLACK, spare + SLACK):
        counts["exact"] += unseen < 1 - SLACK
        return None
    i = int(inside.argmax())
    return f"unit {i} sees only rows {first[i]} to {last[i]}, stated {_row(low[i])} to {_row(high[i])}"


def _row(value: Any) -> str:
    return f"{float(value):g}"
