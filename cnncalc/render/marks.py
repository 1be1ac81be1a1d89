"""Marked homework, for the student and for the one who marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.grading.grade import Mark, Marks
    from cnncalc.errors import Diagnostic

UNKNOWN = "no known mistake gives this"


def print_marks(marks: Sequence[Marks], network: str, target: Console, *, details: bool | None = None) -> None:
    """One file in detail; of several a table of scores and the commonest mistakes."""
    several = len(marks) > 1
    if several:
        _table(marks, network, target)
    if details or (details is None and not several):
        for one in marks:
            if several:
                target.print()
            _details(one, network, target)


def score(one: Marks) -> str:
    """`14 of 18 right, 78 %; 2 more follow from an earlier answer`."""
    total = len(one.marks)
    more = f"; {one.carried} more would be, but for an earlier answer" if one.carried else ""
    return f"{one.right} of {total} right" + (f", {round(100 * one.right / total)} %" if total else "") + more


def _details(one: Marks, network: str, target: Console) -> None:
    from rich.text import Text

    target.print(Text.assemble((one.name, "bold"), f"  {network}: {score(one)}"), soft_wrap=True)
    if one.by_order:
        target.print("Rows are matched in the order of the layers.", style="dim", soft_wrap=True)
    for mark in one.wrong:
        if mark.right is None and mark.verdict == "unreadable":
            continue
        place = f"{one.name}:{mark.cell.line}:{mark.cell.column}: "
        text = Text.assemble((place, "dim"), (f"{mark.layer} {mark.key}", "bold"), f": {mark.cell.text}, ")
        text.append(f"should be {right_text(mark, one.layout)}")
        target.print(text, soft_wrap=True)
        if mark.verdict == "wrong":
            for line in explanation(mark):
                target.print(f"    {line}", soft_wrap=True)
    blanks = [f"{mark.layer} {mark.key}" for mark in one.marks if mark.verdict == "blank"]
    if blanks:
        target.print(f"Left blank: {_some(blanks)}", soft_wrap=True)
    if one.missing:
        target.print(f"Not answered: {_some(one.missing)}", soft_wrap=True)


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def right_text(mark: Mark, layout: str = "channels_first") -> str:
    """The right figure, in the layout of the spec."""
    if mark.right is None:
        return "all: it sees the whole input"
    if isinstance(mark.right, tuple):
        return figures.shape(mark.right, layout) if mark.key == "output" else figures.sides(mark.right)
    if mark.key == "share":
        return f"{float(mark.right):.2f} %"
    return f"{mark.right:,}" if isinstance(mark.right, int) else str(mark.right)


def explanation(mark: Mark) -> list[str]:
    """What went wrong and by which arithmetic, and the rule that is right."""
    lines = []
    found = mark.diagnosis
    if found is None:
        lines.append(UNKNOWN)
    elif found.derivation is None or found.derivation.formula.text in ("given", found.derivation.substituted()):
        lines.append(found.says)
    else:
        lines.append(f"{found.says}: {found.derivation.substituted()} = {found.derivation.value:,}")
    # a side's rule teaches nothing where it is the channels that are wrong
    instructive = mark.key != "output" or found is None or found.derivation is not None
    if mark.rule is not None and instructive and not (found and found.key == "carried"):
        lines.append(f"right: {mark.rule.formula.text} = {mark.rule.substituted()} = {mark.rule.value:,}")
    return lines


def answer_lines(mark: Mark, layout: str) -> list[str]:
    """What is said about one answer at once."""
    if mark.verdict == "right":
        return ["Right."]
    if mark.verdict == "unreadable":
        return [f"That cannot be read. It is {right_text(mark, layout)}."]
    return [f"It is {right_text(mark, layout)}.", *(f"  {line}" for line in explanation(mark))]


def quiz_object(name: str, marks: Sequence[Mark]) -> dict[str, Any]:
    """Schema `cnncalc.quiz/1`."""
    right = sum(mark.verdict == "right" for mark in marks)
    answers = [_mark_object(mark) for mark in marks]
    return {"schema": "cnncalc.quiz/1", "name": name, "right": right, "of": len(marks), "answers": answers}


def _table(marks: Sequence[Marks], network: str, target: Console) -> None:
    from rich.text import Text

    from cnncalc.render.grid import grid

    target.print(Text.assemble((network, "bold"), f"  {len(marks)} answer files"), soft_wrap=True)
    headers = [("File", False), ("Right", True), ("of", True), ("", True), ("Mistakes", False)]
    rows = []
    for one in marks:
        total = len(one.marks)
        share = f"{round(100 * one.right / total)} %" if total else ""
        rows.append([one.name, str(one.right), str(total), share, _mistakes(one)])
    target.print(grid(target, headers, rows, 4, wrap=True))
    target.print()
    total, right = sum(len(one.marks) for one in marks), sum(one.right for one in marks)
    if total:
        target.print(f"Together {right:,} of {total:,} right, {round(100 * right / total)} %.", soft_wrap=True)
    common: Counter[str] = Counter()
    for one in marks:
        common.update(set(one.mistakes()))
    if common:
        told = ", ".join(f"{key} ({count})" for key, count in common.most_common(6))
        target.print(f"Commonest mistakes, by files: {told}.", soft_wrap=True)


def _mistakes(one: Marks) -> str:
    parts = [f"{key} x{count}" if count > 1 else key for key, count in one.mistakes().most_common()]
    if one.diagnostics:
        parts.append(f"{len(one.diagnostics)} unreadable")
    return ", ".join(parts)


def marks_object(marks: Sequence[Marks], spec: str, diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """All marks, schema `cnncalc.marks/1`; shapes are channels first."""
    return {
        "schema": "cnncalc.marks/1",
        "spec": spec,
        "holds": not diagnostics and all(one.perfect for one in marks),
        "files": [
            {
                "file": one.name,
                "right": one.right,
                "of": len(one.marks),
                "carried": one.carried,
                "matched": "order" if one.by_order else "names",
                "missing": list(one.missing),
                "marks": [_mark_object(mark) for mark in one.marks],
                "diagnostics": [diagnostic.to_dict() for diagnostic in one.diagnostics],
            }
            for one in marks
        ],
        "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
    }


def _mark_object(mark: Mark) -> dict[str, Any]:
    found = mark.diagnosis
    derivation = found.derivation if found else None
    return {
        "layer": mark.layer,
        "key": mark.key,
        "given": mark.cell.text,
        "right": plain(mark.right),
        "verdict": mark.verdict,
        "mistake": found.key if found else None,
        "explanation": found.says if found else UNKNOWN if mark.verdict == "wrong" else None,
        "arithmetic": str(derivation) if derivation else None,
        "line": mark.cell.line,
        "column": mark.cell.column,
    }
