"""The summary of a network: one row per layer, totals, memory, receptive fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.memory import BYTES, Memory, inference_memory
from cnncalc.analysis.receptive_field import ReceptiveField, Trace, field_of, trace_fields
from cnncalc.errors import Diagnostic
from cnncalc.graph import Node

if TYPE_CHECKING:
    from cnncalc.network import Network


class Row(NamedTuple):
    """One layer.  Shapes are channels first, without the batch; `macs` are for the whole batch."""

    node: Node
    macs: int
    trace: Trace

    @property
    def field(self) -> ReceptiveField:
        """Its receptive field in the input."""
        return field_of(self.trace)


class Totals(NamedTuple):
    """Sums over all layers; shared weights count once."""

    trainable: int
    buffers: int
    macs: int
    weight_layers: int
    layers: int
    memory: Memory

    @property
    def flops(self) -> int:
        """Two operations, a multiplication and an addition, per multiply–accumulate."""
        return 2 * self.macs


class Summary:
    """All numbers of a network, for renderers to write down."""

    def __init__(
        self, network: Network, batch: int, dtype: str, rows: list[Row], totals: Totals, diagnostics: list[Diagnostic]
    ) -> None:
        self.network = network
        self.batch = batch
        self.dtype = dtype
        self.rows = rows
        self.totals = totals
        self.diagnostics = diagnostics


def summarize(network: Network, batch: int = 1, dtype: str = "float32") -> Summary:
    """All numbers of `network`.

    Raises:
        ValueError: for a batch below 1 or an unknown dtype.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    if dtype not in BYTES:
        raise ValueError(f"dtype must be one of {', '.join(BYTES)}, not {dtype}")
    graph = network.graph
    traces, diagnostics = trace_fields(graph)
    rows = [Row(node, node.macs * batch, traces[node.index]) for node in graph.layers()]
    trainable = sum(row.node.trainable for row in rows)
    buffers = sum(row.node.buffers for row in rows)
    memory = inference_memory(graph, trainable, buffers, batch, dtype)
    weight_layers = sum(1 for row in rows if row.node.measure and row.node.measure.layer.weighted)
    totals = Totals(trainable, buffers, sum(row.macs for row in rows), weight_layers, len(rows), memory)
    return Summary(network, batch, dtype, rows, totals, diagnostics)
