from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.layers.base import Reach
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    Row("maxpool", {"kernel": 2}, (6, 28, 28), (6, 14, 14)),
    Row("maxpool", {"kernel": 3, "stride": 2}, (64, 55, 55), (64, 27, 27)),
    # a last window may hang over, but not start in the far padding
    Row("maxpool", {"kernel": 1, "stride": 2, "rounding": "ceil"}, (1, 10), (1, 5)),
    Row("maxpool", {"kernel": 3, "stride": 2, "padding": 1, "rounding": "ceil"}, (1, 6), (1, 4)),
    Row("maxpool", {"kernel": 3, "stride": 2, "rounding": "ceil"}, (1, 6), (1, 3)),
    Row("maxpool", {"kernel": 3, "stride": 2, "padding": "same"}, (1, 8, 7), (1, 4, 4)),
    Row("maxpool", {"kernel": [2, 1, 3]}, (2, 4, 5, 6), (2, 2, 5, 2)),
    Row("avgpool", {"kernel": 2, "count_padding": False}, (3, 7, 7), (3, 3, 3)),
    Row("lppool", {"kernel": 2, "p": 3}, (3, 7), (3, 3)),
    Row("adaptive_avgpool", {"size": 7}, (8, 10, 20), (8, 7, 7)),
    Row("adaptive_maxpool", {"size": [3, 2]}, (8, 2, 20), (8, 3, 2)),
    Row("global_avgpool", {}, (8, 10, 20), (8, 1, 1)),
    Row("global_maxpool", {}, (8, 10), (8, 1)),
]

REFUSALS = [
    Refusal("maxpool", {"kernel": 3}, (1, 2), "E401", "kernel", "does not fit"),
    Refusal(
        "maxpool", {"kernel": 3, "padding": 2}, (1, 8), "E407", "padding", "more than half of the window's 3 pixels"
    ),
    Refusal("maxpool", {"kernel": 3, "padding": 2, "dilation": 3}, (1, 20), "E407", "padding", "more than half"),
    Refusal("avgpool", {"kernel": 2, "stride": 0}, (1, 8), "E303", "stride", "at least 1"),
    Refusal("avgpool", {"kernel": 2, "rounding": "up"}, (1, 8), "E304", "rounding", "cannot be up"),
    Refusal("adaptive_avgpool", {"size": 0}, (1, 8), "E303", "size", "at least 1"),
    Refusal("adaptive_avgpool", {"size": [1, 1]}, (1, 8), "E306", "size", "2 sides"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_stride_follows_the_kernel() -> None:
    assert make("maxpool", {"kernel": [2, 3]}, (1, 8, 8)).values["stride"] == (2, 3)


def test_reach() -> None:
    assert reach("maxpool", {"kernel": 3, "stride": 2, "padding": 1}, (1, 9)) == (Reach(2, -1, 1),)
    assert reach("adaptive_avgpool", {"size": 4}, (1, 8)) == (Reach(2, 0, 1),)
    assert reach("adaptive_avgpool", {"size": 1}, (1, 8)) == (None,)
    assert reach("global_avgpool", {}, (1, 8, 8)) == (None, None)


def test_uneven_bins_lie_in_the_smallest_even_windows() -> None:
    # 7 into 3: bins 0–2, 2–4, 4–6 around places 0, 7/3, 14/3
    assert reach("adaptive_maxpool", {"size": 3}, (1, 7)) == (Reach(Fraction(7, 3), Fraction(-2, 3), 2),)
