"""Activations: one function of one number each; softmax compares the channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import erfc, exp, factorial, pi, sqrt
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, kernel, per_channel
from cnncalc.layers.activation import Elu, Gelu, LeakyRelu, Prelu

Weights = Mapping[str, Array]
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)), without overflow on either side."""
    small = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1, small) / (1 + small)
    return result


def softplus(x: Array) -> Array:
    """log(1 + exp(x)), without overflow."""
    result: Array = np.log1p(np.exp(-np.abs(x)))
    result += np.maximum(x, 0)
    return result


def _hard_sigmoid(x: Array) -> Array:
    result: Array = np.clip(x + 3, 0, 6)
    result /= 6
    return result


NODE_DISTANCE = 1 / 32
FARTHEST = 9
ORDER = 8


@cache
def _normal_table() -> Array:
    """Taylor coefficients of the normal distribution function around nodes from -9 to 9.

    Its derivatives are Hermite polynomials times the density; terms up to the 8th power of at most
    1/64 leave an error below 1e-17.
    """
    nodes = [i * NODE_DISTANCE - FARTHEST for i in range(int(2 * FARTHEST / NODE_DISTANCE) + 1)]
    rows = []
    for x in nodes:
        density = exp(-x * x / 2) / sqrt(2 * pi)
        hermite = [1.0, x]
        for n in range(1, ORDER):
            hermite.append(x * hermite[n] - n * hermite[n - 1])
        series = [(-1) ** n * hermite[n] * density / factorial(n + 1) for n in range(ORDER)]
        rows.append([erfc(-x / sqrt(2)) / 2, *series])
    return np.array(rows).T


def normal_distribution(x: Array) -> Array:
    """Φ(x), to the precision of the array's type: numpy has no error function."""
    inside = np.clip(np.nan_to_num(x), -FARTHEST, FARTHEST)
    nearest = np.rint((inside + FARTHEST) / NODE_DISTANCE).astype(np.int32)
    rest = inside - (nearest * NODE_DISTANCE - FARTHEST).astype(x.dtype)
    table = _normal_table().astype(x.dtype, copy=False)
    result: Array = table[ORDER][nearest]
    for coefficients in table[ORDER - 1 :: -1]:
        result *= rest
        result += coefficients[nearest]
    return result


@kernel("gelu")
def gelu(layer: Gelu, xs: list[Array], weights: Weights, context: Context) -> Array:
    """x·Φ(x), or its approximation by a tanh."""
    (x,) = xs
    if layer.approximate == "tanh":
        result: Array = x * (1 + np.tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x))) / 2
        return result
    result = x * normal_distribution(x)
    return result


PLAIN: dict[str, Callable[[Array], Array]] = {
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "softplus": softplus,
    "sigmoid": sigmoid,
    "hardsigmoid": _hard_sigmoid,
    "hardswish": lambda x: x * _hard_sigmoid(x),
}
"""Functions without parameters."""


@kernel(*PLAIN)
def plain(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """A function without parameters."""
    return PLAIN[layer.kind](xs[0])


@kernel("relu")
def relu(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """max(0, x)."""
    return np.maximum(xs[0], 0, out=context.target(xs[0]))


@kernel("relu6")
def relu6(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """min(max(0, x), 6)."""
    return np.clip(xs[0], 0, 6, out=context.target(xs[0]))


@kernel("abs")
def absolute(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """|x|."""
    return np.abs(xs[0], out=context.target(xs[0]))


@kernel("tanh")
def tanh(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(xs[0], out=context.target(xs[0]))


@kernel("leaky_relu")
def leaky_relu(layer: LeakyRelu, xs: list[Array], weights: Weights, context: Context) -> Array:
    """x, or slope·x where x is negative."""
    return np.where(xs[0] >= 0, xs[0], xs[0] * xs[0].dtype.type(layer.slope))


@kernel("prelu")
def prelu(layer: Prelu, xs: list[Array], weights: Weights, context: Context) -> Array:
    """x, or a·x where x is negative, with learned a."""
    (x,) = xs
    slope = weights["weight"] if layer.per == "unit" else per_channel(weights["weight"], x)
    return np.where(x >= 0, x, x * slope)


@kernel("elu")
def elu(layer: Elu, xs: list[Array], weights: Weights, context: Context) -> Array:
    """x, or α(exp(x) - 1) where x is negative."""
    (x,) = xs
    return np.where(x >= 0, x, x.dtype.type(layer.alpha) * np.expm1(np.minimum(x, 0)))


@kernel("selu")
def selu(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """λx, or λα(exp(x) - 1) where x is negative."""
    (x,) = xs
    result: Array = np.where(x >= 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))
    result *= SELU_SCALE
    return result


@kernel("softmax")
def softmax(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """exp(x) divided by its sum over the channels; the largest is subtracted first, which changes nothing."""
    (x,) = xs
    result: Array = np.exp(x - x.max(axis=1, keepdims=True))
    result /= result.sum(axis=1, keepdims=True)
    return result
