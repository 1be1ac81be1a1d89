from __future__ import annotations

import pytest

from cnncalc.layers import registry
from tests.layers.table import Refusal, Row, check, check_refusal, make, name

ACTIVATIONS = [kind for kind, cls in registry().items() if cls.group == "activation"]

ROWS = [
    *(Row(kind, {}, (4, 5, 6), (4, 5, 6)) for kind in ACTIVATIONS if kind != "prelu"),
    *(Row(kind, {}, (4,), (4,)) for kind in ACTIVATIONS if kind != "prelu"),
    Row("prelu", {}, (4, 5, 6), (4, 5, 6), 1),
    Row("prelu", {"per": "channel"}, (4, 5, 6), (4, 5, 6), 4),
    Row("prelu", {"per": "unit"}, (4, 5, 6), (4, 5, 6), 120),
    Row("leaky_relu", {"slope": 0.2}, (4,), (4,)),
    Row("elu", {"alpha": 0.5}, (4,), (4,)),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


def test_refusals() -> None:
    check_refusal(Refusal("prelu", {"per": "channels"}, (4,), "E304", "per", "cannot be channels"))


def test_the_list_of_the_language() -> None:
    listed = (
        "relu relu6 abs leaky_relu prelu elu selu gelu silu mish softplus sigmoid hardsigmoid hardswish tanh softmax"
    )
    assert listed.split() == ACTIVATIONS


def test_only_softmax_needs_memory_of_its_own() -> None:
    assert [kind for kind in ACTIVATIONS if not registry()[kind].in_place] == ["softmax"]
    assert make("softmax", {}, (4, 5)).mixes((4, 5)) == (0,)


def test_defaults() -> None:
    assert make("leaky_relu", {}, (1,)).values == {"slope": 0.01}
    assert make("elu", {}, (1,)).values == {"alpha": 1.0}
