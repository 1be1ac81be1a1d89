"""Convolutions by matrix products: windows are laid out block by block, never for the whole map at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

import numpy as np

from cnncalc.engine.kernels import BLOCK_BYTES, Array, Context, channels_first, channels_last, kernel
from cnncalc.engine.sliding import geometry, padded, starts, window_view
from cnncalc.engine.threads import WORTHWHILE, spread
from cnncalc.engine.threads import count as threads
from cnncalc.layers.conv import Conv, ConvTranspose, Depthwise, Pointwise
from cnncalc.layers.facts import Window
from cnncalc.layers.local import LocallyConnected

Weights = Mapping[str, Array]


def oriented(weight: Array, context: Context, rank: int, first: int = 2) -> Array:
    """The kernel as it is laid on the image: flipped along its `rank` axes from `first` for a true convolution."""
    return np.flip(weight, tuple(range(first, first + rank))) if context.flip else weight


@kernel("conv", "pointwise")
def conv(layer: Conv | Pointwise, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, filters, *positions)."""
    (x,) = xs
    weight = oriented(weights["weight"], context, x.ndim - 2)
    windows = geometry(layer, x.shape[2:])
    if layer.groups == x.shape[1] and weight.shape[1] == 1 and layer.groups > 1:
        return depthwise_convolve(x, weight, windows, weights.get("bias"), context)
    return convolve(x, weight, windows, layer.groups, weights.get("bias"), context)


def convolve(
    x: Array, weight: Array, windows: Sequence[Window], groups: int, bias: Array | None, context: Context
) -> Array:
    """Cross-correlate; weight is (filters, C / groups, *kernel)."""
    image = channels_last(x)
    counts = [len(starts(n, w)) for n, w in zip(image.shape[1:-1], windows, strict=True)]
    image = padded(image, windows, counts)
    view = window_view(image, windows, counts)
    filters, depth = weight.shape[0], weight.shape[1]
    # (filters, *kernel, C / groups): in the memory order weights are kept in, this is a view
    matrix = np.moveaxis(weight, 1, -1).reshape(groups, filters // groups, -1)
    result = np.empty((image.shape[0], *counts, filters), x.dtype)
    contiguous = all(w.kernel == w.stride == 1 for w in windows)

    def fill(block: tuple[slice, ...]) -> int:
        part = result[block].reshape(-1, filters)
        for group in range(groups):
            source = view[block][..., group * depth : (group + 1) * depth]
            taps = (image[block] if contiguous and groups == 1 else source).reshape(-1, matrix.shape[2])
            if groups == 1:
                np.matmul(taps, matrix[0].T, out=part)
            else:
                part[:, group * (filters // groups) : (group + 1) * (filters // groups)] = taps @ matrix[group].T
        if bias is not None:
            part += bias
        return part.size * matrix.shape[2]

    space = view.shape[: 1 + len(windows)]
    context.multiplications += spread(fill, blocks(space, matrix.shape[2] * groups * x.itemsize, matrix.size))
    return channels_first(result)


def blocks(counts: Sequence[int], bytes_each: int, work_each: int = 0) -> Iterator[tuple[slice, ...]]:
    """Slices of (batch, first axis) that hold about `BLOCK_BYTES` for `bytes_each` per position.

    With `work_each`, the multiplications per position, there are enough for every thread if that is worthwhile.
    """
    batch, rows, rest = counts[0], counts[1] if len(counts) > 1 else 1, prod(counts[2:])
    per_row = max(1, rest * bytes_each)
    step = max(1, BLOCK_BYTES // per_row)
    if prod(counts) * work_each > WORTHWHILE and batch < threads():
        step = min(step, -(-rows // threads()))
    if step >= rows:
        several = max(1, step // rows)
        yield from ((slice(n, n + several),) for n in range(0, batch, several))
        return
    for n, row in product(range(batch), range(0, rows, step)):
        yield slice(n, n + 1), slice(row, row + step)


@kernel("depthwise")
def depthwise(layer: Depthwise, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, C · multiplier, *positions)."""
    (x,) = xs
    weight = oriented(weights["weight"], context, x.ndim - 2)
    return depthwise_convolve(x, weight, geometry(layer, x.shape[2:]), weights.get("bias"), context)


def depthwise_convolve(
    x: Array, weight: Array, windows: Sequence[Window], bias: Array | None, context: Context
) -> Array:
    """Weight is (C · multiplier, 1, *kernel): sums of products over a view of the windows, which is never laid out."""
    image = channels_last(x)
    counts = [len(starts(n, w)) for n, w in zip(image.shape[1:-1], windows, strict=True)]
    image = padded(image, windows, counts)
    channels, filters = x.shape[1], weight.shape[0]
    taps = np.moveaxis(weight[:, 0], 0, -1).reshape(*weight.shape[2:], channels, filters // channels)
    result = np.empty((x.shape[0], *counts, filters), x.dtype)
    if filters == channels and windows[-1].stride == 1:
        # neighbouring windows begin side by side: a row of them is one long stretch, with the weights repeated
        row = counts[-1] * channels
        view = window_view(image, windows, counts)
        # the stride of a single channel says nothing, so the last one is not the view's
        strides = (*view.strides[: len(windows)], *view.strides[1 + len(windows) : -1], image.itemsize)
        shape = (*view.shape[: len(windows)], *weight.shape[2:], row)
        rows = np.lib.stride_tricks.as_strided(view, shape, strides, writeable=False)
        numbers = np.ascontiguousarray(np.tile(taps[..., 0], counts[-1]))
        _sum_over_taps(rows, numbers, result.reshape(x.shape[0], *counts[:-1], row))
    else:
        view = window_view(image, windows, counts)
        split = result.reshape(*result.shape[:-1], channels, filters // channels)
        for number in range(filters // channels):
            _sum_over_taps(view, np.ascontiguousarray(taps[..., number]), split[..., number])
    context.multiplications += result.size * prod(weight.shape[2:])
    if bias is not None:
        result += bias
    return channels_first(result)


def _sum_over_taps(view: Array, numbers: Array, out: Array) -> None:
    """view (batch, *positions, *taps, C) times numbers (*taps, C), summed over the taps into out."""
    axes, rank = list(range(view.ndim)), numbers.ndim - 1
    kept = axes[: view.ndim - 1 - rank]

    def fill(block: tuple[slice, ...]) -> int:
        np.einsum(view[block], axes, numbers, axes[view.ndim - 1 - rank :], [*kept, axes[-1]], out=out[block])
        return 0

    spread(fill, blocks(out.shape[:-1], out.itemsize * out.shape[-1], numbers.size))


@kernel("conv_transpose")
def conv_transpose(layer: ConvTranspose, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, filters, *larger): every input lays down a kernel, sums where they overlap."""
    (x,) = xs
    rank, groups = x.ndim - 2, layer.groups
    weight = oriented(weights["weight"], context, rank)  # (C, filters / groups, *kernel)
    windows = transposed_geometry(layer)
    image = channels_last(x)
    sides = image.shape[1:-1]
    ends = [
        (n - 1) * w.stride + w.effective_kernel - w.padding[1] + extra
        for n, w, extra in zip(sides, windows, layer.output_padding, strict=True)
    ]
    reach = [max(end, (n - 1) * w.stride + w.effective_kernel) for end, n, w in zip(ends, sides, windows, strict=True)]
    depth, filters = weight.shape[0] // groups, weight.shape[1] * groups
    # per group (C / groups, kernel · filters / groups)
    matrix = np.moveaxis(weight, 1, -1).reshape(groups, depth, -1)
    canvas = np.zeros((x.shape[0], *reach, filters), x.dtype)
    for block in blocks(image.shape[:-1], matrix.shape[2] * groups * x.itemsize):
        rows = block[1].start if len(block) > 1 else 0
        part = image[block]
        for group in range(groups):
            laid = context.product(part[..., group * depth : (group + 1) * depth].reshape(-1, depth), matrix[group])
            target = canvas[block[0]][..., group * weight.shape[1] : (group + 1) * weight.shape[1]]
            _lay_down(laid.reshape(*part.shape[:-1], *weight.shape[2:], -1), target, windows, rows)
    inside = tuple(slice(w.padding[0], end) for w, end in zip(windows, ends, strict=True))
    result = np.ascontiguousarray(canvas[(slice(None), *inside)])
    if "bias" in weights:
        result += weights["bias"]
    return channels_first(result)


def transposed_geometry(layer: ConvTranspose) -> list[Window]:
    """Kernel, stride and what is cut off each side; 'same' leaves stride rows per input, the odd one cut after."""
    windows = []
    for axis, (f, s, d) in enumerate(zip(layer.kernel, layer.stride, layer.dilation, strict=True)):
        surplus = (f - 1) * d + 1 - s
        before = max(0, surplus) // 2
        cut = (before, surplus - before) if isinstance(layer.padding, str) else layer.padding[axis]
        windows.append(Window(f, s, cut, d))
    return windows


def _lay_down(laid: Array, canvas: Array, windows: Sequence[Window], rows: int) -> None:
    """Add kernels (batch, *positions, *taps, filters) to the canvas; the first axis begins at input row `rows`."""
    rank = len(windows)
    positions = laid.shape[1 : 1 + rank]
    for tap in product(*map(range, laid.shape[1 + rank : -1])):
        place = []
        for axis, (t, w, count) in enumerate(zip(tap, windows, positions, strict=True)):
            first = t * w.dilation + (rows * w.stride if axis == 0 else 0)
            place.append(slice(first, first + (count - 1) * w.stride + 1, w.stride))
        canvas[(slice(None), *place)] += laid[(slice(None),) * (rank + 1) + tap]


@kernel("locally_connected")
def locally_connected(layer: LocallyConnected, xs: list[Array], weights: Weights, context: Context) -> Array:
    """(N, C, *spatial) -> (N, filters, *positions), each position with filters of its own."""
    (x,) = xs
    rank = x.ndim - 2
    weight = oriented(weights["weight"], context, rank)  # (filters, C, *kernel, *positions)
    windows = geometry(layer, x.shape[2:])
    image = channels_last(x)
    counts = [len(starts(n, w)) for n, w in zip(image.shape[1:-1], windows, strict=True)]
    view = window_view(padded(image, windows, counts), windows, counts)
    places = prod(counts)
    # (positions, batch, kernel · C) times (positions, kernel · C, filters)
    taps = np.moveaxis(view, 0, rank).reshape(places, x.shape[0], -1)
    numbers = np.moveaxis(weight, 1, 1 + rank).reshape(weight.shape[0], -1, places).transpose(2, 1, 0)
    result = context.product(taps, numbers).reshape(*counts, x.shape[0], -1)
    result = np.moveaxis(result, rank, 0)
    if "bias" in weights:
        result = result + np.moveaxis(weights["bias"], 0, -1)
    return channels_first(result)
