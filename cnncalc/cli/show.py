"""`cnncalc show`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat

NAME = typer.Argument(help="A shipped spec or preset, or a file.", autocompletion=common.SPEC.autocompletion)


@common.command
def show(
    name: Annotated[str, NAME],
    path: Annotated[bool, typer.Option("--path", help="Print where the file is instead.")] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """Print the text of a spec that comes with cnncalc.

    Example: cnncalc show resnet50
    """
    from cnncalc.spec.files import find, read_bytes
    from cnncalc.spec.yaml_text import read_text

    found = find(name)
    text = read_text(read_bytes(found.path), str(found.path)).text
    if format is TextFormat.JSON:
        import json

        spec = {"schema": "cnncalc.show/1", "name": name, "path": str(found.path), "preset": found.preset, "text": text}
        common.write(json.dumps(spec, ensure_ascii=False, indent=1), None)
    elif path:
        common.write(str(found.path), None)
    else:
        if found.preset:
            # a comment, so that what is printed remains a spec
            text = f"# {found.preset} is a preset of this file, {found.path.name}; see presets: below.\n{text}"
        _print(text)


def _print(text: str) -> None:
    if sys.stdout.isatty():
        from cnncalc.render.source import print_source

        common.render_console(lambda target: print_source(text, target), None)
    else:
        common.write(text, None)
