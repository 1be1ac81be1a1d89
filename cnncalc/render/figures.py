"""How numbers, sizes and shapes are written."""

from __future__ import annotations

from typing import Any

SI = ((10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
BINARY = ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
EXACT_BELOW = 1_000_000
"""Counts this small are written out; larger ones get a suffix unless exact figures are asked for."""


def count(value: int, exact: bool = False) -> str:
    """A count: `2,416`, `15.47 G`, or with `exact` always every digit.  K, M, G are powers of 1000."""
    return f"{value:,}" if exact or abs(value) < EXACT_BELOW else si(value)


def si(value: int) -> str:
    """Four significant digits and a suffix: `25.56 M`."""
    for unit, suffix in SI:
        if abs(value) >= unit:
            scaled = value / unit
            digits = 3 - len(str(int(abs(scaled))))
            return f"{scaled:.{max(0, min(2, digits + 1))}f} {suffix}"
    return str(value)


def size(value: int) -> str:
    """Bytes: `527.8 MiB`; KiB, MiB and GiB are powers of 1024."""
    for unit, suffix in BINARY:
        if value >= unit:
            return f"{value / unit:.1f} {suffix}"
    return f"{value} B"


def percent(part: int, whole: int) -> str:
    """A share: `12.3 %`; empty for nothing."""
    if not part or not whole:
        return ""
    share = 100 * part / whole
    return f"{share:.1f} %" if share >= 0.05 else "<0.1 %"


def sides(values: tuple[Any, ...]) -> str:
    """`3x3`, or `3` where all sides agree and there is only one to tell."""
    return "x".join(map(str, values))


def shape(values: tuple[int, ...], layout: str = "channels_first") -> str:
    """`64x224x224`, in the layout the spec is written in."""
    return sides((*values[1:], values[0]) if layout == "channels_last" else values)


def field(values: tuple[Any, ...] | None) -> str:
    """`212` for a square field, `7x1` for another, `all` for an unbounded one."""
    if values is None:
        return "all"
    if not values:
        return ""
    return str(values[0]) if len(set(values)) == 1 else sides(values)


def bar(part: int, whole: int, width: int, ascii: bool) -> str:
    """A bar of up to `width` characters, in eighths of a character where the output allows."""
    if not part or not whole:
        return ""
    if ascii:
        return "#" * max(1, round(width * part / whole)) if part * width * 2 >= whole else "."
    eighths = max(1, round(8 * width * part / whole))
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8]
