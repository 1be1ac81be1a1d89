"""What can be wrong with a spec, where, and how it is told to a person.

Everything a user can type ends in a `SpecError` holding `Diagnostic`s; any other exception that
escapes is a fault of this program.  The codes are explained by `cnncalc rule CODE` (`cnncalc/rules/`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text in a file.  Lines and columns count from 1; `end_column` is one past the last."""

    file: str
    line: int
    column: int
    end_column: int


class Diagnostic(NamedTuple):
    """One finding: a stable code, one sentence, the place, and at most one line of help.

    `source` is the text of the line the span points into, and `notes` is the stack of blocks and
    loops that led there, innermost first.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    notes: tuple[str, ...] = ()
    severity: str = "error"
    source: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The JSON form: `{code, severity, file, line, column, end_column, message, help}` (+ `notes`)."""
        span = self.span
        result: dict[str, object] = {
            "code": self.code,
            "severity": self.severity,
            "file": span.file if span else None,
            "line": span.line if span else None,
            "column": span.column if span else None,
            "end_column": span.end_column if span else None,
            "message": self.message,
            "help": self.help,
        }
        if self.notes:
            result["notes"] = list(self.notes)
        return result

    def __str__(self) -> str:
        """`file:line:column: error[CODE]: message`, the source line with a caret, help and notes."""
        where = f"{self.span.file}:{self.span.line}:{self.span.column}: " if self.span else ""
        lines = [f"{where}{self.severity}[{self.code}]: {self.message}"]
        gutter = "   "
        if self.span and self.source is not None:
            number = f"{self.span.line:>2}"
            gutter = " " * (len(number) + 1)
            text, start, width = _excerpt(self.source, self.span)
            lines += [f"{gutter}|", f"{number} | {text}", f"{gutter}| {' ' * start}{'^' * width}"]
        if self.help:
            lines.append(f"{gutter}= help: {self.help}")
        notes = list(self.notes)
        if len(notes) > MAX_NOTES:
            # a recursion without end says the same over and over; its start and its end are worth reading
            left_out = f"… {len(notes) - MAX_NOTES + 1} more"
            notes[MAX_NOTES // 2 : MAX_NOTES // 2 - MAX_NOTES + 1] = [left_out]
        lines += [f"{gutter}= {note}" for note in notes]
        return "\n".join(lines)


MAX_NOTES = 8
MAX_SHOWN = 20
"""One mistake made everywhere needs no thousand lines; `--format json` has all diagnostics."""
EXCERPT_WIDTH = 120
"""Source lines longer than this are cut around the caret, so that one bad line cannot flood a terminal."""


def _excerpt(source: str, span: Span) -> tuple[str, int, int]:
    """The printable part of a source line, the caret's offset in it, and the caret's width."""
    start = min(span.column - 1, len(source))
    width = max(1, min(span.end_column - span.column, len(source) - start))
    first = 0
    if len(source) > EXCERPT_WIDTH:
        first = max(0, min(start - EXCERPT_WIDTH // 3, len(source) - EXCERPT_WIDTH))
        width = min(width, EXCERPT_WIDTH - (start - first)) or 1
    cut = source[first : first + EXCERPT_WIDTH].replace("\t", " ")
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
    return text, start - first, width


class SpecError(Exception):
    """A spec that cannot be used.  `diagnostics` says why, in the order of the file."""

    def __init__(self, diagnostics: Diagnostic | Sequence[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = (
            (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        )
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n\n".join([*map(str, self.diagnostics[:MAX_SHOWN]), *more(self.diagnostics)])


def more(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """A line about what is left out where only `MAX_SHOWN` diagnostics are shown."""
    rest = len(diagnostics) - MAX_SHOWN
    return [f"… and {rest:,} more"] if rest > 0 else []


class DataError(Exception):
    """A file or a value beside the spec (image, weights, output) that cannot be used; one line for the user."""


class LimitError(Exception):
    """Something that would go past a limit, or that needs an optional component; one line for the user."""


MAX_WORD = 60
MAX_KNOWN = 1000


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'filters'?`, or None if nothing known is close to `word`."""
    # comparing takes time proportional to both: nobody's typo is that long, nor sought among so many
    close = difflib.get_close_matches(word[:MAX_WORD], list(islice(known, MAX_KNOWN)), n=5, cutoff=0.6)
    # letters in another order are the likelier slip: vgg61 is vgg16, not vgg19
    swapped = (candidate for candidate in close if sorted(candidate) == sorted(word))
    best = next(swapped, close[0] if close else None)
    return f"did you mean '{best}'?" if best else None
