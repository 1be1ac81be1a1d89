"""The field of one unit drawn on the input: with characters here, as SVG and PNG in `field_image`."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cnncalc.analysis.field_report import LayerField

COLUMNS = 56
ROWS = 22
READ, PADDED, UNREAD, IMAGE, NOTHING = "#", "+", "-", ".", " "
BLOCKS = {READ: "█", PADDED: "░", UNREAD: "▒", IMAGE: "·", NOTHING: " "}


class Scene(NamedTuple):
    """What is drawn: the last two axes of the image (rows and columns; one row in 1-D).

    `field` is (first row, last row, first column, last column), padding included, in whole pixels;
    `boxes` are the pixels read, as pairs of bit masks for rows and columns.  `frames` tells of a
    third axis that is not drawn.
    """

    height: int
    width: int
    field: tuple[int, int, int, int]
    boxes: tuple[tuple[int, int], ...]
    frames: str
    input: str

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """Image and field together: first row, last row, first column, last column."""
        top, bottom, left, right = self.field
        return min(top, 0), max(bottom, self.height - 1), min(left, 0), max(right, self.width - 1)


def scenes(report: LayerField) -> list[Scene]:
    """One picture per input that is an image and that the unit is computed from."""
    found = []
    for cells in report.nearby if report.nearby is not None else report.cells:
        if len(cells.shape) < 2 or cells.hull is None:
            continue
        height, width = (1, *cells.shape[1:])[-2:]
        ends = []
        for axis, (first, last) in enumerate(cells.hull):
            known = report.axes[axis] if len(report.axes) == len(cells.hull) else None
            if known is not None and known.first is not None:
                ends.append((min(first, floor(known.first)), max(last, ceil(known.last))))
            else:
                ends.append((first, last))
        rows, columns = ((0, 0), *ends)[-2:]
        boxes = tuple(dict.fromkeys(((1, *box[1:])[-2], box[-1]) for box in cells.boxes))
        frames = ""
        if len(ends) == 3:
            (first, last), depth = cells.hull[0], cells.shape[1]
            frames = f"frames {first} to {last} of {depth}; drawn: one of them"
        found.append(Scene(height, width, (*rows, *columns), boxes, frames, cells.name))
    return found


def pictures(report: LayerField, available: int, plain: bool) -> list[str]:
    """All scenes of a report, below each other."""
    lines: list[str] = []
    for scene in scenes(report):
        lines += [*([""] if lines else []), *drawing(scene, available, plain)]
    return lines


def drawing(scene: Scene, available: int, plain: bool) -> list[str]:
    """The scene in characters, with a legend."""
    top, bottom, left, right = scene.frame
    height, width = bottom - top + 1, right - left + 1
    # a character is about twice as high as wide
    across = max(1, ceil(width / min(COLUMNS, max(8, available - 2))), ceil(height / (2 * ROWS)))
    down = max(1, 2 * across if height > 1 and across > 1 else 1, ceil(height / ROWS))
    wide = 2 if across == 1 and down == 1 and 2 * width <= available - 2 and height > 1 else 1
    # blocks start at pixel 0, so that the edge of the image falls between characters
    rows = _stretches(top, bottom, down)
    columns = _stretches(left, right, across)
    lines = ["".join(_character(scene, row, column) * wide for column in columns).rstrip() for row in rows]
    if not plain:
        lines = ["".join(BLOCKS[character] for character in line) for line in lines]
    return [*lines, *_legend(scene, lines, across, down, wide, plain, available)]


def _stretches(first: int, last: int, step: int) -> list[tuple[int, int]]:
    """Stretches of `step` pixels from `first` to `last`, in step with pixel 0."""
    begin = first - first % step
    return [(start, start + step) for start in range(begin, last + 1, step)]


def _character(scene: Scene, row: tuple[int, int], column: tuple[int, int]) -> str:
    inside = _overlaps(row, 0, scene.height - 1) and _overlaps(column, 0, scene.width - 1)
    top, bottom, left, right = scene.field
    seen = _overlaps(row, top, bottom) and _overlaps(column, left, right)
    if inside:
        for rows, columns in scene.boxes:
            if _holds(rows, row) and _holds(columns, column):
                return READ
        return UNREAD if seen else IMAGE
    return PADDED if seen else NOTHING


def _overlaps(stretch: tuple[int, int], first: int, last: int) -> bool:
    return stretch[0] <= last and stretch[1] > first


def _holds(mask: int, stretch: tuple[int, int]) -> bool:
    start, end = max(0, stretch[0]), max(0, stretch[1])
    return bool(mask >> start & ((1 << (end - start)) - 1))


def _legend(
    scene: Scene, lines: list[str], across: int, down: int, wide: int, plain: bool, available: int
) -> list[str]:
    names = {
        READ: "inputs that can change the unit",
        PADDED: "padding in its field",
        UNREAD: "in its field, but not read",
        IMAGE: "other inputs",
    }
    drawn = set("".join(lines))
    shown = {(key if plain else BLOCKS[key]): name for key, name in names.items()}
    keys = [f"{key} {name}" for key, name in shown.items() if key in drawn]
    legend = ["   ".join(keys)] if len("   ".join(keys)) <= available else keys
    size = f"{scene.input} {scene.height}x{scene.width}" if scene.height > 1 else f"{scene.input} of {scene.width}"
    scale = f"1 pixel = {wide} characters" if wide > 1 else f"1 character = {down}x{across} pixels (height x width)"
    if scene.height == 1:
        scale = f"1 character = {across} place{'s' if across > 1 else ''}"
    tail = [scene.frames] if scene.frames else []
    return ["", *legend, f"{size}, {scale}", *tail]


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """The unbroken stretches of a mask: (first, last)."""
    place = 0
    while mask:
        gap = (mask & -mask).bit_length() - 1
        mask >>= gap
        place += gap
        length = (~mask & (mask + 1)).bit_length() - 1
        yield place, place + length - 1
        mask >>= length
        place += length
