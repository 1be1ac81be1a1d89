"""Work: operations by type, gradients and groups, against arithmetic by hand."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.analysis.work import GROUPINGS, OPS, needs_gradient, weight_levels
from cnncalc.layers import registry
from tests.zoo.shipped import SPECS, network

X = 8 * 16 * 16


def ops(step: str, shape: str = "8x16x16") -> dict[str, int]:
    """Operations of one layer besides its MACs."""
    return cnncalc.loads(f"input: {shape}\nlayers:\n  - {step}\n").work().total.ops


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("conv: {filters: 4, kernel: 3}", {"bias": 4 * 14 * 14}),
        ("conv: {filters: 4, kernel: 3, bias: false}", {}),
        ("conv_transpose: {filters: 4, kernel: 2, stride: 2}", {"bias": 4 * 32 * 32}),
        ("locally_connected: {filters: 4, kernel: 3}", {"bias": 4 * 14 * 14}),
        ("batchnorm", {"normalisation": 2 * X}),
        ("batchnorm: {track_stats: false}", {"normalisation": 5 * X + 3 * 8 + 2 * X}),
        ("layernorm", {"normalisation": 5 * X + 3 * 256 + 2 * X}),
        ("layernorm: all", {"normalisation": 5 * X + 3 + 2 * X}),
        ("groupnorm: 4", {"normalisation": 5 * X + 3 * 4 + 2 * X}),
        ("instancenorm", {"normalisation": 5 * X + 3 * 8}),
        ("lrn: 5", {"normalisation": 9 * X}),
        ("scale", {"element-wise": X}),
        ("relu", {"activation": X}),
        ("relu6", {"activation": 2 * X}),
        ("sigmoid", {"activation": 4 * X}),
        ("softmax", {"activation": 3 * X - 256}),
        ("maxpool: 2", {"pooling": 3 * 8 * 64}),
        ("maxpool: {kernel: 3, stride: 2, padding: 1}", {"pooling": 8 * 8 * 64}),
        ("avgpool: 2", {"pooling": 4 * 8 * 64}),
        ("lppool: 2", {"pooling": 8 * 8 * 64}),
        ("global_avgpool", {"pooling": X}),
        ("global_maxpool", {"pooling": X - 8}),
        ("adaptive_avgpool: 8", {"pooling": X}),
        # 7 bins of 16 pixels: 16 + 7 - 1 = 22 are read along each axis
        ("adaptive_avgpool: 7", {"pooling": 8 * 22 * 22}),
        ("adaptive_maxpool: 7", {"pooling": 8 * 22 * 22 - 8 * 49}),
        ("mean: spatial", {"pooling": X}),
        ("add: [here, input]", {"element-wise": X}),
        ("average: [here, input]", {"element-wise": 2 * X}),
        ("concat: [here, input]", {}),
        ("matmul: [here, input]", {}),
        ("upsample: 2", {}),
        ("upsample: {factor: 2, mode: bilinear}", {"upsampling": 7 * 4 * X}),
        ("upsample: {size: 8, mode: area}", {"upsampling": X}),
        ("dropout", {}),
        ("flatten", {}),
    ],
)
def test_operations_by_hand(step: str, expected: dict[str, int]) -> None:
    assert ops(step) == expected


def test_only_known_types_of_operations() -> None:
    for stem in SPECS:
        assert set(network(stem).work().total.ops) <= set(OPS)


def test_every_activation_does_something() -> None:
    for kind, cls in registry().items():
        if cls.group == "activation":
            assert ops(kind)["activation"] >= X


def test_training_of_resnet50() -> None:
    """Three times the forward pass, but for the gradient of the image: 118,013,952 MACs of the first layer."""
    work = network("resnet50").work()
    assert work.total.macs == 4_089_184_256
    assert work.total.weight_gradient == work.total.macs
    assert work.total.input_gradient == work.total.macs - 118_013_952
    assert f"{work.factor:.2f}" == "2.97"


def test_no_gradient_for_inputs_nothing_learned_had_a_part_in() -> None:
    net = cnncalc.loads(
        "input: 3x8x8\nlayers: [relu, maxpool: 2, conv: {filters: 4, kernel: 1}, conv: {filters: 4, kernel: 1}]"
    )
    first, second = [row for row in net.work().rows if row.effort.macs]
    assert (first.effort.input_gradient, second.effort.input_gradient) == (0, second.effort.macs)
    assert needs_gradient(net.graph) == [False, False, False, True, True]
    learned = cnncalc.loads("input: 3x8x8\nlayers: [batchnorm, conv: {filters: 4, kernel: 1}]").work()
    assert learned.factor == 3


def test_matrix_products_have_a_gradient_for_each_input() -> None:
    text = "input: 4x4\nlayers: [pointwise: {filters: 4, bias: false}, {name: a}, {matmul: [here, a]}]"
    conv, product = [row.effort for row in cnncalc.loads(text).work().rows]
    assert (conv.backward, product.weight_gradient, product.input_gradient) == (64, 0, 2 * product.macs)


@pytest.mark.parametrize("by", GROUPINGS)
def test_groups_add_up(by: str) -> None:
    work = network("googlenet").work(2, by, count="fvcore")
    assert sum(part.macs for part in work.parts) == work.total.macs == 2 * network("googlenet").work().total.macs
    assert sum(part.other for part in work.parts) == work.total.other
    assert sum(part.layers for part in work.parts) == len(work.rows)
    assert work.count is not None
    assert sum(part.counted or 0 for part in work.parts) == work.count.total


def test_groups_of_resnet50() -> None:
    net = network("resnet50")
    sizes = {part.name: part.macs for part in net.work(by="size").parts}
    assert list(sizes) == ["112x112", "56x56", "28x28", "14x14", "7x7", "1x1", "flat"]
    assert sizes["flat"] == 2_048_000
    types = {part.name: part.layers for part in net.work(by="type").parts}
    assert (types["conv"], types["relu"], types["add"]) == (53, 49, 16)
    blocks = [part.name for part in net.work(by="block").parts]
    assert "c2" in blocks
    assert "c2/0" in [part.name for part in net.work(by="block", depth=2).parts]
    depths = net.work(by="depth").parts
    assert [part.name for part in depths] == [str(number) for number in range(1, 51)]
    assert max(weight_levels(net.graph)) == 50


def test_the_json_object() -> None:
    found = network("lenet5").work(count="thop").to_dict()
    assert found["schema"] == "cnncalc.work/1"
    assert found["totals"]["macs"] == sum(layer["macs"] for layer in found["layers"])
    assert found["count"]["total"] == sum(layer["counted"] for layer in found["layers"])
    assert str(network("lenet5").work()).startswith("LeNet-5")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 0}, "at least 1"),
        ({"by": "color"}, "by must be one of"),
        ({"count": "fvcoer"}, "did you mean 'fvcore'"),
        ({"count": "abacus"}, "there are torchinfo"),
    ],
)
def test_wrong_options(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        network("lenet5").work(**options)  # type: ignore[arg-type]
