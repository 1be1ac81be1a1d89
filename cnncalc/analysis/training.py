"""Memory while training: a schedule of forward and backward steps, and what is alive at each.

Assumptions, which reports repeat (`ASSUMPTIONS`): every tensor lives from the step that makes it to
the last step that reads it; layers keep for their backward pass what `Layer.saved` says; gradients of
parameters are there all the time.  Sizes are exact under these rules; allocators and libraries differ.

Reference: Micikevicius et al., Mixed Precision Training (2018), §3.1 (float32 master copies);
Chen et al., Training Deep Nets with Sublinear Memory Cost (2016), §3 (recomputing segments).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Kept

Span = tuple[int, int]
"""First and last node of a stretch that is computed again in the backward pass."""
Key = tuple[str, int, str]
"""A piece of memory: `tensor`, `gradient` or `kept`, the node it belongs to, and its name there."""


class Size(NamedTuple):
    """Bytes that grow with the batch (`each` is for one sample), and bytes that do not."""

    each: int
    fixed: int = 0

    def total(self, batch: int) -> int:
        """Bytes for a batch."""
        return self.each * batch + self.fixed


class KeptRow(NamedTuple):
    """A tensor a layer keeps; `counted_at` is the layer that already counts it, where they share it."""

    node: Node
    tensor: str
    reason: str
    size: Size
    counted_at: str | None


class Moment(NamedTuple):
    """One step: `phase` is forward, loss, recompute or backward; `alive` excludes parameters and scratch."""

    phase: str
    node: Node | None
    alive: Size
    scratch: Size

    @property
    def size(self) -> Size:
        """Everything that comes and goes."""
        return Size(self.alive.each + self.scratch.each, self.alive.fixed + self.scratch.fixed)

    @property
    def title(self) -> str:
        """`backward of conv1`."""
        return f"{self.phase} of {self.node.name}" if self.node is not None else self.phase


class Event(NamedTuple):
    """What a step makes anew and what it reads (or changes in place)."""

    phase: str
    node: Node | None
    makes: tuple[Key, ...]
    reads: tuple[Key, ...]
    scratch: int


class Schedule:
    """All steps of one training iteration; `width` is the bytes of a number."""

    def __init__(self, graph: Graph, width: int, segments: Sequence[Span] = (), workspace: bool = True) -> None:
        self.graph = graph
        self.width = width
        self.workspace = workspace
        self.segment = {index: span for span in segments for index in range(span[0], span[1] + 1)}
        self.useful = _useful(graph)
        self.learns = _learns(graph)
        self.storage = self._storages()
        self.sizes: dict[Key, Size] = {}
        self.kept: list[KeptRow] = []
        self.own: dict[int, list[Key]] = {}
        self.held: dict[int, list[Key]] = {}
        self._keep()
        self.events = self._events()
        self.moments = self._moments()

    def peak(self, batch: int) -> Moment:
        """The first moment with the most memory."""
        return max(self.moments, key=lambda moment: moment.size.total(batch))

    def _storages(self) -> list[int]:
        """For each tensor, the tensor whose memory it is: views and overwritten tensors share."""
        graph = self.graph
        readers = graph.consumers()
        outputs = set(graph.outputs.values())
        storage: list[int] = []
        members: dict[int, list[int]] = {}
        for node in graph.nodes:
            own = node.index
            if node.measure is not None and len(node.inputs) == 1:
                source = node.inputs[0]
                chain = members[storage[source]]
                alone = all(len(readers[index]) == 1 and index not in outputs for index in chain)
                if (node.measure.layer.view and not self._saved(node)) or (alone and self._overwrites(node, chain)):
                    own = storage[source]
            storage.append(own)
            members.setdefault(own, []).append(node.index)
        return storage

    def _overwrites(self, node: Node, chain: list[int]) -> bool:
        """Whether it can write over its input: nobody needs that later, its own backward pass neither."""
        first = self.graph.nodes[chain[0]]
        if first.measure is None or node.layer is None or not node.layer.in_place:
            return False
        if self.segment.get(node.index) != self.segment.get(chain[-1]):
            return False  # a tensor at the edge of a segment is where recomputing starts
        if any(kept.tensor == "input" for kept in self._saved(node)):
            return False
        return not any(kept.tensor == "output" for index in chain for kept in self._saved(self.graph.nodes[index]))

    def _saved(self, node: Node) -> tuple[Kept, ...]:
        measure = node.measure
        if measure is None or not self.learns[node.index] or node.index not in self.useful:
            return ()
        return measure.layer.saved(measure.xs, measure.shape)

    def _tensor(self, index: int) -> Key:
        key = ("tensor", self.storage[index], "")
        self.sizes[key] = Size(prod(self.graph.nodes[self.storage[index]].shape) * self.width)
        return key

    def _keep(self) -> None:
        """What every layer keeps; a tensor kept twice is counted where it is kept first."""
        counted: dict[Key, str] = {}
        for node in self.graph.layers():
            for kept in self._saved(node):
                if kept.tensor in ("input", "inputs", "output"):
                    indices = (node.index,) if kept.tensor == "output" else dict.fromkeys(node.inputs)
                    keys = [self._tensor(index) for index in indices]
                else:
                    key = ("kept", node.index, kept.tensor)
                    amount = kept.numbers * (kept.width or self.width)
                    self.sizes[key] = Size(amount) if kept.per_sample else Size(0, amount)
                    self.own.setdefault(node.index, []).append(key)
                    keys = [key]
                for key in dict.fromkeys(keys):
                    at = counted.get(key)
                    size = Size(0) if at else self.sizes[key]
                    self.kept.append(KeptRow(node, kept.tensor, kept.reason, size, at))
                    counted.setdefault(key, node.name)
                    self.held.setdefault(node.index, []).append(key)

    def _events(self) -> list[Event]:
        events = [self._forward(node, "forward") for node in self.graph.layers()]
        ends = tuple(self._tensor(index) for index in dict.fromkeys(self.graph.outputs.values()))
        gradients: dict[int, Key] = {}
        made = [self._gradient(index, gradients) for index in self.graph.outputs.values() if self.learns[index]]
        events.append(Event("loss", None, tuple(dict.fromkeys(made)), ends, 0))
        again: set[Span] = set()
        for node in reversed(self.graph.nodes):
            span = self.segment.get(node.index)
            if node.measure is None or not self.learns[node.index] or node.index not in self.useful:
                continue
            if span is not None and span not in again:
                again.add(span)
                events += [self._forward(self.graph.nodes[i], "recompute") for i in range(span[0], span[1] + 1)]
            events.append(self._backward(node, gradients))
        return events

    def _forward(self, node: Node, phase: str) -> Event:
        reads = tuple(self._tensor(source) for source in node.inputs)
        makes: tuple[Key, ...] = ()
        if self.storage[node.index] == node.index:
            makes = (self._tensor(node.index),)
        if phase == "recompute" or node.index not in self.segment:
            makes += tuple(self.own.get(node.index, ()))
        return Event(phase, node, makes, reads, self._scratch(node))

    def _scratch(self, node: Node) -> int:
        measure = node.measure
        if measure is None or not self.workspace:
            return 0
        return measure.layer.workspace(measure.xs, measure.shape) * self.width

    def _gradient(self, index: int, gradients: dict[int, Key]) -> Key:
        storage = self.storage[index]
        if storage not in gradients:
            key = ("gradient", storage, "")
            self.sizes[key] = Size(prod(self.graph.nodes[storage].shape) * self.width)
            gradients[storage] = key
        return gradients[storage]

    def _backward(self, node: Node, gradients: dict[int, Key]) -> Event:
        """Its inputs' gradients are made, or added to where another reader made them already."""
        assert node.measure is not None
        own = self._gradient(node.index, gradients)
        makes: list[Key] = []
        reads = [own, *self.held.get(node.index, ())]
        handed = False
        for source in dict.fromkeys(node.inputs):
            before = self.graph.nodes[source]
            if not self.learns[source]:
                continue
            known = self.storage[source] in gradients
            if not known and node.measure.layer.hands_on and not handed and before.shape == node.shape:
                gradients[self.storage[source]], handed = own, True
                continue
            key = self._gradient(source, gradients)
            (reads if known else makes).append(key)
        return Event("backward", node, tuple(makes), tuple(reads), self._scratch(node))

    def _moments(self) -> list[Moment]:
        """What is alive during each step."""
        steps = len(self.events)
        change = [[0, 0] for _ in range(steps + 1)]
        for key, start, end in self._lives():
            size = self.sizes[key]
            for column, amount in enumerate(size):
                change[start][column] += amount
                change[end + 1][column] -= amount
        moments, each, fixed = [], 0, 0
        for event, (more, also) in zip(self.events, change, strict=False):
            each, fixed = each + more, fixed + also
            moments.append(Moment(event.phase, event.node, Size(each, fixed), Size(0, event.scratch)))
        return moments

    def _lives(self) -> Iterable[tuple[Key, int, int]]:
        """Each piece of memory with the steps that make it and read it last; made again, it lives twice."""
        open: dict[Key, list[int]] = {self._tensor(index): [0, 0] for index in self.graph.inputs.values()}
        done: list[tuple[Key, int, int]] = []
        for time, event in enumerate(self.events):
            for key in event.reads:
                if key in open:
                    open[key][1] = time
                else:  # its maker is no step of its own: the gradient that came with another
                    open[key] = [time, time]
            for key in event.makes:
                if key in open:
                    done.append((key, open[key][0], open[key][1]))
                open[key] = [time, time]
        return [*done, *((key, start, end) for key, (start, end) in open.items())]


def _useful(graph: Graph) -> set[int]:
    """The tensors the outputs are computed from; others get no gradient."""
    found = set(graph.outputs.values())
    for node in reversed(graph.nodes):
        if node.index in found:
            found.update(node.inputs)
    return found


def _learns(graph: Graph) -> list[bool]:
    """Whether a tensor depends on a parameter, so that it needs a gradient."""
    learns: list[bool] = []
    for node in graph.nodes:
        weights = bool(node.measure and node.measure.weights)
        learns.append(weights or any(learns[source] for source in node.inputs))
    return learns
