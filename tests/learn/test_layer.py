"""Each layer as a command: made from the registry, so all of them are tried."""

from __future__ import annotations

import json

import pytest

from cnncalc.layers import registry
from cnncalc.spec.single import calculable
from tests.cli.running import Runner
from tests.cli.transcript import result

NEEDED = {
    "filters": "4",
    "kernel": "3",
    "units": "5",
    "vocab": "9",
    "dim": "4",
    "size": "2",
    "groups": "2",
    "factor": "2",
}
NEEDED |= {"shape": "[-1]", "order": "[1, 2, 0]"}
OWN = {"input_shape", "first_value", "hwc", "what", "lang", "batch", "strict", "format", "output", "force"}


@pytest.mark.parametrize("kind", calculable())
def test_every_layer(kind: str, cnncalc: Runner) -> None:
    cls = registry()[kind]
    assert not cls.params.keys() & OWN
    options = [word for name, param in cls.params.items() if param.required for word in (f"--{name}", NEEDED[name])]
    options += {"upsample": ["--factor", "2"], "pad": ["--amount", "1"], "crop": ["--amount", "1"]}.get(kind, [])
    shape = "1x8" if kind == "embedding" else "4x8x8"
    done = cnncalc(kind, shape, *options, "--format", "json")
    assert done.code == 0, done.err
    assert done.json["type"] == kind
    assert done.json["topics"]["params"]["result"] == done.json["trainable"]
    for lang in ("en", "zh"):
        assert cnncalc("layer", kind, shape, *options, "--lang", lang).code == 0
    assert cnncalc(kind, "--help").code == 0


@pytest.mark.parametrize(
    "call",
    [
        "conv 32x32x3 10 -f 5 -s 1 -p 2 --hwc",
        "conv 3x32x32 --filters 10 --kernel 5 --padding 2",
        "conv 3x32x32 k=10 f=5 p=2",
        "conv 3x32x32 F=5 K=10 P=2 S=1",
        "Conv2d 3x32x32 --out_channels 10 --kernel_size 5 --padding same",
        "layer convolution 3x32x32 10 --kernel-size 5x5 --pad 2",
    ],
)
def test_spellings_of_one_question(call: str) -> None:
    answer = json.loads(result(f"cnncalc {call} --format json"))
    assert (answer["output_shape"], answer["trainable"], answer["macs"]) == ([10, 32, 32], 760, 768_000)
    assert answer["topics"]["params"]["steps"][-1]["numbers"] == "(5 * 5 * 3 + 1) * 10"


@pytest.mark.parametrize(
    ("call", "says", "code"),
    [
        ("conv 32x32x3 -f 5", "add --hwc", 3),
        ("conv 3x4x4 -f 5", "kernel 5 does not fit", 3),
        ("conv 3x32x32", "conv needs --kernel", 2),
        ("conv 3x32x32 4 --filters 5 -f 3", "filters is given twice", 2),
        ("conv 3x32x32 4 -f x", "nothing is called 'x'", 3),
        ("conv 3x 4 -f 3", "x", 3),
        ("conv '' 4 -f 3", "", 3),
        ("conv 3x32x32 4 -f 3 --what colour", "--what has no 'colour'", 2),
        ("layer convv", "did you mean 'conv'", 2),
        ('conv 3x9x9 4 -f "\'"', "", 3),
        ("conv 3x10x10 4 -f 3 -s 2 --strict", "does not come out even", 1),
    ],
)
def test_bad_questions(call: str, says: str, code: int) -> None:
    text = result(f"cnncalc {call}")
    assert says in text
    assert text.endswith(f"[exit {code}]")
    assert "Traceback" not in text


def test_a_huge_side_takes_no_time() -> None:
    assert "= 1,999,999,998" in result("cnncalc conv 1x2000000000x2000000000 1 -f 3")
