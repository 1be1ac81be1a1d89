"""Formulas that compute and explain with one text.

    OUT = Formula("out", "floor((n + p0 + p1 - d*(f - 1) - 1) / s) + 1")
    step = OUT(n=224, p0=3, p1=3, d=1, f=7, s=2)
    step.value          112
    step.substituted()  'floor((224 + 3 + 3 - 1*(7 - 1) - 1) / 2) + 1'

The text is evaluated by the same parser as the expressions of specs, and printed with the numbers
put in, so an explanation cannot disagree with the number it explains.
"""

from __future__ import annotations

from typing import Any

from cnncalc.expr import Scope, parse
from cnncalc.expr.parser import tokenize


class Derivation:
    """One number and how it was made: a formula and the values of its letters."""

    __slots__ = ("formula", "value", "values")

    def __init__(self, formula: Formula, values: dict[str, Any], value: int) -> None:
        self.formula = formula
        self.values = values
        self.value = value

    def substituted(self) -> str:
        """The formula with numbers in place of letters."""
        parts, position = [], 0
        text = self.formula.text
        for token in tokenize(text):
            if token.kind == "name" and token.text in self.values:
                parts += [text[position : token.offset], str(self.values[token.text])]
                position = token.offset + len(token.text)
        return "".join([*parts, text[position:]])

    def __str__(self) -> str:
        return f"{self.formula.result} = {self.formula.text} = {self.substituted()} = {self.value:,}"


class Formula:
    """A rule of arithmetic: the letter it gives, its text, and one sentence why it holds."""

    __slots__ = ("_run", "reason", "result", "text")

    def __init__(self, result: str, text: str, reason: str = "") -> None:
        self.result = result
        self.text = text
        self.reason = reason
        self._run = parse(text).run

    def __call__(self, **values: Any) -> Derivation:
        """The formula with numbers put in."""
        return Derivation(self, values, self._run(Scope(values), ()))
