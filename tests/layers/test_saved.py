"""What each layer keeps for its backward pass, and its scratch memory, rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers import registry
from cnncalc.layers.base import Kept
from tests.layers.table import make, tensors

IMAGE = (6, 8, 8)
INPUT, INPUTS, OUTPUT = ("input", 0, 0, True), ("inputs", 0, 0, True), ("output", 0, 0, True)
KEPT: list[tuple[str, dict[str, Any], Any, list[tuple[str, int, int, bool]]]] = [
    ("conv", {"filters": 4, "kernel": 3}, IMAGE, [INPUT]),
    ("depthwise", {"kernel": 3}, IMAGE, [INPUT]),
    ("pointwise", {"filters": 4}, IMAGE, [INPUT]),
    ("conv_transpose", {"filters": 4, "kernel": 2}, IMAGE, [INPUT]),
    ("locally_connected", {"filters": 4, "kernel": 3}, IMAGE, [INPUT]),
    ("fc", {"units": 3}, (5,), [INPUT]),
    ("embedding", {"vocab": 9, "dim": 4}, (1, 7), [INPUT]),
    ("maxpool", {"kernel": 2}, IMAGE, [("indices", 6 * 16, 8, True)]),
    ("adaptive_maxpool", {"size": 3}, IMAGE, [("indices", 6 * 9, 8, True)]),
    ("global_maxpool", {}, IMAGE, [("indices", 6, 8, True)]),
    ("avgpool", {"kernel": 2}, IMAGE, []),
    ("adaptive_avgpool", {"size": 3}, IMAGE, []),
    ("global_avgpool", {}, IMAGE, []),
    ("lppool", {"kernel": 2}, IMAGE, [INPUT, OUTPUT]),
    ("batchnorm", {}, IMAGE, [INPUT, ("statistics", 2 * 6, 4, False)]),
    ("layernorm", {}, IMAGE, [INPUT, ("statistics", 2 * 64, 4, True)]),
    ("layernorm", {"axis": "all"}, IMAGE, [INPUT, ("statistics", 2, 4, True)]),
    ("groupnorm", {"groups": 3}, IMAGE, [INPUT, ("statistics", 2 * 3, 4, True)]),
    ("instancenorm", {}, IMAGE, [INPUT, ("statistics", 2 * 6, 4, True)]),
    ("lrn", {}, IMAGE, [INPUT, ("denominators", 6 * 64, 0, True)]),
    ("scale", {}, IMAGE, [INPUT]),
    ("softmax", {}, (5,), [OUTPUT]),
    ("dropout", {}, IMAGE, [("mask", 6 * 64, 1, True)]),
    ("dropout", {"p": 0}, IMAGE, []),
    ("drop_path", {}, IMAGE, [("mask", 1, 1, True)]),
    ("identity", {}, IMAGE, []),
    ("add", {}, (IMAGE, IMAGE), []),
    ("sub", {}, (IMAGE, IMAGE), []),
    ("average", {}, (IMAGE, IMAGE), []),
    ("concat", {}, (IMAGE, IMAGE), []),
    ("mul", {}, (IMAGE, (6, 1, 1)), [INPUTS]),
    ("maximum", {}, (IMAGE, IMAGE), [("winners", 6 * 64, 1, True)]),
    ("matmul", {}, ((4, 5), (5, 6)), [INPUTS]),
    *((kind, {}, IMAGE, [OUTPUT]) for kind in ("relu", "relu6", "leaky_relu", "elu", "selu", "sigmoid", "tanh")),
    *((kind, {}, IMAGE, [OUTPUT]) for kind in ("softplus", "hardsigmoid")),
    *((kind, {}, IMAGE, [INPUT]) for kind in ("abs", "prelu", "gelu", "silu", "mish", "hardswish")),
    *((kind, {}, IMAGE, []) for kind in ("flatten", "mean")),
    ("reshape", {"shape": [384]}, IMAGE, []),
    ("permute", {"order": [1, 2, 0]}, IMAGE, []),
    ("shuffle", {"groups": 2}, IMAGE, []),
    ("upsample", {"factor": 2}, IMAGE, []),
    ("pixel_shuffle", {"factor": 1}, IMAGE, []),
    ("pixel_unshuffle", {"factor": 2}, IMAGE, []),
    ("space_to_depth", {"factor": 2}, IMAGE, []),
    ("pad", {"amount": 1}, IMAGE, []),
    ("crop", {"amount": 1}, IMAGE, []),
    ("slice", {"start": 1}, IMAGE, []),
]


@pytest.mark.parametrize(("kind", "values", "inputs", "expected"), KEPT)
def test_kept(kind: str, values: dict[str, Any], inputs: Any, expected: list[tuple[str, int, int, bool]]) -> None:
    xs = tensors(inputs)
    layer = make(kind, values, inputs)
    kept = layer.saved(xs, layer.infer(*xs).shape)
    assert [(one.tensor, one.numbers, one.width, one.per_sample) for one in kept] == expected
    assert all(isinstance(one, Kept) and one.reason for one in kept)


def test_every_layer_has_a_rule_here() -> None:
    assert {kind for kind, *_ in KEPT} == set(registry())


@pytest.mark.parametrize(
    ("kind", "values", "x", "numbers"),
    [
        ("conv", {"filters": 4, "kernel": 3, "padding": 1}, IMAGE, 6 * 9 * 64),
        ("conv", {"filters": 4, "kernel": 3, "stride": 2, "padding": 1}, IMAGE, 6 * 9 * 16),
        ("conv", {"filters": 4, "kernel": 1}, IMAGE, 0),
        ("conv", {"filters": 4, "kernel": 1, "stride": 2}, IMAGE, 6 * 16),
        ("pointwise", {"filters": 4}, IMAGE, 0),
        ("pointwise", {"filters": 4, "stride": 2}, IMAGE, 6 * 16),
        ("depthwise", {"kernel": 3}, IMAGE, 6 * 9 * 36),
        ("conv_transpose", {"filters": 4, "kernel": 2, "stride": 2}, IMAGE, 4 * 4 * 64),
        ("locally_connected", {"filters": 4, "kernel": 3}, IMAGE, 6 * 9 * 36),
        ("fc", {"units": 4}, (5,), 0),
        ("maxpool", {"kernel": 2}, IMAGE, 0),
    ],
)
def test_scratch(kind: str, values: dict[str, Any], x: tuple[int, ...], numbers: int) -> None:
    layer = make(kind, values, x)
    assert layer.workspace((x,), layer.infer(x).shape) == numbers
