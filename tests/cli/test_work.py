"""The commands that take work apart: formats, exit codes, and what a wrong call is told."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Runner

CALLS = (
    ("work", "lenet5"),
    ("work", "resnet18", "--by", "block", "--depth", "2", "--count", "fvcore"),
    ("reconcile", "lenet5", "416520"),
    ("roofline", "lenet5", "--device", "t4"),
)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_format(cnncalc: Runner, call: tuple[str, ...]) -> None:
    assert cnncalc(*call).out.strip()
    found = cnncalc(*call, "--format", "json").json
    assert found["schema"] == f"cnncalc.{call[0]}/1"
    rows = list(csv.reader(io.StringIO(cnncalc(*call, "--format", "csv").out)))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1
    markdown = cnncalc(*call, "--format", "markdown").out
    assert markdown.startswith("### ")
    assert "|" in markdown


def test_csv_adds_up(cnncalc: Runner) -> None:
    rows = list(csv.DictReader(io.StringIO(cnncalc("work", "resnet50", "--count", "thop", "--format", "csv").out)))
    assert sum(int(row["macs"]) for row in rows) == 4_089_184_256
    assert sum(int(row["counted"]) for row in rows) == 4_133_742_592


def test_all_tools(cnncalc: Runner) -> None:
    found = cnncalc("work", "resnet50", "--count", "all", "--format", "json").json
    totals = {count["name"]: count["total"] for count in found["counts"]}
    assert (totals["torchinfo"], totals["fvcore"], totals["flopth"]) == (4_089_238_376, 4_111_512_576, 4_118_637_568)


def test_modules(cnncalc: Runner) -> None:
    as_coded = cnncalc("work", "mobilenet_v2", "--count", "thop", "--format", "json").json["count"]
    modules = cnncalc("work", "mobilenet_v2", "--count", "thop", "--modules", "--format", "json").json["count"]
    assert as_coded["called"] == {"function": ["global_avgpool"]}
    assert modules["total"] - as_coded["total"] == 1280 * 50
    assert modules["called"] == {}


def test_exit_codes_of_reconcile(cnncalc: Runner) -> None:
    assert cnncalc("reconcile", "resnet50", "4.12G").code == 0
    none = cnncalc("reconcile", "resnet50", "4133742593")
    assert none.code == 1
    assert "None" in none.out
    assert cnncalc("reconcile", "resnet50", "4.12G", "--params", "26.6M").code == 1
    assert cnncalc("reconcile", "resnet50", "--params", "25.6M").code == 0


def test_reading_a_spec_from_a_pipe_and_writing_a_file(cnncalc: Runner, tmp_path: Path) -> None:
    spec = tmp_path / "tiny.yaml"
    spec.write_text("input: 3x8x8\nlayers: [conv: {filters: 4, kernel: 3}, relu]\n", "utf-8")
    out = tmp_path / "work.md"
    assert cnncalc("work", str(spec), "--format", "markdown", "-o", str(out)).code == 0
    assert "conv" in out.read_text("utf-8")
    assert cnncalc("work", str(spec), "-o", str(out)).code == 2
    assert cnncalc("work", str(spec), "-o", str(out), "--force").code == 0


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (("work", "resnet51"), 3, "E"),
        (("work", "lenet5", "--batch", "-1"), 2, "batch"),
        (("work", "lenet5", "--count", "thopp"), 2, "did you mean 'thop'"),
        (("work", "lenet5", "--by", "kind"), 2, "by must be one of"),
        (("reconcile", "lenet5"), 2, "give a figure"),
        (("reconcile", "lenet5", "16 GigaByte"), 3, "E610"),
        (("reconcile", "lenet5", "--params", "many"), 3, "E610"),
        (("roofline", "lenet5"), 2, "device"),
        (("roofline", "lenet5", "--device", "v10"), 3, "did you mean 'v100'"),
        (("roofline", "lenet5", "--device", "t4", "--dtype", "float64"), 2, "states no peak"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_calls(cnncalc: Runner, call: tuple[str, ...], code: int, said: str) -> None:
    ended = cnncalc(*call)
    assert ended.code == code
    assert said in ended.err
    assert not ended.out


def test_a_summary_does_not_load_them() -> None:
    code = "import cnncalc, sys; cnncalc.load('lenet5').summary(); print(' '.join(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    names = "planning analysis.work analysis.counting analysis.profiles analysis.reconcile analysis.roofline"
    assert not loaded & {f"cnncalc.{name}" for name in f"{names} layers.effort spec.devices".split()}
