"""The kinds of values a layer's parameters take, and what is said when a value is not one.

The annotation of a parameter names its slot (`kernel: Size`), and the slot decides the type, never
YAML: it turns the value of an expression into what the layer stores, describes itself for the
reference pages, and gives its JSON Schema.
"""

from __future__ import annotations

from typing import Any

from cnncalc.expr import Value
from cnncalc.expr.evaluate import show
from cnncalc.layers.scalar_slots import (
    EXPRESSION_SCHEMA,
    BoolSlot,
    FloatSlot,
    IntSlot,
    Slot,
    SlotError,
    WordSlot,
    bounded,
    in_range,
    whole,
)

__all__ = [
    "AXIS_NAMES",
    "PADDING_WORDS",
    "SLOTS",
    "Amounts",
    "Axes",
    "Ints",
    "Numbers",
    "Padding",
    "Size",
    "Slot",
    "SlotError",
    "WordSlot",
    "named_axes",
    "whole",
]

Size = tuple[int, ...]
"""One whole number per spatial axis."""
Padding = tuple[tuple[int, int], ...] | str
"""(before, after) per spatial axis, or a rule that depends on the input: same, causal."""
Ints = tuple[int, ...]
"""Whole numbers, as many as are meant."""
Numbers = tuple[float, ...]
"""One number per spatial axis, whole or not."""
Amounts = tuple[tuple[int, int], ...]
"""(before, after) per spatial axis; negative numbers mean the opposite."""
Axes = tuple[int, ...] | str
"""Axes by number, 0 being the channels, or a word for the usual sets."""

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
PADDING_WORDS = ("same", "valid", "causal")
AXES_WORDS = ("channels", "last", "spatial", "all")


def per_axis(value: Value, what: str, rank: int) -> list[Value]:
    """`value` once per spatial axis; a list must have one item per axis.

    Raises:
        SlotError: E306 if the list has another length.
    """
    if not isinstance(value, list):
        return [value] * rank
    if len(value) != rank:
        message = (
            f"{what} has {len(value)} sides, but the tensor here has {rank} spatial ax{'is' if rank == 1 else 'es'}"
        )
        axes = f"one number for all axes, or [{', '.join(AXIS_NAMES[rank])}]" if rank > 1 else "a number"
        raise SlotError("E306", message, f"write {axes}")
    return value


_SIZES: list[dict[str, Any]] = [{"type": "integer"}, {"type": "array", "minItems": 1}, EXPRESSION_SCHEMA]


class SizeSlot(Slot):
    """One whole number per spatial axis, or one for all."""

    describe = "size: 3, 1x7 or [1, 7]"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": _SIZES}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Size:
        """One number per spatial axis."""
        return tuple(in_range(whole(side, what), minimum, what) for side in per_axis(value, what, rank))


class PaddingSlot(Slot):
    """Zeros around the input: a size, a rule, or (before, after) per axis."""

    describe = "size | same | valid | causal | [[before, after], …]"
    words = PADDING_WORDS

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"enum": list(PADDING_WORDS)}, *_SIZES]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Padding:
        """(before, after) per spatial axis, or the word for rules that need the input size."""
        if isinstance(value, str):
            if value not in PADDING_WORDS:
                from cnncalc.errors import did_you_mean

                help = (
                    did_you_mean(value.lower(), PADDING_WORDS) or "a size, same, valid, causal or [[before, after], …]"
                )
                raise SlotError("E304", f"{what} cannot be '{value}'", help)
            if value == "causal" and rank != 1:
                help = "causal padding is for sequences; use same, or [[before, after], …]"
                raise SlotError("E306", f"causal {what} needs 1 spatial axis, but the tensor here has {rank}", help)
            return value if value != "valid" else ((0, 0),) * rank
        return sides(value, what, minimum, rank)


def sides(value: Value, what: str, minimum: int | None, rank: int) -> tuple[tuple[int, int], ...]:
    """(before, after) per spatial axis, from a size or from pairs.

    Raises:
        SlotError: E301, E303 or E306 if it is neither.
    """
    pairs = []
    pair_help = "write [[left, right]]" if rank == 1 else "write [[top, bottom], [left, right]]"
    if isinstance(value, list) and len(value) == 2 * rank:
        message = f"{what} has {len(value)} numbers, and nothing says which side each is for"
        raise SlotError("E306", message, pair_help)
    for side in per_axis(value, what, rank):
        pair = side if isinstance(side, list) else [side, side]
        if len(pair) != 2:
            message = f"each side of {what} is a pair [before, after], not {show(pair)}"
            raise SlotError("E306", message, pair_help)
        before, after = (in_range(whole(number, what), minimum, what) for number in pair)
        pairs.append((before, after))
    return tuple(pairs)


class IntsSlot(Slot):
    """A list of whole numbers."""

    describe = "list of whole numbers"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": _SIZES}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Ints:
        """The numbers."""
        items = value if isinstance(value, list) else [value]
        return tuple(in_range(whole(item, what), minimum, what) for item in items)


class NumbersSlot(Slot):
    """One number per spatial axis, or one for all; `2.5` as well as `2`."""

    describe = "number, or one per axis: 2 or [1.5, 2]"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "number"}, *_SIZES[1:]]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Numbers:
        """One number per spatial axis, whole ones as ints so that formulas read well."""
        numbers = [bounded(FLOAT.convert(side, what, minimum, rank), what) for side in per_axis(value, what, rank)]
        return tuple(int(number) if number.is_integer() else number for number in numbers)


class AmountsSlot(Slot):
    """Rows added to or taken from each side of each spatial axis."""

    describe = "size | [[before, after], …]"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": _SIZES}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Amounts:
        """(before, after) per spatial axis."""
        return sides(value, what, minimum, rank)


class AxesSlot(WordSlot):
    """A set of axes of a tensor: a word, one number or a list of numbers."""

    def __init__(self) -> None:
        super().__init__(AXES_WORDS)
        self.describe = " | ".join(AXES_WORDS) + " | list of axes, 0 = channels"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"enum": list(self.words)}, *_SIZES]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Any:
        """The word, or the axes in ascending order."""
        if isinstance(value, str):
            return super().convert(value, what, minimum, rank)
        axes = sorted({whole(axis, what) for axis in (value if isinstance(value, list) else [value])})
        if not axes or axes[0] < 0 or axes[-1] > rank:
            known = "only axis 0, its channels" if rank == 0 else f"axes 0 (channels) to {rank}"
            message = f"{what} cannot be {show(value)}: the tensor here has {known}"
            raise SlotError("E306", message, f"write {', '.join(AXES_WORDS[:-1])} or {AXES_WORDS[-1]}")
        return tuple(axes)


def named_axes(axes: Axes, rank: int) -> tuple[int, ...]:
    """The numbers of `axes` in a tensor of `rank` spatial axes."""
    match axes:
        case "channels":
            return (0,)
        case "last":
            return (rank,)
        case "spatial":
            return tuple(range(1, rank + 1))
        case "all":
            return tuple(range(rank + 1))
    assert not isinstance(axes, str)
    return axes


FLOAT = FloatSlot()
SLOTS: dict[str, Slot] = {
    "int": IntSlot(),
    "float": FLOAT,
    "bool": BoolSlot(),
    "Size": SizeSlot(),
    "Padding": PaddingSlot(),
    "Ints": IntsSlot(),
    "Numbers": NumbersSlot(),
    "Amounts": AmountsSlot(),
    "Axes": AxesSlot(),
}
