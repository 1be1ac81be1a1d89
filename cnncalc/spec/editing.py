"""Changing a spec's text in place, so that its comments and layout stay.

Positions come from PyYAML's composer: the loader's own nodes know where a value starts, but not
where one of several lines ends.
"""

from __future__ import annotations

from typing import Any

import yaml

from cnncalc.spec.nodes import Node, Source
from cnncalc.spec.writing import quoted

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FLOW_ONLY = frozenset(",[]{}")


class Entry:
    """A key and its value in the text: offsets, and what is inside."""

    def __init__(self, editor: Editor, key: Any, value: Any, in_flow: bool) -> None:
        self.key_start: int = editor.offset(key.start_mark)
        self.colon: int = editor.text.find(":", editor.offset(key.end_mark))
        self.column: int = key.start_mark.column
        self.in_flow = in_flow
        """Whether it stands inside `{…}`."""
        collection = isinstance(value, yaml.CollectionNode)
        self.block: bool = collection and not value.flow_style
        """Whether the value is a list or mapping on lines of its own."""
        self.plain: bool = not collection and not value.style
        self.start: int = editor.offset(value.start_mark)
        self.end: int = editor.end(value, self.colon)
        self.indent: int = value.start_mark.column
        flow = in_flow or (collection and not self.block)
        pairs = value.value if isinstance(value, yaml.MappingNode) else []
        self.entries = {str(name.value): Entry(editor, name, item, flow) for name, item in pairs}


class Editor:
    """The text of a spec that the loader has accepted, and the changes to be made in it."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self._starts = [0]
        for line in source.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._changes: list[tuple[int, int, str]] = []
        root: Any = yaml.compose(self.text.replace("\t", " "), Loader=_LOADER)
        self.in_flow = bool(root.flow_style)
        """Whether the whole spec is one `{…}`, as in JSON."""
        self.entries = {str(key.value): Entry(self, key, value, self.in_flow) for key, value in root.value}

    def offset(self, mark: Any) -> int:
        """A mark's place in the text."""
        place: int = self._starts[mark.line] + mark.column
        return min(place, len(self.text))

    def place(self, node: Node) -> int:
        """A node's place in the text."""
        return self._starts[node.line - 1] + node.column - 1

    def end(self, node: Any, colon: int) -> int:
        """Where a value ends, without blank lines and comments below it; nothing ends at its key's colon."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            key, value = last if isinstance(last, tuple) else (None, last)
            return self.end(
                value, self.text.find(":", self.offset(key.end_mark)) if key else self.offset(value.start_mark)
            )
        if isinstance(node, yaml.ScalarNode) and not node.value and not node.style:
            return colon + 1
        end = self.offset(node.end_mark)
        return end - 1 if self.text[end - 1 : end] == "\n" else end

    def line_end(self, place: int) -> int:
        """The end of the line a place is on, before its line break."""
        found = self.text.find("\n", place)
        return found if found >= 0 else len(self.text)

    def line_start(self, place: int) -> int:
        """The start of the line a place is on."""
        return self.text.rfind("\n", 0, max(place, 0)) + 1

    def replace(self, start: int, end: int, text: str) -> None:
        """Put `text` where the stretch from `start` to `end` is."""
        self._changes.append((start, end, text))

    def assign(self, target: Entry, new: Entry, one_line: str) -> None:
        """Give an entry the value of another one as it is written there, or `one_line` inside `{…}`."""
        text = self.text[new.start : new.end]
        if new.block and not target.in_flow:
            # a comment beside the key stays; the lines below it are exchanged
            rest = self.line_end(target.colon)
            if target.block:
                self.replace(rest, target.end, "")
            else:
                self.replace(target.colon + 1, target.end, "")
            self.replace(rest, rest, "\n" + _indented(" " * new.indent + text, target.column + 2 - new.indent))
            return
        if new.block:
            text = one_line
        elif target.in_flow and new.plain and _FLOW_ONLY & set(text):
            text = quoted(" ".join(text.split()))
        if target.block:
            self.replace(self.line_end(target.colon), target.end, "")
            self.replace(target.colon + 1, target.colon + 1, f" {text}")
        else:
            self.replace(target.start, target.end, text)

    def remove(self, name: str, instead: str = "") -> None:
        """Take out an entry of the top level, with a comment right above it, or put another entry in its place."""
        target = self.entries[name]
        if self.in_flow:
            self._remove_in_flow(target, instead)
            return
        start = self.line_start(target.key_start)
        while not instead and self.text[self.line_start(start - 1) : start].startswith("#"):
            start = self.line_start(start - 1)
        end = min(self.line_end(target.end) + 1, len(self.text))
        if not instead and self.text[start - 2 : start] == "\n\n" and self.text[end : end + 1] in ("\n", ""):
            start -= 1  # one blank line between neighbours is enough
        self.replace(start, end, instead and f"{instead}\n")

    def _remove_in_flow(self, target: Entry, instead: str) -> None:
        """Between commas."""
        others = list(self.entries.values())
        position = others.index(target)
        if instead:
            self.replace(target.key_start, target.end, instead)
        elif position + 1 < len(others):
            self.replace(target.key_start, others[position + 1].key_start, "")
        else:
            self.replace(others[position - 1].end, target.end, "")

    def result(self) -> str:
        """The text with all changes made."""
        text = self.text
        for start, end, new in sorted(self._changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text.rstrip("\n") + "\n"


def _indented(text: str, by: int) -> str:
    """Lines moved to the right, or to the left for a negative `by`."""
    lines = text.split("\n")
    if by >= 0:
        return "\n".join(" " * by + line if line.strip() else line for line in lines)
    return "\n".join(line[min(-by, len(line) - len(line.lstrip())) :] for line in lines)
