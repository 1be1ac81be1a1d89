"""`cnncalc list`."""

from __future__ import annotations

import csv
import io

import pytest

import cnncalc as library
from cnncalc.cli.common import UsageError
from cnncalc.cli.counts import parse_count
from cnncalc.spec.catalogue import catalogue
from cnncalc.spec.files import shipped_files
from tests.cli.running import Runner

LIMITS = ["--max-params", "5M", "--max-macs", "300M"]


def names(runner: Runner, *arguments: str) -> list[str]:
    return [spec["name"] for spec in runner("list", *arguments, "-f", "json").json["specs"]]


def test_every_file_and_preset_is_listed_with_its_figures() -> None:
    entries, problems = catalogue()
    assert problems == []
    assert {entry.spec for entry in entries} == set(shipped_files())
    for entry in entries:
        assert entry.params is not None and entry.macs is not None, entry
        assert entry.family and entry.task != "other", entry
        assert entry.outputs, entry


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "efficientnet_b3", "fcn_resnet50", "siamese", "r2plus1d_18"])
def test_an_entry_tells_what_the_network_is(name: str) -> None:
    (entry,) = [entry for entry in catalogue()[0] if entry.name == name]
    network = library.load(name)
    totals = network.summary().totals
    assert (entry.params, entry.macs) == (totals.trainable, totals.macs)
    assert entry.inputs == {key: network.graph.nodes[index].shape for key, index in network.graph.inputs.items()}
    shapes = [network.graph.nodes[index].shape for index in network.graph.outputs.values()]
    assert list(entry.outputs.values()) == shapes


def test_every_listed_name_can_be_typed() -> None:
    from cnncalc.spec.files import find

    for entry in catalogue()[0]:
        typed, _, preset = entry.name.partition(" --preset ")
        found = find(typed)
        assert (found.path.stem, found.preset or preset or None) == (entry.spec, entry.preset)


def test_the_table_is_grouped_by_task_and_family(cnncalc: Runner) -> None:
    done = cnncalc("list", "densenet", "unet")
    assert done.code == 0 and done.out == "" and "no network fits" in done.err
    lines = cnncalc("list", "--family", "densenet").out.splitlines()
    assert lines[2] == "Classification" and lines[3] == "  DenseNet"
    assert any(line.split()[0] == "densenet121" and "7.98 M" in line and "2.83 G" in line for line in lines[4:-2])
    assert "Segmentation" in cnncalc("list").out


def test_words_are_searched_in_names_titles_families_and_tasks(cnncalc: Runner) -> None:
    assert "lenet5" in names(cnncalc, "lenet") and "googlenet" not in names(cnncalc, "lenet")
    assert set(names(cnncalc, "RESNET", "segmentation")) == {
        "fcn_resnet50", "fcn_resnet50_noaux", "fcn_resnet101", "fcn_resnet101_noaux",
        "deeplabv3_resnet50", "deeplabv3_resnet50_noaux", "deeplabv3_resnet101", "deeplabv3_resnet101_noaux",
    }  # fmt: skip
    assert "resnet50" in names(cnncalc, "50")
    assert names(cnncalc, "esnet18") == ["resnet18"], "inside words, if nothing starts so"


def test_limits(cnncalc: Runner) -> None:
    small = cnncalc("list", *LIMITS, "-f", "json").json["specs"]
    assert "shufflenet_v2_x1_0" in [spec["name"] for spec in small]
    assert all(spec["params"] <= 5_000_000 and spec["macs"] <= 300_000_000 for spec in small)
    large = cnncalc("list", "--min-params", "0.1G", "--min-macs", "10_000M", "-f", "json").json["specs"]
    assert large and all(spec["params"] >= 100_000_000 and spec["macs"] >= 10**10 for spec in large)
    assert set(names(cnncalc, "--task", "video")) >= {"r3d_18", "mc3_18"}


def test_csv_and_markdown(cnncalc: Runner) -> None:
    rows = list(csv.DictReader(io.StringIO(cnncalc("list", "vgg", "-f", "csv").out)))
    (vgg,) = [row for row in rows if row["name"] == "vgg16"]
    assert (vgg["params"], vgg["macs"], vgg["input"]) == ("138357544", "15470264320", "3x224x224")
    lines = cnncalc("list", "vgg", "-f", "markdown").out.splitlines()
    assert len(lines) == len(rows) + 2 and "`vgg16`" in "".join(lines)


def test_narrow_terminals_keep_names_and_figures(cnncalc: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = cnncalc("list", "--task", "segmentation").out
    assert max(map(len, out.splitlines())) <= 80
    assert "deeplabv3_mobilenet_v3_large_noaux" in out and "10.44 G" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--family", "resnat"], "there is no family 'resnat': did you mean 'resnet'?"),
        (["--task", "x"], "there is no task 'x': there are"),
        (["--max-params", "5m"], "--max-params 5m: write 5M"),
        (["--format", "xml"], "xml"),
    ],
)
def test_usage(cnncalc: Runner, arguments: list[str], told: str) -> None:
    done = cnncalc("list", *arguments)
    assert done.code == 2 and told in done.err and done.out == ""


def test_nothing_found_is_said_with_a_suggestion(cnncalc: Runner) -> None:
    done = cnncalc("list", "mobilnet")
    assert done.code == 0 and "did you mean 'mobilenet'?" in done.err
    assert cnncalc("list", "qqqq", "-f", "json").json["specs"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("5M", 5_000_000), ("300_000", 300_000), ("1.5G", 1_500_000_000), ("0.1 k", 100), ("2T", 2 * 10**12), ("7", 7)],
)
def test_counts(text: str, value: int) -> None:
    assert parse_count("--max-macs", text) == value


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("5m", "write 5M"),
        ("5MB", "not bytes: write 5M"),
        ("5,000", "write 5_000"),
        ("1,5M", "write 1.5M"),
        ("-3", "negative"),
        ("1e6", "suffix"),
        ("1.5", "not a whole number"),
        ("", "300_000, 5M, 1.5G"),
        ("5__0", "300_000"),
        ("9" * 99, "300_000"),
        ("5 apples", "no suffix 'apples'"),
    ],
)
def test_counts_that_are_none(text: str, advice: str) -> None:
    with pytest.raises(UsageError, match=advice.replace(".", r"\.")):
        parse_count("--max-params", text)
