"""`cnncalc new`: specs started from others, with their comments, and from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc as library
from cnncalc.analysis.expect import check
from cnncalc.spec.files import find, shipped_names
from tests.cli.running import Runner

PRESETS = sorted(name for name, found in shipped_names().items() if found.preset)


def comments(text: str) -> list[str]:
    """Whole-line comments above the presets."""
    return [line for line in text.split("\npresets:")[0].splitlines() if line.startswith("#")]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_becomes_a_spec_of_its_own(cnncalc: Runner, name: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert cnncalc("new", str(file), "--from", name).code == 0
    network, original = library.load(file), library.load(name)
    assert network.summary().totals == original.summary().totals
    assert network.name == original.name
    assert network.document.presets == {}
    verdict = check(network.summary())
    assert verdict.findings and verdict.holds
    shipped = find(name).path.read_text("utf-8")
    assert comments(file.read_text("utf-8"))[:3] == comments(shipped)[1:4]  # less the line for editors


@pytest.mark.parametrize("name", ["vgg16", "deeplabv3_resnet50", "siamese"])
def test_without_a_preset_it_is_a_copy(cnncalc: Runner, name: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    done = cnncalc("new", str(file), "--from", name, "--format", "json")
    assert done.json == {"schema": "cnncalc.new/1", "file": str(file), "from": name, "preset": None}
    assert file.read_text("utf-8") == find(name).path.read_text("utf-8").partition("\n")[2]
    assert library.load(file).summary().totals == library.load(name).summary().totals


def test_the_small_example(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "my net.yaml"
    done = cnncalc("new", str(file))
    assert done.code == 0 and f"cnncalc summary {file}" in done.out
    assert library.load(file).name == "my net"
    assert cnncalc("check", str(file)).code == 0


def test_nothing_is_overwritten(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("mine")
    done = cnncalc("new", str(file), "--from", "vgg16")
    assert done.code == 2 and "--force" in done.err and file.read_text() == "mine"
    assert cnncalc("new", str(file), "--from", "vgg16", "--force").code == 0
    assert library.load(file).name == "VGG-16"


def test_mistakes(cnncalc: Runner, tmp_path: Path) -> None:
    file = str(tmp_path / "net.yaml")
    assert cnncalc("new", file, "--from", "vgg61").code == 3
    assert cnncalc("new", file, "--from", "vgg16", "--preset", "vgg61").code == 3
    assert cnncalc("new", file, "--preset", "vgg11").code == 2
    assert cnncalc("new", str(tmp_path / "no" / "net.yaml")).code == 2
    assert not list(tmp_path.iterdir())


SPEC = """\
# head
name: Net   # title
input: 3x8x8

vars:
  width: 2         # of the layer
  names: [relu]    # a list
  rows:            # a table
    # first row
    - [1, 2]

    - [3, 4]
  last: 1

# what it expects
expect: {params: 8}   # checked

# all the rest
presets:
  a:
    width: "max(3, width_)"
    names:
      - tanh     # of a

      - relu
    rows: [[5, 6],
           [7, 8]]
    expect:
      params: 12  # of a
      output: 3x8x8
  b: {rows: [[1, 1]], names: [selu, "relu"]}   # trailing

layers:
  - pointwise: width
  - for: [i, j]
    in: rows
    do:
      - repeat: j - i
        do: [relu]
  - for: name
    in: names
    do: [{use: name}]   # end
"""
A = """\
# head
name: a (Net)   # title
input: 3x8x8

vars:
  width: 3         # of the layer
  names:    # a list
    - tanh     # of a

    - relu
  rows: [[5, 6],
           [7, 8]]            # a table
  last: 1

# what it expects
expect:   # checked
  params: 12  # of a
  output: 3x8x8

layers:
"""


def test_comments_and_layout_stay(cnncalc: Runner, tmp_path: Path) -> None:
    file, mine = tmp_path / "net.yaml", tmp_path / "sub.yaml"
    file.write_text(SPEC.replace('"max(3, width_)"', "3"))
    assert cnncalc("new", str(mine), "--from", str(file), "-p", "a").code == 0
    text = mine.read_text()
    assert text.split("layers:\n")[0] + "layers:\n" == A
    assert text.split("layers:\n")[1] == SPEC.split("layers:\n")[1]
    assert library.load(mine).summary().totals == library.load(file, preset="a").summary().totals
    assert cnncalc("new", str(mine), "--from", str(file), "-p", "b", "--force").code == 0
    text = mine.read_text()
    assert "  rows: [[1, 1]]            # a table\n  last: 1\n" in text
    assert "expect" not in library.load(mine).document.node.entries  # type: ignore[attr-defined]
    assert "# what it expects" not in text and "\n\n\n" not in text


FLOW = """{"name": "Net", "input": "3x8x8", "vars": {"width": 2, "rows": [1, 2]},
 "presets": {"a": {"width": "max(2, 3)", "rows": [4], "expect": {"params": 12}}},
 "layers": [{"pointwise": "width"}, {"repeat": "rows[0]", "do": ["relu"]}]}"""


@pytest.mark.parametrize("text", [FLOW, FLOW.replace('"', "'")], ids=["double", "single"])
def test_specs_written_as_json(cnncalc: Runner, tmp_path: Path, text: str) -> None:
    file, mine = tmp_path / "net.yaml", tmp_path / "mine.yaml"
    file.write_text(text)
    assert cnncalc("new", str(mine), "--from", str(file), "-p", "a").code == 0
    network = library.load(mine)
    assert network.summary().totals == library.load(file, preset="a").summary().totals
    assert network.document.presets == {} and check(network.summary()).findings


def test_values_move_into_flow_style(cnncalc: Runner, tmp_path: Path) -> None:
    file, mine = tmp_path / "net.yaml", tmp_path / "mine.yaml"
    head = "input: 3x8x8\nvars: {width: 2, rows: [1], z: 1}\n"
    head += "layers: [{pointwise: width}, {repeat: 'rows[0]', do: [relu]}]\n"
    file.write_text(head + "presets:\n  a:\n    width: max(2, 5)\n    rows:\n      - 3   # three\n      - 4\n")
    assert cnncalc("new", str(mine), "--from", str(file), "-p", "a").code == 0
    assert "vars: {width: 'max(2, 5)', rows: [3, 4], z: 1}\n" in mine.read_text()
    assert library.load(mine).summary().totals == library.load(file, preset="a").summary().totals


def test_imports_are_found_from_the_new_folder(cnncalc: Runner, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "parts.yaml").write_text("blocks: {unit: {do: [{pointwise: 4}, relu]}}")
    (tmp_path / "more.yaml").write_text("blocks: {other: {do: [tanh]}}")
    file, mine = tmp_path / "net.yaml", tmp_path / "there" / "net.yaml"
    file.write_text("input: 3x8x8\nimport: [parts.yaml, more, lenet5]\nlayers: [unit, other]\n")
    assert cnncalc("new", str(mine), "--from", str(file)).code == 0
    assert "import: [../parts.yaml, ../more.yaml, lenet5]" in mine.read_text()
    assert library.load(mine).summary().totals == library.load(file).summary().totals
    beside = tmp_path / "beside.yaml"
    assert cnncalc("new", str(beside), "--from", str(file)).code == 0
    assert beside.read_text() == file.read_text()


def test_the_preset_as_an_option(cnncalc: Runner, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    assert cnncalc("new", str(mine), "--from", "resnet50", "--preset", "resnet34").code == 0
    assert library.load(mine).summary().totals == library.load("resnet34").summary().totals
