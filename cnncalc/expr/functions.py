"""Operators and functions of expressions, with their limits.

Integers stay exact: `/` of two integers that divide evenly is an integer.  Everything else follows
Python, whose floats are also those of the frameworks specs are compared with.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

Value = int | float | bool | str | list[Any]

MAX_BITS = 256
MAX_EXPONENT = 1024
MAX_ITEMS = 100_000
ORDINARY = 1 << 63
SMALLER = "sizes and counts are far smaller: check the numbers"


class RefusedError(Exception):
    """A value an operator or function cannot take: the message is for the user."""

    def __init__(self, message: str, help: str | None = None, code: str = "E308") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise RefusedError(f"the result has more than {MAX_BITS} bits", SMALLER, "E504")
    if isinstance(value, float) and not math.isfinite(value):
        raise RefusedError("the result is too large for a number", SMALLER, "E504")
    return value


def _divide(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and b and a % b == 0:
        return a // b
    return a / b


def _power(a: Any, b: Any) -> Any:
    # checked before computing: 9**9**9 must not be tried
    if abs(b) > MAX_EXPONENT or (isinstance(a, int) and isinstance(b, int) and abs(b) * a.bit_length() > 4 * MAX_BITS):
        raise RefusedError(f"the exponent {b} is too large", SMALLER, "E504")
    result = a**b
    if isinstance(result, complex):
        raise RefusedError("a negative number has no such root", "take the root of abs(…)")
    return result


def _within_bounds(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(a: Any, b: Any) -> Any:
        value = compute(a, b)
        return value if type(value) is int and -ORDINARY < value < ORDINARY else _bounded(value)

    return run


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _within_bounds(operator.add),
    "-": _within_bounds(operator.sub),
    "*": _within_bounds(operator.mul),
    "/": _within_bounds(_divide),
    "//": _within_bounds(operator.floordiv),
    "%": _within_bounds(operator.mod),
    "**": _within_bounds(_power),
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def floor_ratio(a: Any, b: Any) -> Any:
    """floor(a / b), exact for integers of any size."""
    return a // b if isinstance(a, int) and isinstance(b, int) else _bounded(math.floor(a / b))


def ceil_ratio(a: Any, b: Any) -> Any:
    """ceil(a / b), exact for integers of any size."""
    return -(-a // b) if isinstance(a, int) and isinstance(b, int) else _bounded(math.ceil(a / b))


def divisible(value: float, divisor: int = 8) -> int:
    """The multiple of `divisor` nearest to `value`, but never more than 10 % below it.

    Reference: `make_divisible` of MobileNetV2 (Sandler et al. 2018), used by its successors.
    """
    if divisor < 1:
        raise RefusedError(f"divisible needs a positive divisor, not {divisor}", "write divisible(x, 8)")
    rounded: int = max(divisor, _bounded(int(value + divisor / 2)) // divisor * divisor)
    return rounded if rounded >= 0.9 * value else rounded + divisor


def _range(*bounds: Any) -> list[int]:
    if not all(isinstance(b, int) and not isinstance(b, bool) for b in bounds):
        raise RefusedError("range needs whole numbers", "use floor(…), ceil(…) or round(…)")
    numbers = range(*bounds)
    if len(numbers) > MAX_ITEMS:
        message = f"that is {len(numbers):,} numbers; the limit is {MAX_ITEMS:,}"
        raise RefusedError(message, SMALLER, "E504")
    return list(numbers)


def _zip(*lists: list[Any]) -> list[list[Any]]:
    lengths = {len(items) for items in lists}
    if len(lengths) > 1:
        found = " and ".join(map(str, sorted(lengths)))
        raise RefusedError(f"zip needs lists of one length, not {found}", "make the lists equally long")
    if len(lists) * max(lengths, default=0) > MAX_ITEMS:
        raise RefusedError(f"a list of more than {MAX_ITEMS:,} items", SMALLER, "E504")
    return [list(row) for row in zip(*lists, strict=True)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "ceil": lambda x: _bounded(math.ceil(x)),
    "floor": lambda x: _bounded(math.floor(x)),
    "round": lambda x: _bounded(round(x)),
    "abs": abs,
    "sqrt": math.sqrt,
    "log2": math.log2,
    "len": len,
    "sum": lambda numbers: _bounded(sum(numbers)),
    "range": _range,
    "zip": _zip,
    "divisible": divisible,
}
"""`divisible(x, 8)` is the make-divisible rule; `round` is half-to-even."""

USAGE: dict[str, str] = {
    "min": "two or more numbers, or a list of numbers",
    "max": "two or more numbers, or a list of numbers",
    "ceil": "one number",
    "floor": "one number",
    "round": "one number",
    "abs": "one number",
    "sqrt": "one number that is not negative",
    "log2": "one number above 0",
    "len": "a list",
    "sum": "a list of numbers",
    "range": "an end, or start and end, or start, end and step",
    "zip": "lists of one length",
    "divisible": "a number and the divisor: divisible(x, 8)",
}
"""What each function takes, for help."""
