"""Homework in every form it is handed in, marked end to end."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cnncalc.analysis.grading.given import UnreadableError, number, shape
from cnncalc.analysis.grading.mistakes import MISTAKES
from tests.cli.running import Runner

NET = """
layout: channels_last
input: 32x32x3
layers:
  - conv: {filters: 8, kernel: 5}
  - relu
  - maxpool: 2
  - conv: {filters: 16, kernel: 5}
  - relu
  - maxpool: 2
  - flatten
  - fc: 10
"""
GOOD = {
    "csv": """layer,output,params,macs
conv1,"(28, 28, 8)",608,"470,400"
conv2,10x10x16,3216,320000
fc,10,4010,4000
""",
    "semicolons.csv": "Params;Layer;Output shape\n608;conv1;28x28x8\n3216;conv2;(10,10,16)\n",
    "unquoted.csv": "layer,output,params\nconv1,(28,28,8),608\nconv2,[10, 10, 16],3216\n",
    "tabs.tsv": "Layer\tOutput\tRF\nconv1\t8x28x28\t5\nconv2\t16×10×10\t14\nfc\t10\tall\n",
    "md": """My homework

| # Params | Layer     | Output    |
|---------:|:----------|-----------|
|      608 | **conv1** | `28x28x8` |
|    3,216 | conv2     |           |
""",
    "yaml": """
- {layer: conv1, output: [28, 28, 8], params: 608}
- conv2: {params: (5·5·8 + 1)·16 = 3216, flops: 640 000}
""",
    "mapping.yaml": """
conv1: {output: 28x28x8}
maxpool1: {output: 14x14x8, params: 0, macs: -}
total: {params: 7834}
""",
    "order.csv": """Layer,Activation shape,Activation Size,# parameters
Input,32x32x3,3072,0
CONV1 f5 s1,28x28x8,6272,608
POOL1,14x14x8,1568,0
CONV2,10x10x16,1600,3216
POOL2,5x5x16,400,0
Softmax,10x1,10,4010
""",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)


@pytest.mark.parametrize("name", GOOD)
def test_every_form_of_right_answers(cnncalc: Runner, name: str) -> None:
    file = name if "." in name else f"answers.{name}"
    Path(file).write_text(GOOD[name], "utf-8")
    done = cnncalc("check", "net.yaml", file, "--format", "json")
    wrong = [mark for mark in done.json["files"][0]["marks"] if mark["verdict"] not in ("right", "blank")]
    assert not wrong and not done.err
    assert done.code == (1 if "blank" in done.out else 0)


def test_what_cannot_be_read_has_a_place_and_the_rest_is_marked(cnncalc: Runner) -> None:
    Path("bad.csv").write_text(
        "layer,colour,params,output\nconv1,red,six hundred,28x28x8\nconv9,,3,\n,,4,\nfc,,4010,10\n"
    )
    done = cnncalc("check", "net.yaml", "bad.csv")
    assert done.code == 1
    assert "bad.csv:1:7: error[A102]: there is no column 'colour'" in done.err
    assert "bad.csv:2:11: error[A104]: params: 'six hundred' is not a number" in done.err
    assert "bad.csv:3:1: error[A103]: the network has no layer 'conv9' here" in done.err
    assert "bad.csv:4:1: error[A103]: this row does not name its layer" in done.err
    assert "3 of 6 right" in done.out


def test_a_file_without_a_table(cnncalc: Runner) -> None:
    Path("empty.md").write_text("I did not do it.\n")
    Path("good.csv").write_text("layer,params\nconv1,608\n")
    done = cnncalc("check", "net.yaml", "empty.md", "good.csv")
    assert done.code == 1
    assert "empty.md:1:1: error[A101]" in done.err
    assert "1 of 1 right" in done.out


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("params,600", "forgot-bias"),
        ("params,601", "one-bias-per-layer"),
        ("params,208", "forgot-input-channels"),
        ("params,76", "one-filter"),
        ("params,6272", "activations-as-params"),
        ("params,0.6K", "rounded"),
        ("output,27x27x8", "no-plus-one"),
        ("output,32x32x8", "same-assumed"),
        ("output,28x28x3", "kept-channels"),
        ("output,28x28x24", "multiplied-channels"),
        ("macs,940800", "flops-as-macs"),
        ("macs,470.4", "unit-thousand-less"),
        ("macs,156800", "macs-forgot-input-channels"),
        ("macs,476672", "macs-with-bias"),
        ("field,6", "field-whole-kernel"),
        ("params,777", None),
    ],
)
def test_the_mistake_is_named(cnncalc: Runner, cell: str, key: str | None) -> None:
    column, answer = cell.split(",")
    Path("one.csv").write_text(f"layer,{column}\nconv1,{answer}\n")
    done = cnncalc("check", "net.yaml", "one.csv", "--format", "json")
    (mark,) = done.json["files"][0]["marks"]
    assert mark["verdict"] == "wrong" and mark["mistake"] == key
    if key is None:
        assert mark["explanation"] == "no known mistake gives this"


LAYERS = [
    ("3x9x7", "conv: {filters: 4, kernel: 3, padding: 1}", "output", "4x7x9", "swapped"),
    ("3x9x9", "conv: {filters: 4, kernel: 3, stride: 2, padding: 2}", "output", "4x5x5", "padding-once"),
    ("3x10x10", "conv: {filters: 4, kernel: 3, stride: 2}", "output", "4x5x5", "ceil-for-floor"),
    ("3x10x10", "conv: {filters: 4, kernel: 3, stride: 2}", "output", "4x8x8", "stride-ignored"),
    ("3x10x10", "conv: {filters: 4, kernel: 3, dilation: 2}", "output", "4x8x8", "dilation-ignored"),
    ("4x5x5", "conv_transpose: {filters: 2, kernel: 3, stride: 2}", "output", "2x2x2", "transposed-inverted"),
    ("8x5x5", "conv: {filters: 4, kernel: 3, groups: 2}", "params", "292", "forgot-groups"),
    ("8x5x5", "batchnorm:", "params", "32", "running-statistics"),
    ("8x6x6", "maxpool: 2", "params", "8*4", "pool-kernel"),
    ("4x5x5", "conv_transpose: {filters: 2, kernel: 2, stride: 2}", "macs", "3200", "macs-output-positions"),
]


@pytest.mark.parametrize(("input", "layer", "column", "answer", "key"), LAYERS, ids=lambda part: str(part)[:24])
def test_mistakes_of_other_layers(cnncalc: Runner, input: str, layer: str, column: str, answer: str, key: str) -> None:
    Path("other.yaml").write_text(f"layout: channels_first\ninput: {input}\nlayers:\n  - {layer}\n    name: it\n")
    Path("one.csv").write_text(f"layer,{column}\nit,{answer}\n")
    done = cnncalc("check", "other.yaml", "one.csv", "--format", "json")
    assert [mark["mistake"] for mark in done.json["files"][0]["marks"]] == [key]


def test_an_error_is_counted_where_it_is_made(cnncalc: Runner) -> None:
    Path("one.csv").write_text(
        "layer,output,size,params\nconv1,28x28x6,4704,456\nmaxpool1,14x14x6,1176,0\nconv2,,,2416\n"
    )
    done = cnncalc("check", "net.yaml", "one.csv", "--format", "json")
    marks = {(mark["layer"], mark["key"]): mark["mistake"] for mark in done.json["files"][0]["marks"]}
    assert marks["conv1", "output"] == "not-the-filters"
    assert {key for key, mistake in marks.items() if mistake == "carried"} == {
        ("conv1", "size"), ("conv1", "params"), ("maxpool1", "output"), ("maxpool1", "size"), ("conv2", "params")
    }  # fmt: skip


def test_rounded_figures_can_be_let_pass(cnncalc: Runner) -> None:
    Path("one.csv").write_text("layer,params,macs\nconv2,3.2K,0.32M\n")
    assert cnncalc("check", "net.yaml", "one.csv").code == 1
    assert cnncalc("check", "net.yaml", "one.csv", "--rounded").code == 0


RIGHT = {"conv1": ("28x28x8", 608), "maxpool1": ("14x14x8", 0), "conv2": ("10x10x16", 3216), "fc": ("10", 4010)}
WRONG = {"conv1": 208, "conv2": 3200, "fc": 4001}
NAMED = {208: "forgot-input-channels", 3200: "forgot-bias", 4001: "one-bias-per-layer"}


def test_a_class_of_thirty(cnncalc: Runner) -> None:
    dice = random.Random(5)
    made: dict[str, list[int]] = {}
    for student in range(30):
        file = f"student{student:02}.{('csv', 'md', 'yaml')[student % 3]}"
        slips = {layer: figure for layer, figure in WRONG.items() if dice.random() < 0.4}
        made[file] = list(slips.values())
        rows = [(layer, output, slips.get(layer, params)) for layer, (output, params) in RIGHT.items()]
        if file.endswith("csv"):
            text = "layer,output,params\n" + "".join(f'{a},"{b}",{c}\n' for a, b, c in rows)
        elif file.endswith("md"):
            text = "| layer | output | params |\n|-|-|-|\n" + "".join(f"| {a} | {b} | {c:,} |\n" for a, b, c in rows)
        else:
            text = "".join(f"- {{layer: {a}, output: {b}, params: {c}}}\n" for a, b, c in rows)
        Path(file).write_text(text)
    done = cnncalc("check", "net.yaml", *sorted(made), "--format", "json")
    assert done.code == 1 and len(done.json["files"]) == 30
    for one in done.json["files"]:
        figures = made[one["file"]]
        assert one["right"] == one["of"] - len(figures) == 8 - len(figures)
        named = [mark["mistake"] for mark in one["marks"] if mark["verdict"] == "wrong"]
        assert sorted(named) == sorted(NAMED[figure] for figure in figures)
    table = cnncalc("check", "net.yaml", *sorted(made)).out
    assert table.count("student") == 30 and "Commonest mistakes, by files:" in table
    assert "student02.yaml:" in cnncalc("check", "net.yaml", *sorted(made), "--details").out


def test_answers_need_one_spec(cnncalc: Runner) -> None:
    Path("one.csv").write_text("layer,params\nconv1,608\n")
    assert cnncalc("check", "net.yaml", "lenet5", "one.csv").code == 2
    assert cnncalc("check", "net.yaml", "--answers", "one.csv").code == 0
    assert cnncalc("check", "net.yaml", "nowhere.csv").code == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [("48,120", 48120), ("48 120", 48120), ("48'120", 48120), ("1_000", 1000), ("61.7K", 61700), ("1.2e6", 1200000),
     ("1.234.567", 1234567), ("5*5*3*6 + 6", 456), ("(5×5×3+1)×6 = 456", 456), ("456 params", 456), ("3 x 4", 12)],
)  # fmt: skip
def test_numbers(text: str, value: int) -> None:
    assert number(text).value == value


@pytest.mark.parametrize("text", ["six", "1 apple", "", "2**", "10**999999", "1e99", "__import__('os')"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(UnreadableError):
        number(text)


@pytest.mark.parametrize("text", ["28x28x6", "(28,28,6)", "[28, 28, 6]", "28 × 28 × 6", "(None, 28, 28, 6)", "28*28*6"])
def test_shapes(text: str) -> None:
    assert shape(text) == (28, 28, 6)


def test_mistakes_have_keys_of_their_own() -> None:
    keys = [mistake.key for mistake in MISTAKES]
    assert len(keys) == len(set(keys))
