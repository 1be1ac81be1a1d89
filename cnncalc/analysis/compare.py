"""Two networks side by side: layers aligned, what differs in each, and the totals with their ratios."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.memory import BYTES
from cnncalc.analysis.summary import Row, Summary

QUANTITIES = ("shape", "params", "macs", "bytes", "field")


class Side(NamedTuple):
    """A layer's figures: shape channels first, `bytes` of its output, `field` None where it sees everything."""

    name: str
    kind: str
    shape: tuple[int, ...]
    params: int
    macs: int
    bytes: int
    field: tuple[Any, ...] | None


class Pair(NamedTuple):
    """A layer of each network that stand for each other; None where one has none."""

    left: Side | None
    right: Side | None

    @property
    def differences(self) -> tuple[str, ...]:
        """The quantities that differ; `layer` where one side has none or it is of another kind."""
        if self.left is None or self.right is None or self.left.kind != self.right.kind:
            return ("layer",)
        return tuple(key for key in QUANTITIES if getattr(self.left, key) != getattr(self.right, key))


class Total(NamedTuple):
    """A figure of both networks as a whole; `kind` is `count` or `bytes`."""

    key: str
    kind: str
    left: int
    right: int


class Comparison(NamedTuple):
    """Two networks side by side."""

    left: Summary
    right: Summary
    pairs: tuple[Pair, ...]
    totals: tuple[Total, ...]

    @property
    def same(self) -> bool:
        """Whether no figure differs."""
        return not any(pair.differences for pair in self.pairs) and all(t.left == t.right for t in self.totals)


def compare(left: Summary, right: Summary) -> Comparison:
    """Align two networks layer by layer: by name where names agree, else by kind in the same order."""
    one, other = [_side(row, left) for row in left.rows], [_side(row, right) for row in right.rows]
    return Comparison(left, right, tuple(_aligned(one, other)), _totals(left, right))


def _side(row: Row, summary: Summary) -> Side:
    node = row.node
    size = prod(node.shape) * BYTES[summary.dtype] * summary.batch
    return Side(node.name, node.kind, node.shape, node.trainable, row.macs, size, row.field.size)


def _aligned(left: Sequence[Side], right: Sequence[Side]) -> list[Pair]:
    names = SequenceMatcher(None, [side.name for side in left], [side.name for side in right], autojunk=False)
    pairs: list[Pair] = []
    for tag, i, j, k, m in names.get_opcodes():
        if tag == "equal":
            pairs += map(Pair, left[i:j], right[k:m])
        else:
            pairs += _by_kind(left[i:j], right[k:m])
    return pairs


def _by_kind(left: Sequence[Side], right: Sequence[Side]) -> list[Pair]:
    kinds = SequenceMatcher(None, [side.kind for side in left], [side.kind for side in right], autojunk=False)
    pairs: list[Pair] = []
    for tag, i, j, k, m in kinds.get_opcodes():
        if tag == "equal":
            pairs += map(Pair, left[i:j], right[k:m])
        else:
            pairs += [Pair(side, None) for side in left[i:j]]
            pairs += [Pair(None, side) for side in right[k:m]]
    return pairs


def _totals(left: Summary, right: Summary) -> tuple[Total, ...]:
    one, other = left.totals, right.totals
    return (
        Total("params", "count", one.trainable, other.trainable),
        Total("buffers", "count", one.buffers, other.buffers),
        Total("macs", "count", one.macs, other.macs),
        Total("weight_layers", "count", one.weight_layers, other.weight_layers),
        Total("layers", "count", one.layers, other.layers),
        Total("parameter_bytes", "bytes", one.memory.parameter_bytes, other.memory.parameter_bytes),
        Total("activation_bytes", "bytes", one.memory.activation_bytes, other.memory.activation_bytes),
        Total("peak_inference_bytes", "bytes", one.memory.peak_inference_bytes, other.memory.peak_inference_bytes),
    )
