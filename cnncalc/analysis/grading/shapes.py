"""Wrong shapes: which side or channel count is wrong, and by what mistake."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from cnncalc.analysis.grading.cases import Case
from cnncalc.analysis.grading.diagnose import Diagnosis, applied, rules, sentence
from cnncalc.layers.base import Shape


def readings(given: Shape) -> tuple[Shape, Shape]:
    """A shape as written channels first, and as written channels last, both turned to channels first."""
    return given, (given[-1], *given[:-1])


def same_shape(given: Shape, right: Shape) -> bool:
    """Whether they agree, in either layout; sides of 1 do not matter where nothing else is left."""
    if right in readings(given):
        return True
    rest = tuple(side for side in given if side != 1)
    return prod(right[1:]) == 1 and rest == (() if right[0] == 1 else (right[0],))


def read_as(given: Shape, right: Shape) -> Shape | None:
    """The reading of a shape that is closest to the right one; None if it has another number of sides."""
    if len(given) != len(right):
        return None
    square = len(set(right[1:])) == 1

    def closeness(shape: Shape) -> tuple[int, bool]:
        return sum(a == b for a, b in zip(shape, right, strict=True)), square and len(set(shape[1:])) == 1

    return max(readings(given), key=closeness)


def diagnose_shape(given: Shape, right: Shape, cases: Sequence[Case]) -> Diagnosis | None:
    """The mistake behind a wrong shape; `cases` are the layer itself, then as it follows from own figures."""
    shape = read_as(given, right)
    if not cases and shape is not None and all(abs(a - b) <= 1 for a, b in zip(shape, right, strict=True)):
        return Diagnosis("off-by-one", "off by one")
    for one in cases[1:]:
        if same_shape(given, one.shape):
            return Diagnosis("carried", f"right{one.own}")
    for one in cases:
        found = _whole(given, one) or _parts(given, one)
        if found is not None:
            return found._replace(says=found.says + one.own)
    return None


def _whole(given: Shape, one: Case) -> Diagnosis | None:
    """Mistakes about the shape as a whole."""
    right = one.shape
    if len(right) > 2 and len(given) == len(right):
        swapped = (right[0], *reversed(right[1:]))
        if swapped != right and swapped in readings(given):
            return Diagnosis("swapped", "height and width swapped")
    if given == right[1:] and len(right) > 1:
        return Diagnosis("channels-missing", f"the channels are missing: there are {right[0]}")
    if len(given) == len(right) - 1 and (found := _sides(given, one)) is not None:
        return found._replace(says=f"the channels are missing, and {found.says}")
    if len(given) == len(right) and sorted(given) == sorted(right):
        return Diagnosis("order", "the right sides in the wrong order")
    if len(given) == 1 < len(right) and given[0] == prod(right):
        return Diagnosis("flattened", "the number of values: this layer does not flatten")
    if len(right) == 1 < len(given) and given in ((x := one.measure.xs[0]), (*x[1:], x[0])):
        return Diagnosis("not-flattened", f"the shape before the layer: after it, {right[0]} values in a row")
    if given == (one.letters["C_in"],) and len(right) > 1:
        return Diagnosis("channels-only", "the channels alone")
    return None


def _parts(given: Shape, one: Case) -> Diagnosis | None:
    """Mistakes about single sides, or the channels."""
    right = one.shape
    shape = read_as(given, right)
    if shape is None:
        return None
    found = []
    if shape[0] != right[0]:
        found.append(_channels(shape[0], one))
    if shape[1:] != right[1:]:
        found.append(_sides(shape[1:], one))
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    return Diagnosis(known[0].key, "; ".join(one.says for one in known), known[0].derivation)


def _channels(given: int, one: Case) -> Diagnosis | None:
    for rule in rules("channels", one.family):
        derivation = applied(rule, one, given)
        if derivation is not None and derivation.value == given:
            return Diagnosis(rule.key, sentence(rule, one, 0), derivation)
    if one.family in ("conv", "transposed", "local"):
        return Diagnosis("not-the-filters", f"as many channels as filters: {one.letters['C_out']}, not {given}")
    if one.family == "dense":
        return Diagnosis("not-the-units", f"as many outputs as units: {one.letters['C_out']}")
    if one.family in ("pool", "norm", "activation"):
        return Diagnosis("channels-changed", f"this layer keeps the channels: {one.letters['C_out']}")
    return None


def _sides(given: Shape, one: Case) -> Diagnosis | None:
    """One mistake that explains all sides, else one for each."""
    wrong = [axis for axis, m in enumerate(one.shape[1:]) if m != given[axis]]
    if len(one.axes) != len(given):
        return None
    for rule in rules("side", one.family):
        steps = [applied(rule, one, None, axis) for axis in wrong]
        if all(step is not None and step.value == given[axis] for step, axis in zip(steps, wrong, strict=True)):
            return Diagnosis(rule.key, sentence(rule, one, wrong[0]), steps[0])
    if all(abs(given[axis] - one.shape[axis + 1]) == 1 for axis in wrong):
        return Diagnosis("off-by-one", f"off by one: {one.shape[wrong[0] + 1]}, not {given[wrong[0]]}")
    each = [_side(given[axis], one, axis) for axis in wrong]
    known = [diagnosis for diagnosis in each if diagnosis is not None]
    if len(known) < len(wrong):
        return None
    return Diagnosis(known[0].key, "; ".join(dict.fromkeys(d.says for d in known)), known[0].derivation)


def _side(given: int, one: Case, axis: int) -> Diagnosis | None:
    for rule in rules("side", one.family):
        step = applied(rule, one, None, axis)
        if step is not None and step.value == given:
            return Diagnosis(rule.key, sentence(rule, one, axis), step)
    return None
