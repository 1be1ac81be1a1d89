from __future__ import annotations

import pytest

from cnncalc.layers.base import Reach
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    # between a convolution (456 parameters) and a fully connected layer (14 450 688 weights)
    Row(
        "locally_connected",
        {"filters": 6, "kernel": 5},
        (3, 32, 32),
        (6, 28, 28),
        28 * 28 * 6 * 76,
        0,
        28 * 28 * 6 * 75,
    ),
    Row(
        "locally_connected",
        {"filters": 2, "kernel": 3, "stride": 2, "padding": 1, "bias": False},
        (1, 5),
        (2, 3),
        18,
        0,
        18,
    ),
    Row("locally_connected", {"filters": 1, "kernel": [2, 1, 1]}, (2, 2, 2, 2), (1, 1, 2, 2), 20, 0, 16),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


def test_refuses_windows_that_do_not_fit() -> None:
    check_refusal(Refusal("locally_connected", {"filters": 1, "kernel": 4}, (1, 3), "E401", "kernel", "does not fit"))


def test_weights_belong_to_a_position() -> None:
    layer = make("locally_connected", {"filters": 6, "kernel": 5}, (3, 32, 32))
    assert layer.weights((3, 32, 32)) == {"weight": (6, 3, 5, 5, 28, 28), "bias": (6, 28, 28)}


def test_reach_is_that_of_a_convolution() -> None:
    values = {"filters": 1, "kernel": 3, "stride": 2, "padding": 1}
    assert reach("locally_connected", values, (1, 9)) == (Reach(2, -1, 1),)
