"""Running a graph: layer after layer, each tensor freed after its last reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from cnncalc.engine.kernels import Array, Context, Kernel, kernels
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

Watch = Callable[[Node, Array], None]
"""Called with each layer and its output, before any of its inputs is freed."""


class Execution:
    """What running a graph gave.

    Attributes:
        outputs: the network's outputs by name, (batch, channels, *spatial).
        peak_bytes: the largest sum of tensors alive at once, inputs included, weights not.
        peak_layer: the layer during which that was.
        multiplications: by layer name, products of two numbers made by weighted layers and matmul.
        updates: by tensor name, running statistics after a training pass.
    """

    def __init__(self) -> None:
        self.outputs: dict[str, Array] = {}
        self.peak_bytes = 0
        self.peak_layer = ""
        self.multiplications: dict[str, int] = {}
        self.updates: dict[str, Array] = {}


class _Alive:
    """The tensors that somebody still needs, and how much memory they take.

    Tensors that are views by the word of their layer are not counted again.
    """

    def __init__(self, graph: Graph) -> None:
        self.arrays: dict[int, Array] = {}
        self.readers = [0] * len(graph.nodes)
        for node in graph.nodes:
            for source in node.inputs:
                self.readers[source] += 1
        for index in graph.outputs.values():
            self.readers[index] += 1
        self.home: dict[int, int] = {}
        self.tenants: dict[int, int] = {}
        self.sizes: dict[int, int] = {}
        self.bytes = 0

    def add(self, index: int, array: Array, home: int) -> None:
        self.arrays[index] = array
        self.home[index] = home
        self.tenants[home] = self.tenants.get(home, 0) + 1
        if home == index:
            self.sizes[home] = array.nbytes
            self.bytes += array.nbytes

    def release(self, index: int) -> None:
        """One reader less; without any, the tensor goes."""
        self.readers[index] -= 1
        self.drop_unread(index)

    def drop_unread(self, index: int) -> None:
        if self.readers[index] > 0 or index not in self.arrays:
            return
        del self.arrays[index]
        home = self.home[index]
        self.tenants[home] -= 1
        if not self.tenants[home]:
            self.bytes -= self.sizes[home]


def execute(
    graph: Graph,
    inputs: Mapping[str, Array],
    weights: Weights,
    *,
    context: Context | None = None,
    watch: Watch | None = None,
    in_place: bool = True,
    substitute: Callable[[Node], Kernel | None] | None = None,
) -> Execution:
    """Run a graph.

    Args:
        graph: of a loaded network.
        inputs: by name, (batch, channels, *spatial).
        weights: of this graph.
        context: training or inference, cross-correlation (the default) or convolution.
        watch: called with each layer's output; it must copy what it wants to keep.
        in_place: let layers write over inputs nobody needs any more.
        substitute: another kernel for a layer; None for the usual one.

    Raises:
        DataError: for token numbers an embedding does not have.
    """
    context = context or Context()
    table = kernels()
    result = Execution()
    alive = _Alive(graph)
    own: set[int] = set()
    for name, index in graph.inputs.items():
        alive.add(index, inputs[name], index)
    for node in graph.nodes:
        layer = node.layer
        if layer is None:
            continue
        xs = [alive.arrays[source] for source in node.inputs]
        first = node.inputs[0]
        context.overwrite = in_place and alive.readers[first] == 1 and first in own and node.inputs.count(first) == 1
        context.multiplications = 0
        context.updates = {}
        kernel = (substitute(node) if substitute else None) or table[node.kind]
        output = kernel(layer, xs, weights.of(node), context)
        if layer.weighted or context.multiplications:
            result.multiplications[node.name] = context.multiplications
        result.updates.update({f"{node.name}.{name}": value for name, value in context.updates.items()})
        alive.add(node.index, output, alive.home[first] if layer.view else node.index)
        # memory that several tensors share must not be written over
        sharing = [source for source, x in zip(node.inputs, xs, strict=True) if np.may_share_memory(output, x)]
        if not sharing or (context.overwrite and output is xs[0]):
            own.add(node.index)
        own.difference_update(sharing)
        if alive.bytes > result.peak_bytes:
            result.peak_bytes, result.peak_layer = alive.bytes, node.name
        if watch is not None:
            watch(node, output)
        del xs, output
        for source in node.inputs:
            alive.release(source)
        alive.drop_unread(node.index)
    result.outputs = {name: alive.arrays[index] for name, index in graph.outputs.items()}
    return result
