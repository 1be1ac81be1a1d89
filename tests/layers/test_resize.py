from __future__ import annotations

from fractions import Fraction
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
    Refusal("pixel_shuffle", {"factor": 3}, (16, 3, 5), "E402", "factor", "16 channels cannot be split into 9"),
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


def _weights(n: int, m: int, mode: str, corners: bool) -> list[set[int]]:
    """The pixels with a weight for each unit, computed with fractions from the textbook formulas."""
    result = []
    for i in range(m):
        if corners:
            place = Fraction(i * (n - 1), m - 1) if m > 1 else Fraction(0)
        else:
            place = (i + HALF) * n / m - HALF
        if mode == "linear":
            place = min(max(place, Fraction(0)), Fraction(n - 1))
            taps = {p for p in range(n) if abs(p - place) < 1}
        else:  # cubic: taps outside the image are those of the edge
            base = place.numerator // place.denominator
            distances = [(p, abs(p - place)) for p in range(base - 1, base + 3)]
            taps = {min(max(p, 0), n - 1) for p, d in distances if d < 2 and d != 1}
        result.append(taps)
    return result


@given(st.integers(1, 12), st.integers(1, 30), st.sampled_from(["linear", "cubic"]), st.booleans())
def test_interpolation_reads_the_pixels_with_a_weight(n: int, m: int, mode: str, corners: bool) -> None:
    neighbours = 1 if mode == "linear" else 2
    taps = sampling.corners(neighbours) if corners else sampling.half_pixel(neighbours)
    for i, expected in enumerate(_weights(n, m, mode, corners)):
        first, last = taps(i, n, m)
        assert (first, last) == (min(expected), max(expected)), (i, expected)


@given(
    st.integers(1, 20),
    st.integers(1, 40),
    st.sampled_from(
        [
            (sampling.bins, False),
            (sampling.nearest, False),
            (sampling.nearest_exact, False),
            (sampling.half_pixel(1), False),
            (sampling.half_pixel(2), False),
            (sampling.corners(1), True),
        ]
    ),
)
def test_envelopes_contain_all_pixels_and_touch_some(n: int, m: int, rule: tuple[sampling.Taps, bool]) -> None:
    taps, aligned = rule
    window = sampling.envelope(n, m, taps, aligned=aligned)
    low = [taps(i, n, m)[0] - i * window.scale for i in range(m)]
    high = [taps(i, n, m)[1] - i * window.scale for i in range(m)]
    assert (window.first, window.last) == (min(low), max(high))
    assert all(0 <= taps(i, n, m)[0] <= taps(i, n, m)[1] < n for i in range(m))
