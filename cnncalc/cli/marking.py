"""Homework for `cnncalc check`: which arguments are answers, and their marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status
from cnncalc.errors import Diagnostic, SpecError

if TYPE_CHECKING:
    from cnncalc.analysis.grading.grade import Marks
    from cnncalc.network import Network

MAX_BYTES = 1 << 20


def divide(arguments: list[str]) -> tuple[list[str], list[Path]]:
    """Specs and answers files among the arguments; the first is always a spec."""
    from cnncalc.analysis.grading.sheets import TABLES, YAMLS, is_answers

    specs: list[str] = arguments[:1]
    answers: list[Path] = []
    for argument in arguments[1:]:
        path = Path(argument)
        known = path.suffix.lower() in (*TABLES, *YAMLS)
        if known and path.is_file() and is_answers(argument, read(path)):
            answers.append(path)
        elif path.suffix.lower() in TABLES:
            raise common.UsageError(f"there is no file {argument}")
        else:
            specs.append(argument)
    return specs, answers


def read(path: Path) -> bytes:
    """The bytes of an answers file.

    Raises:
        UsageError: if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise common.UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None


def mark(network: Network, answers: list[Path], format: TextFormat, *, rounded: bool, details: bool | None) -> Status:
    """Mark the files, print the marks, and tell by the status whether all is right."""
    from cnncalc.analysis.grading.grade import grade

    summary = network.summary()
    marks: list[Marks] = []
    wrong: list[Diagnostic] = []
    for path in answers:
        try:
            marks.append(grade(read(path), str(path), summary, rounded=rounded))
        except SpecError as error:
            wrong += error.diagnostics
    from cnncalc.render import marks as rendered

    if format is TextFormat.JSON:
        import json

        text = json.dumps(
            rendered.marks_object(marks, network.document.source.name, wrong), ensure_ascii=False, indent=1
        )
        common.write(text, None)
    else:
        common.render_console(lambda target: rendered.print_marks(marks, network.name, target, details=details), None)
    common.report((*wrong, *(diagnostic for one in marks for diagnostic in one.diagnostics)))
    return Status.OK if not wrong and all(one.perfect for one in marks) else Status.DIFFERENCE
