"""`cnncalc quiz`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.cli.worksheet import DIFFICULTY, RANDOM, SEED, subject

if TYPE_CHECKING:
    from cnncalc.analysis.grading.grade import Grader, Mark


@common.command
def quiz(
    spec: Annotated[str | None, common.SPEC] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    random: Annotated[bool, RANDOM] = False,
    seed: Annotated[int, SEED] = 0,
    difficulty: Annotated[int, DIFFICULTY] = 2,
    count: Annotated[int, typer.Option("--count", "-n", help="How many questions.", min=1)] = 10,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """Questions about a network, one by one; a wrong answer is explained. An empty answer ends it.

    Example: cnncalc quiz lenet5 --count 3
    """
    from cnncalc.analysis.grading.grade import Grader
    from cnncalc.analysis.worksheet import worksheet
    from cnncalc.render import worksheet as render

    network = subject(spec, set, preset, input, random=random, seed=seed, difficulty=difficulty)
    summary = network.summary()
    questions = worksheet(summary, seed, difficulty).blanks[:count]
    grader = Grader(summary)
    marks: list[Mark] = []
    quiet = format is TextFormat.JSON
    typer.echo(f"{network.name}: {len(questions)} questions", err=quiet)
    for line, entry in questions:
        typer.echo(f"\n{line.name} ({render.describe(line)})", err=quiet)
        try:
            answer = typer.prompt(f"{entry.key}: {render.ABOUT[entry.key]}", default="", show_default=False, err=quiet)
        except (typer.Abort, OSError):
            break
        if not answer.strip():
            break
        marks.append(_marked(grader, line.name, entry.key, answer, quiet))
    right = sum(mark.verdict == "right" for mark in marks)
    if quiet:
        import json

        from cnncalc.render.marks import quiz_object

        common.write(json.dumps(quiz_object(network.name, marks), ensure_ascii=False, indent=1), None)
    else:
        typer.echo(f"\n{right} of {len(marks)} right.")


def _marked(grader: Grader, layer: str, key: str, answer: str, quiet: bool) -> Mark:
    """The mark of an answer, told at once."""
    from cnncalc.analysis.grading.sheets import Cell, Record, Sheet
    from cnncalc.render.marks import answer_lines
    from cnncalc.spec.nodes import Source

    record = Record(Cell(layer, 1, 1), ((Cell(key, 1, 1), Cell(answer.strip(), 1, 1)),))
    found = grader.grade(Sheet(Source("answer", answer), (record,)))
    (mark,) = found.marks
    for line in answer_lines(mark, found.layout):
        typer.echo(line, err=quiet)
    return mark
