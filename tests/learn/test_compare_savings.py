"""Networks side by side, and what other layers would save: the figures of the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Runner


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def net(text: str) -> str:
    Path("net.yaml").write_text(f"layout: channels_last\n{text}")
    return "net.yaml"


@pytest.mark.parametrize(
    ("channels", "plain", "first", "total", "ratio"),
    [(256, 160563200, 3211264, 13246464, "12.1"), (192, 120422400, 2408448, 12443648, "9.7")],
)
def test_c1_c2_a_bottleneck_that_is_there(
    cnncalc: Runner, channels: int, plain: int, first: int, total: int, ratio: str
) -> None:
    narrow = "{conv: {filters: 16, kernel: 1, bias: false}}"
    wide = "{conv: {filters: 32, kernel: 5, padding: same, bias: false}}"
    spec = net(f"input: 28x28x{channels}\nlayers: [{narrow}, relu, {wide}]\n")
    out = cnncalc("savings", spec).out
    assert f"{ratio} times fewer MACs: {plain:,} -> {total:,}" in out
    (one,) = cnncalc("savings", spec, "--format", "json").json["bottlenecks"]
    assert one["plain"]["macs"] == plain and one["now"]["macs"] == total
    assert total - first == 28 * 28 * 32 * 5 * 5 * 16


def options(cnncalc: Runner, spec: str, *more: str) -> dict[str, dict[str, int]]:
    (layer,) = cnncalc("savings", spec, "--format", "json", *more).json["layers"]
    return {"plain": layer["plain"], **layer["options"]}


def test_c2_a_bottleneck_that_could_be(cnncalc: Runner) -> None:
    spec = net("input: 28x28x256\nlayers: [{conv: {filters: 32, kernel: 5, padding: same, bias: false}}]\n")
    found = options(cnncalc, spec, "--to", "16")
    assert found["plain"]["macs"] == 160563200 and found["bottleneck"]["macs"] == 13246464


def test_p3_p4_what_a_convolution_stands_for(cnncalc: Runner) -> None:
    spec = net("input: 32x32x3\nlayers: [{conv: {filters: 6, kernel: 5, bias: false}}]\n")
    found = options(cnncalc, spec)
    assert found["plain"]["params"] == 450
    assert found["local"]["params"] == 28 * 28 * 6 * 75
    assert found["dense"]["params"] == 3072 * 4704 == 14450688


def test_c4_three_small_kernels_see_what_a_large_one_does(cnncalc: Runner) -> None:
    conv = "{conv: {filters: 64, kernel: 7, padding: 3, bias: false}}"
    found = options(cnncalc, net(f"input: 32x32x64\nlayers: [{conv}]\n"))
    assert found["plain"]["params"] == 49 * 64**2 and found["stacked"]["params"] == 27 * 64**2
    assert found["plain"]["field"] == found["stacked"]["field"] == found["factorised"]["field"] == 7
    assert found["factorised"]["params"] == 14 * 64**2


def test_separable(cnncalc: Runner) -> None:
    found = options(cnncalc, net("input: 6x6x3\nlayers: [{conv: {filters: 5, kernel: 3, bias: false}}]\n"))
    assert found["separable"]["macs"] == 432 + 240 and found["plain"]["macs"] == 2160


def test_layers_are_chosen_by_name(cnncalc: Runner) -> None:
    assert cnncalc("savings", "vgg16", "--layer", "nothing").code == 2
    assert len(cnncalc("savings", "alexnet", "--layer", "conv1", "--format", "json").json["layers"]) == 1


def test_two_settings_of_one_network(cnncalc: Runner) -> None:
    done = cnncalc("compare", "lenet5", "--with-set", "classes=20", "--format", "json")
    assert done.code == 0 and not done.json["same"]
    assert done.json["totals"]["params"] == {"a": 61706, "b": 62556, "difference": 850, "ratio": 62556 / 61706}
    (changed,) = [pair for pair in done.json["layers"] if pair["differences"]]
    assert changed["differences"] == ["shape", "params", "macs", "bytes"]
    assert cnncalc("compare", "lenet5", "--with-set", "classes=20", "--fail").code == 1
    assert cnncalc("compare", "lenet5", "lenet5", "--fail").code == 0


def test_settings_of_the_first_hold_for_the_second(cnncalc: Runner) -> None:
    done = cnncalc("compare", "lenet5", "--set", "classes=20", "--with-input", "1x36x36", "--format", "json")
    assert done.json["layers"][-1]["b"]["shape"] == [20]


def test_layers_are_aligned(cnncalc: Runner) -> None:
    Path("a.yaml").write_text(
        "input: 3x8x8\nlayers: [{conv: {filters: 4, kernel: 3}}, relu, {conv: {filters: 4, kernel: 1}}]\n"
    )
    Path("b.yaml").write_text("input: 3x8x8\nlayers: [{conv: {filters: 4, kernel: 3}}, batchnorm, relu]\n")
    out = cnncalc("compare", "a.yaml", "b.yaml").out
    assert "+  batchnorm" in out and "-  conv2" in out and "2 of 4 layers are the same." in out


def test_nothing_to_compare_with(cnncalc: Runner) -> None:
    assert cnncalc("compare", "lenet5").code == 2
