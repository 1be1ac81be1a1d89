"""A flat spec has the layers, shapes and numbers of the network it was written from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.expect import check, statement
from cnncalc.network import Network
from cnncalc.spec.expand import expand
from cnncalc.spec.files import shipped_files

EXAMPLES = sorted((Path(__file__).parents[1] / "data" / "examples").glob("*.yaml"))
SHIPPED = list(shipped_files())
PRESETS = [
    "resnet18",
    "resnext50_32x4d",
    "efficientnet_b4",
    "googlenet_aux",
    "fcn_resnet101",
    "vgg16_bn",
    "lenet5_1998",
]


def flat(network: Network, every_name: bool = False) -> str:
    return expand(network.graph, network.name, statement(network.summary()), every_name)


def rows(network: Network) -> list[tuple[Any, ...]]:
    """Everything about each layer but its name and its place in the file."""
    found = []
    for row in network.summary().rows:
        node = row.node
        assert node.measure
        own = (node.kind, node.measure.layer.values, node.inputs, node.shared_with)
        found.append((*own, node.measure.weights, node.shape, node.trainable, node.buffers, row.macs, row.field))
    return found


@pytest.mark.parametrize("every_name", [False, True], ids=["short", "names"])
@pytest.mark.parametrize("spec", [*map(str, EXAMPLES), *SHIPPED, *PRESETS], ids=lambda spec: Path(spec).stem)
def test_the_flat_network_is_the_same_network(spec: str, every_name: bool) -> None:
    network = cnncalc.load(spec)
    text = flat(network, every_name)
    again = cnncalc.loads(text)
    assert rows(again) == rows(network)
    assert list(again.graph.outputs.values()) == list(network.graph.outputs.values())
    assert again.graph.inputs == network.graph.inputs
    assert again.name == network.name
    before, after = network.summary().totals, again.summary().totals
    assert after._replace(memory=before.memory) == before
    assert after.memory._replace(peak_layer="") == before.memory._replace(peak_layer="")
    assert flat(again, every_name) == text, "expanding twice is expanding once"
    verdict = check(again.summary())
    assert verdict.findings and verdict.holds


@pytest.mark.parametrize("spec", [*map(str, EXAMPLES), *SHIPPED], ids=lambda spec: Path(spec).stem)
def test_rows_keep_their_names(spec: str) -> None:
    network = cnncalc.load(spec)
    again = cnncalc.loads(flat(network, every_name=True))
    for old, new in zip(network.graph.layers(), again.graph.layers(), strict=True):
        joined = "".join(c if c.isalnum() else "_" for c in old.name)
        assert new.name in (joined, f"_{joined}")  # branches may be called 3x3
        if old.place is network.graph.root:
            assert new.name == old.name


@pytest.mark.parametrize("spec", [*map(str, EXAMPLES), *SHIPPED], ids=lambda spec: Path(spec).stem)
def test_names_of_outputs_stay(spec: str) -> None:
    network = cnncalc.load(spec)
    again = cnncalc.loads(flat(network))
    for (old, index), new in zip(network.graph.outputs.items(), again.graph.outputs, strict=True):
        nameless = network.graph.nodes[index].name == old and network.graph.nodes[index].place is not network.graph.root
        assert new == old or nameless


def lines(text: str, **options: Any) -> list[str]:
    """The steps of an expansion."""
    steps = flat(cnncalc.loads(text, **options)).split("layers:\n")[1].split("\n\n")[0]
    return steps.splitlines()


def test_sequential_flow_needs_no_names() -> None:
    text = """
input: 3x8x8
vars: {n: 2}
blocks: {unit: {args: [f], do: [{conv: {filters: f, kernel: 3, padding: same, bias: n > 2}}, relu]}}
layers:
  - repeat: n
    do: [{unit: 4 * n}]
  - flatten
  - fc: 10
"""
    conv = "  - conv: {filters: 8, kernel: 3, padding: same, bias: false}"
    assert lines(text) == [conv, "  - relu", conv, "  - relu", "  - flatten", "  - fc: 10"]


def test_branches_become_references() -> None:
    text = """
input: 4x8x8
layers:
  - add: {main: [{pointwise: 4}, relu], shortcut: []}
  - concat: {a: here, b: [tanh], c: input}
"""
    assert lines(text) == [
        "  - pointwise: 4",
        "  - relu",
        "  - add: [here, input]",
        "    name: add",
        "  - tanh",
        "  - concat: [add, here, input]",
    ]


def test_numbers_are_written_as_a_person_would() -> None:
    text = """
input: 4x8x8
layers:
  - conv: {filters: 2 * 4, kernel: 1x3, padding: [[0, 1], [1, 1]], stride: [1, 1]}
  - batchnorm: 1e-3
  - maxpool: {kernel: 2, stride: 2}
  - upsample: {size: like input, mode: bilinear}
  - pad: {amount: [[-1, 2], [0, 0]]}
  - reshape: [8, -1]
  - permute: [1, 0]
  - dropout: 0.5
"""
    assert lines(text) == [
        "  - conv: {filters: 8, kernel: 1x3, padding: [[0, 1], [1, 1]]}",
        "  - batchnorm: 0.001",
        "  - maxpool: 2",
        "  - upsample: {size: 8, mode: bilinear}",
        "  - pad: [[-1, 2], [0, 0]]",
        "  - reshape: [8, -1]",
        "  - permute: [1, 0]",
        "  - dropout",
    ]


def test_splits_become_slices_and_shared_weights_keep_a_label() -> None:
    text = """
input: 8x4x4
layers:
  - split: {into: [left, right], sizes: [2, 6]}
  - {pointwise: 2, from: left, share: w}
  - name: once
  - {pointwise: 2, from: left, share: w}
  - add: [once, here]
"""
    assert lines(text) == [
        "  - slice: {end: 2}",
        "    name: left",
        "  - slice: {start: 2, end: 8}",
        "    from: input",
        "    name: right",
        "  - pointwise: 2",
        "    from: left",
        "    name: pointwise1",
        "    share: shared1",
        "  - pointwise: 2",
        "    from: left",
        "    name: pointwise2",
        "    share: shared1",
        "  - add: [pointwise1, here]",
    ]


def test_layout_inputs_outputs_and_titles() -> None:
    text = """
name: "odd: 'title' # 1"
layout: channels_last
input: {a: 8x6x4, b: 8x6x4}
layers:
  - {pointwise: 6, from: a, name: "x[0]"}
  - {name: "aux[1]", side: [flatten, {fc: 3}]}
  - add: [[{pointwise: 2}], [{pointwise: 2, from: b}]]
  - reshape: [4, 3, 8]
  - {from: a, name: same}
outputs: [here, "x[0]", "aux[*]", b, same]
"""
    network = cnncalc.loads(text)
    again = cnncalc.loads(flat(network))
    assert again.name == "odd: 'title' # 1"
    assert list(again.graph.outputs) == ["here_2", "x[0]", "aux[1]", "b", "same"]
    assert rows(again) == rows(network)
    assert "input:\n  a: 8x6x4\n  b: 8x6x4\n" in flat(network)


def test_a_given_name_is_never_mixed_with_automatic_ones() -> None:
    text = """
input: 4x8x8
layers:
  - {conv: {filters: 4, kernel: 1}, name: conv2}
  - conv: {filters: 4, kernel: 1}
  - conv: {filters: 4, kernel: 1}
  - concat: {3x3: conv2, "a b": [{name: res, add: [{conv: {filters: 4, kernel: 1}}, here]}], c: here}
"""
    network = cnncalc.loads(text)
    again = cnncalc.loads(flat(network))
    assert rows(again) == rows(network)
    names = [node.name for node in again.graph.layers()]
    assert names[0] == "conv2" and len(set(names)) == len(names)
    assert flat(again) == flat(network)


def test_a_network_without_layers() -> None:
    network = cnncalc.loads("input: 3x4x4\nlayers: [{when: false, relu: }]")
    again = cnncalc.loads(flat(network))
    assert list(again.graph.outputs.values()) == [0]
    assert flat(again) == flat(network)
