"""A whole network in one formula per axis, the inputs that give an output, and sizes that come out even."""

from __future__ import annotations

from collections.abc import Container
from math import lcm
from typing import NamedTuple

from cnncalc.analysis.solving.equation import UnsolvableError
from cnncalc.analysis.solving.forms import Form, Rule, after, rule_of
from cnncalc.graph import Graph, Node

MOST_SIZES = 20_000
SHOWN = 8


class Condition(NamedTuple):
    """A merge that only fits for inputs where two formulas agree."""

    layer: str
    first: str
    second: str


class Closed(NamedTuple):
    """The side of a tensor along one axis of the input: `form` holds for n of at least `least`.

    `form` is None where there is no single formula; `stop` then names the layer that is to blame.
    """

    axis: int
    form: Form | None
    least: int
    stop: str | None
    conditions: tuple[Condition, ...]


class Even(NamedTuple):
    """Input sides for which every division comes out even: n = residue + a multiple of `period`."""

    axis: int
    period: int
    residues: tuple[int, ...]
    sizes: tuple[int, ...]
    now: int
    fits: bool


class _Axis:
    """One axis of a network with one input: what each layer does to its side."""

    def __init__(self, graph: Graph, axis: int, nodes: Container[int] | None = None) -> None:
        chosen = range(len(graph.nodes)) if nodes is None else nodes
        self.graph = graph
        self.axis = axis
        self.rules: list[Rule | None] = [None] * len(graph.nodes)
        self.forms: list[Form | None] = []
        self.stops: list[str | None] = []
        self.conditions: list[Condition] = []
        self.least = 1
        for node in graph.nodes:
            form, stop = self._form(node) if node.index in chosen else (None, None)
            self.forms.append(form)
            self.stops.append(stop)

    def _form(self, node: Node) -> tuple[Form | None, str | None]:
        if node.measure is None:
            return Form(), None
        rule = rule_of(node.measure, self.axis) if self.axis < len(node.measure.xs[0]) else None
        self.rules[node.index] = rule
        before, stop = self._joined(node)
        if rule is None or before is None:
            return None, stop or node.name
        form = after(before, rule)
        if form is None:
            return None, node.name
        self.least = max(self.least, form.least())
        return form, None

    def _joined(self, node: Node) -> tuple[Form | None, str | None]:
        """The form of the inputs; where those of a merge differ, a condition."""
        found: list[Form] = []
        for source in node.inputs:
            form = self.forms[source]
            if form is None:
                return None, self.stops[source]
            if form not in found:
                found.append(form)
        moving = [form for form in found if form.times] or found
        for other in moving[1:]:
            self.conditions.append(Condition(node.name, moving[0].text, other.text))
        return moving[0], None

    def even(self, n: int) -> bool:
        """Whether input side n fits, with every division coming out even and every merge in step."""
        sides: list[int | None] = []
        for node, rule in zip(self.graph.nodes, self.rules, strict=True):
            if node.measure is None:
                sides.append(n)
                continue
            before = [sides[source] for source in node.inputs]
            known = {side for side in before if side is not None and (side != 1 or len(before) == 1)}
            if rule is None or all(side is None for side in before) or _given(node, rule):
                sides.append(None)
                continue
            known = known or {1}
            if len(known) > 1:
                return False
            (side,) = known
            if rule.rest(side) or rule.value(side) < 1:
                return False
            sides.append(rule.value(side))
        return True


def _given(node: Node, rule: Rule) -> bool:
    """Whether the layer is told its size, which `like NAME` makes follow the input in ways not known here."""
    return rule.fixed is not None and node.measure is not None and node.measure.layer.group == "shape"


def _axes(graph: Graph) -> list[_Axis]:
    if len(graph.inputs) != 1:
        raise UnsolvableError(f"the network has {len(graph.inputs)} inputs, and this is for one")
    rank = len(graph.nodes[next(iter(graph.inputs.values()))].shape) - 1
    if not rank:
        raise UnsolvableError("the input is a vector: there is no side to solve for")
    return [_Axis(graph, axis) for axis in range(1, rank + 1)]


def closed_forms(graph: Graph, target: int | None = None) -> tuple[str, list[Closed]]:
    """The side of tensor `target` along each axis; by default, of the last that still follows the input.

    Raises:
        UnsolvableError: for networks of several inputs, and inputs without sides.
    """
    axes = _axes(graph)
    if target is None:
        moving = [i for i, form in enumerate(axes[0].forms) if form is not None and form.times]
        target = moving[-1]
    name = graph.nodes[target].name
    # what lies behind the target does not matter to it
    return name, [_closed(graph, axis.axis, target) for axis in axes]


def _closed(graph: Graph, axis: int, target: int) -> Closed:
    needed = {target}
    for node in reversed(graph.nodes[: target + 1]):
        needed |= set(node.inputs) if node.index in needed else set()
    reader = _Axis(graph, axis, needed)
    conditions = tuple(dict.fromkeys(reader.conditions))
    return Closed(axis, reader.forms[target], reader.least, reader.stops[target], conditions)


def even_sizes(graph: Graph) -> list[Even]:
    """The input sides for which no layer leaves anything over, for each axis.

    Raises:
        UnsolvableError: as above.
    """
    return [_even(graph, axis) for axis in _axes(graph)]


def _even(graph: Graph, axis: _Axis) -> Even:
    now = graph.nodes[next(iter(graph.inputs.values()))].shape[axis.axis]
    period = 1
    for form in axis.forms:
        if form is not None and form.times:
            period = lcm(period, form.over)
            if period > MOST_SIZES:
                raise UnsolvableError(f"the strides multiply to more than {MOST_SIZES:,}: too many sizes to try")
    first = axis.least
    fitting = [n for n in range(first, first + period * (SHOWN + 1)) if axis.even(n)][: SHOWN * 4]
    residues = tuple(sorted({n % period for n in fitting}))
    return Even(axis.axis, period, residues, tuple(fitting[:SHOWN]), now, axis.even(now))
