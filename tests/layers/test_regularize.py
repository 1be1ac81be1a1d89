from __future__ import annotations

import pytest

from cnncalc.layers import registry
from tests.layers.table import Refusal, Row, check, check_refusal, make, name

ROWS = [
    Row("dropout", {}, (4, 5), (4, 5)),
    Row("dropout", {"p": 0}, (4,), (4,)),
    Row("drop_path", {"p": 0.2}, (4, 5, 6), (4, 5, 6)),
    Row("identity", {}, (4, 5, 6, 7), (4, 5, 6, 7)),
]

REFUSALS = [
    Refusal("dropout", {"p": 1}, (4,), "E303", "p", "below 1, not 1: it is the probability of dropping"),
    Refusal("dropout", {"p": -0.1}, (4,), "E303", "p", "at least 0"),
    Refusal("drop_path", {"p": 1.5}, (4,), "E303", "p", "below 1, not 1.5"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_they_cost_nothing_at_inference() -> None:
    assert all(cls.view for cls in registry().values() if cls.group == "regularisation")


def test_dropout_explains_keep_prob() -> None:
    assert make("dropout", {}, (1,)).values == {"p": 0.5}
    assert "keep_prob" in registry()["dropout"].params["p"].doc
