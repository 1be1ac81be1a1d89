"""Memory at inference: parameters, all activations, and the largest set alive at once."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from cnncalc.graph import Graph

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}


class Memory(NamedTuple):
    """Bytes at inference.

    `parameter_bytes` are the learned numbers, `buffer_bytes` the kept ones, `activation_bytes` the
    outputs of all layers, each once, and `peak_inference_bytes` the largest set of tensors alive at
    once (inputs included, parameters not), reached while `peak_layer` runs.
    """

    parameter_bytes: int
    buffer_bytes: int
    activation_bytes: int
    peak_inference_bytes: int
    peak_layer: str


def inference_memory(graph: Graph, parameters: int, buffers: int, batch: int, dtype: str) -> Memory:
    """What running the graph once needs.

    Tensors are freed after their last reader.  A layer that only gives its input another shape
    (flatten, dropout at inference) makes no tensor of its own; activations are counted as if they
    did not overwrite their input.
    """
    storage = storages(graph)
    last_use = [0] * len(graph.nodes)
    for node in graph.nodes:
        last_use[storage[node.index]] = node.index
        for source in node.inputs:
            last_use[storage[source]] = node.index
    for output in graph.outputs.values():
        last_use[storage[output]] = len(graph.nodes)
    dying: dict[int, list[int]] = {}
    for tensor, use in enumerate(last_use):
        if storage[tensor] == tensor:
            dying.setdefault(use, []).append(tensor)
    sizes = [prod(node.shape) for node in graph.nodes]
    alive = peak = total = 0
    peak_layer = ""
    # inputs are there before the first layer runs, whenever it is that they are first read
    alive = sum(sizes[index] for index in graph.inputs.values())
    for node in graph.nodes:
        if node.measure is None:
            continue
        if storage[node.index] == node.index:
            alive += sizes[node.index]
            total += sizes[node.index]
        if alive > peak:
            peak, peak_layer = alive, node.name
        alive -= sum(sizes[tensor] for tensor in dying.get(node.index, ()))
    unit = BYTES[dtype]
    return Memory(parameters * unit, buffers * unit, total * unit * batch, peak * unit * batch, peak_layer)


def storages(graph: Graph) -> list[int]:
    """For each tensor, the tensor whose memory it is: itself, unless its layer is a view."""
    storage: list[int] = []
    for node in graph.nodes:
        layer = node.layer
        storage.append(storage[node.inputs[0]] if layer is not None and layer.view else node.index)
    return storage
