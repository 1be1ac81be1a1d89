"""What all commands share: options, reading specs, telling what is wrong, writing results."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

import typer

from cnncalc.cli.status import Status
from cnncalc.errors import MAX_SHOWN, DataError, Diagnostic, SpecError, more

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.network import Network

P = ParamSpec("P")


class Format(StrEnum):
    """How a table is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"


class TextFormat(StrEnum):
    """How a text is written."""

    TEXT = "text"
    JSON = "json"


def _complete_spec(incomplete: str) -> list[str]:
    from cnncalc.spec.files import shipped_names

    return [name for name in shipped_names() if name.startswith(incomplete)]


SPEC = typer.Argument(
    help="A spec file, the name of a shipped spec or preset, or - for standard input.", autocompletion=_complete_spec
)
SET = typer.Option("--set", help="Give a variable of the spec another value: --set classes=10.", metavar="NAME=VALUE")
PRESET = typer.Option("--preset", "-p", help="One of the spec's presets.")
INPUT = typer.Option("--input", "-i", help="Another input shape: 3x64x64, or NAME=3x64x64.", metavar="SHAPE")
OUTPUT = typer.Option("--output", "-o", help="Write to this file instead of standard output.")
FORCE = typer.Option("--force", help="Overwrite the output file if it exists.")
FORMAT = typer.Option("--format", "-f", help="How to write the result.")
TEXT_FORMAT = typer.Option("--format", "-f", help="How to write the result.")
MAX_NODES = typer.Option("--max-layers", help="The most layers a spec may expand to.", min=1)


class UsageError(Exception):
    """Options that do not make sense; the message is for the user."""


def command(function: Callable[P, Any]) -> Callable[P, None]:
    """Decorator for commands: what goes wrong becomes diagnostics and an exit code, never a traceback."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs)
        except SpecError as error:
            report(error.diagnostics, kwargs.get("format"))
            limit = all(diagnostic.code.startswith("E5") for diagnostic in error.diagnostics)
            raise typer.Exit(Status.LIMIT if limit else Status.SPEC) from None
        except UsageError as error:
            fail(str(error))
        except UnicodeEncodeError as error:
            fail(f"this terminal cannot show {error.object[error.start]!r}: set PYTHONIOENCODING=utf-8, or use -o FILE")
        if status:
            raise typer.Exit(int(status))

    return wrapped


def fail(message: str) -> NoReturn:
    """Say what is wrong with the call and stop."""
    typer.echo(printable(f"cnncalc: error: {message}"), err=True)
    raise typer.Exit(Status.USAGE)


def printable(text: str) -> str:
    """Text that may hold the name of a file that is no text."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def report(diagnostics: tuple[Diagnostic, ...], format: object = None) -> None:
    """Diagnostics on standard error; with --format json also as an object on standard output."""
    if format == "json":
        import json

        typer.echo(
            json.dumps({"schema": "cnncalc.error/1", "diagnostics": [d.to_dict() for d in diagnostics]}, indent=1)
        )
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    for diagnostic in diagnostics[:MAX_SHOWN]:
        text = printable(str(diagnostic))
        if colour:
            head, _, rest = text.partition("\n")
            text = typer.style(head, bold=True, fg="red" if diagnostic.severity == "error" else "yellow") + (
                "\n" + rest if rest else ""
            )
        typer.echo(text, err=True)
    for line in more(diagnostics):
        typer.echo(line, err=True)


def assignments(settings: list[str]) -> dict[str, str]:
    """`NAME=VALUE` options as a mapping.

    Raises:
        UsageError: for one without '=' or given twice.
    """
    result: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {setting}: write --set name=value")
        if name.strip() in result:
            raise UsageError(f"--set {name.strip()} is given twice")
        result[name.strip()] = value
    return result


def input_shapes(shapes: list[str]) -> str | Mapping[str, str] | None:
    """The --input options: one shape, or NAME=SHAPE for each input."""
    if not shapes:
        return None
    if len(shapes) == 1 and "=" not in shapes[0]:
        return shapes[0]
    named = [shape.partition("=") for shape in shapes]
    if any(not equals for _, equals, _ in named):
        raise UsageError("--input is given several times: write --input NAME=SHAPE for each")
    return {name.strip(): shape for name, _, shape in named}


def open_network(
    spec: str,
    set: list[str] | None = None,
    preset: str | None = None,
    input: list[str] | None = None,
    max_layers: int | None = None,
) -> Network:
    """The network of a SPEC argument and its options."""
    from cnncalc import network

    options: dict[str, Any] = {"set": assignments(set or []), "preset": preset, "input": input_shapes(input or [])}
    if max_layers is not None:
        options["max_nodes"] = max_layers
    if spec == "-":
        data = sys.stdin.buffer.read((1 << 20) + 1)
        return network.loads(data, filename="<stdin>", folder=".", **options)
    return network.load(spec, **options)


def write(text: str, output: Path | None, force: bool = False) -> None:
    """Text to standard output, or to a file that appears whole or not at all.

    Raises:
        UsageError: if the file exists and --force is not given, or cannot be written.
    """
    text = text if text.endswith("\n") else text + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    write_bytes(text.encode(), output, force)


def write_bytes(data: bytes, output: Path, force: bool = False) -> None:
    """A file that appears whole or not at all.

    Raises:
        UsageError: if the file exists and --force is not given, or cannot be written.
    """
    from cnncalc.output import write_whole

    try:
        write_whole(output, lambda file: file.write(data), force)
    except DataError as error:
        raise UsageError(str(error)) from None


def render_console(draw: Callable[[Console], None], output: Path | None, force: bool = False) -> None:
    """Draw with rich: on the terminal, or as plain text in a pipe or file."""
    from cnncalc.render.console import console

    if output is None and sys.stdout.isatty():
        draw(console())
        return
    from io import StringIO

    buffer = StringIO()
    draw(console(buffer))
    # rich fills cells with blanks; in a file or pipe they would only be noise
    write("\n".join(line.rstrip() for line in buffer.getvalue().splitlines()), output, force)
