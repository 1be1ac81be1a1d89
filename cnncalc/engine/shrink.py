"""Smaller inputs to try a network on: the same layers and formulas, less to compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from cnncalc.errors import SpecError
from cnncalc.graph import Graph
from cnncalc.network import Network

SIDES = {1: (128, 256, 512, 1024), 2: (64, 96, 128, 160, 192, 224, 256), 3: (16, 32, 48, 64)}
"""Which sides to try for each number of spatial axes, the first that the network accepts being taken."""
LEAST_SIDE = 2

Load = Callable[[str | dict[str, str] | None], Network]
"""The same network for other inputs, written as on the command line."""


def shrunk(network: Network, load: Load) -> Network:
    """The network for the smallest of a few inputs it accepts without maps shrinking to nothing, or as it is."""
    for inputs in _candidates(network):
        try:
            smaller = load(inputs)
        except SpecError:
            continue
        if _alike(network.graph, smaller.graph):
            return smaller
    return network


def _candidates(network: Network) -> Iterator[dict[str, str] | str]:
    graph = network.graph
    shapes = {name: graph.nodes[index].shape for name, index in graph.inputs.items()}
    rank = max(len(shape) - 1 for shape in shapes.values())
    for side in SIDES.get(rank, ()):
        smaller = {name: _scaled(shape, side) for name, shape in shapes.items()}
        if all(prod(smaller[name]) >= prod(shapes[name]) for name in shapes):
            return
        written = {name: _written(shape, network.document.layout) for name, shape in smaller.items()}
        yield written if len(written) > 1 else next(iter(written.values()))


def _scaled(shape: tuple[int, ...], side: int) -> tuple[int, ...]:
    """The same proportions with at most `side`; sides of a rectangle that are not the longest keep theirs if small."""
    return (shape[0], *(min(n, side) for n in shape[1:]))


def _written(shape: tuple[int, ...], layout: str) -> str:
    return "[" + ", ".join(map(str, (*shape[1:], shape[0]) if layout == "channels_last" else shape)) + "]"


def _alike(full: Graph, small: Graph) -> bool:
    """Whether they have the same layers, and no map has shrunk to less than two pixels that had more."""
    if [node.kind for node in full.nodes] != [node.kind for node in small.nodes]:
        return False
    for one, other in zip(full.nodes, small.nodes, strict=True):
        if max(one.shape[1:], default=0) >= LEAST_SIDE > max(other.shape[1:], default=LEAST_SIDE):
            return False
    return True
