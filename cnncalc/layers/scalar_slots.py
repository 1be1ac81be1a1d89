"""Slots for single values: a number, a truth value, a word."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeVar

from cnncalc.expr import Value
from cnncalc.expr.evaluate import show

LIMIT = 1 << 31
"""The largest number a parameter takes: formulas of larger ones would not stay exact."""
Number = TypeVar("Number", int, float)
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
    help = "write one number" if isinstance(value, list) else "write a number, or an expression that gives one"
    raise SlotError("E301", f"{what} must be a whole number, not {show(value)}", help)


def bounded(value: Number, what: str) -> Number:
    """`value`, if it is small enough that networks made of it can be computed.

    Raises:
        SlotError: E504 otherwise.
    """
    if not -LIMIT <= value <= LIMIT:
        raise SlotError("E504", f"{what} cannot be {show(value)}: the limit is {LIMIT:,}", "check the number")
    return value


def in_range(value: int, minimum: int | None, what: str) -> int:
    """`value`, if it is not below `minimum`, nor too large.

    Raises:
        SlotError: E303 or E504 otherwise.
    """
    if minimum is not None and value < minimum:
        raise SlotError("E303", f"{what} must be at least {minimum}, not {value}", f"write {minimum} or more")
    return bounded(value, what)


class Slot(ABC):
    """A kind of value: `describe` for people, `schema` for editors, `convert` for the layer."""

    describe: str = ""
    words: tuple[str, ...] = ()
    """Words that mean themselves here, whatever variables exist."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""

    @abstractmethod
    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> Any:
        """The value as the layer stores it; `rank` is the number of spatial axes of the input.

        Raises:
            SlotError: if the value is of another kind.
        """


class IntSlot(Slot):
    """A whole number."""

    describe = "whole number"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "integer"}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> int:
        """The number itself."""
        if isinstance(value, list):
            raise SlotError("E301", f"{what} must be one whole number, not {show(value)}", "write one number")
        return in_range(whole(value, what), minimum, what)


class FloatSlot(Slot):
    """A number."""

    describe = "number"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"type": "number"}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> float:
        """The number as a float."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            help = "write a number, or an expression that gives one"
            raise SlotError("E302", f"{what} must be a number, not {show(value)}", help)
        if minimum is not None and value < minimum:
            message = f"{what} must be at least {minimum}, not {show(value)}"
            raise SlotError("E303", message, f"write {minimum} or more")
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
        self.words = choices
        self.describe = " | ".join(choices)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what a spec may write here."""
        return {"anyOf": [{"enum": list(self.words)}, EXPRESSION_SCHEMA]}

    def convert(self, value: Value, what: str, minimum: int | None, rank: int) -> str:
        """The word."""
        if isinstance(value, str) and value in self.words:
            return value
        from cnncalc.errors import did_you_mean

        help = (
            did_you_mean(value, self.words) if isinstance(value, str) else None
        ) or f"one of: {', '.join(self.words)}"
        raise SlotError("E304", f"{what} cannot be {show(value)}", help)
