"""Two engines on the same network: every tensor of this one against ONNX Runtime's."""

from __future__ import annotations

import numpy as np

from cnncalc.engine.execute import execute
from cnncalc.engine.inputs import make_inputs, spell
from cnncalc.engine.kernels import Array
from cnncalc.engine.onnxruntime import Session
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

TOLERANCE = 1e-4
"""Of the largest number of a tensor, in float32."""
NUDGE = 2.0**-20
"""How much the input is changed, to see what a network makes of small differences."""
MAGNIFIED = 20
"""How many times what the nudge does the engines may differ where that is more than the tolerance."""


def disagreements(graph: Graph, seed: int = 0) -> tuple[int, list[str]]:
    """How many tensors were compared, and which of them differ, with by how much.

    Deep networks with drawn weights can magnify rounding without bounds, so a second run on an input
    changed in its last digits tells what difference means nothing.

    Raises:
        DataError: if the network cannot be written as ONNX, or the runtime does not take it.
        LimitError: for more weights than an ONNX model can hold.
    """
    weights = Weights(graph, seed=seed, dtype="float32")
    inputs = make_inputs(graph, {"": f"random:{seed}"}, dtype="float32")
    theirs: dict[int, Array] = {}
    mine: dict[int, Array] = {}
    noise: dict[int, float] = {}
    Session(graph, weights, every_tensor=True).run(inputs, lambda node, array: theirs.update({node.index: array}))
    execute(graph, inputs, weights, watch=lambda node, array: mine.update({node.index: array.copy()}))

    def compare(node: Node, array: Array) -> None:
        noise[node.index] = _farthest(array, mine[node.index])

    embedded = {index for node in graph.nodes if node.kind == "embedding" for index in node.inputs}
    nudged = {
        name: array if graph.inputs[name] in embedded else array * np.float32(1 + NUDGE)
        for name, array in inputs.items()
    }
    execute(graph, nudged, weights, watch=compare)
    wrong = []
    for node in graph.layers():
        got, wanted = mine[node.index], theirs[node.index]
        if got.shape != wanted.shape:
            wrong.append(f"{node.name} is {spell(got.shape[1:])}, the runtime's {spell(wanted.shape[1:])}")
            continue
        size, distance = float(np.abs(wanted).max()), _farthest(got, wanted)
        if not distance <= max(TOLERANCE * size, MAGNIFIED * noise[node.index]):
            wrong.append(f"{node.name} differs by {distance / (size or 1):.1g} of its largest number")
    return len(theirs), wrong


def _farthest(a: Array, b: Array) -> float:
    return float(np.abs(a - b).max()) if a.shape == b.shape else float("inf")
