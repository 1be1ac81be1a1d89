"""Which pixels a resized pixel is made of: the tightest evenly spaced windows that contain them.

Unit i of m, made from n inputs, lies at i·n/m, and the pixels it reads wander around that place from
unit to unit.  Each function gives the smallest window that, moved by n/m per unit, covers all of them.

Where a unit lies between pixels is told by a remainder of i·n divided by m.  For i = 0 … m - 1 these
remainders are all multiples of gcd(n, m), each equally often, so the extreme ones are known without
trying every unit, and results are exact.  The windows may stick out at the edges, as those of a padded
convolution do.
"""

from __future__ import annotations

from math import gcd

from cnncalc.layers.base import Reach


def _reach(scale: int, first: int, last: int, denominator: int) -> Reach:
    from fractions import Fraction

    numbers = [Fraction(number, denominator) for number in (scale, first, last)]
    whole = all(number.denominator == 1 for number in numbers)
    return Reach(*(map(int, numbers) if whole else numbers))


def bins(n: int, m: int) -> Reach:
    """Adaptive pooling, and `area`: unit i reads from floor(i·n/m) to ceil((i + 1)·n/m) - 1."""
    step = gcd(n, m)
    return _reach(n, step - m, n - step, m)


def bins_read(n: int, m: int) -> int:
    """How many pixels the m bins read together; where n/m is not whole, neighbours overlap in one."""
    return n + m - gcd(n, m)


def nearest(n: int, m: int) -> Reach:
    """Unit i reads the pixel at floor(i·n/m)."""
    return _reach(n, gcd(n, m) - m, 0, m)


def nearest_exact(n: int, m: int) -> Reach:
    """Unit i reads the pixel under its middle: floor((i + 1/2)·n/m)."""
    step = 2 * gcd(n, m)
    least = n % step  # of the remainders of (2i + 1)·n divided by 2m
    return _reach(2 * n, n - (2 * m - step + least), n - least, 2 * m)


def between_centres(n: int, m: int, neighbours: int) -> Reach:
    """Interpolation between pixel centres: unit i lies at (i + 1/2)·n/m - 1/2.

    It reads `neighbours` pixels on each side, 1 for linear and 2 for cubic interpolation, or just one
    pixel if it lies on it.
    """
    step = 2 * gcd(n, m)
    least = (n - m) % step  # of the remainders of (2i + 1)·n - m divided by 2m
    if least == 0 and step == 2 * m:  # every unit lies on a pixel
        return _reach(2 * n, n - m, n - m, 2 * m)
    first = n - m - (2 * m - step + least) - 2 * m * (neighbours - 1)
    last = n - m - (least or step) + 2 * m * neighbours
    return _reach(2 * n, first, last, 2 * m)


def between_corners(n: int, m: int, neighbours: int) -> Reach:
    """Interpolation with the outermost centres on top of each other: unit i lies at i·(n - 1)/(m - 1)."""
    if m == 1:
        return Reach(n, 0, 0)
    gaps, units = n - 1, m - 1
    step = gcd(gaps, units)
    if step == units:  # every unit lies on a pixel
        return _reach(gaps, 0, 0, units)
    return _reach(gaps, step - units - units * (neighbours - 1), units * neighbours - step, units)
