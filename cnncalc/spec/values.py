"""Values, names and references of a spec: parsed once, evaluated wherever they are used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cnncalc.errors import SpecError
from cnncalc.expr import ExprError, Expression, Scope, parse
from cnncalc.expr import Value as Result
from cnncalc.expr.evaluate import show
from cnncalc.expr.functions import RefusedError
from cnncalc.spec.nodes import Map, Node, Scalar, Seq
from cnncalc.spec.yaml_traps import shorten

MAX_NAME = 200
_REFERENCE = r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(?:\[(.*)\])?\s*\Z"


def expression_error(node: Scalar, error: ExprError) -> SpecError:
    """`error` as a diagnostic at its token inside `node`."""
    shift = 1 if node.quoted else 0
    inside = node.column + shift + error.offset < node.end_column
    offset = shift + error.offset if inside else 0
    width = max(1, min(error.width, node.end_column - node.column - offset)) if inside else None
    return SpecError(node.diagnostic(error.code, error.message, error.help, offset=offset, width=width))


class Value:
    """An expression or a list of values, with its place in the file."""

    __slots__ = ("constant", "expression", "items", "node", "result")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.items: list[Value] | None = None
        self.expression: Expression | None = None
        self.result: Any = None
        if isinstance(node, Scalar):
            if node.empty:
                raise node.error("E116", f"{_beside(node)} has no value", "write a number, a word or an expression")
            try:
                self.expression = parse(node.text)
            except ExprError as error:
                raise expression_error(node, error) from None
            self.constant = self.expression.constant
            if self.constant:
                self.result = self.expression.evaluate()
        elif isinstance(node, Seq):
            self.items = [Value(item) for item in node.items]
            self.constant = all(item.constant for item in self.items)
            if self.constant:
                self.result = [item.result for item in self.items]
        else:
            help = "write a number, a word, an expression, or a list such as [3, 1]"
            raise node.error("E113", "a mapping cannot stand here", help)

    def evaluate(self, scope: Scope, shape: Sequence[int]) -> Result:
        """The value where names mean what `scope` says and the current tensor has `shape`.

        Raises:
            SpecError: at the token that cannot be evaluated.
        """
        if self.constant:
            return self.result  # type: ignore[no-any-return]  # set by __init__ whenever constant
        if self.items is not None:
            items = [item.evaluate(scope, shape) for item in self.items]
            self.charge(scope, items)
            return items
        assert self.expression is not None
        try:
            return self.expression.evaluate(scope, shape)
        except ExprError as error:
            assert isinstance(self.node, Scalar)
            raise expression_error(self.node, error) from None

    def charge(self, scope: Scope, value: Any) -> None:
        """Hold a list against the limits.

        Raises:
            SpecError: E504 past one of them.
        """
        try:
            scope.charge(value)
        except RefusedError as error:
            raise self.node.error(error.code, error.message, error.help) from None

    @property
    def text(self) -> str:
        """The text as written, for a value that is not a list."""
        return self.node.text if isinstance(self.node, Scalar) else ""


class Given(Value):
    """A value that comes from outside the file: `--set`, or a caller of the Python API."""

    __slots__ = ()

    def __init__(self, node: Node, result: Result) -> None:
        self.node = node
        self.items = None
        self.expression = None
        self.constant = True
        self.result = result


class Reference:
    """The name of a tensor: `stem`, `enc[level]`, `x[i, *]`, `body.c[5]`.

    As a target (`name:`) it has no `*`; as a reference `*` stands for every index there is.
    """

    __slots__ = ("base", "indices", "node")

    def __init__(self, node: Node) -> None:
        if not isinstance(node, Scalar) or node.empty:
            raise node.error("E113", "the name of a tensor is expected here", "e.g. stem or enc[0]")
        self.indices: list[Expression | None] = []
        """One expression per index; None is `*`."""
        self.node = node
        if len(node.text) > MAX_NAME:
            message = f"a name of {len(node.text):,} characters; the limit is {MAX_NAME}"
            raise node.error("E117", message, "write a shorter name")
        if node.text.isidentifier():
            self.base: str = node.text
            return
        match = re.match(_REFERENCE, node.text, re.DOTALL)
        if not match:
            raise node.error("E117", f"'{shorten(node.text)}' is not a name", _name_help(node.text))
        self.base = match[1]
        if match[2] is not None:
            shift = match.start(2)
            for text, offset in _split(match[2]):
                self.indices.append(None if text.strip() == "*" else self._index(text, shift + offset))

    def _index(self, text: str, offset: int) -> Expression:
        assert isinstance(self.node, Scalar)
        try:
            return parse(text)
        except ExprError as error:
            error.offset += offset
            raise expression_error(self.node, error) from None

    @property
    def wildcard(self) -> bool:
        """Whether it stands for several tensors."""
        return None in self.indices

    def index(self, scope: Scope, shape: Sequence[int]) -> tuple[Any, ...]:
        """The evaluated indices; None where there is a `*`."""
        values: list[Any] = []
        for expression in self.indices:
            value: Any = None
            if expression is not None:
                try:
                    value = expression.evaluate(scope, shape)
                except ExprError as error:
                    raise self.node.error(error.code, error.message, error.help) from None
                if isinstance(value, float) and value.is_integer():
                    value = int(value)
                if isinstance(value, (bool, float, list)):
                    message = f"an index must be a whole number or a word, not {show(value)}"
                    raise self.node.error("E301", message, "use floor(…)")
            values.append(value)
        return tuple(values)


def label(base: str, index: tuple[Any, ...]) -> str:
    """The name as it is printed: `x[0,4]`."""
    return f"{base}[{','.join('*' if i is None else str(i) for i in index)}]" if index else base


def _split(text: str) -> list[tuple[str, int]]:
    """`text` cut at the commas outside brackets, each part with its offset."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append((text[start:position], start))
            start = position + 1
    return [*parts, (text[start:], start)]


def plain_name(node: Node, what: str) -> str:
    """The text of `node`, if it is a word that can name something.

    Raises:
        SpecError: E117 otherwise.
    """
    if isinstance(node, Scalar) and node.text.isidentifier() and len(node.text) <= MAX_NAME:
        return node.text
    text = f"'{shorten(node.text)}'" if isinstance(node, Scalar) and node.text else "this"
    help = _plainer(node.text if isinstance(node, Scalar) else "") or A_WORD
    raise node.error("E117", f"{text} cannot name {what}", help)


A_WORD = "a name is a word of letters, digits and _ that starts with a letter"


def _plainer(text: str) -> str | None:
    """Help for a name that only has characters too many."""
    plainer = re.sub(r"\W+", "_", text.strip()).strip("_")
    return f"write {plainer}" if plainer.isidentifier() and len(plainer) < 30 and plainer != text else None


def _name_help(text: str) -> str:
    """Help for what stands where the name of a tensor should."""
    if re.fullmatch(r"-?\d+", text.strip()):
        return "tensors have names, not numbers: add name: to the step you mean"
    return _plainer(text) or f"{A_WORD}; it may have an index: enc[0]"


def _beside(node: Scalar) -> str:
    """What an empty value belongs to: the loader gives it the place of its key."""
    key = (node.source.line(node.line) or "")[node.column - 1 : node.end_column - 1]
    return f"'{shorten(key)}'" if key.isidentifier() else "this entry"


def mapping(node: Node, what: str, help: str = "write key: value lines below it, without dashes") -> Map:
    """`node`, if it is a mapping.

    Raises:
        SpecError: E113 otherwise.
    """
    if isinstance(node, Map):
        return node
    raise node.error("E113", f"{what} must be a mapping", help)


def sequence(node: Node, what: str) -> list[Node]:
    """The items of `node`, if it is a list.

    Raises:
        SpecError: E113 otherwise.
    """
    if isinstance(node, Seq):
        return node.items
    help = "start each item with '- '"
    if isinstance(node, Scalar) and len(node.text) < 40:
        help = f"write [{node.text}]"
    raise node.error("E113", f"{what} must be a list", help)
