"""Pooling in ONNX.

ONNX's `ceil_mode` has meant different things in different versions and runtimes, so a last window
that hangs over is always written as padding, and what that changes in a mean as a factor per position.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from cnncalc.export.onnx_steps import Array, Step, writes
from cnncalc.layers.facts import Shape, Window


def _padded_windows(step: Step) -> list[Window]:
    """The layer's windows with as much padding after as the last one needs."""
    windows = []
    for n, m, w in zip(step.side[1:], step.shape[1:], step.layer.windows(step.side), strict=True):
        needed = max(0, (m - 1) * w.stride + w.effective_kernel - n - w.padding[0])
        after = needed if step.layer.rounding == "ceil" else w.padding[1]
        windows.append(w._replace(padding=(w.padding[0], after)))
    return windows


def _slide(
    step: Step, kind: str, x: str, windows: Sequence[Window], filler: float, **attributes: int | list[int]
) -> str:
    """A pooling operator; padding as wide as a window, which runtimes refuse, is laid on before."""
    before, after = [w.padding[0] for w in windows], [w.padding[1] for w in windows]
    if any(max(w.padding) >= w.kernel for w in windows):
        x = step.pad(x, before, after, filler)
        before = after = [0] * len(windows)
    x = step.unfused(x)
    if any(w.dilation > 1 for w in windows):
        attributes |= {"dilations": [w.dilation for w in windows]}
    return step.op(
        kind,
        x,
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        pads=before + after,
        **attributes,
    )


@writes("maxpool")
def maxpool(step: Step) -> str:
    """MaxPool."""
    return _slide(step, "MaxPool", step.x, _padded_windows(step), -np.inf)


def _means(step: Step, x: str, windows: Sequence[Window]) -> str:
    """The mean of each window, padding counted as zeros."""
    if all(w.dilation == 1 for w in windows):
        return _slide(step, "AveragePool", x, windows, 0.0, count_include_pad=1)
    kernel = [w.kernel for w in windows]
    return step.op(
        "Conv",
        x,
        step.constant(np.full((step.side[0], 1, *kernel), 1 / prod(kernel))),
        kernel_shape=kernel,
        strides=[w.stride for w in windows],
        pads=[w.padding[0] for w in windows] + [w.padding[1] for w in windows],
        dilations=[w.dilation for w in windows],
        group=step.side[0],
    )


def _counted(step: Step) -> list[list[int]]:
    """For each axis and position, how many taps the mean is of."""
    result = []
    for n, m, w in zip(step.side[1:], step.shape[1:], step.layer.windows(step.side), strict=True):
        first, end = (0, n + sum(w.padding)) if step.layer.count_padding else (w.padding[0], w.padding[0] + n)
        taps = [t * w.dilation for t in range(w.kernel)]
        result.append([max(1, sum(first <= i * w.stride + tap < end for tap in taps)) for i in range(m)])
    return result


@writes("avgpool")
def avgpool(step: Step) -> str:
    """AveragePool; a factor per position corrects means of windows that are counted otherwise."""
    windows, counted = _padded_windows(step), _counted(step)
    plain = all(w.dilation == 1 and max(w.padding) < w.kernel for w in windows)
    if plain and not step.layer.count_padding:
        return _slide(step, "AveragePool", step.x, windows, 0.0, count_include_pad=0)
    result = _means(step, step.x, windows)
    factor = np.ones(())
    for numbers, w in zip(counted, windows, strict=True):
        factor = factor[..., None] * (w.kernel / np.array(numbers))
    return result if np.all(factor == 1) else step.op("Mul", result, step.constant(factor[None]))


@writes("lppool")
def lppool(step: Step) -> str:
    """Means of powers, since the exponent need not be whole: (K · mean(|x|^p))^(1/p)."""
    windows, p = _padded_windows(step), float(step.layer.p)
    powers = step.op("Pow", step.op("Abs", step.x), step.constant(p))
    total = step.op("Mul", _means(step, powers, windows), step.constant(float(prod(w.kernel for w in windows))))
    return step.op("Pow", total, step.constant(1 / p))


@writes("global_avgpool")
def global_avgpool(step: Step) -> str:
    """GlobalAveragePool."""
    return step.op("GlobalAveragePool", step.x)


@writes("global_maxpool")
def global_maxpool(step: Step) -> str:
    """GlobalMaxPool."""
    return step.op("GlobalMaxPool", step.x)


def _even(step: Step, kind: str) -> str | None:
    """Bins of equal size as an ordinary pooling, or None if they are uneven."""
    sides = list(zip(step.side[1:], step.shape[1:], strict=True))
    if all(m == 1 for _, m in sides):
        return step.op(f"Global{kind}", step.x)
    if any(n % m for n, m in sides):
        return None
    size = [n // m for n, m in sides]
    return step.op(kind, step.unfused(step.x), kernel_shape=size, strides=size)


def bins(n: int, m: int) -> list[tuple[int, int]]:
    """The m bins that cover n inputs: from floor(i·n/m) up to, not including, ceil((i + 1)·n/m)."""
    return [(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]


def bin_matrix(n: int, m: int) -> Array:
    """The means of the bins as a matrix (m, n)."""
    matrix = np.zeros((m, n))
    for row, (first, end) in zip(matrix, bins(n, m), strict=True):
        row[first:end] = 1 / (end - first)
    return matrix


def mean_of_bins(step: Step) -> str:
    """Axis by axis, a product with a matrix of averages."""
    x = step.x
    shape: Shape = step.side
    for axis, m in enumerate(step.shape[1:], start=1):
        if shape[axis] != m:
            x = step.along(x, shape, axis, bin_matrix(shape[axis], m))
        shape = (*shape[:axis], m, *shape[axis + 1 :])
    return x


@writes("adaptive_avgpool")
def adaptive_avgpool(step: Step) -> str:
    """A pooling where bins are even; otherwise products with matrices of averages."""
    return _even(step, "AveragePool") or mean_of_bins(step)


@writes("adaptive_maxpool")
def adaptive_maxpool(step: Step) -> str:
    """A pooling where bins are even; otherwise the pixels of each bin gathered, some twice, and compared."""
    even = _even(step, "MaxPool")
    if even is not None:
        return even
    x = step.x
    for axis, (n, m) in enumerate(zip(step.side[1:], step.shape[1:], strict=True), start=2):
        if n == m:
            continue
        edges = bins(n, m)
        longest = max(end - first for first, end in edges)
        rows = [[min(first + k, end - 1) for k in range(longest)] for first, end in edges]
        x = step.reduce("ReduceMax", step.take(x, rows, axis), [axis + 1], keep=False)
    return x
