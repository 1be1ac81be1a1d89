"""Pooling: tap after tap over shifted views, so that windows are never laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, channels_first, channels_last, kernel
from cnncalc.engine.sliding import geometry, padded, starts, window_view
from cnncalc.layers.facts import Window
from cnncalc.layers.pool import AvgPool, LpPool, MaxPool

Weights = Mapping[str, Array]


def _shifted(image: Array, windows: list[Window], counts: list[int], value: float) -> Iterator[Array]:
    """For each tap of the window, the values it meets at every position: (N, *positions, C)."""
    view = window_view(padded(image, windows, counts, value), windows, counts)
    rank = len(windows)
    for tap in product(*(range(w.kernel) for w in windows)):
        yield view[(slice(None),) * (rank + 1) + tap]


def _places(layer: Any, x: Array) -> tuple[Array, list[Window], list[range]]:
    windows = geometry(layer, x.shape[2:])
    ceil = layer.rounding == "ceil"
    return channels_last(x), windows, [starts(n, w, ceil=ceil) for n, w in zip(x.shape[2:], windows, strict=True)]


@kernel("maxpool")
def maxpool(layer: MaxPool, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The largest value in each window; padding is never chosen."""
    image, windows, places = _places(layer, xs[0])
    taps = _shifted(image, windows, [len(p) for p in places], -np.inf)
    result = next(taps).copy()
    for tap in taps:
        np.maximum(result, tap, out=result)
    return channels_first(result)


@kernel("avgpool")
def avgpool(layer: AvgPool, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The mean of each window; what hangs over beyond the padding is never counted."""
    image, windows, places = _places(layer, xs[0])
    taps = _shifted(image, windows, [len(p) for p in places], 0.0)
    result = next(taps).copy()
    for tap in taps:
        result += tap
    for axis, (n, w, starting) in enumerate(zip(xs[0].shape[2:], windows, places, strict=True)):
        first, end = (0, n + sum(w.padding)) if layer.count_padding else (w.padding[0], w.padding[0] + n)
        counted = [sum(first <= place + t * w.dilation < end for t in range(w.kernel)) for place in starting]
        shape = [1] * result.ndim
        shape[axis + 1] = -1
        result /= np.maximum(counted, 1).reshape(shape).astype(result.dtype)
    return channels_first(result)


@kernel("lppool")
def lppool(layer: LpPool, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The p-norm of each window: the p-th root of the sum of |x| to the p."""
    image, windows, places = _places(layer, xs[0])
    powers = np.abs(image) ** layer.p
    taps = _shifted(powers, windows, [len(p) for p in places], 0.0)
    result = next(taps).copy()
    for tap in taps:
        result += tap
    return channels_first(result ** (1 / layer.p))


def bin_edges(n: int, m: int) -> list[tuple[int, int]]:
    """The m bins that cover n inputs: from floor(i·n/m) up to, not including, ceil((i + 1)·n/m)."""
    return [(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]


def over_bins(x: Array, sizes: tuple[int, ...], function: Any) -> Array:
    """`function` (a mean or maximum along one axis) over the bins of each spatial axis in turn."""
    for axis, m in enumerate(sizes, start=2):
        whole = (slice(None),) * axis
        parts = [function(x[(*whole, slice(*edges))], axis=axis) for edges in bin_edges(x.shape[axis], m)]
        x = np.stack(parts, axis=axis)
    return x


@kernel("adaptive_avgpool")
def adaptive_avgpool(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The mean of each bin."""
    return over_bins(xs[0], layer.size, np.mean)


@kernel("adaptive_maxpool")
def adaptive_maxpool(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The largest value of each bin."""
    return over_bins(xs[0], layer.size, np.max)


@kernel("global_avgpool")
def global_avgpool(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The mean of each channel: (N, C, *spatial) -> (N, C, 1, …)."""
    result: Array = xs[0].mean(axis=tuple(range(2, xs[0].ndim)), keepdims=True)
    return result


@kernel("global_maxpool")
def global_maxpool(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The largest value of each channel."""
    result: Array = xs[0].max(axis=tuple(range(2, xs[0].ndim)), keepdims=True)
    return result
