"""What the README shows is what happens.  `pytest tests/test_readme.py --update` rewrites the outputs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

import cnncalc
from cnncalc.cli.app import COMMANDS
from cnncalc.layers import registry
from tests.cli.transcript import exchanges, result

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
TYPO = "input: 1x28x28\nlayers:\n  - conv: {filter: 6, kernel: 5}\n"
HOMEWORK = "layer,params\nconv1,156\nconv2,416\nfc,4010\n"


def blocks(language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(README.read_text("utf-8")) if kind == language]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files the README speaks of."""
    first = next(body for body in blocks("yaml") if "# digits.yaml" in body)
    (tmp_path / "digits.yaml").write_text(first)
    (tmp_path / "typo.yaml").write_text(TYPO)
    (tmp_path / "anna.csv").write_text(HOMEWORK)
    picture = Image.new("L", (24, 16))
    picture.putdata([(x * y) % 256 for y in range(16) for x in range(24)])
    picture.save(tmp_path / "cat.png")
    monkeypatch.chdir(tmp_path)


def test_console_blocks(update: bool) -> None:
    text = README.read_text("utf-8")
    for body in blocks("console"):
        got = "\n\n".join(f"$ {one.command}\n{result(one.command)}" for one in exchanges(body)) + "\n"
        if update:
            text = text.replace(f"```console\n{body}```", f"```console\n{got}```")
        else:
            assert body == got
    if update:
        README.write_text(text, "utf-8")


def test_specs_run() -> None:
    for body in blocks("yaml"):
        assert cnncalc.loads(body).summary().totals.macs > 0


def test_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for body in blocks("python"):
        exec(compile(body, "README.md", "exec"), {})
    assert "[64, 3, 3, 3]" in capsys.readouterr().out


def table_commands() -> list[str]:
    rows = [line for line in README.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [command for row in rows for command in re.findall(r"`(cnncalc [^`]+)`", row)]


@pytest.mark.parametrize("command", table_commands())
def test_commands_of_the_table(command: str) -> None:
    shown = result(command)
    assert shown
    assert "[exit" not in shown or "[exit 1]" in shown  # a difference found is an answer too


def test_the_language_page_shows_what_it_names() -> None:
    text = README.read_text("utf-8")
    for command in COMMANDS:
        assert f"`{command}`" in text or f"`cnncalc {command} " in text, f"the README does not show `{command}`"
    for name in re.findall(r"cnncalc layers (\w+)", text):
        assert name in registry()


def test_it_stays_readable() -> None:
    assert len(README.read_text("utf-8").splitlines()) < 200
