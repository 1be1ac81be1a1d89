from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers.base import SAME_UNIT, Reach
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    Row("pad", {"amount": 1}, (3, 4, 5), (3, 6, 7)),
    Row("pad", {"amount": [1, 2]}, (3, 4, 5), (3, 6, 9)),
    Row("pad", {"amount": [[0, 1], [2, 0]]}, (3, 4, 5), (3, 5, 7)),
    Row("pad", {"amount": [[-1, 3]]}, (3, 4), (3, 6)),
    Row("pad", {"size": [7, 7]}, (3, 4, 5), (3, 7, 7)),
    Row("pad", {"size": 3}, (3, 4, 5), (3, 3, 3)),
    Row("pad", {"amount": 3, "mode": "reflect"}, (3, 4), (3, 10)),
    Row("pad", {"amount": 4, "mode": "circular"}, (3, 4), (3, 12)),
    Row("pad", {"amount": 9, "mode": "replicate"}, (3, 4), (3, 22)),
    Row("pad", {"amount": 1, "value": 0.5}, (3, 4, 4, 4), (3, 6, 6, 6)),
    Row("crop", {"amount": 1}, (3, 4, 5), (3, 2, 3)),
    Row("crop", {"amount": [[0, 1], [2, 0]]}, (3, 4, 5), (3, 3, 3)),
    Row("crop", {"size": [3, 2]}, (3, 4, 5), (3, 3, 2)),
    Row("slice", {"start": 2, "end": 5}, (8, 4), (3, 4)),
    Row("slice", {"end": 4}, (8, 4), (4, 4)),
    Row("slice", {"start": -2}, (8, 4), (2, 4)),
    Row("slice", {"start": 1, "end": -1, "axis": 2}, (8, 4, 6), (8, 4, 4)),
]

REFUSALS = [
    Refusal("pad", {}, (3, 4), "E305", None, "needs 'amount' or 'size'"),
    Refusal("crop", {"amount": 1, "size": 2}, (3, 4), "E312", "size", "not both"),
    Refusal("pad", {"amount": -2}, (3, 4), "E409", "amount", "nothing is left of the length: 4 + -2 + -2 = 0"),
    Refusal(
        "pad",
        {"amount": 4, "mode": "reflect"},
        (3, 9, 4),
        "E411",
        "amount",
        "reflect padding of 4 needs a larger width than 4",
    ),
    Refusal("pad", {"amount": 5, "mode": "circular"}, (3, 4), "E411", "amount", "circular padding of 5"),
    Refusal("pad", {"size": 9, "mode": "reflect"}, (3, 2), "E411", "size", "reflect padding of 4"),
    Refusal("pad", {"amount": 1, "mode": "zero"}, (3, 4), "E304", "mode", "cannot be zero"),
    Refusal("pad", {"amount": [1, 2, 3]}, (3, 4, 4), "E306", "amount", "3 sides"),
    Refusal("crop", {"amount": 2}, (3, 4), "E409", "amount", "nothing is left of the length: 4 - 2 - 2 = 0"),
    Refusal("crop", {"amount": -1}, (3, 4), "E303", "amount", "at least 0"),
    Refusal("crop", {"size": [5, 6]}, (3, 5, 5), "E412", "size", "a width of 6 cannot be cropped out of 5"),
    Refusal("slice", {"axis": 2}, (8, 4), "E405", "axis", "no axis 2"),
    Refusal("slice", {"end": 9}, (8, 4), "E412", "end", "positions 0 to 9 leave an axis of 8"),
    Refusal("slice", {"start": -9}, (8, 4), "E412", "start", "positions -9 to 8"),
    Refusal("slice", {"start": 4, "end": 4}, (8, 4), "E409", "end", "nothing is left"),
    Refusal("slice", {"start": 8}, (8, 4), "E409", "start", "nothing is left"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_reach_is_shifted() -> None:
    assert reach("pad", {"amount": [[2, 1], [-1, 0]]}, (3, 4, 5)) == (Reach(1, -2, -2), Reach(1, 1, 1))
    assert reach("crop", {"size": 4}, (3, 9)) == (Reach(1, 2, 2),)
    assert reach("slice", {"start": 2, "axis": 2}, (3, 4, 5)) == (SAME_UNIT, Reach(1, 2, 2))


def test_the_odd_row_is_after() -> None:
    assert make("pad", {"size": 9}, (1, 4)).config((1, 4))["amount"] == ((2, 3),)
    assert make("pad", {"size": 4}, (1, 9)).config((1, 9))["amount"] == ((-2, -3),)
    assert make("crop", {"size": 4}, (1, 9)).config((1, 9))["amount"] == ((2, 3),)


@given(st.integers(1, 40), st.integers(1, 40))
def test_pad_to_a_size_is_undone_by_crop(n: int, more: int) -> None:
    x = (1, n)
    larger = make("pad", {"size": n + more}, x)
    y = larger.infer(x).shape
    smaller = make("crop", {"size": n}, y)
    assert smaller.infer(y).shape == x
    (there,), (back,) = larger.reach(x, y), smaller.reach(y, x)
    assert there is not None and back is not None
    assert there.first + back.first == 0
