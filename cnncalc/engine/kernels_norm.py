"""Normalisation: subtract a mean, divide by a deviation, scale and shift by what is learned."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, kernel, per_channel
from cnncalc.layers.norm import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm, Scale

Weights = Mapping[str, Array]


def _affine(x: Array, weights: Weights, shape: tuple[int, ...]) -> Array:
    """Times γ plus β, in place; `shape` is what they are broadcast from."""
    if "weight" in weights:
        x *= weights["weight"].reshape(shape)
    if "bias" in weights:
        x += weights["bias"].reshape(shape)
    return x


def _normalised(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    """Mean 0 and variance 1 over `axes`."""
    result: Array = x - x.mean(axis=axes, keepdims=True)
    variance = np.mean(np.square(result), axis=axes, keepdims=True)
    result /= np.sqrt(variance + eps)
    return result


def scale_and_shift(weights: Weights, eps: float) -> tuple[Array, Array]:
    """What batch norm does at inference: one factor and one offset per channel, from the kept statistics."""
    factor = 1 / np.sqrt(weights["running_var"] + eps)
    if "weight" in weights:
        factor = factor * weights["weight"]
    shift = -weights["running_mean"] * factor
    return factor, shift + weights["bias"] if "bias" in weights else shift


def _track(x: Array, axes: tuple[int, ...], weights: Weights, context: Context) -> None:
    """Note the running statistics after this batch; the variance that is kept is the unbiased one."""
    count = prod(x.shape[axis] for axis in axes)
    mean, variance = x.mean(axis=axes), x.var(axis=axes) * count / max(1, count - 1)
    if mean.ndim > 1:  # one per sample: the batch's average is kept
        mean, variance = mean.mean(axis=0), variance.mean(axis=0)
    kept = context.momentum
    context.updates = {
        "running_mean": (1 - kept) * weights["running_mean"] + kept * mean,
        "running_var": (1 - kept) * weights["running_var"] + kept * variance,
    }


def _tracked(layer: Any, x: Array, axes: tuple[int, ...], weights: Weights, context: Context) -> Array:
    """With kept statistics at inference; with those of the batch while training, or if none are kept."""
    if "running_mean" in weights:
        if not context.training:
            factor, shift = (per_channel(value, x) for value in scale_and_shift(weights, layer.eps))
            result = np.multiply(x, factor, out=context.target(x))
            result += shift
            return result
        _track(x, axes, weights, context)
    return _affine(_normalised(x, axes, layer.eps), weights, (-1,) + (1,) * (x.ndim - 2))


@kernel("batchnorm")
def batchnorm(layer: BatchNorm, xs: list[Array], weights: Weights, context: Context) -> Array:
    """One mean and variance per channel, over the batch and all positions."""
    (x,) = xs
    return _tracked(layer, x, (0, *range(2, x.ndim)), weights, context)


@kernel("instancenorm")
def instancenorm(layer: InstanceNorm, xs: list[Array], weights: Weights, context: Context) -> Array:
    """One mean and variance per sample and channel."""
    (x,) = xs
    return _tracked(layer, x, tuple(range(2, x.ndim)), weights, context)


@kernel("layernorm")
def layernorm(layer: LayerNorm, xs: list[Array], weights: Weights, context: Context) -> Array:
    """One mean and variance per sample, over the axes the layer names."""
    (x,) = xs
    mixed = layer.mixes(x.shape[1:])
    shape = tuple(side if axis in mixed else 1 for axis, side in enumerate(x.shape[1:]))
    return _affine(_normalised(x, tuple(axis + 1 for axis in mixed), layer.eps), weights, shape)


@kernel("groupnorm")
def groupnorm(layer: GroupNorm, xs: list[Array], weights: Weights, context: Context) -> Array:
    """One mean and variance per sample and group of channels."""
    (x,) = xs
    grouped = x.reshape(x.shape[0], layer.groups, -1, *x.shape[2:])
    result = _normalised(grouped, tuple(range(2, grouped.ndim)), layer.eps).reshape(x.shape)
    return _affine(result, weights, (-1,) + (1,) * (x.ndim - 2))


@kernel("lrn")
def lrn(layer: LocalResponseNorm, xs: list[Array], weights: Weights, context: Context) -> Array:
    """x / (k + α·Σx²)^β over neighbouring channels; of an even number, the odd one lies before."""
    (x,) = xs
    before, channels = layer.size // 2, x.shape[1]
    squares = np.square(x)
    total = np.zeros_like(x)
    for shift in range(-before, layer.size - before):
        first, last = max(0, -shift), min(channels, channels - shift)
        if first < last:
            total[:, first:last] += squares[:, first + shift : last + shift]
    total *= layer.alpha
    total += layer.k
    result: Array = x / total**layer.beta
    return result


@kernel("scale")
def scale(layer: Scale, xs: list[Array], weights: Weights, context: Context) -> Array:
    """Times one factor per channel."""
    (x,) = xs
    return np.multiply(x, per_channel(weights["weight"], x), out=context.target(x))
