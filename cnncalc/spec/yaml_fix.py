"""The corrected text in the help of a YAML trap.

Everything here works on one line of a spec and is only called once something is known to be wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

MAX_SHOWN = 100
"""Longer corrections are cut down to the entry they are about, so that help stays one readable line."""

MAX_LINE = 2000
"""No line is examined further than this: some of what is done here takes time quadratic in its length."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_QUOTED_OR_COMMENT = re.compile(
    r"""(?:^|(?<=[\s{\[,:]))"(?:[^"\\]|\\.)*"|(?:^|(?<=[\s{\[,:]))'(?:[^']|'')*'|(?:^|(?<=\s))\#.*"""
)
_KEY_WITHOUT_SPACE = re.compile(r"(?:^|(?<=[\s{\[,]))-?([^\W\d]\w*:)(?=[^\s:/])")
_KEY = re.compile(r"(?:[\s-]*-\s)?\s*[^\s:][^:]*:\s+")
_DASHES = re.compile(r"\s*(?:-\s+)*")
# After the end of a list: an index, or an operator.
_GOES_ON = re.compile(r"\[|\s*(?:[-+*/%<>=]|(?:if|and|or)\b)")


class Expression(NamedTuple):
    """An expression YAML would split, as offsets in its line, and the line's text with it in quotes."""

    start: int
    end: int
    corrected: str | None


def mask(line: str) -> str:
    """The line, up to `MAX_LINE`, with `x`s for quoted text and blanks for a comment: offsets stay as they are."""
    return _QUOTED_OR_COMMENT.sub(lambda found: (" " if found[0][0] == "#" else "x") * len(found[0]), line[:MAX_LINE])


def match_brackets(masked: str) -> dict[int, int]:
    """The offset of each opening bracket in the line -> that of its closing one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for offset, char in enumerate(masked):
        if char in _CLOSING:
            opened.append(offset)
        elif char in ")]}":
            # A parenthesis cannot hold the end of a `{...}`, so it is the one that was never closed.
            while opened and masked[opened[-1]] == "(" and char != ")":
                opened.pop()
            if opened and _CLOSING[masked[opened[-1]]] == char:
                pairs[opened.pop()] = offset
    return pairs


def last_open(lines: list[str]) -> tuple[int, int, str] | None:
    """Line, column and sign of the last `{` or `[` that its own line does not close."""
    for number in range(len(lines), 0, -1):
        masked = mask(lines[number - 1])
        pairs = match_brackets(masked)
        opened = [offset for offset, char in enumerate(masked) if char in "{[" and offset not in pairs]
        if opened:
            return number, opened[-1] + 1, masked[opened[-1]]
    return None


def lacks_comma(lines: list[str]) -> bool:
    """Whether a line of a `{...}` that goes on below ends without a comma: then its end was forgotten."""
    texts = [text for line in lines if (text := mask(line).strip())]
    return any(above[-1] not in ",{[:" and below[0] not in ",]}" for above, below in itertools.pairwise(texts))


def missing_space(line: str, offset: int = 0) -> re.Match[str] | None:
    """The first `key:` at or after `offset` that touches its value; group 1 is the key with its colon."""
    return _KEY_WITHOUT_SPACE.search(mask(line), offset)


def space_colons(line: str, offset: int) -> str | None:
    """The `{...}` around `offset`, or else the entry that starts there, with a space after every colon."""
    masked = mask(line)
    start, end = _collection(masked, offset) or (offset, len(masked.rstrip()))
    region = written = line[start:end]
    for found in reversed(list(_KEY_WITHOUT_SPACE.finditer(mask(region)))):
        region = f"{region[: found.end()]} {region[found.end() :]}"
    # `{filters:max(8, x)}` has two faults; help that only mends the first would lead into the second.
    return shown(_quote_all(region)) if region != written else None


def split_expression(line: str, offset: int) -> Expression | None:
    """The expression around `offset` that needs quotes because a comma or a bracket splits it."""
    masked = mask(line)
    around = _collection(masked, offset)
    start, end = (around[0] + 1, around[1] - 1) if around else (0, _end_of_entry(masked))
    values = list(_broken_values(masked, start, end))
    hit = next(((first, last) for first, last in values if first <= offset <= last), None)
    if hit is None:
        return None
    whole = _quote(line, values, *around) if around else None
    entry_start = max(start, masked.rfind(",", start, hit[0]) + 1) if around else 0
    entry = _quote(line, [hit], entry_start, hit[1]).strip().removeprefix("- ")
    return Expression(*hit, shown(whole) or shown(entry, "{%s}" if around else "%s"))


def _collection(masked: str, offset: int) -> tuple[int, int] | None:
    """The innermost `{...}` or `[...]` around `offset` that is a collection and not an index."""
    pairs = match_brackets(masked)
    around = [
        (start, end + 1)
        for start, end in pairs.items()
        if start < offset <= end and masked[start] != "(" and not _is_index(masked, start)
    ]
    return max(around, default=None)


def _is_index(masked: str, start: int) -> bool:
    before = masked[:start].rstrip()
    return masked[start] == "[" and bool(before) and (before[-1].isalnum() or before[-1] in "_)]")


def _end_of_entry(masked: str) -> int:
    """Where the line's block entry ends, leaving out the end of a collection opened on an earlier line."""
    closing = set(match_brackets(masked).values())
    loose = (offset for offset, char in enumerate(masked) if char in "]}" and offset not in closing)
    return next(loose, len(masked))


def _broken_values(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    pairs = match_brackets(masked[:end])
    for first, last in _entries(masked, start, end, pairs):
        key = _KEY.match(masked, first, last)
        # `{conv [1]}` lacks a colon, not quotes.
        if key is None and start > 0 and masked[start - 1] == "{":
            continue
        # Without a key the dash of a list item may still stand before the value.
        before = key or _DASHES.match(masked, first, last)
        begin = before.end() if before else first
        text = masked[begin:last].rstrip()
        if _is_broken(text, pairs.get(begin, -1) - begin):
            yield begin, begin + len(text)


def _entries(masked: str, start: int, end: int, pairs: dict[int, int]) -> Iterator[tuple[int, int]]:
    first = offset = start
    while offset < end:
        if masked[offset] == ",":
            yield first, offset
            first = offset + 1
        offset = pairs.get(offset, offset) + 1
    yield first, end


def _is_broken(text: str, close: int) -> bool:
    # No expression has a colon: with one in it this is a mapping that lost its braces.
    if not text or ":" in text or not any(char in text for char in ",[]"):
        return False
    if any(text.count(opening) != text.count(closing) for opening, closing in _CLOSING.items()):
        return False
    if text[0] in "[{" and close > 0:
        return bool(_GOES_ON.match(text, close + 1))
    return True


def _quote(line: str, values: list[tuple[int, int]], start: int, end: int) -> str:
    for first, last in reversed(values):
        if start <= first and last <= end:
            text = line[first:last]
            quoted = f'"{text}"' if '"' not in text and "\\" not in text else "'{}'".format(text.replace("'", "''"))
            line = line[:first] + quoted + line[last:]
            end += len(quoted) - len(text)
    return line[start:end]


def _quote_all(region: str) -> str:
    """The text with every expression that a comma or a bracket would split in quotes."""
    masked = mask(region)
    broken = {
        value
        for start, end in match_brackets(masked).items()
        if masked[start] != "(" and not _is_index(masked, start)
        for value in _broken_values(masked, start + 1, end)
    }
    outermost = [
        (a, b) for a, b in sorted(broken) if not any(c <= a and b <= d and (a, b) != (c, d) for c, d in broken)
    ]
    return _quote(region, outermost, 0, len(region))


def shown(text: str | None, form: str = "%s") -> str | None:
    """`text`, if it is short enough to print and, put into `form`, YAML accepts it."""
    if text is None or len(text) > MAX_SHOWN:
        return None
    try:
        for _ in yaml.parse(form % text, Loader=yaml.SafeLoader):
            pass
    except (yaml.YAMLError, ValueError, OverflowError):
        return None
    return text
