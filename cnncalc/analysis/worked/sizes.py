"""The output shape, worked out side by side."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.coverage import remainders, unread
from cnncalc.analysis.worked.lesson import Say, Step, Topic, joined, reason_of
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Measure
from cnncalc.layers import window
from cnncalc.layers.slots import AXIS_NAMES

FILTERS = Formula("C_out", "k", "each filter makes one map, so there are as many channels as filters")
MULTIPLIED = Formula("C_out", "C * m", "each channel has m filters of its own")
UNITS = Formula("out", "k", "each unit gives one number")
VECTOR = Formula("C_out", "D", "each token becomes a vector of D numbers")
_PLACES = "a window of f fits at that many places, one step apart"

Names = tuple[str, ...]


def axis_names(shape: tuple[int, ...]) -> Names:
    """What the axes of a shape are called."""
    return ("units",) if len(shape) == 1 else ("channels", *AXIS_NAMES[len(shape) - 1])


def textbook(step: Derivation) -> Derivation:
    """The rule for windows as textbooks write it, without the letters that do nothing here."""
    v = step.values
    if step.formula is window.TRANSPOSED:
        return _transposed(v)
    if step.formula is not window.OUT:
        return step
    before, after = v["p0"], v["p1"]
    size = "n"
    if before or after:
        size += " + 2*p" if before == after else " + p0 + p1"
    span = "f" if v["d"] == 1 else "(d*(f - 1) + 1)"
    if v["s"] == 1:
        return Formula("out", f"{size} - {span} + 1", _PLACES)(**v, p=before)
    return Formula("out", f"floor(({size} - {span}) / s) + 1", window.OUT.reason)(**v, p=before)


def _transposed(v: dict[str, int]) -> Derivation:
    text = "(n - 1)*s"
    if v["p0"] or v["p1"]:
        text += " - 2*p" if v["p0"] == v["p1"] else " - p0 - p1"
    text += " + f" if v["d"] == 1 else " + d*(f - 1) + 1"
    return Formula("out", text + (" + o" if v["o"] else ""), window.TRANSPOSED.reason)(**v, p=v["p0"])


def shape_topic(measure: Measure) -> Topic:
    """How the output shape comes about."""
    x, y = measure.xs[0], measure.shape
    title, warnings = Say("Output shape"), tuple(_leftovers(measure))
    if not measure.steps and y == x and "units" not in measure.layer.values:
        reason = Say("each number becomes one number: the shape stays as it is")
        return Topic("shape", title, y, (Step(Say("shape"), None, reason),), (), warnings)
    steps = [*_padding_steps(measure), *_channel_steps(measure)]
    placed = places(measure)
    for step, axes in _alike(measure.steps, placed):
        names = axis_names(y)
        label = joined([names[axis] for axis in axes]) if axes else Say("size")
        steps.append(Step(label, textbook(step), reason_of(textbook(step))))
    if not steps:
        steps.append(Step(Say("shape"), None, Say("the sides come in another order or are given; no number is lost")))
    return Topic("shape", title, y, tuple(steps), (), warnings)


def _channel_steps(measure: Measure) -> Iterator[Step]:
    values, x, y = measure.layer.values, measure.xs[0], measure.shape
    if "filters" in values:
        step = FILTERS(k=values["filters"])
    elif "multiplier" in values:
        step = MULTIPLIED(C=x[0], m=values["multiplier"])
    elif "units" in values:
        step = UNITS(k=values["units"])
    elif "dim" in values and "vocab" in values:
        step = VECTOR(D=values["dim"])
    else:
        if len(x) == len(y) > 1 and x[0] == y[0] and all(0 not in axes for axes in places(measure)):
            yield Step(Say("channels"), None, Say("each channel is treated by itself, so their number stays"))
        return
    yield Step(Say("channels" if len(y) > 1 else "units"), step, reason_of(step))


def _padding_steps(measure: Measure) -> Iterator[Step]:
    """What `same` and `causal` come to for this input."""
    rule = measure.layer.values.get("padding")
    if not isinstance(rule, str) or "output_padding" in measure.layer.values:
        return
    seen = set()
    for n, w in zip(measure.xs[0][1:], measure.layer.windows(measure.xs[0]), strict=True):
        if rule == "causal":
            step = window.CAUSAL_TOTAL(d=w.dilation, f=w.kernel)
        else:
            step = window.SAME_TOTAL(n=n, s=w.stride, d=w.dilation, f=w.kernel)
        if str(step) not in seen:
            seen.add(str(step))
            yield Step(Say("padding in all"), step, reason_of(step))


def places(measure: Measure) -> list[tuple[int, ...]]:
    """For each step of the layer, the output axes it gives."""
    steps, y, x = measure.steps, measure.shape, measure.xs[0]
    values = [step.value for step in steps]
    if len(steps) == len(y) - 1 and values == list(y[1:]):
        return [(axis,) for axis in range(1, len(y))]
    if len(steps) == len(y) and values == list(y):
        return [(axis,) for axis in range(len(y))]
    result: list[tuple[int, ...]] = []
    free = list(range(len(y)))
    for value in values:
        fits = [axis for axis in free if y[axis] == value]
        changed = [axis for axis in fits if axis >= len(x) or x[axis] != y[axis]] or fits
        result.append(tuple(changed[:1]))
        free = [axis for axis in free if axis not in changed[:1]]
    return result


def _alike(
    steps: tuple[Derivation, ...], placed: list[tuple[int, ...]]
) -> Iterator[tuple[Derivation, tuple[int, ...]]]:
    """Sides with the same arithmetic are worked out once."""
    found: dict[str, tuple[Derivation, tuple[int, ...]]] = {}
    for step, axes in zip(steps, placed, strict=True):
        first, others = found.get(str(step), (step, ()))
        found[str(step)] = (first, others + axes)
    return iter(found.values())


def _leftovers(measure: Measure) -> Iterator[Say]:
    """What the windows leave over: strict courses call such a layer invalid."""
    names, x, rests = axis_names(measure.xs[0]), measure.xs[0], remainders(measure)
    found: dict[tuple[int, int, int, tuple[tuple[int, int], ...] | None], list[str]] = {}
    read = unread(measure)
    for axis, (rest, stride) in rests.items():
        found.setdefault((rest, stride, x[axis], read.get(axis)), []).append(names[axis])
    for (rest, stride, n, places), along in found.items():
        where = joined(along)
        if rest:
            text = "the division does not come out even along the {axis}: {rest} of {stride} left over"
            yield Say(text, {"axis": where, "rest": rest, "stride": stride})
        if places:
            count = sum(last - first + 1 for first, last in places)
            text = "along the {axis}, {count} of {n} are never read: number {places}, counting from 0"
            yield Say(text, {"axis": where, "count": count, "n": n, "places": places})
        elif rest and places is not None:
            yield Say("what is left over along the {axis} is padding, so every place is read", {"axis": where})
