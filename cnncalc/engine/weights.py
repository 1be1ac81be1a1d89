"""Weights: drawn from a seed, or read from `.npz` files; laid out in memory as the kernels like them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from math import prod, sqrt
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array
from cnncalc.errors import DataError, did_you_mean
from cnncalc.graph import Graph, Measure, Node
from cnncalc.layers.conv import ConvTranspose
from cnncalc.layers.facts import Shape
from cnncalc.layers.local import LocallyConnected

CONVOLUTIONS = ("conv", "pointwise", "depthwise", "conv_transpose")


class Weights:
    """The weights and buffers of a graph, made when first asked for and kept.

    Each tensor depends on the seed, the name of its layer and its own name only, so a network's weights
    stay what they are when layers elsewhere change.  Names are `LAYER.weight`, `LAYER.running_mean`, ….
    """

    def __init__(
        self,
        graph: Graph,
        *,
        seed: int = 0,
        dtype: str = "float32",
        given: Mapping[str, Array] | None = None,
    ) -> None:
        """Weights for `graph`.

        Args:
            graph: whose layers they are for.
            seed: of the weights that are not given.
            dtype: float32 or float64.
            given: tensors by name, in the shapes the layers state.

        Raises:
            DataError: if a given tensor belongs to no layer, or has another shape or type than it must.
        """
        self.graph = graph
        self.seed = seed
        self.dtype = np.dtype(dtype)
        self._given = dict(given or {})
        self._kept: dict[int, dict[str, Array]] = {}
        check_given(graph, self._given)

    def of(self, node: Node) -> dict[str, Array]:
        """The tensors of one layer by name; of the layer it shares them with, if it does."""
        owner = node
        while owner.shared_with is not None:
            owner = self.graph.nodes[owner.shared_with]
        if owner.index not in self._kept:
            self._kept[owner.index] = self._make(owner)
        return self._kept[owner.index]

    def named(self) -> dict[str, Array]:
        """All tensors by their full names, contiguous and in the shapes the layers state: what `.npz` files hold."""
        return {
            f"{node.name}.{name}": np.ascontiguousarray(tensor)
            for node in self.graph.layers()
            if node.shared_with is None
            for name, tensor in self.of(node).items()
        }

    def _make(self, node: Node) -> dict[str, Array]:
        measure = node.measure
        if measure is None:
            return {}
        tensors = {}
        for name, shape in {**measure.weights, **measure.buffers}.items():
            full = f"{node.name}.{name}"
            tensor = self._given.get(full)
            if tensor is None:
                tensor = _written(node, name, shape)
            if tensor is None:
                tensor = self._drawn(full, measure, name, shape)
            tensors[name] = _laid_out(tensor.astype(self.dtype, copy=False), node.kind)
        return tensors

    def _drawn(self, full: str, measure: Measure, name: str, shape: Shape) -> Array:
        random = np.random.default_rng([self.seed, zlib.crc32(full.encode())])
        kind = self.dtype if self.dtype.itemsize > 2 else np.dtype("float32")
        return drawn_from(random.standard_normal(shape, kind), measure, name, shape)


def _written(node: Node, name: str, shape: Shape) -> Array | None:
    """What the spec writes out: the kernel for every filter and channel, without a bias."""
    if node.written is None:
        return None
    return np.zeros(shape) if name == "bias" else np.broadcast_to(np.array(node.written, float), shape)


def drawn_from(numbers: Array, measure: Measure, name: str, shape: Shape) -> Array:
    """Normal numbers scaled as a freshly set up network has them; buffers and offsets near, not at, 0 and 1.

    Reference: He et al., Delving Deep into Rectifiers (2015), §2.2.
    """
    group, kind = measure.layer.group, measure.layer.kind
    if name == "running_var":
        return np.abs(numbers) / 4 + 0.8
    if name in ("bias", "running_mean"):
        return numbers / 20
    if kind == "scale":
        return np.full_like(numbers, measure.layer.values["init"])
    if kind == "prelu":
        return np.abs(numbers) / 8 + 0.1
    if group == "normalisation":
        return 1 + numbers / 10
    numbers *= sqrt(2 / max(1, _inputs_per_output(measure, name, shape)))
    return numbers


def _inputs_per_output(measure: Measure, name: str, shape: Shape) -> float:
    """How many inputs meet a weight in one sum."""
    if name != "weight" or len(shape) < 2:
        return 1
    layer = measure.layer
    if isinstance(layer, ConvTranspose):
        return max(1.0, shape[0] / layer.groups * prod(layer.kernel) / prod(layer.stride))
    if isinstance(layer, LocallyConnected):
        return shape[1] * prod(layer.kernel)
    return 1 if layer.kind == "embedding" else prod(shape[1:])


def _laid_out(tensor: Array, kind: str) -> Array:
    """The same tensor with axis 1 innermost in memory if it is a convolution's, so that its matrix is a view."""
    if kind not in CONVOLUTIONS or tensor.ndim < 3:
        return tensor
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(tensor, 1, -1)), -1, 1)


def expected_tensors(graph: Graph) -> dict[str, Shape]:
    """The name and shape of every tensor a graph's weights consist of."""
    return {
        f"{node.name}.{name}": shape
        for node in graph.layers()
        if node.shared_with is None and node.measure is not None
        for name, shape in {**node.measure.weights, **node.measure.buffers}.items()
    }


def check_given(graph: Graph, given: Mapping[str, Array]) -> None:
    """Refuse tensors that fit no layer.

    Raises:
        DataError: naming the tensor, and what was expected.
    """
    if not given:
        return
    wanted = expected_tensors(graph)
    for name, tensor in given.items():
        if name not in wanted:
            help = did_you_mean(name, wanted) or f"tensors are called like {next(iter(wanted), 'conv1.weight')}"
            raise DataError(f"the network has no tensor '{name}': {help}")
        if tensor.shape != wanted[name]:
            raise DataError(f"{name} has shape {_spell(tensor.shape)}, but the layer needs {_spell(wanted[name])}")
        if tensor.dtype.kind not in "fiu":
            raise DataError(f"{name} holds {tensor.dtype} where real numbers are needed")


def _spell(shape: tuple[Any, ...]) -> str:
    return "x".join(map(str, shape)) or "()"
