"""Convolutions in ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from cnncalc.export.onnx_steps import Step, writes
from cnncalc.layers.facts import Window


def pads(windows: Sequence[Window]) -> list[int]:
    """Padding in ONNX's order: all that come before, then all that come after."""
    return [w.padding[0] for w in windows] + [w.padding[1] for w in windows]


@writes("conv", "depthwise", "pointwise")
def conv(step: Step) -> str:
    """Conv, with `same` and `causal` as the numbers they are for this input."""
    windows = step.layer.windows(step.side)
    inputs = [step.x, step.weight("weight"), *([step.weight("bias")] if step.has("bias") else [])]
    return step.op(
        "Conv",
        *inputs,
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        pads=pads(windows),
        dilations=[w.dilation for w in windows],
        group=step.side[0] if step.layer.kind == "depthwise" else step.layer.groups,
    )


@writes("conv_transpose")
def conv_transpose(step: Step) -> str:
    """ConvTranspose; rows beyond what output padding may add are zeros, laid on before the bias."""
    windows, bias = step.layer.windows(step.side), step.has("bias")
    added, cut = list(step.layer.output_padding), [w.padding[1] for w in windows]
    room = [w.stride - 1 for w in windows]
    # 'same' with a stride larger than the kernel adds rows; runtimes only take output padding below the stride
    if min(cut) < 0 or any(a > r for a, r in zip(added, room, strict=True)):
        added = [max(0, o - c) for o, c in zip(added, cut, strict=True)]
        cut = [max(0, c - o) for o, c in zip(step.layer.output_padding, cut, strict=True)]
    fits = all(a <= r for a, r in zip(added, room, strict=True))
    result = step.op(
        "ConvTranspose",
        step.x,
        step.weight("weight"),
        *([step.weight("bias")] if bias and fits else []),
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        pads=[w.padding[0] for w in windows] + cut,
        dilations=[w.dilation for w in windows],
        output_padding=added if fits else [0] * len(added),
        group=step.layer.groups,
    )
    if fits:
        return result
    result = step.pad(result, [0] * len(added), added)
    return step.op("Add", result, step.weight("bias", (step.shape[0],) + (1,) * len(added))) if bias else result


@writes("locally_connected")
def locally_connected(step: Step) -> str:
    """Windows gathered along each axis, then one matrix product for every position.

    (N, C, *sides) -> (N, P, 1, C·K) times (P, C·K, filters).
    """
    windows, rank, x = step.layer.windows(step.side), step.rank, step.x
    if any(pads(windows)):
        x = step.pad(x, [w.padding[0] for w in windows], [w.padding[1] for w in windows])
    for axis, w in enumerate(windows):
        rows = np.arange(step.shape[1 + axis])[:, None] * w.stride + np.arange(w.kernel)
        x = step.take(x, rows, 2 + 2 * axis)  # the axes before have become two each
    places = [2 + 2 * axis for axis in range(rank)]
    x = step.transpose(x, [0, *places, 1, *(place + 1 for place in places)])
    count, depth = prod(step.shape[1:]), step.side[0] * prod(w.kernel for w in windows)
    x = step.reshape(x, (count, 1, depth))
    numbers = step.transpose(step.weight("weight", (step.shape[0], depth, count)), [2, 1, 0])
    x = step.reshape(step.op("MatMul", x, numbers), (count, step.shape[0]))
    x = step.reshape(step.transpose(x, [0, 2, 1]), step.shape)
    return step.op("Add", x, step.weight("bias")) if step.has("bias") else x
