"""A network of one layer, for questions that need no file."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.errors import Diagnostic, SpecError
from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from cnncalc.layers.spellings import PARAM_SPELLINGS

ASSUMED = {"filters": "1"}
"""What a question about one layer may leave out."""


def calculable() -> dict[str, type[Layer]]:
    """The layers that take one input, by name."""
    return {kind: cls for kind, cls in registry().items() if cls.group != "merge"}


def find_layer(word: str) -> type[Layer] | None:
    """The layer called `word`, by its name or what other tools and courses call it."""
    layers = calculable()
    if word in layers:
        return layers[word]
    folded = word.lower().replace("-", "_")
    for cls in layers.values():
        if folded == cls.kind or folded in {spelling.lower() for spelling in cls.spellings}:
            return cls
    return None


def param_named(cls: type[Layer], word: str) -> str | None:
    """The parameter of a layer that `word` means: its own name, or a spelling of other tools and courses."""
    name = word.replace("-", "_")
    if name in cls.params:
        return name
    for spelling in (name, name.lower()):
        for candidate in PARAM_SPELLINGS.get(spelling, ()):
            if candidate in cls.params:
                return candidate
    return None


def spec_text(kind: str, shape: str, values: Mapping[str, str], *, last: bool = False, flatten: bool = False) -> str:
    """The spec of one layer applied to an input; `last`: shapes have their channels last."""
    lines = [f"name: {kind}", f"input: {_quoted(shape)}"]
    lines += ["layout: channels_last"] if last else []
    lines += ["layers:"] + (["  - flatten"] if flatten else [])
    if values:
        lines += [f"  - {kind}:", *(f"      {name}: {_quoted(value)}" for name, value in values.items())]
    else:
        lines.append(f"  - {kind}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # one line, whatever was typed: the slot decides what it means
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def placeless(error: SpecError) -> SpecError:
    """The same complaints without places: there is no file to look into."""
    return SpecError([_placeless(diagnostic) for diagnostic in error.diagnostics])


def _placeless(found: Diagnostic) -> Diagnostic:
    help = found.help
    if found.code == "E309" and help:
        help = help.partition(";")[0] + "; where the course writes them last, add --hwc"
    return found._replace(span=None, source=None, notes=(), help=help)
