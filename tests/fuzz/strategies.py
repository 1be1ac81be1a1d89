"""Specs that are almost right: made of the words of the language, or of real specs with a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cnncalc.layers import registry
from cnncalc.layers.base import Param
from cnncalc.spec.document import BLOCK_KEYS, KEYS
from cnncalc.spec.vocabulary import MODIFIER_WORDS, STRUCTURE

FOLDER = Path(__file__).parents[1] / "data" / "examples"
SHIPPED = Path(__file__).parents[2] / "specs"
EXAMPLES = [path.read_text("utf-8") for folder in (FOLDER, SHIPPED) for path in sorted(folder.glob("*.yaml"))]
LAYERS = sorted(registry())
UNARY = sorted(kind for kind, cls in registry().items() if cls.inputs[1] == 1)
MERGES = sorted(set(LAYERS) - set(UNARY))
PARAMS = sorted({name for cls in registry().values() for name in cls.params})

ODD = """0 -1 0.5 1e-6 1e308 1e999 nan inf -inf .inf true null ~ '' "" here in.height in.x x enc[0] "enc[0]" "enc[*]"
like_here same causal 9**9**9 2**300 999999999999999999999 2147483648 [] {} [[]] [here] [relu] range(3) zip([1],[2])
1//0 max() len(3) divisible(1e300,8) sqrt(-1) floor(1e308*10) é 名前 0x3 010 1:30 2020-01-01 *a &b !x << ._ -
(((1))) a-b a.b 1x 3X3 " ' { } [ ] , : # | > % @ ` \\ \t \x00 ? = - --- ...""".split()
"""What nobody should write, and somebody does."""

VALUES: dict[str, list[str]] = {
    "IntSlot": ["1", "2", "8", "n", "a * 2", "in.channels"],
    "FloatSlot": ["0", "0.1", "1e-5"],
    "BoolSlot": ["true", "false", "n > 1"],
    "SizeSlot": ["1", "2", "3", "n", "1x2", "[2, 1]"],
    "PaddingSlot": ["0", "1", "same", "valid", "causal", "[[0, 1], [1, 0]]"],
    "AmountsSlot": ["1", "0", "-1", "[[0, 1], [1, 0]]"],
    "NumbersSlot": ["1", "2", "0.5", "[2, 3]"],
    "AxesSlot": ["channels", "last", "spatial", "all", "0", "[0, 1]"],
    "IntsSlot": ["[4, 4]", "[-1]", "[2, -1]", "[1, 2, 0]", "[1, 0]"],
}
NAMES = ["a", "t", "input", "here", '"enc[0]"', '"enc[n]"', '"x[i, 1]"', '"enc[*]"']
MODIFIED = {"name": ["a", "t", '"enc[0]"'], "from": ["input", "here"], "when": ["n > 1", "false"], "share": ["w"]}


def mostly(usual: list[str], rare: list[str]) -> st.SearchStrategy[str]:
    """Something usual, now and then something odd."""
    return st.integers(0, 29).flatmap(lambda n: st.sampled_from(rare if n == 29 else usual))


def value(param: Param) -> st.SearchStrategy[str]:
    """A value for a parameter, mostly one it takes."""
    return mostly(VALUES.get(type(param.slot).__name__) or list(param.slot.words), ODD[:40])


@st.composite
def layer(draw: st.DrawFn) -> str:
    """A call of a layer."""
    kind = draw(st.sampled_from(UNARY))
    given = []
    for param in registry()[kind].params.values():
        if param.required or draw(st.integers(0, 3)) == 0:
            given.append(f"{param.name}: {draw(value(param))}")
    return f"{kind}: {{{', '.join(given)}}}"


def _structure(steps: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = mostly(["2", "n", "[1, 2]", "b", "range(n)"], ["0", "-1", "1e9", "1e300", "[[1, 2], [3, 4]]"])
    branches = st.lists(steps | mostly(["here", "[]", "input"], NAMES), min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("repeat: {}, do: {}".format, counts, steps),
        st.builds("for: {}, in: {}, do: {}".format, st.sampled_from(["i", "[i, j]", "n"]), counts, steps),
        st.builds("if: in.channels > {}, then: {}, else: {}".format, st.integers(0, 9), steps, steps),
        st.builds("let: {{c{}: {}}}".format, st.integers(0, 99), counts),
        st.builds("split: {{into: [p, q], sizes: [{}, in.channels - 1]}}".format, st.integers(0, 2)),
        st.builds('side: {}, name: "aux[{}]"'.format, steps, st.integers(0, 3)),
        st.builds("use: {}".format, st.sampled_from(["relu", "x", "batchnorm", "mine", "7"])),
        st.builds("{}: [{}]".format, st.sampled_from(MERGES), branches),
        st.sampled_from(["mine: ", "mine: 2", "mine: {a: 2}", "other: ", "mine: {a: other}"]),
    )


@st.composite
def _modified(draw: st.DrawFn, head: st.SearchStrategy[str]) -> str:
    text = draw(head)
    for modifier, words in MODIFIED.items():
        if draw(st.integers(0, 9)) == 0 and f"{modifier}: " not in text:
            text += f", {modifier}: {draw(mostly(words, NAMES))}"
    return "{" + text + "}"


def _list(step: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(step, min_size=1, max_size=3).map(lambda steps: f"[{', '.join(steps)}]")


STEP: st.SearchStrategy[str] = st.recursive(
    _modified(layer()), lambda inner: _modified(_structure(_list(inner))), max_leaves=6
)


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec in the words of the language."""
    shapes = ["4x16x16", "8x8x8", "8", "1x64", "2x4x4x4", "{a: 3x8x8, b: 3x8x8}"]
    lines = [f"input: {draw(st.sampled_from(shapes))}", "vars: {n: 2, a: 3, b: [1, 2], x: relu}"]
    lines += ["blocks:", f"  mine: {{args: [a = 2], do: {draw(_list(STEP))}}}"]
    lines += [f"  other: {{inputs: [p, q], outputs: [z], do: {draw(_list(STEP))}}}"]
    if draw(st.integers(0, 5)) == 0:
        keys = st.sampled_from(["outputs", "presets", "expect", "layout", "import", "name", "zzz"])
        lines.append(f"{draw(keys)}: {draw(st.sampled_from([*ODD, *NAMES, '[a]', '{a: {n: 1}}']))}")
    return "\n".join([*lines, "layers:", *(f"  - {step}" for step in draw(st.lists(STEP, min_size=1, max_size=5)))])


# -- structures of YAML ------------------------------------------------------------------------------

_WORDS = st.sampled_from([*LAYERS, *PARAMS, *KEYS, *BLOCK_KEYS, *STRUCTURE, *MODIFIER_WORDS, *NAMES, *ODD[:48]])
STRUCTURES: st.SearchStrategy[Any] = st.recursive(
    _WORDS | st.integers(-3, 300).map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=25,
)


def flow(data: Any) -> str:
    """A structure as YAML."""
    if isinstance(data, list):
        return f"[{', '.join(map(flow, data))}]"
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in data.items()) + "}"
    return str(data)


# -- slips -------------------------------------------------------------------------------------------


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A real spec with one to three slips: a word, a number, a character, the indentation, a line."""
    text = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(_slip(text))
    return text


@st.composite
def _slip(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    i = draw(st.integers(0, len(lines) - 1))
    kind = draw(
        st.sampled_from(["word", "word", "number", "character", "indent", "dedent", "delete", "double", "swap"])
    )
    if kind in ("word", "number"):
        lines[i] = draw(_other_word(lines[i], r"\d+" if kind == "number" else r"[\w.]+"))
    elif kind == "character":
        j = draw(st.integers(0, len(lines[i])))
        lines[i] = lines[i][:j] + draw(st.sampled_from([*"{}[]():,-*&!|>'\"#%@`\t\\=~? é", ""])) + lines[i][j + 1 :]
    elif kind == "indent":
        lines[i] = " " * draw(st.integers(1, 4)) + lines[i]
    elif kind == "dedent":
        lines[i] = lines[i][draw(st.integers(1, 4)) :]
    elif kind == "delete":
        del lines[i]
    else:
        j = draw(st.integers(0, len(lines) - 1))
        if kind == "double":
            lines.insert(i, lines[j])
        else:
            lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


def every_slip(text: str) -> Iterator[str]:
    """A spec with each word, each number, and the indentation and presence of each line changed in turn."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        changed = [f"  {line}", f" {line}", line[1:], line[2:], f"{line}\n{line}", f"\t{line}", f"-{line}", f"{line}:"]
        for number, found in enumerate(re.finditer(r"[\w.]+", line)):
            odd = ODD[(7 * i + number) % len(ODD)]
            for word in (odd, "kernel", "x", "0", ""):
                changed.append(line[: found.start()] + word + line[found.end() :])
        for new in [*changed, None]:
            yield "\n".join([*lines[:i], *([] if new is None else [new]), *lines[i + 1 :]])


@st.composite
def _other_word(draw: st.DrawFn, line: str, pattern: str) -> str:
    found = list(re.finditer(pattern, line))
    if not found:
        return line
    place = draw(st.sampled_from(found))
    new = draw(st.sampled_from([*ODD, *LAYERS, *PARAMS, *STRUCTURE, "7", "1000000000", "0.5"]))
    return line[: place.start()] + new + line[place.end() :]
