"""Figures that courses and papers printed wrongly, marked: the mistake named is the one known.

`tests/data/homework.json` has the list; each of its errata is here with a spec and what is said, or
in `BEYOND` with the reason why it is no figure of a layer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.running import Runner

ERRATA = json.loads((Path(__file__).parents[1] / "data" / "homework.json").read_text("utf-8"))["errata"]

COURSE = """
layout: channels_last
input: 32x32x3
layers:
  - conv: {filters: 8, kernel: 5}
  - maxpool: 2
  - conv: {filters: 16, kernel: 5}
  - maxpool: 2
  - flatten
  - fc: 120
  - fc: 84
  - fc: 10
"""
SQUEEZE = "input: 64x55x55\nlayers: [{conv: {filters: 128, kernel: 3, padding: 1, bias: false}}]\n"


class Erratum(NamedTuple):
    """A printed figure: the spec it is about, the row as a student would hand it in, and what is said."""

    where: str
    spec: str
    answers: str
    says: tuple[str, ...]


def one(input: str, layer: str) -> str:
    return f"layout: channels_last\ninput: {input}\nlayers: [{layer}]\n"


MARKED = (
    Erratum(
        "Coursera LeNet-5",
        COURSE,
        "layer,params\nCONV1,208\nPOOL1,0\nCONV2,416\nPOOL2,0\nFC3,48001\nFC4,10081\nSoftmax,841\n",
        (
            "should be 608\n    forgot the 3 input channels: every filter has a kernel for each: 8*25 + 1*8 = 208",
            "should be 3,216\n    forgot the 8 input channels: every filter has a kernel for each: 16*25 + 1*16 = 416",
            "one bias for the whole layer instead of one per filter or unit: 120: 48000 + 1 = 48,001",
            "one bias for the whole layer instead of one per filter or unit: 84: 10080 + 1 = 10,081",
            "one bias for the whole layer instead of one per filter or unit: 10: 840 + 1 = 841",
        ),
    ),
    Erratum(
        "Coursera LeNet-5",
        COURSE.replace("filters: 8", "filters: 6"),
        "layer,params\nCONV1,208\nCONV2,416\nFC3,48001\nFC4,10081\nSoftmax,841\n",
        (
            "should be 456\n    forgot the 3 input channels",
            "and computed for 8 filters, not 6",
            "should be 2,416\n    forgot the 6 input channels",
            "one bias for the whole layer",
        ),
    ),
    Erratum(
        "C4W1 quiz dumps",
        one("300x300x3", "{conv: {filters: 100, kernel: 5}}"),
        "layer,params\nconv,2600\n",
        ("should be 7,600\n    forgot the 3 input channels",),
    ),
    Erratum(
        "CS231n VGG table",
        "import: [vgg16]\ninput: 3x224x224\nlayers: [vgg16]\n",
        "layer,size\ntotal,24M\n",
        ("the layers add up to",),
    ),
    Erratum(
        "AlexNet paper Fig. 2",
        one("227x227x3", "{conv: {filters: 96, kernel: 11, stride: 4}}"),
        "layer,neurons\nconv,253440\n",
        ("should be 290,400\n    not a square map: 253,440 / 96 channels = 2,640 positions, which is no square",),
    ),
    Erratum(
        "MobileNet v1 Table 2",
        "mobilenet_v1",
        "layer,share\nconv,1.19 %\n",
        ("should be 1.91 %\n    two digits swapped",),
    ),
    Erratum(
        "MobileNet v1 Table 1",
        one("7x7x1024", "{depthwise: {kernel: 3, padding: 1}}"),
        "layer,output\ndepthwise,4x4x1024\n",
        ("should be 7x7x1024\n    computed with stride 2, but the stride is 1",),
    ),
    Erratum(
        "GoogLeNet Table 1",
        one("224x224x3", "{conv: {filters: 64, kernel: 7, stride: 2, padding: 3, bias: false}}"),
        "layer,params,macs\nconv,2.7K,34M\n",
        (
            "should be 9,408\n    added the kernel's sides instead of multiplying them",
            "should be 118,013,952\n    added the kernel's sides instead of multiplying them",
        ),
    ),
    Erratum(
        "Dumoulin & Visin fig.",
        one("3x3x1", "{conv_transpose: {filters: 1, kernel: 3, stride: 2, padding: 1, output_padding: 1}}"),
        "layer,output\ninput,2x2x1\n",
        ("should be 3x3x1\n    off by one",),
    ),
    Erratum(
        "obsidian-portal SqueezeNet",
        SQUEEZE,
        "layer,params\nconv,147456\n",
        ("should be 73,728\n    exactly twice as much",),
    ),
    Erratum(
        "Nemotron CS231n page",
        one("5x5x1", "{conv: {filters: 1, kernel: 3, padding: 2}}"),
        "layer,output\nconv,5x5x1\n",
        ("should be 7x7x1\n    padding counted once instead of on both sides: floor((5 + 2 - 1*(3 - 1) - 1)",),
    ),
    Erratum(
        "shrestha1 LeNet README",
        one("14x14x6", "{conv: {filters: 16, kernel: 5, bias: false}}"),
        'layer,macs\nconv,"2400,000"\n',
        ("should be 240,000\n    ten times too much: a zero or a comma in the wrong place",),
    ),
)

BEYOND = {
    "Keras applications MobileNet docs": "millions of a whole network: a slip in one digit, tested in test_slips",
    "TF README mobilenet_v1 0.25_192": "no rule gives it, and none is made up",
    "TF README mobilenet_v1 all 0.75 rows": "no rule gives them, and none is made up",
    "D2L AlexNet text": "gigabytes, a matter of `cnncalc summary`",
    "Ng strided-convolution slide (7x7, stride 2)": "values of pixels, not figures of a layer",
    "ZynqNet thesis table 5.1": "of another network",
}


@pytest.mark.parametrize("erratum", MARKED, ids=lambda erratum: erratum.where)
def test_erratum(erratum: Erratum, cnncalc: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = erratum.spec
    if "\n" in spec:
        spec = "net.yaml"
        Path(spec).write_text(erratum.spec)
    Path("printed.csv").write_text(erratum.answers)
    done = cnncalc("check", spec, "printed.csv")
    assert done.code == 1, done.err
    for sentence in erratum.says:
        assert sentence in done.out


def test_every_erratum_is_here() -> None:
    for entry in ERRATA:
        known = [erratum.where for erratum in MARKED] + list(BEYOND)
        assert any(entry["where"].startswith(where) for where in known), entry["where"]


def test_slips(cnncalc: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(one("1x1x569", "{fc: {units: 1, bias: false, axis: channels}}"))
    Path("printed.csv").write_text("layer,macs\nfc,529\n")
    assert "a slip in one digit: 2 for 6" in cnncalc("check", "net.yaml", "printed.csv").out
