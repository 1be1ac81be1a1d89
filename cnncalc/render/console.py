"""Reports for a terminal, with rich; plain text where there is no terminal."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from rich.box import Box
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from cnncalc.analysis.outline import Line, outline
from cnncalc.render import columns, figures

if TYPE_CHECKING:
    from cnncalc.analysis.summary import Summary

RULED = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")
PLAIN = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)
PIPE_WIDTH = 140
BAR = 12
SHORTEST_BAR = 4
GAP = 2
MAX_LINES = 2000
"""Longer tables are cut in the middle: nobody reads them, and laying them out takes seconds."""


def console(file: IO[str] | None = None) -> Console:
    """A console for results: coloured on a terminal, plain and wide in a pipe."""
    stream = file or sys.stdout
    terminal = stream.isatty()
    width = None if terminal else int(os.environ.get("COLUMNS") or PIPE_WIDTH)
    return Console(file=stream, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)


def is_plain(target: Console) -> bool:
    """Whether only ASCII should be written."""
    return not target.is_terminal or target.encoding.lower().replace("-", "") != "utf8"


def table_for(target: Console, headers: list[tuple[str, bool]]) -> Table:
    """An empty table in the house style; headers with whether they hold numbers."""
    table = Table(
        box=PLAIN if is_plain(target) else RULED,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        padding=(0, 1, 0, 0),
    )
    for header, number in headers:
        table.add_column(header, justify="right" if number else "left", no_wrap=True, overflow="ellipsis")
    return table


def print_summary(
    summary: Summary, target: Console, *, depth: int = 1, names: str | None = None, exact: bool = False
) -> None:
    """The table, its totals and its warnings."""
    chosen = columns.choose(names, target.width)
    lines = outline(summary, depth)
    shown = _cut(lines)
    texts = [[column.text(summary, line, exact) for column in chosen] for line in shown]
    widths = [max([len(column.header), *(len(row[k]) for row in texts)]) for k, column in enumerate(chosen)]
    bar = _bar_width(target.width, chosen, widths)
    largest = max((line.macs for line in lines if not line.opens), default=0)
    table = table_for(target, [])
    for column, width in zip(chosen, widths, strict=True):
        # a figure is never cut short; names are, where the terminal is too narrow
        least = None if column.key == "layer" else width
        justify: JustifyMethod = "right" if column.number else "left"
        table.add_column(column.header, justify=justify, no_wrap=True, overflow="ellipsis", min_width=least)
        if column.key == "share" and bar:
            table.add_column("", no_wrap=True, min_width=bar)
    for line, row in zip(shown, texts, strict=True):
        table.add_row(*_cells(line, row, chosen, bar, largest, is_plain(target)))
    target.print(_title(summary))
    target.print(table)
    if len(lines) > MAX_LINES:
        target.print(f"({len(lines) - MAX_LINES:,} lines in the middle are left out; --format csv has all)")
    target.print()
    for name, figure, remark in columns.total_lines(summary, exact):
        target.print(Text.assemble((f"{name:<12}", "bold"), f" {figure}", (f"  {remark}", "dim")), overflow="fold")
    _notes(summary, lines, target)


def _bar_width(available: int, chosen: list[columns.Column], widths: list[int]) -> int:
    """What the table leaves for the bars; none rather than a stump."""
    if not any(column.key == "share" for column in chosen):
        return 0
    left = available - sum(widths) - GAP * len(widths) - 1
    return min(BAR, left) if left >= SHORTEST_BAR else 0


def _title(summary: Summary) -> Text:
    graph = summary.network.graph
    layout = summary.network.document.layout
    inputs = ", ".join(
        ("" if len(graph.inputs) == 1 else f"{name} ") + figures.shape(graph.nodes[index].shape, layout)
        for name, index in graph.inputs.items()
    )
    batch = f", batch {summary.batch}" if summary.batch > 1 else ""
    return Text.assemble((summary.network.name, "bold"), f"  input {inputs}, {summary.dtype}{batch}")


def _cut(lines: list[Line]) -> list[Line]:
    if len(lines) <= MAX_LINES:
        return lines
    return lines[: MAX_LINES // 2] + lines[-MAX_LINES // 2 :]


def _cells(
    line: Line, row: list[str], chosen: list[columns.Column], bar: int, largest: int, plain: bool
) -> list[Text | str]:
    cells: list[Text | str] = []
    for column, text in zip(chosen, row, strict=True):
        cells.append(Text(text, style="cyan" if column.key == "layer" and line.trainable else ""))
        if column.key == "share" and bar:
            cells.append(Text("" if line.opens else figures.bar(line.macs, largest, bar, plain), style="blue"))
    return cells


def _notes(summary: Summary, lines: list[Line], target: Console) -> None:
    if any(line.field.local is not None for line in lines):
        target.print("Field N+: N pixels along the spatial paths; through a gate, the whole input.", style="dim")
    for diagnostic in summary.diagnostics:
        target.print(
            Text(f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}", style="yellow"), overflow="fold"
        )


def summary_text(summary: Summary) -> str:
    """The table as plain text, for `print(summary)` and notebooks without HTML."""
    from io import StringIO

    buffer = StringIO()
    print_summary(summary, Console(file=buffer, width=100, highlight=False, emoji=False, markup=False))
    return buffer.getvalue()
