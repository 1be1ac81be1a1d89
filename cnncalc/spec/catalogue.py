"""The specs that come with the program, each preset an entry of its own.

Figures are those the files expect of themselves, which `cnncalc check --all` and the tests verify:
computing 150 networks to list them would take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cnncalc.errors import Diagnostic, SpecError
from cnncalc.expr import Scope
from cnncalc.layers.slots import SlotError, whole
from cnncalc.spec.files import Found, shipped_files, shipped_names
from cnncalc.spec.frames import evaluate_vars
from cnncalc.spec.load import Loader, vocabulary
from cnncalc.spec.nodes import Map, Node
from cnncalc.spec.tree import Document
from cnncalc.spec.values import Value

Shape = tuple[int, ...]
OTHER = "other"
AFTER_LETTER, AFTER_DIGIT = r"(?<![^\W\d_])", r"(?<!\d)"
"""Where a word starts: lenet is no part of GoogLeNet or MobileNet, but 50 is one of resnet50."""


class Entry(NamedTuple):
    """A network that comes with the program.  Shapes are channels first; None is not stated."""

    name: str
    """What to type to get it."""
    title: str | None
    """None for a preset without one of its own."""
    family: str
    task: str
    spec: str
    preset: str | None
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    params: int | None
    macs: int | None


class Limits(NamedTuple):
    """Bounds of a figure, both included; None is no bound."""

    least: int | None = None
    most: int | None = None

    def hold(self, figure: int | None) -> bool:
        """Whether a figure is within them; one that is not known is not, if there are any."""
        if self.least is None and self.most is None:
            return True
        if figure is None:
            return False
        return (self.least is None or figure >= self.least) and (self.most is None or figure <= self.most)


def catalogue() -> tuple[list[Entry], list[Diagnostic]]:
    """All entries, by task, family and size, and what is wrong with files that cannot be read."""
    entries: list[Entry] = []
    problems: list[Diagnostic] = []
    loader = Loader()
    for path in shipped_files().values():
        try:
            document = loader.from_file(path, path.name)
            entries += [_entry(document, preset) for preset in (None, *document.presets)]
        except SpecError as error:
            problems += error.diagnostics
    return sorted(entries, key=_order), problems


def _order(entry: Entry) -> tuple[Any, ...]:
    family = (entry.task == OTHER, entry.task, entry.family.lower(), entry.family)
    return (*family, entry.params is None, entry.params or 0, entry.macs or 0, entry.name)


def _entry(document: Document, preset: str | None) -> Entry:
    settings, expect = document.presets[preset] if preset is not None else ({}, document.expect)
    words = vocabulary().words | document.blocks.keys()
    scope = Scope(evaluate_vars(document, settings, words), words)
    params, macs, flops = (_count(expect.get(key), scope) for key in ("params", "macs", "flops"))
    return Entry(
        name=_typed(document, preset),
        title=document.name if preset is None else document.titles.get(preset),
        family=document.family or document.name,
        task=document.task or OTHER,
        spec=document.stem,
        preset=preset,
        inputs={name: _shape(value, scope, document.layout) for name, value in document.inputs.items()},
        outputs=_outputs(expect.get("output"), scope, document.layout),
        params=params,
        macs=flops // 2 if macs is None and flops is not None else macs,
    )


def _typed(document: Document, preset: str | None) -> str:
    """What a person types to get a preset: its own name, unless that means something else."""
    if preset is None:
        return document.stem
    meant = shipped_names().get(preset)
    own = meant == Found(shipped_files()[document.stem], preset)
    return preset if own else f"{document.stem} --preset {preset}"


def _count(node: Node | None, scope: Scope) -> int | None:
    try:
        return None if node is None else whole(Value(node).evaluate(scope, ()), "a count")
    except SlotError:
        return None  # `cnncalc check` says what is wrong with it


def _shape(value: Value, scope: Scope, layout: str) -> Shape:
    sides = value.evaluate(scope, ())
    try:
        shape = tuple(whole(side, "a side") for side in (sides if isinstance(sides, list) else [sides]))
    except SlotError as error:
        raise value.node.error("E310", error.message, error.help) from None
    return (shape[-1], *shape[:-1]) if layout == "channels_last" else shape


def _outputs(node: Node | None, scope: Scope, layout: str) -> dict[str, Shape]:
    """The output shapes by name; '' is the name of a single one."""
    if node is None:
        return {}
    if isinstance(node, Map):
        return {name: _shape(Value(item), scope, layout) for name, (_, item) in node.entries.items()}
    return {"": _shape(Value(node), scope, layout)}


def select(
    entries: Iterable[Entry],
    words: Iterable[str] = (),
    choices: Mapping[str, str | None] | None = None,
    limits: Mapping[str, Limits] | None = None,
) -> list[Entry]:
    """The entries that fit.

    Args:
        entries: what to choose from.
        words: all of them must start a word of the name, file, title, family or task, or, if nothing
            fits then, occur anywhere in one; case does not matter.
        choices: `family` and `task`, by name; None is any.
        limits: bounds of `params` and `macs`.
    """
    chosen = {key: value.casefold() for key, value in (choices or {}).items() if value is not None}
    fitting = [
        entry
        for entry in entries
        if all(getattr(entry, key).casefold() == value for key, value in chosen.items())
        and all(limit.hold(getattr(entry, key)) for key, limit in (limits or {}).items())
    ]
    wanted = [word.casefold() for word in words]
    starts = [re.compile((AFTER_DIGIT if word[:1].isdigit() else AFTER_LETTER) + re.escape(word)) for word in wanted]
    found = [entry for entry in fitting if all(start.search(_searched(entry)) for start in starts)]
    return found or [entry for entry in fitting if all(word in _searched(entry) for word in wanted)]


def _searched(entry: Entry) -> str:
    return "\n".join((entry.name, entry.spec, entry.title or "", entry.family, entry.task)).casefold()
