from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers import sampling
from cnncalc.layers.base import Reach
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

HALF = Fraction(1, 2)

ROWS = [
    Row("upsample", {"factor": 2}, (3, 4, 5), (3, 8, 10)),
    Row("upsample", {"factor": [1.5, 2]}, (3, 5, 5), (3, 7, 10)),
    Row("upsample", {"factor": 0.5, "mode": "bilinear"}, (3, 5, 5), (3, 2, 2)),
    Row("upsample", {"size": 9, "mode": "linear"}, (3, 5), (3, 9)),
    Row("upsample", {"size": [2, 3, 4], "mode": "trilinear"}, (3, 5, 5, 5), (3, 2, 3, 4)),
    Row("upsample", {"size": [9, 9], "mode": "bicubic", "align_corners": True}, (3, 5, 5), (3, 9, 9)),
    Row("upsample", {"factor": 2, "mode": "area"}, (3, 5), (3, 10)),
    Row("pixel_shuffle", {"factor": 2}, (16, 3, 5), (4, 6, 10)),
    Row("pixel_shuffle", {"factor": 2}, (16, 3), (8, 6)),
    Row("pixel_shuffle", {"factor": 2}, (16, 3, 3, 3), (2, 6, 6, 6)),
    Row("pixel_unshuffle", {"factor": 2}, (4, 6, 10), (16, 3, 5)),
    Row("space_to_depth", {"factor": 4}, (3, 8, 4), (48, 2, 1)),
]

REFUSALS = [
    Refusal("upsample", {}, (3, 4), "E305", None, "needs 'factor' or 'size'"),
    Refusal("upsample", {"factor": 2, "size": 8}, (3, 4), "E312", "size", "not both"),
    Refusal(
        "upsample",
        {"factor": 2, "mode": "bilinear"},
        (3, 4),
        "E405",
        "mode",
        "2 spatial axes, but the tensor here has 1",
    ),
    Refusal("upsample", {"factor": 2, "mode": "linear"}, (3, 4, 4), "E405", "mode", "linear interpolation"),
    Refusal("upsample", {"factor": 2, "mode": "trilinear"}, (3, 4, 4), "E405", "mode", "trilinear interpolation"),
    Refusal(
        "upsample", {"factor": 2, "align_corners": True}, (3, 4), "E312", "align_corners", "nearest, which does not"
    ),
    Refusal(
        "upsample",
        {"factor": [2, 0.1]},
        (3, 4, 4),
        "E409",
        "factor",
        "nothing is left of the width: floor(4 * 0.1) = 0",
    ),
    Refusal("upsample", {"factor": "big"}, (3, 4), "E302", "factor", "must be a number"),
    Refusal("upsample", {"factor": [2, 2]}, (3, 4), "E306", "factor", "2 sides"),
    Refusal("pixel_shuffle", {"factor": 3}, (16, 3, 5), "E402", "factor", "9 channels become one, and 16 channels"),
    Refusal(
        "pixel_unshuffle", {"factor": 2}, (4, 6, 5), "E402", "factor", "a width of 5 cannot be cut into blocks of 2"
    ),
    Refusal("space_to_depth", {"factor": 0}, (4, 6, 6), "E303", "factor", "at least 1"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


@pytest.mark.parametrize(
    "kind, values, n, expected",
    [
        ("upsample", {"factor": 2}, 8, Reach(HALF, -HALF, 0)),
        ("upsample", {"factor": 1}, 8, Reach(1, 0, 0)),
        ("upsample", {"factor": 2, "mode": "nearest_exact"}, 8, Reach(HALF, -HALF, 0)),
        ("upsample", {"size": 4}, 8, Reach(2, 0, 0)),
        ("upsample", {"size": 4, "mode": "nearest_exact"}, 8, Reach(2, 1, 1)),
        ("upsample", {"factor": 2, "mode": "linear"}, 8, Reach(HALF, -1, HALF)),
        ("upsample", {"factor": 1, "mode": "linear"}, 8, Reach(1, 0, 0)),
        ("upsample", {"size": 4, "mode": "linear"}, 8, Reach(2, 0, 1)),
        ("upsample", {"size": 8, "mode": "linear", "align_corners": True}, 8, Reach(1, 0, 0)),
        ("upsample", {"size": 15, "mode": "linear", "align_corners": True}, 8, Reach(HALF, -HALF, HALF)),
        ("upsample", {"size": 1, "mode": "linear", "align_corners": True}, 8, Reach(8, 0, 0)),
        ("upsample", {"size": 4, "mode": "area"}, 8, Reach(2, 0, 1)),
        ("upsample", {"size": 1, "mode": "area"}, 8, None),
        ("pixel_shuffle", {"factor": 2}, 8, Reach(HALF, -HALF, 0)),
        ("pixel_unshuffle", {"factor": 3}, 9, Reach(3, 0, 2)),
        ("space_to_depth", {"factor": 3}, 9, Reach(3, 0, 2)),
    ],
)
def test_reach(kind: str, values: dict[str, Any], n: int, expected: Reach | None) -> None:
    assert reach(kind, values, (4, n)) == (expected,)


def test_reach_of_cubic_interpolation_has_four_taps() -> None:
    assert reach("upsample", {"factor": 2, "mode": "bicubic"}, (1, 9, 9)) == (Reach(HALF, -2, Fraction(3, 2)),) * 2


@given(st.integers(1, 6), st.integers(1, 4), st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_shuffle_undoes_unshuffle(channels: int, factor: int, sides: list[int]) -> None:
    x = (channels, *(factor * side for side in sides))
    smaller = make("pixel_unshuffle", {"factor": factor}, x).infer(x).shape
    assert smaller == (channels * factor ** len(sides), *sides)
    assert make("pixel_shuffle", {"factor": factor}, smaller).infer(smaller).shape == x


def _read(mode: str, i: int, n: int, m: int) -> tuple[int, int]:
    """The first and last pixel that unit i reads, from the textbook formulas; the image goes on for ever."""
    middle = (i + HALF) * n / m
    match mode:
        case "bins":
            return i * n // m, -(-(i + 1) * n // m) - 1
        case "nearest":
            return i * n // m, i * n // m
        case "nearest_exact":
            return floor(middle), floor(middle)
    place = Fraction(i * (n - 1), max(m - 1, 1)) if "corners" in mode else middle - HALF
    span = 1 if "linear" in mode else 2
    read = [p for p in range(floor(place) - 2, floor(place) + 4) if p == place or abs(p - place) < span]
    # a cubic kernel is 0 at distance 1, so a place on a pixel reads that pixel alone
    read = [p for p in read if p == place or place.denominator > 1]
    return min(read), max(read)


RULES: dict[str, Callable[[int, int], Reach]] = {
    "bins": sampling.bins,
    "nearest": sampling.nearest,
    "nearest_exact": sampling.nearest_exact,
    "linear": partial(sampling.between_centres, neighbours=1),
    "cubic": partial(sampling.between_centres, neighbours=2),
    "linear corners": partial(sampling.between_corners, neighbours=1),
    "cubic corners": partial(sampling.between_corners, neighbours=2),
}


@given(st.sampled_from(sorted(RULES)), st.integers(1, 30), st.integers(1, 40))
def test_windows_are_the_tightest_that_contain_all_pixels(mode: str, n: int, m: int) -> None:
    window = RULES[mode](n, m)
    read = [_read(mode, i, n, m) for i in range(m)]
    assert window.first == min(first - i * window.scale for i, (first, _) in enumerate(read))
    assert window.last == max(last - i * window.scale for i, (_, last) in enumerate(read))


def test_windows_of_huge_maps_cost_nothing() -> None:
    assert sampling.nearest(3, 2**31 - 1).scale == Fraction(3, 2**31 - 1)
