"""What is made to break the program is refused at once, in bounded memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli.app import run
from cnncalc.cli.status import Status
from tests.fuzz.bombs import BOMBS
from tests.fuzz.bounds import limits, outcome

SECRET = "hunter2"


@pytest.mark.parametrize("name", BOMBS)
def test_bomb(name: str) -> None:
    text, expected = BOMBS[name]
    with limits():
        assert outcome(text) == expected


# -- imports -----------------------------------------------------------------------------------------


def importing(folder: Path, what: str | Path) -> cnncalc.SpecError:
    """The error of a spec that imports something."""
    spec = folder / "net.yaml"
    spec.write_text(f'input: 8\nimport: ["{what}"]\nlayers: [relu]\n')
    with limits(), pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.load(spec)
    return caught.value


def test_imports_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("import: [net.yaml]\nblocks: {a: {do: [relu]}}\n")
    assert importing(tmp_path, "a.yaml").diagnostics[0].code == "E210"
    assert importing(tmp_path, "net.yaml").diagnostics[0].code == "E210"


def test_imports_without_an_end(tmp_path: Path) -> None:
    for i in range(200):
        (tmp_path / f"s{i}.yaml").write_text(f"import: [s{i + 1}.yaml]\nblocks: {{b{i}: {{do: [relu]}}}}\n")
    assert importing(tmp_path, "s0.yaml").diagnostics[0].code == "E505"


@pytest.mark.parametrize("name", ["/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "..", "/", "", "\\0"])
def test_files_that_are_no_specs_are_not_imported(name: str, tmp_path: Path) -> None:
    assert importing(tmp_path, name).diagnostics[0].code in ("E209", "E111")


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "/proc/self/environ"])
def test_links_to_files_that_are_no_specs_show_nothing_of_them(target: str, tmp_path: Path) -> None:
    (tmp_path / "blocks.yaml").symlink_to(target)
    error = importing(tmp_path, "blocks.yaml")
    assert error.diagnostics[0].code in ("E209", "E210")
    assert "root:" not in str(error) and "PATH" not in str(error)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "blocks.yaml")
    assert importing(tmp_path, "blocks.yaml").diagnostics[0].code == "E209"
    assert run(["summary", str(tmp_path / "blocks.yaml")]) == Status.SPEC


@pytest.mark.parametrize(
    "text",
    [
        f"password: {SECRET}\n",
        f"users:\n  - {{name: root, password: {SECRET}}}\n",
        f"- {SECRET}\n",
        f"{SECRET}\n",
        f"{SECRET}: [\n",
        f"password: '{SECRET}\n",
        f"\t{SECRET}: 3\n",
        f"password: &{SECRET} x\n",
        f"password: !{SECRET} x\n",
        f"{SECRET}: 1\n{SECRET}: 2\n",
        f"a: {{{SECRET}}}\n",
        f"\0{SECRET}",
    ],
)
def test_the_text_of_a_file_that_is_no_spec_is_not_shown(text: str, tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text(text)
    error = importing(tmp_path, "secrets.yaml")
    assert error.diagnostics[0].code == "E210"
    assert SECRET not in str(error) + repr([diagnostic.to_dict() for diagnostic in error.diagnostics])


# -- the command ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", ".", "/", "/dev/null", "/dev/zero", "no/such/file.yaml", "a" * 5_000, "\ud800", "~"]
)
def test_names_that_are_no_specs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with limits():
        assert run(["summary", name]) == Status.SPEC
    assert "E209" in capsys.readouterr().err


@pytest.mark.parametrize(
    "value", ["9**9**9", "[1,2", "&x", "!!python/object:os.system", "9" * 6_000, "{x: 1}", "'", "\\"]
)
def test_values_of_variables(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with limits():
        assert run(["summary", "lenet5", "--set", f"classes={value}"]) in (Status.SPEC, Status.LIMIT)
    assert "Traceback" not in capsys.readouterr().err
