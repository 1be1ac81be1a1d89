"""Exactly which inputs one unit is computed from, followed backward through the graph.

A set of places is kept as boxes: for every axis (0 = channels) a whole number whose bit i tells whether
place i belongs to it; a box holds all combinations.  Each layer says which places a unit reads
(`Layer.reads`), places in the padding fall away, and a tensor several layers read collects their boxes.
So holes of dilated kernels, strides that skip, and transposed layers come out exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import NamedTuple

from cnncalc.graph import Graph, Measure
from cnncalc.layers.base import Shape

Box = tuple[int, ...]
MAX_BOXES = 1024
"""More are joined into one around them; the hull then may be too large (nets in use need below ten)."""
MAX_UNITS = 4096
"""How many units of a rearranged tensor are followed one by one."""
MAX_SIDE = 1 << 24


class Cells(NamedTuple):
    """The places of one input tensor that a unit is computed from; no boxes: none."""

    name: str
    shape: Shape
    boxes: tuple[Box, ...]

    @property
    def hull(self) -> tuple[tuple[int, int], ...] | None:
        """First and last place along each spatial axis, or None if there is no place at all."""
        if not self.boxes:
            return None
        joined = _joined(self.boxes)[1:]
        return tuple(((mask & -mask).bit_length() - 1, mask.bit_length() - 1) for mask in joined)

    @property
    def positions(self) -> int:
        """How many places of the image there are, whatever the channel."""
        flat = _simple([(1, *box[1:]) for box in self.boxes])
        if len(flat) <= 1:
            return sum(prod(mask.bit_count() for mask in box) for box in flat)
        return len({place for box in flat for place in product(*(tuple(_places(mask)) for mask in box[1:]))})


def cells_of(graph: Graph, target: int, unit: tuple[int, ...], local: bool = False) -> list[Cells]:
    """The places of every input that `unit` of tensor `target` is computed from.

    `unit` is a place along each spatial axis (all channels there), or the number of a unit in a vector.
    With `local`, only spatial paths count: what a gate or a global layer sees is left out.

    Raises:
        ValueError: if an axis is too long to follow place by place.
    """
    longest = max(max(node.shape) for node in graph.nodes[: target + 1])
    if longest > MAX_SIDE:
        raise ValueError(f"an axis of {longest:,} is too long to be followed place by place: at most {MAX_SIDE:,}")
    shape = graph.nodes[target].shape
    own = tuple(1 << place for place in unit)
    regions: dict[int, list[Box]] = {target: [own if len(shape) == 1 else (_full(shape[0]), *own)]}
    walk = _Walk(local)
    for index in range(target, -1, -1):
        node = graph.nodes[index]
        if index not in regions or node.measure is None:
            continue
        boxes = _simple(regions.pop(index))
        for k, source in enumerate(node.inputs):
            found = [one for box in boxes for one in walk.back(node.measure, k, box)]
            if found:
                regions.setdefault(source, []).extend(found)
    return [
        Cells(name, graph.nodes[index].shape, tuple(_simple(regions.get(index, []))))
        for name, index in graph.inputs.items()
    ]


class _Walk:
    """Steps from a layer's output to its inputs; equal steps are taken once."""

    def __init__(self, local: bool) -> None:
        self.local = local
        self.known: dict[tuple[int, int, int, int], int] = {}

    def back(self, measure: Measure, k: int, box: Box) -> list[Box]:
        """The boxes of input k that a box of the output is computed from."""
        layer, x, y = measure.layer, measure.xs[k], measure.shape
        if self.local and layer.gate:
            return [box]
        if layer.origins(x, y) is not None:
            return _rearranged(measure, x, box)
        mixed = layer.mixes(x)
        everywhere = [reach is None for reach in layer.reach(x, y)] if self.local else []
        merges, masks = len(measure.xs) > 1, []
        for axis, n in enumerate(x):
            if self.local and axis and (axis in mixed or (merges and n == 1 != y[axis]) or everywhere[axis - 1]):
                return []
            masks.append(_full(n) if axis in mixed else self._axis(measure, k, axis, box[axis]))
        return [tuple(masks)] if all(masks) else []

    def _axis(self, measure: Measure, k: int, axis: int, mask: int) -> int:
        key = (id(measure), k, axis, mask)
        if key not in self.known:
            n = measure.xs[k][axis]
            reads = measure.layer.reads(measure.xs, measure.shape, k, axis)
            if reads is None:
                self.known[key] = _full(n)
            else:
                self.known[key] = _mask((place for unit in _places(mask) for place in reads(unit)), n)
        return self.known[key]


def _full(n: int) -> int:
    return (1 << n) - 1


def _places(mask: int) -> Iterator[int]:
    """The places of a mask, in order."""
    digits = bin(mask)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def _mask(places: Iterator[int], n: int) -> int:
    """The mask of those places that are inside the tensor."""
    digits = bytearray(b"0") * n
    for place in places:
        if 0 <= place < n:
            digits[n - 1 - place] = 49
    return int(digits, 2)


def _rearranged(measure: Measure, x: Shape, box: Box) -> list[Box]:
    """Back through flatten, reshape, permute or embedding."""
    y = measure.shape
    if measure.layer.view and prod(mask.bit_count() for mask in box) <= MAX_UNITS:
        # the order of the numbers stays, so each unit is found by its number
        return _simple([_unit(number, x) for number in _numbers(box, y)])
    axes = measure.layer.origins(x, y) or ()
    masks = [_full(n) for n in x]
    for mask, m, sources in zip(box, y, axes, strict=True):
        if len(sources) == 1 and x[sources[0]] == m:
            masks[sources[0]] &= mask
    return [tuple(masks)]


def _numbers(box: Box, shape: Shape) -> Iterator[int]:
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    for place in product(*(tuple(_places(mask)) for mask in box)):
        yield sum(i * stride for i, stride in zip(place, strides, strict=True))


def _unit(number: int, shape: Shape) -> Box:
    masks = []
    for side in reversed(shape):
        number, place = divmod(number, side)
        masks.append(1 << place)
    return tuple(reversed(masks))


def _joined(boxes: list[Box] | tuple[Box, ...]) -> Box:
    """The smallest box around all."""
    joined = list(boxes[0])
    for box in boxes[1:]:
        joined = [a | b for a, b in zip(joined, box, strict=True)]
    return tuple(joined)


def _simple(boxes: list[Box]) -> list[Box]:
    """The same places in fewer boxes: those that differ along one axis are joined, those inside others dropped."""
    if len(boxes) < 2:
        return boxes
    for axis in range(len(boxes[0])):
        alike: dict[Box, int] = {}
        for box in boxes:
            rest = box[:axis] + box[axis + 1 :]
            alike[rest] = alike.get(rest, 0) | box[axis]
        boxes = [(*rest[:axis], mask, *rest[axis:]) for rest, mask in alike.items()]
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -prod(mask.bit_count() for mask in box)):
        if not any(all(a & ~b == 0 for a, b in zip(box, other, strict=True)) for other in kept):
            kept.append(box)
    return kept if len(kept) <= MAX_BOXES else [_joined(kept)]
