"""What can be set in a spec, as tables or as a JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from cnncalc.expr.evaluate import show
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.spec.variables import Arguments, Variables


def print_variables(report: Variables, target: Console) -> None:
    """Variables, presets and blocks, each a table if there are any."""
    target.print(f"{report.name}  {report.spec}" + (f", preset {report.preset}" if report.preset else ""), style="bold")
    if not report.variables:
        target.print("There are no variables: nothing can be set.")
    rows = [[v.name, v.default, show(v.value) if v.computed else "", v.about] for v in report.variables]
    for row in rows:
        # a word needs no second telling
        row[2] = row[2] if row[2] != row[1] else ""
    _print_table(["Variable", "Default", "Value", "About"], rows, target)
    presets = [[name, _settings(settings)] for name, settings in report.presets.items()]
    _print_table(["Preset", "Sets"], presets, target)
    _print_table(["Block", "Arguments", "About"], [_block(block) for block in report.blocks], target)


def _settings(settings: dict[str, str]) -> str:
    return ", ".join(f"{name} = {text}" for name, text in settings.items()) or "nothing"


def _block(block: Arguments) -> list[str]:
    arguments = [name if default is None else f"{name} = {default}" for name, default in block.arguments.items()]
    about = [block.doc] if block.doc else []
    if len(block.inputs) > 1:
        about.append(f"takes {', '.join(block.inputs)}")
    if block.outputs:
        about.append(f"gives {', '.join(block.outputs)}")
    if block.source is not None:
        about.append(f"from {PurePath(block.source).name}")
    return [block.block, ", ".join(arguments) or "none", "; ".join(about)]


def _print_table(headers: list[str], rows: Sequence[Sequence[str]], target: Console) -> None:
    """A table without the columns that are empty; long texts go on below."""
    from cnncalc.render.console import table_for

    if not rows:
        return
    used = [k for k in range(len(headers)) if any(row[k] for row in rows)]
    table = table_for(target, [])
    for k in used:
        # names are for typing: they stay whole
        table.add_column(headers[k], no_wrap=k == 0, overflow="fold", ratio=None)
    for row in rows:
        table.add_row(*(row[k] for k in used))
    target.print()
    target.print(table)


def variables_object(report: Variables) -> dict[str, Any]:
    """Everything, schema `cnncalc.vars/1`; defaults are the text of the file, values are evaluated."""
    return {
        "schema": "cnncalc.vars/1",
        "name": report.name,
        "spec": report.spec,
        "preset": report.preset,
        "vars": [
            {
                "name": variable.name,
                "default": variable.default,
                "value": plain(variable.value),
                "about": variable.about,
                "presets": variable.presets,
            }
            for variable in report.variables
        ],
        "presets": report.presets,
        "blocks": [
            {
                "name": block.block,
                "doc": block.doc,
                "args": [
                    {"name": name, "required": default is None, "default": default}
                    for name, default in block.arguments.items()
                ],
                "inputs": block.inputs,
                "outputs": block.outputs,
                "source": block.source,
            }
            for block in report.blocks
        ],
    }
