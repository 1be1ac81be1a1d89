"""Batch norm folded into the layer before it: at inference it is one factor and one offset per channel.

Reference: Jacob et al., Quantization and Training of Neural Networks (2018), §3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from cnncalc.engine.kernels import Array, Context, Kernel, kernels
from cnncalc.engine.kernels_norm import scale_and_shift
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

FOLDS_INTO = ("conv", "depthwise", "pointwise", "conv_transpose", "fc")


def foldable(graph: Graph) -> dict[int, int]:
    """For each batch norm that can go, the layer it folds into, which nothing else may read or share weights with."""
    readers = graph.consumers()
    shared = {node.shared_with for node in graph.nodes} | {
        node.index for node in graph.nodes if node.shared_with is not None
    }
    outputs = set(graph.outputs.values())
    pairs = {}
    for node in graph.layers():
        if node.kind != "batchnorm" or not node.measure or not node.measure.buffers or node.index in shared:
            continue
        before = graph.nodes[node.inputs[0]]
        alone = len(readers[before.index]) == 1 and before.index not in outputs and before.index not in shared
        if before.kind in FOLDS_INTO and alone and getattr(before.layer, "axis", None) in (None, "channels"):
            pairs[node.index] = before.index
    return pairs


def folded(node: Node, weights: Mapping[str, Array], norm: Mapping[str, Array], eps: float) -> dict[str, Array]:
    """A layer's weights with the batch norm after it multiplied in."""
    factor, shift = scale_and_shift(norm, eps)
    weight = weights["weight"]
    if node.kind == "conv_transpose":  # (C, filters / groups, *kernel): the filters of a group are on axis 1
        groups = node.layer.values["groups"] if node.layer else 1
        grouped = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
        factors = factor.reshape(groups, 1, -1, *(1,) * (weight.ndim - 2))
        result = (grouped * factors).reshape(weight.shape)
    else:
        result = weight * factor.reshape(-1, *(1,) * (weight.ndim - 1))
    return {"weight": result, "bias": weights.get("bias", np.zeros_like(shift)) * factor + shift}


def folding(graph: Graph, weights: Weights) -> Callable[[Node], Kernel | None]:
    """Substitutes for `execute`: layers with their batch norm folded in, and nothing where it was."""
    pairs = foldable(graph)
    norms = {before: graph.nodes[after] for after, before in pairs.items()}
    table = kernels()

    def substitute(node: Node) -> Kernel | None:
        if node.index in pairs:
            return table["identity"]
        norm = norms.get(node.index)
        if norm is None or norm.layer is None:
            return None
        eps = norm.layer.values["eps"]

        def kernel(layer: object, xs: list[Array], own: Mapping[str, Array], context: Context) -> Array:
            return table[node.kind](layer, xs, folded(node, own, weights.of(norm), eps), context)

        return kernel

    return substitute
