"""What would make a receptive field large enough: single changes, each checked by computing it anew."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.field_path import line_of, ways_back
from cnncalc.analysis.rebuild import Stretch, rebuilt, stretches
from cnncalc.analysis.receptive_field import Trace, trace_fields
from cnncalc.graph import Graph, Node
from cnncalc.layers.base import Layer, Shape, ShapeError

if TYPE_CHECKING:
    from cnncalc.analysis.field_report import LayerField

PER_KIND = 6
"""How many changes of each kind are computed; those that look smallest first."""
MOST_STRIDE = 16
MOST_COPIES = 500
MOST_NODES = 20_000


class Change(NamedTuple):
    """One change that is enough: the value of `what` at `name` goes from `before` to `after`.

    `what` is dilation, stride or repeat (copies of a block or layer, all included).  `size` is the
    field then, `shape` the output of the layer asked about, `macs` and `params` what the whole
    network has more (or less).
    """

    what: str
    name: str
    before: int
    after: int
    size: tuple[Any, ...]
    shape: Shape
    macs: int
    params: int


class Need(NamedTuple):
    """The field wanted, what it is now, and the changes; none are needed where it is reached already."""

    wanted: tuple[int, ...]
    size: tuple[Any, ...] | None
    reached: bool
    changes: tuple[Change, ...]
    refused: int
    """How many changes would be enough but do not fit, such as a stride on one path of an add."""


class _Trial(NamedTuple):
    what: str
    name: str
    before: int
    after: int
    layers: dict[int, Layer]
    repeat: Stretch | None = None


def find_changes(field: LayerField, wanted: tuple[int, ...]) -> Need:
    """The smallest single changes that make the field of the layer at least `wanted`.

    Raises:
        ValueError: if there is not one size for each axis.
    """
    axes = len(field.axes)
    if len(wanted) not in (1, axes):
        raise ValueError(f"--need takes 1 number or {axes}, one per axis of the image, not {len(wanted)}")
    wanted = wanted * axes if len(wanted) == 1 else wanted
    if min(wanted) < 1:
        raise ValueError(f"a field of {min(wanted)} makes no sense: --need starts at 1")
    size = _size(trace_fields(field.network.graph)[0][field.node.index])
    if size is None or all(have >= want for have, want in zip(size, wanted, strict=True)):
        return Need(wanted, size, True, (), 0)
    search = _Search(field.network.graph, field.node, wanted)
    changes, refused = [], 0
    for kind in (search.dilations(), search.strides(), search.repeats()):
        found = 0
        for trial in kind:
            change = search.smallest(trial)
            refused += change is None
            if change is not None:
                changes.append(change)
                found += 1
            if found == PER_KIND:
                break
    return Need(wanted, size, False, tuple(changes), refused)


def _size(trace: Trace) -> tuple[Any, ...] | None:
    """The field along spatial paths; None if it is everything."""
    lines = trace.local if trace.local is not None else trace.lines
    known = [line for line in lines if line is not None]
    if len(known) != len(lines):
        return None
    sizes = (line.end - line.start + 1 for line in known)
    return tuple(int(size) if size == int(size) else size for size in sizes)


class _Search:
    def __init__(self, graph: Graph, node: Node, wanted: tuple[int, ...]) -> None:
        self.graph = graph
        self.node = node
        self.wanted = wanted
        self.traces, _ = trace_fields(graph)
        self.local = self.traces[node.index].local is not None
        self.macs = sum(one.macs for one in graph.nodes)
        self.params = sum(one.trainable for one in graph.nodes)
        self.size = _size(self.traces[node.index]) or ()

    def on_path(self) -> list[tuple[Node, Node]]:
        """The layers with windows that the extent is made of, and what they read, nearest first."""
        found: dict[int, tuple[Node, Node]] = {}
        for axis in range(len(self.wanted)):
            for way in ways_back(self.graph, self.traces, self.node.index, axis, 0, self.local):
                for step in way.steps:
                    if step.node.measure and step.node.measure.layer.windows(step.node.measure.xs[0]):
                        found[step.node.index] = (step.node, step.source)
        return [found[index] for index in sorted(found, reverse=True)]

    def _missing(self) -> Iterator[tuple[int, Any]]:
        for axis, (have, want) in enumerate(zip(self.size, self.wanted, strict=True)):
            if have < want:
                yield axis, want - have

    def dilations(self) -> list[_Trial]:
        """Wider spaced taps: each step adds (f - 1)·jump to the field."""
        trials = []
        for node, source in self.on_path():
            layer = node.layer
            if layer is None or layer.kind not in ("conv", "depthwise"):
                continue
            more = 0
            for axis, missing in self._missing():
                line = line_of(self.traces[source.index], axis, self.local)
                taps = layer.values["kernel"][line.axis - 1] - 1 if line and line.axis else 0
                if not taps or not line or not line.jump:
                    more = 0
                    break
                more = max(more, ceil(missing / (taps * line.jump)))
            now = max(layer.values["dilation"])
            if more:
                trials.append(_Trial("dilation", node.name, now, now + more, {node.index: layer}))
        return sorted(trials, key=lambda trial: trial.after)

    def strides(self) -> list[_Trial]:
        """Larger steps: all that the layers after it add grows with the stride."""
        trials = []
        for node, _ in self.on_path():
            layer = node.layer
            if layer is None or "stride" not in layer.values or layer.kind == "conv_transpose":
                continue
            now, needed = max(layer.values["stride"]), 0
            for axis, missing in self._missing():
                line = line_of(self.traces[node.index], axis, self.local)
                after = self.size[axis] - (line.end - line.start + 1) if line else 0
                needed = max(needed, ceil(now * (1 + missing / after)) if after > 0 else MOST_STRIDE + 1)
            if now < needed <= MOST_STRIDE:
                trials.append(_Trial("stride", node.name, now, needed, {node.index: layer}))
        return sorted(trials, key=lambda trial: trial.after)

    def repeats(self) -> list[_Trial]:
        """More of the last block or layer of each kind."""
        trials = []
        for stretch in reversed(stretches(self.graph, self.node.index)):
            try:
                graph, went = rebuilt(self.graph, {}, stretch, 1)
            except ShapeError:
                continue
            larger = _size(trace_fields(graph)[0][went[self.node.index]])
            growth = [larger[axis] - self.size[axis] if larger else 0 for axis, _ in self._missing()]
            if not growth or min(growth) <= 0:
                continue
            more = max(ceil(missing / step) for (_, missing), step in zip(self._missing(), growth, strict=True))
            if more <= MOST_COPIES and more * (stretch.last + 1 - stretch.first) <= MOST_NODES:
                single = stretch.first == stretch.last
                name = self.graph.nodes[stretch.last].name if single else _name(self.graph, stretch)
                trials.append(_Trial("repeat", name, 1, 1 + more, {}, stretch))
        return trials

    def smallest(self, trial: _Trial) -> Change | None:
        """The change with the smallest value that is enough; the estimate is right but for odd paddings."""
        change = None
        for after in (trial.after, trial.after + 1, trial.after + 2):
            change = self._try(trial._replace(after=after))
            if change is not None:
                break
        while change is not None and change.after - 1 > trial.before:
            less = self._try(trial._replace(after=change.after - 1))
            if less is None:
                break
            change = less
        return change

    def _try(self, trial: _Trial) -> Change | None:
        layers = {
            index: _altered(layer, trial.what, trial.before, trial.after) for index, layer in trial.layers.items()
        }
        try:
            graph, went = rebuilt(self.graph, layers, trial.repeat, trial.after - 1 if trial.repeat else 0)
        except ShapeError:
            return None
        index = went[self.node.index]
        size = _size(trace_fields(graph)[0][index])
        if size is None or any(have < want for have, want in zip(size, self.wanted, strict=True)):
            return None
        macs, params = sum(one.macs for one in graph.nodes), sum(one.trainable for one in graph.nodes)
        shape = graph.nodes[index].shape
        return Change(
            trial.what, trial.name, trial.before, trial.after, size, shape, macs - self.macs, params - self.params
        )


def _altered(layer: Layer, what: str, before: int, after: int) -> Layer:
    """The layer with another dilation or stride along all its axes.

    A dilated kernel gets as much more padding as it gets wider, so that the output keeps its size;
    layers without padding stay without.
    """
    values = dict(layer.values)
    values[what] = (after,) * len(values[what])
    padding = values.get("padding")
    if what == "dilation" and isinstance(padding, tuple) and any(map(any, padding)):
        wider = [(after - d) * (f - 1) for d, f in zip(layer.values["dilation"], layer.values["kernel"], strict=True)]
        values["padding"] = tuple(
            (p0 + more // 2, p1 + more - more // 2) for (p0, p1), more in zip(padding, wider, strict=True)
        )
    return type(layer)(**values)


def _name(graph: Graph, stretch: Stretch) -> str:
    """The path of the block or round that a stretch is."""
    place = graph.nodes[stretch.last].place
    while place.parent is not None and graph.nodes[stretch.first].place.path[: len(place.path)] != place.path:
        place = place.parent
    return place.path.rstrip("./") or stretch.label
