"""Looking at trees of nodes, for the tests of the YAML reader."""

from __future__ import annotations

from typing import Any

from cnncalc.errors import SpecError
from cnncalc.spec.nodes import Map, Node, Scalar, Seq


def plain(node: Node) -> Any:
    """The tree as lists, dicts and text."""
    if isinstance(node, Map):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Seq):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


def full(node: Node) -> Any:
    """The tree with every position and flag."""
    place = (node.line, node.column, node.end_column)
    if isinstance(node, Map):
        return place, node.flow, [(full(key), full(value)) for key, value in node.entries.values()]
    if isinstance(node, Seq):
        return place, node.flow, [full(item) for item in node.items]
    assert isinstance(node, Scalar)
    return place, node.text, node.quoted


def place(node: Node | None) -> tuple[int, int, int]:
    assert node is not None
    return node.line, node.column, node.end_column


def entry(node: Node | None, *path: str | int) -> Node:
    for step in path:
        if isinstance(step, str):
            assert isinstance(node, Map)
            node = node.get(step)
        else:
            assert isinstance(node, Seq)
            node = node.items[step]
    assert node is not None
    return node


def check(error: SpecError) -> None:
    """Every diagnostic has a place in the text, its line, and one-line sentences."""
    for diagnostic in error.diagnostics:
        assert diagnostic.code[:2] in ("E1", "E5")
        assert diagnostic.span is not None and diagnostic.source is not None
        assert 1 <= diagnostic.span.column <= len(diagnostic.source) + 1
        assert diagnostic.span.column < diagnostic.span.end_column
        assert not diagnostic.message[0].isupper()
        assert "\n" not in diagnostic.message
        assert diagnostic.help and "\n" not in diagnostic.help
        assert str(diagnostic)
