"""Whatever bytes come in, a tree or SpecError comes out: soon, in little memory, from both of PyYAML's parsers."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.errors import SpecError
from cnncalc.spec.yaml_nodes import read_with, read_yaml
from tests.spec.trees import check, full

EXAMPLES = sorted((Path(__file__).parent.parent / "data" / "examples").glob("*.yaml"))
LOADERS = [loader for name in ("CSafeLoader", "SafeLoader") if (loader := getattr(yaml, name, None))]


def outcome(loader: Any, text: str | bytes) -> Any:
    try:
        return full(read_with(loader, text, "f"))
    except SpecError as error:
        check(error)
        return "refused"


def agree(text: str | bytes) -> None:
    assert len({repr(outcome(loader, text)) for loader in LOADERS}) == 1


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_both_parsers_give_the_same_tree(path: Path) -> None:
    first, *others = [full(read_with(loader, path.read_bytes(), "f")) for loader in LOADERS]
    assert all(first == other for other in others)


def test_examples_are_there() -> None:
    assert len(EXAMPLES) >= 5


TOKENS = [
    *"abx{}[](),:-?&*!|>'\"#@%`= \n\t\\",
    *(
        "k:3",
        "conv: ",
        "{filters: 6}",
        "max(8, x)",
        "d[0]",
        "- ",
        ": ",
        "\n  ",
        "\n    ",
        "\n  - ",
        "? ",
        "<<: ",
        "&a ",
    ),
    *("*a", "!t ", "!!s ", "---\n", "...\n", "|\n", "\r\n", "\ufeff", "\u2028", "\xa0", "é", "：", "\0", "\U0001f600"),
    *('"\\x41"', '"\\ud800"', '"\\UFFFFFFFF"', " # c", "\n%YAML 1.1\n", "relu", "when: "),
]
yaml_like = st.lists(st.sampled_from(TOKENS), max_size=30).map("".join)


@st.composite
def mutated_examples(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(EXAMPLES)).read_text("utf-8").splitlines(keepends=True)
    start = draw(st.integers(0, len(lines) - 1))
    text = "".join(lines[start : start + draw(st.integers(1, 15))])
    for _ in range(draw(st.integers(1, 3))):
        at, gone = draw(st.integers(0, len(text))), draw(st.integers(0, 3))
        text = text[:at] + draw(st.sampled_from(["", *TOKENS])) + text[at + gone :]
    return text


@settings(max_examples=400, deadline=1000)
@given(st.one_of(yaml_like, mutated_examples(), st.text()))
def test_any_text_is_read_or_refused_alike_by_both_parsers(text: str) -> None:
    agree(text)


@settings(max_examples=200, deadline=1000)
@given(st.one_of(st.binary(), yaml_like.map(lambda text: text.encode("utf-16")), mutated_examples().map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    agree(data)


LARGE = 1 << 20
HOSTILE = {
    "lists in lists": "[" * LARGE,
    "lists by dashes": "- " * (LARGE // 2),
    "mappings in mappings": "{a: " * (LARGE // 4),
    "indentation": "\n".join(" " * depth + "a:" for depth in range(1400)),
    "billion laughs": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(1000)),
    "directives": "%TAG !a! b\n" * (LARGE // 11),
    "anchors": "&a " * (LARGE // 3),
    "items": "- a\n" * (LARGE // 4),
    "parentheses": "[" + "a(, " * (LARGE // 5) + "]",
    "question marks": "{" + ", ".join(f"k{i}: 1" for i in range(45_000)) + ", doc: '?'}",
    "dashes in one line": "a: x\n  " + "- " * (LARGE // 2 - 10) + ": y",
    "colons": "a:" * (LARGE // 2),
    "one long word": "a" * (LARGE - 3) + ": b",
    "indices": "a: {b: x" + "[0]" * (LARGE // 4),
    "quotes": "a: {b: x[0] " + " '" * (LARGE // 4),
    "NULs": b"\0" * LARGE,
    "every byte": bytes(range(256)) * 4096,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_end_within_a_second(text: str | bytes) -> None:
    started = time.process_time()
    try:
        read_yaml(text, "f")
    except SpecError as error:
        check(error)
    assert time.process_time() - started < 1


def test_deep_nesting_takes_no_memory() -> None:
    text = "[" * 10_000
    tracemalloc.start()
    try:
        with pytest.raises(SpecError):
            read_yaml(text, "f")
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()
