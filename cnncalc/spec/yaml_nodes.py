"""YAML text -> Scalar, Seq and Map nodes with positions.  Nothing is resolved: every scalar stays text.

Built on PyYAML's events, which are read one by one, so that a file that is refused costs no more
than the part before the mistake.  Its C parser is used where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

from cnncalc.errors import SpecError
from cnncalc.spec import yaml_problems, yaml_traps
from cnncalc.spec.nodes import Map, Node, Scalar, Seq, Source
from cnncalc.spec.yaml_text import read_text

MAX_DEPTH = 64
"""Collections inside collections.  The deepest published spec needs about a dozen."""

MAX_NODES = 100_000
"""Keys, values, lists and mappings of one file, unless the caller raises it."""

_C_LOADER: Any = getattr(yaml, "CSafeLoader", None)


def read_yaml(text: str | bytes, name: str, *, max_nodes: int = MAX_NODES) -> Node:
    """The tree of a spec's text; `name` is what diagnostics call the file.

    Raises `SpecError`, and nothing else, for whatever is wrong with the text.
    """
    return read_with(_C_LOADER or yaml.SafeLoader, text, name, max_nodes)


def read_with(loader: Any, text: str | bytes, name: str, max_nodes: int = MAX_NODES) -> Node:
    """`read_yaml` with one of PyYAML's parsers."""
    source = read_text(text, name)
    builder = _Builder(source, max_nodes, touching_colons=loader is not _C_LOADER)
    # A tab that is not indentation is a blank like any other; the Python parser does not see it so.
    events = yaml.parse(source.text.replace("\t", " "), Loader=loader)
    try:
        return builder.build(events)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise SpecError(yaml_problems.explain(source, error)) from None


# PyYAML's type stubs call the marks of an event optional; those of a parser never are.
_Event = Any


class _Builder:
    """Puts the events of one file together.  `_parent` is the open collection, `_key` a key without its value yet."""

    def __init__(self, source: Source, max_nodes: int, touching_colons: bool) -> None:
        self._source = source
        self._lines = source.lines
        self._left = max_nodes
        self._max_nodes = max_nodes
        self._touching_colons = touching_colons
        self._has_question = "?" in source.text
        self._root: Node | None = None
        self._parent: Seq | Map | None = None
        self._key: Scalar | None = None
        self._stack: list[tuple[Seq | Map | None, Scalar | None]] = []
        self._handlers: dict[type, Callable[[_Event], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start_seq,
            yaml.MappingStartEvent: self._start_map,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._refuse_property,
            yaml.DocumentStartEvent: self._start_document,
        }

    def build(self, events: Iterator[_Event]) -> Node:
        """The root of the one document among the events."""
        handlers = self._handlers
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
        root = self._root
        if root is None or (type(root) is Scalar and root.empty):
            help = "start with 'input:' and 'layers:'"
            raise SpecError(self._source.diagnostic("E110", "the file is empty", 1, 1, help=help))
        return root

    def _scalar(self, event: _Event) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_property(event)
        start, end = event.start_mark, event.end_mark
        line, last_line, text, quoted = start.line, end.line, event.value, bool(event.style)
        end_column = end.column + 1 if line == last_line else len(self._lines[line].rstrip()) + 1
        scalar = Scalar(self._source, line + 1, start.column + 1, end_column, text, quoted)
        if quoted:
            if event.style != "'" and (event.style != '"' or not text.isprintable()):
                yaml_traps.inspect_quoted(scalar, event.style)
        elif not (text.isidentifier() or text.isdigit()) or line != last_line:
            if text:
                yaml_traps.inspect_plain(yaml_traps.Plain(scalar, self._parent, self._key, last_line + 1))
        self._count(scalar)
        parent = self._parent
        if type(parent) is Map and self._key is None:
            self._take_key(parent, scalar)
        else:
            self._attach(scalar)

    def _count(self, node: Node) -> None:
        self._left -= 1
        if self._left < 0:
            help = "use repeat: and blocks: for repeated parts"
            raise node.error("E503", f"the file has more than {self._max_nodes:,} nodes", help)

    def _attach(self, node: Scalar | Seq | Map) -> None:
        parent = self._parent
        if type(parent) is Seq:
            parent.items.append(node)
        elif type(parent) is Map:
            key = self._key
            assert key is not None
            if type(node) is Scalar and not node.text and not node.quoted:
                # The two parsers disagree on the place of nothing; the key is what a reader can see.
                node.line, node.column, node.end_column = key.line, key.column, key.end_column
                if parent.flow:
                    yaml_traps.check_bare_key(key)
            if self._touching_colons and parent.flow and not key.quoted:
                yaml_traps.check_touching_value(key, node)
            parent.entries[key.text] = key, node
            self._key = None
        else:
            self._root = node

    def _take_key(self, parent: Map, key: Scalar) -> None:
        text = key.text
        if text in parent.entries:
            first = parent.entries[text][0].line
            message = f"the key '{yaml_traps.shorten(text)}' is already used on line {first}"
            help = "a mapping holds each key once: rename or delete one of the two"
            if not parent.flow and key.column > 1:
                help = "a mapping holds each key once: delete one, or start each with '- ' to make a list"
            raise key.error("E102", message, help)
        if self._has_question and (found := yaml_traps.complex_key(key)):
            raise SpecError(found)
        if text == "<<" and not key.quoted:
            raise key.error(
                "E103", "a spec has no merge keys ('<<')", "use blocks: for repeated parts, vars: for values"
            )
        if not text:
            raise key.error("E106", "a key cannot be empty", "write the key in front of the colon")
        self._key = key

    def _start_seq(self, event: _Event) -> None:
        mark = event.start_mark
        self._start(
            event, Seq(self._source, mark.line + 1, mark.column + 1, mark.column + 2, [], bool(event.flow_style))
        )

    def _start_map(self, event: _Event) -> None:
        mark = event.start_mark
        self._start(
            event, Map(self._source, mark.line + 1, mark.column + 1, mark.column + 2, {}, bool(event.flow_style))
        )

    def _start(self, event: _Event, node: Seq | Map) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_property(event)
        if type(self._parent) is Map and self._key is None:
            kind = "list" if type(node) is Seq else "mapping"
            help = "a key is one word; put it in quotes if it has brackets in it"
            raise node.error("E106", f"a {kind} cannot be a key", help)
        if len(self._stack) >= MAX_DEPTH:
            help = "move inner parts into blocks:"
            raise node.error("E502", f"lists and mappings are nested deeper than {MAX_DEPTH} levels", help)
        self._count(node)
        self._stack.append((self._parent, self._key))
        self._parent, self._key = node, None

    def _end(self, event: _Event) -> None:
        node = self._parent
        assert node is not None
        self._parent, self._key = self._stack.pop()
        mark = event.end_mark
        if node.flow and self._lines[node.line - 1][node.column - 1] in "{[":
            same_line = mark.line + 1 == node.line
            node.end_column = mark.column + 1 if same_line else len(self._lines[node.line - 1].rstrip()) + 1
        else:
            # The mark of a block's end is wherever the next token starts; its first entry is what to point at.
            first = node.items[:1] if isinstance(node, Seq) else next(iter(node.entries.values()), ())
            for child in first:
                if child.line == node.line:
                    node.end_column = max(node.end_column, child.end_column)
        self._attach(node)

    def _refuse_property(self, event: _Event) -> None:
        """Anchors, aliases and tags, for which the language has better means."""
        raise SpecError(
            yaml_traps.refuse_property(self._source, event.start_mark.line + 1, event.start_mark.column + 1)
        )

    def _start_document(self, event: _Event) -> None:
        if self._root is not None:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            message = "a second document starts here"
            raise SpecError(self._source.diagnostic("E105", message, line, column, 3, help="keep one network per file"))
