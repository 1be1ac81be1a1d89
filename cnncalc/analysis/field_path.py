"""A receptive field taken apart: from one output cell back to the input, layer by layer.

One cell of the last layer is made of k cells of the layer before; those are made of more cells of the
layer before that, and so on.  Where paths meet, the field is their union: the way back follows the
path that reaches furthest, or one path for each end where no single path has both.

Reference: Araujo, Norris & Sim, 'Computing Receptive Fields of Convolutional Neural Networks',
Distill (2019), which derives the recurrences; the notes of Ng's and of the CS231n course count so too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.analysis.receptive_field import Line, Lines, Trace
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Graph, Measure, Node
from cnncalc.layers.base import SAME_UNIT, Reach

WINDOW = Formula(
    "k",
    "(k_out - 1)*s + d*(f - 1) + 1",
    "k_out neighbouring cells lie (k_out - 1)*s apart, and the last of them still needs its whole window",
)
TRANSPOSED = Formula(
    "k",
    "(k_out - 1)/s + d*(f - 1)/s + 1",
    "every input lays down a kernel, s cells apart, so neighbouring cells lie 1/s of an input apart",
)
RESIZED = Formula(
    "k",
    "(k_out - 1)*r + w",
    "neighbouring cells lie r cells of the input apart, and each is made of at most w",
)


class Branch(NamedTuple):
    """What one input of a merge sees, along one axis, for cell 0."""

    name: str
    start: Any
    end: Any
    jump: Any


class Step(NamedTuple):
    """One layer of the way back, along one axis.

    `k` cells of the layer's input, from `first` to `last`, make up the cell the way started at.
    `derivation` is None where the layer changes nothing.  A merge lists its `branches`.
    """

    node: Node
    source: Node
    k: Any
    first: Any
    last: Any
    derivation: Derivation | None
    reach: Reach
    branches: tuple[Branch, ...] = ()


class Way(NamedTuple):
    """A way back.  `end` is `both`, or the side of the field this path determines: `start` or `end`."""

    end: str
    steps: tuple[Step, ...]
    input: Node

    @property
    def size(self) -> Any:
        """How many cells of the input the way ends with."""
        return self.steps[-1].k if self.steps else 1


def ways_back(graph: Graph, traces: list[Trace], target: int, axis: int, unit: int, local: bool) -> tuple[Way, ...]:
    """The path that determines the field along `axis` of the image; two if its ends come by different ones."""
    whole = _walk(graph, traces, target, axis, unit, local, "both")
    if whole is not None:
        return (whole,)
    ends = (_walk(graph, traces, target, axis, unit, local, end) for end in ("start", "end"))
    return tuple(way for way in ends if way is not None)


def line_of(trace: Trace, axis: int, local: bool) -> Line | None:
    """The field along one axis of the image."""
    lines: Lines = trace.local if local and trace.local is not None else trace.lines
    return lines[axis] if axis < len(lines) else None


def _walk(graph: Graph, traces: list[Trace], target: int, axis: int, unit: int, local: bool, end: str) -> Way | None:
    steps: list[Step] = []
    node, k, first, last = graph.nodes[target], 1, unit, unit
    while node.measure is not None:
        source = _choose(graph, traces, node, axis, local, end)
        if source is None:
            return None
        before = graph.nodes[node.inputs[source]]
        line = line_of(traces[before.index], axis, local)
        reach = _reach(node.measure, line)
        derivation = None if reach == SAME_UNIT else _derive(node.measure, line, reach, k)
        k = derivation.value if derivation else k
        first, last = first * reach.scale + reach.first, last * reach.scale + reach.last
        branches = _branches(graph, traces, node, axis, local)
        steps.append(Step(node, before, k, _plain(first), _plain(last), derivation, reach, branches))
        node = before
    return Way(end, tuple(steps), node)


def _choose(graph: Graph, traces: list[Trace], node: Node, axis: int, local: bool, end: str) -> int | None:
    """Which input of `node` determines that end of the field."""
    if len(node.inputs) == 1:
        return 0
    lines = [line_of(traces[source], axis, local) for source in node.inputs]
    known = [line for line in lines if line is not None]
    if not known:
        return None
    start, last = min(line.start for line in known), max(line.end for line in known)
    for k, line in enumerate(lines):
        if line is not None and (end == "end" or line.start == start) and (end == "start" or line.end == last):
            return k
    return None


def _branches(graph: Graph, traces: list[Trace], node: Node, axis: int, local: bool) -> tuple[Branch, ...]:
    if len(node.inputs) == 1:
        return ()
    found = []
    for source in node.inputs:
        line = line_of(traces[source], axis, local)
        if line is not None:
            name = graph.nodes[source].name
            found.append(Branch(name, *(_plain(value) for value in (line.start, line.end, line.jump))))
    return tuple(found) if len({branch[1:] for branch in found}) > 1 else ()


def _reach(measure: Measure, line: Line | None) -> Reach:
    """What the layer does along the axis of the tensor that stands for this axis of the image."""
    if line is None or line.axis == 0 or measure.layer.gate:
        return SAME_UNIT
    x = measure.xs[0]
    if measure.layer.origins(x, measure.shape) is not None or len(measure.xs) > 1:
        return SAME_UNIT
    return measure.reach[line.axis - 1] or SAME_UNIT


def _derive(measure: Measure, line: Line | None, reach: Reach, k: Any) -> Derivation:
    from fractions import Fraction

    windows = measure.layer.windows(measure.xs[0])
    if windows and line is not None:
        w = windows[line.axis - 1]
        if reach.scale == w.stride:
            made = WINDOW(k_out=_plain(k), s=w.stride, d=w.dilation, f=w.kernel)
        else:
            made = TRANSPOSED(k_out=_plain(k), s=Fraction(w.stride), d=w.dilation, f=w.kernel)
    else:
        made = RESIZED(k_out=_plain(k), r=reach.scale, w=reach.last - reach.first + 1)
    made.value = _plain(made.value)
    return made


def _plain(value: Any) -> Any:
    """An int where a fraction is whole."""
    return int(value) if type(value) is not int and value is not None and value.denominator == 1 else value
