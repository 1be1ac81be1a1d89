"""Layers that rearrange, cut or pad a tensor, in ONNX."""

from __future__ import annotations

import numpy as np

from cnncalc.export.onnx_steps import Array, Step, writes


@writes("flatten")
def flatten(step: Step) -> str:
    """Flatten."""
    return step.op("Flatten", step.x, axis=1)


@writes("reshape")
def reshape(step: Step) -> str:
    """Reshape."""
    return step.reshape(step.x, step.shape)


@writes("permute")
def permute(step: Step) -> str:
    """Transpose."""
    return step.transpose(step.x, [0, *(axis + 1 for axis in step.layer.order)])


@writes("shuffle")
def shuffle(step: Step) -> str:
    """Groups as an axis of their own, swapped with the one beside it."""
    groups, sides = step.layer.groups, step.side[1:]
    x = step.reshape(step.x, (groups, step.side[0] // groups, *sides))
    x = step.transpose(x, [0, 2, 1, *range(3, 3 + len(sides))])
    return step.reshape(x, step.side)


@writes("mean")
def mean(step: Step) -> str:
    """ReduceMean."""
    return step.reduce("ReduceMean", step.x, [axis + 1 for axis in step.layer.mixes(step.side)])


@writes("slice")
def cut(step: Step) -> str:
    """Slice."""
    layer, n = step.layer, step.side[step.layer.axis]
    start, end, _ = slice(layer.start, layer.end).indices(n)
    return _sliced(step, step.x, [(layer.axis + 1, start, end)])


def _sliced(step: Step, x: str, parts: list[tuple[int, int, int]]) -> str:
    axes, starts, ends = (list(column) for column in zip(*parts, strict=True))
    return step.op("Slice", x, step.integers(starts), step.integers(ends), step.integers(axes))


def _rows(n: int, before: int, after: int, mode: str) -> Array:
    """Which row of n each row of the result repeats."""
    rows = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(rows, 0, n - 1)
    if mode == "circular":
        return rows % n
    period = max(1, 2 * (n - 1))
    return np.minimum(rows % period, -rows % period)


@writes("crop")
def crop(step: Step) -> str:
    """Slice, of the axes that lose rows."""
    amounts = step.layer.config(step.side)["amount"]
    parts = [
        (axis, before, n - after)
        for axis, (n, (before, after)) in enumerate(zip(step.side[1:], amounts, strict=True), start=2)
        if before or after
    ]
    if any(min(pair) < 0 for pair in amounts):
        return _zeros(step, [(-before, -after) for before, after in amounts])
    return _sliced(step, step.x, parts) if parts else step.x


@writes("pad")
def pad(step: Step) -> str:
    """Pad, or where it also cuts or wraps around, the rows gathered."""
    mode, amounts = step.layer.mode, step.layer.config(step.side)["amount"]
    if mode == "zeros":
        return _zeros(step, amounts, float(step.layer.value))
    before, after = ([pair[k] for pair in amounts] for k in (0, 1))
    if mode != "circular" and min(*before, *after) >= 0:
        name = {"reflect": "reflect", "replicate": "edge"}[mode]
        return step.pad(step.x, before, after, mode=name)
    x = step.x
    for axis, (n, pair) in enumerate(zip(step.side[1:], amounts, strict=True), start=2):
        if any(pair):
            x = step.take(x, _rows(n, pair[0], pair[1], mode), axis)
    return x


def _zeros(step: Step, amounts: list[tuple[int, int]], value: float = 0.0) -> str:
    """Rows cut off where amounts are negative, then the others added."""
    parts = [
        (axis, max(0, -before), n - max(0, -after))
        for axis, (n, (before, after)) in enumerate(zip(step.side[1:], amounts, strict=True), start=2)
        if min(before, after) < 0
    ]
    x = _sliced(step, step.x, parts) if parts else step.x
    before, after = ([max(0, pair[k]) for pair in amounts] for k in (0, 1))
    if not any(before) and not any(after):
        return x
    return step.pad(x, before, after, value)
