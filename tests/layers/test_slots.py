from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers.slots import SLOTS, Slot, SlotError, WordSlot, named_axes

WORDS = WordSlot(("floor", "ceil"))


@pytest.mark.parametrize(
    "slot, value, rank, expected",
    [
        ("int", 3.0, 2, 3),
        ("float", 2, 2, 2.0),
        ("bool", False, 2, False),
        ("Size", 3, 3, (3, 3, 3)),
        ("Size", [1, 7.0], 2, (1, 7)),
        ("Padding", "valid", 2, ((0, 0), (0, 0))),
        ("Padding", "same", 2, "same"),
        ("Padding", "causal", 1, "causal"),
        ("Padding", [[1, 2], 3], 2, ((1, 2), (3, 3))),
        ("Ints", 5, 2, (5,)),
        ("Ints", [4, -1], 2, (4, -1)),
        ("Numbers", [2, 1.5], 2, (2, 1.5)),
        ("Numbers", 2.0, 2, (2, 2)),
        ("Amounts", [-1, [0, 2]], 2, ((-1, -1), (0, 2))),
        ("Axes", "last", 2, "last"),
        ("Axes", [2, 0, 2], 2, (0, 2)),
        ("Axes", 1, 1, (1,)),
    ],
)
def test_accepts(slot: str, value: Any, rank: int, expected: Any) -> None:
    assert SLOTS[slot].convert(value, "x", None, rank) == expected


@pytest.mark.parametrize(
    "slot, value, code, says",
    [
        (SLOTS["int"], [1, 2], "E301", "one whole number, not [1, 2]"),
        (SLOTS["int"], 2.5, "E301", "whole number, not 2.5"),
        (SLOTS["int"], "wide", "E301", "whole number, not wide"),
        (SLOTS["int"], True, "E301", "whole number, not true"),
        (SLOTS["int"], -1, "E303", "at least 0, not -1"),
        (SLOTS["int"], 9**80, "E504", "the limit is 2,147,483,648"),
        (SLOTS["int"], 1e308, "E504", "the limit is 2,147,483,648"),
        (SLOTS["Size"], [1, 2**32], "E504", "cannot be 4294967296"),
        (SLOTS["Numbers"], 1e300, "E504", "cannot be 1e+300"),
        (SLOTS["float"], True, "E302", "number, not true"),
        (SLOTS["float"], -0.5, "E303", "at least 0, not -0.5"),
        (SLOTS["bool"], 1, "E307", "true or false, not 1"),
        (SLOTS["bool"], "no", "E307", "true or false, not no"),
        (SLOTS["Size"], [1, 2, 3], "E306", "3 sides, but the tensor here has 2"),
        (SLOTS["Size"], [[1, 2], 3], "E301", "whole number"),
        (SLOTS["Padding"], [[1, 2, 3], 1], "E306", "pair [before, after], not [1, 2, 3]"),
        (SLOTS["Padding"], [1, -1], "E303", "at least 0"),
        (SLOTS["Padding"], "SAME", "E304", "cannot be 'SAME'"),
        (SLOTS["Padding"], "causal", "E306", "needs 1 spatial axis"),
        (SLOTS["Numbers"], [1, "x"], "E302", "must be a number"),
        (SLOTS["Axes"], [3], "E306", "axes 0 (channels) to 2"),
        (WORDS, "ciel", "E304", "cannot be ciel"),
        (WORDS, 3, "E304", "cannot be 3"),
    ],
)
def test_refuses(slot: Slot, value: Any, code: str, says: str) -> None:
    with pytest.raises(SlotError) as caught:
        slot.convert(value, "x", 0, 2)
    assert caught.value.code == code
    assert says in caught.value.message


@pytest.mark.parametrize(
    "slot, value, help",
    [
        (SLOTS["int"], 2.5, "use floor(…), ceil(…), round(…) or divisible(…, 8)"),
        (SLOTS["bool"], "yes", "write true, false or a comparison"),
        (SLOTS["Padding"], "SAME", "did you mean 'same'?"),
        (WORDS, "ciel", "did you mean 'ceil'?"),
        (WORDS, "nearest", "one of: floor, ceil"),
        (WORDS, 3, "one of: floor, ceil"),
    ],
)
def test_helps(slot: Slot, value: Any, help: str) -> None:
    with pytest.raises(SlotError) as caught:
        slot.convert(value, "x", None, 2)
    assert caught.value.help == help


@pytest.mark.parametrize("slot", [*SLOTS.values(), WORDS])
def test_schemas_are_alternatives(slot: Slot) -> None:
    assert all(isinstance(option, dict) for option in slot.schema()["anyOf"])
    assert slot.describe


def test_words_for_axes() -> None:
    assert named_axes("channels", 2) == (0,)
    assert named_axes("last", 2) == (2,)
    assert named_axes("spatial", 2) == (1, 2)
    assert named_axes("all", 2) == (0, 1, 2)
    assert named_axes((1,), 2) == (1,)
