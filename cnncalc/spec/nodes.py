"""The YAML tree as the rest of the loader sees it: text with positions, no types resolved."""

from __future__ import annotations

from cnncalc.errors import Diagnostic, Span, SpecError


class Source:
    """A spec's text and the name it is reported under."""

    __slots__ = ("lines", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines = text.split("\n")

    def line(self, number: int) -> str | None:
        """Line `number` (from 1) without its line end, or None past the end of the file."""
        return self.lines[number - 1].rstrip("\r") if 0 < number <= len(self.lines) else None

    def diagnostic(
        self, code: str, message: str, line: int, column: int, width: int = 1, **more: str | None
    ) -> Diagnostic:
        """A diagnostic at `line`, `column` (both from 1) covering `width` characters."""
        span = Span(self.name, line, column, column + max(1, width))
        return Diagnostic(code, message, span, help=more.get("help"), source=self.line(line))


class Node:
    """A piece of YAML.  `line` and `column` count from 1; `end_column` is on the same line."""

    __slots__ = ("column", "end_column", "line", "source")

    def __init__(self, source: Source, line: int, column: int, end_column: int) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.end_column = end_column

    def diagnostic(
        self, code: str, message: str, help: str | None = None, *, offset: int = 0, width: int | None = None
    ) -> Diagnostic:
        """A diagnostic at this node, or at `width` characters of it starting `offset` characters in."""
        column = self.column + offset
        end = self.end_column if width is None else column + width
        span = Span(self.source.name, self.line, column, max(end, column + 1))
        return Diagnostic(code, message, span, help, source=self.source.line(self.line))

    def error(self, code: str, message: str, help: str | None = None) -> SpecError:
        """`diagnostic` as an exception to raise."""
        return SpecError(self.diagnostic(code, message, help))


class Scalar(Node):
    """A word, number or expression: always text.  `quoted` tells `"a"` from `a`."""

    __slots__ = ("quoted", "text")

    def __init__(
        self, source: Source, line: int, column: int, end_column: int, text: str, quoted: bool = False
    ) -> None:
        super().__init__(source, line, column, end_column)
        self.text = text
        self.quoted = quoted

    @property
    def empty(self) -> bool:
        """Whether nothing was written here (`relu:`)."""
        return not self.text and not self.quoted


class Seq(Node):
    """A list."""

    __slots__ = ("flow", "items")

    def __init__(
        self, source: Source, line: int, column: int, end_column: int, items: list[Node], flow: bool = False
    ) -> None:
        super().__init__(source, line, column, end_column)
        self.items = items
        self.flow = flow


class Map(Node):
    """A mapping, in the order it was written; the loader has already refused duplicate keys."""

    __slots__ = ("entries", "flow")

    def __init__(
        self,
        source: Source,
        line: int,
        column: int,
        end_column: int,
        entries: dict[str, tuple[Scalar, Node]],
        flow: bool = False,
    ) -> None:
        super().__init__(source, line, column, end_column)
        self.entries = entries
        self.flow = flow

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def key(self, key: str) -> Scalar:
        """The key itself, for its position."""
        return self.entries[key][0]
