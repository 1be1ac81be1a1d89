"""Syntax tree to closures.

Each tree is compiled once to nested Python closures `run(scope, shape)`: five times faster than
walking the tree, and formulas are evaluated for every layer of a network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from cnncalc.expr.functions import (
    FUNCTIONS,
    OPERATORS,
    SMALLER,
    USAGE,
    RefusedError,
    Value,
    ceil_ratio,
    floor_ratio,
)
from cnncalc.expr.parser import COMPARISONS, ExprError, Tree, parse_tree
from cnncalc.expr.scope import Scope

Run = Callable[[Scope, Sequence[int]], Any]


EMPTY_SCOPE = Scope({})


class Expression:
    """A parsed expression.  `constant` tells whether its value depends on nothing."""

    __slots__ = ("constant", "run", "text", "tree")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse_tree(text)
        self.constant = self.tree[0] == "const"
        self.run = compile_tree(self.tree)

    def evaluate(self, scope: Scope = EMPTY_SCOPE, shape: Sequence[int] = ()) -> Value:
        """The value, given what names mean and the shape of the current tensor.

        Raises:
            ExprError: E203 for an unknown name, E308 for an impossible operation, E504 for a limit.
        """
        result: Value = self.run(scope, shape)
        return result


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """`text` as an `Expression`; the same text is parsed once.

    Raises:
        ExprError: E112 if it is not an expression, E504 if it is too long or too deeply nested.
    """
    return Expression(text)


def compile_tree(tree: Tree) -> Run:
    """The closure that computes `tree`."""
    return _COMPILERS[tree[0]](tree)


def _const(tree: Tree) -> Run:
    value = tree[2]
    return lambda scope, shape: value


def _name(tree: Tree) -> Run:
    _, offset, name = tree

    def run(scope: Scope, shape: Sequence[int]) -> Any:
        try:
            return scope.vars[name]
        except KeyError:
            if name in scope.words:
                return name
            from cnncalc.expr.unknown import unknown_name

            raise unknown_name(name, offset, scope) from None

    return run


def _shape(tree: Tree) -> Run:
    _, offset, field = tree
    # index from the end, so that 2-D and 3-D tensors agree on what their width is
    axes = {"channels": 0, "width": -1, "height": -2, "depth": -3, "length": -1}
    ranks = {"channels": (1, 2, 3, 4), "width": (3, 4), "height": (3, 4), "depth": (4,), "length": (2,)}
    axis = axes[field]
    allowed = ranks[field]

    def run(scope: Scope, shape: Sequence[int]) -> int:
        if len(shape) not in allowed:
            sizes = "x".join(map(str, shape))
            what = f"the current tensor is {sizes}" if len(shape) > 1 else f"the current tensor is flat, {sizes} units"
            if not shape:
                what = "there is no current tensor"
            there = [f"in.{other}" for other in ranks if len(shape) in ranks[other]]
            help = f"it has {' and '.join(there)}" if there else "put a layer or from: before it"
            raise ExprError("E308", f"in.{field} does not exist: {what}", offset, len(field) + 3, help)
        return shape[axis]

    return run


def _unary(tree: Tree) -> Run:
    _, offset, op, operand = tree
    run = compile_tree(operand)
    if op == "not":
        return lambda scope, shape: not _truth(run(scope, shape), offset)

    def negate(scope: Scope, shape: Sequence[int]) -> Any:
        value = run(scope, shape)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ExprError("E308", f"cannot negate {show(value)}", offset, 1, "only numbers have a minus")
        return -value

    return negate


def _truth(value: Any, offset: int) -> bool:
    if isinstance(value, bool):
        return value
    help = "write a comparison, e.g. 'n > 0'"
    raise ExprError("E307", f"{show(value)} is neither true nor false", offset, 1, help)


def _binary(tree: Tree) -> Run:
    _, offset, op, left_tree, right_tree = tree
    left, right = compile_tree(left_tree), compile_tree(right_tree)
    if op == "and":
        return lambda scope, shape: _truth(left(scope, shape), offset) and _truth(right(scope, shape), offset)
    if op == "or":
        return lambda scope, shape: _truth(left(scope, shape), offset) or _truth(right(scope, shape), offset)
    compute = OPERATORS[op]
    equality = op in ("==", "!=")

    def run(scope: Scope, shape: Sequence[int]) -> Any:
        a, b = left(scope, shape), right(scope, shape)
        try:
            if equality:
                scope.charge(a, b)
            elif not (_numeric(a) and _numeric(b)):
                raise TypeError
            return compute(a, b)
        except (TypeError, ZeroDivisionError, OverflowError, ValueError, RefusedError) as error:
            raise _refusal(error, f"{show(a)} {op} {show(b)}", offset, len(op)) from None

    return run


def _numeric(value: Any) -> bool:
    # specs have no exact fractions, but formulas do, where a layer makes its axis longer
    return type(value) in (int, float) or type(value).__name__ == "Fraction"


def _refusal(
    error: Exception, what: str, offset: int, width: int, help: str = "both sides must be numbers"
) -> ExprError:
    if isinstance(error, RefusedError):
        return ExprError(error.code, f"{what}: {error.message}", offset, width, error.help)
    if isinstance(error, ZeroDivisionError):
        return ExprError("E308", f"{what} divides by zero", offset, width, "the divisor must not become 0")
    if isinstance(error, OverflowError):
        return ExprError("E504", f"{what} is too large for a number", offset, width, SMALLER)
    return ExprError("E308", f"{what} cannot be computed", offset, width, help)


def _ternary(tree: Tree) -> Run:
    _, offset, then_tree, condition_tree, other_tree = tree
    then, condition, other = compile_tree(then_tree), compile_tree(condition_tree), compile_tree(other_tree)
    return lambda scope, shape: then(scope, shape) if _truth(condition(scope, shape), offset) else other(scope, shape)


def _call(tree: Tree) -> Run:
    _, offset, name, argument_trees = tree
    if name not in FUNCTIONS:
        from cnncalc.expr.unknown import unknown_function

        raise unknown_function(name, offset)
    if name in ("floor", "ceil") and len(argument_trees) == 1 and argument_trees[0][:1] == ("binary",):
        quotient = argument_trees[0]
        if quotient[2] == "/":
            return _rounded_ratio(name, quotient)
    function = FUNCTIONS[name]
    runs = [compile_tree(argument) for argument in argument_trees]

    def run(scope: Scope, shape: Sequence[int]) -> Any:
        arguments = [one(scope, shape) for one in runs]
        try:
            scope.charge(*arguments)
            result = function(*arguments)
            scope.charge(result)
            return result
        except (TypeError, ZeroDivisionError, OverflowError, ValueError, RefusedError) as error:
            what = f"{name}({', '.join(map(show, arguments))})"
            raise _refusal(error, what, offset, len(name), f"{name} takes {USAGE[name]}") from None

    return run


def _rounded_ratio(name: str, quotient: Tree) -> Run:
    """floor(a / b) and ceil(a / b) in one exact step, never through a float."""
    compute = floor_ratio if name == "floor" else ceil_ratio
    _, offset, _, left_tree, right_tree = quotient
    left, right = compile_tree(left_tree), compile_tree(right_tree)

    def run(scope: Scope, shape: Sequence[int]) -> Any:
        a, b = left(scope, shape), right(scope, shape)
        try:
            if not (_numeric(a) and _numeric(b)):
                raise TypeError
            return compute(a, b)
        except (TypeError, ZeroDivisionError, OverflowError, ValueError) as error:
            raise _refusal(error, f"{show(a)} / {show(b)}", offset, 1) from None

    return run


def _list(tree: Tree) -> Run:
    runs = [compile_tree(item) for item in tree[2]]

    def run(scope: Scope, shape: Sequence[int]) -> list[Any]:
        items = [one(scope, shape) for one in runs]
        try:
            scope.charge(items)
        except RefusedError as error:
            raise _refusal(error, "this list", tree[1], 1) from None
        return items

    return run


def _index(tree: Tree) -> Run:
    _, offset, list_tree, index_tree = tree
    items_of, index_of = compile_tree(list_tree), compile_tree(index_tree)

    def run(scope: Scope, shape: Sequence[int]) -> Any:
        items, index = items_of(scope, shape), index_of(scope, shape)
        if not isinstance(items, list):
            message = f"{show(items)} is not a list and has no [{show(index)}]"
            raise ExprError("E308", message, offset, 1, "only a list has positions")
        if isinstance(index, float) and index.is_integer():
            index = int(index)
        if isinstance(index, bool) or not isinstance(index, int):
            message = f"{show(index)} is not a position in a list"
            raise ExprError("E308", message, offset, 1, "a position is a whole number, from 0")
        if not -len(items) <= index < len(items):
            message = f"position {index} is outside a list of {len(items)}"
            last = f"from 0 to {len(items) - 1}" if items else "from 0, and this list is empty"
            raise ExprError("E308", message, offset, 1, f"positions count {last}")
        return items[index]

    return run


_COMPILERS: dict[str, Callable[[Tree], Run]] = {
    "const": _const,
    "name": _name,
    "shape": _shape,
    "unary": _unary,
    "binary": _binary,
    "if": _ternary,
    "call": _call,
    "list": _list,
    "index": _index,
}
assert set(COMPARISONS) <= set(OPERATORS)


def show(value: Any, depth: int = 0) -> str:
    """A value as the spec would write it, cut short if long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if depth == 3:
            return "[…]"
        inner = ", ".join(show(item, depth + 1) for item in value[:6]) + (", …" if len(value) > 6 else "")
        return f"[{inner}]" if len(inner) <= 80 else f"[{inner[:77]}…]"
    if isinstance(value, float) and value.is_integer() and math.fabs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= 30 else text[:27] + "…"
