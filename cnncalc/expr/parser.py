"""Text to syntax tree.

The tree is made of tuples, `(kind, offset, …)`, so that it is cheap to build and to walk:

    ("const", offset, value)            ("name", offset, name)         ("shape", offset, field)
    ("unary", offset, op, x)            ("binary", offset, op, x, y)   ("if", offset, then, cond, else)
    ("call", offset, function, args)    ("list", offset, items)        ("index", offset, x, index)

Grammar, loosest first: `a if c else b`, `or`, `and`, `not`, comparisons, `+ -`, `* / // %`, unary
`-`, `**`, then indexing and calls: Python's, so that a reader has nothing to learn.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Tree = tuple[Any, ...]

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_OPERATORS = 150
SHAPE_FIELDS = ("channels", "depth", "height", "width", "length")


class ExprError(Exception):
    """An expression that cannot be read or evaluated; `offset` and `width` point into its text."""

    def __init__(self, code: str, message: str, offset: int = 0, width: int = 1, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.width = width
        self.help = help


class Token(NamedTuple):
    """A lexical unit: `kind` is number, size, name, op or end."""

    kind: str
    text: str
    offset: int


_TOKEN = re.compile(
    r"\s*(?:(?P<size>\d+(?:x\d+)+(?![\w.]))"
    r"|(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<op>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\],.]))"
)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_POWER = {"or": 2, "and": 3, **dict.fromkeys(COMPARISONS, 5)}
_POWER |= {"+": 6, "-": 6, "*": 7, "/": 7, "//": 7, "%": 7, "**": 9, "[": 10}
_TERNARY, _NOT, _NEGATE = 1, 4, 8
_RESERVED = frozenset({"and", "or", "not", "if", "else", "in"})
_CAPITAL_SIZE = re.compile(r"\d+(?:X\d+)+")
_INSTEAD = {
    "=": "a comparison is written ==",
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not'",
    "^": "a power is written **",
    "×": "a size is written with the letter x, as in 3x32x32; to multiply, write *",
    "·": "multiplication is written *",
    "'": "words need no quotes here",
    "`": "words need no quotes here",
    ":": "a list is written [1, 30], a size 1x30",
    "$": "a variable is written without $",
    "{": "a variable is written without braces",
}
"""What to write in place of characters that other notations have."""


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, ended by one of kind `end`.

    Raises:
        ExprError: E504 if the text is too long, E112 at a character the language does not have.
    """
    if len(text) > MAX_LENGTH:
        message = f"the expression has {len(text):,} characters; the limit is {MAX_LENGTH:,}"
        raise ExprError("E504", message, 0, MAX_LENGTH, "compute parts of it in vars: or let:")
    tokens = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if not match:
            raise _unreadable(text, position)
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    tokens.append(Token("end", "", end))
    return tokens


def _unreadable(text: str, position: int) -> ExprError:
    position += len(text[position:]) - len(text[position:].lstrip())
    rest = text[position:]
    word = re.match(r"[\w.]+", rest)
    if word:
        help = "a name starts with a letter; a number is written 25, 25_000, 0.5 or 1e-6, a size 1x7"
        if _CAPITAL_SIZE.fullmatch(word[0]):
            help = f"write {word[0].lower()}"
        return ExprError("E112", f"'{word[0]}' is neither a number nor a name", position, len(word[0]), help)
    help = _INSTEAD.get(rest[0], "an expression has numbers, names, operators, (…) and […]")
    return ExprError("E112", f"unexpected character '{rest[0]}' in an expression", position, 1, help)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokenize(text)
        self.position = 0
        self.depth = 0
        self.operators = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def expect(self, text: str, opened: Token | None = None) -> None:
        """Take `text`, which may be what closes the bracket `opened`."""
        if self.token.text != text:
            if opened is not None and self.token.kind == "end":
                message = f"this '{opened.text}' is never closed"
                raise ExprError("E112", message, opened.offset, 1, f"add the missing '{text}'")
            raise self.unexpected(f"expected '{text}'")
        self.position += 1

    def unexpected(self, wanted: str) -> ExprError:
        token = self.token
        if token.kind == "end":
            last = self.tokens[self.position - 1]
            help = "50 % is written 0.5" if last.text == "%" else "complete the expression, or quote it if YAML cut it"
            return ExprError("E112", f"{wanted} after '{last.text}'", last.offset, len(last.text), help)
        help = "put an operator between two values"
        if token.text == ",":
            help = "a list is written [3, 32, 32], a size 3x32x32, a thousand 1000 or 1_000"
        elif re.fullmatch(r"x\d*", token.text):
            help = "a size is written without blanks: 3x32x32"
        elif token.text == ".":
            help = "names have no dots, except in.channels, in.height and the like"
        elif wanted == "expected a value":
            help = "a value is missing before it"
        return ExprError("E112", f"{wanted}, found '{token.text}'", token.offset, len(token.text), help)

    def expression(self, power: int = 0) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"the expression is nested deeper than {MAX_DEPTH} levels"
            raise ExprError("E504", message, self.token.offset, 1, "compute parts of it in vars: or let:")
        left = self.operand()
        while True:
            token = self.token
            if token.text == "if" and power < _TERNARY:
                left = self.ternary(left)
            elif _POWER.get(token.text, 0) > power and token.kind in ("op", "name"):
                left = self.infix(left, self.take())
            else:
                break
        self.depth -= 1
        return left

    def ternary(self, then: Tree) -> Tree:
        offset = self.take().offset
        condition = self.expression(_TERNARY)
        self.expect("else")
        return ("if", offset, then, condition, self.expression())

    def infix(self, left: Tree, token: Token) -> Tree:
        op = token.text
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            message = f"the expression has more than {MAX_OPERATORS} operators"
            raise ExprError("E504", message, token.offset, len(op), "compute parts of it in vars: or let:")
        if op == "[":
            index = self.expression()
            self.expect("]", token)
            return ("index", token.offset, left, index)
        # ** groups to the right and binds tighter than a minus on its left, but not on its right
        right = self.expression(_NEGATE - 1 if op == "**" else _POWER[op])
        if op in COMPARISONS and self.token.text in COMPARISONS:
            help = "write 'a < b and b < c'"
            raise ExprError("E112", "comparisons cannot be chained", self.token.offset, len(self.token.text), help)
        return ("binary", token.offset, op, left, right)

    def operand(self) -> Tree:
        token = self.take()
        match token.kind:
            case "number":
                return ("const", token.offset, _number(token))
            case "size":
                return ("const", token.offset, [int(side) for side in token.text.split("x")])
            case "name":
                return self.name(token)
        match token.text:
            case "-":
                return ("unary", token.offset, "-", self.expression(_NEGATE))
            case "+":
                return self.expression(_NEGATE)
            case "(":
                inner = self.expression()
                self.expect(")", token)
                return inner
            case "[":
                return ("list", token.offset, self.items(token, "]"))
        self.position -= 1
        raise self.unexpected("expected a value")

    def name(self, token: Token) -> Tree:
        match token.text:
            case "true" | "false":
                return ("const", token.offset, token.text == "true")
            case "True" | "False":
                help = f"write {token.text.lower()}"
                raise ExprError("E112", f"'{token.text}' is not a value", token.offset, len(token.text), help)
            case "not":
                return ("unary", token.offset, "not", self.expression(_NOT))
            case "in":
                self.expect(".")
                field = self.take()
                if field.text not in SHAPE_FIELDS:
                    help = "the current tensor has " + ", ".join(f"in.{f}" for f in SHAPE_FIELDS)
                    raise ExprError("E203", f"unknown 'in.{field.text}'", token.offset, len(field.text) + 3, help)
                return ("shape", token.offset, field.text)
        if token.text in _RESERVED:
            self.position -= 1
            raise self.unexpected("expected a value")
        if self.token.text == "(":
            return ("call", token.offset, token.text, self.items(self.take(), ")"))
        return ("name", token.offset, token.text)

    def items(self, opened: Token, close: str) -> list[Tree]:
        items = []
        while self.token.text != close:
            items.append(self.expression())
            if self.token.text != ",":
                break
            self.take()
        self.expect(close, opened)
        return items


def _number(token: Token) -> int | float:
    text = token.text
    try:
        if text.replace("_", "").isdigit():
            return int(text)
        value = float(text)
    except ValueError:
        help = "a number is written 25, 25_000, 0.5 or 1e-6"
        raise ExprError("E112", f"'{text}' is not a number", token.offset, len(text), help) from None
    if value == float("inf"):
        raise ExprError("E504", f"the number {text} is too large", token.offset, len(text), "write a smaller number")
    return value


def parse_tree(text: str) -> Tree:
    """The syntax tree of `text`.

    Raises:
        ExprError: E112 if it is not an expression, E504 if it is too long or too deeply nested.
    """
    parser = _Parser(text)
    if parser.token.kind == "end":
        raise ExprError("E112", "expected a value, found nothing", help="write a number, a word or an expression")
    tree = parser.expression()
    if parser.token.kind != "end":
        raise parser.unexpected("expected the end of the expression")
    return tree
