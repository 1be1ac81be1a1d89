"""Filters with names, applied to pictures, and a filter learned from a picture and its wanted edges.

Signs follow cross-correlation: `sobel-x` answers with positive numbers where it gets lighter to the right.
References: Sobel & Feldman (1968); Prewitt (1970); Scharr, Optimale Operatoren (2000), §9; the
Laplacian and sharpening as in Gonzalez & Woods, Digital Image Processing, §3.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from cnncalc.engine.kernels import Array, Context
from cnncalc.engine.kernels_conv import convolve
from cnncalc.errors import DataError, did_you_mean
from cnncalc.layers.facts import Window
from cnncalc.layers.filters import SOBEL, filter_names, filter_rows

ANGLE = re.compile(r"(-?\d+(?:\.\d+)?)(?:deg|°)?")


def named_filter(name: str) -> Array:
    """The kernel of a name (`sobel-y`), an angle (`45deg`), or written out (`1,0,-1;1,0,-1;1,0,-1`).

    The filter of an angle answers to edges across which it gets lighter in that direction: 0 is to the
    right, 90 is upwards.

    Raises:
        DataError: if it is none of these.
    """
    rows = filter_rows(name)
    if rows is not None:
        return np.array(rows, float)
    if "," in name or ";" in name:
        return _written(name)
    match = ANGLE.fullmatch(name)
    if match:
        turn = radians(float(match[1]))
        across = np.array(SOBEL, float)
        return cos(turn) * across - sin(turn) * across.T
    names = filter_names()
    raise DataError(f"there is no filter '{name}': {did_you_mean(name, names) or 'there are ' + ', '.join(names)}")


def _written(text: str) -> Array:
    try:
        rows = [[float(number) for number in row.split(",")] for row in text.strip(" ;").split(";")]
    except ValueError:
        raise DataError(f"'{text}' is no kernel: write rows like 1,0,-1;1,0,-1;1,0,-1") from None
    if len({len(row) for row in rows}) != 1:
        raise DataError(f"the rows of '{text}' differ in length")
    return np.array(rows)


def apply_filter(planes: Array, kernel: Array, *, convolution: bool = False, same: bool = True) -> Array:
    """Each plane of (channels, height, width) filtered.

    Args:
        planes: a picture.
        kernel: (rows, columns).
        convolution: flip the kernel both ways first; by default it is cross-correlated.
        same: repeat the edge so that the size stays; otherwise the picture shrinks by the kernel less one.

    Raises:
        DataError: if the kernel is larger than the picture.
    """
    kernel = np.flip(kernel) if convolution else kernel
    if same:
        rows, columns = ((n - 1) // 2 for n in kernel.shape)
        around = ((0, 0), (rows, kernel.shape[0] - 1 - rows), (columns, kernel.shape[1] - 1 - columns))
        planes = np.pad(planes, around, mode="edge")
    if any(n < f for n, f in zip(planes.shape[1:], kernel.shape, strict=True)):
        raise DataError("the kernel is larger than the picture")
    windows = [Window(f, 1, (0, 0), 1) for f in kernel.shape]
    return convolve(planes[:, None], kernel[None, None], windows, 1, None, Context())[:, 0]


@dataclass(frozen=True)
class Lesson:
    """What gradient descent found: kernels as rows, the loss (mean squared error) by step."""

    target: str
    true: tuple[tuple[float, ...], ...]
    learned: tuple[tuple[float, ...], ...]
    losses: tuple[float, ...]
    steps: int
    error: float
    """The largest difference between a number of the learned and of the true kernel."""


def learn_filter(picture: Array, target: str, *, steps: int = 200, seed: int = 0) -> Lesson:
    """Find the nine numbers of a kernel from a grey picture and the map its true kernel gives.

    The loss is quadratic, so each step goes as far along the gradient as lowers it most; directions
    are conjugate, which a picture whose neighbours are alike needs.
    Reference: Hestenes & Stiefel (1952); Goodfellow et al., Deep Learning (2016), §8.6.2.

    Args:
        picture: (height, width), at least 3x3.
        target: a filter's name or angle.
        steps: at most so many.
        seed: of the nine numbers it starts from.
    """
    true = named_filter(target)
    wanted = apply_filter(picture[None], true, same=False).reshape(-1)
    windows = np.lib.stride_tricks.sliding_window_view(picture, true.shape).reshape(-1, true.size)
    count = len(wanted)
    guess = np.random.default_rng(seed).standard_normal(true.size) * 0.1
    residual = windows @ guess - wanted
    direction = gradient = -(windows.T @ residual) * 2 / count
    losses = [float(residual @ residual) / count]
    goal = losses[0] * 1e-24
    for _ in range(steps):
        response = windows @ direction
        steepness = 2 * float(response @ response) / count
        if losses[-1] <= goal or steepness <= 0:
            break
        step = float(gradient @ gradient) / steepness
        guess = guess + step * direction
        residual = residual + step * response
        following = -(windows.T @ residual) * 2 / count
        direction = following + float(following @ following) / max(float(gradient @ gradient), 1e-300) * direction
        gradient = following
        losses.append(float(residual @ residual) / count)
    learned = guess.reshape(true.shape)
    error = float(np.abs(learned - true).max())
    return Lesson(target, _rows(true), _rows(learned), tuple(losses), len(losses) - 1, error)


def _rows(kernel: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(number) for number in row) for row in kernel)
