"""`cnncalc layers`: every layer has a page, made from its class, with an example that runs."""

from __future__ import annotations

import json

import pytest

from cnncalc.analysis.reference import GROUPS, reference, summaries
from cnncalc.cli.app import run
from cnncalc.cli.status import Status
from cnncalc.layers import registry
from cnncalc.render.reference import page_markdown, page_object, page_text

KINDS = sorted(registry())


@pytest.mark.parametrize("kind", KINDS)
def test_page(kind: str) -> None:
    cls = registry()[kind]
    page = reference(cls)
    assert page.sentences and all(sentence.endswith(".") for sentence in page.sentences)
    assert [entry.name for entry in page.entries] == list(cls.params)
    assert all(entry.doc and entry.type for entry in page.entries)
    assert page.shape
    assert bool(page.weights) == bool(page.sample.measure.weights)
    assert page.sample.measure.layer.kind == kind
    assert all(rule.formula.reason for rule in page.rules)
    assert len({rule.formula for rule in page.rules}) == len(page.rules)
    text = page_text(page)
    assert max(map(len, text.splitlines())) <= 110
    assert all(part in text for part in ["Example", *cls.params])
    assert json.loads(json.dumps(page_object(page)))["name"] == kind
    assert f"# {kind}\n" in page_markdown(page)


def test_layers_that_compute_show_how() -> None:
    page = reference(registry()["conv"])
    assert [(rule.formula.result, rule.choice) for rule in page.rules] == [
        ("out", ""),
        ("padding", "padding: same"),
        ("padding", "padding: causal"),
        ("MACs", ""),
    ]
    assert [rule.choice for rule in reference(registry()["maxpool"]).rules][1] == "rounding: ceil"


def test_all_layers_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert {kind for kinds in summaries().values() for kind in kinds} == set(KINDS)
    assert tuple(summaries()) == GROUPS
    assert run(["layers"]) == Status.OK
    out = capsys.readouterr().out
    assert all(f"\n  {kind} " in out for kind in KINDS)
    assert run(["layers", "--format", "json"]) == Status.OK
    assert {layer["name"] for layer in json.loads(capsys.readouterr().out)["layers"]} == set(KINDS)
    assert run(["layers", "--format", "markdown"]) == Status.OK
    out = capsys.readouterr().out
    assert all(f"- `{kind}`: " in out for kind in KINDS)


@pytest.mark.parametrize("name", ["conv", "Conv2d", "nn_conv", "BatchNorm2d", "bn", "Dense"])
def test_other_names_work_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["layers", name])
    out, err = capsys.readouterr()
    assert status == (Status.USAGE if name == "nn_conv" else Status.OK)
    assert "Parameters" in out or "there is no layer 'nn_conv'" in err


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_formats(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["layers", "conv", "--format", format]) == Status.OK
    assert "out_channels" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["lstm", "konv", "x" * 200])
def test_unknown_layer(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["layers", name]) == Status.USAGE
    assert "there is no layer" in capsys.readouterr().err
