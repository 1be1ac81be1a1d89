from __future__ import annotations

from itertools import pairwise, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers.base import SAME_UNIT
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    Row("flatten", {}, (16, 5, 5), (400,)),
    Row("flatten", {}, (16,), (16,)),
    Row("reshape", {"shape": [16, 5, 5]}, (400,), (16, 5, 5)),
    Row("reshape", {"shape": [16, -1, 5]}, (400,), (16, 5, 5)),
    Row("reshape", {"shape": 400}, (16, 5, 5), (400,)),
    Row("permute", {"order": [1, 2, 0]}, (3, 4, 5), (4, 5, 3)),
    Row("permute", {"order": [2, 0, 1]}, (4, 5, 3), (3, 4, 5)),
    Row("permute", {"order": 0}, (4,), (4,)),
    Row("shuffle", {"groups": 3}, (6, 4, 4), (6, 4, 4)),
    Row("mean", {}, (6, 4, 5), (6, 1, 1)),
    Row("mean", {"axes": "channels"}, (6, 4, 5), (1, 4, 5)),
    Row("mean", {"axes": "last"}, (6, 4, 5), (6, 4, 1)),
    Row("mean", {"axes": "all"}, (6, 4, 5), (1, 1, 1)),
    Row("mean", {"axes": [0, 2]}, (6, 4, 5), (1, 4, 1)),
]

REFUSALS = [
    Refusal(
        "reshape",
        {"shape": [16, 5, 6]},
        (400,),
        "E406",
        "shape",
        "400 numbers cannot become 16x5x6, which is 480",
    ),
    Refusal("reshape", {"shape": [200]}, (400,), "E406", "shape", "which is 200"),
    Refusal("reshape", {"shape": [7, -1]}, (20, 20), "E406", "shape", "20x20 = 400 numbers cannot become 7x-1"),
    Refusal("reshape", {"shape": [-1, -1]}, (400,), "E406", "shape", "only one side can be -1"),
    Refusal("reshape", {"shape": [0, -1]}, (400,), "E406", "shape", "no side can be 0"),
    Refusal("reshape", {"shape": [-2, 200]}, (400,), "E303", "shape", "at least -1"),
    Refusal("reshape", {"shape": [1, 1, 1, 1, 4]}, (4,), "E405", "shape", "up to 3 sides"),
    Refusal("permute", {"order": [0, 2]}, (3, 4, 5), "E406", "order", "no order of the 3 axes of 3x4x5"),
    Refusal("permute", {"order": [0, 1, 1]}, (3, 4, 5), "E406", "order", "[0, 1, 1]"),
    Refusal("shuffle", {"groups": 4}, (6, 4), "E402", "groups", "6 channels"),
    Refusal("mean", {}, (6,), "E405", "axes", "flat vector"),
    Refusal("mean", {"axes": [2]}, (6, 4), "E306", "axes", "axes 0 (channels) to 1"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_reach() -> None:
    assert reach("flatten", {}, (3, 4, 5)) == ()
    assert reach("reshape", {"shape": [3, 20]}, (3, 4, 5)) == (None,)
    assert reach("permute", {"order": [0, 2, 1]}, (3, 4, 5)) == (None, None)
    assert reach("mean", {"axes": [2]}, (3, 4, 5)) == (SAME_UNIT, None)
    assert reach("shuffle", {"groups": 3}, (3, 4)) == (SAME_UNIT,)


@pytest.mark.parametrize(
    "x, y, origins",
    [
        ((3, 4, 5), (60,), ((0, 1, 2),)),
        ((3, 4, 5), (3, 20), ((0,), (1, 2))),
        ((3, 4, 5), (12, 5), ((0, 1), (2,))),
        ((3, 20), (3, 4, 5), ((0,), (1,), (1,))),
        ((60,), (3, 4, 5), ((0,), (0,), (0,))),
        ((6, 4), (4, 6), ((0, 1), (0, 1))),
        ((8,), (8, 1, 1), ((0,), (), ())),
        ((8,), (1, 8), ((), (0,))),
        ((1, 8, 8), (64,), ((0, 1, 2),)),
        ((8, 1, 1), (8,), ((0, 1, 2),)),
        ((2, 3, 4, 5), (6, 20), ((0, 1), (2, 3))),
    ],
)
def test_where_axes_come_from(x: tuple[int, ...], y: tuple[int, ...], origins: tuple[tuple[int, ...], ...]) -> None:
    assert make("reshape", {"shape": list(y)}, x).origins(x, y) == origins


def test_flatten_and_permute_tell_where_axes_come_from() -> None:
    assert make("flatten", {}, (3, 4, 5)).origins((3, 4, 5), (60,)) == ((0, 1, 2),)
    assert make("permute", {"order": [1, 2, 0]}, (3, 4, 5)).origins((3, 4, 5), (4, 5, 3)) == ((1,), (2,), (0,))


SIDES = st.lists(st.integers(1, 6), min_size=1, max_size=4)


@given(SIDES, st.data())
def test_origins_are_those_of_real_arrays(sides: list[int], data: st.DataObject) -> None:
    """Moving along one output axis changes positions along the input axes it comes from, no others."""
    x = tuple(sides)
    total = prod(x)
    cuts = sorted(data.draw(st.sets(st.sampled_from([d for d in range(1, total + 1) if total % d == 0]), max_size=3)))
    chain = [1, *(c for c in cuts if c not in (1, total)), total]
    y = tuple(b // a for a, b in pairwise(chain) if b % a == 0)
    if prod(y) != total:
        return
    origins = make("reshape", {"shape": list(y)}, x).origins(x, y)
    assert origins is not None and len(origins) == len(y)
    position = list(product(*map(range, x)))  # row-major: what the flat index means in x
    for axis, side in enumerate(y):
        stride = prod(y[axis + 1 :])
        changed = set()
        for flat in range(total):
            if flat // stride % side + 1 < side:
                before, after = position[flat], position[flat + stride]
                changed |= {a for a in range(len(x)) if before[a] != after[a]}
        assert changed <= set(origins[axis])
