"""Roofline: bytes moved and work done by each layer, and which of the two bounds its time on a device.

Reference: Williams, Waterman & Patterson, 'Roofline: An Insightful Visual Performance Model' (2009).
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.memory import BYTES
from cnncalc.graph import Node

if TYPE_CHECKING:
    from cnncalc.network import Network
    from cnncalc.spec.devices import Device

ASSUMPTIONS = (
    "work is 2 operations per MAC; what else a layer computes is left out. Algorithms that save products "
    "(Winograd, FFT) can beat a bound by compute",
    "every layer reads its inputs and weights from memory once and writes its output once; "
    "a layer that only gives a tensor another shape moves nothing",
    "the device runs at its peak all the time: real times are longer",
    "fused layers and caches move less; the bound of the whole network holds for them too: all work at the peak, "
    "and each weight, input and output of the network moved once",
)


class RooflineRow(NamedTuple):
    """One layer for the whole batch: bytes by what they are, operations, and its least time in seconds.

    `bound` is `compute`, `bandwidth`, or empty for a layer that takes no time.
    """

    node: Node
    input_bytes: int
    weight_bytes: int
    output_bytes: int
    flops: int
    seconds: float
    bound: str

    @property
    def bytes(self) -> int:
        """All bytes moved."""
        return self.input_bytes + self.weight_bytes + self.output_bytes

    @property
    def intensity(self) -> float:
        """Operations per byte; 0 for a layer that moves nothing."""
        return self.flops / self.bytes if self.bytes else 0.0


class Roofline:
    """A network on a device.

    `seconds` is the sum of the layers' bounds, which holds where each layer runs by itself; `least` is the
    bound for the network however it is fused; `ridge` is the intensity where the two limits meet;
    `bound_seconds` and `bound_layers` tell how much of the time each of them limits.
    """

    def __init__(
        self, network: Network, device: Device, batch: int, dtype: str, rows: list[RooflineRow], least: float
    ) -> None:
        self.network = network
        self.device = device
        self.batch = batch
        self.dtype = dtype
        self.rows = rows
        self.least = least
        self.peak = device.peak[dtype]
        self.ridge = self.peak / device.bandwidth
        self.seconds = sum(row.seconds for row in rows)
        self.flops = sum(row.flops for row in rows)
        self.bytes = sum(row.bytes for row in rows)
        self.bound_seconds = {
            bound: sum(row.seconds for row in rows if row.bound == bound) for bound in ("compute", "bandwidth")
        }
        self.bound_layers = {bound: sum(row.bound == bound for row in rows) for bound in ("compute", "bandwidth")}

    @property
    def fastest(self) -> float:
        """Samples per second at most, layer by layer."""
        return self.batch / self.seconds if self.seconds else 0.0


def roofline_of(network: Network, device: Device, batch: int = 1, dtype: str = "float32") -> Roofline:
    """The roofline of `network` on `device`.

    Raises:
        ValueError: for a batch below 1, an unknown dtype, or one whose peak the device does not give.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    if dtype not in BYTES:
        raise ValueError(f"dtype must be one of {', '.join(BYTES)}, not {dtype}")
    if dtype not in device.peak:
        raise ValueError(f"{device.name} states no peak for {dtype}, only for {', '.join(device.peak)}")
    unit = BYTES[dtype]
    rows = [_row(network, node, device, batch, dtype) for node in network.graph.layers()]
    graph = network.graph
    ends = [*graph.inputs.values(), *dict.fromkeys(graph.outputs.values())]
    moved = unit * (sum(_kept(node) for node in graph.layers()) + batch * sum(prod(graph.nodes[i].shape) for i in ends))
    flops = sum(row.flops for row in rows)
    least = max(flops / device.peak[dtype], moved / device.bandwidth)
    return Roofline(network, device, batch, dtype, rows, least)


def _kept(node: Node) -> int:
    """Numbers a layer keeps; a table of vectors is read only where it is looked up."""
    if node.kind == "embedding":
        return 0
    return node.trainable + node.buffers


def _row(network: Network, node: Node, device: Device, batch: int, dtype: str) -> RooflineRow:
    measure = node.measure
    assert measure is not None
    if measure.layer.view:
        return RooflineRow(node, 0, 0, 0, 0, 0.0, "")
    unit = BYTES[dtype]
    read = unit * batch * sum(prod(x) for x in measure.xs)
    written = unit * batch * prod(node.shape)
    if node.kind == "embedding":
        # one vector per token
        read, weights = read + written, 0
    else:
        weights = unit * (measure.trainable + measure.buffer_count)
    flops = 2 * batch * node.macs
    compute, move = flops / device.peak[dtype], (read + weights + written) / device.bandwidth
    bound = "compute" if compute >= move else "bandwidth"
    return RooflineRow(node, read, weights, written, flops, max(compute, move), bound)
