"""`cnncalc layers`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli import common

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer


class ReferenceFormat(StrEnum):
    """How the reference is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def _complete(incomplete: str) -> list[str]:
    from cnncalc.layers import registry

    return [kind for kind in registry() if kind.startswith(incomplete)]


NAME = typer.Argument(
    help="A layer, by its name here or elsewhere; without one, all are listed.", autocompletion=_complete
)


@common.command
def layers(
    name: Annotated[str | None, NAME] = None,
    format: Annotated[ReferenceFormat, common.FORMAT] = ReferenceFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """The layers of the language: what each does, its parameters, formulas, weights and an example.

    Example: cnncalc layers conv
    """
    from cnncalc.analysis import reference
    from cnncalc.render import reference as render

    writers: dict[ReferenceFormat, tuple[Any, Any]] = {
        ReferenceFormat.TEXT: (render.list_text, render.page_text),
        ReferenceFormat.MARKDOWN: (render.list_markdown, render.page_markdown),
        ReferenceFormat.JSON: (render.list_object, render.page_object),
    }
    write_list, write_page = writers[format]
    result = write_list(reference.summaries()) if name is None else write_page(reference.reference(_find(name)))
    if format is ReferenceFormat.JSON:
        import json

        result = json.dumps(result, ensure_ascii=False, indent=1)
    common.write(result, output, force)


def _find(name: str) -> type[Layer]:
    """The layer a person means.

    Raises:
        UsageError: if there is none.
    """
    from cnncalc.layers import registry
    from cnncalc.spec.suggestions import layer_called, suggest_layer

    kind = layer_called(name)
    if kind is None:
        help = suggest_layer(name, ())
        raise common.UsageError(f"there is no layer '{name[:40]}': {help}")
    return registry()[kind]
