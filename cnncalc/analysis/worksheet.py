"""Exercise sheets: the layers of a network with some of their figures left blank, and the key."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from cnncalc.analysis.grading.grade import Grader
from cnncalc.analysis.grading.matching import Target
from cnncalc.analysis.summary import Summary
from cnncalc.graph import Node

COLUMNS = {
    1: ("output", "params"),
    2: ("output", "size", "params", "macs"),
    3: ("output", "size", "params", "macs", "field"),
}
"""What is asked at each difficulty."""
SHARE_BLANK = {1: 0.5, 2: 0.75, 3: 1.0}
SILENT = ("regularisation",)
"""Groups of layers that have nothing to ask about."""


class Entry(NamedTuple):
    """A cell of the sheet: the figure (None: it sees everything), and whether it is left blank."""

    key: str
    value: Any
    blank: bool


class Line(NamedTuple):
    """A row of the sheet: a layer and what it does."""

    name: str
    node: Node
    entries: tuple[Entry, ...]


class Worksheet(NamedTuple):
    """An exercise sheet.  The same seed gives the same sheet."""

    name: str
    layout: str
    seed: int
    difficulty: int
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def blanks(self) -> list[tuple[Line, Entry]]:
        """What is asked, in the order of the sheet."""
        return [(line, entry) for line in self.lines for entry in line.entries if entry.blank]


def worksheet(summary: Summary, seed: int = 0, difficulty: int = 2) -> Worksheet:
    """A sheet about a network; the input's row is always filled in.

    Raises:
        KeyError: for a difficulty other than 1, 2 and 3.
    """
    dice = random.Random(seed)
    columns = COLUMNS[difficulty]
    grader = Grader(summary)
    graph = summary.network.graph
    lines = []
    for name, index in graph.inputs.items():
        target = Target(name, graph.nodes[index], ())
        lines.append(_line(grader, target, columns, dice, 0.0))
    for row in summary.rows:
        layer = row.node.layer
        if layer is not None and layer.group not in SILENT:
            # an activation changes nothing: asking for its sizes teaches that once, not every time
            share = SHARE_BLANK[difficulty] * (0.3 if layer.group == "activation" else 1)
            lines.append(_line(grader, Target(row.node.name, row.node, (row,)), columns, dice, share))
    return Worksheet(summary.network.name, summary.network.document.layout, seed, difficulty, columns, tuple(lines))


def _line(grader: Grader, target: Target, columns: tuple[str, ...], dice: random.Random, share: float) -> Line:
    entries = tuple(Entry(key, grader.answer(key, target), dice.random() < share) for key in columns)
    return Line(target.name, target.node, entries)


def random_spec(seed: int, difficulty: int = 2) -> str:
    """A small network as a spec, new for each seed: convolutions, pooling, and a classifier."""
    dice = random.Random(seed)
    side, channels = dice.choice((28, 32, 48, 64)), dice.choice((1, 3))
    lines = [f"name: Exercise {seed}", "layout: channels_last", f"input: {side}x{side}x{channels}", "layers:"]
    for _ in range(dice.randint(1, 2) + (difficulty > 1)):
        kernel = dice.choice((3, 5) if side >= 9 else (3,))
        values = {"filters": dice.choice((4, 6, 8, 12, 16, 32)), "kernel": kernel}
        padding, stride, dilation = dice.choice((0, 0, kernel // 2)), 1, 1
        if difficulty > 1:
            stride = dice.choice((1, 1, 2)) if side >= 16 else 1
        if difficulty > 2 and side >= 4 * kernel:
            dilation = dice.choice((1, 2))
        given = {"padding": padding, "stride": stride, "dilation": dilation}
        values |= {key: value for key, value in given.items() if value != (0 if key == "padding" else 1)}
        if difficulty > 2 and channels % 2 == 0 and values["filters"] % 2 == 0 and dice.random() < 0.4:
            values["groups"] = 2
        written = ", ".join(f"{key}: {value}" for key, value in values.items())
        lines.append(f"  - conv: {{{written}}}")
        side = (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        channels = values["filters"]
        if difficulty > 2 and dice.random() < 0.3:
            lines.append("  - batchnorm")
        lines.append("  - relu")
        if side >= 8 and dice.random() < 0.8:
            lines.append(f"  - {dice.choice(('maxpool', 'avgpool'))}: 2")
            side //= 2
    lines += ["  - flatten", *(["  - fc: 64", "  - relu"] if dice.random() < 0.5 else []), "  - fc: 10"]
    return "\n".join(lines) + "\n"
