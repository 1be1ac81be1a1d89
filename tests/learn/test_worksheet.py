"""Exercise sheets and quizzes: what is asked has an answer, and the key gets full marks."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

import cnncalc as package
from cnncalc.analysis.worksheet import random_spec, worksheet
from tests.cli.running import Runner


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("difficulty", ["1", "2", "3"])
@pytest.mark.parametrize("spec", ["lenet5", "alexnet", "squeezenet1_0", "dcgan_generator", "textcnn", "inception_v3"])
def test_the_key_gets_full_marks(cnncalc: Runner, spec: str, difficulty: str) -> None:
    assert cnncalc("worksheet", spec, "-d", difficulty, "--seed", "3", "--key", "-o", "key.md").code == 0
    done = cnncalc("check", spec, "key.md")
    assert done.code == 0, done.out + done.err
    assert "100 %" in done.out


@pytest.mark.parametrize("seed", range(12))
def test_made_up_networks(cnncalc: Runner, seed: int) -> None:
    more = ["--random", "--seed", str(seed), "-d", str(seed % 3 + 1)]
    assert cnncalc("worksheet", *more, "--format", "spec", "-o", "net.yaml").code == 0
    assert cnncalc("worksheet", *more, "--key", "-o", "key.md").code == 0
    done = cnncalc("check", "net.yaml", "key.md")
    assert done.code == 0, done.out + done.err


def test_every_seed_makes_a_network() -> None:
    for seed in range(150):
        for difficulty in (1, 2, 3):
            package.loads(random_spec(seed, difficulty)).graph.validate()


def test_an_empty_sheet_is_not_wrong_but_blank(cnncalc: Runner) -> None:
    cnncalc("worksheet", "lenet5", "-o", "sheet.md")
    done = cnncalc("check", "lenet5", "sheet.md", "--format", "json")
    verdicts = [mark["verdict"] for mark in done.json["files"][0]["marks"]]
    assert set(verdicts) == {"right", "blank"} and done.code == 1
    assert verdicts.count("blank") == Path("sheet.md").read_text().count("____")


def test_the_seed_decides(cnncalc: Runner) -> None:
    one, same, other = (cnncalc("worksheet", "lenet5", "--seed", seed).out for seed in ("1", "1", "2"))
    assert one == same != other
    harder = [len(worksheet(package.load("vgg16").summary(), 1, level).blanks) for level in (1, 2, 3)]
    assert harder == sorted(harder)


def test_latex_is_balanced(cnncalc: Runner) -> None:
    out = cnncalc("worksheet", "lenet5", "--format", "latex").out
    assert out.count(r"\begin{") == out.count(r"\end{") and r"\underline{\hspace" in out
    assert len({line.count("&") for line in out.splitlines() if line.endswith(r"\\")}) == 1


def test_json(cnncalc: Runner) -> None:
    found = cnncalc("worksheet", "lenet5", "--format", "json").json
    assert found["layers"][1]["figures"]["params"] == 156


def test_either_a_spec_or_random(cnncalc: Runner) -> None:
    assert cnncalc("worksheet").code == 2 and cnncalc("worksheet", "lenet5", "--random").code == 2


def test_quiz(cnncalc: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = worksheet(package.load("lenet5").summary(), 0, 1).blanks
    entry = questions[0][1]
    assert entry.key in ("output", "params")
    right = "x".join(map(str, entry.value)) if isinstance(entry.value, tuple) else str(entry.value)
    answers = [right, "7", "seven", ""]
    monkeypatch.setattr("sys.stdin", StringIO("\n".join(answers) + "\n"))
    done = cnncalc("quiz", "lenet5", "-d", "1", "--count", "5")
    assert done.code == 0
    assert "\nRight." in done.out.replace(": Right.", ":\nRight.") and "1 of 3 right." in done.out
    assert "It is " in done.out and "cannot be read" in done.out


def test_quiz_explains(cnncalc: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("net.yaml").write_text("input: 3x9x9\nlayers: [{conv: {filters: 8, kernel: 5}}]\n")
    summary = package.load("net.yaml").summary()
    seed = next(s for s in range(99) if [e.key for _, e in worksheet(summary, s, 1).blanks] == ["params"])
    monkeypatch.setattr("sys.stdin", StringIO("208\n"))
    out = cnncalc("quiz", "net.yaml", "-d", "1", "--seed", str(seed)).out
    assert "forgot the 3 input channels: every filter has a kernel for each: 8*25 + 1*8 = 208" in out
