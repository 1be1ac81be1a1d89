"""Which pixels a resized pixel is made of, and the tightest evenly spaced windows that contain them.

Unit i of m, made from n inputs, lies at i·n/m; the pixels it reads wander around that place from
unit to unit.  `envelope` gives the smallest window that, moved by n/m per unit, covers all of them.
Everything is computed in whole numbers, so results are exact.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.layers.base import Reach

Taps = Callable[[int, int, int], tuple[int, int]]
"""(i, n, m) -> the first and last input that unit i of m reads."""


def bins(i: int, n: int, m: int) -> tuple[int, int]:
    """Adaptive pooling, and `area`: from floor(i·n/m) to ceil((i+1)·n/m) - 1."""
    return i * n // m, -(-(i + 1) * n // m) - 1


def nearest(i: int, n: int, m: int) -> tuple[int, int]:
    """The input at floor(i·n/m)."""
    return i * n // m, i * n // m


def nearest_exact(i: int, n: int, m: int) -> tuple[int, int]:
    """The input under the middle of the unit: floor((i + 1/2)·n/m)."""
    place = (2 * i + 1) * n // (2 * m)
    return place, place


def half_pixel(reach: int) -> Taps:
    """Interpolation between pixel centres: `reach` neighbours on each side, 1 linear, 2 cubic."""

    def taps(i: int, n: int, m: int) -> tuple[int, int]:
        # the place is (i + 1/2)·n/m - 1/2, here as a fraction of 2m, held inside the image
        place = (2 * i + 1) * n - m
        if reach == 1:
            place = min(max(place, 0), 2 * m * (n - 1))
        return _neighbours(place, 2 * m, n, reach)

    return taps


def corners(reach: int) -> Taps:
    """Interpolation with the outermost centres on top of each other: the place is i(n - 1)/(m - 1)."""

    def taps(i: int, n: int, m: int) -> tuple[int, int]:
        return _neighbours(i * (n - 1), m - 1, n, reach) if m > 1 else (0, 0)

    return taps


def _neighbours(place: int, unit: int, n: int, reach: int) -> tuple[int, int]:
    low, rest = divmod(place, unit)
    if not rest:  # exactly on a pixel: its neighbours have weight 0
        return low, low
    return max(low - reach + 1, 0), min(low + reach, n - 1)


def envelope(n: int, m: int, taps: Taps, *, aligned: bool = False) -> Reach:
    """The smallest window per unit that contains all pixels read; `aligned` spaces units (n - 1)/(m - 1) apart."""
    rise, run = (n - 1, m - 1) if aligned and m > 1 else (n, m)
    first = last = None
    for i in range(m):
        low, high = taps(i, n, m)
        low, high = low * run - i * rise, high * run - i * rise
        first = low if first is None else min(first, low)
        last = high if last is None else max(last, high)
    from fractions import Fraction

    numbers = [Fraction(number or 0, run) for number in (rise, first, last)]
    if all(number.denominator == 1 for number in numbers):
        return Reach(*(int(number) for number in numbers))
    return Reach(*numbers)
