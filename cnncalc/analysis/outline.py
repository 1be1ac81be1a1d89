"""A summary as an outline: blocks folded to a chosen depth, identical neighbours to one line."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.analysis.receptive_field import ReceptiveField
from cnncalc.analysis.summary import Row, Summary
from cnncalc.graph import Place
from cnncalc.layers.base import Window


class Group:
    """A place and what is in it: rows and further groups, in execution order."""

    __slots__ = ("children", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.children: list[Group | Row] = []


class Line(NamedTuple):
    """One line of a table: a layer, or a folded block.  `repeats` identical ones are shown as one.

    Figures are for all of them; `shape` and `field` are those after the last.
    """

    level: int
    name: str
    label: str
    type: str
    repeats: int
    shape: tuple[int, ...]
    windows: tuple[Window, ...]
    groups: int
    trainable: int
    buffers: int
    macs: int
    field: ReceptiveField
    shared_with: str | None
    opens: bool
    """Whether its parts follow on lines of their own, which then carry the figures."""
    nodes: tuple[int, ...] = ()
    """The tensors it stands for."""


def outline(summary: Summary, depth: int = 1) -> list[Line]:
    """The lines of a table; `depth` is how many levels of blocks are shown (1: the top level)."""
    root = group_rows(summary)
    lines: list[Line] = []
    _walk(summary, root.children, 0, depth, lines)
    return lines


def flat(summary: Summary) -> list[Line]:
    """A line for every layer, nothing folded."""
    return [_line(summary, [row], 0, False) for row in summary.rows]


def group_rows(summary: Summary) -> Group:
    """Rows in the structure of the spec."""
    root = Group(summary.network.graph.root)
    stack = [root]
    for row in summary.rows:
        chain: list[Place] = []
        place: Place | None = row.node.place
        while place is not None and place is not root.place:
            chain.append(place)
            place = place.parent
        chain.reverse()
        depth = 0
        while depth < len(chain) and depth + 1 < len(stack) and stack[depth + 1].place is chain[depth]:
            depth += 1
        del stack[depth + 1 :]
        for place in chain[depth:]:
            group = Group(place)
            stack[-1].children.append(group)
            stack.append(group)
        stack[-1].children.append(row)
    _lift(root)
    return root


def _lift(group: Group) -> None:
    """Take out rounds of a loop that hold just one block: its line can stand for them."""
    for position, child in enumerate(group.children):
        if isinstance(child, Group):
            _lift(child)
            if child.place.kind == "iteration" and len(child.children) == 1:
                group.children[position] = child.children[0]


def rows_of(item: Group | Row) -> list[Row]:
    """All rows in a group, in order."""
    if isinstance(item, Row):
        return [item]
    return [row for child in item.children for row in rows_of(child)]


def _signature(item: Group | Row) -> Any:
    """Equal for items that are the same layers at the same shapes."""
    if isinstance(item, Row):
        return (id(item.node.measure), item.node.shared_with)
    return (item.place.label, tuple(map(_signature, item.children)))


def _walk(summary: Summary, items: list[Group | Row], level: int, depth: int, lines: list[Line]) -> None:
    position = 0
    signatures = [_signature(item) for item in items]
    while position < len(items):
        end = position + 1
        # parts of one block are told apart by their names even where they are alike
        while end < len(items) and signatures[end] == signatures[position] and _foldable(items[position]):
            end += 1
        run = items[position:end]
        first = run[0]
        opens = isinstance(first, Group) and level + 1 < depth
        lines.append(_line(summary, run, level, opens))
        if isinstance(first, Group) and opens:
            _walk(summary, first.children, level + 1, depth, lines)
        position = end


def _foldable(item: Group | Row) -> bool:
    return isinstance(item, Row) or item.place.kind in ("block", "iteration", "loop")


def _label(place: Place) -> str:
    """Its name, after the number of the round where the round has no line of its own."""
    parent = place.parent
    return f"{parent.name}/{place.name}" if parent is not None and parent.kind == "iteration" else place.name


def _line(summary: Summary, run: list[Group | Row], level: int, opens: bool) -> Line:
    rows = [row for item in run for row in rows_of(item)]
    last, first = rows[-1], run[0]
    single = first if isinstance(first, Row) else None
    measure = single.node.measure if single else None
    layer = measure.layer if measure else None
    windows = layer.windows(measure.xs[0]) if layer and measure else ()
    place = first.place if isinstance(first, Group) else None
    leaf = single.node.leaf if single else _label(place) if place else ""
    name = single.node.name if single else place.path.rstrip("./") if place else ""
    shared = single.node.shared_with if single else None
    return Line(
        level=level,
        name=name,
        label=leaf,
        type=single.node.kind
        if single
        else place.label
        if place and place.kind == "block"
        else place.kind
        if place
        else "",
        repeats=len(run),
        shape=last.node.shape,
        windows=windows if layer and layer.group in ("convolution", "pooling") else (),
        groups=int(layer.values.get("groups", 1)) if layer and layer.group == "convolution" else 1,
        trainable=sum(row.node.trainable for row in rows),
        buffers=sum(row.node.buffers for row in rows),
        macs=sum(row.macs for row in rows),
        field=last.field,
        shared_with=summary.network.graph.nodes[shared].name if shared is not None else None,
        opens=opens,
        nodes=tuple(row.node.index for row in rows),
    )
