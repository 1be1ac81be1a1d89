"""How often each place of an input is read, by one layer or on all ways through a network."""

from __future__ import annotations

from itertools import groupby
from operator import add
from typing import NamedTuple

from cnncalc.graph import Graph, Measure
from cnncalc.layers.base import Shape

LONGEST = 1 << 16
"""Longer axes of single layers are not looked at place by place."""
MAX_PLACES = 1 << 22
"""Larger maps are not counted place by place."""


def remainders(measure: Measure) -> dict[int, tuple[int, int]]:
    """For each axis (1, 2, …) a window slides along: what the division by the stride leaves, and the stride."""
    layer, x = measure.layer, measure.xs[0]
    if "output_padding" in layer.values:  # transposed: nothing is divided
        return {}
    return {
        axis: ((x[axis] + sum(w.padding) - w.effective_kernel) % w.stride, w.stride)
        for axis, w in enumerate(layer.windows(x), 1)
    }


def axis_counts(measure: Measure, axis: int, k: int = 0) -> list[int]:
    """How many units read each place along an axis of input k (axis 0: channels)."""
    n, m = measure.xs[k][axis], measure.shape[axis]
    reads = measure.layer.reads(measure.xs, measure.shape, k, axis)
    if reads is None or axis in measure.layer.mixes(measure.xs[k]):
        return [m] * n
    counts = [0] * n
    for unit in range(m):
        for place in reads(unit):
            if 0 <= place < n:
                counts[place] += 1
    return counts


def unread(measure: Measure) -> dict[int, tuple[tuple[int, int], ...]]:
    """For each axis a window slides along, the stretches (first, last) of places that no unit reads.

    Axes longer than `LONGEST` are left out.
    """
    sides = measure.xs[0]
    return {axis: stretches(axis_counts(measure, axis)) for axis in remainders(measure) if sides[axis] <= LONGEST}


def stretches(counts: list[int]) -> tuple[tuple[int, int], ...]:
    """Runs of places with count 0, as (first, last)."""
    found = []
    for is_zero, run in groupby(range(len(counts)), key=lambda place: counts[place] == 0):
        places = list(run)
        if is_zero:
            found.append((places[0], places[-1]))
    return tuple(found)


class Coverage(NamedTuple):
    """How often each place of an input is read.  `counts` run row by row over `sides`.

    For one layer a count is the number of windows over the place; for a network, the number of ways
    from the place to the target, one per window after window.  Channels are left out of account.
    """

    name: str
    target: str
    sides: tuple[int, ...]
    counts: list[int]
    direct: bool
    """Whether the target reads the input itself, with nothing between."""

    @property
    def never(self) -> int:
        """How many places are never read."""
        return self.counts.count(0)

    @property
    def extremes(self) -> tuple[int, int]:
        """The smallest and the largest count."""
        return min(self.counts), max(self.counts)

    def at(self, *place: int) -> int:
        """The count of one place, given along each side."""
        index = 0
        for side, i in zip(self.sides, place, strict=True):
            index = index * side + i
        return self.counts[index]


def coverage(graph: Graph, target: int, source: int | None = None) -> list[Coverage]:
    """How often each place of every input (or of tensor `source`) is read on the ways to tensor `target`.

    Raises:
        ValueError: if a map is too large, or axes are rearranged in a way that cannot be followed.
    """
    wanted = {source: graph.nodes[source].name} if source is not None else {i: n for n, i in graph.inputs.items()}
    sums: dict[int, list[int]] = {target: [1] * _places(graph.nodes[target].shape)}
    for index in range(target, -1, -1):
        node = graph.nodes[index]
        if index in wanted or node.measure is None or index not in sums:
            continue
        own = sums.pop(index)
        for k, before in enumerate(node.inputs):
            counts = back(node.measure, k, own)
            sums[before] = list(map(add, sums[before], counts)) if before in sums else counts
    target_name = graph.nodes[target].name
    maps = []
    for i, name in wanted.items():
        shape = graph.nodes[i].shape
        counts = sums.get(i, [0] * _places(shape))
        maps.append(Coverage(name, target_name, shape[1:], counts, i in graph.nodes[target].inputs))
    return maps


def _places(shape: Shape) -> int:
    places = 1
    for side in shape[1:]:
        places *= side
    if places > MAX_PLACES:
        raise ValueError(f"a map of {places:,} places is too large to be counted place by place: {MAX_PLACES:,}")
    return places


def back(measure: Measure, k: int, counts: list[int]) -> list[int]:
    """Counts of the output taken back to input k."""
    layer, x, y = measure.layer, measure.xs[k], measure.shape
    _places(x)
    if layer.gate:  # statistics over all places: what counts is the place a unit stands for
        return counts
    if layer.origins(x, y) is not None:
        return _rearranged(measure, k, counts)
    if len(x) != len(y):
        raise ValueError(f"{layer.kind} changes the number of axes in a way that cannot be followed")
    before, after = 1, 1
    for side in y[2:]:
        after *= side
    for axis in range(1, len(y)):
        counts = _along(measure, k, axis, counts, before, after)
        before *= x[axis]
        after //= y[axis + 1] if axis + 1 < len(y) else 1
    return counts


def _along(measure: Measure, k: int, axis: int, counts: list[int], before: int, after: int) -> list[int]:
    """One axis taken back; `before` blocks of lines, each with `after` numbers per place."""
    n, m = measure.xs[k][axis], measure.shape[axis]
    reads = measure.layer.reads(measure.xs, measure.shape, k, axis)
    everything = reads is None or axis in measure.layer.mixes(measure.xs[k])
    taps = [range(n) if everything or reads is None else [p for p in reads(unit) if 0 <= p < n] for unit in range(m)]
    result: list[int] = []
    for block in range(before):
        lines: list[list[int] | None] = [None] * n
        for unit, read in enumerate(taps):
            start = (block * m + unit) * after
            line = counts[start : start + after]
            for place in read:
                known = lines[place]
                lines[place] = line if known is None else list(map(add, known, line))
        for found in lines:
            result += found if found is not None else [0] * after
    return result


def _rearranged(measure: Measure, k: int, counts: list[int]) -> list[int]:
    """Through flatten, reshape and permute: a vector's units count alike, so their places do too."""
    x, y = measure.xs[k], measure.shape
    if len(y) == 1 or len(x) == 1:
        return [sum(counts)] * _places(x)
    if x[1:] == y[1:]:
        return counts
    raise ValueError(f"{measure.layer.kind} rearranges the axes in a way that cannot be followed")
