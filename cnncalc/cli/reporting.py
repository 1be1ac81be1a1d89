"""How commands that give a report write it: a table, JSON, CSV or Markdown."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnncalc.cli import common

if TYPE_CHECKING:
    from cnncalc.render.sheets import Sheet

Records = tuple[tuple[str, ...], list[tuple[object, ...]]]
UNBOUNDED = 1000
"""The width of a table that no terminal limits."""


class ReportFormat(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


def write_report(
    format: ReportFormat,
    output: Path | None,
    force: bool,
    sheet: Callable[[int], Sheet],
    to_dict: Callable[[], dict[str, Any]],
    records: Callable[[], Records],
) -> None:
    """A report in the format asked for; `sheet` is told the width there is."""
    if format is ReportFormat.TABLE:
        from cnncalc.render.sheets import print_sheet

        common.render_console(lambda target: print_sheet(sheet(target.width), target), output, force)
    elif format is ReportFormat.JSON:
        import json

        common.write(json.dumps(to_dict(), ensure_ascii=False), output, force)
    else:
        from cnncalc.render import sheets

        text = sheets.csv(*records()) if format is ReportFormat.CSV else sheets.markdown(sheet(UNBOUNDED))
        common.write(text, output, force)
