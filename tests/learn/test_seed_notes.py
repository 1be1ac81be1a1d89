"""What the source notes teach, asked as a reader would: each fact's command and what it must say.

Ids are those of the notes: S sizes, P parameters, N networks, C cost, R receptive field.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.running import Runner


class Fact(NamedTuple):
    """A fact of the notes: what is typed, what is printed (all of it, in any order), and the exit code."""

    id: str
    command: str
    says: tuple[str, ...]
    spec: str = ""
    code: int = 0


STACKED = "input: 1x15x15\nlayers:\n" + 3 * "- conv: {filters: 1, kernel: 3}\n"
DIGITS = """layout: channels_last
input: 32x32x1
layers:
- conv: {filters: 6, kernel: 5}
- maxpool: 2
- conv: {filters: 16, kernel: 5}
- maxpool: 2
- flatten
- fc: 120
- fc: 84
- fc: 10
- softmax
"""
NARROW = "input: 256x28x28\nlayers:\n- pointwise: 16\n- conv: {filters: 32, kernel: 5, padding: same}\n"
MISFIT = "input: 4x8x8\nlayers:\n- add: {main: [conv: {filters: 4, kernel: 3}], shortcut: []}\n"
SQUARE = "32 - 5 + 1 = 28"

FACTS = (
    Fact("S1", "conv 1x6x6 1 -f 3", ("1x6x6 -> 1x4x4", "n - f + 1 = 6 - 3 + 1 = 4")),
    Fact("S1", "conv 32x32x3 1 -f 5 --hwc", ("32x32x3 -> 28x28x1", SQUARE)),
    Fact("S2", "conv 1x32x32 1 -f 5 -p 2", ("n + 2*p - f + 1 = 32 + 2*2 - 5 + 1 = 32",)),
    Fact("S2", "solve --kernel 5 --padding ?", ("(f - 1) / 2 = (5 - 1) / 2 = 2 on each side keeps every size",)),
    Fact("S2", "solve --kernel 4 --padding ?", ("No equal padding keeps the size", "the kernel is even")),
    Fact("S2", "solve --in 32 --out 32 --kernel 5 --padding ?", ("32 + 2*2 - 5 + 1 = 32",)),
    Fact(
        "S3",
        "conv 1x9x13 1 -f 3 -s 2 -p 1",
        ("floor((n + 2*p - f) / s) + 1", "height: out", "floor((9 + 2*1 - 3) / 2) + 1 = 5", "width: out", "= 7"),
    ),
    Fact(
        "S4",
        "conv 1x10x10 1 -f 3 -s 2",
        (
            "the division does not come out even along the height and width: 1 of 2 left over",
            "along the height and width, 1 of 10 are never read: number 9",
        ),
    ),
    Fact("S4", "conv 1x10x10 1 -f 3 -s 2 --strict", ("does not come out even",), code=1),
    Fact("S4", "conv 1x9x9 1 -f 3 -s 2 --strict", ("1x9x9 -> 1x4x4",)),
    Fact("S4", "solve lenet5 --even", ("4*k", "32, as it is now, is one of them")),
    Fact("S5", "conv 1x7x7 1 -f 2 -s 3", ("are never read", "33 of 49 places are never read")),
    Fact("S5", "coverage 7x7 --kernel 2 --stride 3", ("Never read: 33 of 49 places",)),
    Fact("S6", "pool 6x28x28 -f 2 -s 2", ("6x28x28 -> 6x14x14", "floor((28 - 2) / 2) + 1 = 14", "number stays")),
    Fact("S6", "pool 96x55x55 -f 3 -s 2", ("96x55x55 -> 96x27x27",)),
    Fact("S7", "conv 32x32x3 10 -f 5 -p 2 -s 1 --hwc", ("32x32x3 -> 32x32x10", "C_out = k = 10")),
    Fact("S8", "deconv 3x7x7 8 -f 4 -s 2 -p 1", ("3x7x7 -> 8x14x14", "(7 - 1)*2 - 2*1 + 4 = 14")),
    Fact("S8", "conv 1x9x9 1 -f 3 -d 2", ("9 - (2*(3 - 1) + 1) + 1 = 5",)),
    Fact("S9", "conv 8x100 16 -f 3", ("8x100 -> 16x98", "length: out")),
    Fact("S9", "conv 1x16x32x32 4 -f 3 -p 1", ("1x16x32x32 -> 4x16x32x32", "depth")),
    Fact("S10", "coverage 6x6 --kernel 3", ("1  2  3  3  2  1", "3  6  9  9  6  3", "Windows over a place: 1 to 9")),
    Fact("S10", "coverage 6x6 --kernel 3 --padding 1", ("4  6  6  6  6  4", "Windows over a place: 4 to 9")),
    Fact("S11", "conv 3x20x40 8 -f 5", ("3x20x40 -> 8x16x36",)),
    Fact("P1", "conv 3x32x32 1 -f 5", ("f*f*C + 1 = 5*5*3 + 1 = 76",)),
    Fact("P2", "conv 3x32x32 10 -f 5", ("(5*5*3 + 1)*10 = 760",)),
    Fact("P2", "conv 3x32x32 6 -f 5", ("(5*5*3 + 1)*6 = 456",)),
    Fact("P3", "fc 3x32x32 28*28*6 --no-bias", ("n*k = 3072*4704 = 14,450,688",)),
    Fact("P4", "locally_connected 3x32x32 6 -f 5 --no-bias", ("5*5*3*6*28*28 = 352,800",)),
    Fact("P4", "locally_connected 3x32x32 6 -f 5", ("(5*5*3 + 1)*6*28*28 = 357,504",)),
    Fact("P5", "fc 3x32x32 10", ("(3072 + 1)*10 = 30,730",)),
    Fact(
        "P6",
        "fc 3x3000x4000 100 --no-bias --what params,memory",
        ("36000000*100 = 3,600,000,000", "3600000000*4 = 14,400,000,000"),
    ),
    Fact("P7", "pool 6x28x28 2", ("nothing is learned here",)),
    Fact("P7", "relu 6x28x28", ("nothing is learned here", "the shape stays as it is")),
    Fact("P7", "softmax 10", ("nothing is learned here",)),
    Fact("P7", "summary vgg16", ("16 with weights",)),
    Fact("P8", "batchnorm 64x8x8", ("parameters = 2*C = 2*64 = 128", "kept, not learned = 2*C = 2*64 = 128")),
    Fact("P9", "layernorm 8x4x4 --axis all", ("parameters = 2*C*H*W = 2*8*4*4 = 256",)),
    Fact("P9", "groupnorm 8x4x4 2", ("parameters = 2*C = 2*8 = 16",)),
    Fact("P9", "instancenorm 8x4x4 --affine", ("parameters = 2*C = 2*8 = 16",)),
    Fact("P9", "instancenorm 8x4x4", ("nothing is learned here",)),
    Fact(
        "N1",
        "summary net.yaml --columns layer,output",
        ("28x28x6", "14x14x6", "10x10x16", "5x5x16", "400", "120", "84", "10"),
        DIGITS,
    ),
    Fact("N4", "explain net.yaml", ("add needs equal sides",), MISFIT, code=3),
    Fact("C1", "conv 28x28x256 32 -f 5 -p same --hwc", ("5*5*256*32*28*28 = 160,563,200", "160,563,200 (160.6 M)")),
    Fact("C2", "explain net.yaml --what macs", ("3,211,264 (3.21 M)", "10,035,200 (10.0"), NARROW),
    Fact("C2", "summary net.yaml", ("13,246,464 (13.25 M)",), NARROW),
    Fact("C3", "pointwise 192x28x28 64", ("192x28x28 -> 64x28x28", "mix the channels")),
    Fact("C3", "pointwise 192x28x28 256", ("192x28x28 -> 256x28x28",)),
    Fact("C4", "conv 16x9x9 16 -f 3 --no-bias", ("3*3*16*16 = 2,304",)),
    Fact("C4", "conv 16x9x9 16 -f 7 --no-bias", ("7*7*16*16 = 12,544",)),
    Fact("R1", "explain net.yaml --what field", ("field  3 x 3", "field  5 x 5", "field  7 x 7"), STACKED),
    Fact(
        "R2",
        "explain net.yaml conv3 --what field",
        (
            "backward through conv3: k = (k1 - 1)*s + f = (1 - 1)*1 + 3 = 3",
            "backward through conv2: k = (k1 - 1)*s + f = (3 - 1)*1 + 3 = 5",
            "backward through conv1: k = (k1 - 1)*s + f = (5 - 1)*1 + 3 = 7",
        ),
        STACKED,
    ),
    Fact("R2", "explain lenet5 c3 --what field", ("(5 - 1)*2 + 2 = 10", "(10 - 1)*1 + 5 = 14")),
)

ELSEWHERE = {
    "P10": "no number: what a convolution leaves of a fully connected map",
    "N2": "the networks that ship: tests/zoo",
    "N3": "no number: the shapes of cnncalc summary vgg16",
    "N5": "shares of MACs: cnncalc summary",
    "R3": "no number: fields are along height and width only",
    **{f"X{number}": "numbers that run: the engine's tests" for number in range(1, 9)},
}
"""Rows of the notes that no command of this kind answers, and where they are."""


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.id}-{fact.command}")
def test_the_notes(fact: Fact, cnncalc: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    (tmp_path / "net.yaml").write_text(fact.spec)
    ended = cnncalc(*shlex.split(fact.command))
    printed = ended.out + ended.err
    assert ended.code == fact.code, printed
    for said in fact.says:
        assert said in printed, f"{said!r} is not in:\n{printed}"


def test_every_row_is_here() -> None:
    rows = {"S": 11, "P": 10, "N": 5, "C": 4, "R": 3, "X": 8}
    known = {f"{letter}{number}" for letter, last in rows.items() for number in range(1, last + 1)}
    assert {fact.id for fact in FACTS} | ELSEWHERE.keys() == known
