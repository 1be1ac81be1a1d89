"""The syntax tree of a spec: what `steps.py` and `document.py` make and `elaborate.py` walks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from cnncalc.layers.base import Layer
from cnncalc.spec.nodes import Node, Scalar, Source
from cnncalc.spec.values import Reference, Value


class Step:
    """One list item: a head (or none), and what modifies it."""

    __slots__ = ("head", "name", "node", "share", "sources", "weights", "when")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.head: Head | None = None
        self.name: Reference | None = None
        self.sources: list[Reference] = []
        self.when: Value | None = None
        self.share: str | None = None
        self.weights: Value | None = None


class Head:
    """What a step does.  `key` is the word in the file, for positions."""

    __slots__ = ("key",)

    def __init__(self, key: Node) -> None:
        self.key = key


class Argument:
    """One `name: value` of a layer or block; `like` is set for `size: like enc[0]`."""

    __slots__ = ("key", "like", "value")

    def __init__(self, key: Node, value: Value | None, like: Reference | None = None) -> None:
        self.key = key
        self.value = value
        self.like = like

    @property
    def node(self) -> Node:
        """Where the value stands."""
        return self.value.node if self.value else self.like.node if self.like else self.key


class LayerCall(Head):
    """A layer.  `constant` holds the values when all are known without evaluation."""

    __slots__ = ("arguments", "cls", "constant")

    def __init__(self, key: Node, cls: type[Layer], arguments: dict[str, Argument]) -> None:
        super().__init__(key)
        self.cls = cls
        self.arguments = arguments
        self.constant: dict[str, Any] | None = None
        if all(argument.value and argument.value.constant for argument in arguments.values()):
            self.constant = {name: a.value.result for name, a in arguments.items() if a.value}


class BlockCall(Head):
    """A block, called with arguments; `bare` is a value without a name, for its first argument."""

    __slots__ = ("arguments", "bare", "block")

    def __init__(self, key: Node, block: Block, arguments: dict[str, Argument], bare: Value | None) -> None:
        super().__init__(key)
        self.block = block
        self.arguments = arguments
        self.bare = bare


class Use(Head):
    """`use: expr`: the layer or block that the value of an expression names."""

    __slots__ = ("given", "heads", "parse", "value")

    def __init__(
        self, key: Node, value: Value, given: Node | None, parse: Callable[[Scalar, Node | None], Head]
    ) -> None:
        super().__init__(key)
        self.value = value
        self.given = given
        self.parse = parse
        self.heads: dict[str, Head] = {}
        """What has been called so far, by name."""


class Loop(Head):
    """`repeat:` (no variables) and `for:`."""

    __slots__ = ("body", "index", "over", "variables", "words")

    def __init__(
        self, key: Node, variables: list[str] | str | None, over: Value, index: str | None, body: list[Step]
    ) -> None:
        super().__init__(key)
        self.variables = variables
        self.words = key
        """Where the variables are written."""
        self.over = over
        self.index = index
        self.body = body


class If(Head):
    """`if:` with `then:` and `else:`; neither opens a scope."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, key: Node, condition: Value, then: list[Step], otherwise: list[Step]) -> None:
        super().__init__(key)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class Let(Head):
    """Local constants, evaluated top to bottom."""

    __slots__ = ("constants",)

    def __init__(self, key: Node, constants: list[tuple[Scalar, Value]]) -> None:
        super().__init__(key)
        self.constants = constants


class Branch:
    """One input of a merge: a reference, or steps fed the current tensor."""

    __slots__ = ("name", "node", "reference", "steps")

    def __init__(self, node: Node, name: str | None, reference: Reference | None, steps: list[Step]) -> None:
        self.node = node
        self.name = name
        self.reference = reference
        self.steps = steps


class Merge(Head):
    """`add`, `concat` and the other layers of several inputs."""

    __slots__ = ("branches", "cls")

    def __init__(self, key: Node, cls: type[Layer], branches: list[Branch]) -> None:
        super().__init__(key)
        self.cls = cls
        self.branches = branches


class Split(Head):
    """Cut the channels into named parts."""

    __slots__ = ("into", "sizes")

    def __init__(self, key: Node, into: list[Scalar], sizes: Value | None) -> None:
        super().__init__(key)
        self.into = into
        self.sizes = sizes


class Side(Head):
    """A side head; the main flow goes on from before it."""

    __slots__ = ("body",)

    def __init__(self, key: Node, body: list[Step]) -> None:
        super().__init__(key)
        self.body = body


class Block:
    """A macro: arguments, body, named inputs and outputs, and the document whose vars it sees."""

    __slots__ = ("arguments", "body", "doc", "document", "faulty", "inputs", "name", "network", "node", "outputs")

    def __init__(self, node: Node, name: str, document: Document) -> None:
        self.node = node
        self.name = name
        self.document = document
        self.network = False
        """Whether it is a whole spec, imported."""
        self.faulty = False
        """Whether its definition has mistakes, so that calls cannot be judged."""
        self.doc = ""
        self.arguments: dict[str, Value | None] = {}
        """Name and default; None is required."""
        self.inputs: list[str] = []
        self.outputs: list[Reference] = []
        self.body: list[Step] = []


class Document:
    """One spec file."""

    __slots__ = (
        "blocks",
        "expect",
        "explicit_layout",
        "family",
        "inputs",
        "layers",
        "layout",
        "name",
        "node",
        "outputs",
        "presets",
        "source",
        "stem",
        "task",
        "titles",
        "vars",
    )

    def __init__(self, source: Source, node: Node) -> None:
        self.source = source
        self.node = node
        self.stem = PurePath(source.name).stem
        self.name = self.stem
        self.family: str | None = None
        self.task: str | None = None
        self.layout = "channels_first"
        self.explicit_layout = False
        self.inputs: dict[str, Value] = {}
        self.vars: dict[str, Value] = {}
        self.presets: dict[str, tuple[dict[str, Value], dict[str, Node]]] = {}
        """Name to (vars, expect)."""
        self.titles: dict[str, str] = {}
        """The titles of presets that have one."""
        self.blocks: dict[str, Block] = {}
        self.layers: list[Step] = []
        self.outputs: list[Reference] | None = None
        self.expect: dict[str, Node] = {}
