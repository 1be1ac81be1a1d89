"""Every network of torchvision: totals of all, and layer by layer where a table was measured."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cnncalc.analysis.summary import Row, Summary
from tests.zoo.shipped import members, summary

DATA = Path(__file__).parent.parent / "data" / "torchvision"
with (DATA / "summary.csv").open(encoding="utf-8") as file:
    MODELS = {row["model"]: row for row in csv.DictReader(file)}
TABLES = sorted(path.stem for path in DATA.glob("*.json"))

BUILT_NOT_RUN = {
    "googlenet@aux_eval": ("googlenet_aux", "googlenet"),
    "inception_v3": ("inception_v3", "inception_v3_noaux"),
}
"""Networks whose auxiliary heads torchvision builds and, in evaluation, does not run: the member with
the same parameters, and the one with the same layers run."""
NAMES = {"googlenet@aux_train": "googlenet_aux", "inception_v3@aux_train": "inception_v3"}
"""Other members whose name does not follow from torchvision's."""

KINDS = {
    r"Conv\dd": ("conv", "depthwise", "pointwise"),
    "Linear": ("fc",),
    r"BatchNorm\dd": ("batchnorm",),
    r"LayerNorm(2d)?": ("layernorm",),
    r"MaxPool\dd|.*\.max_pool2d": ("maxpool",),
    r"AvgPool\dd|.*\.avg_pool2d": ("avgpool",),
    r"AdaptiveAvgPool\dd|.*\.adaptive_avg_pool2d": ("global_avgpool", "adaptive_avgpool"),
    r"ReLU|.*\.relu": ("relu",),
    "ReLU6": ("relu6",),
    "SiLU": ("silu",),
    "GELU": ("gelu",),
    "Sigmoid": ("sigmoid",),
    "Hardsigmoid": ("hardsigmoid",),
    "Hardswish": ("hardswish",),
    "Dropout": ("dropout",),
    "StochasticDepth": ("drop_path",),
}
"""torchvision's modules and functions, and the layers they are here."""
COMPARED = {kind: name for name, kinds in KINDS.items() for kind in kinds}

Line = tuple[str, tuple[int, ...], int, int, int, dict[str, Any]]


def with_parameters_of(model: str) -> Summary:
    return summary(*members()[_names(model)[0]])


def with_layers_of(model: str) -> Summary:
    return summary(*members()[_names(model)[1]])


def _names(model: str) -> tuple[str, str]:
    name = NAMES.get(model, model.replace("@", "_"))
    return BUILT_NOT_RUN.get(model, (name, name))


def torch_buffers(rows: list[Row]) -> int:
    """With the step counter that torch keeps for every batch norm."""
    return sum(row.node.buffers + (row.node.kind == "batchnorm") for row in rows)


def test_all_rows_are_here() -> None:
    assert len(MODELS) == 90
    assert not {name for model in MODELS for name in _names(model)} - members().keys()


@pytest.mark.parametrize("model", MODELS)
def test_totals(model: str) -> None:
    row, built, run = MODELS[model], with_parameters_of(model), with_layers_of(model)
    found = built.totals.trainable, torch_buffers(built.rows), run.totals.macs
    assert found == (int(row["params"]), int(row["buffers"]), int(row["conv_linear_macs"]))
    sides = [int(side) for side in row["input"].split("x")]
    assert {(1, *run.network.graph.nodes[index].shape) for index in run.network.graph.inputs.values()} == {tuple(sides)}


@pytest.mark.parametrize("model", TABLES)
def test_layer_by_layer(model: str) -> None:
    table = json.loads((DATA / f"{model}.json").read_text("utf-8"))
    expected = [_measured(layer) for layer in table["layers"] if _kind(layer["type"])]
    found = [_line(row) for row in with_layers_of(model).rows if row.node.kind in COMPARED]
    for number, (ours, theirs) in enumerate(zip(found, expected, strict=False), start=1):
        assert ours == theirs, f"row {number}"
    assert len(found) == len(expected)


def _kind(type: str) -> str | None:
    return next((name for name in KINDS if re.fullmatch(name, type)), None)


def _measured(layer: dict[str, Any]) -> Line:
    kind, config = _kind(layer["type"]), layer.get("config", {})
    assert kind
    if kind.startswith("Conv"):
        names = ("kernel", "stride", "padding", "dilation", "groups", "bias")
        config = {name: config[name] for name in names if name in config}
    elif kind.startswith("Batch"):
        config = {"eps": config["eps"]} if "eps" in config else {}
    else:
        config = {}
    return kind, tuple(layer["out"][1:]), layer["params"], layer.get("buffers", 0), layer["macs"], config


def _line(row: Row) -> Line:
    node = row.node
    assert node.measure
    config = dict(node.measure.layer.config(node.measure.xs[0]))
    if node.kind in ("conv", "depthwise", "pointwise"):
        rank = len(node.shape) - 1
        config = {
            "kernel": list(config.get("kernel", (1,) * rank)),
            "stride": list(config["stride"]),
            "padding": [before for before, _ in config.get("padding", ((0, 0),) * rank)],
            "dilation": list(config.get("dilation", (1,) * rank)),
            "groups": node.measure.xs[0][0] if node.kind == "depthwise" else config["groups"],
            "bias": config["bias"],
        }
    elif node.kind == "batchnorm":
        config = {"eps": config["eps"]}
    else:
        config = {}
    buffers = node.buffers + (node.kind == "batchnorm")
    return COMPARED[node.kind], node.shape, node.trainable, buffers, row.macs, config
