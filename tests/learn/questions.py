"""The questions of `tests/data/homework.json` as commands, and where their answers stand in the output."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

Answers = list[Any]


class Question(NamedTuple):
    """Commands (`--format json` is added; `net.yaml` is `spec`), what they say, and what of the answer it is."""

    commands: tuple[str, ...]
    found: Callable[[Answers], Any]
    wanted: Callable[[Any], Any] = lambda expected: expected
    spec: str = ""


def ask(*commands: str, found: Any, wanted: Any = lambda expected: expected) -> Question:
    return Question(commands, found, wanted)


def net(spec: str, found: Any, wanted: Any = lambda expected: expected) -> Question:
    return Question(("summary net.yaml",), found, wanted, spec)


def hwc(shape: list[int]) -> list[int]:
    return [*shape[1:], shape[0]]


def shape(answers: Answers) -> Any:
    return hwc(answers[0]["output_shape"])


def side(answers: Answers) -> Any:
    return answers[0]["output_shape"][1]


def params(answers: Answers) -> Any:
    return answers[0]["trainable"]


def macs(answers: Answers) -> Any:
    return answers[0]["macs"]


def invalid(answers: Answers) -> Any:
    return [answers[0]["even"], answers[0]["output_shape"][1]]


def fits_and_floor(expected: Any) -> Any:
    return [expected["fits"], expected["floor"]]


def row(answers: Answers, number: int, *types: str) -> Any:
    rows = [one for one in answers[0]["layers"] if not types or one["type"] in types]
    return rows[number]


def table_row(number: int) -> Any:
    def found(answers: Answers) -> Any:
        one = row(answers, number)
        size = prod(one["output_shape"])
        return {"shape": hwc(one["output_shape"]), "size": size, "params": one["trainable"]}

    return found


def vgg_row(number: int) -> Question:
    def found(answers: Answers) -> Any:
        one = row(answers, number - 1, "conv", "maxpool", "fc")
        weights = prod(one["weights"]["weight"]) if one["weights"] else 0
        return {"shape": hwc(one["output_shape"]), "memory": prod(one["output_shape"]), "weights": weights}

    return ask("summary vgg16", found=found)


def vgg_total(answers: Answers) -> Any:
    rows = [one for one in answers[0]["layers"] if one["type"] in ("conv", "maxpool", "fc")]
    values = sum(prod(one["output_shape"]) for one in rows) + prod(answers[0]["inputs"]["input"])
    weights = sum(prod(one["weights"]["weight"]) for one in rows if one["weights"])
    total = {"values": values, "bytes": 4 * values, "MB": round(4 * values / 1e6, 2)}
    total |= {"MiB": round(4 * values / 2**20, 2), "weights": weights}
    return total | {"params_with_bias": answers[0]["totals"]["trainable"]}


def fields(answers: Answers) -> Any:
    return [one["topics"]["field"]["result"][0] for one in answers[0]["layers"]]


def field_net(*steps: str) -> str:
    return "input: 1x256x256\nlayers:\n" + "".join(f"- {step}\n" for step in steps)


def conv(kernel: int, dilation: int = 1) -> str:
    return f"conv: {{filters: 1, kernel: {kernel}, dilation: {dilation}}}"


def lecun(prefix: str) -> Any:
    def found(answers: Answers) -> Any:
        rows = [r for r in answers[0]["layers"] if r["name"].startswith(prefix) and r["trainable"]]
        biases = sum(prod(r["output_shape"]) for r in rows)
        return {"params": sum(r["trainable"] for r in rows), "connections": sum(r["macs"] for r in rows) + biases}

    return found


def of(*keys: str) -> Any:
    return lambda expected: {key: expected[key] for key in keys}


COURSE = """layout: channels_last
input: 32x32x3
layers:
- conv: {filters: 6, kernel: 5}
- maxpool: 2
- conv: {filters: 16, kernel: 5}
- maxpool: 2
- flatten
- fc: 120
- fc: 84
- fc: 10
"""
CIFAR = """input: 3x32x32
layers:
- conv: {filters: 16, kernel: 5, padding: 2}
- maxpool: 2
- conv: {filters: 20, kernel: 5, padding: 2}
- maxpool: 2
- conv: {filters: 20, kernel: 5, padding: 2}
- maxpool: 2
- flatten
- fc: 10
"""
EXAM = """input: 3x128x128
layers:
- conv: {filters: 32, kernel: 9}
- maxpool: 2
- conv: {filters: 64, kernel: 5}
- maxpool: 2
- conv: {filters: 64, kernel: 5}
- maxpool: 2
- flatten
- fc: 64
"""
SLIDING = """input: 3x384x384
layers:
- for: [filters, times]
  in: [[64, 2], [128, 2], [256, 3], [512, 3], [512, 3]]
  do:
  - repeat: times
    do: [conv: {filters: filters, kernel: 3, padding: 1}]
  - maxpool: 2
- conv: {filters: 4096, kernel: 7}
- pointwise: 4096
- pointwise: 1000
"""
KERAS = """input: 3x227x227
layers:
- conv: {filters: 96, kernel: 11, stride: 4}
- maxpool: {kernel: 3, stride: 2}
- conv: {filters: 256, kernel: 5, padding: 2}
- maxpool: {kernel: 3, stride: 2}
- conv: {filters: 384, kernel: 3, padding: 1}
- conv: {filters: 384, kernel: 3, padding: 1}
"""
