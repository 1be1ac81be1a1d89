"""Which layers of a flat network need a name in it, and which.

A layer gets a name where another step, or the list of outputs, must refer to it, and where it keeps
the name its row has in tables.  What stood inside a block, branch or loop can only be named by its
whole path, `c2_0_bottleneck_relu`; unless someone refers to it, it is left to the automatic names.
"""

from __future__ import annotations

import re

from cnncalc.graph import Graph, Node
from cnncalc.spec.load import vocabulary


class FlatNames:
    """The names of a flat network: `step` of layers, `extra` of tensors that need a second one."""

    def __init__(self, graph: Graph, every: bool = False) -> None:
        self.graph = graph
        self.every = every
        self.step: dict[int, str] = {}
        """By layer: the `name:` of its step."""
        self.extra: dict[int, list[str]] = {}
        """By layer or input: further names."""
        self.outputs: list[str] | None = None
        """What `outputs:` lists; None where the end of the flow is the only output."""
        self._taken = {"here", *graph.inputs}
        self._inputs = {index: name for name, index in graph.inputs.items()}
        self._name_outputs()
        for index in sorted(needed(graph)):
            if index not in self._inputs and index not in self.extra:
                self._name(graph.nodes[index])
        for node in graph.layers():
            if node.base != node.kind if self._at_root(node) else every:
                self._name(node)
        self._tell_apart()
        self._keep_end()

    def reference(self, index: int) -> str:
        """What other steps call a tensor."""
        if index in self._inputs:
            return self._inputs[index]
        return self.step[index] if index in self.step else self.extra[index][0]

    # -- outputs ----------------------------------------------------------------------------------

    def _name_outputs(self) -> None:
        graph = self.graph
        end = len(graph.nodes) - 1
        alone = list(graph.outputs.values()) == [end]
        names = [self._output(label, index, alone) for label, index in graph.outputs.items()]
        self.outputs = None if alone else names

    def _output(self, label: str, index: int, alone: bool) -> str:
        """Make an output known by its label, as far as one can be written."""
        node = self.graph.nodes[index]
        if self._inputs.get(index) == label or (alone and label == node.name):
            return label
        name = self._free(legal(label))
        free = node.measure is not None and index not in self.step
        if free and (compact(name) == word(node.name) or not (self.every or self._at_root(node))):
            self.step[index] = name
        else:
            self.extra.setdefault(index, []).append(name)
        return name

    # -- names ------------------------------------------------------------------------------------

    def _at_root(self, node: Node) -> bool:
        return node.place is self.graph.root

    def _name(self, node: Node) -> None:
        """Name a layer by its row."""
        if node.index not in self.step:
            self.step[node.index] = self._free(word(node.name))

    def _free(self, name: str) -> str:
        """The name, or with a number where it is taken; `x[1]` and `x1` would make rows of one name."""
        candidate, number = name, 2
        while compact(candidate) in self._taken:
            candidate, number = f"{word(name)}_{number}", number + 1
        self._taken.add(compact(candidate))
        return candidate

    def _tell_apart(self) -> None:
        """Name all layers of a kind whose automatic names (conv1, conv2, …) would mix with given ones, or change."""
        kinds: dict[str, list[Node]] = {}
        for node in self.graph.layers():
            kinds.setdefault(node.kind, []).append(node)
        mixed = True
        while mixed:
            mixed = False
            given = {compact(name) for name in self.step.values()} | self.graph.inputs.keys()
            for kind, nodes in kinds.items():
                left = [node for node in nodes if node.index not in self.step]
                names = automatic(kind, len(left))
                kept = all(self._at_root(node) for node in left)
                if left and (given & {kind, *names} or (kept and names != [node.name for node in left])):
                    mixed = True
                    for node in left:
                        self._name(node)

    def _keep_end(self) -> None:
        """The only output keeps its name, `fc`, where the automatic one would be `fc37`."""
        end = self.graph.nodes[-1]
        if self.outputs is None and self._at_root(end) and not (self.step.keys() | self.extra.keys()) & {end.index}:
            alike = sum(node.kind == end.kind and node.index not in self.step for node in self.graph.layers())
            if alike and automatic(end.kind, alike)[-1] != end.name:
                self.extra[end.index] = [self._free(end.name)]


def needed(graph: Graph) -> set[int]:
    """The tensors some step reads that are not the one before it."""
    found: set[int] = set()
    current = 0 if len(graph.inputs) == 1 else -1
    for node in graph.layers():
        found.update(source for source in node.inputs if source != current)
        current = node.index
    return found


def automatic(kind: str, count: int) -> list[str]:
    """The names of `count` siblings without a name of their own, as `Place.child` makes them."""
    separator = "_" if kind[-1].isdigit() else ""
    return [kind] if count == 1 else [f"{kind}{separator}{number}" for number in range(1, count + 1)]


def compact(name: str) -> str:
    """What rows make of a step's name: `x[0,4]` is `x0_4`."""
    base, bracket, inner = name.partition("[")
    if not bracket:
        return name
    joined = inner.removesuffix("]").replace(",", "_")
    return base + ("_" if joined[:1].isalpha() or base[-1].isdigit() else "") + joined


def word(name: str) -> str:
    """A path or label as one word: `c2/0/bottleneck.main` is `c2_0_bottleneck_main`."""
    if name.isidentifier():
        return name
    joined = re.sub(r"\W+", "_", name).rstrip("_")
    # branches may be called 3x3
    return joined if joined.isidentifier() else f"_{joined}"


def legal(label: str) -> str:
    """An output's name as a step can have it: `body.c[5]` is `body_c[5]`; indices must mean something."""
    base, bracket, inner = label.partition("[")
    indices = inner.removesuffix("]").split(",") if bracket else []
    if any(not re.fullmatch(r"-?\d+", index) and index not in vocabulary().words for index in indices):
        return word(label)
    return word(base) + bracket + inner
