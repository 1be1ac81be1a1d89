"""Command lines and what they print: the form golden files and the README share."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.cli.app import run


class Exchange(NamedTuple):
    """One `$ command` and the lines that follow it."""

    command: str
    output: str


def exchanges(text: str) -> Iterator[Exchange]:
    """The commands in a transcript.  `\\` at the end of a line continues the command."""
    command: str | None = None
    lines: list[str] = []
    continued = False
    for line in text.splitlines():
        if continued and command is not None:
            continued = line.endswith("\\")
            command += " " + line.removesuffix("\\").strip()
        elif line.startswith("$ "):
            if command is not None:
                yield Exchange(command, "\n".join(lines).rstrip())
            continued = line.endswith("\\")
            command, lines = line[2:].removesuffix("\\").strip(), []
        else:
            lines.append(line)
    if command is not None:
        yield Exchange(command, "\n".join(lines).rstrip())


def result(command: str, width: int = 80) -> str:
    """What a `cnncalc …` command prints, standard error after standard output, and a failing exit code."""
    words = shlex.split(command, comments=True)
    assert words[0] == "cnncalc", command
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(width)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words[1:])
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    text = out.getvalue() + err.getvalue() + (f"[exit {code}]\n" if code else "")
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()
