"""A figure as a person types it: `4.12G`, `25.6M`, `4,089,184,256`, and what it may stand for."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import Diagnostic, Span, SpecError

PREFIXES = {"": 0, "k": 1, "m": 2, "g": 3, "b": 3, "t": 4, "p": 5}
UNITS = "macs?|maccs?|flops?|ops?|madds?|mult-adds?|params?|parameters?"
_FORM = re.compile(
    rf"(?P<number>\d[\d_, ]*(?:\.\d*)?|\.\d+)(?P<power>[eE][+-]?\d{{1,2}})?"
    rf"\s*(?P<prefix>[kKmMgGbBtTpP]?)(?P<binary>i?)\s*(?P<unit>{UNITS})?",
    re.IGNORECASE,
)
MAX_LENGTH = 60


class TypedFigure(NamedTuple):
    """A figure and how precisely it was typed: it stands for anything from `low` to `high`."""

    text: str
    value: Fraction
    low: Fraction
    high: Fraction
    prefix: int
    """How many times 1000 the prefix stands for."""
    binary: bool
    """Whether the prefix was written Ki, Mi or Gi."""

    @property
    def exact(self) -> bool:
        """Whether every digit was typed."""
        return self.low == self.high

    @property
    def digits(self) -> int:
        """How many digits were typed, zeros in front aside."""
        return len(re.sub(r"\D", "", re.split("[eE]", self.text)[0]).lstrip("0"))

    def holds(self, value: int | Fraction) -> bool:
        """Whether a value is written so at this precision."""
        return self.low <= value <= self.high

    def as_binary(self) -> TypedFigure | None:
        """The figure if its prefix stands for powers of 1024; None if it has none or says so already."""
        if not self.prefix or self.binary:
            return None
        factor = Fraction(1024**self.prefix, 1000**self.prefix)
        return self._replace(value=self.value * factor, low=self.low * factor, high=self.high * factor, binary=True)


def read_figure(text: str) -> TypedFigure:
    """The figure a text stands for.  `4.12G` is anything from 4.115 to 4.125 times 10^9.

    Raises:
        SpecError: E610 if it is no figure.
    """
    match = _FORM.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
    if match is None or (match["binary"] and not match["prefix"]):
        raise _wrong(text)
    number = Decimal(re.sub("[_, ]", "", match["number"]) + (match["power"] or ""))
    prefix = PREFIXES[match["prefix"].lower()]
    scale = Fraction((1024 if match["binary"] else 1000) ** prefix)
    value = Fraction(number) * scale
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Fraction(10) ** exponent * scale
    # a whole number without a prefix is exact; otherwise half of the last digit either way
    half = step / 2 if prefix or match["power"] or exponent < 0 else Fraction(0)
    if value <= 0:
        raise _wrong(text)
    return TypedFigure(text.strip(), value, value - half, value + half, prefix, bool(match["binary"]))


def _wrong(text: str) -> SpecError:
    shown = text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "…"
    start = next((i for i, c in enumerate(shown) if not (c.isdigit() or c in "_,. ")), 0)
    help = "write a number above 0 with K, M, G or T: 4.12G, 25.6M, 4089184256"
    span = Span("FIGURE", 1, start + 1, max(start + 1, len(shown)) + 1)
    return SpecError(Diagnostic("E610", f"'{shown}' is no figure", span, help, source=shown))
