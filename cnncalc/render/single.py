"""The answer about one layer as JSON, and the list of layers one can ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.coverage import remainders, unread
from cnncalc.render.json import plain
from cnncalc.render.lessons_json import lesson_object

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.worked.lesson import Lesson
    from cnncalc.graph import Node
    from cnncalc.layers.base import Layer


def single_object(node: Node, lessons: Sequence[Lesson], batch: int, code: str) -> dict[str, Any]:
    """Schema `cnncalc.layer/1`; shapes are channels first, `macs` and `flops` for the batch."""
    measure = node.measure
    assert measure is not None
    rests = remainders(measure)
    return {
        "schema": "cnncalc.layer/1",
        **lesson_object(lessons[-1], code),
        "batch": batch,
        "weights": plain(measure.weights),
        "trainable": node.trainable,
        "buffers": node.buffers,
        "macs": node.macs * batch,
        "flops": 2 * node.macs * batch,
        "even": not any(rest for rest, _ in rests.values()),
        "unread": [plain(stretches) for stretches in unread(measure).values()],
    }


def print_kinds(layers: Mapping[str, type[Layer]], target: Console) -> None:
    """The layers by group."""
    from cnncalc.render.console import table_for

    groups: dict[str, list[str]] = {}
    for kind, cls in layers.items():
        groups.setdefault(cls.group, []).append(kind)
    table = table_for(target, [])
    table.add_column("Group", no_wrap=True)
    table.add_column("Layers")
    for group, kinds in groups.items():
        table.add_row(group, " ".join(kinds))
    target.print(table)
    target.print("\ncnncalc conv 3x32x32 --filters 10 --kernel 5 --padding 2", soft_wrap=True)
    target.print("cnncalc conv --help shows a layer's options", soft_wrap=True)
