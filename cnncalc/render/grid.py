"""Tables in which only one column gives way when the terminal is narrow: figures are never cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

GAP = 2
LEAST = 8
"""The narrowest a column that gives way may become."""


def grid(
    target: Console,
    headers: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    gives: int,
    *,
    wrap: bool = False,
) -> Table:
    """A table whose column `gives` is cut, or with `wrap` broken over lines, before any other is."""
    from cnncalc.render.console import table_for

    table = table_for(target, list(headers))
    widths = [max(len(header), *(len(row[k]) for row in rows), 0) for k, (header, _) in enumerate(headers)]
    left = target.width - sum(widths) + widths[gives] - GAP * len(widths)
    for k, column in enumerate(table.columns):
        if k != gives:
            column.min_width = widths[k]
        else:
            column.max_width = max(LEAST, left)
            column.no_wrap, column.overflow = not wrap, "fold" if wrap else "ellipsis"
    for row in rows:
        table.add_row(*row)
    return table
