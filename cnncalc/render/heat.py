"""Coverage maps: numbers or shades on a terminal, SVG, PNG and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.coverage import Coverage

SHADES = ".:-=+*#%@"
MOST_ROWS = 40
CELL = 24
LABELLED = 24
LONGEST = 960
UNREAD = "#d64545"
Grid = list[list[int]]


def grids(coverage: Coverage) -> list[Grid]:
    """The map as rows of counts; a volume as one map per depth."""
    width = coverage.sides[-1]
    rows = [coverage.counts[i : i + width] for i in range(0, len(coverage.counts), width)]
    if len(coverage.sides) < 3:
        return [rows]
    height = coverage.sides[1]
    return [rows[i : i + height] for i in range(0, len(rows), height)]


def print_maps(coverages: Sequence[Coverage], target: Console) -> None:
    """All maps, one below the other."""
    for position, one in enumerate(coverages):
        if position:
            target.print()
        print_coverage(one, target)


def print_coverage(coverage: Coverage, target: Console) -> None:
    """The map, with its figures below."""
    from rich.text import Text

    places = figures.sides(coverage.sides)
    target.print(Text.assemble((f"{coverage.name} {places}", "bold"), f"  as read by {coverage.target}"))
    target.print()
    maps = grids(coverage)
    grid = maps[len(maps) // 2]
    if len(maps) > 1:
        target.print(f"depth {len(maps) // 2} of {len(maps)}, counted from 0:")
    for line in _lines(grid, target.width):
        target.print(line, soft_wrap=True)
    target.print()
    low, high = coverage.extremes
    times = f"{low:,} to {high:,}" if low != high else f"{low:,}"
    what = "Windows over a place" if coverage.direct else f"Ways from a place to {coverage.target}"
    target.print(f"{what}: {times}")
    if coverage.never:
        share = figures.percent(coverage.never, len(coverage.counts))
        text = f"Never read: {coverage.never:,} of {len(coverage.counts):,} places ({share})"
        target.print(Text(text, style="yellow"))


def _lines(grid: Grid, width: int) -> Iterator[str]:
    widest = max(len(f"{count:,}") for row in grid for count in row)
    if (widest + 2) * len(grid[0]) - 2 <= width and len(grid) <= MOST_ROWS:
        for row in grid:
            yield "  ".join(f"{count:>{widest},}" for count in row)
        return
    step = max(-(-len(grid[0]) // width), -(-len(grid) // (2 * MOST_ROWS)))
    down = max(1, 2 * step if len(grid) > 1 else 1)
    highest = max(max(row) for row in grid)
    for y in range(0, len(grid), down):
        block = grid[y : y + down]
        yield "".join(
            _shade([c for row in block for c in row[x : x + step]], highest) for x in range(0, len(grid[0]), step)
        )
    yield ""
    each = f"one character for {down}x{step} places; " if max(down, step) > 1 else ""
    yield f"{each}blank: never read, {SHADES[0]} least, {SHADES[-1]} most; O: some of them never"


def _shade(counts: Sequence[int], highest: int) -> str:
    if not any(counts):
        return " "
    if not all(counts):
        return "O"
    return SHADES[min(len(SHADES) - 1, len(SHADES) * sum(counts) // (len(counts) * highest + 1))]


def coverage_object(coverages: Sequence[Coverage]) -> dict[str, Any]:
    """Schema `cnncalc.coverage/1`; counts row by row, nested like the sides."""
    return {
        "schema": "cnncalc.coverage/1",
        "maps": [
            {
                "input": one.name,
                "target": one.target,
                "sides": list(one.sides),
                "least": one.extremes[0],
                "most": one.extremes[1],
                "never": one.never,
                "counts": grids(one) if len(one.sides) == 3 else grids(one)[0] if len(one.sides) == 2 else one.counts,
            }
            for one in coverages
        ],
    }


def _colour(count: int, highest: int) -> tuple[int, int, int]:
    """White to blue; what is never read is red."""
    if not count:
        return 0xD6, 0x45, 0x45
    share = count / highest
    return round(235 - 200 * share), round(243 - 150 * share), round(252 - 70 * share)


def svg(coverage: Coverage) -> str:
    """The map as a drawing; with the counts written in where they fit."""
    maps = grids(coverage)
    grid = maps[len(maps) // 2]
    columns, highest = len(grid[0]), max(1, coverage.extremes[1])
    cell = max(1, min(CELL, LONGEST // max(columns, len(grid))))
    if columns <= LABELLED:
        cell = max(cell, 7 * len(str(highest)) + 8)
    size = f'width="{columns * cell}" height="{len(grid) * cell}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">']
    lines.append(f"<title>{figures.sides(coverage.sides)}: how often each place is read</title>")
    for y, row in enumerate(grid):
        x = 0
        for count, run in groupby(row):
            length = len(list(run))
            red, green, blue = _colour(count, highest)
            place = f'x="{x * cell}" y="{y * cell}" width="{length * cell}" height="{cell}"'
            lines.append(f'<rect {place} fill="#{red:02x}{green:02x}{blue:02x}"/>')
            if columns <= LABELLED:
                lines += [_label(x + i, y, cell, count, highest) for i in range(length)]
            x += length
    return "\n".join([*lines, "</svg>"]) + "\n"


def _label(x: int, y: int, cell: int, count: int, highest: int) -> str:
    ink = "#fff" if not count or count > highest * 0.6 else "#223"
    middle = f'x="{(x + 0.5) * cell:g}" y="{(y + 0.5) * cell + 4:g}"'
    return f'<text {middle} text-anchor="middle" fill="{ink}">{count}</text>'


def png(coverage: Coverage) -> bytes:
    """The map as pixels, each place a square.

    Raises:
        MissingLibraryError: without Pillow.
    """
    from importlib import import_module
    from io import BytesIO

    from cnncalc.render.field_image import MissingLibraryError

    try:
        pillow = import_module("PIL.Image")
    except ImportError:
        message = "PNG needs the Pillow library: pip install 'cnncalc[image]' (or write --svg, which needs nothing)"
        raise MissingLibraryError(message) from None
    maps = grids(coverage)
    grid, highest = maps[len(maps) // 2], max(1, coverage.extremes[1])
    image = pillow.new("RGB", (len(grid[0]), len(grid)))
    image.putdata([_colour(count, highest) for row in grid for count in row])
    cell = max(1, min(CELL, LONGEST // max(image.size)))
    buffer = BytesIO()
    image.resize((image.width * cell, image.height * cell), 0).save(buffer, "PNG")
    return buffer.getvalue()
