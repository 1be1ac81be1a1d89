"""From the bytes of a file to the text the YAML parser sees: encoding, size, and characters no spec has."""

from __future__ import annotations

import codecs
import re

from cnncalc.errors import SpecError
from cnncalc.spec.nodes import Source

MAX_BYTES = 1 << 20
"""Specs are a few kilobytes; anything past 1 MiB is some other file given by mistake."""

# What YAML calls printable, less the line breaks no editor shows as such (U+0085, U+2028, U+2029:
# they would shift every line number after them) and less byte order marks in the middle of a file.
FORBIDDEN = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# The indentation of comments and blank lines means nothing, so tabs do no harm there.
_TAB_INDENT = re.compile(r"^ *(\t)[ \t]*[^\s#]", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%[^\n]*", re.MULTILINE)


def read_text(text: str | bytes, name: str) -> Source:
    """The file's text with one kind of line end and no byte order mark, or the reason it is refused."""
    _check_size(text, name)
    if isinstance(text, bytes):
        text = _decode(text, name)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(name, text.removeprefix("\ufeff"))
    _check_characters(source)
    if "%" in source.text and (directive := _DIRECTIVE.search(source.text)):
        # Refused before parsing: libyaml compares each directive with all those before it.
        message = f"'{_start(directive[0])}' is a YAML directive, and a spec has none"
        raise _error(source, "E105", message, directive.start(), len(directive[0]), "delete this line")
    return source


def _check_size(text: str | bytes, name: str) -> None:
    size = len(text)
    if isinstance(text, str) and size <= MAX_BYTES < 4 * size:
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        start = text[:200].decode("utf-8", "replace") if isinstance(text, bytes) else text[:200]
        message = f"the file is larger than 1 MiB ({size:,} bytes)"
        raise _error(Source(name, start), "E501", message, 0, 1, "is this the right file? specs take a few kilobytes")


def _decode(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        source = Source(name, data.decode("utf-16", "replace"))
        raise _error(source, "E111", "the file is UTF-16 text, not UTF-8", 0, 1, "save the file as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", "replace").removeprefix("\ufeff"))
        offset = len(data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff"))
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 text"
        raise _error(source, "E111", message, offset, 1, "save the file as UTF-8") from None


def _check_characters(source: Source) -> None:
    text = source.text
    if found := FORBIDDEN.search(text):
        code = f"U+{ord(found[0]):04X}"
        kind = "control character" if found[0] < "\xa0" else "character"
        # Every second byte of UTF-16 text without a byte order mark is a NUL.
        help = "save the file as UTF-8" if found[0] == "\0" else "delete it: it is invisible in most editors"
        raise _error(source, "E111", f"the {kind} {code} is not allowed in a spec", found.start(), 1, help)
    if "\t" in text and (found := _TAB_INDENT.search(text)):
        raise _error(source, "E109", "a tab is used as indentation", found.start(1), 1, "use spaces")


def _error(source: Source, code: str, message: str, offset: int, width: int, help: str) -> SpecError:
    line = source.text.count("\n", 0, offset) + 1
    column = offset - (source.text.rfind("\n", 0, offset) + 1) + 1
    return SpecError(source.diagnostic(code, message, line, column, width, help=help))


def _start(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
