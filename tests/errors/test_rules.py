"""Every code has a page, whose example gives the code and whose correction runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis.lint import lint
from cnncalc.cli.app import run
from cnncalc.cli.status import Status
from cnncalc.rules import HEADINGS, Rule, codes, find, rules
from tests.cli.transcript import result

RULES = rules()
PACKAGE = Path(cnncalc.__file__).parent


def planners(spec: str) -> list[str] | None:
    """The codes of a device file, or of a command that takes a device or a figure; None for a spec."""
    from cnncalc.analysis.typed_figure import read_figure
    from cnncalc.spec.devices import load_device, read_device

    device = re.match(r"# cnncalc roofline \w+ --device (.*)", spec)
    figure = re.match(r"# cnncalc reconcile \w+ (.*)", spec)
    if not device and not figure and "\npeak:" not in spec:
        return None
    try:
        _ = load_device(device[1]) if device else read_figure(figure[1]) if figure else read_device(spec, "device.yaml")
    except cnncalc.SpecError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def expanded(spec: str) -> str:
    """A spec with a line `# … 50,000 more lines like this` carried out."""
    more = re.search(r"^(.*\n)# … ([\d,]+) more lines like this\n", spec, re.MULTILINE)
    return spec.replace(more[0], more[1] * (int(more[2].replace(",", "")) + 1)) if more else spec


def diagnose(spec: str, folder: Path, advice: str = "") -> list[str]:
    """The codes of a spec that stands in `net.yaml`, with the preset its first line asks for.

    Advice is given by `cnncalc lint`: of that, only the code in question counts.
    """
    if (found := planners(spec)) is not None:
        return found
    if spec.startswith("# cnncalc check lenet5"):
        answers = folder / "answers.yaml"
        answers.write_text(spec, "utf-8")
        return re.findall(r"\[(A\d{3})\]", result(f"cnncalc check lenet5 {answers}"))
    path = folder / "net.yaml"
    path.write_text(expanded(spec), "utf-8")
    preset = re.match(r"# cnncalc summary net.yaml --preset (\w+)", spec)
    try:
        summary = cnncalc.load(path, preset=preset[1] if preset else None).summary()
    except cnncalc.SpecError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    if advice.startswith("L"):
        return [diagnostic.code for diagnostic in lint(summary, [advice])]
    return [diagnostic.code for diagnostic in summary.diagnostics]


def test_every_code_has_a_page() -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert set(codes()) == set(re.findall(r"\"([AEL]\d{3})\"", source))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page(rule: Rule, tmp_path: Path) -> None:
    assert tuple(rule.sections) == HEADINGS
    assert len(rule.text.splitlines()) <= 40
    assert all(len(line) <= 110 for line in rule.text.splitlines())
    assert rule.title[0].islower() and not rule.title.endswith(".")
    assert set(diagnose(rule.spec("Example"), tmp_path, rule.code)) == {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_correction_runs(rule: Rule, tmp_path: Path) -> None:
    assert diagnose(rule.spec("Instead"), tmp_path, rule.code) == []


def test_titles_differ() -> None:
    assert len({rule.title for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", ["E201", "e201", "error[E201]"])
def test_a_code_is_found_however_it_is_copied(name: str) -> None:
    rule = find(name)
    assert rule and rule.code == "E201"


def test_command_prints_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "E201"]) == Status.OK
    assert capsys.readouterr().out == (PACKAGE / "rules" / "E201.md").read_text("utf-8")


def test_command_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule"]) == Status.OK
    out = capsys.readouterr().out
    assert all(f"  {rule.code}  {rule.title}\n" in out for rule in RULES)
    assert "Other" not in out


def test_command_writes_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "--format", "json"]) == Status.OK
    listed = json.loads(capsys.readouterr().out)
    assert [rule["code"] for rule in listed["rules"]] == codes()
    assert run(["rule", "E401", "--format", "json"]) == Status.OK
    page = json.loads(capsys.readouterr().out)
    assert page["title"] == "the window does not fit"
    assert {"code", "title", "what", "why", "example", "instead", "markdown"} < page.keys()


@pytest.mark.parametrize("name", ["E299", "nonsense", "../E201", "E2011"])
def test_unknown_code(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", name]) == Status.USAGE
    assert "there is no code" in capsys.readouterr().err


def test_terminal_shows_laid_out_markdown() -> None:
    from io import StringIO

    from rich.console import Console

    from cnncalc.render.rules import print_page

    buffer = StringIO()
    print_page(RULES[0].text, Console(file=buffer, force_terminal=True, width=80, color_system="standard"))
    assert "\x1b[" in buffer.getvalue() and "##" not in buffer.getvalue()
