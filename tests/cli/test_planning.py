"""`rf` and `memory` as commands: formats, pictures, exit codes, and what a wrong call is told."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnncalc as api
from cnncalc.cli.common import UsageError
from cnncalc.cli.sizes import parse_size
from tests.cli.running import Runner

CALLS = (
    ("rf", "lenet5"),
    ("rf", "resnet18", "--depth", "2"),
    ("rf", "vgg16", "conv7", "--unit", "3,4"),
    ("rf", "unet", "enc[2]"),
    ("rf", "tcn", "--need", "4000"),
    ("rf", "c3d"),
    ("rf", "seresnet50", "--unit", "0,6"),
    ("memory", "lenet5"),
    ("memory", "resnet18", "--batch", "8", "--dtype", "bfloat16", "--checkpoint", "--fit", "8GiB", "--depth", "2"),
)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_format(cnncalc: Runner, call: tuple[str, ...]) -> None:
    table = cnncalc(*call)
    assert (table.code, table.err) == (0, "")
    assert table.out.strip()
    assert cnncalc(*call, "--format", "json").json["schema"] == f"cnncalc.{call[0]}/1"
    rows = list(csv.reader(io.StringIO(cnncalc(*call, "--format", "csv").out)))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1
    markdown = cnncalc(*call, "--format", "markdown").out
    assert markdown.startswith("### ")
    assert "|" in markdown


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_tables_keep_to_the_width(cnncalc: Runner, call: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, cnncalc(*call).out.splitlines())) <= 80


def test_json_and_the_python_interface_agree(cnncalc: Runner) -> None:
    net = api.load("resnet18")
    assert cnncalc("rf", "resnet18", "--format", "json").json == net.receptive_field().to_dict()
    unit = net.receptive_field("c3", (3, 4))
    assert cnncalc("rf", "resnet18", "c3", "--unit", "3,4", "--format", "json").json == unit.to_dict()
    memory = net.memory(4, "float16", "momentum", checkpoint=True)
    call = ("memory", "resnet18", "--batch", "4", "--dtype", "float16", "--optimizer", "momentum", "--checkpoint")
    assert cnncalc(*call, "--format", "json").json == memory.to_dict()
    for report in (net.receptive_field(), unit, memory):
        assert "resnet" in str(report).lower()


def test_json_of_a_unit(cnncalc: Runner) -> None:
    found = cnncalc("rf", "vgg16", "conv3", "--unit", "0,111", "--format", "json").json
    assert found["window"] == [{"input": "input", "first": [0, 218], "last": [5, 223], "positions": 36}]
    height, width = found["axes"]
    assert (height["first"], height["last"], height["padding"]) == (-4, 5, [4, 0])
    assert (width["first"], width["last"], width["padding"]) == (218, 227, [0, 4])
    steps = [step for step in height["ways"][0]["steps"] if step["formula"]]
    assert [step["k"] for step in steps] == [3, 6, 8, 10]
    assert steps[1]["values"] == {"k_out": 3, "s": 2, "d": 1, "f": 2}


def test_the_picture_shows_window_padding_and_holes(cnncalc: Runner, tmp_path: Path) -> None:
    spec = tmp_path / "holes.yaml"
    spec.write_text("input: 1x6x8\nlayers: [{conv: {filters: 1, kernel: 3, dilation: 2, padding: 2}}]\n")
    out = cnncalc("rf", str(spec), "--unit", "1,3").out
    picture = [line for line in out.splitlines() if 0 < len(line) <= 16 and not set(line) - set("#+-. ")]
    assert picture == [
        "  ++++++++++",
        "..----------....",
        "..##--##--##....",
        "..----------....",
        "..##--##--##....",
        "................",
        "................",
    ]
    assert "with holes: 15 positions lie between them" in " ".join(out.split())


def test_svg(cnncalc: Runner, tmp_path: Path) -> None:
    image = tmp_path / "photo.jpg"
    image.write_bytes(b"not looked into")
    file = tmp_path / "field.svg"
    assert cnncalc("rf", "vgg16", "conv7", "--unit", "0,0", "--svg", str(file), "--image", str(image)).code == 0
    tree = ElementTree.parse(file)
    kinds = [element.tag.rsplit("}", 1)[-1] for element in tree.iter()]
    assert kinds.count("image") == 1
    assert kinds.count("rect") >= 4
    again = cnncalc("rf", "vgg16", "conv7", "--svg", str(file))
    assert (again.code, "add --force" in again.err) == (2, True)
    assert cnncalc("rf", "wavenet", "--svg", str(tmp_path / "one.svg")).code == 0
    assert cnncalc("rf", "c3d", "--svg", str(tmp_path / "three.svg")).code == 0


def test_png(cnncalc: Runner, tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image")
    photo, file = tmp_path / "photo.png", tmp_path / "field.png"
    pillow.new("RGB", (100, 80), "white").save(photo)
    assert cnncalc("rf", "vgg16", "conv7", "--unit", "28,20", "--png", str(file), "--image", str(photo)).code == 0
    with pillow.open(file) as image:
        assert image.size == (672, 672)  # 3 pixels for each of 224
        red, green, blue = image.getpixel((3 * 4 * 20, 3 * 4 * 28))
        assert red > 200 > green and blue < 200  # the middle of the field, drawn on white
        assert image.getpixel((3 * 4 * 20, 3 * 200)) == (255, 255, 255)
    assert cnncalc("rf", "wavenet", "--png", str(tmp_path / "long.png")).code == 0
    bad = cnncalc("rf", "vgg16", "conv7", "--png", str(tmp_path / "x.png"), "--image", __file__)
    assert (bad.code, "cannot be read as an image" in bad.err) == (2, True)


def test_png_without_its_library(cnncalc: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    done = cnncalc("rf", "lenet5", "--png", str(tmp_path / "x.png"))
    assert done.code == 4
    assert done.err.count("\n") == 1
    assert "pip install 'cnncalc[image]'" in done.err


WRONG = (
    (("rf", "vgg16", "conv77"), 3, "did you mean"),
    (("rf", "vgg16", "conv7", "--unit", "3"), 2, "2 numbers (height x width)"),
    (("rf", "vgg16", "conv7", "--unit", "a,b"), 2, "whole numbers"),
    (("rf", "vgg16", "conv7", "--unit", "-1,2"), 2, "does not exist"),
    (("rf", "vgg16", "conv7", "--unit", "56,0"), 2, "the last is 55,55"),
    (("rf", "vgg16", "--need", "0"), 2, "starts at 1"),
    (("rf", "vgg16", "--need", "big"), 2, "whole numbers"),
    (("rf", "vgg16", "--image", "x.png"), 2, "--svg FILE or --png FILE"),
    (("rf", "lenet5", "--svg", "x.svg", "--image", "x.bmp"), 2, "is no .png"),
    (("rf", "lenet5", "--svg", "x.svg", "--image", "gone.png"), 2, "cannot be read"),
    (("memory", "vgg16", "--batch", "-3"), 2, "at least 1"),
    (("memory", "vgg16", "--optimizer", "admw"), 2, "did you mean 'adamw'"),
    (("memory", "vgg16", "--dtype", "int8"), 2, "floating point"),
    (("memory", "vgg16", "--fit", "16 GigaByte"), 2, "write 16GB (powers of 1000) or 16GiB (powers of 1024)"),
    (("memory", "vgg16", "--checkpoint"), 2, "no block"),
    (("memory", "resnet18", "--checkpoint-block", "basc"), 2, "did you mean"),
    (("memory", "vgg16", "--fit", "100MiB"), 1, ""),
)


@pytest.mark.parametrize(("call", "code", "says"), WRONG)
def test_wrong_calls(
    cnncalc: Runner, call: tuple[str, ...], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cnncalc(*call)
    assert done.code == code
    assert says in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("16GiB", 16 << 30),
        ("16 GiB", 16 << 30),
        ("16GB", 16 * 10**9),
        ("800MiB", 800 << 20),
        ("1.5GiB", 3 << 29),
        ("2TB", 2 * 10**12),
        ("512 KiB", 512 << 10),
        ("7kB", 7000),
        ("123B", 123),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text, "--fit") == size


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("16", "the unit is missing"),
        ("GiB", "no positive number"),
        ("-1GiB", "no positive number"),
        ("1e9B", "no positive number"),
        ("16G", "write 16GB (powers of 1000) or 16GiB (powers of 1024)"),
        ("16gib", "write 16GiB (powers of 1024) or 16GB (powers of 1000)"),
        ("16KB", "write 16kB (powers of 1000) or 16KiB (powers of 1024)"),
        ("16 mebibytes", "write 16MiB"),
        ("16 parsec", "there is no unit 'parsec'; write e.g."),
        ("0GiB", "no room at all"),
        ("", "no positive number"),
        ("16GiB of room", "no positive number"),
    ],
)
def test_sizes_that_are_none(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_size(text, "--fit")
    assert says in str(caught.value)
