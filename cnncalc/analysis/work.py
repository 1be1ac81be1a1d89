"""Work: multiply–accumulates, the other operations by type, and what training adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.graph import Graph, Measure, Node

if TYPE_CHECKING:
    from cnncalc.analysis.counting import Count
    from cnncalc.network import Network

OPS = {
    "bias": "additions of a bias, one per output of the layer",
    "normalisation": "batch norm with kept statistics: 2 per unit; others take their statistics first",
    "activation": "a fixed number per unit: ReLU 1 comparison, sigmoid 4 (negate, exp, add, divide), …",
    "pooling": "comparisons or additions in every window, and a division for a mean",
    "element-wise": "one per output for each input of a sum or product after the first, and per scaled unit",
    "upsampling": "products and additions of interpolation; repeating pixels costs none",
}
"""The types of operations besides MACs, and what they are."""

GROUPINGS = {
    "type": "kind of layer",
    "block": "part of the network, by the first --depth pieces of the layers' names",
    "depth": "number of layers with weights on the longest path to there",
    "size": "spatial size of the output",
    "layer": "every layer for itself",
}


class Effort(NamedTuple):
    """The work of some layers for the whole batch.

    `ops` are operations besides MACs by type; `weight_gradient` and `input_gradient` are the MACs of
    the backward pass; `counted` is the figure of another tool, if one was asked for.
    """

    name: str
    layers: int
    macs: int
    ops: dict[str, int]
    weight_gradient: int
    input_gradient: int
    counted: int | None = None

    @property
    def flops(self) -> int:
        """Two operations per multiply–accumulate."""
        return 2 * self.macs

    @property
    def other(self) -> int:
        """Operations besides MACs."""
        return sum(self.ops.values())

    @property
    def backward(self) -> int:
        """MACs of both gradients."""
        return self.weight_gradient + self.input_gradient

    @property
    def training(self) -> int:
        """MACs of forward and backward pass together."""
        return self.macs + self.backward


class LayerEffort(NamedTuple):
    """One layer: its work, and whether its input needs a gradient."""

    node: Node
    effort: Effort
    needs_gradient: bool


class Work:
    """The work of a network, layer by layer, grouped, and in total.

    `count` is what another tool reports, `counts` what all of them do; empty unless asked for.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        by: str,
        rows: list[LayerEffort],
        parts: list[Effort],
        total: Effort,
        count: Count | None,
        counts: list[Count],
    ) -> None:
        self.network = network
        self.batch = batch
        self.by = by
        self.rows = rows
        self.parts = parts
        self.total = total
        self.count = count
        self.counts = counts

    @property
    def factor(self) -> float:
        """How many times the forward pass's MACs a training step takes; 0 if there are none."""
        return self.total.training / self.total.macs if self.total.macs else 0.0


def work_of(
    network: Network,
    batch: int = 1,
    by: str = "type",
    depth: int = 1,
    count: str | None = None,
    modules: bool = False,
) -> Work:
    """The work of `network`.

    Args:
        network: the network.
        batch: samples, at least 1.
        by: one of GROUPINGS.
        depth: with `by="block"`, how many pieces of the layers' names tell blocks apart.
        count: also count as this tool does; `all` for all of them.
        modules: with `count`, take every layer to be a module, whatever torchvision's code does.

    Raises:
        ValueError: for a batch below 1, an unknown grouping or an unknown tool.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    if by not in GROUPINGS:
        raise ValueError(f"by must be one of {', '.join(GROUPINGS)}, not {by}")
    one, several = _counts(network, count, batch, modules)
    counted = None
    if one is not None:
        counted = {node.index: step.value * one.batch for node, step in one.lines}
    rows = _rows(network.graph, batch, counted)
    key = _keys(network.graph, depth)[by]
    groups: dict[str, list[LayerEffort]] = {}
    for row in rows:
        groups.setdefault(key(row.node), []).append(row)
    names = sorted(groups, key=int) if by == "depth" else list(groups)
    parts = [_sum(name, [row.effort for row in groups[name]]) for name in names]
    return Work(network, batch, by, rows, parts, _sum("total", [row.effort for row in rows]), one, several)


def _counts(network: Network, name: str | None, batch: int, modules: bool) -> tuple[Count | None, list[Count]]:
    if name is None:
        return None, []
    from cnncalc.analysis.counting import count
    from cnncalc.analysis.profiles import PROFILES

    if name == "all":
        return None, [count(network, profile, batch, modules=modules) for profile in PROFILES]
    try:
        return count(network, name, batch, modules=modules), []
    except KeyError:
        from cnncalc.errors import did_you_mean

        help = did_you_mean(name.lower(), PROFILES) or f"there are {', '.join(PROFILES)}, and all"
        raise ValueError(f"there is no way of counting called '{name}': {help}") from None


def _rows(graph: Graph, batch: int, counted: dict[int, int] | None) -> list[LayerEffort]:
    needs = needs_gradient(graph)
    ops: dict[int, dict[str, int]] = {}
    rows = []
    for node in graph.layers():
        measure = node.measure
        assert measure is not None
        if id(measure) not in ops:
            ops[id(measure)] = {kind: step.value for kind, step in measure.layer.ops(measure.xs, measure.shape).items()}
        macs = measure.macs * batch
        needed = sum(needs[source] for source in node.inputs)
        # a matrix product has a gradient for each input, and no weights
        weight_gradient = macs if measure.weights else 0
        effort = Effort(
            node.name,
            1,
            macs,
            {kind: batch * value for kind, value in ops[id(measure)].items() if value},
            weight_gradient,
            macs * needed,
            None if counted is None else counted.get(node.index, 0),
        )
        rows.append(LayerEffort(node, effort, needed > 0))
    return rows


def needs_gradient(graph: Graph) -> list[bool]:
    """For each tensor, whether something learned had a part in it, so that training asks for its gradient."""
    needs: list[bool] = []
    for node in graph.nodes:
        learned = node.measure is not None and bool(node.measure.weights)
        needs.append(learned or any(needs[source] for source in node.inputs))
    return needs


def _sum(name: str, efforts: Iterable[Effort]) -> Effort:
    efforts = list(efforts)
    ops: dict[str, int] = {}
    for effort in efforts:
        for kind, value in effort.ops.items():
            ops[kind] = ops.get(kind, 0) + value
    counted = [effort.counted for effort in efforts if effort.counted is not None]
    return Effort(
        name,
        len(efforts),
        sum(effort.macs for effort in efforts),
        {kind: ops[kind] for kind in OPS if kind in ops},
        sum(effort.weight_gradient for effort in efforts),
        sum(effort.input_gradient for effort in efforts),
        sum(counted) if counted else None,
    )


def _keys(graph: Graph, depth: int) -> dict[str, Callable[[Node], str]]:
    """What layers are grouped by."""

    def block(node: Node) -> str:
        pieces = re.split(r"([./])", node.name)
        return "".join(pieces[: 2 * depth - 1])

    def size(node: Node) -> str:
        return "x".join(map(str, node.shape[1:])) or "flat"

    levels: list[int] = []

    def level(node: Node) -> str:
        if not levels:
            levels.extend(weight_levels(graph))
        return str(levels[node.index])

    return {"type": lambda node: node.kind, "block": block, "depth": level, "size": size, "layer": lambda n: n.name}


def weight_levels(graph: Graph) -> list[int]:
    """For each tensor, the layers with weights (normalisation aside) on the longest path to it."""
    levels: list[int] = []
    for node in graph.nodes:
        before = max((levels[source] for source in node.inputs), default=0)
        weighted = node.measure is not None and node.measure.layer.weighted
        levels.append(before + int(weighted))
    return levels


def explain(measure: Measure) -> list[tuple[str, str, str]]:
    """A layer's arithmetic: (what, formula with its numbers, why) for MACs and each type of operation."""
    steps = [("MACs", measure.work)] if measure.work else []
    steps += list(measure.layer.ops(measure.xs, measure.shape).items())
    each = ", ".join(getattr(measure.layer, "unit_steps", ()))
    named = {"activation": f"activation: {each}" if each else "activation"}
    return [(named.get(what, what), str(step), step.formula.reason) for what, step in steps]
