"""`cnncalc vars`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Runner

SPEC = """name: Net
input: 3x8x8
vars:
  width: 2        # of the first layer
  double: width * 2
  kind: relu
  stages:   # one per line
    - [1, 2]
    - [3, 4]
presets:
  wide: {width: 8, kind: tanh}
  same:
blocks:
  unit: {doc: A unit., args: [filters, kernel = 2 * width], inputs: [a, b], outputs: ["c[*]", d], do: [relu]}
layers: [pointwise: double]
"""


def test_variables_presets_and_blocks(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(SPEC)
    out = cnncalc("vars", str(file)).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "width 2 of the first layer" in lines
    assert "double width * 2 4" in lines
    assert "stages [[1, 2], [3, 4]] one per line" in lines
    assert "wide width = 8, kind = tanh" in lines and "same nothing" in lines
    assert "unit filters, kernel = 2 * width A unit.; takes a, b; gives c[*], d" in lines


def test_json(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(SPEC)
    found = cnncalc("vars", str(file), "-f", "json").json
    assert found["schema"] == "cnncalc.vars/1"
    assert found["vars"][0] == {
        "name": "width", "default": "2", "value": 2, "about": "of the first layer", "presets": {"wide": "8"},
    }  # fmt: skip
    assert found["vars"][1]["value"] == 4 and found["vars"][3]["value"] == [[1, 2], [3, 4]]
    assert found["presets"] == {"wide": {"width": "8", "kind": "tanh"}, "same": {}}
    assert found["blocks"][0]["args"] == [
        {"name": "filters", "required": True, "default": None},
        {"name": "kernel", "required": False, "default": "2 * width"},
    ]
    wide = cnncalc("vars", str(file), "--preset", "wide", "-f", "json").json
    assert [variable["value"] for variable in wide["vars"][:3]] == [8, 16, "tanh"]


def test_a_preset_by_name(cnncalc: Runner) -> None:
    done = cnncalc("vars", "resnet101")
    assert done.code == 0 and "preset resnet101" in done.out
    line = next(line for line in done.out.splitlines() if line.startswith("depths"))
    assert "[3, 4, 6, 3]" in line and "[3, 4, 23, 3]" in line
    assert "from resnet50.yaml" in cnncalc("vars", "fcn_resnet50").out


def test_a_spec_without_any(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("input: 3x8x8\nlayers: [relu]")
    assert "There are no variables" in cnncalc("vars", str(file)).out


def test_mistakes(cnncalc: Runner, tmp_path: Path) -> None:
    done = cnncalc("vars", "vgg16", "-p", "vgg1")
    assert done.code == 3 and "E208" in done.err and "did you mean" in done.err
    file = tmp_path / "net.yaml"
    file.write_text("input: 3x8x8\nvars: {a: b}\nlayers: [relu]")
    done = cnncalc("vars", str(file))
    assert done.code == 3 and "nothing is called 'b'" in done.err
