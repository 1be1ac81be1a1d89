"""Formulas written for people: as text, as LaTeX and as MathML, from one walk over the syntax tree."""

from __future__ import annotations

from html import escape
from typing import Any

from cnncalc.expr import parse
from cnncalc.expr.parser import Tree
from cnncalc.formula import Derivation

_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = 6, 7, 8, 9, 10


class Notation:
    """Formulas as plain text; `times` is the sign between factors."""

    times = "·"
    equals = " = "

    def formula(self, text: str) -> str:
        """A formula of the expression language in this notation."""
        return self.write(parse(text).tree)[0]

    def chain(self, derivation: Derivation) -> list[str]:
        """What is equal: the rule, the rule with its numbers put in, the result; before them the letter, if it is one.

        A result that has a word for a name (`parameters`) is named by what stands before the chain.
        """
        letter = derivation.formula.result
        parts = [self.letter(letter)] if is_letter(letter) else []
        for text in (self.formula(derivation.formula.text), self.formula(derivation.substituted())):
            parts += [text] if not parts or text != parts[-1] else []
        value = self.value(derivation.value)
        return parts if parts[-1] == self.formula(str(derivation.value)) == value else [*parts, value]

    def write(self, tree: Tree) -> tuple[str, int]:
        """A tree and how tightly its outermost operator binds."""
        match tree[0]:
            case "const":
                return self.constant(tree[2]), _ATOM
            case "name":
                return self.letter(tree[2]), _ATOM
            case "unary":
                return self.minus(self.inside(tree[3], _UNARY)), _UNARY
            case "binary":
                return self._binary(tree[2], tree[3], tree[4])
            case "call":
                return self._call(tree[2], tree[3])
            case "list":
                return self.listed([self.write(item)[0] for item in tree[2]]), _ATOM
        raise ValueError(f"formulas have no {tree[0]}")

    def inside(self, tree: Tree, least: int) -> str:
        """A part of a formula, in brackets if it binds more loosely than `least`."""
        text, strength = self.write(tree)
        return self.brackets(text) if strength < least else text

    def _binary(self, op: str, left: Tree, right: Tree) -> tuple[str, int]:
        if op == "/" or op == "//":
            return self.divided(left, right)
        if op == "**":
            return self.power(self.inside(left, _ATOM), self.write(right)[0]), _POWER
        strength = _PRODUCT if op == "*" else _SUM
        # a - (b - c) needs its brackets, and so does a minus after a sign
        second = self.inside(right, strength + 1 if op == "-" else strength)
        if right[0] == "unary" or (right[0] == "const" and str(right[2]).startswith("-")):
            second = self.brackets(self.write(right)[0])
        return self.infix(op, self.inside(left, strength), second), strength

    def _call(self, name: str, arguments: list[Tree]) -> tuple[str, int]:
        if len(arguments) == 1 and arguments[0][0] == "list":
            items = [self.write(item)[0] for item in arguments[0][2]]
            if name == "sum" and items:
                total = items[0]
                for item in items[1:]:
                    total = self.infix("+", total, item)
                return total, _SUM
            return self.function(name, items), _ATOM
        return self.function(name, [self.write(argument)[0] for argument in arguments]), _ATOM

    # what notations differ in

    def constant(self, value: Any) -> str:
        """A number."""
        return str(value)

    def value(self, value: Any) -> str:
        """A result."""
        return f"{value:,}" if isinstance(value, int) else str(value)

    def letter(self, name: str) -> str:
        """A letter or a word."""
        return name

    def minus(self, text: str) -> str:
        """The negative of something."""
        return f"-{text}"

    def brackets(self, text: str) -> str:
        """Something in brackets."""
        return f"({text})"

    def listed(self, items: list[str]) -> str:
        """Several numbers."""
        return f"[{', '.join(items)}]"

    def infix(self, op: str, left: str, right: str) -> str:
        """A sum, difference or product."""
        return f"{left}{self.times}{right}" if op == "*" else f"{left} {op} {right}"

    def divided(self, left: Tree, right: Tree) -> tuple[str, int]:
        """A quotient."""
        return f"{self.inside(left, _PRODUCT)} / {self.inside(right, _UNARY)}", _PRODUCT

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{base}**{exponent}"

    def function(self, name: str, arguments: list[str]) -> str:
        """A function of something."""
        return f"{name}({', '.join(arguments)})"


class Ascii(Notation):
    """Plain text for pipes and old terminals."""

    times = "*"


class Latex(Notation):
    """LaTeX, for Markdown between dollar signs."""

    def constant(self, value: Any) -> str:
        """A number."""
        return str(value)

    def value(self, value: Any) -> str:
        """A number with thin separators."""
        return f"{value:,}".replace(",", "{,}") if isinstance(value, int) else str(value)

    def letter(self, name: str) -> str:
        """`C_{\\mathrm{out}}`, `p_0`, `\\mathrm{MACs}`."""
        base, index = _split(name)
        text = base if len(base) == 1 else f"\\mathrm{{{base}}}"
        if not index:
            return text
        return f"{text}_{index}" if len(index) == 1 else f"{text}_{{\\mathrm{{{index}}}}}"

    def brackets(self, text: str) -> str:
        """Brackets that grow."""
        return f"\\left({text}\\right)"

    def infix(self, op: str, left: str, right: str) -> str:
        """A sum, difference or product."""
        return f"{left} {chr(92) + 'cdot' if op == '*' else op} {right}"

    def divided(self, left: Tree, right: Tree) -> tuple[str, int]:
        """A fraction."""
        return f"\\frac{{{self.write(left)[0]}}}{{{self.write(right)[0]}}}", _PRODUCT

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{base}^{{{exponent}}}"

    def function(self, name: str, arguments: list[str]) -> str:
        """Rounding has brackets of its own; the rest are operators."""
        if name in ("floor", "ceil"):
            return f"\\left\\l{name} {arguments[0]} \\right\\r{name}"
        known = f"\\{name}" if name in ("max", "min") else f"\\mathrm{{{name}}}"
        return f"{known}\\left({', '.join(arguments)}\\right)"


class MathMl(Notation):
    """MathML, which browsers draw without help."""

    equals = "<mo>=</mo>"

    def constant(self, value: Any) -> str:
        """A number."""
        return f"<mn>{value}</mn>"

    def value(self, value: Any) -> str:
        """A number with separators."""
        return f"<mn>{super().value(value)}</mn>"

    def letter(self, name: str) -> str:
        """A letter with its index."""
        base, index = _split(name)
        text = f"<mi>{escape(base)}</mi>"
        return f"<msub>{text}<mi>{escape(index)}</mi></msub>" if index else text

    def minus(self, text: str) -> str:
        """The negative of something."""
        return f"<mrow><mo>-</mo>{text}</mrow>"

    def brackets(self, text: str) -> str:
        """Something in brackets."""
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def listed(self, items: list[str]) -> str:
        """Several numbers."""
        return f"<mrow>{'<mo>,</mo>'.join(items)}</mrow>"

    def infix(self, op: str, left: str, right: str) -> str:
        """A sum, difference or product."""
        return f"{left}<mo>{'·' if op == '*' else op}</mo>{right}"

    def divided(self, left: Tree, right: Tree) -> tuple[str, int]:
        """A fraction."""
        over, under = self.write(left)[0], self.write(right)[0]
        return f"<mfrac><mrow>{over}</mrow><mrow>{under}</mrow></mfrac>", _PRODUCT

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"<msup>{base}<mrow>{exponent}</mrow></msup>"

    def function(self, name: str, arguments: list[str]) -> str:
        """Rounding has brackets of its own."""
        left, right = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}.get(name, ("(", ")"))
        inner = f"<mo>{left}</mo>{'<mo>,</mo>'.join(arguments)}<mo>{right}</mo>"
        return f"<mrow>{inner}</mrow>" if name in ("floor", "ceil") else f"<mrow><mi>{name}</mi>{inner}</mrow>"


def is_letter(name: str) -> bool:
    """Whether a result is called by a symbol (`out`, `C_out`, `r`) rather than a word."""
    return len(name.partition("_")[0]) <= 3


def _split(name: str) -> tuple[str, str]:
    """`C_out` is C with an index, and so is `p0`."""
    base, _, index = name.partition("_")
    if not index and len(name) == 2 and name[1].isdigit():
        return name[0], name[1]
    return base, index
