"""One layer's size rule solved for any one or two of its letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.formula import Derivation
from cnncalc.layers.window import OUT

LETTERS = ("in", "out", "kernel", "stride", "padding", "dilation")
DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1}
MOST_DILATION = 16
LIMIT = 1 << 20


class UnsolvableError(Exception):
    """A question without a sensible meaning; the message is for the user."""


class Solution(NamedTuple):
    """Numbers that satisfy the size rule; `rest` is what its division leaves over."""

    values: dict[str, int]
    rest: int
    check: Derivation


def solve(known: Mapping[str, int], unknown: tuple[str, ...]) -> list[Solution]:
    """All sensible answers: stride at most the kernel, padding below it, dilation at most 16.

    Those whose division comes out even come first, then odd kernels, then small numbers.

    Raises:
        UnsolvableError: if too much is unknown, or a number is out of range.
    """
    if not 1 <= len(unknown) <= 2:
        raise UnsolvableError("mark one or two unknowns with ?, e.g. --in 32 --out 14 --kernel ? --stride 2")
    missing = [letter for letter in ("in", "out", "kernel") if letter not in known and letter not in unknown]
    if missing:
        raise UnsolvableError(f"--{missing[0]} is missing: give a number, or ? to have it found")
    for letter, value in known.items():
        least = 0 if letter == "padding" else 1
        if not least <= value <= LIMIT:
            raise UnsolvableError(f"--{letter} must be from {least} to {LIMIT:,}, not {value}")
    if {"in", "out"} <= set(unknown):
        raise UnsolvableError("--in and --out cannot both be unknown: one of them decides the other")
    found = [_checked(values) for values in _candidates(dict(DEFAULTS) | dict(known), unknown)]
    solutions = [one for one in found if one is not None and one.values["out"] == known.get("out", one.values["out"])]
    return sorted(solutions, key=_order)


def _order(solution: Solution) -> tuple[object, ...]:
    values = solution.values
    return (solution.rest > 0, values["kernel"] % 2 == 0, *(values[letter] for letter in LETTERS))


def _candidates(values: dict[str, int], unknown: tuple[str, ...]) -> Iterator[dict[str, int]]:
    free: list[str] = [letter for letter in ("kernel", "dilation", "stride", "padding") if letter in unknown]
    for chosen in _choices(values, free):
        if "in" not in unknown:
            yield chosen
            continue
        span = chosen["dilation"] * (chosen["kernel"] - 1) + 1
        least = (chosen["out"] - 1) * chosen["stride"] + span - 2 * chosen["padding"]
        for n in range(max(1, least), least + chosen["stride"]):
            yield chosen | {"in": n}


def _choices(values: dict[str, int], free: list[str]) -> Iterator[dict[str, int]]:
    if not free:
        yield values
        return
    letter, *others = free
    for value in _range(letter, values):
        yield from _choices(values | {letter: value}, others)


def _range(letter: str, values: dict[str, int]) -> range:
    if letter == "kernel":
        # padding, where it is unknown too, stays below the kernel
        widest = values.get("in", values.get("out", 1) * values["stride"]) + 2 * values["padding"]
        return range(1, min(widest, 1024) + 1)
    if letter == "dilation":
        return range(1, MOST_DILATION + 1)
    if letter == "stride":
        return range(1, values["kernel"] + 1)
    return range(values["kernel"] if values["dilation"] == 1 else values["dilation"] * (values["kernel"] - 1) + 1)


def _checked(values: dict[str, int]) -> Solution | None:
    n, f, s, p, d = (values[letter] for letter in ("in", "kernel", "stride", "padding", "dilation"))
    room = n + 2 * p - d * (f - 1) - 1
    if room < 0:
        return None
    check = OUT(n=n, p0=p, p1=p, d=d, f=f, s=s)
    return Solution(values | {"out": check.value}, room % s, check)


def keeping(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """The padding before and after that keeps every size at stride 1: equal if d(f - 1) is even."""
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2
