"""The engine against PyTorch's numbers, and against the examples of courses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.engine.kernels import kernels
from cnncalc.layers import registry
from tests.engine.torch_numbers import apply, compute

DATA = Path(__file__).parents[1] / "data"
CASES = [json.loads(line) for line in (DATA / "numeric_ops.jsonl").read_text().splitlines()]
FILTERS = json.loads((DATA / "filters.json").read_text())


def test_every_layer_has_a_kernel() -> None:
    assert set(kernels()) == set(registry())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['op']}-{case['id']}")
def test_as_pytorch(case: dict[str, Any]) -> None:
    got, context = compute(case)
    wanted = np.array(case["output"], float)
    assert got.shape == wanted.shape
    if case["exact"]:
        assert np.array_equal(got, wanted)
    else:
        assert np.allclose(got, wanted, rtol=1e-12, atol=1e-12)
    for name, value in case.get("after", {}).items():
        assert np.allclose(context.updates[name], value, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("item", FILTERS["items"], ids=lambda item: item["id"])
def test_as_courses_say(item: dict[str, Any]) -> None:
    image = np.array(item["input"], float)
    planes = image.ndim == 2
    x = image[None, None] if planes else image[None]
    stride, padding = item.get("s", 1), item.get("p", 0)
    if "pool" in item["op"]:
        kind = "maxpool" if "max" in item["op"] else "avgpool"
        got = apply(kind, x, kernel=item["k"], stride=stride, padding=padding)
    else:
        weight = np.array(item["kernel"], float)
        weight = weight[None, None] if weight.ndim == 2 else weight
        tensors = {"weight": weight} | ({"bias": np.array(item["bias"])} if "bias" in item else {})
        values = {"filters": len(weight), "kernel": list(weight.shape[2:]), "bias": "bias" in item}
        values |= {"stride": stride, "padding": padding}
        kind = "conv_transpose" if "transposed" in item["op"] else "conv"
        if "output_padding" in item:
            values["output_padding"] = item["output_padding"]
        got = apply(kind, x, None, tensors, **values)
    assert np.array_equal(got[0, 0] if planes else got[0], np.array(item["expected"], float))
