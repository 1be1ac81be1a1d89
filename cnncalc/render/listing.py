"""The catalogue of shipped specs as a table, JSON, CSV or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod

    from cnncalc.spec.catalogue import Entry, Shape

HEADERS = (("Name", False), ("Title", False), ("Params", True), ("MACs", True), ("Input", False))
TITLE = 1
GAP = 2
UNKNOWN = "?"


def print_entries(entries: Sequence[Entry], target: Console) -> None:
    """A line per entry, under the names of its task and family."""
    from rich.text import Text

    from cnncalc.render.console import table_for

    rows = [_cells(entry) for entry in entries]
    widths = [max(len(header), *(len(row[k]) for row in rows)) for k, (header, _) in enumerate(HEADERS)]
    widths[0] = max(widths[0], *(max(len(entry.task), len(entry.family) + 2) for entry in entries))
    # only titles may be cut: a name is for typing, a figure for reading
    widths[TITLE] = min(widths[TITLE], max(1, target.width - sum(widths) + widths[TITLE] - GAP * len(widths)))
    table = table_for(target, [])
    for (header, number), width in zip(HEADERS, widths, strict=True):
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(header, justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    task = family = ""
    for entry, row in zip(entries, rows, strict=True):
        if entry.task != task:
            if task:
                table.add_row()
            table.add_row(Text(entry.task.capitalize(), style="bold"))
        if (entry.task, entry.family) != (task, family):
            table.add_row(Text(f"  {entry.family}", style="cyan"))
        task, family = entry.task, entry.family
        table.add_row(row[0], Text(row[1], style="dim" if entry.preset else ""), *row[2:])
    target.print(table)
    target.print(f"\n{len(entries)} network{'' if len(entries) == 1 else 's'}; `cnncalc summary NAME` has the details.")


def _cells(entry: Entry) -> list[str]:
    title = entry.title or f"preset of {entry.spec}"
    return [f"    {entry.name}", title, _figure(entry.params), _figure(entry.macs), _inputs(entry.inputs)]


def _figure(value: int | None) -> str:
    return UNKNOWN if value is None else figures.count(value)


def _inputs(shapes: dict[str, Shape]) -> str:
    if len(shapes) == 1:
        return figures.shape(next(iter(shapes.values())))
    return ", ".join(f"{name} {figures.shape(shape)}" for name, shape in shapes.items())


def entries_object(entries: Sequence[Entry]) -> dict[str, Any]:
    """All entries, schema `cnncalc.list/1`; shapes are channels first, null is not stated in the file."""
    return {
        "schema": "cnncalc.list/1",
        "specs": [
            {
                **entry._asdict(),
                "spec": f"{entry.spec}.yaml",
                "inputs": {name: list(shape) for name, shape in entry.inputs.items()},
                "outputs": {name or "output": list(shape) for name, shape in entry.outputs.items()},
            }
            for entry in entries
        ],
    }


def csv(entries: Sequence[Entry]) -> str:
    """A record per entry, exact figures."""
    import csv as library
    from io import StringIO

    buffer = StringIO()
    writer = library.writer(buffer, lineterminator="\n")
    writer.writerow(["name", "title", "family", "task", "spec", "preset", "params", "macs", "input"])
    for entry in entries:
        figures_ = ["" if value is None else value for value in (entry.params, entry.macs)]
        about = [entry.name, entry.title or "", entry.family, entry.task, f"{entry.spec}.yaml", entry.preset or ""]
        writer.writerow([*about, *figures_, _inputs(entry.inputs)])
    return buffer.getvalue()


def markdown(entries: Sequence[Entry]) -> str:
    """One table in GitHub's Markdown."""
    lines = ["| Task | Family | Name | Title | Params | MACs | Input |", "|:--|:--|:--|:--|--:|--:|:--|"]
    for entry in entries:
        name, title, *rest = _cells(entry)
        cells = [entry.task, entry.family, f"`{name.strip()}`", title, *rest]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
