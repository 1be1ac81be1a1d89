from __future__ import annotations

import pytest

from cnncalc.layers.base import SAME_UNIT
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    # the linear classifier of CIFAR-10, and an image mapped to another without sharing
    Row("fc", {"units": 10}, (3072,), (10,), 30_730, 0, 30_720),
    Row("fc", {"units": 4704, "bias": False}, (3072,), (4704,), 14_450_688, 0, 14_450_688),
    Row("fc", {"units": 5, "axis": "channels"}, (3, 4, 6), (5, 4, 6), 20, 0, 360),
    Row("fc", {"units": 5, "axis": "last"}, (3, 4, 6), (3, 4, 5), 35, 0, 360),
    Row("fc", {"units": 5, "axis": "last"}, (3,), (5,), 20, 0, 15),
    Row("embedding", {"vocab": 1000, "dim": 16}, (7,), (16, 7), 16_000),
    Row("embedding", {"vocab": 1000, "dim": 16}, (1, 7), (16, 7), 16_000),
]

REFUSALS = [
    Refusal("fc", {"units": 10}, (16, 5, 5), "E404", None, "16x5x5: flatten first"),
    Refusal("fc", {"units": 10, "axis": "first"}, (16, 5), "E304", "axis", "cannot be first"),
    Refusal("fc", {}, (16,), "E305", None, "fc needs 'units'"),
    Refusal("embedding", {"vocab": 10, "dim": 2}, (2, 7), "E405", None, "one channel of token numbers"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_the_help_names_both_ways_out() -> None:
    with pytest.raises(Exception, match="flatten first") as caught:
        make("fc", {"units": 2}, (3, 4)).infer((3, 4))
    help = "add `- flatten` before it, or axis: channels to apply it at every position"
    assert getattr(caught.value, "help", None) == help


def test_reach_and_what_is_connected() -> None:
    assert reach("fc", {"units": 2, "axis": "channels"}, (3, 4, 5)) == (SAME_UNIT, SAME_UNIT)
    assert reach("fc", {"units": 2, "axis": "last"}, (3, 4, 5)) == (SAME_UNIT, None)
    assert make("fc", {"units": 2, "axis": "last"}, (3, 4, 5)).mixes((3, 4, 5)) == (2,)
    assert make("fc", {"units": 2}, (3,)).mixes((3,)) == (0,)


def test_tokens_become_the_length() -> None:
    layer = make("embedding", {"vocab": 9, "dim": 4}, (7,))
    assert layer.origins((7,), (4, 7)) == ((), (0,))
    assert layer.origins((1, 7), (4, 7)) == ((), (1,))
