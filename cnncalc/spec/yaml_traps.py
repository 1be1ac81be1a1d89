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
_KEY_AND_VALUE = re.compile(r"([^\W\d]\w*) (\S+)")
_QUOTES = "'\""
_PROSE = frozenset({"doc", "name"})
_QUESTION_BEFORE = re.compile(r"(?:^|[-{\[,:])\s*\?$")

ESCAPE_HELP = "write \\\\ for a backslash in double quotes, or use single quotes"
NO_CHARACTER = "an escape in this text stands for no character"
CONDITIONAL = "put text in quotes; a conditional is written: a if condition else b"
"""Help for a `?`, which C has taught many to write."""

# Characters that look like YAML's own where YAML's own are expected.  In running text (a French
# title, a Chinese description) they are welcome.
_SPACES = "[\xa0\u2000-\u200b\u202f\u205f\u2060\u3000]"
_LOOKALIKE = re.compile(
    rf"[ \t]*(?:-[ \t]+)*(?:(?P<space>{_SPACES})|(?P<dash>[\u2010-\u2015\u2212])\s"
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
        return self.key is None or self.key.line < self.scalar.line

    @property
    def flow(self) -> bool:
        """Whether the scalar stands inside `{...}` or `[...]`."""
        return self.parent is not None and self.parent.flow


def inspect_plain(plain: Plain) -> None:
    """Refuse an unquoted scalar that YAML reads otherwise than its author meant."""
    for check in (_in_flow, _touching_colon, _touching_dash, _lookalike_start, _joined_lines):
        if found := check(plain):
            raise SpecError(found)


def _in_flow(plain: Plain) -> Diagnostic | None:
    if not plain.flow:
        return None
    scalar = plain.scalar
    if "?" in scalar.text:
        return scalar.diagnostic(
            "E101", f"the '?' in '{shorten(scalar.text)}' has a meaning of its own in YAML", CONDITIONAL
        )
    if scalar.text.count("(") == scalar.text.count(")"):
        return None
    return split_expression(scalar.source, scalar.line, scalar.column)


def _touching_colon(plain: Plain) -> Diagnostic | None:
    scalar = plain.scalar
    if ":" in scalar.text and plain.is_entry and (plain.is_key or _TOUCHING.match(scalar.text)):
        return missing_space(scalar.source, scalar.line, scalar.column)
    return None


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
    if plain.flow or (plain.key is not None and plain.key.text in _PROSE):
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
    if found is None:
        colon = text.find(":", column - 1)
        return None if column == 1 or colon < 0 else _missing_space(source, line, text, column - 1, colon + 1)
    return _missing_space(source, line, text, *found.span(1))


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
        words = _KEY_AND_VALUE.fullmatch(key.text)
        help = f"write {words[1]}: {words[2]}" if words else "write key: value in {...}, or use [...] for a list"
        raise key.error("E106", message, help)


def check_touching_value(key: Scalar, value: Scalar | Seq | Map) -> None:
    """E107 where only PyYAML's own parser accepts `{conv:{...}}` and `{relu:}`."""
    line = key.source.line(value.line) or ""
    colon = key.end_column - 1 if value.column == key.column and value.line == key.line else value.column - 2
    if line[colon : colon + 1] == ":" and not line[colon + 1 : colon + 2].isspace():
        found = _missing_space(key.source, value.line, line, min(key.column - 1, colon), colon + 1)
        raise SpecError(found)


def is_complex_key(key: Scalar) -> bool:
    """Whether the key was written with a `?` in front."""
    before = (key.source.line(key.line) or "")[: key.column - 1].rstrip()
    if before:
        return before.endswith("?")
    above = (line for number in range(key.line - 1, 0, -1) if (line := key.source.line(number)) and line.strip())
    return _QUESTION_BEFORE.search(yaml_fix.mask(next(above, "")).rstrip()) is not None


def shorten(text: str) -> str:
    """At most 40 characters of a piece of the spec, for a message."""
    return text if len(text) <= 40 else text[:39] + "…"


def check_escapes(scalar: Scalar) -> None:
    r"""E111 for a control character that an escape such as `"\e"` smuggles past the check of the file."""
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
        help = "write 'not' for a negation, or use quotes"
        return source.diagnostic("E104", message, line, column, len(text), help=help)
    kind = "alias" if text.startswith("*") else "anchor"
    message = f"'{shorten(text)}' is a YAML {kind}, and a spec has none"
    help = "use blocks: for repeated parts, vars: for values"
    return source.diagnostic("E103", message, line, column, len(text), help=help)
