"""Sizes of memory as people type them, read strictly: 16GiB is not 16GB."""

from __future__ import annotations

import re

from cnncalc.cli.common import UsageError

UNITS = {
    "B": 1,
    **{f"{letter}iB": 1 << 10 * (k + 1) for k, letter in enumerate("KMGT")},
    **{f"{letter}B": 10 ** (3 * (k + 1)) for k, letter in enumerate("kMGT")},
}
_SIZE = re.compile(r"\s*(?P<number>[^A-Za-z\s]*)\s*(?P<unit>[A-Za-z]*)\s*")
_WORDS = {
    "kilo": "kB",
    "mega": "MB",
    "giga": "GB",
    "tera": "TB",
    "kibi": "KiB",
    "mebi": "MiB",
    "gibi": "GiB",
    "tebi": "TiB",
}


def parse_size(text: str, option: str) -> int:
    """Bytes of `16GiB` (powers of 1024), `16GB` (powers of 1000), `800MiB`, `1.5 GiB`.

    Raises:
        UsageError: saying what to write instead.
    """
    match = _SIZE.fullmatch(text)
    number, unit = (match["number"], match["unit"]) if match else ("", "")
    example = f"write e.g. {option} 16GiB, 16GB or 800MiB"
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", number):
        raise UsageError(f"{option} {text}: '{number or text}' is no positive number; {example}")
    if not unit:
        raise UsageError(f"{option} {text}: the unit is missing; {example}")
    if unit not in UNITS:
        raise UsageError(f"{option} {text}: there is no unit '{unit}'; {_meant(number, unit) or example}")
    from fractions import Fraction

    size = int(Fraction(number) * UNITS[unit])
    if size < 1:
        raise UsageError(f"{option} {text}: that is no room at all; {example}")
    return size


def _meant(number: str, unit: str) -> str | None:
    """What a unit that does not exist was probably meant to be."""
    spelled = {known.lower(): known for known in UNITS}
    lower = unit.lower()
    short = spelled.get(lower) or spelled.get(lower + "b") or _WORDS.get(lower[:4])
    if short is None or short == "B":
        return None
    other = short.replace("iB", "B").replace("K", "k") if "i" in short else short[0].upper() + "iB"
    powers = ("1024", "1000") if "i" in short else ("1000", "1024")
    return f"write {number}{short} (powers of {powers[0]}) or {number}{other} (powers of {powers[1]})"
