"""Receptive fields found by trying: which rows of the input change a unit at all.

One forward pass tries all rows of one axis: sample p of the batch is an image that is 1 in row p and
0 elsewhere.  With positive weights and no offsets nothing cancels out, so a unit is not 0 in sample p
exactly if it can see row p.  After every layer what is not 0 is set to 1, so that nothing fades.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnncalc.engine.execute import execute
from cnncalc.engine.kernels import Array, Context, Kernel, kernels
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

TINY = 1e-9


def _anywhere(x: Array, axes: tuple[int, ...]) -> Array:
    return np.broadcast_to(x.max(axis=axes, keepdims=True), x.shape).copy()


def _same(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    return xs[0]


def _mixed(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    """A normalisation lets a unit see all it takes the mean of."""
    return _anywhere(xs[0], tuple(axis + 1 for axis in layer.mixes(xs[0].shape[1:])))


def _either(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    result = xs[0]
    for x in xs[1:]:
        result = np.maximum(result, x)
    return result


def _matmul(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    rows, columns = xs[0].max(axis=-1, keepdims=True), xs[1].max(axis=-2, keepdims=True)
    result: Array = np.maximum(rows, columns)
    return result


def _embedding(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    tokens = xs[0].reshape(xs[0].shape[0], 1, -1)
    return np.repeat(tokens, layer.dim, axis=1)


def _without_value(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    return kernels()["pad"](type(layer)(**{**layer.values, "value": 0.0}), xs, weights, context)


def _without_offset(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    return kernels()[layer.kind](layer, xs, {"weight": weights["weight"]}, context)


def _cut_off(layer: Any, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    usual = kernels()[layer.kind](layer, xs, weights, context)
    return np.zeros_like(usual)


SUBSTITUTES: dict[str, Kernel] = {
    **dict.fromkeys(("batchnorm", "scale", "lrn", "softmax"), _same),
    **dict.fromkeys(("layernorm", "groupnorm", "instancenorm"), _mixed),
    **dict.fromkeys(("add", "sub", "mul", "average", "maximum"), _either),
    **dict.fromkeys(("conv", "depthwise", "pointwise", "conv_transpose", "locally_connected", "fc"), _without_offset),
    "matmul": _matmul,
    "embedding": _embedding,
    "pad": _without_value,
}


def substitute_for(local: bool) -> Callable[[Node], Kernel | None]:
    """Kernels that only pass on what can be seen.

    With `local`, paths that see everything are cut: global pooling gives nothing, and normalisations
    see only their own place.
    """

    def substitute(node: Node) -> Kernel | None:
        layer, measure = node.layer, node.measure
        if layer is None or measure is None:
            return None
        if layer.group == "activation":
            return _same
        if local and layer.gate:
            return _same
        if local and len(node.inputs) == 1 and None in measure.reach:
            rearranged = layer.origins(measure.xs[0], node.shape) is not None
            return None if rearranged else _cut_off
        return SUBSTITUTES.get(node.kind)

    return substitute


Look = Callable[[Node, Array], None]
"""Called with each layer and what its units see: booleans (rows, channels, *spatial)."""


def trace_support(graph: Graph, axis: int, weights: Weights, look: Look, *, local: bool = False) -> None:
    """Find what every unit sees along spatial axis `axis` (from 1) of the inputs.

    Args:
        graph: whose inputs all have that axis.
        axis: 1 for the first spatial axis.
        weights: of the graph, all positive.
        look: called with each layer's findings.
        local: cut the paths that see everything.
    """
    rows = max(graph.nodes[index].shape[axis] for index in graph.inputs.values())
    inputs = {}
    for name, index in graph.inputs.items():
        shape = graph.nodes[index].shape
        image = np.zeros((rows, *shape), np.float32)
        for p in range(shape[axis]):
            place: Any = (p, *(slice(None),) * axis, p)
            image[place] = 1
        inputs[name] = image

    def watch(node: Node, output: Array) -> None:
        found = np.abs(output) > TINY
        look(node, found)
        if output.flags.writeable:
            np.copyto(output, found)

    execute(graph, inputs, weights, watch=watch, in_place=False, substitute=substitute_for(local))
