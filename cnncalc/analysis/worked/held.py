"""What a layer's numbers take in memory, worked out."""

from __future__ import annotations

from cnncalc.analysis.memory import BYTES
from cnncalc.analysis.worked.lesson import Say, Step, Topic, work_out
from cnncalc.analysis.worked.weights import SIDES
from cnncalc.graph import Measure

_HELD = {
    "input": "for training it keeps its input: {why}",
    "inputs": "for training it keeps its inputs: {why}",
    "output": "for training it keeps its output: {why}",
}


def memory_topic(measure: Measure, batch: int = 1, dtype: str = "float32") -> Topic:
    """Bytes of the output and of the parameters, and what training keeps."""
    y, width = measure.shape, BYTES[dtype]
    letters = ("C", *SIDES[len(y) - 1]) if len(y) > 1 else ("n",)
    numbers = work_out("numbers", " * ".join(letters), **dict(zip(letters, y, strict=True)))
    steps = [Step(Say("numbers in the output"), numbers, Say("one for each channel and position"))]
    text = " * ".join([*letters, "b", *(["N"] if batch > 1 else [])])
    bytes_ = work_out("bytes", text, **numbers.values, b=width, N=batch)
    why = Say("b = {width} bytes each in {dtype}", {"width": width, "dtype": dtype})
    steps.append(Step(Say("bytes of the output"), bytes_, why))
    result = bytes_.value
    notes = []
    if measure.layer.view:
        result = 0
        notes.append(Say("at inference the output is the input's memory under another shape, so nothing is added"))
    elif measure.layer.in_place:
        notes.append(Say("it can overwrite its input, and then needs no memory of its own"))
    if measure.trainable:
        learned = work_out("bytes", "P * b", P=measure.trainable, b=width)
        steps.append(Step(Say("bytes of the parameters"), learned, Say("P parameters")))
    return Topic("memory", Say("Memory"), result, tuple(steps), (*notes, *_kept(measure)))


def _kept(measure: Measure) -> list[Say]:
    found = []
    for kept in measure.layer.saved(measure.xs, measure.shape):
        if kept.tensor in _HELD:
            found.append(Say(_HELD[kept.tensor], {"why": Say(kept.reason)}))
        else:
            text = "for training it keeps {numbers} numbers ({tensor}): {why}"
            found.append(Say(text, {"numbers": kept.numbers, "tensor": Say(kept.tensor), "why": Say(kept.reason)}))
    return found
