"""The arithmetic of printed solutions, computed again by Python."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction

FUNCTIONS = {"floor": math.floor, "ceil": math.ceil, "min": min, "max": max}
_WORD = re.compile(r"[^\W\d]\w*")


class _Exact:
    """Rewrites numbers so that Python computes with fractions, never with floats."""

    @staticmethod
    def value(text: str) -> Fraction:
        code = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)", r'F("\1")', text.replace("·", "*"))
        return Fraction(eval(code, {"__builtins__": {}, "F": Fraction, **FUNCTIONS}))


def numeric(text: str) -> bool:
    """Whether a part of a chain has only numbers in it."""
    return all(word in FUNCTIONS for word in _WORD.findall(text))


def chains(text: str) -> Iterator[list[str]]:
    """`name = rule = numbers = result` of a terminal page; a chain broken at its signs is one chain."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if re.match(r"\s+= ", line) and found:
            found[-1].append(line.strip().removeprefix("= "))
        elif re.match(r" {4}\S.* = ", line):
            found.append([part.strip() for part in line.split(" = ")])
    return iter(found)


def agrees(chain: list[str]) -> bool:
    """Whether every part that is only numbers has the value of the last."""
    result = _Exact.value(chain[-1].replace(",", ""))
    parts = [part for part in chain[1:-1] if numeric(part)]
    return all(_Exact.value(part) == result for part in parts)


def from_latex(text: str) -> str:
    """A LaTeX formula of numbers as Python writes it."""
    text = text.replace("{,}", "").replace("\\cdot", "*")
    for name in ("floor", "ceil"):
        text = text.replace(f"\\left\\l{name}", f"{name}(").replace(f"\\right\\r{name}", ")")
    text = text.replace("\\left(", "(").replace("\\right)", ")").replace("\\max", "max").replace("\\min", "min")
    text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
    before = ""
    while before != text:  # a formula with letters keeps what is not arithmetic
        before, text = text, re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    return text
