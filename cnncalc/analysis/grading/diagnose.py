"""Which mistake gives a wrong figure: the table of mistakes held against it, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.grading.cases import Case, case, remeasured
from cnncalc.analysis.grading.given import Number
from cnncalc.analysis.grading.mistakes import MISTAKES, SLIPS, Mistake
from cnncalc.expr import ExprError
from cnncalc.formula import Derivation

OTHER_FILTERS = sorted({*range(8, 1025, 8), 2, 4, 6, 10, 12, 20, 100})
"""Numbers of filters a figure may be right for, although the layer has another."""
SOLVABLE = ("forgot-input-channels", "forgot-bias", "one-bias-per-layer", "forgot-input-channels-and-bias")


class Diagnosis(NamedTuple):
    """A named mistake: its key, one sentence, and how it makes the figure that was written."""

    key: str
    says: str
    derivation: Derivation | None = None


def agrees(value: Any, given: Number) -> bool:
    """Whether a figure is `value`, or `value` rounded as the figure shows it is."""
    exact = Fraction(value)
    return exact == given.value or (given.step > 1 and abs(exact - given.value) <= given.step / 2)


def diagnose(quantity: str, given: Number, right: Any, cases: Sequence[Case]) -> Diagnosis | None:
    """The mistake behind a wrong number; `cases` are the layer itself, then as it follows from own figures."""
    return (
        _rounded(given, right, given.step)
        or _by_rules(quantity, given, cases[:1])
        or _by_own(quantity, given, cases[1:])
        or _by_sides(quantity, given, cases)
        or _rounded(given, right, _rough_step(given))
        or _slip(given, right)
        or _by_filters(quantity, given, cases[:1])
        or _digits(given, right)
    )


def _rough_step(given: Number) -> Fraction:
    """What the last digit is worth that is no closing zero: 1000 for 14 450 000."""
    if given.step != 1 or given.value.denominator != 1 or given.value < 1000:
        return given.step
    zeros = len(str(int(given.value))) - len(str(int(given.value)).rstrip("0"))
    return Fraction(10**zeros) if zeros >= 2 else given.step


def _rounded(given: Number, right: Any, step: Fraction) -> Diagnosis | None:
    """Rounded, or cut off; `step` is what the last digit is worth."""
    exact, value = Fraction(right), given.value
    if value == exact or not 0 < value or (step <= 1 and exact.denominator == 1):
        return None
    if abs(exact - value) <= step / 2:
        return Diagnosis("rounded", f"rounded: exactly it is {_shown(right)}")
    if abs(exact - value) < step:
        return Diagnosis("rounded", f"cut off rather than rounded: exactly it is {_shown(right)}")
    return None


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _by_rules(quantity: str, given: Number, cases: Sequence[Case]) -> Diagnosis | None:
    for one in cases:
        for rule in rules(quantity, one.family):
            derivation = applied(rule, one, given.value)
            if derivation is not None and agrees(derivation.value, given):
                return Diagnosis(rule.key, _sentence(rule, one, given.value) + one.own, derivation)
    return None


def _by_own(quantity: str, given: Number, cases: Sequence[Case]) -> Diagnosis | None:
    """Right, or wrong in a known way, for the figures the student has given before."""
    for one in cases:
        if agrees(figure(quantity, one), given):
            return Diagnosis("carried", f"right{one.own}")
    return _by_rules(quantity, given, cases)


def figure(quantity: str, one: Case) -> Any:
    """A figure of a layer, from its letters."""
    letters = one.letters
    match quantity:
        case "params":
            return letters["T"]
        case "weights":
            return letters["T"] - letters["B"]
        case "biases":
            return letters["B"]
        case "size":
            return letters["S"]
        case "macs":
            return letters["W"] * letters["used"]
        case "flops":
            return 2 * letters["W"] * letters["used"]
    return -1


def _by_sides(quantity: str, given: Number, cases: Sequence[Case]) -> Diagnosis | None:
    """A size or MACs whose sides were computed wrongly."""
    if quantity not in ("size", "macs", "flops"):
        return None
    for one in cases:
        if not one.axes or (quantity != "size" and one.family != "conv"):
            continue
        factor = one.letters["C_out"] if quantity == "size" else one.letters["W"] * (1 + (quantity == "flops"))
        for rule in rules("side", one.family):
            steps = [applied(rule, one, None, axis) for axis in range(len(one.axes))]
            sides = [step.value if step else axis["m"] for step, axis in zip(steps, one.axes, strict=True)]
            if any(steps) and agrees(factor * prod(sides), given):
                written = "x".join(map(str, sides))
                first = next(step for step in steps if step)
                return Diagnosis(rule.key, f"{_sentence(rule, one, None)}, which gives {written}{one.own}", first)
    return None


def _by_filters(quantity: str, given: Number, cases: Sequence[Case]) -> Diagnosis | None:
    """Right, or wrong in one of the commonest ways, for another number of filters."""
    if quantity not in ("params", "weights", "macs", "size") or given.step > 1 or not cases:
        return None
    one = cases[0]
    for filters in OTHER_FILTERS:
        measure = remeasured(one.measure, filters=filters) if filters != one.shape[0] else None
        if measure is None:
            continue
        other = case(measure)
        if agrees(figure(quantity, other), given):
            return Diagnosis("other-filters", f"right for {filters} filters, but there are {one.shape[0]}")
        for rule in rules(quantity, other.family):
            derivation = applied(rule, other, given.value) if rule.key in SOLVABLE else None
            if derivation is not None and agrees(derivation.value, given):
                says = f"{_sentence(rule, other, given.value)}; and computed for {filters} filters, not {one.shape[0]}"
                return Diagnosis(rule.key, says, derivation)
    return None


def slip(given: Number, right: Any) -> Diagnosis | None:
    """A slip that has nothing to do with the layer: rounding, units, twice, digits."""
    return _rounded(given, right, _rough_step(given)) or _slip(given, right) or _digits(given, right)


def _slip(given: Number, right: Any) -> Diagnosis | None:
    letters = {"right": right}
    for rule in SLIPS:
        if right and (rule.when is None or rule.when(**letters).value):
            derivation = rule.formula(**letters)
            if abs(Fraction(derivation.value) - given.value) * 10**9 <= abs(given.value):
                return Diagnosis(rule.key, rule.says, derivation)
    return None


def _digits(given: Number, right: Any) -> Diagnosis | None:
    """Two neighbouring digits swapped, or one digit wrong."""
    scale = 1 / given.step if given.step < 1 else 1
    if given.value < 0:
        return None
    wrong, good = str(int(given.value * scale)), str(round(Fraction(right) * scale))
    if len(wrong) != len(good) or len(good) < 3:
        return None
    places = [k for k, (a, b) in enumerate(zip(wrong, good, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1 and wrong[places[0]] == good[places[1]]:
        if wrong[places[1]] == good[places[0]]:
            return Diagnosis("digits-swapped", "two digits swapped")
    if len(places) == 1:
        return Diagnosis("one-digit", f"a slip in one digit: {wrong[places[0]]} for {good[places[0]]}")
    return None


def rules(quantity: str, family: str) -> Iterator[Mistake]:
    """The mistakes that can be made about a quantity of a layer."""
    return (rule for rule in MISTAKES if rule.quantity == quantity and (not rule.of or family in rule.of.split()))


def applied(rule: Mistake, one: Case, given: Any, axis: int = 0) -> Derivation | None:
    """A mistake made with the layer's numbers; None where it cannot be made."""
    letters = one.letters | (one.axes[axis] if one.axes else {})
    if given is not None:
        letters["given"] = int(given) if Fraction(given).denominator == 1 else float(given)
    try:
        if rule.when is not None and not rule.when(**letters).value:
            return None
        return rule.formula(**letters)
    except ExprError:
        return None


def _sentence(rule: Mistake, one: Case, given: Any, axis: int = 0) -> str:
    letters = one.letters | (one.axes[axis] if one.axes else {})
    if given is not None:
        letters |= {"given": f"{int(given):,}", "per_map": f"{int(given) // max(1, letters['C_out']):,}"}
    return rule.says.format(**{key: f"{v:,}" if isinstance(v, int) else v for key, v in letters.items()})


def sentence(rule: Mistake, one: Case, axis: int) -> str:
    """What is said about a mistake along one axis."""
    return _sentence(rule, one, None, axis)
