"""What names mean in an expression, and how much work its lists may be."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from cnncalc.expr.functions import MAX_ITEMS, RefusedError, Value

MAX_LIST_DEPTH = 16
LIST_WORK = 3_000_000
"""How many items all long lists of one spec may make or read together: some tenths of a second."""
SHORT = 16
"""Lists up to this long cost no more than the step they stand in."""


class Fuel:
    """What is left of the work that one spec may ask for with its lists."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = LIST_WORK

    def burn(self, amount: int) -> None:
        """Take `amount` off.

        Raises:
            RefusedError: E504 if there is not enough.
        """
        self.left -= amount
        if self.left < 0:
            message = f"the lists of this spec make or read more than {LIST_WORK:,} items"
            raise RefusedError(message, "use shorter lists, or a count", "E504")


def items_in(value: list[Any], depth: int = 1) -> int:
    """How many items a list holds, at any depth.

    Raises:
        RefusedError: E504 if they are too many, or nested too deeply.  Short expressions can make
            lists that share parts and would never end when written out.
    """
    if depth > MAX_LIST_DEPTH:
        raise RefusedError(f"lists are nested deeper than {MAX_LIST_DEPTH} levels", "use fewer levels", "E504")
    count = len(value)
    for item in value:
        if count > MAX_ITEMS:
            break
        if type(item) is list:
            count += items_in(item, depth + 1)
    if count > MAX_ITEMS:
        raise RefusedError(f"a list of more than {MAX_ITEMS:,} items", "use shorter lists", "E504")
    return count


class Scope:
    """What names mean: `vars` first, then `words`, which stand for themselves (`same`, `relu6`).

    All scopes of a spec share its `fuel`.
    """

    __slots__ = ("fuel", "vars", "words")

    def __init__(self, vars: dict[str, Value], words: Container[str] = (), fuel: Fuel | None = None) -> None:
        self.vars = vars
        self.words = words
        self.fuel = fuel

    def charge(self, *values: Any) -> None:
        """Burn fuel for the lists among `values`.

        Raises:
            RefusedError: E504 if one is too large, or the fuel is used up.
        """
        for value in values:
            if type(value) is list:
                amount = items_in(value)
                if self.fuel is not None and amount > SHORT:
                    self.fuel.burn(amount)
