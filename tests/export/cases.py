"""Random layers of every kind with inputs they fit, as graphs of one layer."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from cnncalc.graph import Graph, Measure, Node, Place
from cnncalc.layers import registry
from cnncalc.layers.base import Layer, ShapeError, build
from tests.export.random_layers import DRAWS, Shape, same


class Case(NamedTuple):
    """A layer and the shapes of its inputs."""

    layer: Layer
    shapes: tuple[Shape, ...]


def draw_case(kind: str, rank: int, random: Random) -> Case:
    """A layer of this kind and inputs it fits, by trying until it does."""
    for _ in range(200):
        values, shapes = DRAWS.get(kind, same())(random, rank)
        values = {name: value for name, value in values.items() if value is not None}
        try:
            layer = build(registry()[kind], values, len(shapes[0]) - 1)
            layer.infer(*shapes)
        except ShapeError:
            continue
        if kind in ("maxpool", "avgpool", "lppool") and not all_windows_see_pixels(layer, shapes[0]):
            continue
        return Case(layer, tuple(shapes))
    raise AssertionError(f"no {kind} with {rank} spatial axes was found")


def all_windows_see_pixels(layer: Layer, x: Shape) -> bool:
    """Whether no window lies in the padding with all its taps, which 'same' with a dilation can bring about."""
    for n, m, w in zip(x[1:], layer.infer(x).shape[1:], layer.windows(x), strict=True):
        for i in range(m):
            places = range(i * w.stride - w.padding[0], i * w.stride - w.padding[0] + w.effective_kernel, w.dilation)
            if not any(0 <= place < n for place in places):
                return False
    return True


def graph_of(case: Case) -> Graph:
    """The graph of one layer, its inputs a, b, …."""
    root = Place(None, "", "network")
    nodes = [Node(i, None, (), shape, root, "abcdefgh"[i]) for i, shape in enumerate(case.shapes)]
    measure = Measure(case.layer, case.shapes)
    nodes.append(Node(len(nodes), measure, tuple(range(len(nodes))), measure.shape, root, case.layer.kind))
    inputs = {node.base: node.index for node in nodes[:-1]}
    return Graph(nodes, inputs, {"": len(nodes) - 1}, root, None, {}, {})
