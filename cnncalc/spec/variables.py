"""What can be set in a spec: its variables, what presets make of them, and the arguments of its blocks."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.spec.frames import evaluate_vars
from cnncalc.spec.load import vocabulary
from cnncalc.spec.nodes import Map, Node, Scalar
from cnncalc.spec.tree import Block, Document
from cnncalc.spec.values import Value
from cnncalc.spec.writing import node_text

_COMMENT = re.compile(r"\s*#+\s*(.*?)\s*\Z")


class Variable(NamedTuple):
    """A variable: its default as written, its value, the comment beside it, and what presets set, as written."""

    name: str
    default: str
    value: Any
    about: str
    presets: dict[str, str]
    computed: bool
    """Whether the value is not simply the default: a preset sets it, or it depends on other variables."""


class Arguments(NamedTuple):
    """A block's arguments, each with its default as written or None if it is required."""

    block: str
    doc: str
    arguments: dict[str, str | None]
    inputs: list[str]
    outputs: list[str]
    source: str | None
    """The file an imported block comes from."""


class Variables(NamedTuple):
    """All of a spec."""

    name: str
    spec: str
    preset: str | None
    variables: list[Variable]
    presets: dict[str, dict[str, str]]
    blocks: list[Arguments]


def variables(document: Document, preset: str | None = None) -> Variables:
    """What can be set in a document; values are those of the preset.

    Raises:
        SpecError: E208 if there is no such preset, or for a value that cannot be evaluated.
    """
    words = vocabulary().words | document.blocks.keys()
    chosen = _settings(document, preset)
    values = evaluate_vars(document, chosen, words)
    presets = {
        name: {key: written(value) for key, value in settings.items()}
        for name, (settings, _) in document.presets.items()
    }
    found = [
        Variable(
            name,
            written(value),
            values[name],
            _comment(document, name),
            {preset: settings[name] for preset, settings in presets.items() if name in settings},
            name in chosen or not value.constant,
        )
        for name, value in document.vars.items()
    ]
    blocks = [_arguments(name, block, document) for name, block in document.blocks.items()]
    return Variables(document.name, document.source.name, preset, found, presets, blocks)


def _settings(document: Document, preset: str | None) -> dict[str, Value]:
    if preset is None:
        return {}
    if preset not in document.presets:
        known = ", ".join(document.presets)
        help = did_you_mean(preset, document.presets) or (f"it has {known}" if known else "it has none")
        raise SpecError(Diagnostic("E208", f"{document.source.name} has no preset '{preset}'", help=help))
    return document.presets[preset][0]


def written(value: Value) -> str:
    """A value as the file has it, on one line."""
    return " ".join(value.node.text.split()) if isinstance(value.node, Scalar) else node_text(value.node)


def _comment(document: Document, name: str) -> str:
    """The comment behind a variable, where it has its line for itself."""
    section = document.node.get("vars") if isinstance(document.node, Map) else None
    if not isinstance(section, Map):
        return ""
    key, value = section.entries[name]
    # the items of a list may stand below; the comment is then beside the key
    last: Node = value if value.line == key.line else key
    rest = (document.source.line(last.line) or "")[last.end_column - 1 :].removeprefix(":")
    match = _COMMENT.match(rest)
    return match[1] if match else ""


def _arguments(name: str, block: Block, document: Document) -> Arguments:
    return Arguments(
        block=name,
        doc=" ".join(block.doc.split()),
        arguments={key: None if value is None else written(value) for key, value in block.arguments.items()},
        inputs=list(block.inputs),
        outputs=[reference.node.text for reference in block.outputs if isinstance(reference.node, Scalar)],
        source=None if block.document is document else block.document.source.name,
    )
