"""Where PyYAML's scanner or parser stopped, and in what words."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from cnncalc.errors import Diagnostic
from cnncalc.spec import yaml_fix
from cnncalc.spec.nodes import Source


class Complaint(NamedTuple):
    """A complaint of PyYAML: what it met, what it was busy with, and where (counting from 1) these are."""

    source: Source
    what: str
    busy: str
    line: int
    column: int
    start_line: int
    start_column: int
    at_end: bool

    @property
    def text(self) -> str:
        """The line of the complaint, as far as it is examined."""
        return (self.source.line(self.line) or "")[: yaml_fix.MAX_LINE]

    @property
    def start_text(self) -> str:
        """The line on which the construct that failed begins."""
        return self.source.line(self.start_line) or ""

    @property
    def char(self) -> str:
        """The character complained about; empty at the end of a line."""
        return (self.source.line(self.line) or "")[self.column - 1 : self.column]

    @property
    def word(self) -> str:
        """The word or sign complained about."""
        found = re.compile(r"\w+|.").match(self.source.line(self.line) or "", self.column - 1)
        return found[0] if found else ""

    def here(self, message: str, help: str, code: str = "E101") -> Diagnostic:
        """A diagnostic at the place of the complaint."""
        return self.source.diagnostic(code, message, self.line, self.column, len(self.word), help=help)

    def at_start(self, message: str, help: str, code: str = "E101", width: int = 1) -> Diagnostic:
        """A diagnostic where the construct that failed begins."""
        return self.source.diagnostic(code, message, self.start_line, self.start_column, width, help=help)


def locate(source: Source, error: yaml.MarkedYAMLError) -> Complaint:
    """The complaint an exception of PyYAML stands for."""
    mark = error.problem_mark or error.context_mark
    line, column, at_end = _place(source, mark)
    start_line, start_column, _ = _place(source, error.context_mark or mark)
    what, busy = error.problem or "", error.context or ""
    return Complaint(source, what, busy, line, column, start_line, start_column, at_end)


def _place(source: Source, mark: object) -> tuple[int, int, bool]:
    """The line and column of a mark, and whether it is the end of the file: told as its last character."""
    line, column = getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1
    rest = [(source.line(line) or "")[column - 1 :], *source.lines[line:]]
    if any(text.strip() for text in rest):
        return line, column, False
    line = next((n for n in range(len(source.lines), 0, -1) if source.lines[n - 1].strip()), 1)
    return line, max(len((source.line(line) or "").rstrip()), 1), True
