"""What students write, as numbers and shapes: separators, suffixes, arithmetic, `28x28x6`, `(28, 28, 6)`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc.expr import ExprError, parse

PREFIXES = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "b": 10**9, "万": 10**4, "亿": 10**8}
PREFIXES |= {"thousand": 10**3, "mio": 10**6, "million": 10**6, "millions": 10**6, "billion": 10**9}
WORDS = r"params|parameters|weights|biases|bias|values|neurons|units|macs|flops|multiplications|mults|pixels|px|bytes"
LONGEST = 120
"""Characters of the longest answer that is read; arithmetic included."""
BATCH = ("none", "?", "n", "b", "batch", "-1", "null", "~")
_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)(?P<digits>\d[\d,'’_\u00a0\u2009\u202f ]*(?:\.\d+)*)(?:e(?P<power>[+-]?\d+))?"
    r"\s*(?P<prefix>[^\d\W]+)?(?P<percent>%)?",
    re.IGNORECASE,
)
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/"})


class Number(NamedTuple):
    """A figure as it was given.  `step` is what its last digit is worth: 100000 for `120.4 M`."""

    value: Fraction
    step: Fraction
    percent: bool = False

    @property
    def shown(self) -> str:
        """The figure, as a plain number."""
        value = self.value
        return f"{int(value):,}" if value.denominator == 1 else f"{float(value):g}"


class UnreadableError(Exception):
    """Text where a figure should be; the message says what is wrong with it."""


def number(text: str) -> Number:
    """`48,120`, `48 120`, `61.7K`, `1.2e6`, `5*5*3*6 + 6` or `(5*5*3 + 1) * 6 = 456`.

    Raises:
        UnreadableError: if it is none of these.
    """
    if len(text) > LONGEST:
        raise UnreadableError(f"'{text[:20]}…' is too long for a figure")
    text = re.sub(rf"\s*\b(?:{WORDS})\b\.?\s*$", "", text.split("=")[-1].strip(), flags=re.IGNORECASE)
    text = text.removeprefix("~").removeprefix("≈").strip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _computed(text)
    digits, step = _digits(match["digits"].strip())
    prefix = (match["prefix"] or "").lower()
    if prefix and prefix not in PREFIXES:
        raise UnreadableError(f"'{match['prefix']}' is no unit here")
    scale = Fraction(PREFIXES[prefix]) if prefix else Fraction(1)
    power = int(match["power"] or 0)
    if abs(power) > 30:
        raise UnreadableError(f"'{text}' is out of all proportion")
    scale *= Fraction(10) ** power
    sign = -1 if match["sign"] in ("-", "−") else 1
    return Number(sign * digits * scale, step * scale, bool(match["percent"]))


def _digits(text: str) -> tuple[Fraction, Fraction]:
    """The value of digits with separators, and what the last of them is worth."""
    plain = re.sub(r"[,'’_\s]", "", text)
    if text.count(",") == 1 and "." not in text and not re.search(r",\d{3}$", text):
        plain = text.replace(",", ".")  # a decimal comma
    elif plain.count(".") > 1 or re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    decimals = len(plain.partition(".")[2])
    return Fraction(plain), Fraction(1, 10**decimals)


def _computed(text: str) -> Number:
    """Arithmetic, as students write it to show their work."""
    shown = text.translate(_SIGNS).replace("^", "**")
    shown = re.sub(r"(?<=\d)\s*[xX]\s*(?=\d)", "*", re.sub(r"(?<=\d),(?=\d{3}\b)", "", shown))
    if not re.fullmatch(r"[\d\s.*+/()-]+", shown) or not re.search(r"\d", shown):
        raise UnreadableError(f"'{text}' is not a number")
    try:
        value = parse(shown).evaluate()
    except ExprError as error:
        raise UnreadableError(f"'{text}' cannot be computed: {error.message}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnreadableError(f"'{text}' is not a number")
    return Number(Fraction(value).limit_denominator(10**9), Fraction(1))


def shape(text: str) -> tuple[int, ...]:
    """`28x28x6`, `(28, 28, 6)`, `28×28×6`, `6@28x28` or `None, 28, 28, 6`; the sides in the order given.

    Raises:
        UnreadableError: if it is none of these.
    """
    inner = text.strip().strip("()[]{}").lower().replace(r"\times", "x")
    parts = [part for part in re.split(r"[x×*@,;\s]+", inner) if part]
    if len(parts) > 1 and parts[0] in BATCH:
        parts = parts[1:]
    if not parts or not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        raise UnreadableError(f"'{text}' is not a shape: write 28x28x6")
    return tuple(map(int, parts))
