"""Resizing without weights: interpolation, and channels traded for pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, channels_first, kernel
from cnncalc.engine.kernels_pool import over_bins
from cnncalc.layers.resize import PixelShuffle, Upsample

Weights = Mapping[str, Array]
CUBIC = -0.75
"""The free parameter of Keys' cubic; this value is the one of the common frameworks."""


def _places(n: int, m: int, corners: bool) -> Array:
    """Where each of m units lies among n pixel centres."""
    if corners:
        return np.arange(m) * ((n - 1) / (m - 1)) if m > 1 else np.zeros(1)
    return (np.arange(m) + 0.5) * (n / m) - 0.5


def _linear(n: int, m: int, corners: bool) -> list[tuple[Array, Array]]:
    """For two neighbours: which pixel, and how much of it."""
    place = np.clip(_places(n, m, corners), 0, n - 1)
    low = np.floor(place).astype(np.intp)
    part = place - low
    return [(low, 1 - part), (np.minimum(low + 1, n - 1), part)]


def _cubic_weight(distance: Array) -> Array:
    d, a = np.abs(distance), CUBIC
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


def _cubic(n: int, m: int, corners: bool) -> list[tuple[Array, Array]]:
    """For four neighbours: which pixel, those past the edge being the edge itself, and how much of it."""
    place = _places(n, m, corners)
    low = np.floor(place).astype(np.intp)
    return [(np.clip(low + k, 0, n - 1), _cubic_weight(place - (low + k))) for k in (-1, 0, 1, 2)]


def _nearest(n: int, m: int, exact: bool) -> Array:
    numbers = np.arange(m)
    return (2 * numbers + 1) * n // (2 * m) if exact else numbers * n // m


@kernel("upsample")
def upsample(layer: Upsample, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, C, *size), axis by axis."""
    (x,) = xs
    sizes = layer.size or tuple(int(n * k) for n, k in zip(x.shape[2:], layer.factor or (), strict=True))
    if layer.mode == "area":
        return over_bins(x, sizes, np.mean)
    for axis, m in enumerate(sizes, start=2):
        n = x.shape[axis]
        if layer.mode.startswith("nearest"):
            x = _take(x, _nearest(n, m, layer.mode == "nearest_exact"), axis)
            continue
        neighbours = (_cubic if layer.mode == "bicubic" else _linear)(n, m, layer.align_corners)
        shape = [1] * x.ndim
        shape[axis] = m
        x = sum(_take(x, rows, axis) * part.reshape(shape).astype(x.dtype) for rows, part in neighbours)
    return x


def _take(x: Array, rows: Array, axis: int) -> Array:
    """Rows of one spatial axis, the channels staying innermost."""
    return channels_first(np.moveaxis(x, 1, -1).take(rows, axis=axis - 1))


@kernel("pixel_shuffle")
def pixel_shuffle(layer: PixelShuffle, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C · r^axes, *spatial) -> (N, C, *(spatial · r))."""
    (x,) = xs
    r, rank = layer.factor, x.ndim - 2
    blocks = x.reshape(x.shape[0], -1, *(r,) * rank, *x.shape[2:])
    order = [0, 1]
    for axis in range(rank):
        order += [2 + rank + axis, 2 + axis]
    return blocks.transpose(order).reshape(x.shape[0], -1, *(n * r for n in x.shape[2:]))


@kernel("pixel_unshuffle", "space_to_depth")
def unshuffle(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, C · r^axes, *(spatial / r)); the layers differ in the order of the channels."""
    (x,) = xs
    r, rank = layer.factor, x.ndim - 2
    split: list[int] = []
    for n in x.shape[2:]:
        split += [n // r, r]
    blocks = x.reshape(x.shape[0], x.shape[1], *split)
    inside = [3 + 2 * axis for axis in range(rank)]
    outside = [2 + 2 * axis for axis in range(rank)]
    leading = [1, *inside] if layer.kind == "pixel_unshuffle" else [*inside, 1]
    return blocks.transpose(0, *leading, *outside).reshape(x.shape[0], -1, *(n // r for n in x.shape[2:]))
