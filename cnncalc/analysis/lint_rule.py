"""What a lint rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cnncalc.analysis.summary import Summary
from cnncalc.graph import Node

WARNING, NOTE = "warning", "note"


class Hit(NamedTuple):
    """A layer that breaks a rule; without a node, the network does."""

    node: Node | None
    message: str
    help: str
    level: str = ""


class LintRule(NamedTuple):
    """A rule: its code and level, where it comes from, and what finds the layers that break it."""

    code: str
    level: str
    title: str
    reference: str
    find: Callable[[Summary], Iterator[Hit]]
