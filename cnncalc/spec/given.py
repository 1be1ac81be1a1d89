"""Values that come from outside the file: presets, `--set`, `--input`, and the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.spec.nodes import Scalar, Source
from cnncalc.spec.tree import Document
from cnncalc.spec.values import Given, Value
from cnncalc.spec.yaml_nodes import read_yaml

Settings = Mapping[str, Any]


def overrides_of(document: Document, preset: str | None, settings: Settings) -> dict[str, Value]:
    """Values that take the place of the file's vars: the preset's, then `--set`."""
    overrides: dict[str, Value] = {}
    if preset is not None:
        if preset not in document.presets:
            known = ", ".join(document.presets)
            help = did_you_mean(preset, document.presets) or (f"it has {known}" if known else "it has none")
            raise SpecError(Diagnostic("E208", f"{document.source.name} has no preset '{preset}'", help=help))
        overrides |= document.presets[preset][0]
    for name, value in settings.items():
        if name not in document.vars:
            known = ", ".join(document.vars)
            help = did_you_mean(name, document.vars) or (f"it has {known}" if known else "it has none")
            raise SpecError(Diagnostic("E207", f"{document.source.name} has no variable '{name}'", help=help))
        overrides[name] = outside_value(f"--set {name}", value)
    return overrides


def outside_value(where: str, value: Any) -> Value:
    """A value given on the command line (text) or through the Python API (text, numbers, lists)."""
    if isinstance(value, str):
        if not value.strip():
            raise SpecError(Diagnostic("E116", f"{where}: a value is missing", help="write it after the ="))
        return Value(read_yaml(value, where))
    node = Scalar(Source(where, str(value)), 1, 1, 1 + len(str(value)), str(value))
    return Given(node, _plain(value, where))


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return Value(read_yaml(value, where)).result or value
    if isinstance(value, (list, tuple)):
        return [_plain(item, where) for item in value]
    message = f"{where}: {type(value).__name__} is not a value of the language"
    raise SpecError(Diagnostic("E302", message, help="give a number, a text or a list of them"))


def given_inputs(document: Document, input: str | Mapping[str, str] | None) -> dict[str, Value]:
    """The shapes of `--input`, or of the API's `input`, by the input they are for.

    Raises:
        SpecError: E204 if they do not name the inputs there are.
    """
    if input is None:
        return {}
    if not isinstance(input, str):
        unknown = [name for name in input if name not in document.inputs]
        if unknown:
            known = ", ".join(document.inputs)
            raise SpecError(Diagnostic("E204", f"there is no input '{unknown[0]}'", help=f"the inputs are {known}"))
        return {name: outside_value("--input", shape) for name, shape in input.items()}
    if len(document.inputs) > 1:
        known = ", ".join(f"{name}=…" for name in document.inputs)
        raise SpecError(Diagnostic("E204", "the network has several inputs", help=f"say which: {known}"))
    return {next(iter(document.inputs)): outside_value("--input", input)}
