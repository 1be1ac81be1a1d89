"""Parameters and multiply–accumulates, taken apart from the shapes of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.worked.lesson import Say, Step, Topic, reason_of, work_out
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Measure

SIDES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
FLOPS = Formula("FLOPs", "2 * MACs", "a multiply–accumulate is one multiplication and one addition")
_WHY = {
    "filters": "one filter has a weight for each of its places and channels, and one bias; there are k filters",
    "bare filters": "one filter has a weight for each of its places and channels and no bias; there are k filters",
    "units": "each of k units has a weight for each of n inputs, and one bias",
    "bare units": "each of k units has a weight for each of n inputs, and no bias",
    "table": "each of V tokens has a vector of D numbers",
    "norm": "each normalised unit or channel has a factor and an offset",
    "factors": "one learned number each",
}


class Axis(NamedTuple):
    """One axis of a weight tensor: its letters in formulas, and what they stand for."""

    text: str
    values: dict[str, int]
    outer: bool
    """Whether it counts the biases, too: filters, units."""


def axes(measure: Measure) -> list[Axis]:
    """The axes of a layer's weight tensor, in the order a course multiplies them: f * f * C * k."""
    layer, x, shape = measure.layer, measure.xs[0], measure.weights["weight"]
    values = layer.values
    if "units" in values:
        return [Axis("n", {"n": shape[1]}, False), Axis("k", {"k": shape[0]}, True)]
    if "vocab" in values:
        return [Axis("V", {"V": shape[0]}, False), Axis("D", {"D": shape[1]}, False)]
    windows = layer.windows(x)
    if not windows:
        letters = ("C", *SIDES.get(len(shape) - 1, ()))
        if shape != x[: len(shape)]:
            letters = ("n",) if len(shape) == 1 else tuple(f"n{i}" for i in range(1, len(shape) + 1))
        return [Axis(letter, {letter: side}, True) for letter, side in zip(letters, shape, strict=True)]
    groups = values.get("groups", 1)
    per_group = (lambda letter: f"({letter} / g)") if groups > 1 else (lambda letter: letter)
    extra = {"g": groups} if groups > 1 else {}
    if "output_padding" in values:
        split = Axis(per_group("k"), {"k": values["filters"]} | extra, groups == 1)
        ends = [Axis("C", {"C": x[0]}, False), split]
    elif "filters" in values:
        ends = [Axis(per_group("C"), {"C": x[0]} | extra, False), Axis("k", {"k": shape[0]}, True)]
    else:
        ends = [Axis("k", {"k": shape[0]}, True)]
    positions = shape[2 + len(windows) :]
    rest = [Axis(letter, {letter: side}, True) for letter, side in zip(SIDES[len(windows)], positions, strict=False)]
    return [*_kernel(tuple(w.kernel for w in windows)), *ends, *rest]


def _kernel(kernel: tuple[int, ...]) -> list[Axis]:
    if len(set(kernel)) == 1:
        return [Axis("f", {"f": kernel[0]}, False)] * len(kernel)
    names = [f"f_{side}" for side in SIDES[len(kernel)]]
    return [Axis(name, {name: side}, False) for name, side in zip(names, kernel, strict=True)]


def _values(parts: Sequence[Axis]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for part in parts:
        merged |= part.values
    return merged


def _times(parts: Sequence[Axis]) -> str:
    return " * ".join(part.text for part in parts)


def params_topic(measure: Measure, shared_with: str | None = None) -> Topic:
    """How many numbers the layer learns."""
    title = Say("Parameters")
    total = measure.trainable
    steps: list[Step] = []
    if not total:
        steps.append(Step(Say("parameters"), None, Say("nothing is learned here")))
    elif "weight" in measure.weights and set(measure.weights) <= {"weight", "bias"}:
        steps += _weight_steps(measure)
    else:
        parts = {f"n{i}": prod(shape) for i, shape in enumerate(measure.weights.values(), 1)}
        whole = work_out("parameters", " + ".join(parts), **parts)
        steps.append(Step(Say("parameters"), whole, Say(_WHY["factors"])))
    if measure.buffers:
        kept = _buffers(measure)
        steps.append(Step(Say("kept, not learned"), kept, Say("a running mean and variance each, for inference")))
    notes: tuple[Say, ...] = ()
    if shared_with is not None and total:
        total = 0
        notes = (Say("these are the weights of {layer}, and are counted there", {"layer": shared_with}),)
    return Topic("params", title, total, tuple(steps), notes)


def _buffers(measure: Measure) -> Derivation:
    sizes = [prod(shape) for shape in measure.buffers.values()]
    return work_out("buffers", f"{len(sizes)} * C", C=sizes[0])


def _weight_steps(measure: Measure) -> list[Step]:
    parts = axes(measure)
    inner = [part for part in parts if not part.outer]
    outer = [part for part in parts if part.outer]
    bias = measure.weights.get("bias")
    values = _values(parts)
    if bias is None:
        whole = work_out("parameters", _times(parts), **values)
    elif not inner:
        whole = work_out("parameters", f"2 * {_times(outer)}", **values)
    elif not outer:  # grouped and transposed: the biases do not follow the axes of the weights
        whole = work_out("parameters", f"{_times(parts)} + k", **values)
    else:
        whole = work_out("parameters", f"({_times(inner)} + 1) * {_times(outer)}", **values)
    if whole.value != measure.trainable:  # a layer of a new form: its shapes still tell the sum
        sizes = {f"n{i}": prod(shape) for i, shape in enumerate(measure.weights.values(), 1)}
        whole = work_out("parameters", " + ".join(sizes), **sizes)
    steps = [Step(Say("parameters"), whole, Say(_WHY[_reason(measure)]))]
    if inner and outer and measure.layer.values.keys() & {"filters", "multiplier"}:
        one = work_out("one filter", _times(inner) + (" + 1" if bias else ""), **_values(inner))
        steps.insert(0, Step(Say("one filter"), one, Say("its weights, and its bias") if bias else Say("its weights")))
    return steps


def _reason(measure: Measure) -> str:
    values, bare = measure.layer.values, "bias" not in measure.weights
    if measure.layer.windows(measure.xs[0]):
        return "bare filters" if bare else "filters"
    if "units" in values:
        return "bare units" if bare else "units"
    if "vocab" in values:
        return "table"
    return "factors" if bare else "norm"


def macs_topic(measure: Measure, batch: int = 1) -> Topic:
    """How many multiply–accumulates a batch costs."""
    title = Say("Multiply–accumulates (MACs)")
    if measure.work is None:
        why = Say("only convolutions, fully connected layers and matrix products are counted; this is none of them")
        return Topic("macs", title, 0, (Step(Say("MACs"), None, why),))
    work, reason = _work(measure)
    if batch > 1:
        work = work_out("MACs", f"{work.formula.text} * N", **work.values, N=batch)
    steps = [Step(Say("MACs"), work, reason)]
    flops = FLOPS(MACs=work.value)
    steps.append(Step(Say("FLOPs"), flops, reason_of(flops)))
    notes = (Say("biases are not counted"),) if "bias" in measure.weights else ()
    return Topic("macs", title, work.value, tuple(steps), notes)


def _work(measure: Measure) -> tuple[Derivation, Say | None]:
    """The weights in full and the positions in full, where that is how the layer counts."""
    assert measure.work is not None
    positions, y, x = measure.work.values.get("positions"), measure.shape, measure.xs[0]
    if positions is None or "weight" not in measure.weights:
        return measure.work, reason_of(measure.work)
    parts = axes(measure)
    transposed = "output_padding" in measure.layer.values
    sides = x[1:] if transposed else y[1:]
    text, values = _times(parts), dict[str, Any](_values(parts))
    reason = "every weight is used once"
    if positions != 1 and positions == prod(sides):
        letters = SIDES[len(sides)]
        text += " * " + " * ".join(letters)
        values |= dict(zip(letters, sides, strict=True))
        reason = "every weight is used once at each position of the output"
        if transposed:
            reason = "every weight is used once at each position of the input"
    elif positions != 1:
        text, values = f"{text} * P", values | {"P": positions}
        reason = "every weight is used once at each of P positions"
    whole = work_out("MACs", text, **values)
    return (whole, Say(reason)) if whole.value == measure.macs else (measure.work, reason_of(measure.work))
