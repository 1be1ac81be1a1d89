"""Every layer in the engine against ONNX Runtime, on random configurations.

A few of each are tried by default; `CNNCALC_CASES=200 pytest tests/export` tries as many as one likes.
Numbers are float32, since the runtime has most operators for nothing else; both sides compute what the
other does to a few units in the last place of the largest number.
"""

from __future__ import annotations

import os
from random import Random
from zlib import crc32

import numpy as np
import onnxruntime
import pytest

from cnncalc.engine.execute import execute
from cnncalc.engine.inputs import make_inputs
from cnncalc.engine.weights import Weights
from cnncalc.export.onnx import NEWEST, OLDEST, build
from cnncalc.layers import registry
from tests.export.cases import Case, draw_case, graph_of

CASES = int(os.environ.get("CNNCALC_CASES", "4"))
TOLERANCE = 2e-5
"""Of the largest number of the output."""
TOLERANCE_64 = 1e-9
"""In float64; ONNX keeps the ε of normalisations in float32."""
OPSETS = (18, OLDEST, 17, 20, 21, NEWEST)
IN_FLOAT64 = {"fc", "matmul", "add", "sub", "mul", "relu", "sigmoid", "batchnorm", "mean", "concat", "permute", "slice"}
"""Kinds the runtime also computes in float64, where both must agree more closely."""
KINDS = [(kind, rank) for kind, cls in registry().items() for rank in cls.ranks if (kind, rank) != ("matmul", 0)]


def difference(case: Case, opset: int, seed: int, dtype: str) -> float:
    """The largest difference between engine and runtime, as a share of the largest number."""
    graph = graph_of(case)
    weights = Weights(graph, seed=seed, dtype=dtype)
    inputs = make_inputs(graph, {"": f"random:{seed}"}, batch=2, dtype=dtype)
    mine = execute(graph, inputs, weights).outputs
    model = build(graph, weights, name="layer", opset=opset)
    session = onnxruntime.InferenceSession(model.serialized(), providers=["CPUExecutionProvider"])
    fed = {name: array.astype(model.inputs[name]) for name, array in inputs.items()}
    theirs = dict(zip(model.outputs, session.run(None, fed), strict=True))
    (got,), (wanted,) = mine.values(), theirs.values()
    assert got.shape == wanted.shape and got.dtype == wanted.dtype
    return float(np.abs(got - wanted).max() / max(1e-3, np.abs(wanted).max()))


@pytest.mark.parametrize(("kind", "rank"), KINDS)
def test_as_onnxruntime(kind: str, rank: int) -> None:
    random = Random(crc32(f"{kind} {rank}".encode()))
    for number in range(CASES):
        case = draw_case(kind, rank, random)
        opset = OPSETS[number % len(OPSETS)]
        assert difference(case, opset, number, "float32") < TOLERANCE, f"{case}, opset {opset}"
        if kind in IN_FLOAT64:
            assert difference(case, opset, number, "float64") < TOLERANCE_64, f"{case}, opset {opset}, float64"
