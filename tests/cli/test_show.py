"""`cnncalc show`."""

from __future__ import annotations

from pathlib import Path

import cnncalc as library
from cnncalc.spec.files import find
from tests.cli.running import Runner


def test_the_text_of_a_shipped_spec(cnncalc: Runner) -> None:
    done = cnncalc("show", "lenet5")
    assert done.code == 0 and done.out == find("lenet5").path.read_text("utf-8")


def test_a_preset_is_named_in_a_comment_and_the_text_remains_a_spec(cnncalc: Runner) -> None:
    done = cnncalc("show", "resnet101")
    first, _, rest = done.out.partition("\n")
    assert first.startswith("# resnet101 is a preset of this file, resnet50.yaml")
    assert rest == find("resnet50").path.read_text("utf-8")
    network = library.loads(done.out, preset="resnet101")
    assert network.summary().totals == library.load("resnet101").summary().totals


def test_path_and_json(cnncalc: Runner) -> None:
    path = find("vgg11").path
    assert cnncalc("show", "vgg11", "--path").out == f"{path}\n"
    found = cnncalc("show", "vgg11", "--format", "json").json
    assert (found["path"], found["preset"], found["text"]) == (str(path), "vgg11", path.read_text("utf-8"))


def test_a_file_of_ones_own(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_bytes(b"\xef\xbb\xbfinput: 1x2x2\r\nlayers: [relu]\r\n")
    assert cnncalc("show", str(file)).out == "input: 1x2x2\nlayers: [relu]\n"
    file.write_bytes(b"\xff\xfe\x00")
    assert cnncalc("show", str(file)).code == 3
    assert cnncalc("show", str(tmp_path)).code == 3


def test_an_unknown_name(cnncalc: Runner) -> None:
    done = cnncalc("show", "resnet1")
    assert done.code == 3 and "did you mean 'resnet1" in done.err and done.out == ""
