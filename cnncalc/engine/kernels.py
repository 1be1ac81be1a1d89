"""The table of kernels: for each layer of the language, the function that computes it.

A tensor is an array of shape (batch, channels, *spatial).  Its memory may be in any order; kernels
that mix channels like them innermost (`channels_last`), so that a convolution is one matrix product
without a transposition before or after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from cnncalc.layers.base import Layer

Array = npt.NDArray[Any]
BLOCK_BYTES = 4 << 20
"""How much scratch memory a kernel that works block by block fills at a time: about a processor's cache."""


class Context:
    """How layers are to be computed, and what is noted while they are.

    Attributes:
        training: normalisations use the batch's statistics and dropout drops.
        flip: convolve in the mathematical sense, kernels flipped both ways; the default is cross-correlation.
        momentum: how much of the batch's statistics goes into the running ones, while training.
        overwrite: whether the layer at hand may write its result over its first input.
        multiplications: products of two numbers made by weighted layers and matmul so far.
        updates: running statistics after a training pass, by buffer name, of the layer at hand.
    """

    def __init__(self, *, training: bool = False, flip: bool = False, momentum: float = 0.1, seed: int = 0) -> None:
        self.training = training
        self.flip = flip
        self.momentum = momentum
        self.random = np.random.default_rng(seed)
        self.overwrite = False
        self.multiplications = 0
        self.updates: dict[str, Array] = {}

    def product(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """The matrix product of a (…, m, k) and b (…, k, n), counted."""
        result = np.matmul(a, b, out=out)
        self.multiplications += result.size * a.shape[-1]
        return result

    def target(self, x: Array) -> Array:
        """Where a layer that keeps its input's shape may write: over the input if nobody needs it any more."""
        return x if self.overwrite and x.flags.writeable else np.empty_like(x)


Kernel = Callable[[Any, list[Array], Mapping[str, Array], Context], Array]
"""(layer, inputs, weights and buffers by name, context) -> output."""

_KERNELS: dict[str, Kernel] = {}
_MODULES = ("activation", "conv", "dense", "merge", "norm", "pool", "resize", "shape")


def kernel(*kinds: str) -> Callable[[Kernel], Kernel]:
    """Decorator: the function computes the layers of these names."""

    def register(function: Kernel) -> Kernel:
        for kind in kinds:
            if kind in _KERNELS:
                raise ValueError(f"two kernels are for '{kind}'")
            _KERNELS[kind] = function
        return function

    return register


def kernels() -> Mapping[str, Kernel]:
    """All kernels, by the name of their layer in specs."""
    for module in _MODULES:
        import_module(f"cnncalc.engine.kernels_{module}")
    return _KERNELS


def forward(
    layer: Layer, xs: list[Array], weights: Mapping[str, Array] | None = None, context: Context | None = None
) -> Array:
    """One layer applied to arrays of shape (batch, channels, *spatial).

    Args:
        layer: from `cnncalc.layers`.
        xs: its inputs, in the order of the spec.
        weights: its weights and buffers, by the names and in the shapes the layer states.
        context: training or inference, cross-correlation or convolution.
    """
    return kernels()[layer.kind](layer, xs, weights or {}, context or Context())


def channels_last(x: Array) -> Array:
    """The tensor as (batch, *spatial, channels), contiguous; copied only if its memory is in another order."""
    return np.ascontiguousarray(np.moveaxis(x, 1, -1))


def channels_first(x: Array) -> Array:
    """(batch, *spatial, channels) as (batch, channels, *spatial), in the same memory."""
    return np.moveaxis(x, -1, 1)


def per_channel(values: Array, x: Array) -> Array:
    """One number per channel in a shape that fits the tensor: (C, 1, …)."""
    return values.reshape((-1,) + (1,) * (x.ndim - 2))
