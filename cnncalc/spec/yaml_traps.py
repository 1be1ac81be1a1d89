"""Mistakes YAML accepts in silence and reads as something else.

`inspect_plain` sees every unquoted scalar that is neither a word nor a number; the other functions
build the diagnostics, also for the same mistakes where YAML does complain (`yaml_problems`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.errors import Diagnostic, SpecError
from cnncalc.spec import yaml_fix
from cnncalc.spec.nodes import Map, Scalar, Seq, Source
from cnncalc.spec.yaml_text import FORBIDDEN

_TOUCHING = re.compile(r"[^\W\d]\w*:(?=[^\s:/])")
_NAME = re.compile(r"[^\W\d][\w.-]*")
_KEY_AND_VALUE = re.compile(r"([^\W\d]\w*) ?[= ] ?([^\s=]+)")
_TOUCHING_COLON = re.compile(r"\s*:(?=\S)")
_HEADER = re.compile(r"[|>][-+0-9]*(?:\s|$)")
_QUOTES = "'\""
_QUESTION_BEFORE = re.compile(r"(?:^|[-{\[,:])\s*\?$")

PROSE = frozenset({"doc", "name"})
"""Keys whose values are sentences, in which colons, dashes and lone parentheses are at home."""

ESCAPE_HELP = "write \\\\ for a backslash in double quotes, or use single quotes"
NO_CHARACTER = "an escape in this text stands for no character"
TEXT_BLOCK = "'%s' at the start of a value begins a block of text on the next lines"
TEXT_BLOCK_HELP = "put the expression in quotes; a comparison needs a left side"
CONDITIONAL = "put text in quotes; a conditional is written: a if condition else b"
"""Help for a `?`, which C has taught many to write."""

# Characters that look like YAML's own where YAML's own are expected.  In running text (a French
# title, a Chinese description) they are welcome.
_SPACES = "[\xa0\u2000-\u200b\u202f\u205f\u2060\u3000]"
_LOOKALIKE = re.compile(
    rf"[ \t]*(?:-[ \t]+)*(?:-?(?P<space>{_SPACES})|(?P<dash>[\u2010-\u2015\u2212])\s"
    rf"|[A-Za-z_][A-Za-z0-9_]*[ \t]*(?:(?P<colon>[\uff1a\ufe55])|:?(?P<gap>{_SPACES})))"
)
_TYPED_INSTEAD = {"space": "a space", "gap": "a space", "colon": "a colon", "dash": "a dash"}


class Plain(NamedTuple):
    """An unquoted scalar in its surroundings: the collection it stands in, and its key if it is a value."""

    scalar: Scalar
    parent: Seq | Map | None
    key: Scalar | None
    last_line: int

    @property
    def is_key(self) -> bool:
        """Whether the scalar is itself a key."""
        return self.key is None and type(self.parent) is Map

    @property
    def is_entry(self) -> bool:
        """Whether `a:b` is an entry here.  A value on its key's own line may be prose with colons."""
        key = self.key
        return key is None or (key.line < self.scalar.line and key.text not in PROSE)

    @property
    def flow(self) -> bool:
        """Whether the scalar stands inside `{...}` or `[...]`."""
        return self.parent is not None and self.parent.flow


def inspect_plain(plain: Plain) -> None:
    """Refuse an unquoted scalar that YAML reads otherwise than its author meant."""
    for check in (_touching_colon, _in_flow, _touching_dash, _lookalike_start, _joined_lines):
        if found := check(plain):
            raise SpecError(found)


def _in_flow(plain: Plain) -> Diagnostic | None:
    scalar = plain.scalar
    if not plain.flow:
        return None
    shown = shorten(scalar.text)
    if "?" in scalar.text:
        # The Python parser would stop at it, the C parser would not.
        return scalar.diagnostic("E101", f"the '?' in '{shown}' has a meaning of its own in YAML", CONDITIONAL)
    if scalar.text.count("(") == scalar.text.count(")") or (plain.key is not None and plain.key.text in PROSE):
        return None
    if found := split_expression(scalar.source, scalar.line, scalar.column):
        return found
    if _goes_on_below(scalar):
        message = f"the expression '{shown}, ...' needs quotes: YAML ends it at the comma"
        return scalar.diagnostic("E108", message, "write it on one line, in double quotes")
    return scalar.diagnostic("E101", f"the parentheses of '{shown}' do not match", "close each '(' with a ')'")


def _goes_on_below(scalar: Scalar) -> bool:
    """Whether the parenthesis that is open at the end of the scalar is closed on one of the next lines."""
    lines = scalar.source.lines
    rest = "".join([lines[scalar.line - 1][scalar.end_column - 1 :], *lines[scalar.line : scalar.line + 4]])
    return rest.startswith(",") and re.match(r"[^:{}()\[\]]*\)", rest) is not None


def _touching_colon(plain: Plain) -> Diagnostic | None:
    scalar = plain.scalar
    if ":" not in scalar.text or not plain.is_entry or not (plain.is_key or _TOUCHING.match(scalar.text)):
        return None
    line, start = scalar.line, scalar.column - 1
    text = scalar.source.line(line) or ""
    # A key of an unusual form, such as `3x3:{...}`.
    return missing_space(scalar.source, line, start + 1) or _missing_space(
        scalar.source, line, text, start, text.find(":", start) + 1 or len(text)
    )


def _touching_dash(plain: Plain) -> Diagnostic | None:
    scalar = plain.scalar
    if scalar.text[0] != "-" or not scalar.text[1:2].isalpha() or not plain.is_entry:
        return None
    # `-x` alone is a fine expression in a list.
    if type(plain.parent) is Seq and plain.last_line == scalar.line:
        return None
    return missing_dash_space(scalar.source, scalar.line, scalar.column)


def _lookalike_start(plain: Plain) -> Diagnostic | None:
    scalar = plain.scalar
    return lookalike(scalar.source, scalar.line) if plain.is_entry and not scalar.text.isascii() else None


def _joined_lines(plain: Plain) -> Diagnostic | None:
    """A line that YAML took for the continuation of the one above it."""
    if plain.flow or (plain.key is not None and plain.key.text in PROSE):
        return None
    source = plain.scalar.source
    for number in range(plain.scalar.line + 1, plain.last_line + 1):
        line = source.line(number) or ""
        text = line.lstrip()
        column = len(line) - len(text) + 1
        if text.startswith("- "):
            message = "this '-' is indented more than the list it belongs to, so YAML joins it to the line above"
            return source.diagnostic("E101", message, number, column, help="align the dashes of a list")
        if plain.is_entry and _TOUCHING.match(text):
            return missing_space(source, number, column)
    return None


def missing_dash_space(source: Source, line: int, column: int) -> Diagnostic:
    """E101 for `-relu` where a list item is meant."""
    word = (source.line(line) or "")[column:].split()[0]
    help = f"write - {shorten(word)}"
    return source.diagnostic("E101", "a space is missing after the dash", line, column, len(word) + 1, help=help)


def missing_space(source: Source, line: int, column: int = 1) -> Diagnostic | None:
    """E107 for the first `key:` at or after `column` that touches its value."""
    text = source.line(line) or ""
    found = yaml_fix.missing_space(text, column - 1)
    return _missing_space(source, line, text, *found.span(1)) if found else None


def _missing_space(source: Source, line: int, text: str, start: int, end: int) -> Diagnostic:
    corrected = yaml_fix.space_colons(text, start)
    help = f"write {corrected}" if corrected else "put a space after the colon"
    message = f"'{shorten(text[start : end - 1].strip(_QUOTES))}:' needs a space after the colon"
    return source.diagnostic("E107", message, line, start + 1, end - start, help=help)


def split_expression(source: Source, line: int, column: int) -> Diagnostic | None:
    """E108 for the expression at `column` that a comma or a bracket splits, if there is one."""
    text = source.line(line) or ""
    found = yaml_fix.split_expression(text, column - 1)
    if found is None:
        return None
    expression = text[found.start : found.end]
    sign = "bracket" if "[" in expression.split(",")[0] else "comma"
    message = f"the expression '{shorten(expression)}' needs quotes: YAML ends it at the {sign}"
    help = f"quote it: {found.corrected}" if found.corrected else "put the expression in double quotes"
    return source.diagnostic("E108", message, line, found.start + 1, found.end - found.start, help=help)


def lookalike(source: Source, line: int) -> Diagnostic | None:
    """E111 for a character that stands where YAML needs a space, a colon or a dash and only looks like it."""
    found = _LOOKALIKE.match(source.line(line) or "")
    if found is None:
        return None
    kind = found.lastgroup or "space"
    meant = _TYPED_INSTEAD[kind]
    message = f"the character U+{ord(found[kind]):04X} only looks like {meant}"
    return source.diagnostic("E111", message, line, found.start(kind) + 1, help=f"type {meant} in its place")


def check_bare_key(key: Scalar) -> None:
    """Refuse a key without a value in `{...}` unless it is a name: `{relu, when: first}` is fine, `{8}` is not."""
    if not _NAME.fullmatch(key.text):
        message = f"'{shorten(key.text)}' stands in {{...}} without a value"
        words = None if key.quoted else _KEY_AND_VALUE.fullmatch(key.text)
        help = f"write {words[1]}: {words[2]}" if words else "write key: value in {...}, or use [...] for a list"
        if re.fullmatch(r"[0-9]{3}", key.text):
            help = "a thousand is written 1000 or 1_000: a comma ends the value"
        if not key.quoted and not (key.source.line(key.line) or "").startswith(key.text, key.column - 1):
            help = "close the '{' on its line, or put commas between the entries"
        raise key.error("E106", message, help)


def check_touching_value(key: Scalar, value: Scalar | Seq | Map) -> None:
    """E107 where only PyYAML's own parser accepts `{conv:{...}}` and `{relu:}`."""
    line = key.source.line(value.line) or ""
    empty = isinstance(value, Scalar) and value.empty
    found = _TOUCHING_COLON.match(line, key.end_column - 1 if empty else value.column - 2)
    if found:
        start = min(key.column - 1, found.end() - 1)
        raise SpecError(_missing_space(key.source, value.line, line, start, found.end()))


def complex_key(key: Scalar) -> Diagnostic | None:
    """E106 for a key with a `?` in front, on its own line or on one above."""
    source, line = key.source, key.line
    # Only a stretch of the line: all of it, for every key, is too much where a file is one long line.
    end = key.column - 1
    start = max(0, end - 200)
    before = (source.line(line) or "")[start:end].rstrip()
    while not before and line > 1 and start == 0:
        line -= 1
        before = yaml_fix.mask(source.line(line) or "").rstrip()
    if before.endswith("?") and (line == key.line or _QUESTION_BEFORE.search(before)):
        message = "a '?' in front makes this a complex key"
        return source.diagnostic("E106", message, line, start + len(before), help="delete the '?'")
    return None


def shorten(text: str) -> str:
    """At most 40 characters of a piece of the spec on one line, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


def inspect_quoted(scalar: Scalar, style: str) -> None:
    r"""Refuse a control character that an escape such as `"\e"` smuggles in, and `>#` for the start of a text block."""
    if style in "|>" and not _HEADER.match(scalar.source.line(scalar.line) or "", scalar.column - 1):
        # Only the C parser takes it for one, with a comment after it.
        raise scalar.error("E101", TEXT_BLOCK % style, TEXT_BLOCK_HELP)
    if found := FORBIDDEN.search(scalar.text):
        if "\ud800" <= found[0] <= "\udfff":
            raise scalar.error("E101", NO_CHARACTER, ESCAPE_HELP)
        message = f"an escape in this text stands for the control character U+{ord(found[0]):04X}"
        raise scalar.error("E111", message, ESCAPE_HELP)


def refuse_property(source: Source, line: int, column: int) -> Diagnostic:
    """E103 for an anchor or an alias, E104 for a tag."""
    text = re.split(r"[\s,\]}]", (source.line(line) or "")[column - 1 :])[0]
    if text.startswith("!"):
        message = f"'{shorten(text)}' is a YAML tag, and a spec has none"
        word = re.fullmatch(r"!([^\W\d]\w*)", text)
        help = f"write: not {word[1]}" if word else "delete it: the slot decides what a value is"
        return source.diagnostic("E104", message, line, column, len(text), help=help)
    kind = "alias" if text.startswith("*") else "anchor"
    message = f"'{shorten(text)}' is a YAML {kind}, and a spec has none"
    help = "use blocks: for repeated parts, vars: for values"
    return source.diagnostic("E103", message, line, column, len(text), help=help)
