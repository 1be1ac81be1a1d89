"""The command line as a whole: which commands there are, and how a run ends.

Only the module of the command that is called is imported: building every command's options would
double the start-up time of each.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer

from cnncalc.cli.status import Status

PANELS: dict[str, dict[str, str]] = {
    "Numbers": {
        "summary": "cnncalc.cli.summary",
        "work": "cnncalc.cli.work",
        "reconcile": "cnncalc.cli.reconcile",
        "roofline": "cnncalc.cli.roofline",
        "rf": "cnncalc.cli.rf",
        "memory": "cnncalc.cli.memory",
    },
    "Learn and check": {
        "explain": "cnncalc.cli.explain",
        "layer": "cnncalc.cli.layer",
        "coverage": "cnncalc.cli.coverage",
        "solve": "cnncalc.cli.solve",
        "check": "cnncalc.cli.check",
        "lint": "cnncalc.cli.lint",
        "compare": "cnncalc.cli.compare",
        "savings": "cnncalc.cli.savings",
        "worksheet": "cnncalc.cli.worksheet",
        "quiz": "cnncalc.cli.quiz",
    },
    "Run": {
        "run": "cnncalc.cli.run",
        "verify": "cnncalc.cli.verify",
        "filter": "cnncalc.cli.filter",
        "learn": "cnncalc.cli.learn",
        "export": "cnncalc.cli.export",
    },
    "Specs": {
        "list": "cnncalc.cli.list",
        "show": "cnncalc.cli.show",
        "new": "cnncalc.cli.new",
        "vars": "cnncalc.cli.vars",
        "expand": "cnncalc.cli.expand",
    },
    "Reference": {
        "layers": "cnncalc.cli.layers",
        "rule": "cnncalc.cli.rule",
        "schema": "cnncalc.cli.schema",
    },
}
"""Each command and the module whose function of that name it is, as help lists them."""

COMMANDS = {name: module for commands in PANELS.values() for name, module in commands.items()}


def version(show: bool) -> None:
    """Print the version and stop."""
    if show:
        from cnncalc.version import __version__

        typer.echo(f"cnncalc {__version__}")
        raise typer.Exit


def about(
    show_version: bool = typer.Option(False, "--version", help="Print the version.", callback=version, is_eager=True),
) -> None:
    """Exact sizes, parameters, MACs, memory and receptive fields of convolutional networks, explained.

    Start with: cnncalc summary vgg16
    """


def build(arguments: list[str]) -> typer.Typer:
    """The application, with all commands or just the one that is called."""
    called = arguments[0] if arguments else ""
    app = typer.Typer(
        name="cnncalc",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=True,
        rich_markup_mode="rich",
    )
    app.callback()(about)
    completing = any(name.endswith("_COMPLETE") and name.startswith("_") for name in os.environ)
    if called and called not in COMMANDS and not called.startswith("-") and not completing:
        from cnncalc.cli.layer import layer_command

        one = layer_command(called)
        if one is not None:
            app.command(called)(one)
            return app
    names = [called] if called in COMMANDS and not completing else list(COMMANDS)
    for name in names:
        function = getattr(import_module(COMMANDS[name]), name)
        panel = next(title for title, commands in PANELS.items() if name in commands)
        app.command(name, rich_help_panel=panel)(function)
    return app


def redirected(arguments: list[str]) -> list[str]:
    """`cnncalc layer conv …` is `cnncalc conv …`, and options of layers go by many names."""
    rest = arguments[1:] if arguments[:1] == ["layer"] else arguments
    if not rest or rest[0].startswith("-") or rest[0] in COMMANDS:
        return arguments
    from cnncalc.cli.layer import layer_command, spelled

    return spelled(rest) if layer_command(rest[0]) is not None else arguments


def run(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    arguments = redirected(sys.argv[1:] if arguments is None else arguments)
    try:
        result = build(arguments)(args=arguments, prog_name="cnncalc", standalone_mode=True)
        return int(result or 0)
    except SystemExit as stop:
        code = stop.code
        sys.stdout.flush()
        return code if isinstance(code, int) else Status.OK if code is None else Status.USAGE
    except BrokenPipeError:
        # the reader (head, less) has seen enough; keep the interpreter from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.OK
    except KeyboardInterrupt:
        return Status.INTERRUPTED
