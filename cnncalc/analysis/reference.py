"""The reference page of a layer, derived from its class and from a run of its example.

Nothing here is written down twice: sentences are docstrings, parameters come from the registry, and
formulas are those the example was computed with.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc.errors import SpecError
from cnncalc.formula import Formula
from cnncalc.graph import Measure
from cnncalc.layers import registry, window
from cnncalc.layers.base import Layer, Param, SameAs, Shape, ShapeError, Shapes
from cnncalc.layers.slots import WordSlot
from cnncalc.layers.spellings import PARAM_SPELLINGS
from cnncalc.network import loads

SAMPLES = ("64x28x28", "64", "3136", "1x100")
"""Inputs for examples, tried in this order."""
GROUPS = ("convolution", "dense", "pooling", "normalisation", "activation", "shape", "regularisation", "merge")
"""The order of groups: the one in which networks are taught."""


class Entry(NamedTuple):
    """One parameter.  `default` is its text, or None if it must be given."""

    name: str
    type: str
    default: str | None
    doc: str
    minimum: int | None
    other_names: tuple[str, ...]


class Rule(NamedTuple):
    """A formula, and the choice it belongs to where it does not always hold (`rounding: ceil`)."""

    formula: Formula
    choice: str = ""


class Sample(NamedTuple):
    """The example, run: its input, and what the layer makes of it."""

    text: str
    inputs: tuple[Shape, ...]
    measure: Measure

    @property
    def weights(self) -> Shapes:
        """Learned tensors by name."""
        return self.measure.weights


class Reference(NamedTuple):
    """Everything there is to say about a layer."""

    kind: str
    group: str
    sentences: tuple[str, ...]
    source: str
    entries: tuple[Entry, ...]
    shape: str
    weights: str
    buffers: str
    rules: tuple[Rule, ...]
    spellings: tuple[str, ...]
    sample: Sample


def summaries() -> dict[str, dict[str, str]]:
    """Group -> layer -> its first sentence."""
    groups: dict[str, dict[str, str]] = {group: {} for group in GROUPS}
    for kind, cls in registry().items():
        groups[cls.group][kind] = _sentences(cls)[0][0]
    return groups


def reference(cls: type[Layer]) -> Reference:
    """The page of one layer."""
    sentences, source = _sentences(cls)
    sample = run_example(cls)
    return Reference(
        cls.kind,
        cls.group,
        sentences,
        source,
        tuple(_entry(cls, param) for param in cls.params.values()),
        _first_line(cls.infer).removesuffix("."),
        _first_line(cls.weights) if sample.weights else "",
        _first_line(cls.buffers) if sample.measure.buffers else "",
        tuple({rule.formula: rule for rule in reversed([*_rules(sample)])}.values())[::-1],
        cls.spellings,
        sample,
    )


def run_example(cls: type[Layer]) -> Sample:
    """The layer's own example, on the first sample input it accepts.

    Raises:
        SpecError: if it accepts none, which a test rules out.
    """
    problem: SpecError | None = None
    for shape in SAMPLES:
        steps = ["name: a", "name: b", cls.example]
        text = f"input: {shape}\nlayers:\n" + "".join(f"  - {step}\n" for step in steps)
        try:
            node = next(node for node in loads(text).graph.layers() if node.kind == cls.kind)
        except SpecError as error:
            problem = error
            continue
        assert node.measure is not None
        return Sample(cls.example, node.measure.xs, node.measure)
    assert problem is not None
    raise problem


def _sentences(cls: type[Layer]) -> tuple[tuple[str, ...], str]:
    """The paragraphs of a docstring, and its source."""
    text, _, source = (inspect.getdoc(cls) or "").partition("Reference: ")
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return tuple(paragraphs), " ".join(source.split())


def _first_line(function: Any) -> str:
    return (inspect.getdoc(function) or "").split("\n")[0]


def _entry(cls: type[Layer], param: Param) -> Entry:
    default = None if param.required else _default(param.default)
    return Entry(param.name, param.slot.describe, default, param.doc, param.minimum, _other_names(cls, param))


def _default(value: Any) -> str:
    if isinstance(value, SameAs):
        return value.param
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}".replace("e-0", "e-")
    return "none" if value is None else str(value)


def _other_names(cls: type[Layer], param: Param) -> tuple[str, ...]:
    """What other tools call it, where that is not a parameter of this layer too."""
    found = []
    for spelling, candidates in PARAM_SPELLINGS.items():
        meant = next((name for name in candidates if name in cls.params), None)
        if meant == param.name and spelling not in cls.params:
            found.append(spelling)
    return tuple(found)


def _rules(sample: Sample) -> Iterator[Rule]:
    """The formulas of the example, and of its other choices (rounding up, padding by a rule)."""
    measure = sample.measure
    layer = measure.layer
    sizes = [step.formula for step in measure.steps]
    yield from map(Rule, sizes)
    for param in layer.params.values():
        for word in param.slot.words if type(param.slot) is WordSlot else ():
            try:
                steps = type(layer)(**layer.values | {param.name: word}).infer(*sample.inputs).steps
            except ShapeError:
                continue
            yield from (Rule(step.formula, f"{param.name}: {word}") for step in steps)
    if window.OUT in sizes and "padding" in layer.params:
        yield Rule(window.SAME_TOTAL, "padding: same")
        yield Rule(window.CAUSAL_TOTAL, "padding: causal")
    if measure.work is not None:
        yield Rule(measure.work.formula)
