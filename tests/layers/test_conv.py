from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.layers.base import Reach
from tests.layers.table import Refusal, Row, check, check_refusal, make, name, reach

ROWS = [
    # the course's figures: 6×6 with 3×3, 32×32×3 with ten 5×5, and what one filter costs
    Row("conv", {"filters": 1, "kernel": 3}, (1, 6, 6), (1, 4, 4), 10, 0, 144),
    Row("conv", {"filters": 1, "kernel": 5}, (3, 32, 32), (1, 28, 28), 76, 0, 58_800),
    Row("conv", {"filters": 10, "kernel": 5, "padding": 2}, (3, 32, 32), (10, 32, 32), 760, 0, 768_000),
    Row("conv", {"filters": 32, "kernel": 5, "padding": "same"}, (256, 28, 28), (32, 28, 28), 204_832, 0, 160_563_200),
    # height and width are kept apart
    Row("conv", {"filters": 2, "kernel": [1, 7], "padding": [0, 3], "bias": False}, (3, 8, 5), (2, 8, 5), 42, 0, 1680),
    Row("conv", {"filters": 1, "kernel": 3, "stride": [2, 1]}, (1, 9, 9), (1, 4, 7), 10, 0, 252),
    # what `same` adds depends on the input: 224, 7, 2 gives 2 before and 3 after
    Row(
        "conv",
        {"filters": 1, "kernel": 7, "stride": 2, "padding": "same"},
        (1, 224, 224),
        (1, 112, 112),
        50,
        0,
        614_656,
    ),
    Row("conv", {"filters": 4, "kernel": 3, "dilation": 2}, (2, 9), (4, 5), 28, 0, 120),
    Row("conv", {"filters": 4, "kernel": 3, "padding": "causal", "dilation": 4}, (2, 9), (4, 9), 28, 0, 216),
    Row("conv", {"filters": 4, "kernel": 2, "padding": [[1, 0]]}, (2, 9), (4, 9), 20, 0, 144),
    Row("conv", {"filters": 8, "kernel": 3, "groups": 4}, (4, 5, 5, 5), (8, 3, 3, 3), 224, 0, 5832),
    Row("depthwise", {"kernel": 3, "padding": 1}, (32, 14, 14), (32, 14, 14), 320, 0, 56_448),
    Row("depthwise", {"kernel": 3, "multiplier": 2, "bias": False}, (3, 8), (6, 6), 18, 0, 108),
    Row("pointwise", {"filters": 16}, (192, 28, 28), (16, 28, 28), 3088, 0, 2_408_448),
    Row("pointwise", {"filters": 6, "stride": 2, "groups": 3, "bias": False}, (3, 5, 5), (6, 3, 3), 6, 0, 54),
    # MACs of the transposed are weights times *input* positions
    Row(
        "conv_transpose",
        {"filters": 16, "kernel": 4, "stride": 2, "padding": 1},
        (8, 16, 16),
        (16, 32, 32),
        2064,
        0,
        524_288,
    ),
    Row("conv_transpose", {"filters": 1, "kernel": 3, "stride": 2, "padding": "same"}, (1, 5), (1, 10), 4, 0, 15),
    Row("conv_transpose", {"filters": 1, "kernel": 1, "stride": 3, "padding": "same"}, (1, 5), (1, 15), 2, 0, 5),
    Row(
        "conv_transpose",
        {"filters": 2, "kernel": 3, "stride": 2, "output_padding": 1, "groups": 2, "bias": False},
        (2, 4),
        (2, 10),
        6,
        0,
        24,
    ),
]

REFUSALS = [
    Refusal("conv", {"filters": 1, "kernel": 5}, (1, 4, 9), "E401", "kernel", "input height 4 + padding 0 + 0 < 5"),
    Refusal("conv", {"filters": 1, "kernel": 3, "dilation": 3}, (1, 4), "E401", "kernel", "dilated to 7"),
    Refusal("conv", {"filters": 4, "kernel": 1, "groups": 4}, (6, 3), "E402", "groups", "6 input channels"),
    Refusal("conv", {"filters": 6, "kernel": 1, "groups": 4}, (8, 3), "E402", "groups", "6 filters"),
    Refusal("pointwise", {"filters": 6, "groups": 4}, (8, 3), "E402", "groups", "6 filters"),
    Refusal(
        "conv_transpose",
        {"filters": 1, "kernel": 2, "stride": 2, "output_padding": 2},
        (1, 3),
        "E408",
        "output_padding",
        "smaller than the stride 2",
    ),
    Refusal("conv_transpose", {"filters": 1, "kernel": 1, "padding": 2}, (1, 4), "E409", "padding", "nothing is left"),
    Refusal(
        "conv_transpose",
        {"filters": 1, "kernel": 3, "padding": "causal"},
        (1, 4),
        "E304",
        "padding",
        "no causal padding",
    ),
    Refusal("conv_transpose", {"filters": 3, "kernel": 3, "groups": 2}, (4, 4), "E402", "groups", "3 filters"),
    Refusal("conv", {"kernel": 3}, (1, 4), "E305", None, "conv needs 'filters'"),
    Refusal("conv", {"filters": 0, "kernel": 3}, (1, 4), "E303", "filters", "at least 1, not 0"),
    Refusal("conv", {"filters": 19.2, "kernel": 3}, (1, 4), "E301", "filters", "whole number, not 19.2"),
    Refusal("conv", {"filters": 1, "kernel": [3, 3]}, (1, 4), "E306", "kernel", "1 spatial axis"),
    Refusal("conv", {"filters": 1, "kernel": 3, "padding": "full"}, (1, 4), "E304", "padding", "cannot be 'full'"),
    Refusal(
        "conv", {"filters": 1, "kernel": 3, "padding": "causal"}, (1, 4, 4), "E306", "padding", "needs 1 spatial axis"
    ),
    Refusal(
        "conv", {"filters": 1, "kernel": 3, "padding": [[1, 2, 3]]}, (1, 4), "E306", "padding", "pair [before, after]"
    ),
    Refusal("conv", {"filters": 1, "kernel": 3, "padding": [[1], [2, 2]]}, (1, 4, 4), "E306", "padding", "pair"),
    Refusal("conv", {"filters": 1, "kernel": 3, "bias": "yes"}, (1, 4), "E307", "bias", "true or false"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_reach() -> None:
    values = {"filters": 1, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2}
    assert reach("conv", values, (1, 9, 9)) == (Reach(2, -1, 3), Reach(2, -1, 3))
    assert reach("pointwise", {"filters": 1, "stride": 2}, (1, 9)) == (Reach(2, 0, 0),)


def test_reach_of_transposed_is_the_exact_inverse() -> None:
    half = Fraction(1, 2)
    values = {"filters": 1, "kernel": 4, "stride": 2, "padding": 1}
    assert reach("conv_transpose", values, (1, 5)) == (Reach(half, -1, half),)


def test_same_padding_is_shown_resolved() -> None:
    values = {"filters": 1, "kernel": 7, "stride": 2, "padding": "same"}
    assert make("conv", values, (1, 224, 224)).config((1, 224, 224))["padding"] == ((2, 3), (2, 3))


def test_weights_are_told_apart() -> None:
    layer = make("conv_transpose", {"filters": 6, "kernel": 3, "groups": 2}, (4, 5, 5))
    assert layer.weights((4, 5, 5)) == {"weight": (4, 3, 3, 3), "bias": (6,)}
    assert make("depthwise", {"kernel": 3}, (4, 5)).weights((4, 5)) == {"weight": (4, 1, 3), "bias": (4,)}
