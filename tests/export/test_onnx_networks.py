"""Whole networks in the engine against ONNX Runtime: every layer's output, with the same weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.engine.execute import execute
from cnncalc.engine.inputs import make_inputs
from cnncalc.engine.onnxruntime import Session
from cnncalc.engine.weights import Weights
from cnncalc.export.onnx import build
from cnncalc.network import Network

TOLERANCE = 1e-4
"""Of the largest number of each tensor; rounding grows with depth."""
NETWORKS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("lenet5", None, {}),
    ("alexnet", "3x67x67", {}),
    ("vgg11", "3x64x64", {"classes": 20}),
    ("resnet18", "3x64x64", {}),
    ("googlenet", "3x64x64", {}),
    ("densenet121", "3x64x64", {}),
    ("mobilenet_v2", "3x64x64", {}),
    ("efficientnet_b0", "3x64x64", {}),
    ("shufflenet_v1", "3x64x64", {}),
    ("shufflenet_v2_x1_0", "3x64x64", {}),
    ("unet", "1x188x188", {}),
    ("tcn", None, {}),
    ("textcnn", None, {}),
    ("r3d_18", "3x8x56x56", {}),
    ("nasnet_cells", "3x64x64", {}),
    ("siamese", None, {}),
    ("yolov3", "3x64x64", {}),
    ("aspp", "3x65x65", {}),
    ("hourglass", "3x64x64", {}),
]
"""Shipped networks, at an input that keeps the test short."""


def compare(network: Network) -> None:
    weights = Weights(network.graph)
    inputs = make_inputs(network.graph, {"": "random:0"}, batch=1, dtype="float32")
    theirs: dict[int, Any] = {}
    outputs = Session(network.graph, weights, every_tensor=True).run(
        inputs, lambda node, array: theirs.update({node.index: array})
    )
    worst = ("", 0.0)

    def watch(node: Any, array: Any) -> None:
        nonlocal worst
        wanted = theirs[node.index]
        assert array.shape == wanted.shape
        worst = max(worst, (node.name, float(np.abs(array - wanted).max() / np.abs(wanted).max())), key=lambda w: w[1])

    mine = execute(network.graph, inputs, weights, watch=watch)
    assert worst[1] < TOLERANCE, worst
    assert list(mine.outputs) == list(outputs.outputs) == list(network.graph.outputs)


@pytest.mark.parametrize(("spec", "shape", "values"), NETWORKS, ids=[name for name, _, _ in NETWORKS])
def test_shipped(spec: str, shape: str | None, values: dict[str, Any]) -> None:
    compare(cnncalc.load(spec, input=shape, set=values))


CHAINS = {
    "padding the runtime must not take for the pooling's": "- pad: 1\n- maxpool: 3\n- pad: 2\n- avgpool: 2",
    "the same through a layer without an operator": "- pad: 1\n- dropout\n- {maxpool: {kernel: 3, stride: 2}}",
    "padding before even bins": "- pad: 2\n- adaptive_maxpool: 2",
    "outputs that are inputs": "- relu\n- identity\n- name: a",
    "weights used twice": "- {conv: {filters: 3, kernel: 3, padding: 1}, share: w}\n" * 2,
    "weights in two shapes": "- {prelu: channel, share: p}\n- global_avgpool\n- flatten\n- {prelu: channel, share: p}",
    "a shared normalisation": "- {batchnorm: , share: n}\n" * 2,
    "side heads": "- {relu: , name: x}\n- {side: [global_avgpool, flatten, {fc: 4}], name: aux}\n- {tanh: , name: y}",
    "concat of one and the same": "- concat: [here, here]\n- maximum: [here, [relu]]",
}


@pytest.mark.parametrize("opset", [13, 18, 21])
@pytest.mark.parametrize("steps", CHAINS.values(), ids=list(CHAINS))
def test_chains(steps: str, opset: int) -> None:
    import onnxruntime

    network = cnncalc.loads(f"input: 3x8x8\nlayers:\n{steps}\n")
    weights = Weights(network.graph)
    inputs = {"input": make_inputs(network.graph, {"": "random:3"}, batch=2, dtype="float32")["input"] - 3}
    model = build(network.graph, weights, name="chain", opset=opset)
    session = onnxruntime.InferenceSession(model.serialized(), providers=["CPUExecutionProvider"])
    mine = execute(network.graph, inputs, weights).outputs
    assert len(mine) == len(model.outputs)
    for got, wanted in zip(mine.values(), session.run(list(model.outputs), inputs), strict=True):
        assert np.abs(got - wanted).max() <= 1e-5 * np.abs(wanted).max()


def test_shared_weights_are_stored_once() -> None:
    graph = cnncalc.loads("input: 3x8x8\nlayers:\n" + CHAINS["weights used twice"]).graph
    model = build(graph, Weights(graph), name="shared")
    names = [tensor.name for tensor in model.proto.graph.initializer]
    assert names == ["conv1.weight", "conv1.bias"]


def test_the_same_network_gives_the_same_file() -> None:
    graph = cnncalc.load("lenet5").graph
    assert build(graph, Weights(graph), name="a").serialized() == build(graph, Weights(graph), name="a").serialized()
