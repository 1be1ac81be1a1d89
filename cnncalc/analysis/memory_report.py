"""What training and running a network need in memory, added up from their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.memory import BYTES, Memory, inference_memory
from cnncalc.analysis.outline import Line, flat, outline
from cnncalc.analysis.segments import Segments, block_segments
from cnncalc.analysis.summary import summarize
from cnncalc.analysis.training import KeptRow, Moment, Schedule
from cnncalc.errors import did_you_mean

if TYPE_CHECKING:
    from cnncalc.network import Network

OPTIMIZERS: dict[str, tuple[int, str]] = {
    "sgd": (0, "plain gradient descent keeps nothing"),
    "momentum": (1, "a velocity per parameter"),
    "nesterov": (1, "a velocity per parameter"),
    "adagrad": (1, "a sum of squared gradients per parameter"),
    "rmsprop": (1, "a mean of squared gradients per parameter"),
    "adadelta": (2, "means of squared gradients and of squared steps per parameter"),
    "adam": (2, "means of gradients and of squared gradients per parameter"),
    "adamw": (2, "means of gradients and of squared gradients per parameter"),
    "adamax": (2, "a mean and a largest value of gradients per parameter"),
    "nadam": (2, "means of gradients and of squared gradients per parameter"),
    "amsgrad": (3, "Adam's two means and the largest of the second per parameter"),
    "lamb": (2, "means of gradients and of squared gradients per parameter"),
    "lion": (1, "a mean of gradients per parameter"),
}
"""Numbers kept per parameter, and what they are."""
TRAINED = ("float64", "float32", "float16", "bfloat16")
HALF = ("float16", "bfloat16")
FULL = 4
"""Bytes of the numbers that stay float32 in mixed precision."""


class Static(NamedTuple):
    """Bytes that are there all the time, whatever the batch."""

    parameters: int
    gradients: int
    optimizer: int
    master: int
    buffers: int

    @property
    def total(self) -> int:
        """Their sum."""
        return sum(self)


class Fit(NamedTuple):
    """The largest batch that stays below `limit` bytes (0: not even one sample), and what it needs."""

    limit: int
    batch: int
    bytes: int
    more: int
    """What one sample more would need."""


class TrainingMemory:
    """Memory of one training iteration and of inference.

    `moments` are the steps in order, `peak` the one with the most memory; `kept` says what each layer
    keeps for its backward pass.  With checkpoints, `segments` says what is computed again.
    """

    def __init__(
        self,
        network: Network,
        batch: int = 1,
        dtype: str = "float32",
        optimizer: str = "adam",
        checkpoint: bool | str = False,
        workspace: bool = True,
    ) -> None:
        states = _check(batch, dtype, optimizer)
        self.network = network
        self.batch = batch
        self.dtype = dtype
        self.optimizer = optimizer
        self.workspace = workspace
        self.summary = summarize(network, batch, dtype)
        totals = self.summary.totals
        half = dtype in HALF
        width = BYTES[dtype]
        wide = FULL if half else width
        self.states = states
        self.static = Static(
            totals.trainable * width,
            totals.trainable * width,
            totals.trainable * wide * states,
            totals.trainable * wide if half else 0,
            totals.buffers * wide,
        )
        self.inference: Memory = inference_memory(network.graph, totals.trainable, totals.buffers, batch, dtype)
        self.segments: Segments | None = None
        self.choices: list[tuple[Segments, int]] = []
        """Every kind of block that could be computed again, and the peak then."""
        self.schedule = Schedule(network.graph, width, (), workspace)
        self.plain_peak = self.peak_bytes
        if checkpoint:
            self._checkpoint(width, None if checkpoint is True else checkpoint)

    def _checkpoint(self, width: int, label: str | None) -> None:
        """Take the kind of block asked for, or the one with the lowest peak."""
        graph = self.network.graph
        found = block_segments(graph)
        if not found:
            raise ValueError("there is no block to compute again: checkpoints are set at the edges of blocks and loops")
        if label is not None and label not in {one.label for one in found}:
            known = [one.label for one in found]
            help = did_you_mean(label, known) or f"there are {', '.join(known)}"
            raise ValueError(f"there is no block '{label}' to compute again: {help}")
        best = None
        for one in found:
            schedule = Schedule(graph, width, one.spans, self.workspace)
            peak = schedule.peak(self.batch).size.total(self.batch)
            self.choices.append((one, self.static.total + peak))
            wanted = one.label == label if label is not None else best is None or peak < best
            if wanted:
                best, self.segments, self.schedule = peak, one, schedule

    @property
    def moments(self) -> list[Moment]:
        """All steps, in order."""
        return self.schedule.moments

    @property
    def kept(self) -> list[KeptRow]:
        """What the layers keep."""
        return self.schedule.kept

    @property
    def peak(self) -> Moment:
        """The step with the most memory."""
        return self.schedule.peak(self.batch)

    @property
    def peak_bytes(self) -> int:
        """Everything at that step."""
        return self.static.total + self.peak.size.total(self.batch)

    @property
    def kept_bytes(self) -> int:
        """All that layers keep, shared tensors once."""
        return sum(row.size.total(self.batch) for row in self.kept)

    @property
    def extra_macs(self) -> int:
        """Multiply–accumulates of computing segments again, for the whole batch."""
        return self.segments.macs * self.batch if self.segments else 0

    def bytes_at(self, batch: int) -> int:
        """The peak for another batch."""
        return self.static.total + self.schedule.peak(batch).size.total(batch)

    def fit(self, limit: int) -> Fit:
        """The largest batch whose peak is at most `limit` bytes.

        Every step grows by the same amount with each sample, so the batch follows by division.

        Raises:
            ValueError: for a limit below 1.
        """
        if limit < 1:
            raise ValueError(f"{limit} bytes are no room at all")
        batches = []
        for moment in self.moments:
            left = limit - self.static.total - moment.size.fixed
            batches.append(max(0, left // moment.size.each) if moment.size.each else (10**9 if left >= 0 else 0))
        batch = min(batches)
        return Fit(limit, batch, self.bytes_at(batch) if batch else 0, self.bytes_at(batch + 1))

    def lines(self, depth: int | None = None) -> list[Line]:
        """Rows of the table: one per layer, or blocks folded to `depth` levels."""
        return flat(self.summary) if depth is None else outline(self.summary, depth)

    def kept_of(self, line: Line) -> list[KeptRow]:
        """What the layers of a line keep."""
        inside = set(line.nodes)
        return [row for row in self.kept if row.node.index in inside]


def _check(batch: int, dtype: str, optimizer: str) -> int:
    """The optimizer's numbers per parameter.

    Raises:
        ValueError: for a batch below 1, an unknown dtype or optimizer.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    if dtype not in TRAINED:
        why = ": networks are trained in floating point" if dtype in BYTES else ""
        raise ValueError(f"dtype must be one of {', '.join(TRAINED)}, not {dtype}{why}")
    if optimizer not in OPTIMIZERS:
        help = did_you_mean(optimizer.lower(), OPTIMIZERS) or f"there are {', '.join(OPTIMIZERS)}"
        raise ValueError(f"there is no optimizer '{optimizer}': {help}")
    return OPTIMIZERS[optimizer][0]
