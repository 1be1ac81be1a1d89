"""Layers that rearrange, cut or pad a tensor, and those that only work while training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, channels_first, kernel
from cnncalc.layers.border import Crop, Pad, Slice
from cnncalc.layers.shape import Mean, Permute, Reshape, Shuffle

Weights = Mapping[str, Array]


@kernel("flatten")
def flatten(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, C · positions), channel by channel."""
    return xs[0].reshape(xs[0].shape[0], -1)


@kernel("reshape")
def reshape(layer: Reshape, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The same numbers in the same order, in another shape."""
    return xs[0].reshape(xs[0].shape[0], *layer.shape)


@kernel("permute")
def permute(layer: Permute, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The axes in another order."""
    return xs[0].transpose(0, *(axis + 1 for axis in layer.order))


@kernel("shuffle")
def shuffle(layer: Shuffle, xs: list[Array], weights: Weights, context: Context) -> Array:
    """Channel j of group i becomes channel j·groups + i."""
    last = np.moveaxis(xs[0], 1, -1)
    grouped = last.reshape(*last.shape[:-1], layer.groups, -1)
    return channels_first(grouped.swapaxes(-1, -2).reshape(last.shape))


@kernel("mean")
def mean(layer: Mean, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The mean over some axes, which keep side 1."""
    (x,) = xs
    result: Array = x.mean(axis=tuple(axis + 1 for axis in layer.mixes(x.shape[1:])), keepdims=True)
    return result


@kernel("slice")
def cut(layer: Slice, xs: list[Array], weights: Weights, context: Context) -> Array:
    """A stretch of one axis; a copy, so that the rest can be freed."""
    place = (slice(None),) * (layer.axis + 1)
    return xs[0][(*place, slice(layer.start, layer.end))].copy(order="K")


def _indices(n: int, before: int, after: int, mode: str) -> Array:
    """Which row of n each row of the result repeats."""
    rows = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(rows, 0, n - 1)
    if mode == "circular":
        return rows % n
    period = max(1, 2 * (n - 1))
    return np.minimum(rows % period, -rows % period)


def _amounts(layer: Pad | Crop, sides: tuple[int, ...]) -> list[tuple[int, int]]:
    """Rows added before and after each axis, negative where taken away; of an odd number, the odd one after."""
    if layer.amount is not None:
        sign = -1 if isinstance(layer, Crop) else 1
        return [(sign * before, sign * after) for before, after in layer.amount]
    totals = [wanted - n for wanted, n in zip(layer.size or (), sides, strict=True)]
    halves = [int(total / 2) for total in totals]  # towards zero, also for rows taken away
    return [(half, total - half) for half, total in zip(halves, totals, strict=True)]


@kernel("pad", "crop")
def border(layer: Pad | Crop, xs: list[Array], weights: Weights, context: Context) -> Array:
    """Rows added at the edges, or taken away where amounts are negative."""
    (x,) = xs
    amounts = _amounts(layer, x.shape[2:])
    mode = layer.mode if isinstance(layer, Pad) else "zeros"
    if mode != "zeros":
        for axis, (before, after) in enumerate(amounts, start=2):
            x = x.take(_indices(x.shape[axis], before, after, mode), axis=axis)
        return x
    shape = [n + before + after for n, (before, after) in zip(x.shape[2:], amounts, strict=True)]
    last = np.full((x.shape[0], *shape, x.shape[1]), layer.value if isinstance(layer, Pad) else 0, x.dtype)
    result = channels_first(last)
    kept = [slice(max(0, -before), n - max(0, -after)) for n, (before, after) in zip(x.shape[2:], amounts, strict=True)]
    placed = [slice(max(0, before), n - max(0, after)) for n, (before, after) in zip(shape, amounts, strict=True)]
    result[(slice(None), slice(None), *placed)] = x[(slice(None), slice(None), *kept)]
    return result


@kernel("identity")
def identity(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The input."""
    return xs[0]


@kernel("dropout", "drop_path")
def dropout(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """While training, units (drop_path: samples) become 0 with probability p and the others grow by 1/(1 - p)."""
    (x,) = xs
    if not context.training or not layer.p:
        return x
    shape = x.shape if layer.kind == "dropout" else (x.shape[0],) + (1,) * (x.ndim - 1)
    kept = context.random.random(shape) >= layer.p
    result: Array = x * (kept / (1 - layer.p)).astype(x.dtype)
    return result
