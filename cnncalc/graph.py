"""The layer graph: immutable, in execution order, every tensor a node.

A node is an input or a layer applied to earlier nodes; merges are layers.  `Place`s remember which
block, branch or loop a node came from, which gives every row its name and tables their folding.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from cnncalc.errors import Span
from cnncalc.formula import Derivation
from cnncalc.layers.base import SAME_UNIT, Layer, Reach, Shape, Shapes


class Measure:
    """What is known of a layer at given input shapes.  Equal layers at equal shapes share one."""

    __slots__ = (
        "_in_step",
        "_reach",
        "buffer_count",
        "buffers",
        "layer",
        "macs",
        "shape",
        "steps",
        "trainable",
        "weights",
        "work",
        "xs",
    )

    def __init__(self, layer: Layer, xs: tuple[Shape, ...]) -> None:
        self.layer = layer
        self.xs = xs
        self.shape, self.steps = layer.infer(*xs)
        self.weights: Shapes = layer.weights(*xs)
        self.buffers: Shapes = layer.buffers(*xs)
        self.trainable = sum(prod(shape) for shape in self.weights.values()) if self.weights else 0
        self.buffer_count = sum(prod(shape) for shape in self.buffers.values()) if self.buffers else 0
        self.work: Derivation | None = layer.macs(xs, self.shape)
        self.macs = self.work.value if self.work else 0
        self._reach: tuple[Reach | None, ...] | None = None
        self._in_step: bool | None = None

    @property
    def reach(self) -> tuple[Reach | None, ...]:
        """What a unit sees of the first input, per spatial axis."""
        if self._reach is None:
            self._reach = self.layer.reach(self.xs[0], self.shape)
        return self._reach

    @property
    def in_step(self) -> bool:
        """Whether every unit sees just the unit at its own place, as in an activation."""
        if self._in_step is None:
            layer, x = self.layer, self.xs[0]
            still = not layer.gate and layer.origins(x, self.shape) is None and all(r == SAME_UNIT for r in self.reach)
            # seeing all channels changes nothing as long as no axis of the image stands there
            self._in_step = still and not layer.mixes(x)
        return self._in_step


class Place:
    """A named stretch of the network: a block call, a branch, a side head or an iteration of a named loop."""

    __slots__ = ("_path", "base", "counts", "kind", "label", "line", "number", "parent", "separator")

    def __init__(
        self, parent: Place | None, base: str, kind: str, separator: str = ".", label: str = "", line: int = 0
    ) -> None:
        self.parent = parent
        self.base = base
        self.kind = kind
        self.separator = separator
        self.label = label or base
        self.line = line
        self.number = parent.count(base) if parent else 0
        self.counts: dict[str, int] = {}
        self._path: str | None = None

    def count(self, base: str) -> int:
        """The number of the next child called `base`, from 1."""
        number = self.counts.get(base, 0) + 1
        self.counts[base] = number
        return number

    def child(self, base: str, number: int) -> str:
        """What child `number` called `base` is named here; numbered only where there are several."""
        if self.counts[base] == 1:
            return base
        return f"{base}_{number}" if base[-1].isdigit() else f"{base}{number}"

    @property
    def name(self) -> str:
        """Its own part of the path."""
        return self.parent.child(self.base, self.number) if self.parent else ""

    @property
    def path(self) -> str:
        """Where names inside it start; '' for the network itself.  Known once the graph is complete."""
        if self._path is None:
            above = self.parent.path if self.parent else ""
            self._path = above + self.name + self.separator if self.parent else ""
        return self._path


class Node:
    """One tensor: an input (`layer` is None) or the output of a layer."""

    __slots__ = (
        "base",
        "index",
        "inputs",
        "measure",
        "name",
        "number",
        "place",
        "shape",
        "shared_with",
        "span",
        "written",
    )

    def __init__(
        self, index: int, measure: Measure | None, inputs: tuple[int, ...], shape: Shape, place: Place, base: str
    ) -> None:
        self.index = index
        self.measure = measure
        self.inputs = inputs
        self.shape = shape
        self.place = place
        self.base = base
        self.number = place.count(base)
        self.shared_with: int | None = None
        """The node whose weights this one uses; its own are then not counted."""
        self.written: Any = None
        """The kernel as nested lists, where the spec writes it out: every filter has it for every channel."""
        self.span: tuple[str, int, int, int] | None = None
        self.name = ""

    @property
    def layer(self) -> Layer | None:
        """The layer, or None for an input."""
        return self.measure.layer if self.measure else None

    @property
    def kind(self) -> str:
        """The layer's name in specs; `input` for an input."""
        return self.measure.layer.kind if self.measure else "input"

    @property
    def leaf(self) -> str:
        """Its name inside its place."""
        return self.place.child(self.base, self.number)

    @property
    def trainable(self) -> int:
        """Learned numbers of its own."""
        return self.measure.trainable if self.measure and self.shared_with is None else 0

    @property
    def buffers(self) -> int:
        """Kept numbers of its own."""
        return self.measure.buffer_count if self.measure and self.shared_with is None else 0

    @property
    def macs(self) -> int:
        """Multiply–accumulates for one sample."""
        return self.measure.macs if self.measure else 0

    def source(self) -> Span | None:
        """Where the spec says so."""
        return Span(*self.span) if self.span else None


class Graph:
    """A whole network.  `nodes` are in execution order; inputs come first."""

    __slots__ = ("document", "inputs", "labels", "names", "nodes", "outputs", "root", "vars")

    def __init__(
        self,
        nodes: list[Node],
        inputs: dict[str, int],
        outputs: dict[str, int],
        root: Place,
        document: Any,
        vars: dict[str, Any],
        labels: dict[int, str],
    ) -> None:
        self.nodes = tuple(nodes)
        self.inputs = inputs
        self.root = root
        self.document = document
        self.vars = vars
        self.labels = labels
        """The names the spec gives to tensors, such as `enc[2]`; the same one may come up again in loops."""
        self.names: dict[str, int] = {}
        for node in nodes:
            node.name = self._unique(node.place.path + node.leaf)
            self.names[node.name] = node.index
        self.outputs = {name or self.nodes[index].name: index for name, index in outputs.items()}
        """Name to tensor; an output the spec does not name has the name of its layer."""

    def _unique(self, name: str) -> str:
        if name not in self.names:
            return name
        number = 2
        while f"{name}_{number}" in self.names:
            number += 1
        return f"{name}_{number}"

    def layers(self) -> Iterator[Node]:
        """The nodes that are layers, in execution order."""
        return (node for node in self.nodes if node.measure is not None)

    def consumers(self) -> list[list[int]]:
        """For each node, the nodes that read it."""
        readers: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            for source in node.inputs:
                readers[source].append(node.index)
        return readers

    def validate(self) -> None:
        """Check what every analysis relies on: order, arity, and shapes that follow from the layers.

        Raises:
            ValueError: if the graph is broken, which is a fault of the program, never of a spec.
        """
        for position, node in enumerate(self.nodes):
            if node.index != position or any(source >= position for source in node.inputs):
                raise ValueError(f"{node.name} is out of order")
            if node.measure is not None:
                xs = tuple(self.nodes[source].shape for source in node.inputs)
                if xs != node.measure.xs or node.shape != node.measure.shape:
                    raise ValueError(f"{node.name} has shapes that do not follow from its inputs")
        if any(not 0 <= index < len(self.nodes) for index in self.outputs.values()):
            raise ValueError("an output does not exist")
