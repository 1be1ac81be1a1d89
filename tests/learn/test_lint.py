"""Advice: every rule by what it counts, and the ways to silence it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis.lint import rules
from cnncalc.rules import find
from tests.cli.running import Runner

FIRST = "input: 3x224x224\nlayers:\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


CASES = [
    ("L102", "conv: {filters: 96, kernel: 11, stride: 4}", "(224 - 11)/4 leaves 1, the last 1 never read"),
    ("L102", "maxpool: {kernel: 3, stride: 2}", "height and width (224 - 3)/2 leaves 1, the last 1 never read"),
    ("L102", "conv: {filters: 8, kernel: 7, stride: 2, padding: 3}", "leaves 1, only padding is left over"),
    ("L103", "conv: {filters: 8, kernel: 1, stride: 2}", "37,632 of 50,176 pixels are never read"),
    ("L103", "conv: {filters: 8, kernel: 3, stride: 4}", "21,952 of 50,176 pixels are never read"),
    ("L104", "conv: {filters: 8, kernel: 4, padding: same}", "pads 1 before and 2 after"),
    ("L115", "conv: {filters: 8, kernel: 3, padding: 3}", "padding 3 is not narrower than the kernel 3"),
    ("L106", "conv_transpose: {filters: 8, kernel: 5, stride: 2}", "overlap 2 or 3 times"),
]


@pytest.mark.parametrize(("code", "layer", "says"), CASES)
def test_windows(cnncalc: Runner, code: str, layer: str, says: str) -> None:
    Path("net.yaml").write_text(f"{FIRST}  - {layer}\n")
    done = cnncalc("lint", "net.yaml", "--select", code)
    assert done.code == 0 and f"[{code}]: " in done.out and says in done.out


@pytest.mark.parametrize("layer", ["conv: {filters: 8, kernel: 3, stride: 4}", "maxpool: {kernel: 2, stride: 3}"])
def test_pixels_never_read_are_counted_one_by_one(cnncalc: Runner, layer: str) -> None:
    Path("net.yaml").write_text(f"layout: channels_first\ninput: 1x11x11\nlayers:\n  - {layer}\n")
    kernel, stride = (3, 4) if "conv" in layer else (2, 3)
    read = {i + t for i in range(0, 11 - kernel + 1, stride) for t in range(kernel)}
    assert f"{121 - len(read) ** 2} of 121 pixels" in cnncalc("lint", "net.yaml").out


def test_what_others_waste(cnncalc: Runner) -> None:
    Path("net.yaml").write_text("input: 3x8x8\nlayers:\n  - conv: {filters: 8, kernel: 3}\n  - batchnorm\n")
    assert "8 parameters for nothing" in cnncalc("lint", "net.yaml").out
    assert "89.4 % of the parameters are in fully connected layers" in cnncalc("lint", "vgg16").out


def test_strict_is_the_strict_reading(cnncalc: Runner) -> None:
    Path("net.yaml").write_text(f"{FIRST}  - conv: {{filters: 96, kernel: 11, stride: 4}}\n")
    assert cnncalc("lint", "net.yaml").code == 0
    assert cnncalc("lint", "net.yaml", "--strict").code == 1
    assert cnncalc("lint", "net.yaml", "--strict", "--input", "3x227x227").code == 0
    assert cnncalc("lint", "vgg16", "--strict").code == 0


def test_comments_silence(cnncalc: Runner) -> None:
    line = "  - conv: {filters: 90, kernel: 11, stride: 4}"
    Path("net.yaml").write_text(f"{FIRST}{line}\n  - conv: {{filters: 8, kernel: 3}}\n")
    assert {"[L102]", "[L112]"} == codes(cnncalc("lint", "net.yaml", "--ignore", "L109").out)
    Path("net.yaml").write_text(f"{FIRST}{line}  # cnncalc: ignore L102\n  - conv: {{filters: 8, kernel: 3}}\n")
    assert {"[L112]"} == codes(cnncalc("lint", "net.yaml", "--ignore", "L109").out)
    Path("net.yaml").write_text(f"# cnncalc: ignore-file L109, L112\n{FIRST}{line}  # cnncalc: ignore\n")
    assert "Nothing to remark." in cnncalc("lint", "net.yaml").out


def codes(text: str) -> set[str]:
    return {word[-6:] for word in text.replace(":", " ").split() if word.endswith("]") and "[L" in word}


def test_blocks_are_told_once(cnncalc: Runner) -> None:
    out = cnncalc("lint", "resnet50", "--select", "L103").out
    assert out.count("[L103]") == 1 and "(and 2 more from this line)" in out


def test_json_for_editors(cnncalc: Runner) -> None:
    done = cnncalc("lint", "alexnet", "--format", "json")
    found = {one["code"]: one for one in done.json["diagnostics"]}
    assert found["L111"]["severity"] == "note" and found["L111"]["line"] > 1 and found["L111"]["reference"]
    assert cnncalc("lint", "alexnet", "--select", "L9").code == 2
    assert not cnncalc("lint", "alexnet", "--quiet", "--format", "json").json["diagnostics"]


def test_every_rule_has_a_page_a_reason_and_a_reference() -> None:
    for rule in rules():
        page = find(rule.code)
        assert page and page.sections["Why"]
        assert rule.reference and (rule.find.__doc__ or "").endswith(".")


@pytest.mark.parametrize("name", ["siamese", "nasnet_cells", "yolov3", "tcn", "unet3d", "twostream", "dcgan_generator"])
def test_nothing_fails_on_unusual_networks(cnncalc: Runner, name: str) -> None:
    assert cnncalc("lint", name, "--format", "json").code == 0
