"""The forms of worked solutions.  They hold sentences to be translated, never formatted numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.formula import Derivation, Formula

TOPICS = ("shape", "params", "macs", "field", "memory", "coverage")


class Say(NamedTuple):
    """A sentence in English, as the catalogue of translations has it, and what stands in its {gaps}.

    Gaps hold plain values: numbers, names, shapes (tuples, channels first) or further sentences.
    """

    text: str
    values: Mapping[str, Any] = MappingProxyType({})


class Step(NamedTuple):
    """One line of a solution: what is found, how, and why so."""

    name: Say
    derivation: Derivation | None
    reason: Say | None


class Topic(NamedTuple):
    """One figure of a layer.  `result` is a count, a shape, or None where it is everything.

    `notes` add to it; `warnings` say what a strict course would object to.
    """

    what: str
    title: Say
    result: Any
    steps: tuple[Step, ...]
    notes: tuple[Say, ...] = ()
    warnings: tuple[Say, ...] = ()


class Lesson(NamedTuple):
    """A layer explained.  Shapes are channels first, without the batch."""

    name: str
    kind: str
    about: Say
    inputs: tuple[tuple[int, ...], ...]
    output: tuple[int, ...]
    layout: str
    config: dict[str, Any]
    topics: tuple[Topic, ...]


def joined(names: Sequence[str]) -> Say:
    """`height and width`, as a sentence whose parts are translated each."""
    sentence = Say(names[0])
    for name in names[1:]:
        sentence = Say("{first} and {last}", {"first": sentence, "last": Say(name)})
    return sentence


def work_out(result: str, text: str, **values: Any) -> Derivation:
    """A rule that is made for the occasion, with its numbers put in."""
    return Formula(result, text)(**values)


def reason_of(derivation: Derivation) -> Say | None:
    """Why its formula holds."""
    return Say(derivation.formula.reason) if derivation.formula.reason else None
