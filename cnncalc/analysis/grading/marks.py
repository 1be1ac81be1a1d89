"""What marking gives: a mark for each answer, and all of a file."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from cnncalc.analysis.grading.diagnose import Diagnosis
from cnncalc.analysis.grading.sheets import Cell
from cnncalc.errors import Diagnostic
from cnncalc.formula import Derivation

RIGHT, WRONG, BLANK, UNREADABLE = "right", "wrong", "blank", "unreadable"


class Mark(NamedTuple):
    """One answer: what it is about, where it stands, what is right, and the mistake behind it if it is wrong."""

    layer: str
    key: str
    cell: Cell
    verdict: str
    right: Any
    diagnosis: Diagnosis | None = None
    rule: Derivation | None = None


class Marks(NamedTuple):
    """A marked answers file.  `missing` are layers with weights that it does not answer for."""

    name: str
    layout: str
    marks: tuple[Mark, ...]
    diagnostics: tuple[Diagnostic, ...]
    missing: tuple[str, ...]
    by_order: bool

    @property
    def right(self) -> int:
        """How many answers are right."""
        return sum(mark.verdict == RIGHT for mark in self.marks)

    @property
    def carried(self) -> int:
        """How many wrong answers would be right if an earlier one were."""
        return sum(mark.diagnosis is not None and mark.diagnosis.key == "carried" for mark in self.marks)

    @property
    def wrong(self) -> tuple[Mark, ...]:
        """The answers that are wrong, unreadable ones included."""
        return tuple(mark for mark in self.marks if mark.verdict in (WRONG, UNREADABLE))

    @property
    def perfect(self) -> bool:
        """Whether every answer is right and the file is in order."""
        return self.right == len(self.marks) > 0 and not self.diagnostics

    def mistakes(self) -> Counter[str]:
        """How often each kind of mistake was made."""
        return Counter(mark.diagnosis.key if mark.diagnosis else "unknown" for mark in self.wrong)
