"""`cnncalc schema`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.status import Status


class SchemaFormat(StrEnum):
    """A schema is JSON, whatever the options say."""

    JSON = "json"


CHECK = typer.Option("--check", help="Only tell whether this file is up to date; exit 1 if it is not.", metavar="FILE")


@common.command
def schema(
    check: Annotated[Path | None, CHECK] = None,
    format: Annotated[SchemaFormat, common.FORMAT] = SchemaFormat.JSON,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> Status:
    """The JSON Schema of the language (draft-07), with which editors complete and check specs.

    Name it in the first line of a spec: # yaml-language-server: $schema=schema.json

    Example: cnncalc schema
    """
    import json

    from cnncalc.spec.schema import spec_schema

    text = json.dumps(spec_schema(), ensure_ascii=True, indent=1) + "\n"
    if check is None:
        common.write(text, output, force)
        return Status.OK
    try:
        found = check.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise common.UsageError(f"{check} cannot be read") from None
    if found == text:
        return Status.OK
    typer.echo(f"{check} is not up to date: cnncalc schema -o {check} --force", err=True)
    return Status.DIFFERENCE
