"""The words a spec may use, and what to suggest for one it may not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from cnncalc.errors import did_you_mean
from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from cnncalc.spec.nodes import Node
from cnncalc.spec.values import plain_name

MODIFIER_WORDS = ("name", "from", "when", "share", "do", "in", "index", "then", "else", "with")
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

    def suggest(self, name: str, blocks: Iterable[str]) -> str:
        """Help for an unknown layer or block."""
        lowered = name.lower()
        for kind, cls in self.layers.items():
            if lowered == kind or lowered in (spelling.lower() for spelling in cls.spellings):
                return f"did you mean '{kind}'?"
        help = did_you_mean(lowered, [*self.layers, *blocks, *STRUCTURE])
        if not help:
            spelled = {spelling.lower(): kind for kind, cls in self.layers.items() for spelling in cls.spellings}
            near = did_you_mean(lowered, spelled)
            help = f"did you mean '{spelled[near.split(chr(39))[1]]}'?" if near else None
        return help or "`cnncalc layers` lists the layers; blocks are defined under 'blocks:'"

    def suggest_param(self, cls: type[Layer], name: str) -> str:
        """Help for an unknown parameter of a layer."""
        from cnncalc.layers.spellings import PARAM_SPELLINGS

        if name == "activation":
            return "an activation is a step of its own: add `- relu` as the next step"
        if name in ("in_channels", "in_features", "num_features", "input_shape"):
            return "leave it out: the channels follow from the layer before"
        for candidate in PARAM_SPELLINGS.get(name, ()):
            if candidate in cls.params:
                return f"did you mean '{candidate}'?"
        known = ", ".join(cls.params) or "none"
        return did_you_mean(name, cls.params) or f"{cls.kind} has: {known}"
