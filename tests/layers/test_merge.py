from __future__ import annotations

import pytest

from cnncalc.layers.base import SAME_UNIT, Reach, ShapeError
from tests.layers.table import Refusal, Row, check, check_refusal, make, name

MAP = (64, 56, 56)

ROWS = [
    Row("concat", {}, ((64, 28, 28), (128, 28, 28), (32, 28, 28)), (224, 28, 28)),
    Row("concat", {}, ((64,), (10,)), (74,)),
    Row("concat", {}, ((64, 28),), (64, 28)),
    Row("add", {}, (MAP, MAP), MAP),
    Row("add", {}, (MAP,), MAP),
    Row("sub", {}, ((8,), (8,)), (8,)),
    Row("mul", {}, (MAP, (64, 1, 1)), MAP),
    Row("mul", {}, ((1, 56, 56), MAP), MAP),
    Row("mul", {}, ((1, 56, 1), (64, 1, 56)), MAP),
    Row("average", {}, ((8, 4), (8, 4), (8, 4)), (8, 4)),
    Row("maximum", {}, ((8, 4), (8, 1)), (8, 4)),
    Row("matmul", {}, ((4, 3), (3, 5)), (4, 5), 0, 0, 60),
    Row("matmul", {}, ((8, 16, 3), (8, 3, 16)), (8, 16, 16), 0, 0, 6144),
]

REFUSALS = [
    Refusal(
        "concat",
        {},
        ((64, 28, 28), (64, 27, 28)),
        "E403",
        None,
        "equal sides: input 1 is 64x28x28, input 2 is 64x27x28",
    ),
    Refusal("concat", {}, ((64, 28), (64,)), "E403", None, "equal sides"),
    Refusal("add", {}, (MAP, (128, 56, 56)), "E403", None, "equal channels: input 1 is 64x56x56, input 2 is 128x56x56"),
    Refusal("add", {}, (MAP, (64, 28, 28)), "E403", None, "equal sides"),
    Refusal("mul", {}, (MAP, (64,)), "E403", None, "as many axes everywhere"),
    Refusal("mul", {}, ((64, 1, 1), MAP, (64, 8, 8)), "E403", None, "input 1 is 64x1x1, input 3 is 64x8x8"),
    Refusal("matmul", {}, ((4, 3), (4, 3)), "E403", None, "as many columns as rows"),
    Refusal("matmul", {}, ((2, 4, 3), (1, 3, 4)), "E403", None, "equal leading axes"),
    Refusal("matmul", {}, ((4,), (4,)), "E405", None, "two axes"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


@pytest.mark.parametrize(
    "kind, xs, odd",
    [
        ("concat", ((8, 4), (8, 5)), (1,)),
        ("concat", ((8, 5), (8, 4), (8, 4)), (0,)),
        ("add", ((8, 4), (8, 4), (9, 4), (8, 4)), (2,)),
        ("mul", ((8, 1), (8, 5), (8, 5), (8, 4)), (3,)),
        ("matmul", ((4, 3), (4, 3)), (1,)),
    ],
)
def test_the_odd_inputs_are_named(kind: str, xs: tuple[tuple[int, ...], ...], odd: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError) as caught:
        make(kind, {}, xs).infer(*xs)
    assert caught.value.inputs == odd


def test_reach() -> None:
    add = make("add", {}, (MAP, MAP))
    assert add.reach(MAP, MAP) == (SAME_UNIT, SAME_UNIT)
    # a side that is repeated is seen by all units
    assert add.reach((64, 1, 56), MAP) == (Reach(0, 0, 0), SAME_UNIT)
    assert make("matmul", {}, ((4, 3), (3, 5))).reach((4, 3), (4, 5)) == (None,)
    assert make("matmul", {}, ((4, 3), (3, 5))).mixes((4, 3)) == (0, 1)


def test_how_many_inputs_each_takes() -> None:
    inputs = {kind: make(kind, {}, MAP).inputs for kind in ("concat", "add", "mul", "average", "maximum")}
    assert set(inputs.values()) == {(1, None)}
    assert make("sub", {}, MAP).inputs == make("matmul", {}, MAP).inputs == (2, 2)
