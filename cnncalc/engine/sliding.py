"""Windows over arrays with the channels last: padding, where windows stand, and views of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array
from cnncalc.layers.facts import Window


def geometry(layer: Any, sides: Sequence[int]) -> list[Window]:
    """The windows of a layer from its bare parameters, by arithmetic of the engine's own.

    It takes nothing from `Layer.windows`, so that what analysis says of sizes and fields can be held
    against what happens here.
    """
    values, rank = layer.values, len(sides)
    kernel = values.get("kernel", (1,) * rank)
    dilation = values.get("dilation", (1,) * rank)
    padding = values.get("padding", ((0, 0),) * rank)
    windows = []
    for axis, (n, f, s, d) in enumerate(zip(sides, kernel, values["stride"], dilation, strict=True)):
        span = (f - 1) * d + 1
        if padding == "same":
            last = (n - 1) // s * s  # where the last window stands if the first stands at 0
            missing = max(0, last + span - n)
            around = (missing // 2, missing - missing // 2)
        else:
            around = (span - 1, 0) if padding == "causal" else padding[axis]
        windows.append(Window(f, s, around, d))
    return windows


def starts(n: int, window: Window, *, ceil: bool = False) -> range:
    """The places, counted from the first padded row, where a window of one axis begins."""
    length = n + sum(window.padding)
    places = range(0, length - window.effective_kernel + 1, window.stride)
    if not ceil:
        return places
    # one more may hang over the end, as long as it does not begin in the far padding
    following = len(places) * window.stride
    hangs = following < n + window.padding[0] and (length - window.effective_kernel) % window.stride
    return range(0, following + (1 if hangs else 0), window.stride)


def padded(x: Array, windows: Sequence[Window], counts: Sequence[int], value: float = 0.0) -> Array:
    """(batch, *spatial, channels) with each axis as long as its last window reaches; `x` itself if it fits."""
    needs = [
        max((count - 1) * w.stride + w.effective_kernel, w.padding[0] + n)
        for n, w, count in zip(x.shape[1:-1], windows, counts, strict=True)
    ]
    if all(need == n and not w.padding[0] for need, n, w in zip(needs, x.shape[1:-1], windows, strict=True)):
        return x
    shape = (x.shape[0], *needs, x.shape[-1])
    result = np.zeros(shape, x.dtype) if value == 0 else np.full(shape, value, x.dtype)
    inside = tuple(slice(w.padding[0], w.padding[0] + n) for w, n in zip(windows, x.shape[1:-1], strict=True))
    result[(slice(None), *inside)] = x
    return result


def window_view(x: Array, windows: Sequence[Window], counts: Sequence[int]) -> Array:
    """(batch, *positions, *taps, channels), without copying; `x` is (batch, *padded, channels)."""
    batch, *sides, channel = x.strides
    kernel = [w.kernel for w in windows]
    moves = [step * w.stride for step, w in zip(sides, windows, strict=True)]
    taps = [step * w.dilation for step, w in zip(sides, windows, strict=True)]
    shape = (x.shape[0], *counts, *kernel, x.shape[-1])
    return np.lib.stride_tricks.as_strided(x, shape, (batch, *moves, *taps, channel), writeable=False)
