"""Stretches of a network whose tensors can be thrown away and computed again: its blocks.

Reference: Chen, Xu, Zhang & Guestrin, Training Deep Nets with Sublinear Memory Cost (2016), §3.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.graph import Graph, Place

ROUNDS = "loop rounds"


class Segments(NamedTuple):
    """All blocks of one kind: (first, last) node of each, and the MACs of running them once for a sample."""

    label: str
    spans: tuple[tuple[int, int], ...]
    macs: int


def block_segments(graph: Graph) -> list[Segments]:
    """One entry per kind of block, and one for all rounds of loops; of nested ones of a kind, the outermost."""
    spans: dict[str, dict[int, list[int]]] = {}
    for node in graph.layers():
        outermost: dict[str, Place] = {}
        place: Place | None = node.place
        while place is not None and place.parent is not None:
            if place.kind == "block":
                outermost[place.label] = place
            elif place.kind == "iteration":
                outermost[ROUNDS] = place
            place = place.parent
        for label, chosen in outermost.items():
            spans.setdefault(label, {}).setdefault(id(chosen), []).append(node.index)
    found = []
    for label, blocks in spans.items():
        ends = tuple((min(nodes), max(nodes)) for nodes in blocks.values())
        macs = sum(graph.nodes[index].macs for first, last in ends for index in range(first, last + 1))
        found.append(Segments(label, ends, macs))
    return found
