"""Facts of the lecture notes, as homework that is right or wrong, and as advice.

The names of the tests begin with the rows of the notes: sizes S, parameters P, networks N, cost C,
receptive fields R.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Runner


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


FACTS = [
    ("S1", "1x6x6", "conv: {filters: 1, kernel: 3}", "output", "1x4x4", "6x6"),
    ("S1", "3x32x32", "conv: {filters: 1, kernel: 5}", "output", "1x28x28", "3x28x28"),
    ("S2", "1x6x6", "conv: {filters: 1, kernel: 3, padding: same}", "output", "1x6x6", "1x4x4"),
    ("S3", "1x7x9", "conv: {filters: 1, kernel: 3, stride: 2, padding: 1}", "output", "1x4x5", "1x5x4"),
    ("S6", "10x28x28", "maxpool: {kernel: 3, stride: 2}", "output", "10x13x13", "10x14x14"),
    ("S7", "3x32x32", "conv: {filters: 10, kernel: 5, padding: 2}", "output", "10x32x32", "30x32x32"),
    ("S8", "1x5x5", "conv: {filters: 1, kernel: 3, dilation: 2}", "output", "1x1x1", "1x3x3"),
    ("S8", "1x4x4", "conv_transpose: {filters: 1, kernel: 3, stride: 2}", "output", "1x9x9", "1x1x1"),
    ("S9", "16x16x16x16", "conv: {filters: 32, kernel: 3}", "output", "32x14x14x14", "32x13x13x13"),
    ("S11", "1x10x20", "conv: {filters: 1, kernel: 3}", "output", "1x8x18", "1x18x8"),
    ("P1", "3x32x32", "conv: {filters: 1, kernel: 5}", "params", "76", "75"),
    ("P2", "3x32x32", "conv: {filters: 10, kernel: 5}", "params", "760", "751"),
    ("P2", "3x32x32", "conv: {filters: 6, kernel: 5}", "params", "456", "156"),
    ("P4", "3x32x32", "locally_connected: {filters: 6, kernel: 5, bias: false}", "params", "352,800", "450"),
    ("P5", "3072", "fc: 10", "params", "30730", "30721"),
    ("P6", "36_000_000", "fc: {units: 100, bias: false}", "params", "3,600,000,000", "3.6M"),
    ("P7", "6x28x28", "maxpool: 2", "params", "0", "24"),
    ("P8", "16x8x8", "batchnorm:", "params", "32", "64"),
    ("P8", "16x8x8", "batchnorm:", "buffers", "32", "64"),
    ("C1", "256x28x28", "conv: {filters: 32, kernel: 5, padding: same}", "macs", "160,563,200", "160.6M"),
    ("R3", "8x16x16", "conv: {filters: 4, kernel: 3}", "field", "3", "4"),
]


@pytest.mark.parametrize(("row", "input", "layer", "column", "right", "wrong"), FACTS)
def test_facts(cnncalc: Runner, row: str, input: str, layer: str, column: str, right: str, wrong: str) -> None:
    Path("net.yaml").write_text(f"layout: channels_first\ninput: {input}\nlayers:\n  - {layer}\n    name: it\n")
    Path("right.yaml").write_text(f"it: {{{column}: '{right}'}}\n")
    Path("wrong.yaml").write_text(f"it: {{{column}: '{wrong}'}}\n")
    assert cnncalc("check", "net.yaml", "right.yaml").code == 0, row
    done = cnncalc("check", "net.yaml", "wrong.yaml")
    assert done.code == 1 and "no known mistake" not in done.out, row


def test_n1_the_digit_net(cnncalc: Runner) -> None:
    rows = ["28x28x6", "14x14x6", "10x10x16", "5x5x16", "120", "84", "10"]
    names = ["CONV1", "POOL1", "CONV2", "POOL2", "FC3", "FC4", "Softmax"]
    lines = [f"{name},{row}" for name, row in zip(names, rows, strict=True)]
    Path("table.csv").write_text("\n".join(["layer,output", *lines]) + "\n")
    done = cnncalc("check", "lenet5", "table.csv")
    assert done.code == 0, done.out


def test_r1_r2_stacked_small_kernels(cnncalc: Runner) -> None:
    convs = "".join(f"  - conv: {{filters: 4, kernel: 3}}\n    name: c{k}\n" for k in (1, 2, 3))
    Path("net.yaml").write_text(f"input: 3x16x16\nlayers:\n{convs}")
    Path("right.csv").write_text("layer,field\nc1,3\nc2,5\nc3,7\n")
    Path("wrong.csv").write_text("layer,field\nc1,3\nc2,6\nc3,9\n")
    assert cnncalc("check", "net.yaml", "right.csv").code == 0
    assert "c2 field: 6, should be 5\n    added f instead of f - 1" in cnncalc("check", "net.yaml", "wrong.csv").out


def test_s4_s5_the_strict_reading(cnncalc: Runner) -> None:
    Path("net.yaml").write_text("input: 3x10x10\nlayers:\n  - conv: {filters: 8, kernel: 3, stride: 2}\n")
    done = cnncalc("lint", "net.yaml", "--strict")
    assert done.code == 1 and "(10 - 3)/2 leaves 1, the last 1 never read" in done.out
    Path("net.yaml").write_text("input: 3x10x10\nlayers:\n  - conv: {filters: 8, kernel: 2, stride: 4}\n")
    assert "64 of 100 pixels are never read" in cnncalc("lint", "net.yaml").out


def test_p7_most_parameters_are_in_the_fully_connected_layers(cnncalc: Runner) -> None:
    assert "89.4 % of the parameters are in fully connected layers" in cnncalc("lint", "vgg16").out
