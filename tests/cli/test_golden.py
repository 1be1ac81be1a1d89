"""Printed output, compared to the letter, and the figures in it added up again.

Each file in `cases/` is a transcript: `$ cnncalc …` and what it prints.  Its name ends in the width.
`pytest tests/cli --update` rewrites them: read the difference before you keep it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.transcript import exchanges, result

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_transcript(path: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    width = int(path.stem.rsplit("_", 1)[1])
    asked = list(exchanges(path.read_text("utf-8")))
    assert asked
    got = [(exchange.command, result(exchange.command, width)) for exchange in asked]
    if update:
        path.write_text("\n\n".join(f"$ {command}\n{output}" for command, output in got) + "\n", "utf-8")
    assert got == [(exchange.command, exchange.output) for exchange in asked]


EXACT = [path for path in CASES if "--exact" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.stem)
def test_columns_add_up_to_the_totals_printed(path: Path) -> None:
    for exchange in exchanges(path.read_text("utf-8")):
        if "--exact" not in exchange.command or "--depth" in exchange.command:
            continue
        header = next(line for line in exchange.output.splitlines() if line.startswith("Layer"))
        for column, total in (("Params", "Parameters"), ("MACs", "MACs")):
            end = header.index(column) + len(column)
            figures = [_figure_ending_at(line, end) for line in _rows(exchange.output)]
            printed = re.search(rf"^{total} +([\d,]+)", exchange.output, re.MULTILINE)
            assert printed
            assert sum(figures) == int(printed[1].replace(",", ""))


def _rows(output: str) -> list[str]:
    lines = output.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("---")) + 1
    return lines[first : lines.index("", first)]


def _figure_ending_at(line: str, end: int) -> int:
    text = line[:end].rsplit("  ", 1)[-1].strip().rsplit(" ", 1)[-1]
    return int(text.replace(",", "")) if re.fullmatch(r"[\d,]+", text) and line[end - 1 : end].isdigit() else 0
