"""`cnncalc rule`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat


def _complete(incomplete: str) -> list[str]:
    from cnncalc.rules import codes

    return [code for code in codes() if code.startswith(incomplete.upper())]


CODE = typer.Argument(help="A code such as E201; without one, all are listed.", autocompletion=_complete)


@common.command
def rule(
    code: Annotated[str | None, CODE] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """What the code of an error means, why it is one, an example, and what to write instead.

    Example: cnncalc rule E201
    """
    from cnncalc import rules
    from cnncalc.render import rules as render

    if code is None:
        everything = rules.rules()
        text = render.list_text(everything)
        found: object = render.list_object(everything) if format is TextFormat.JSON else None
    else:
        page = rules.find(code)
        if page is None:
            raise common.UsageError(_unknown(code, rules.codes()))
        if format is TextFormat.TEXT and output is None and sys.stdout.isatty():
            common.render_console(lambda target: render.print_page(page.text, target), None)
            return
        text, found = page.text, render.rule_object(page)
    if format is TextFormat.JSON:
        import json

        text = json.dumps(found, ensure_ascii=False, indent=1)
    common.write(text, output, force)


def _unknown(code: str, known: list[str]) -> str:
    from cnncalc.errors import did_you_mean

    near = did_you_mean(code.upper(), known) or "`cnncalc rule` lists all"
    return f"there is no code '{code[:40]}': {near}"
