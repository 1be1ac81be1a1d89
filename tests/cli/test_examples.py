"""The examples in each command's help are commands that work; files they name are in `example_files/`."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from cnncalc.cli.app import COMMANDS
from tests.cli.running import Runner

FILES = Path(__file__).parent / "example_files"


def examples(command: str) -> list[str]:
    """The lines after `Example:` in a command's docstring."""
    text = getattr(import_module(COMMANDS[command]), command).__doc__ or ""
    lines = re.findall(r"^ *Examples?: (cnncalc .+)$", text, re.MULTILINE)
    return [example.strip() for line in lines for example in line.split(";")]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_runs(cnncalc: Runner, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in FILES.glob("*"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = examples(command)
    assert found, f"{command} has no example"
    for example in found:
        words = shlex.split(example)[1:]
        assert words[0] == command
        done = cnncalc(*words)
        assert done.code == 0, done.err
        assert done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_json(cnncalc: Runner, command: str) -> None:
    done = cnncalc(command, "--help")
    assert done.code == 0 and "--format" in done.out and "Example" in done.out
