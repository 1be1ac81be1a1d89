"""Reports made of headings, tables and remarks, written for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod

GAP = 2
WIDE_FIGURE = 24
"""Remarks stand below each other, but for figures longer than this."""
MAX_ROWS = 2000
"""Longer tables are cut in the middle on a terminal."""


class Heading(NamedTuple):
    """A line that opens a section; `detail` follows it, less loud."""

    text: str
    detail: str = ""


class Figures(NamedTuple):
    """Lines of name, figure and remark."""

    lines: list[tuple[str, str, str]]


class Table(NamedTuple):
    """Headers with whether they hold numbers, and cells.

    The column `cut` gives way where space is short; with `tails`, what is cut is its beginning, since
    the end of a layer's full name says most.
    """

    headers: tuple[tuple[str, bool], ...]
    rows: Sequence[tuple[str, ...]]
    cut: int = 0
    tails: bool = False


class Note(NamedTuple):
    """A remark, such as what a column means."""

    text: str


class Warn(NamedTuple):
    """Something to look at."""

    text: str


class Picture(NamedTuple):
    """Lines of characters, kept as they are; `drawn` is the same with block characters, for terminals."""

    lines: list[str]
    drawn: list[str] | None = None


Part = Heading | Figures | Table | Note | Warn | Picture
Sheet = list[Part]


def print_sheet(sheet: Sheet, target: Console) -> None:
    """A report on a terminal, or as plain text."""
    from rich.text import Text

    from cnncalc.render.console import is_plain

    for position, part in enumerate(sheet):
        after = type(sheet[position - 1]) if position else Heading
        if (type(part) is not after or isinstance(part, Heading)) and after is not Heading:
            target.print()
        match part:
            case Heading(text, detail):
                target.print(Text.assemble((text, "bold"), f"  {detail}" if detail else ""), overflow="fold")
            case Figures(lines):
                _print_figures(lines, target)
            case Table():
                _print_table(part, target)
            case Note(text):
                target.print(Text(text, style="dim"))
            case Warn(text):
                target.print(Text(text, style="yellow"))
            case Picture(lines, drawn):
                for line in lines if drawn is None or is_plain(target) else drawn:
                    target.print(Text(line), no_wrap=True, crop=True)


def sheet_text(sheet: Sheet, width: int) -> str:
    """A report as plain text, for `print` and notebooks."""
    from io import StringIO

    from rich.console import Console

    buffer = StringIO()
    print_sheet(sheet, Console(file=buffer, width=width, highlight=False, emoji=False, markup=False))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def _print_table(part: Table, target: Console) -> None:
    from rich.text import Text

    from cnncalc.render.console import table_for

    rows = part.rows
    if len(rows) > MAX_ROWS:
        middle = (f"({len(rows) - MAX_ROWS:,} rows left out)",) + ("",) * (len(part.headers) - 1)
        rows = [*rows[: MAX_ROWS // 2], middle, *rows[-MAX_ROWS // 2 :]]
    widths = [max(len(header), *(len(row[k]) for row in rows), 0) for k, (header, _) in enumerate(part.headers)]
    # one column may be cut, figures never
    others = sum(widths) - widths[part.cut] + GAP * len(widths)
    widths[part.cut] = max(8, min(widths[part.cut], target.width - others))
    table = table_for(target, [])
    for (header, number), width in zip(part.headers, widths, strict=True):
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(header, justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(
            *(Text(_tail(cell, widths[k]) if part.tails and k == part.cut else cell) for k, cell in enumerate(row))
        )
    target.print(table)


def _print_figures(lines: list[tuple[str, str, str]], target: Console) -> None:
    """Names, figures and remarks below each other; long remarks go on under themselves."""
    from textwrap import wrap

    from rich.text import Text

    width = max(len(name) for name, _, _ in lines)
    column = max((len(figure) for _, figure, _ in lines if len(figure) <= WIDE_FIGURE), default=0)
    for name, figure, remark in lines:
        indent = width + GAP + max(column, len(figure)) + GAP
        pieces = wrap(remark, max(20, target.width - indent)) or [""]
        head = Text.assemble((f"{name:<{width}}", "bold"), f"  {figure:<{column}}", (f"  {pieces[0]}", "dim"))
        target.print(head, overflow="fold")
        for piece in pieces[1:]:
            target.print(Text(" " * indent + piece, style="dim"))


def _tail(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[len(text) - width + 1 :]


def markdown(sheet: Sheet) -> str:
    """A report in GitHub's Markdown."""
    parts = []
    for part in sheet:
        match part:
            case Heading(text, detail):
                parts.append(f"### {_escape(text)}" + (f"\n\n{_escape(detail)}" if detail else ""))
            case Figures(lines):
                parts.append("\n".join(_figure(*line) for line in lines))
            case Table(headers, rows):
                parts.append(_table(headers, rows))
            case Note(text) | Warn(text):
                parts.append(_escape(text))
            case Picture(lines, _):
                parts.append("\n".join(["```", *lines, "```"]))
    return "\n\n".join(parts) + "\n"


def _figure(name: str, figure: str, remark: str) -> str:
    return f"- **{_escape(name)}** {_escape(figure)}" + (f" ({_escape(remark)})" if remark else "")


def _table(headers: tuple[tuple[str, bool], ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(_escape(header) for header, _ in headers) + " |"]
    lines.append("|" + "|".join("--:" if number else ":--" for _, number in headers) + "|")
    lines += ["| " + " | ".join(_escape(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _escape(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    body = text.lstrip()
    for character in ("\\", "|", "*", "_", "<"):
        body = body.replace(character, "\\" + character)
    return "&nbsp;" * (2 * indent) + body


def csv(headers: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Records with exact figures; nothing for None."""
    import csv as library
    from io import StringIO

    buffer = StringIO()
    writer = library.writer(buffer, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return buffer.getvalue()
