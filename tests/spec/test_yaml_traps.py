"""Each kind of mistake: its code, its place, what is said, and that the printed correction is one."""

from __future__ import annotations

import re

import pytest
import yaml

from cnncalc.errors import Diagnostic, SpecError
from cnncalc.spec.yaml_nodes import read_with, read_yaml
from tests.spec.trees import check, plain


def complain(text: str | bytes, loader: object = None) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        read_with(loader, text, "f") if loader else read_yaml(text, "f")
    check(caught.value)
    return caught.value.diagnostics[0]


def underlined(diagnostic: Diagnostic) -> str:
    assert diagnostic.span is not None and diagnostic.source is not None
    return diagnostic.source[diagnostic.span.column - 1 : diagnostic.span.end_column - 1]


# Text, code, line, what is underlined, and a part of the message and help.
MISTAKES = [
    # E101: not YAML
    ("a: 'b", "E101", 1, "'", "never closed", "closing '"),
    ('a: "b\nc: d', "E101", 1, '"', "never closed", 'closing "'),
    ("a: {b: c", "E101", 1, "{", "never closed", "missing '}'"),
    ("a: {b: c\nd: e", "E101", 1, "{", "never closed", "missing '}'"),
    ("- a: {b: 5\n- relu\n- fc: 1", "E101", 1, "{", "never closed", "missing '}'"),
    ("a: [b,\n", "E101", 1, "[", "never closed", "missing ']'"),
    ("a: {b: c]", "E101", 1, "]", "does not close the '{' of line 1", "missing '}'"),
    ("a: {b: c}}", "E101", 1, "}", "closes nothing", "delete it"),
    ("a: ]", "E101", 1, "]", "closes nothing", "missing '['"),
    ("{a: 6 kernel: 5}", "E101", 1, "kernel", "comma is missing before 'kernel'", "with commas"),
    ("{conv {a: 1}}", "E101", 1, "conv", "no colon after it", "write conv: {"),
    ("{args [a, b]}", "E101", 1, "args", "no colon after it", "write args: ["),
    ("{a: b,, c: d}", "E101", 1, ",", "nothing before this ','", "delete it"),
    ("- conv {a: 1, b: 2}: 3", "E101", 1, "conv", "no colon after it", "write conv: {"),
    ("[[1, 2] [3, 4]]", "E101", 1, "[", "comma is missing before '['", "with commas"),
    ("name LeNet\ninput: x", "E101", 1, "name", "no colon", "write name: LeNet"),
    ("input: x\nname LeNet\n", "E101", 2, "name", "no colon", "write name: LeNet"),
    ("- relu\n  name: x", "E101", 1, "relu", "no colon", "write - relu:"),
    ("- relu\n fc: 3", "E101", 2, "fc", "indented more", "align it"),
    ("- fc: 120\n    name: x", "E101", 2, "name", "indented more", "align it"),
    ("- a\n - b", "E101", 2, "-", "indented more than the list", "align the dashes"),
    ("- -a\n-b: c", "E101", 2, "-b:", "space is missing after the dash", "write - b:"),
    ("a:\n  -relu\n  -tanh", "E101", 2, "-relu", "space is missing after the dash", "write - relu"),
    ("a:\n  b: 1\n c: 2", "E101", 3, "c", "indentation", "align it"),
    ("conv: filters: 6", "E101", 1, ":", "second 'key:'", "write conv: {filters: 6}"),
    ("conv: (filters: 6, kernel: 5)", "E101", 1, ":", "second 'key:'", "write conv: {filters: 6, kernel: 5}"),
    ("name: U-Net: the net", "E101", 1, ":", "second 'key:'", "in quotes"),
    ("a: b ? c : d", "E101", 1, ":", "not part of the language", "a if condition else b"),
    ("{a: b ?c}", "E101", 1, None, "", "a if condition else b"),
    ("a: - b", "E101", 1, "-", "middle of a line", "next line"),
    ("a: @b", "E101", 1, "@", "cannot start with '@'", "in quotes"),
    ("when: > 3", "E101", 1, ">", "begins a block of text", "left side"),
    ("when: >#3", "E101", 1, None, "begins a block of text", "left side"),
    ('a: "b" c', "E101", 1, "c", "after the end of the value", "other kind of quotes"),
    (r'a: "\q"', "E101", 1, "\\", r"'\q' is no escape", "single quotes"),
    (r'a: "\ud800"', "E101", 1, None, "stands for no character", "single quotes"),
    (r'a: "\UFFFFFFFF"', "E101", 1, None, "stands for no character", "single quotes"),
    (": b", "E101", 1, ":", "no key before this colon", "in front of it"),
    ("{a: b}\nc: d", "E101", 2, "c", "after the end of the spec", "mapping"),
    ("{a: (b}", "E101", 1, "(b", "parentheses of '(b'", "close each"),
    # E102: duplicate keys
    ("a: 1\nb: 2\na: 3", "E102", 3, "a", "'a' is already used on line 1", "delete one"),
    ("{a: 1, 'a': 2}", "E102", 1, "'a'", "'a' is already used on line 1", "delete one"),
    # E103: anchors, aliases, merge keys
    ("a: &x b", "E103", 1, "&x", "'&x' is a YAML anchor", "blocks:"),
    ("a: &x\n  b: c", "E103", 1, "&x", "anchor", "blocks:"),
    ("a: *x", "E103", 1, "*x", "alias", "blocks:"),
    ("{*x : b}", "E103", 1, "*x", "alias", "blocks:"),
    ("a: * 2", "E103", 1, "*", "alias", "quotes"),
    ("<<: b", "E103", 1, "<<", "merge keys", "vars:"),
    # E104: tags
    ("a: !!python/object/apply:os.system [ls]", "E104", 1, "!!python/object/apply:os.system", "tag", "delete it"),
    ("when: !flag", "E104", 1, "!flag", "tag", "write: not flag"),
    ("{when: !flag}", "E104", 1, "!flag", "tag", "write: not flag"),
    ("!a!b c", "E104", 1, "!a!b", "tag", "delete it"),
    # E105: documents and directives
    ("a: 1\n---\nb: 2", "E105", 2, "---", "second document", "one network per file"),
    ("a: 1\n...\nb: 2", "E105", 3, "b", "second document", "one network per file"),
    ("%YAML 1.1\n---\na: 1", "E105", 1, "%YAML 1.1", "directive", "delete this line"),
    # E106: keys that are not words
    ("? a\n: b", "E106", 1, "?", "complex key", "delete the '?'"),
    ("a:\n  ?\n    b\n  : c", "E106", 2, "?", "complex key", "delete the '?'"),
    ("{? a : b}", "E106", 1, "?", "complex key", "delete the '?'"),
    ("[a, b]: c", "E106", 1, None, "a list cannot be a key", "quotes"),
    ("{{a: b}: c}", "E106", 1, None, "a mapping cannot be a key", "quotes"),
    ("'': b", "E106", 1, "''", "cannot be empty", "in front"),
    ("{8, a: b}", "E106", 1, "8", "without a value", "key: value"),
    ("{kernel 5}", "E106", 1, "kernel 5", "without a value", "write kernel: 5"),
    ("{kernel=5}", "E106", 1, "kernel=5", "without a value", "write kernel: 5"),
    ("{a\n b: c}", "E106", 1, "a", "without a value", "commas"),
    # E107: a colon without its space
    ("{k:3}", "E107", 1, "k:", "'k:' needs a space", "write {k: 3}"),
    ("- conv:{filters: 6}", "E107", 1, "conv:", "space", "write conv: {filters: 6}"),
    ("- conv:{filters: 6, kernel: 5}", "E107", 1, "conv:", "space", "write conv: {filters: 6, kernel: 5}"),
    ("- conv: {filters:6, kernel: 5}", "E107", 1, "filters:", "space", "write {filters: 6, kernel: 5}"),
    ("{conv:{filters:6}}", "E107", 1, None, "space", "filters: 6}"),
    ("{relu:, when: x}", "E107", 1, "relu:", "space", "write {relu: , when: x}"),
    ("{relu :}", "E107", 1, None, "space", ""),
    ("[fc:10, relu]", "E107", 1, "fc:", "space", "write [fc: 10, relu]"),
    ("- fc:10", "E107", 1, "fc:", "space", "write fc: 10"),
    ("- a\n- conv:[b, c]", "E107", 2, "conv:", "space", "write conv: [b, c]"),
    ("name: x\nfilters:6\nkernel: 5", "E107", 2, "filters:", "space", "write filters: 6"),
    ("vars:\n  a:3\n  b:4", "E107", 2, "a:", "space", "write a: 3"),
    ("vars:\n  a: 3\n  b:4", "E107", 3, "b:", "space", "write b: 4"),
    ("filters:6", "E107", 1, "filters:", "space", "write filters: 6"),
    ("{filters:max(8, x)}", "E107", 1, "filters:", "space", 'write {filters: "max(8, x)"}'),
    ("3x3:5: a", "E107", 1, "3x3:", "space", ""),
    ("- 'a':b", "E107", 1, None, "space", ""),
    # E108: an expression that YAML splits
    ("{filters: max(8, x)}", "E108", 1, "max(8, x)", "at the comma", 'quote it: {filters: "max(8, x)"}'),
    ("{filters: d[0]}", "E108", 1, "d[0]", "at the bracket", 'quote it: {filters: "d[0]"}'),
    ("[max(8, x), 3]", "E108", 1, "max(8, x)", "at the comma", 'quote it: ["max(8, x)", 3]'),
    ("outputs: [c[*]]", "E108", 1, "c[*]", "at the bracket", 'quote it: ["c[*]"]'),
    ("a: [x[i, *], b]", "E108", 1, "x[i, *]", "at the bracket", 'quote it: ["x[i, *]", b]'),
    ("{b: max(x[0], 2), c: f(1, 2)}", "E108", 1, "max(x[0], 2)", "", '{b: "max(x[0], 2)", c: "f(1, 2)"}'),
    ("{b: 6 if a else [1, 2]}", "E108", 1, "6 if a else [1, 2]", "", 'quote it: {b: "6 if a else [1, 2]"}'),
    ("{b: [1, 2] + x}", "E108", 1, "[1, 2] + x", "", 'quote it: {b: "[1, 2] + x"}'),
    ("in: [1, 2][i]", "E108", 1, "[1, 2][i]", "", 'quote it: in: "[1, 2][i]"'),
    ("- {conv: {k: w[i], n: 3}, from: 'a[1]'}", "E108", 1, "w[i]", "", 'quote it: {k: "w[i]", n: 3}'),
    ("- conv: {filters: 6,\n    kernel: max(3, k),\n    b: c}", "E108", 2, "max(3, k)", "", 'kernel: "max(3, k)"'),
    ("- conv: {\n    filters: max(8,\n      x)}", "E108", 2, "max(8", "", "on one line"),
    ("{b: x[0}", "E108", 1, "[", "at this bracket", "in double quotes"),
    # E109: tabs
    ("a:\n\tb: 1", "E109", 2, "\t", "tab", "use spaces"),
    ("a:\n  - b\n \t- c", "E109", 3, "\t", "tab", "use spaces"),
    # E110: nothing there
    ("", "E110", 1, None, "empty", "layers:"),
    ("# only a comment\n\n", "E110", 1, None, "empty", "layers:"),
    ("---\n", "E110", 1, None, "empty", "layers:"),
    # E111: characters
    (b"a: b\nc: \xe9", "E111", 2, "\ufffd", "byte 0xE9 is not UTF-8", "save the file as UTF-8"),
    ("a: b".encode("utf-16"), "E111", 1, None, "UTF-16", "save the file as UTF-8"),
    ("a: b".encode("utf-16-le"), "E111", 1, "\0", "control character U+0000", "save the file as UTF-8"),
    ("a: \x07", "E111", 1, "\x07", "control character U+0007", "delete it"),
    ("a: b\u2028c", "E111", 1, "\u2028", "character U+2028", "delete it"),
    ("a: \ud800", "E111", 1, "\ud800", "character U+D800", "delete it"),
    (r'a: "\e[31m"', "E111", 1, r'"\e[31m"', "control character U+001B", "single quotes"),
    ("- conv:\xa03", "E111", 1, "\xa0", "only looks like a space", "type a space"),
    ("a:\n\xa0 - b", "E111", 2, "\xa0", "only looks like a space", "type a space"),
    ("- conv：3", "E111", 1, "：", "only looks like a colon", "type a colon"),
    ("input：3\nname: x", "E111", 1, "：", "only looks like a colon", "type a colon"),
    ("- a\n– b: c", "E111", 2, "–", "only looks like a dash", "type a dash"),
]


@pytest.mark.parametrize(("text", "code", "line", "word", "message", "help"), MISTAKES)
def test_mistake(text: str | bytes, code: str, line: int, word: str | None, message: str, help: str) -> None:
    found = complain(text)
    assert (found.code, found.span and found.span.line) == (code, line)
    assert word is None or underlined(found) == word
    assert message in found.message
    assert help in (found.help or "")


@pytest.mark.parametrize("text", [mistake[0] for mistake in MISTAKES])
def test_both_parsers_find_the_same_kind_of_mistake(text: str | bytes) -> None:
    assert complain(text, yaml.SafeLoader).code == complain(text).code


@pytest.mark.parametrize("text", [mistake[0] for mistake in MISTAKES if mistake[1] in ("E107", "E108")])
def test_a_printed_correction_is_correct(text: str) -> None:
    corrected = re.fullmatch(r"(?:write|quote it:) (.*)", complain(text).help or "")
    if corrected:
        assert plain(read_yaml(corrected[1], "f"))


def test_a_mistake_as_it_is_printed() -> None:
    assert str(complain("layers:\n  - conv: {filters: max(8, x), kernel: 3}\n")) == (
        "f:2:21: error[E108]: the expression 'max(8, x)' needs quotes: YAML ends it at the comma\n"
        "   |\n"
        " 2 |   - conv: {filters: max(8, x), kernel: 3}\n"
        "   |                     ^^^^^^^^^\n"
        '   = help: quote it: {filters: "max(8, x)", kernel: 3}'
    )


def test_long_text_is_cut() -> None:
    found = complain("{a: max(" + ", ".join(["wide"] * 100) + ")}")
    assert found.code == "E108"
    assert len(found.message) < 150
    assert found.help == "put the expression in double quotes"
