"""`cnncalc expand`."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc as library
from tests.cli.running import Runner


def test_to_a_file_that_is_a_spec(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "flat.yaml"
    done = cnncalc("expand", "resnet18", "--set", "classes=10", "--input", "3x64x64", "-o", str(file))
    assert (done.code, done.out, done.err) == (0, "", "")
    network = library.load("resnet18", set={"classes": 10}, input="3x64x64")
    again = library.load(file)
    assert again.summary().totals[:5] == network.summary().totals[:5]
    assert again.document.blocks == {} and again.document.vars == {} and again.document.presets == {}
    assert cnncalc("check", str(file)).code == 0
    assert cnncalc("expand", str(file)).out == file.read_text("utf-8")
    assert cnncalc("expand", "resnet18", "-o", str(file)).code == 2, "never overwritten"
    assert cnncalc("expand", "vgg11", "-o", str(file), "--force").code == 0


def test_names_and_json(cnncalc: Runner) -> None:
    assert "name: c2_0_basic_main_conv_bn1_conv" in cnncalc("expand", "resnet18", "--names").out
    found = cnncalc("expand", "resnet18", "--format", "json").json
    assert found["text"] == cnncalc("expand", "resnet18").out


def test_a_result_too_long_to_be_read_back(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text("input: 1x4\nlayers: [{repeat: 120000, do: [relu]}]")
    done = cnncalc("expand", str(file))
    assert done.code == 0 and done.out.count("- relu") == 120_000
    assert "warning[E5" in done.err


@pytest.mark.parametrize("arguments", [["--set", "clases=1"], ["--preset", "x"], ["--input", "0x1"], ["--set", "a"]])
def test_mistakes(cnncalc: Runner, arguments: list[str]) -> None:
    done = cnncalc("expand", "vgg16", *arguments)
    assert done.code in (2, 3) and done.err and not done.out
