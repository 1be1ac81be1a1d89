"""Counting profiles against what the tools themselves print.

`peer_totals.json` and the table in `PROBES` were measured by others; `peer_networks.jsonl` (torchvision 0.28
in evaluation, without weights) and `peer_layers.jsonl` (one layer, as a module or as a function) with
torchinfo 1.8.0, fvcore 0.1.5, thop 0.1.1, ptflops 0.7.5 and 0.6.7, calflops 0.3.2, torchprofile 0.1.0, flopth 0.1.6,
torchscan 0.2.0 and PyTorch 2.13, each tool in a process of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.calls import TORCHVISION, WORDS, Call
from cnncalc.analysis.counting import LETTERS, count, count_nodes
from cnncalc.analysis.profiles import PROFILES
from cnncalc.expr.parser import tokenize
from cnncalc.layers import registry
from tests.zoo.shipped import SPECS, members, network

DATA = Path(__file__).parent.parent / "data"
TOTALS: dict[str, dict[str, Any]] = json.loads((DATA / "peer_totals.json").read_text("utf-8"))


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def totals_of(row: dict[str, Any]) -> dict[str, int]:
    """Their names for the tools, and ours."""
    return {
        "torchinfo": row["torchinfo"],
        "fvcore": row["fvcore"],
        "thop": int(row["thop"]),
        "ptflops": row["ptflops_py"],
        "ptflops-aten": row["ptflops_aten"],
        "calflops": row["calflops"]["flops"],
        "calflops-macs": row["calflops"]["macs"],
        "flopcountermode": row["FlopCounterMode"],
        "torchprofile": row["torchprofile"],
        "flopth": int(row["flopth"][0]),
    }


@pytest.mark.parametrize("model", TOTALS)
def test_totals_measured_by_others(model: str) -> None:
    net = cnncalc.load(model)
    assert {name: count(net, name).total for name in totals_of(TOTALS[model])} == totals_of(TOTALS[model])


MEASURED = lines("peer_networks.jsonl")
NETWORKS: dict[str, dict[str, int]] = {row["model"]: row["counts"] for row in MEASURED if "input" not in row}
RUN = {"googlenet@aux_eval": "googlenet", "inception_v3": "inception_v3_noaux"}


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['model']}-{row.get('input', 'own size')}")
def test_networks(row: dict[str, Any]) -> None:
    stem, preset = members()[RUN.get(row["model"], row["model"].replace("@", "_"))]
    net = cnncalc.load(SPECS[stem], preset=preset, input=row["input"]) if "input" in row else network(stem, preset)
    assert {name: count(net, name).total for name in row["counts"]} == row["counts"]


LAYERS = lines("peer_layers.jsonl")


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: f"{case['called']}-{case['layer']}-{len(case['input'])}")
def test_single_layers(case: dict[str, Any]) -> None:
    found = {name: one_layer(case["layer"], name, tuple(case["input"]), case["called"]) for name in case["counts"]}
    assert found == case["counts"]


def one_layer(layer: str, name: str, shape: tuple[int, ...] = (8, 16, 16), called: str = "module") -> int:
    net = cnncalc.loads(f"input: {list(shape)}\nlayers:\n  - {layer}\n")
    nodes = list(net.graph.layers())
    calls = tuple(Call(node.kind, "*", called) for node in nodes)
    return count_nodes(nodes, PROFILES[name], calls, 1).total


TOOLS = tuple(totals_of(TOTALS["resnet18"]))
PROBES: dict[str, tuple[int | None, ...]] = {
    "conv: {filters: 16, kernel: 3, padding: 1}": (
        *(299008, 294912, 294912, 299008, 299008),
        *(593920, 294912, 589824, 294912, 299008),
    ),
    "conv_transpose: {filters: 16, kernel: 4, stride: 2, padding: 1, bias: false}": (
        *(2097152, 524288, 2097152, 524288, 524288),
        *(1048576, 524288, 1048576, 2097152, 2097152),
    ),
    "conv_transpose: {filters: 8, kernel: 4, stride: 2, padding: 1, groups: 8, bias: false}": (
        *(131072, 32768, 131072, 32768, 32768),
        *(0, 0, 65536, 131072, 131072),
    ),
    "batchnorm": (16, 4096, 8192, 4096, 0, 4096, 0, 0, 2048, 4096),
    "relu": (0, 0, 0, 4096, 0, None, None, 0, 0, None),
    "maxpool: 2": (0, 0, 0, 4096, 0, None, None, 0, 0, None),
    "avgpool: 2": (0, 0, 512, 4096, 0, None, None, 0, 512, None),
    "global_avgpool": (0, 2048, 2056, 4096, 0, None, None, 0, 8, None),
    "upsample: {factor: 2, mode: bilinear}": (0, 32768, 90112, 16384, 0, None, None, 0, 32768, None),
}
"""The probes of the reference, on an input of 8x16x16; None where the tool crashed."""


@pytest.mark.parametrize("layer", PROBES)
def test_probes(layer: str) -> None:
    for name, expected in zip(TOOLS, PROBES[layer], strict=True):
        if expected is not None:
            assert one_layer(layer, name) == expected, name


def test_probes_of_several_layers() -> None:
    linear = [one_layer("fc: {units: 5, axis: last}", name, (4, 8)) for name in TOOLS]
    assert linear == [45, 160, 160, 180, 180, 320, 160, 320, 160, 16]
    same = [one_layer("conv: {filters: 1, kernel: 2, padding: same, bias: false}", name, (1, 16, 16)) for name in TOOLS]
    assert same == [1024, 0, 1024, 1024, 1024, 1800, 900, 2048, 0, 1024]
    product = [one_layer("matmul: [here, input]", name, (16, 16)) for name in ("fvcore", "flopcountermode", "thop")]
    assert product == [4096, 8192, 0]
    repeated = [one_layer("conv: {filters: 8, kernel: 3, bias: false}", "flopth", called=how) for how in WORDS]
    assert repeated[1] == 0 == repeated[0]


def test_squeeze_and_excite() -> None:
    """Means and products as operators, as the probe has them."""
    gate = "[mean: spatial, pointwise: 2, relu, pointwise: 8]"
    net = cnncalc.loads(f"input: 8x16x16\nlayers: [mul: {{main: [], gate: {gate}}}]")
    assert count(net, "torchinfo").total == 42
    assert count(net, "fvcore").total == count(net, "thop").total == count(net, "calflops-macs").total == 32
    assert count(net, "ptflops-aten").total == 42
    assert count(net, "torchprofile").total == 2088


def test_batch() -> None:
    net = cnncalc.loads("input: 8x16x16\nlayers: [conv: {filters: 16, kernel: 3, padding: 1, bias: false}]")
    four = {name: count(net, name, batch=4).total for name in PROFILES}
    once = {name for name, total in four.items() if total == count(net, name).total}
    assert once == {"ptflops", "ptflops-0.6", "ptflops-aten", "flopth"}
    assert four["fvcore"] == 1179648
    with pytest.raises(ValueError, match="at least 1"):
        count(net, "fvcore", batch=0)


def test_lines_add_up() -> None:
    for name in PROFILES:
        result = count(network("resnet50"), name)
        assert result.total == sum(step.value for _, step in result.lines)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_profiles_are_well_formed(profile: Any) -> None:
    for rules in (profile.rules, profile.functions or {}):
        for kind, text in rules.items():
            assert kind.split("/")[0] in registry()
            assert {token.text for token in tokenize(text) if token.kind == "name"} <= {*LETTERS, "floor", "if", "else"}
    assert profile.unit in ("MAC", "FLOP")
    assert profile.about[0].islower() or profile.about[0].isdigit()


@pytest.mark.parametrize("stem", TORCHVISION)
def test_calls_name_layers_that_exist(stem: str) -> None:
    from fnmatch import fnmatchcase

    assert stem in SPECS
    presets = [None, *network(stem).document.presets]
    nodes = [(node.kind, node.name) for preset in presets for node in network(stem, preset).graph.layers()]
    for call in TORCHVISION[stem]:
        assert call.how in WORDS
        assert any(kind == call.kind and fnmatchcase(name, call.pattern) for kind, name in nodes), call
