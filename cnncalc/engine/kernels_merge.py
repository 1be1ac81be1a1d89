"""Merges: several tensors become one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, channels_first, kernel

Weights = Mapping[str, Array]


@kernel("concat")
def concat(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The channels of all inputs, one after the other."""
    return channels_first(np.concatenate([np.moveaxis(x, 1, -1) for x in xs], axis=-1))


_PAIRS: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "average": np.add,
    "maximum": np.maximum,
}


@kernel(*_PAIRS)
def element_wise(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """Unit by unit; sides of 1 are repeated."""
    function = _PAIRS[layer.kind]
    if len(xs) == 1:
        return xs[0]
    first = function(xs[0], xs[1], out=_target(xs, context))
    result = reduce(lambda total, x: _grown(function, total, x), xs[2:], first)
    if layer.kind == "average":
        result = np.divide(result, len(xs), out=result)
    return result


def _target(xs: list[Array], context: Context) -> Array | None:
    """The first input, if it may be written over and is as large as the result of the first two."""
    fits = xs[0].shape == np.broadcast_shapes(xs[0].shape, xs[1].shape)
    return xs[0] if context.overwrite and fits and xs[0].flags.writeable else None


def _grown(function: Callable[..., Array], total: Array, x: Array) -> Array:
    same = np.broadcast_shapes(total.shape, x.shape) == total.shape
    return function(total, x, out=total if same else None)


@kernel("matmul")
def matmul(layer: Any, xs: list[Array], weights: Weights, context: Context) -> Array:
    """The matrix product of the last two axes."""
    return context.product(xs[0], xs[1])
