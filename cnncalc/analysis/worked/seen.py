"""The receptive field of a layer, worked out from the layer before it, and backward to the input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.receptive_field import Line, Lines, Trace, field_of
from cnncalc.analysis.worked.lesson import Say, Step, Topic, joined, work_out
from cnncalc.analysis.worked.sizes import axis_names
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Reach

FIELD = Formula("r", "r0 + (f - 1) * j0", "f neighbours of the layer before, each j0 input pixels further on")
JUMP = Formula("j", "j0 * s", "neighbouring units are s steps of the layer before apart")
START = Formula("a", "a0 + b * j0", "unit 0 begins b units of the layer before from its beginning")
UNION = Formula("r", "max(last) - min(first) + 1", "several ways lead here: from the first pixel of any to the last")
BACKWARD = Formula("k", "(k1 - 1)*s + f", "k1 neighbouring units come from that many units of the layer before")


def _number(value: Any) -> Any:
    """An int; a fraction or a negative number in brackets, as it stands in a formula."""
    if type(value) is not int and value.denominator == 1:
        value = int(value)
    return f"({value})" if type(value) is not int or value < 0 else value


def _with(formula: Formula, value: Any, **values: Any) -> Derivation:
    """A derivation whose numbers may be fractions: those the evaluator of specs has no kind for."""
    result = _number(value)
    plain = result if type(result) is int else value
    return Derivation(formula, {name: _number(number) for name, number in values.items()}, plain)


def field_topic(graph: Graph, node: Node, traces: list[Trace]) -> Topic:
    """Which part of the input a unit sees."""
    title = Say("Receptive field")
    field = field_of(traces[node.index])
    if field.size is None and field.local is None:
        reason = Say("it mixes all positions, itself or before it, so each unit sees the whole input")
        return Topic("field", title, None, (Step(Say("field"), None, reason),))
    lines = traces[node.index].local if field.size is None else traces[node.index].lines
    assert lines is not None
    steps = list(_forward(graph, node, traces, lines))
    steps += _backward(graph, node, traces)
    size = field.size if field.size is not None or field.local is None else field.local.size
    notes = () if field.size is not None else (Say("a gate sees the whole input; this is along the spatial paths"),)
    return Topic("field", title, size, tuple(steps), notes)


def _forward(graph: Graph, node: Node, traces: list[Trace], lines: Lines) -> Iterator[Step]:
    befores = [traces[source] for source in node.inputs]
    if len(befores) > 1:
        yield from _union(graph, befores, lines)
        return
    before = befores[0].local if befores[0].local is not None else befores[0].lines
    if before == lines:
        yield Step(Say("field"), None, Say("each unit sees what the unit before it at the same place sees"))
        return
    for (old, new, reach), axes in _alike(node, before, lines).items():
        yield from _moved(_axes(graph, axes), old, new, reach)


Move = tuple[Line, Line, Reach]


def _alike(node: Node, before: Lines, lines: Lines) -> dict[Move, list[int]]:
    """What happens along the axes; those with the same arithmetic are told together."""
    assert node.measure is not None
    moves: dict[Move, list[int]] = {}
    for axis, (old, new) in enumerate(zip(before, lines, strict=True)):
        if old is None or new is None or old.axis == 0 or old.jump is None or old.axis > len(node.measure.reach):
            continue
        reach = node.measure.reach[old.axis - 1]
        if reach is not None:
            moves.setdefault((old._replace(axis=0), new._replace(axis=0), reach), []).append(axis)
    return moves


def _axes(graph: Graph, axes: list[int]) -> Say:
    names = axis_names(graph.nodes[0].shape)[1:]
    return joined([names[axis] for axis in axes]) if axes[-1] < len(names) else Say("field")


def _moved(name: Say, old: Line, new: Line, reach: Reach) -> Iterator[Step]:
    taps = reach.last - reach.first + 1
    size, before = new.end - new.start + 1, old.end - old.start + 1
    yield Step(name, _with(FIELD, size, r0=before, f=taps, j0=old.jump), Say(FIELD.reason))
    if reach.scale != 1:
        yield Step(Say("jump"), _with(JUMP, new.jump, j0=old.jump, s=reach.scale), Say(JUMP.reason))
    if reach.first:
        start = _with(START, new.start, a0=old.start, b=reach.first, j0=old.jump)
        yield Step(Say("first pixel of unit 0"), start, Say(START.reason))


def _union(graph: Graph, befores: list[Trace], lines: Lines) -> Iterator[Step]:
    ends: dict[tuple[Any, Any, str, str], list[int]] = {}
    for axis, line in enumerate(lines):
        parts = [t.local if t.local is not None else t.lines for t in befores]
        known = [part[axis] for part in parts if len(part) == len(lines)]
        paths = [path for path in known if path is not None]
        if line is not None and len(paths) > 1:
            first, last = _list([path.start for path in paths]), _list([path.end for path in paths])
            ends.setdefault((line.start, line.end, first, last), []).append(axis)
    for (start, end, first, last), axes in ends.items():
        union = Derivation(UNION, {"first": first, "last": last}, _plain(end - start + 1))
        yield Step(_axes(graph, axes), union, Say(UNION.reason))


def _plain(value: Any) -> Any:
    return int(value) if type(value) is not int and value.denominator == 1 else value


def _list(values: list[Any]) -> str:
    return f"[{', '.join(str(_plain(value)) for value in values)}]"


def _backward(graph: Graph, node: Node, traces: list[Trace]) -> Iterator[Step]:
    """From one unit of this layer to the input, layer by layer, where there is just one way."""
    chain: list[tuple[Node, Reach]] = []
    at = node
    while at.measure is not None:
        if len(at.inputs) != 1 or at.measure.layer.gate:
            return
        if not at.measure.in_step:
            reach = at.measure.reach[0] if at.measure.reach else None
            if reach is None or type(reach.scale) is not int or at.measure.layer.origins(at.measure.xs[0], at.shape):
                return
            chain.append((at, reach))
        at = graph.nodes[at.inputs[0]]
    if len(chain) < 2:
        return
    size = 1
    for step, reach in chain:
        taps = reach.last - reach.first + 1
        made = work_out("k", BACKWARD.text, k1=size, s=reach.scale, f=taps)
        yield Step(Say("backward through {layer}", {"layer": step.name}), made, Say(BACKWARD.reason))
        size = made.value
