"""Random networks as specs, and what they compute with all-positive weights: for tests that compare.

A network is a tree of steps, drawn together with a plain NumPy evaluation that knows nothing of the
package: every weight is 1, pooling takes the maximum or the sum, so an output changes exactly if one
of the inputs it is computed from does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

Array = np.ndarray[Any, np.dtype[np.float64]]
"""Cases, channels, then spatial axes."""
LONGEST = 40


class ImpossibleError(Exception):
    """A layer that does not fit its input."""


def slide(a: Array, axis: int, f: int, s: int, pads: tuple[int, int], d: int, most: bool = False) -> Array:
    """A window of ones along one axis: the sum, or the largest, of its taps."""
    padded = np.pad(a, [pads if k == axis else (0, 0) for k in range(a.ndim)])
    span = d * (f - 1) + 1
    count = (padded.shape[axis] - span) // s + 1
    if count < 1:
        raise ImpossibleError
    taps = [np.take(padded, [i * s + d * t for i in range(count)], axis) for t in range(f)]
    result: Array = np.maximum.reduce(taps) if most else np.add.reduce(taps)
    return result


def lay(a: Array, axis: int, f: int, s: int, cut: int, d: int) -> Array:
    """The transpose of a window of ones along one axis."""
    n = a.shape[axis]
    out = np.zeros([(n - 1) * s + d * (f - 1) + 1 if k == axis else side for k, side in enumerate(a.shape)])
    for i in range(n):
        for t in range(f):
            place: list[Any] = [slice(None)] * a.ndim
            place[axis] = i * s + d * t
            out[tuple(place)] += np.take(a, i, axis)
    if out.shape[axis] <= 2 * cut:
        raise ImpossibleError
    return np.take(out, range(cut, out.shape[axis] - cut), axis)


def resize(a: Array, axis: int, m: int, mode: str) -> Array:
    """Nearest or linear interpolation, half-pixel centres."""
    n = a.shape[axis]
    if mode == "nearest":
        return np.take(a, [i * n // m for i in range(m)], axis)
    columns = []
    for i in range(m):
        place = min(max((i + 0.5) * n / m - 0.5, 0.0), n - 1.0)
        low = int(place)
        weight = round(place - low, 9)
        high = np.take(a, min(low + 1, n - 1), axis)
        columns.append(np.take(a, low, axis) * (1 - weight) + high * weight)
    return np.stack(columns, axis)


def bins(a: Array, axis: int, m: int) -> Array:
    """Sums over adaptive bins."""
    n = a.shape[axis]
    return np.stack([np.take(a, range(i * n // m, -(-(i + 1) * n // m)), axis).sum(axis) for i in range(m)], axis)


def fit(a: Array, axis: int, m: int) -> Array:
    """Cut to a side of m around the middle, the odd row after."""
    start = (a.shape[axis] - m) // 2
    return np.take(a, range(start, start + m), axis)


def windows(rank: int) -> st.SearchStrategy[Any]:
    """Kernel, stride, (before, after), dilation, for each axis on its own."""
    one = st.tuples(
        st.integers(1, 4), st.integers(1, 3), st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(1, 2)
    )
    return st.tuples(*[one] * rank)


def sides(*values: int) -> st.SearchStrategy[int]:
    return st.sampled_from(values)


def leaves(rank: int) -> st.SearchStrategy[Any]:
    """One layer: (kind, its numbers)."""

    def per_axis(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.tuples(*[one] * rank)

    pair = st.tuples(st.integers(0, 2), st.integers(0, 2))
    return st.one_of(
        st.tuples(st.sampled_from(["conv", "depthwise"]), windows(rank)),
        st.tuples(st.just("maxpool"), per_axis(st.tuples(sides(1, 2, 3), sides(1, 2), sides(0, 1), sides(1, 2)))),
        st.tuples(
            st.just("conv_transpose"), per_axis(st.tuples(sides(1, 2, 3), sides(1, 2, 3), sides(0, 1), sides(1, 2)))
        ),
        st.tuples(st.just("upsample"), st.tuples(sides(1, 2, 3), st.sampled_from(["nearest", "linear"]))),
        st.tuples(st.just("adaptive_avgpool"), per_axis(st.integers(1, 9))),
        st.tuples(st.sampled_from(["pad", "crop"]), per_axis(pair)),
        st.tuples(st.just("global_avgpool"), st.just(())),
    )


def trees(rank: int) -> st.SearchStrategy[Any]:
    """Chains of layers and of merges of chains."""
    chain = st.lists(leaves(rank), min_size=0, max_size=3)
    merge = st.tuples(st.sampled_from(["add", "concat", "mul"]), st.lists(chain, min_size=2, max_size=3))
    inner = st.lists(st.one_of(leaves(rank), merge), min_size=1, max_size=3)
    outer = st.tuples(st.sampled_from(["add", "concat"]), st.lists(inner, min_size=2, max_size=2))
    return st.lists(st.one_of(leaves(rank), merge, outer), min_size=1, max_size=4)


def run(steps: list[Any], a: Array) -> tuple[list[str], Array]:
    """The steps as items of a spec, in flow style, and what they make of `a`."""
    texts = []
    for kind, values in steps:
        text, a = _merge(kind, values, a) if kind in ("add", "concat", "mul") else _layer(kind, values, a)
        if max(a.shape[2:]) > LONGEST or min(a.shape[2:]) < 1:
            raise ImpossibleError
        texts.append(text)
    return texts, a


def _merge(kind: str, branches: list[Any], a: Array) -> tuple[str, Array]:
    done = [run(branch, a) for branch in branches]
    rank = a.ndim - 2
    least = [min(out.shape[2 + axis] for _, out in done) for axis in range(rank)]
    parts, texts = [], []
    for items, out in done:
        for axis in range(rank):
            out = fit(out, 2 + axis, least[axis])
        if kind != "concat" and out.shape[1] > 1:
            items, out = [*items, "{pointwise: 1}"], out.sum(1, keepdims=True)
        texts.append(f"[{', '.join([*items, f'{{crop: {{size: {least}}}}}'])}]")
        parts.append(out)
    if kind == "concat":
        return f"{{concat: [{', '.join(texts)}]}}", np.concatenate(parts, 1)
    return f"{{{kind}: [{', '.join(texts)}]}}", np.add.reduce(parts)


def _layer(kind: str, values: Any, a: Array) -> tuple[str, Array]:
    axes = range(2, a.ndim)
    if kind in ("conv", "depthwise"):
        for axis, (f, s, pads, d) in zip(axes, values, strict=True):
            a = slide(a, axis, f, s, pads, d)
        f, s, pads, d = (
            list(map(list, column) if k == 2 else column) for k, column in enumerate(zip(*values, strict=True))
        )
        filters = "filters: 1, " if kind == "conv" else ""
        a = a.sum(1, keepdims=True) if kind == "conv" else a
        return f"{{{kind}: {{{filters}kernel: {f}, stride: {s}, padding: {pads}, dilation: {d}}}}}", a
    if kind == "maxpool":
        for axis, (f, s, p, d) in zip(axes, values, strict=True):
            if 2 * p > f:
                raise ImpossibleError
            a = slide(a, axis, f, s, (p, p), d, most=True)
        f, s, p, d = map(list, zip(*values, strict=True))
        return f"{{maxpool: {{kernel: {f}, stride: {s}, padding: {p}, dilation: {d}}}}}", a
    if kind == "conv_transpose":
        for axis, (f, s, p, d) in zip(axes, values, strict=True):
            a = lay(a, axis, f, s, p, d)
        f, s, p, d = map(list, zip(*values, strict=True))
        text = f"{{conv_transpose: {{filters: 1, kernel: {f}, stride: {s}, padding: {p}, dilation: {d}}}}}"
        return text, a.sum(1, keepdims=True)
    return _reshaping(kind, values, a)


def _reshaping(kind: str, values: Any, a: Array) -> tuple[str, Array]:
    axes = range(2, a.ndim)
    if kind == "upsample":
        factor, mode = values
        for axis in axes:
            a = resize(a, axis, factor * a.shape[axis], mode)
        word = {1: "linear", 2: "bilinear"}[a.ndim - 2] if mode == "linear" else mode
        return f"{{upsample: {{factor: {factor}, mode: {word}}}}}", a
    if kind == "adaptive_avgpool":
        for axis, m in zip(axes, values, strict=True):
            a = bins(a, axis, m)
        return f"{{adaptive_avgpool: {{size: {list(values)}}}}}", a
    if kind == "global_avgpool":
        return "global_avgpool", a.sum(tuple(axes), keepdims=True)
    for axis, (before, after) in zip(axes, values, strict=True):
        if kind == "pad":
            a = np.pad(a, [(before, after) if k == axis else (0, 0) for k in range(a.ndim)])
        elif a.shape[axis] <= before + after:
            raise ImpossibleError
        else:
            a = np.take(a, range(before, a.shape[axis] - after), axis)
    return f"{{{kind}: {list(map(list, values))}}}", a
