"""YAML text -> nodes: what is kept as it is, and where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.errors import SpecError
from cnncalc.spec.nodes import Map, Scalar, Seq
from cnncalc.spec.yaml_nodes import MAX_DEPTH, read_yaml
from tests.spec.trees import check, entry, full, place, plain


def read(text: str | bytes) -> Any:
    return plain(read_yaml(text, "net.yaml"))


# ---- values stay as written ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", "no on off yes true null ~ 1e3 1:30 010 0x3 0o7 2024-01-01 1_000 .5 .inf = 3x224x224 -1".split()
)
def test_nothing_is_resolved(word: str) -> None:
    assert read(f"a: {word}") == {"a": word}
    assert read(f"[{word}, b]") == [word, "b"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{relu: , when: first}", {"relu": "", "when": "first"}),
        ("{tower: , from: left}", {"tower": "", "from": "left"}),
        ("{relu, when: x}", {"relu": "", "when": "x"}),
        ("[a: 1 , b]", [{"a": "1"}, "b"]),
        ("{filters: 6,}", {"filters": "6"}),
        ('{"a":b, "c d": [1]}', {"a": "b", "c d": ["1"]}),
        ("args: [p = 0, q = max(1)]", {"args": ["p = 0", "q = max(1)"]}),
        ("row: x[i, *]", {"row": "x[i, *]"}),
        ("filters: max(8, x[0])", {"filters": "max(8, x[0])"}),
        ("a: b\n  c", {"a": "b c"}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("-\n- a", ["", "a"]),
        ("- - a", [["a"]]),
        ("doc: see http://x.y/z, or a:b", {"doc": "see http://x.y/z, or a:b"}),
        ("doc:\n  Note:this\n  - and that", {"doc": "Note:this - and that"}),
        ("{name: a smile :), b: c}", {"name": "a smile :)", "b": "c"}),
        ("name: «\xa0Réseau\xa0»", {"name": "«\xa0Réseau\xa0»"}),
        ("doc: |\n  输入：图像\n  – point", {"doc": "输入：图像\n– point"}),
        ("doc: is it ?\nkey: 3", {"doc": "is it ?", "key": "3"}),
        ("'? a': b", {"? a": "b"}),
        ("---\na: 1\n...\n", {"a": "1"}),
        ("a:\t1\t# c\n\t\nb: 2", {"a": "1", "b": "2"}),
    ],
)
def test_accepted(text: str, tree: object) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbfa: b\n", b"a: b\r\n", b"\xef\xbb\xbfa: b\r\n\r\n", "\ufeffa: b", "a: b\r"]
)
def test_byte_order_mark_and_line_ends_are_silent(text: str | bytes) -> None:
    root = read_yaml(text, "f")
    assert full(root) == full(read_yaml("a: b", "f"))
    assert root.source.line(1) == "a: b"


# ---- positions -------------------------------------------------------------------------------------


def test_positions() -> None:
    root = read_yaml("name: x\nlayers:\n  - conv: {filters: 6, kernel: 5}  # c\n  - relu\n", "f")
    assert place(root) == (1, 1, 8)
    layers = entry(root, "layers")
    assert place(layers) == (3, 3, 34)
    assert place(entry(layers, 0)) == (3, 5, 34)
    conv = entry(layers, 0, "conv")
    assert place(conv) == (3, 11, 34)
    assert isinstance(conv, Map) and conv.flow
    assert place(conv.key("kernel")) == (3, 24, 30)
    assert place(entry(conv, "kernel")) == (3, 32, 33)
    assert place(entry(layers, 1)) == (4, 5, 9)


def test_columns_count_characters_after_a_byte_order_mark_and_accents() -> None:
    root = read_yaml("\ufeffé: {ü: 𝟙, b: c}\nname: 日本".encode(), "f")
    assert place(entry(root, "é")) == (1, 4, 16)
    assert place(entry(root, "é", "b")) == (1, 14, 15)
    assert place(entry(root, "name")) == (2, 7, 9)


def test_a_scalar_over_several_lines_ends_with_its_first_line() -> None:
    root = read_yaml('a: one two\n  three\nb: "x\n  y"\nc: |\n  z\n', "f")
    assert place(entry(root, "a")) == (1, 4, 11)
    assert place(entry(root, "b")) == (3, 4, 6)
    assert place(entry(root, "c")) == (5, 4, 5)


def test_a_missing_value_stands_at_its_key() -> None:
    root = read_yaml("- relu:\n- {tanh: , when: x}", "f")
    empty = entry(root, 0, "relu")
    assert isinstance(empty, Scalar) and empty.empty
    assert place(empty) == (1, 3, 7)
    assert place(entry(root, 1, "tanh")) == (2, 4, 8)


def test_quotes_are_remembered() -> None:
    root = read_yaml("['a', \"b\", c, '']", "f")
    assert isinstance(root, Seq)
    assert [(item.text, item.quoted) for item in root.items if isinstance(item, Scalar)] == [
        ("a", True),
        ("b", True),
        ("c", False),
        ("", True),
    ]


# ---- limits ----------------------------------------------------------------------------------------


def refused(text: str | bytes, **limits: int) -> str:
    with pytest.raises(SpecError) as caught:
        read_yaml(text, "net.yaml", **limits)
    check(caught.value)
    return caught.value.diagnostics[0].code


def test_the_deepest_nesting() -> None:
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == "E502"
    read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f")


def test_the_most_nodes() -> None:
    text = "a: [b, c]\nd:"  # the mapping, the list, two keys, three values
    assert read_yaml(text, "f", max_nodes=7)
    assert refused(text, max_nodes=6) == "E503"


def test_the_largest_file() -> None:
    text = "a: b #" + "x" * ((1 << 20) - 6)
    assert read(text) == {"a": "b"}
    assert refused(text + "x") == "E501"
    assert refused((text + "x").encode()) == "E501"
    assert refused(text[:-1] + "é") == "E501"
