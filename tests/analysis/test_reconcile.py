"""Published figures traced to the convention, or the tool, that gives them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis.profiles import PROFILES
from cnncalc.analysis.reconcile import Explanation, reconcile
from cnncalc.analysis.typed_figure import read_figure
from cnncalc.errors import SpecError
from tests.analysis.test_profiles import NETWORKS, RUN, TOTALS, totals_of
from tests.zoo.shipped import members, network

DATA = Path(__file__).parent.parent / "data"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("4.12G", 4_115_000_000, 4_125_000_000),
        ("4.1 GFLOPs", 4_050_000_000, 4_150_000_000),
        ("4 G", 3_500_000_000, 4_500_000_000),
        ("25.6M", 25_550_000, 25_650_000),
        ("25.6m params", 25_550_000, 25_650_000),
        ("4089184256", 4089184256, 4089184256),
        ("4,089,184,256", 4089184256, 4089184256),
        ("4_089_184_256 MACs", 4089184256, 4089184256),
        ("1.5B", 1_450_000_000, 1_550_000_000),
        ("4.1e9", 4_050_000_000, 4_150_000_000),
        ("1Mi", 2**19, 3 * 2**19),
        (".5M", 450_000, 550_000),
    ],
)
def test_how_precisely_a_figure_is_typed(text: str, low: int, high: int) -> None:
    figure = read_figure(text)
    assert [int(figure.low), int(figure.high)] == [low, high]
    assert figure.exact == (low == high)
    assert figure.holds(Fraction(low + high, 2))


@pytest.mark.parametrize(
    "text", ["", "G", "4.1X", "-3", "0", "4.1.2G", "1i", "16 GigaByte", "four", "9" * 100, "1e999"]
)
def test_no_figures(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_figure(text)
    diagnostic = caught.value.diagnostics[0]
    assert (diagnostic.code, diagnostic.span and diagnostic.span.line) == ("E610", 1)
    assert diagnostic.help


def explanations(net: cnncalc.Network, figure: object) -> list[Explanation]:
    return reconcile(net, str(figure))[0].found


@pytest.mark.parametrize("model", TOTALS)
def test_every_total_of_a_tool_names_the_tool(model: str) -> None:
    net = network(*members()[model])
    totals = totals_of(TOTALS[model])
    for name, total in totals.items():
        found = explanations(net, total)
        assert name in [one.tool for one in found], (name, total)
        assert all(one.value == total for one in found)
    for total in totals.values():
        for wrong in {total - 1, total + 1} - set(totals.values()):
            assert not [one.tool for one in explanations(net, wrong) if one.tool], wrong
    assert not explanations(net, totals["thop"] + 1)


@pytest.mark.parametrize("model", ["densenet121", "googlenet@aux_eval", "efficientnet_b0", "shufflenet_v2_x1_0", "s3d"])
def test_other_networks(model: str) -> None:
    net = network(*members()[RUN.get(model, model)])
    for name, total in NETWORKS[model].items():
        assert name in [one.tool for one in explanations(net, total)]


def test_the_sum_taken_apart() -> None:
    for figure in ("4.12G", "4.09G", "8.2G", "12.1G", "131G"):
        for one in explanations(network("resnet50"), figure):
            assert sum(value for _, value in one.terms) == one.value


def test_best_first() -> None:
    net = network("resnet50")
    assert explanations(net, "4.09G")[0].counted == "MACs"
    assert explanations(net, "8.18G")[0].counted == "FLOPs (2 per MAC)"
    assert explanations(net, "4089185256")[0].counted == "MACs + biases"
    assert "ptflops-0.6" in [one.tool for one in explanations(net, "4.12G")]
    assert explanations(net, "3.808G")[0].note == "the prefix stands for powers of 1024"
    assert explanations(net, 4089184256 * 32)[0].note == "for a batch of 32"
    assert explanations(net, 3 * 4089184256 - 118013952)[0].counted == "MACs of a training step"


def test_side_heads() -> None:
    net = network("googlenet", "googlenet_aux")
    assert explanations(net, 1506748416)[0].note == ""
    assert explanations(net, 1498376192)[0].note == "without side outputs"
    assert reconcile(net, params="13004888")[0].found[0].counted == "learned parameters"
    assert reconcile(net, params="6624904")[0].found[0].note == "without side outputs"


def test_parameters() -> None:
    net = network("resnet50")
    best = {
        text: reconcile(net, params=text)[0].found[0].counted for text in ("25.6M", "25557032", "25610152", "25610205")
    }
    assert list(best.values()) == [
        "learned parameters",
        "learned parameters",
        "learned parameters + kept statistics",
        "all numbers of a PyTorch state_dict",
    ]
    assert reconcile(net, params="23508032")[0].found[0].counted == "without the last layer"
    assert not reconcile(net, params="25557033")[0].found


def test_the_state_dict_of_torchvision() -> None:
    table = json.loads((DATA / "torchvision" / "resnet50.json").read_text("utf-8"))
    assert table["params"] + table["buffers"] == 25610205


def test_none_is_said_honestly() -> None:
    result = network("resnet50").reconcile("3.3G")
    assert not result.explained
    assert result.results[0].near is not None
    assert "None" in str(result)
    with pytest.raises(ValueError, match="give a figure"):
        network("resnet50").reconcile()


def test_a_network_without_work() -> None:
    net = cnncalc.loads("input: 3x8x8\nlayers: [relu]")
    assert not net.reconcile("1M", params="5").explained
    assert PROFILES
