"""Answers files: CSV, Markdown tables and YAML, read to rows of cells that know where they stand."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NamedTuple

from cnncalc.errors import Diagnostic, SpecError
from cnncalc.spec.nodes import Map, Node, Scalar, Seq, Source
from cnncalc.spec.yaml_nodes import read_yaml
from cnncalc.spec.yaml_text import read_text

TABLES = (".csv", ".tsv", ".md", ".markdown")
YAMLS = (".yaml", ".yml")
SPEC_KEYS = frozenset(("layers", "blocks", "input"))
"""A YAML mapping with one of these at its top is a spec; any other YAML is answers."""
MAX_ROWS = 10_000


class Cell(NamedTuple):
    """A piece of an answers file.  `line` and `column` count from 1."""

    text: str
    line: int
    column: int

    def diagnostic(self, source: Source, code: str, message: str, help: str | None = None) -> Diagnostic:
        """A complaint about this cell."""
        return source.diagnostic(code, message, self.line, self.column, len(self.text), help=help)


class Record(NamedTuple):
    """What a row says: the layer it is about, and (heading, answer) pairs."""

    name: Cell
    answers: tuple[tuple[Cell, Cell], ...]


class Sheet(NamedTuple):
    """An answers file."""

    source: Source
    records: tuple[Record, ...]


def is_answers(name: str, data: bytes) -> bool:
    """Whether a file holds answers: by its suffix; YAML by having none of `layers`, `blocks`, `input` on top."""
    suffix = PurePath(name).suffix.lower()
    if suffix in TABLES:
        return True
    if suffix not in YAMLS:
        return False
    try:
        root = read_yaml(data, name)
    except SpecError:
        return False
    return isinstance(root, Seq) or (isinstance(root, Map) and not SPEC_KEYS & root.entries.keys())


def read_sheet(data: bytes, name: str, headings: frozenset[str]) -> Sheet:
    """The answers in a file; `headings` are the spellings of the column that names the layer.

    Raises:
        SpecError: A101 if there is no table in it, E1xx for text that cannot be read at all.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in YAMLS or (suffix not in TABLES and not re.search(rb"^[^\n]*[|,;\t]", data)):
        root = read_yaml(data, name)
        return Sheet(root.source, tuple(_records(root, headings)))
    source = read_text(data, name)
    tables = _markdown(source) if suffix in (".md", ".markdown") else [_separated(source)]
    records = [record for table in tables for record in _table(table, headings)]
    if not records:
        raise SpecError(source.diagnostic("A101", "there is no table of answers here", 1, 1, help=_FORM))
    return Sheet(source, tuple(records[:MAX_ROWS]))


_FORM = "the first row names the columns: layer,output,params,…"


def _table(rows: list[list[Cell]], headings: frozenset[str]) -> list[Record]:
    if len(rows) < 2:
        return []
    head, *body = rows
    place = next((k for k, cell in enumerate(head) if spelled(cell.text) in headings), None)
    records = []
    for row in body:
        # a row may be shorter than the header: what is not there is not answered
        name = row[place] if place is not None and place < len(row) else Cell("", row[0].line, 1)
        answers = [(title, cell) for k, (title, cell) in enumerate(zip(head, row, strict=False)) if k != place]
        answers += [
            (Cell("", 0, 0), cell) for cell in row[len(head) :] if cell.text
        ]  # more cells than columns: a comma too many
        records.append(Record(name, tuple(answers)))
    return records


def spelled(text: str) -> str:
    """A heading or name in one spelling: letters and digits only, lower case."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff#%]", "", text.lower())


# -- CSV ------------------------------------------------------------------------------------------


def _separated(source: Source) -> list[list[Cell]]:
    first = next((line for line in source.lines if line.strip()), "")
    separator = max("\t;,", key=first.count) if first else ","
    rows = []
    for number, line in enumerate(source.lines, 1):
        cells = _split(line.rstrip("\r"), separator, number)
        if any(cell.text for cell in cells) and not line.lstrip().startswith("#"):
            rows.append(cells)
    return rows


def _split(line: str, separator: str, number: int) -> list[Cell]:
    cells: list[Cell] = []
    start = position = 0
    quoted = False
    depth = 0
    for position, character in enumerate([*line, separator]):
        if character == '"' and position < len(line):
            quoted = not quoted
        elif not quoted and character in "([":
            depth += 1
        elif not quoted and character in ")]":
            depth = max(0, depth - 1)
        # (28,28,6) without quotes is one answer, not three: brackets hold it together
        elif character == separator and not quoted and (depth == 0 or position == len(line)):
            cells.append(_cell(line[start:position], number, start))
            start = position + 1
    return cells


def _cell(raw: str, line: int, offset: int) -> Cell:
    text = raw.strip()
    column = offset + len(raw) - len(raw.lstrip()) + 1
    if len(text) > 1 and text[0] == text[-1] == '"':
        return Cell(text[1:-1].replace('""', '"').strip(), line, column + 1)
    return Cell(text, line, column)


# -- Markdown -------------------------------------------------------------------------------------

_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


def _markdown(source: Source) -> list[list[list[Cell]]]:
    tables: list[list[list[Cell]]] = []
    lines = source.lines
    number = 1
    while number < len(lines):
        if "|" in lines[number - 1] and _RULE.match(lines[number]) and "-" in lines[number]:
            rows = [_pipes(lines[number - 1], number)]
            number += 2
            while number <= len(lines) and "|" in lines[number - 1]:
                rows.append(_pipes(lines[number - 1], number))
                number += 1
            tables.append(rows)
        else:
            number += 1
    return tables


def _pipes(line: str, number: int) -> list[Cell]:
    cells = []
    position = len(line) - len(line.lstrip())
    position += line[position : position + 1] == "|"
    for part in re.split(r"(?<!\\)\|", line[position:].rstrip().removesuffix("|")):
        text = re.sub(r"\\([|*_])", r"\1", part.replace("&nbsp;", " "))
        text = text.strip().strip("`*$").strip()
        cells.append(Cell(text, number, position + len(part) - len(part.lstrip()) + 1))
        position += len(part) + 1
    return cells


# -- YAML -----------------------------------------------------------------------------------------


def _records(root: Node, headings: frozenset[str]) -> list[Record]:
    if isinstance(root, Map) and list(root.entries) == ["answers"]:
        root = root.entries["answers"][1]
    if isinstance(root, Map):
        return [_named(key, value) for key, value in root.entries.values()]
    if not isinstance(root, Seq):
        raise root.error("A101", "there are no answers here", "write a list: - {layer: conv1, params: 456}")
    records = []
    for item in root.items:
        if not isinstance(item, Map):
            raise item.error("A101", "an answer is a mapping", "write - {layer: conv1, params: 456}")
        titles = {spelled(name): name for name in item.entries}
        key = next((titles[title] for title in titles if title in headings), None)
        if key is not None:
            name = _scalar(item.entries[key][1])
            pairs = [pair for title, pair in item.entries.items() if title != key]
            records.append(Record(name, tuple((_scalar(title), _scalar(value)) for title, value in pairs)))
        elif len(item.entries) == 1:
            ((title, value),) = item.entries.values()
            records.append(_named(title, value))
        else:
            raise item.error("A101", "this answer does not say which layer it is about", "add layer: conv1")
    return records


def _named(key: Scalar, value: Node) -> Record:
    if not isinstance(value, Map):
        raise value.error(
            "A101", f"the answers for '{key.text}' are no mapping", "write {output: 28x28x6, params: 456}"
        )
    pairs = value.entries.values()
    return Record(_scalar(key), tuple((_scalar(title), _scalar(answer)) for title, answer in pairs))


def _scalar(node: Node) -> Cell:
    if isinstance(node, Scalar):
        return Cell(node.text.strip(), node.line, node.column)
    if isinstance(node, Seq):
        sides = [item.text if isinstance(item, Scalar) else "?" for item in node.items]
        return Cell("x".join(sides), node.line, node.column)
    return Cell("{…}", node.line, node.column)
