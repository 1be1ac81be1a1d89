"""Receptive fields found by trying: which rows of the input change a unit at all.

One forward pass tries all rows of one axis: sample p of the batch is an image that is 1 in row p and
0 elsewhere.  Every layer passes on ones to the units that read a one, so a unit is not 0 in sample p
exactly if it can see row p.

Channels differ in nothing here as long as they are not taken for places: a tensor keeps one plane,
seen as many by `numpy.broadcast_to`, so that even wide networks are tried in moments.  Only layers
that rearrange axes lay the channels out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnncalc.engine.execute import execute
from cnncalc.engine.kernels import Array, Context, Kernel, kernels
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Layer

TINY = 1e-9
Tensors = Mapping[str, Array]
ONE_PLANE = {"filters": 1, "groups": 1, "multiplier": 1, "bias": False, "value": 0.0}
"""Parameters of the layers that stand in for wide ones."""


def thin(x: Array) -> Array:
    """(rows, 1, *spatial): 1 where any channel is."""
    return x[:, :1] if x.strides[1] == 0 else x.max(axis=1, keepdims=True)


def spread(x: Array, channels: int) -> Array:
    """One plane seen as many, in the same memory; what is not 0 becomes 1."""
    plane = (np.abs(x) > TINY).astype(np.float32)
    return np.broadcast_to(plane, (plane.shape[0], channels, *plane.shape[2:]))


def _same(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    return xs[0]


def _mixed(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    """A normalisation lets a unit see all it takes the mean of."""
    axes = tuple(axis + 1 for axis in layer.mixes(xs[0].shape[1:]))
    return np.broadcast_to(xs[0].max(axis=axes, keepdims=True), xs[0].shape)


def _either(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    planes = [thin(x) for x in xs]
    result = planes[0]
    for plane in planes[1:]:
        result = np.maximum(result, plane)
    return result


def _connected(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    axis = xs[0].ndim - 1 if layer.axis == "last" else 1
    shape = (*xs[0].shape[:axis], layer.units, *xs[0].shape[axis + 1 :])
    return np.broadcast_to(xs[0].max(axis=axis, keepdims=True), shape)


def _matmul(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    rows, columns = xs[0].max(axis=-1, keepdims=True), xs[1].max(axis=-2, keepdims=True)
    result: Array = np.maximum(rows, columns)
    return result


def _embedding(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    return spread(xs[0].reshape(xs[0].shape[0], 1, -1), layer.dim)


def _slice(layer: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
    part: Array = xs[0][(slice(None),) * (layer.axis + 1) + (slice(layer.start, layer.end),)]
    return part


AS_THEY_ARE: dict[str, Kernel] = {
    **dict.fromkeys(("batchnorm", "scale", "lrn", "softmax", "dropout", "drop_path", "identity", "shuffle"), _same),
    **dict.fromkeys(("layernorm", "groupnorm", "instancenorm"), _mixed),
    "fc": _connected,
    "matmul": _matmul,
    "embedding": _embedding,
    "slice": _slice,
}
"""What stands in for layers that take tensors with all their channels."""
MERGES = ("add", "sub", "mul", "average", "maximum", "concat")
ON_ONE_PLANE = frozenset(
    "conv pointwise depthwise conv_transpose locally_connected upsample pad crop maxpool avgpool lppool "
    "adaptive_avgpool adaptive_maxpool global_avgpool global_maxpool".split()
)


def _on_one_plane(node: Node) -> Kernel:
    """The layer's own kernel with weights of one, on a single plane."""
    layer = node.layer
    assert layer is not None
    kind = "conv" if node.kind == "locally_connected" else node.kind
    values = {**layer.values, **{name: value for name, value in ONE_PLANE.items() if name in layer.values}}
    if node.kind == "locally_connected":
        values |= {"dilation": (1,) * len(layer.values["kernel"]), "groups": 1}
    small = _of_kind(kind)(**values)

    def kernel(_: Any, xs: list[Array], weights: Tensors, context: Context) -> Array:
        x = thin(xs[0])
        sides = layer.values.get("kernel", (1,) * (x.ndim - 2))
        ones = {"weight": np.ones((1, 1, *sides), np.float32)} if layer.weighted else {}
        return spread(kernels()[kind](small, [x], ones, context), node.shape[0])

    return kernel


def _of_kind(kind: str) -> type[Layer]:
    from cnncalc.layers import registry

    return registry()[kind]


def substitute_for(local: bool) -> Callable[[Node], Kernel | None]:
    """Kernels that only pass on what can be seen.

    With `local`, paths that see everything are cut: global pooling gives nothing, and normalisations
    see only their own place.
    """

    def substitute(node: Node) -> Kernel | None:
        layer, measure = node.layer, node.measure
        assert layer is not None and measure is not None
        if layer.group == "activation" or (local and layer.gate):
            return _same
        cut = local and len(node.inputs) == 1 and None in measure.reach
        if cut and layer.origins(measure.xs[0], node.shape) is None:
            shape = node.shape
            return lambda layer, xs, weights, context: spread(np.zeros((len(xs[0]), 1, *shape[1:])), shape[0])
        if node.kind in MERGES:
            return lambda layer, xs, weights, context: spread(_either(layer, xs, weights, context), node.shape[0])
        return _on_one_plane(node) if node.kind in ON_ONE_PLANE else AS_THEY_ARE.get(node.kind)

    return substitute


Look = Callable[[Node, Array], None]
"""Called with each layer and what its units see: booleans (rows, channels, *spatial)."""


class _NoWeights(Weights):
    """Substitutes need none."""

    def of(self, node: Node) -> dict[str, Array]:
        return {}


def trace_support(graph: Graph, axis: int, look: Look, *, local: bool = False) -> None:
    """Find what every unit sees along spatial axis `axis` (from 1) of the inputs.

    Args:
        graph: whose inputs all have that axis.
        axis: 1 for the first spatial axis.
        look: called with each layer's findings; equal channels share their memory.
        local: cut the paths that see everything.
    """
    rows = max(graph.nodes[index].shape[axis] for index in graph.inputs.values())
    inputs = {}
    for name, index in graph.inputs.items():
        shape = graph.nodes[index].shape
        image = np.zeros((rows, 1, *shape[1:]), np.float32)
        for p in range(shape[axis]):
            place: Any = (p, *(slice(None),) * axis, p)
            image[place] = 1
        inputs[name] = np.broadcast_to(image, (rows, *shape))

    def watch(node: Node, output: Array) -> None:
        same = output.strides[1] == 0
        found = np.abs(output[:, :1] if same else output) > TINY
        look(node, np.broadcast_to(found, output.shape))

    execute(graph, inputs, _NoWeights(graph), watch=watch, in_place=False, substitute=substitute_for(local))
