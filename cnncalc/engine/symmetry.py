"""What must hold of layers whatever their numbers: linear ones add up, sliding ones follow a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, kernels
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

LINEAR: tuple[str, ...] = (
    "conv",
    "depthwise",
    "pointwise",
    "conv_transpose",
    "locally_connected",
    "fc",
    "avgpool",
    "global_avgpool",
)
LINEAR += ("adaptive_avgpool", "upsample", "pixel_shuffle", "shuffle", "permute", "mean")
SLIDING = ("conv", "depthwise", "pointwise", "maxpool", "avgpool", "lppool")
MOST_LAYERS = 12
LARGEST = 1 << 20
TOLERANCE = 1e-9


def _samples(graph: Graph, kinds: tuple[str, ...]) -> Iterator[Node]:
    """A few different layers of these kinds that are not too large to try."""
    seen: set[tuple[Any, ...]] = set()
    for node in graph.layers():
        measure = node.measure
        if node.kind not in kinds or measure is None or len(seen) >= MOST_LAYERS:
            continue
        key = (repr(node.layer), measure.xs)
        if key not in seen and prod(measure.xs[0]) <= LARGEST:
            seen.add(key)
            yield node


def linearity(graph: Graph, weights: Weights) -> tuple[int, tuple[str, ...]]:
    """How many layers were tried for f(2x - 3y) = 2f(x) - 3f(y) without offsets, and those that fail."""
    tried, wrong = 0, []
    for node in _samples(graph, LINEAR):
        random = np.random.default_rng(node.index)
        x, y = random.standard_normal((2, 1, *_input(node)))
        tensors = {"weight": weights.of(node)["weight"]} if weights.of(node) else {}
        left = _apply(node, 2 * x - 3 * y, tensors)
        right = 2 * _apply(node, x, tensors) - 3 * _apply(node, y, tensors)
        tried += 1
        if not close(left, right):
            wrong.append(node.name)
    return tried, tuple(wrong)


def shifts(graph: Graph, weights: Weights) -> tuple[int, tuple[str, ...]]:
    """How many layers were tried for: an input moved by the stride moves the output by one; and those that fail."""
    tried, wrong = 0, []
    for node in _samples(graph, SLIDING):
        assert node.layer is not None
        shape = _input(node)
        window = node.layer.windows(shape)[-1]
        side = max(shape[-1], 4 * window.effective_kernel + 4 * window.stride)
        random = np.random.default_rng(node.index)
        x = random.standard_normal((1, *shape[:-1], side))
        moved = np.roll(x, window.stride, axis=-1)
        before, after = (_apply(node, image, weights.of(node)) for image in (x, moved))
        # units whose windows touch the border, or what was rolled around it, are left out
        edge = -(-max(window.padding) // window.stride) + 1
        count = before.shape[-1] - 2 * edge - 1
        if count < 1:
            continue
        tried += 1
        if not close(before[..., edge : edge + count], after[..., edge + 1 : edge + 1 + count]):
            wrong.append(node.name)
    return tried, tuple(wrong)


def _input(node: Node) -> tuple[int, ...]:
    assert node.measure is not None
    return node.measure.xs[0]


def _apply(node: Node, x: Array, tensors: Mapping[str, Array]) -> Array:
    return kernels()[node.kind](node.layer, [x], tensors, Context())


def close(a: Array, b: Array) -> bool:
    """Whether two arrays agree up to rounding, measured against their largest value."""
    if a.shape != b.shape:
        return False
    scale = max(1.0, float(np.abs(b).max(initial=0.0)))
    return bool(np.abs(a - b).max(initial=0.0) <= TOLERANCE * scale)
