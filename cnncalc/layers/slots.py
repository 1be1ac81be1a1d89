"""The kinds of values a layer's parameters take, and what is said when a value is not one.

The annotation of a parameter names its slot (`kernel: Size`), and the slot decides the type, never
YAML: it turns the value of an expression into what the layer stores, describes itself for the
reference pages, and gives its JSON Schema.
"""

from __future__ import annotations

from typing import Any

from cnncalc.expr import Value
from cnncalc.expr.evaluate import show

Size = tuple[int, ...]
"""One whole number per spatial axis."""
Padding = tuple[tuple[int, int], ...] | str
"""(before, after) per spatial axis, or a rule that depends on the input: same, causal."""
Ints = tuple[int, ...]
"""Whole numbers, as many as are meant."""

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
PADDING_WORDS = ("same", "valid", "causal")
EXPRESSION_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 1}


class SlotError(Exception):
    """A value that does not fit its slot."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def whole(value: Value, what: str) -> int:
    """`value` as an int, if it is a whole number.

    Raises:
        SlotError: E301 otherwise.
    """
    if type(value) is int:
        return value
    if type(value) is float:
        if value.is_integer():
            return int(value)
        help = "use floor(…), ceil(…), round(…) or divisible(…, 8)"
        raise SlotError("E301", f"{what} must be a whole number, not {show(value)}", help)
    raise SlotError("E301", f"{what} must be a whole number, not {show(value)}")


def at_least(value: int, minimum: int | None, what: str) -> int:
    """`value`, if it is not below `minimum`.

    Raises:
        SlotError: E303 otherwise.
    """
    if minimum is not None and value < minimum:
        raise SlotError("E303", f"{what} must be at least {minimum}, not {value}")
    return value


class Slot:
    """A kind of value: `describe` for people, `schema` for editors, `convert` for the layer."""

    describe: str = ""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        raise NotImplementedError

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Any:
        """The value as the layer stores it; `rank` is the number of spatial axes of the input.

        Raises:
            SlotError: if the value is of another kind.
        """
        raise NotImplementedError


class IntSlot(Slot):
    """A whole number."""

    describe = "whole number"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "integer"}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> int:
        """The number itself."""
        if isinstance(value, list):
            raise SlotError("E301", f"{what} must be one whole number, not {show(value)}")
        return at_least(whole(value, what), minimum, what)


class FloatSlot(Slot):
    """A number."""

    describe = "number"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "number"}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> float:
        """The number as a float."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SlotError("E302", f"{what} must be a number, not {show(value)}")
        if minimum is not None and value < minimum:
            raise SlotError("E303", f"{what} must be at least {minimum}, not {show(value)}")
        return float(value)


class BoolSlot(Slot):
    """true or false."""

    describe = "true or false"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "boolean"}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> bool:
        """The truth value; words like `yes` are refused, since YAML files disagree about them."""
        if isinstance(value, bool):
            return value
        raise SlotError("E307", f"{what} must be true or false, not {show(value)}", "write true, false or a comparison")


class WordSlot(Slot):
    """One of a few words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices
        self.describe = " | ".join(choices)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"enum": list(self.choices)}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> str:
        """The word."""
        if isinstance(value, str) and value in self.choices:
            return value
        from cnncalc.errors import did_you_mean

        help = (
            did_you_mean(value, self.choices) if isinstance(value, str) else None
        ) or f"one of: {', '.join(self.choices)}"
        raise SlotError("E304", f"{what} cannot be {show(value)}", help)


def per_axis(value: Value, what: str, rank: int) -> list[Value]:
    """`value` once per spatial axis; a list must have one item per axis.

    Raises:
        SlotError: E306 if the list has another length.
    """
    if not isinstance(value, list):
        return [value] * rank
    if len(value) != rank:
        axes = " x ".join(AXIS_NAMES.get(rank, ()))
        message = (
            f"{what} has {len(value)} sides, but the tensor here has {rank} spatial ax{'is' if rank == 1 else 'es'}"
        )
        raise SlotError("E306", message, f"write one number for all axes, or {axes}" if axes else None)
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
        return tuple(at_least(whole(side, what), minimum, what) for side in per_axis(value, what, rank))


class PaddingSlot(Slot):
    """Zeros around the input: a size, a rule, or (before, after) per axis."""

    describe = "size | same | valid | causal | [[before, after], …]"

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
    for side in per_axis(value, what, rank):
        pair = side if isinstance(side, list) else [side, side]
        if len(pair) != 2:
            help = "write [[left, right]]" if rank == 1 else "write [[top, bottom], [left, right]]"
            raise SlotError("E306", f"each side of {what} is a pair [before, after], not {show(pair)}", help)
        before, after = (at_least(whole(number, what), minimum, what) for number in pair)
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
        return tuple(at_least(whole(item, what), minimum, what) for item in items)


SLOTS: dict[str, Slot] = {
    "int": IntSlot(),
    "float": FloatSlot(),
    "bool": BoolSlot(),
    "Size": SizeSlot(),
    "Padding": PaddingSlot(),
    "Ints": IntsSlot(),
}
