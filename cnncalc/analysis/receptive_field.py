"""Receptive fields over the whole graph: size, jump, start, per axis of the input.

Unit i of a tensor, along an axis, can be reached by the inputs from `start + i·jump` to
`start + i·jump + size - 1`.  Each layer says what its units see of the layer before (`Layer.reach`);
composing these gives the field, and a merge takes the union of its paths.

Reference: Araujo, Norris & Sim, 'Computing Receptive Fields of Convolutional Neural Networks',
Distill (2019).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.errors import Diagnostic
from cnncalc.graph import Graph, Measure, Node
from cnncalc.layers.base import SAME_UNIT


class Line(NamedTuple):
    """The field along one axis of the input: unit 0 sees `start` to `end`, unit i is `jump` further.

    `axis` is the axis of the tensor (0 = channels) the units run along.  `jump` is None where units
    no longer follow the image, as after flatten.
    """

    axis: int
    start: Any
    end: Any
    jump: Any


Lines = tuple[Line | None, ...]
"""One per axis of the input image; None sees everything."""


class Trace(NamedTuple):
    """What is known at one tensor: the field, the field along spatial paths only, and alignment."""

    lines: Lines
    local: Lines | None
    aligned: bool


class Local(NamedTuple):
    """A field along spatial paths only, where a gate sees everything."""

    size: tuple[Any, ...]
    jump: tuple[Any, ...] | None
    start: tuple[Any, ...] | None


class ReceptiveField(NamedTuple):
    """The receptive field of a tensor; numbers are ints or exact fractions, in pixels of the input.

    `size` is None when unbounded; `jump` and `start` are None too where units do not follow the image.
    """

    size: tuple[Any, ...] | None
    jump: tuple[Any, ...] | None
    start: tuple[Any, ...] | None
    unbounded: bool
    aligned: bool
    local: Local | None = None


def trace_fields(graph: Graph) -> tuple[list[Trace], list[Diagnostic]]:
    """The trace of every node, and a warning for every merge whose paths are misaligned."""
    traces: list[Trace] = []
    warnings: list[Diagnostic] = []
    for node in graph.nodes:
        measure = node.measure
        if measure is None:
            lines = tuple(Line(axis, 0, 0, 1) for axis in range(1, len(node.shape)))
            traces.append(Trace(lines, None, True))
        elif len(node.inputs) == 1:
            before = traces[node.inputs[0]]
            traces.append(before if measure.in_step else _through(before, measure))
        else:
            traces.append(_merge(graph, node, [traces[source] for source in node.inputs], warnings))
    return traces, warnings


def _through(before: Trace, measure: Measure) -> Trace:
    x, layer = measure.xs[0], measure.layer
    moves = measure.reach
    if layer.gate:
        return Trace((None,) * len(before.lines), _spatial(before), before.aligned)
    mixed = layer.mixes(x)
    axes = layer.origins(x, measure.shape)

    def follow(line: Line | None) -> Line | None:
        if line is None or line.axis in mixed:
            return None
        if axes is not None:
            return _rearranged(line, axes)
        if line.axis == 0:
            return line
        reach = moves[line.axis - 1]
        if reach is None:
            return None
        if reach == SAME_UNIT:
            return line
        if line.jump is None:
            return None
        start = line.start + reach.first * line.jump
        return Line(line.axis, start, line.end + reach.last * line.jump, line.jump * reach.scale)

    lines = tuple(map(follow, before.lines))
    local = tuple(map(follow, before.local)) if before.local is not None else None
    if local is not None and None in local:
        local = None
    return Trace(lines, local, before.aligned)


def _spatial(trace: Trace) -> Lines | None:
    """The field along spatial paths, if there is one."""
    if trace.local is not None:
        return trace.local
    return None if None in trace.lines else trace.lines


def _rearranged(line: Line, axes: tuple[tuple[int, ...], ...]) -> Line | None:
    for axis, sources in enumerate(axes):
        if line.axis in sources:
            return line._replace(axis=axis, jump=line.jump if len(sources) == 1 else None)
    return None


def _merge(graph: Graph, node: Node, traces: list[Trace], warnings: list[Diagnostic]) -> Trace:
    measure = node.measure
    assert measure is not None
    rank = max(len(trace.lines) for trace in traces)
    count = len(traces)
    lines: list[Line | None] = []
    local: list[Line | None] = []
    paths_agree = True
    for axis in range(rank):
        everywhere = [_line(trace.lines, axis, rank) for trace in traces]
        everywhere = [None if line and _stretched(graph, node, k, line) else line for k, line in enumerate(everywhere)]
        nearby = [_line(trace.local if trace.local is not None else trace.lines, axis, rank) for trace in traces]
        nearby = [None if line and _stretched(graph, node, k, line) else line for k, line in enumerate(nearby)]
        seen = [line for line in nearby if line is not None]
        union, agree = _union(seen)
        if not agree:
            paths_agree = False
        local.append(union)
        lines.append(union if None not in everywhere and count else None)
    if any(layer_axis for layer_axis in measure.layer.mixes(measure.xs[0])):
        return Trace((None,) * rank, None, all(trace.aligned for trace in traces))
    aligned = all(trace.aligned for trace in traces)
    if not paths_agree and aligned:
        warnings.append(_misaligned(graph, node, traces))
    keep = None if None in local or None not in lines else tuple(local)
    return Trace(tuple(lines), keep, aligned and paths_agree)


def _line(lines: Lines, axis: int, rank: int) -> Line | None:
    return lines[axis] if len(lines) == rank else None


def _stretched(graph: Graph, node: Node, position: int, line: Line) -> bool:
    """Whether a side of 1 is stretched over a longer axis, so that all units see the same."""
    source = graph.nodes[node.inputs[position]]
    return len(source.shape) == len(node.shape) and source.shape[line.axis] == 1 != node.shape[line.axis]


def _union(lines: list[Line]) -> tuple[Line | None, bool]:
    """Smallest start, largest end; and whether jumps and centres agree."""
    if not lines:
        return None, True
    first = lines[0]
    if all(line == first for line in lines):
        return first, True
    agree = all(line.jump == first.jump and line.start + line.end == first.start + first.end for line in lines)
    if any(line.axis != first.axis or line.jump is None for line in lines):
        return None, agree
    start, end = min(line.start for line in lines), max(line.end for line in lines)
    return Line(first.axis, start, end, max(line.jump for line in lines)), agree


def _misaligned(graph: Graph, node: Node, traces: list[Trace]) -> Diagnostic:
    """Names the merge, and the first two paths that do not fit together."""
    paths: list[tuple[str, Any, Any]] = []
    for source, trace in zip(node.inputs, traces, strict=True):
        for line in trace.local or trace.lines:
            if line is not None:
                paths.append((graph.nodes[source].name, line.jump, line.start + line.end))
    one = paths[0]
    other = next((path for path in paths if path[1:] != one[1:]), paths[-1])
    first, second = (f"{name} (jump {jump}, first centre {_half(ends)})" for name, jump, ends in (one, other))
    span = node.source()
    own = span is not None and span.file == graph.document.source.name
    text = graph.document.source.line(span.line) if span and own else None
    message = f"{node.name} merges paths that are not aligned: {first} and {second}"
    help = "give both paths the same strides, and padding that keeps their centres together"
    return Diagnostic("L101", message, span, help, severity="warning", source=text)


def _half(ends: Any) -> str:
    """Half of a sum of two ends, written without a fraction where there is none."""
    from fractions import Fraction

    centre = Fraction(ends) / 2
    return str(int(centre)) if centre.denominator == 1 else f"{float(centre):g}"


def field_of(trace: Trace) -> ReceptiveField:
    """A trace as it is reported."""
    size, jump, start = _figures(trace.lines)
    local = Local(*_figures(trace.local)) if trace.local is not None else None
    return ReceptiveField(size, jump, start, size is None, trace.aligned, local)


def _figures(lines: Lines) -> tuple[Any, Any, Any]:
    if None in lines:
        return None, None, None
    known = [line for line in lines if line is not None]
    size = tuple(_plain(line.end - line.start + 1) for line in known)
    if any(line.jump is None for line in known):
        return size, None, None
    return size, tuple(_plain(line.jump) for line in known), tuple(_plain(line.start) for line in known)


def _plain(value: Any) -> Any:
    """An int where a fraction is whole."""
    return int(value) if type(value) is not int and value.denominator == 1 else value
