"""The JSON and Python contracts: other people's tools read these."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import cnncalc
from tests.cli.transcript import result

ROOT = Path(__file__).parents[1]
PAIR = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
SHAPE = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1}
NUMBER = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^-?[0-9]+/[0-9]+$"}]}
NUMBERS = {"anyOf": [{"type": "null"}, {"type": "array", "items": NUMBER}]}
FIELD = {
    "type": "object",
    "required": ["size", "jump", "start", "unbounded", "aligned"],
    "properties": {"size": NUMBERS, "jump": NUMBERS, "start": NUMBERS, "unbounded": {"type": "boolean"}},
}
COUNT = {"type": "integer", "minimum": 0}
LAYER = {
    "type": "object",
    "required": [
        *("name", "type", "inputs", "config", "input_shapes", "output_shape", "weights", "trainable", "buffers"),
        *("macs", "flops", "receptive_field", "source"),
    ],
    "properties": {
        "inputs": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "input_shapes": {"type": "array", "items": SHAPE},
        "output_shape": SHAPE,
        "weights": {"type": "object", "additionalProperties": SHAPE},
        "trainable": COUNT,
        "buffers": COUNT,
        "macs": COUNT,
        "flops": COUNT,
        "receptive_field": FIELD,
        "source": {"required": ["file", "line", "column"]},
    },
}
CONTRACT = {
    "type": "object",
    "required": ["schema", "name", "spec", "inputs", "outputs", "batch", "dtype", "layers", "totals", "diagnostics"],
    "properties": {
        "schema": {"const": "cnncalc.summary/1"},
        "layers": {"type": "array", "items": LAYER},
        "totals": {
            "required": ["trainable", "buffers", "macs", "flops", "weight_layers", "layers", "memory"],
            "properties": {"memory": {"required": ["parameter_bytes", "activation_bytes", "peak_inference_bytes"]}},
        },
    },
}
NETS = ["vgg16", "resnet18", "googlenet", "unet", "efficientnet_b0", "shufflenet_v2_x1_0", "densenet121", "siamese"]


@pytest.mark.parametrize("name", NETS)
def test_json_keeps_its_contract(name: str) -> None:
    data = json.loads(json.dumps(cnncalc.load(name).summary().to_dict()))
    jsonschema.validate(data, CONTRACT)
    layers, totals = data["layers"], data["totals"]
    for key in ("trainable", "buffers", "macs", "flops"):
        assert sum(layer[key] for layer in layers) == totals[key]
    assert totals["layers"] == len(layers)
    assert len({layer["name"] for layer in layers}) == len(layers)
    known = set(data["inputs"])
    for layer in layers:
        assert set(layer["inputs"]) <= known
        known.add(layer["name"])
    elements = [_size(layer["output_shape"]) for layer in layers]
    views = ("flatten", "reshape", "identity", "dropout", "drop_path")
    kept = sum(size for size, layer in zip(elements, layers, strict=True) if layer["type"] not in views)
    assert totals["memory"]["activation_bytes"] == 4 * kept


def _size(shape: list[int]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total


def test_the_documented_first_layer() -> None:
    """The example of the contract, figure by figure."""
    data = cnncalc.load("vgg16.yaml").summary().to_dict()
    first = data["layers"][0]
    assert first["name"] == "conv1"
    assert first["config"] == {
        "filters": 64,
        "kernel": [3, 3],
        "stride": [1, 1],
        "padding": [[1, 1], [1, 1]],
        "dilation": [1, 1],
        "groups": 1,
        "bias": True,
    }
    assert first["weights"] == {"weight": [64, 3, 3, 3], "bias": [64]}
    assert (first["trainable"], first["buffers"], first["macs"], first["flops"]) == (1792, 0, 86704128, 173408256)
    expected = {"size": [3, 3], "jump": [1, 1], "start": [-1, -1], "unbounded": False, "aligned": True}
    assert first["receptive_field"] == expected
    assert list(data["outputs"]) == ["fc3"]
    assert data["totals"]["weight_layers"] == 16
    assert data["totals"]["memory"]["parameter_bytes"] == 553430176


def test_command_and_api_agree() -> None:
    assert (
        json.loads(result("cnncalc summary resnet18 --format json --batch 4 --dtype float16"))
        == cnncalc.load("resnet18").summary(batch=4, dtype="float16").to_dict()
    )


def test_load_takes_what_the_contract_says() -> None:
    net = cnncalc.load("vgg16.yaml", set={"classes": 10}, preset=None, input="3x64x64")
    assert net.summary().to_dict()["outputs"] == {"fc3": [10]}
    assert net.summary().to_dict()["inputs"] == {"input": [3, 64, 64]}
    assert cnncalc.load(ROOT / "specs" / "vgg16.yaml").summary().totals.trainable == 138357544
    assert cnncalc.load("resnet50", set={"depths": [2, 2, 2, 2]}).summary().totals.layers < 175


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"set": {"clases": 10}}, "E207"),
        ({"set": {"classes": None}}, "E302"),
        ({"set": {"classes": "1 +"}}, "E112"),
        ({"set": {"classes": 2.5}}, "E301"),
        ({"preset": "resnet5"}, "E208"),
        ({"input": "3x224x"}, "E112"),
        ({"input": "0x224x224"}, "E310"),
        ({"input": "224x224x3"}, "E309"),
        ({"input": {"left": "3x64x64"}}, "E204"),
    ],
)
def test_wrong_options_are_spec_errors(options: dict[str, Any], code: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.load("resnet50", **options).summary()
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.code == code
    assert diagnostic.to_dict()["code"] == code


def test_diagnostics_say_where() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.loads("input: 1x8x8\nlayers:\n  - conv: {filter: 6, kernel: 5}\n", filename="typo.yaml")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.to_dict() == {
        "code": "E201",
        "severity": "error",
        "file": "typo.yaml",
        "line": 3,
        "column": 12,
        "end_column": 18,
        "message": "conv has no parameter 'filter'",
        "help": "did you mean 'filters'?",
    }


def test_summary_shows_itself() -> None:
    summary = cnncalc.load("lenet5").summary()
    assert "61,706" in str(summary)
    assert "61,706" in summary._repr_html_()
    for wrong in ({"batch": 0}, {"dtype": "float31"}):
        with pytest.raises(ValueError, match="must be"):
            cnncalc.load("lenet5").summary(**wrong)


def test_channels_last_is_how_shapes_are_written_not_what_is_computed() -> None:
    first = "input: 3x32x16\nlayers: [{conv: {filters: 10, kernel: 5}}]"
    last = "layout: channels_last\ninput: 32x16x3\nlayers: [{conv: {filters: 10, kernel: 5}}]"
    one, other = cnncalc.loads(first).summary(), cnncalc.loads(last).summary()
    assert one.to_dict()["layers"][0]["output_shape"] == other.to_dict()["layers"][0]["output_shape"] == [10, 28, 12]
    assert "28x12x10" in str(other)
    assert "10x28x12" in str(one)
