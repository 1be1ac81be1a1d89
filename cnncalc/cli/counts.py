"""Counts on the command line: `5M`, `300_000`, `1.5G`."""

from __future__ import annotations

import re

from cnncalc.cli.common import UsageError

UNITS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_COUNT = re.compile(r"(\d+(?:_\d+)*)(?:\.(\d+))?\s?([A-Za-z]*)\Z")
_LONGEST = 30


def parse_count(option: str, text: str | None) -> int | None:
    """The number a person wrote, exactly; None where the option is not given.

    Raises:
        UsageError: for anything but digits, with one of the suffixes k, M, G, T.
    """
    if text is None:
        return None
    match = _COUNT.match(text.strip())
    if not match or len(text) > _LONGEST:
        raise UsageError(f"{option} {text[:_LONGEST]}: {_advice(text.strip())}")
    whole, fraction, suffix = match[1].replace("_", ""), match[2] or "", match[3]
    if suffix not in UNITS:
        raise UsageError(
            f"{option} {text}: {_advice_on_suffix(match[1] + (f'.{fraction}' if fraction else ''), suffix)}"
        )
    numerator, unit = int(whole + fraction) * UNITS[suffix], int("1" + "0" * len(fraction))
    if numerator % unit:
        raise UsageError(f"{option} {text}: not a whole number")
    return numerator // unit


def _advice(text: str) -> str:
    if text.startswith("-"):
        return "a count cannot be negative"
    if "," in text:
        return f"write {text.replace(',', '_')}, without commas" if re.fullmatch(r"[\d,]+", text) else "write 1.5M"
    if re.fullmatch(r"[\d.]+[eE][+-]?\d+", text):
        return "write it with a suffix, e.g. 5M for 5 million"
    return "write a whole number, or one with k, M, G or T: 300_000, 5M, 1.5G"


def _advice_on_suffix(number: str, suffix: str) -> str:
    meant = {"m": "M", "g": "G", "t": "T", "b": "G", "B": "G", "mio": "M", "bn": "G"}
    if suffix in meant:
        return f"write {number}{meant[suffix]} (M is a million, G a billion)"
    if suffix.lower() in ("mb", "mib", "gb", "gib", "kb", "kib"):
        return f"these are counts, not bytes: write {number}{suffix[0].upper()}"
    return f"there is no suffix '{suffix}': k, M, G and T are powers of 1000"
