"""Which pixels one resized pixel is made of, exactly; `sampling` gives the spans around all of them.

Each function takes n inputs and m outputs and gives a function from the place of an output to the
places it reads.  All in whole numbers.  Reference: the half-pixel and corner conventions as in
Keys (1981) and the interpolation layers of the common frameworks.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.layers.facts import Reads


def bins(n: int, m: int) -> Reads:
    """Adaptive pooling, and `area`: from floor(i·n/m) to ceil((i + 1)·n/m) - 1."""
    return lambda i: range(i * n // m, -(-(i + 1) * n // m))


def nearest(n: int, m: int) -> Reads:
    """The pixel at floor(i·n/m)."""
    return lambda i: (i * n // m,)


def nearest_exact(n: int, m: int) -> Reads:
    """The pixel under the middle of the unit: floor((i + 1/2)·n/m)."""
    return lambda i: ((2 * i + 1) * n // (2 * m),)


def between_centres(n: int, m: int, neighbours: int) -> Reads:
    """`neighbours` pixels on each side of (i + 1/2)·n/m - 1/2, the place held inside the image if linear."""

    def place(i: int) -> int:
        at = (2 * i + 1) * n - m
        return min(max(at, 0), 2 * m * (n - 1)) if neighbours == 1 else at

    return _around(place, 2 * m, n, neighbours)


def between_corners(n: int, m: int, neighbours: int) -> Reads:
    """`neighbours` pixels on each side of i·(n - 1)/(m - 1)."""
    if m == 1:
        return lambda i: (0,)
    return _around(lambda i: i * (n - 1), m - 1, n, neighbours)


def _around(place: Callable[[int], int], unit: int, n: int, neighbours: int) -> Reads:
    def reads(i: int) -> range:
        low, rest = divmod(place(i), unit)
        if not rest:  # exactly on a pixel: its neighbours have weight 0
            return range(low, low + 1)
        return range(max(low - neighbours + 1, 0), min(low + neighbours, n - 1) + 1)

    return reads


def border(n: int, before: int, mode: str) -> Reads:
    """Rows added before (taken away where negative); past the edge, what `mode` puts there."""
    if mode == "replicate":
        return lambda i: (min(max(i - before, 0), n - 1),)
    if mode == "circular":
        return lambda i: ((i - before) % n,)
    if mode == "reflect":
        period = max(1, 2 * (n - 1))
        return lambda i: (min((i - before) % period, -(i - before) % period),)
    return lambda i: (i - before,)


def transposed(n: int, stride: int, cut: int, kernel: int, dilation: int) -> Reads:
    """The inputs whose kernel, laid down a stride apart, has a tap at place i."""

    def reads(i: int) -> list[int]:
        ends = [divmod(i + cut - dilation * t, stride) for t in range(kernel)]
        return [place for place, rest in ends if rest == 0 and 0 <= place < n]

    return reads
