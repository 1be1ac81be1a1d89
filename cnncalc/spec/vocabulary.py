"""The words a spec may use."""

from __future__ import annotations

from collections.abc import Container, Mapping

from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from cnncalc.spec.nodes import Node
from cnncalc.spec.values import plain_name

MODIFIER_WORDS = ("name", "from", "when", "share", "weights", "do", "in", "index", "then", "else", "with")
STRUCTURE = ("repeat", "for", "if", "let", "split", "side", "use")
KEYWORDS = frozenset({"here", "in", "true", "false", "and", "or", "not", "if", "else", "like"})
FREE_WORDS = frozenset({"all", "channel", "channels", "last", "shared", "spatial", "unit"})
"""Enumerated words that may also name a variable: half of all specs have a `channels` or a `unit`.
A parameter that takes words reads its own words first, so nothing becomes ambiguous."""


class Vocabulary:
    """The registry of layers as the parser needs it."""

    def __init__(self) -> None:
        self.layers: Mapping[str, type[Layer]] = registry()
        words = {word for cls in self.layers.values() for param in cls.params.values() for word in param.slot.words}
        self.enumerated = frozenset(words)
        self.words = frozenset(words | self.layers.keys())

    def is_head(self, name: str, blocks: Container[str]) -> bool:
        """Whether a step may start with `name`."""
        return name in STRUCTURE or name in self.layers or name in blocks

    def is_param(self, head: str, name: str) -> bool:
        """Whether `name` is a parameter of the layer `head`."""
        return head in self.layers and name in self.layers[head].params

    def variable(self, node: Node, what: str) -> str:
        """The name of a new variable.

        Raises:
            SpecError: E117 if it is not a word, E206 if the word already means something.
        """
        name = plain_name(node, what)
        if name in KEYWORDS or (name in self.enumerated and name not in FREE_WORDS):
            raise node.error("E206", f"'{name}' is a word of the language and cannot name {what}", f"e.g. {name}_")
        return name
