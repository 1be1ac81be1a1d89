"""A graph with one thing changed: a layer with other parameters, or a stretch of layers repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.graph import Graph, Measure, Node, Place
from cnncalc.layers.base import Layer


class Stretch(NamedTuple):
    """Layers that follow each other, from index `first` to `last`, fed by tensor `entry` alone."""

    label: str
    first: int
    last: int
    entry: int


def rebuilt(
    graph: Graph, changed: Mapping[int, Layer], repeat: Stretch | None = None, times: int = 0
) -> tuple[Graph, dict[int, int]]:
    """The graph with other layers at some nodes, and `times` more copies of a stretch after it.

    Also gives where each tensor went.  Shapes are inferred anew, so whatever follows may fail.

    Raises:
        ShapeError: if the change does not fit.
    """
    nodes: list[Node] = []
    went: dict[int, int] = {}
    root = Place(None, "", "network")

    def add(node: Node, inputs: tuple[int, ...]) -> int:
        measure = node.measure
        if measure is not None:
            layer, xs = changed.get(node.index, measure.layer), tuple(nodes[source].shape for source in inputs)
            if layer is not measure.layer or xs != measure.xs:
                measure = Measure(layer, xs)
        shape = measure.shape if measure else node.shape
        nodes.append(Node(len(nodes), measure, inputs, shape, root, node.base))
        nodes[-1].written = node.written
        return len(nodes) - 1

    for node in graph.nodes:
        went[node.index] = add(node, tuple(went[source] for source in node.inputs))
        if node.shared_with is not None:
            nodes[-1].shared_with = went[node.shared_with]
        if repeat is not None and node.index == repeat.last:
            for _ in range(times):
                copy = {repeat.entry: went[repeat.last]}
                for index in range(repeat.first, repeat.last + 1):
                    inner = graph.nodes[index]
                    copy[index] = add(inner, tuple(copy[source] for source in inner.inputs))
                went |= {repeat.last: copy[repeat.last]}
    inputs = {name: went[index] for name, index in graph.inputs.items()}
    outputs = {name: went[index] for name, index in graph.outputs.items()}
    return Graph(nodes, inputs, outputs, root, graph.document, graph.vars, {}), went


def stretches(graph: Graph, target: int) -> list[Stretch]:
    """The last block of each kind, and the last layer of each kind, that could be repeated before `target`.

    Those are the ones fed by one tensor and giving one of the same shape, read from nowhere else.
    """
    found: dict[str, Stretch] = {}
    for label, first, last in _candidates(graph, target):
        inside = range(first, last + 1)
        entries = {source for index in inside for source in graph.nodes[index].inputs if source not in inside}
        if len(entries) != 1:
            continue
        entry = entries.pop()
        if graph.nodes[entry].shape == graph.nodes[last].shape:
            found[label] = Stretch(label, first, last, entry)
    spans: dict[tuple[int, int], Stretch] = {}
    for stretch in found.values():
        # a round of a loop is often just one block, whose name says more
        if (stretch.first, stretch.last) not in spans or " round" not in stretch.label:
            spans[stretch.first, stretch.last] = stretch
    return list(spans.values())


def _candidates(graph: Graph, target: int) -> list[tuple[str, int, int]]:
    """Blocks, rounds of loops and windowed layers up to `target`: (kind, first, last)."""
    spans: dict[int, tuple[str, int, int]] = {}
    order: list[int] = []
    layers = []
    for node in graph.nodes[: target + 1]:
        place: Place | None = node.place
        while place is not None and place.parent is not None:
            if place.kind in ("block", "iteration"):
                label = place.label if place.kind == "block" else f"{place.parent.name} round"
                known = spans.get(id(place))
                if known is None:
                    order.append(id(place))
                spans[id(place)] = (label, known[1] if known else node.index, node.index)
            place = place.parent
        if node.measure is not None and node.measure.layer.windows(node.measure.xs[0]):
            layers.append((node.kind, node.index, node.index))
    return [spans[key] for key in order] + layers
