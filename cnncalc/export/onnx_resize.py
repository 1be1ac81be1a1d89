"""Resizing in ONNX: Resize where it is exact, otherwise rows gathered or matrices of weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnncalc.export.onnx_pool import mean_of_bins
from cnncalc.export.onnx_steps import Array, Step, writes
from cnncalc.layers.facts import Shape

CUBIC = -0.75


@writes("upsample")
def upsample(step: Step) -> str:
    """Resize; `area` is a mean over bins."""
    mode = step.layer.mode
    if mode == "area":
        return mean_of_bins(step)
    return _nearest(step) if mode.startswith("nearest") else _interpolated(step)


def _nearest(step: Step) -> str:
    """Repeated pixels: where sides grow by whole factors Resize, otherwise gathered, for Resize may round askew."""
    sides = list(zip(step.side[1:], step.shape[1:], strict=True))
    if all(m % n == 0 for n, m in sides):
        scales = step.constant([1.0, 1.0, *(m // n for n, m in sides)], np.float32)
        return step.op(
            "Resize",
            step.x,
            "",
            scales,
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
    x, exact = step.x, step.layer.mode == "nearest_exact"
    for axis, (n, m) in enumerate(sides, start=2):
        rows = [(2 * i + 1) * n // (2 * m) if exact else i * n // m for i in range(m)]
        if rows != list(range(n)):
            x = step.take(x, rows, axis)
    return x


def _interpolated(step: Step) -> str:
    """Resize between the centres or the corners of pixels."""
    sides = list(zip(step.side[1:], step.shape[1:], strict=True))
    cubic = step.layer.mode == "bicubic"
    if step.rank == 3 or not step.single:
        return _by_matrices(step)
    size: list[str]
    if all(m / n == float(np.float32(m / n)) for n, m in sides):
        size = [step.constant([1.0, 1.0, *(m / n for n, m in sides)], np.float32)]
        axes: dict[str, list[int]] = {}
    elif step.opset >= 18:
        size, axes = ["", step.integers(step.shape[1:])], {"axes": list(range(2, 2 + step.rank))}
    else:
        return _by_matrices(step)
    return step.op(
        "Resize",
        step.x,
        "",
        *size,
        mode="cubic" if cubic else "linear",
        coordinate_transformation_mode="align_corners" if step.layer.align_corners else "half_pixel",
        **({"cubic_coeff_a": CUBIC} if cubic else {}),
        **axes,
    )


def _by_matrices(step: Step) -> str:
    """Axis by axis, a product with the weights of the pixels each new one lies between."""
    x, shape = step.x, step.side
    for axis, m in enumerate(step.shape[1:], start=1):
        n = shape[axis]
        if n != m:
            x = step.along(x, shape, axis, weights(n, m, step.layer.mode == "bicubic", step.layer.align_corners))
        shape = (*shape[:axis], m, *shape[axis + 1 :])
    return x


def weights(n: int, m: int, cubic: bool, corners: bool) -> Array:
    """How much of each of n pixels is in each of m, as a matrix (m, n)."""
    matrix = np.zeros((m, n))
    for i in range(m):
        place = (i * (n - 1) / (m - 1) if m > 1 else 0.0) if corners else (i + 0.5) * n / m - 0.5
        if not cubic:
            place = min(max(place, 0.0), n - 1.0)
        low = int(np.floor(place))
        for k in (-1, 0, 1, 2) if cubic else (0, 1):
            matrix[i, min(max(low + k, 0), n - 1)] += _share(abs(place - low - k), cubic)
    return matrix


def _share(d: float, cubic: bool) -> float:
    """The weight of a pixel at distance d."""
    if not cubic:
        return 1 - d
    if d <= 1:
        return ((CUBIC + 2) * d - (CUBIC + 3)) * d * d + 1
    return ((CUBIC * d - 5 * CUBIC) * d + 8 * CUBIC) * d - 4 * CUBIC if d < 2 else 0.0


@writes("pixel_shuffle")
def pixel_shuffle(step: Step) -> str:
    """DepthToSpace for images; otherwise the same by hand."""
    r, rank = step.layer.factor, step.rank
    if rank == 2 and step.single:
        return step.op("DepthToSpace", step.x, blocksize=r, mode="CRD")
    x = step.reshape(step.x, (step.shape[0], *(r,) * rank, *step.side[1:]))
    order = [0, 1]
    for axis in range(rank):
        order += [2 + rank + axis, 2 + axis]
    return step.reshape(step.transpose(x, order), step.shape)


def _blocks(step: Step, leading: Sequence[int]) -> str:
    """Every axis as (places, inside), the inside ones moved to the channels."""
    r, split = step.layer.factor, []
    for n in step.side[1:]:
        split += [n // r, r]
    outside = [2 + 2 * axis for axis in range(step.rank)]
    shape: Shape = (step.side[0], *split)
    return step.reshape(step.transpose(step.reshape(step.x, shape), [0, *leading, *outside]), step.shape)


@writes("pixel_unshuffle")
def pixel_unshuffle(step: Step) -> str:
    """The channels that come from one channel stay together."""
    return _blocks(step, [1, *(3 + 2 * axis for axis in range(step.rank))])


@writes("space_to_depth")
def space_to_depth(step: Step) -> str:
    """SpaceToDepth for images; otherwise the same by hand."""
    if step.rank == 2 and step.single:
        return step.op("SpaceToDepth", step.x, blocksize=step.layer.factor)
    return _blocks(step, [*(3 + 2 * axis for axis in range(step.rank)), 1])
