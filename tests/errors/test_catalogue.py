"""The catalogue of mistakes: each file in `cases/` is one, and the `.out` beside it is what is said.

A case is a spec (`.yaml`), given to `cnncalc summary` unless a line `# command: …` or `# options: …`
says otherwise, or a command line alone (`.args`).  `pytest tests/errors --update` rewrites the
expected output: read the difference before you keep it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli.app import run
from cnncalc.cli.status import Status
from tests.errors.generated import GENERATED

CASES = Path(__file__).parent / "cases"
PACKAGE = Path(cnncalc.__file__).parent
MISTAKES = sorted([*CASES.glob("E*.yaml"), *CASES.glob("E*.args")])
WARNINGS = sorted(CASES.glob("L*.yaml"))
NAMES = {path.stem for path in [*MISTAKES, *WARNINGS]} | GENERATED.keys()
AT_FILE_START = {
    "E105_directive",
    "E110_empty",
    "E110_only_comments",
    "E111_utf16",
    "E113_spec_is_a_list",
    "E116_no_layers",
    "E116_only_blocks",
    "E205_top_typo",
    "E309_option",
}
"""The cases whose mistake really is at the first character, or that have no better place."""
WITHOUT_PLACE = {
    "E204_option_of_two_inputs",
    "E207_set_unknown",
    "E207_set_without_variables",
    "E208_no_presets",
    "E208_preset_unknown",
    "E209_a_folder",
    "E209_no_such_file",
    "E209_shipped_name_typo",
    "E501_file_too_large",
}
"""The cases whose mistake is in the command, not in a file, or is the file as a whole."""


def arguments(case: Path) -> list[str]:
    """The command line of a case."""
    text = case.read_bytes().decode("latin-1")
    if case.suffix == ".args":
        return text.split()
    command = re.search(r"^# command: (.*)$", text, re.MULTILINE)
    options = re.search(r"^# options: (.*)$", text, re.MULTILINE)
    return [*(command[1].split() if command else ["summary"]), case.name, *(options[1].split() if options else [])]


def compare(name: str, got: str, update: bool) -> None:
    """Hold what was said against the `.out` file."""
    expected = CASES / f"{name}.out"
    if update:
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")


def said(command: list[str], capsys: pytest.CaptureFixture[str], code: str) -> str:
    """What a command that must fail with `code` first says on standard error."""
    status = run(command)
    out, err = capsys.readouterr()
    limits_only = all(found.startswith("E5") for found in re.findall(r"error\[(E\d+)\]", err))
    assert status == (Status.LIMIT if limits_only else Status.SPEC)
    assert not out or command[0] != "summary"
    assert f"error[{code}]" in err.splitlines()[0]
    return err


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case.stem)
def test_mistake(case: Path, update: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(CASES)
    compare(case.stem, said(arguments(case), capsys, case.stem.split("_")[0]), update)


@pytest.mark.parametrize("name", GENERATED)
def test_large_mistake(
    name: str, update: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.yaml").write_bytes(GENERATED[name])
    compare(name, said(["summary", f"{name}.yaml"], capsys, name.split("_")[0]), update)


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.stem)
def test_warning(case: Path, update: bool) -> None:
    diagnostics = cnncalc.loads(case.read_text("utf-8"), filename=case.name).summary().diagnostics
    assert [diagnostic.code for diagnostic in diagnostics] == [case.stem.split("_")[0]]
    compare(case.stem, "\n".join(map(str, diagnostics)) + "\n", update)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_diagnostic_has_a_place_and_a_help(name: str) -> None:
    text = (CASES / f"{name}.out").read_text("utf-8")
    heads = re.findall(r"^(?:(\S+): )?(?:error|warning)\[", text, re.MULTILINE)
    assert len(re.findall(r"^ +\| *\^", text, re.MULTILINE)) == sum(1 for head in heads if head)
    assert len(re.findall(r"= help: ", text)) == len(heads)
    assert all(heads) != (name in WITHOUT_PLACE)
    assert heads[0].endswith(":1:1") == (name in AT_FILE_START), "the start of the file is hardly the place"


def test_no_output_is_left_over() -> None:
    assert {out.stem for out in CASES.glob("*.out")} == NAMES


SPEC_CODES = ("E1", "E2", "E3", "E4", "E5")
"""What `summary` and `check` say of specs.  Lint rules and device files have tests of their own, and every
code has a page whose example a test runs."""


def test_every_code_has_a_case() -> None:
    raised = {
        code for path in PACKAGE.rglob("*.py") for code in re.findall(r"\"([EL]\d{3})\"", path.read_text("utf-8"))
    }
    specs = {code for code in raised if code[:2] in SPEC_CODES or code == "L101"}
    assert specs == {name.split("_")[0] for name in NAMES}
