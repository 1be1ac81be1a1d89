"""Every PyTorch operator the language can say has the same output, parameters, buffers and MACs."""

from __future__ import annotations

import pytest

from tests.reference import torch_ops
from tests.reference.comparison import coverage, measured, refusal
from tests.reference.spoken import (
    BATCH,
    CONTRADICTION,
    EMPTY,
    FRAMEWORK,
    NO_WORD,
    STATISTICS,
    WRONG_RANK,
    Case,
    Spec,
    cases,
)

CASES = cases("operators.jsonl")
COVERAGE = {
    "valid: compared": 936,
    f"valid: {NO_WORD}": 33,
    f"valid: {EMPTY}": 11,
    f"valid: {WRONG_RANK}": 4,
    f"valid: {CONTRADICTION}": 3,
    f"valid: {BATCH}": 3,
    "refused: compared": 250,
    f"refused: {CONTRADICTION}": 37,
    f"refused: {WRONG_RANK}": 36,
    f"refused: {NO_WORD}": 27,
    f"refused: {EMPTY}": 16,
    f"refused: {FRAMEWORK}": 14,
    f"refused: {STATISTICS}": 3,
}
SAID = [(case, said) for case in CASES if isinstance(said := torch_ops.to_spec(case), Spec)]


def _name(value: object) -> str:
    return f"{value['op']}-{value['id']}" if isinstance(value, dict) else ""


@pytest.mark.parametrize("case, said", [pair for pair in SAID if pair[0]["ok"]], ids=_name)
def test_same_numbers(case: Case, said: Spec) -> None:
    expected = said.output, case["params"], torch_ops.buffers(case), case.get("macs", 0)
    assert measured(said.text, said.batch) == expected, said.text


@pytest.mark.parametrize("case, said", [pair for pair in SAID if not pair[0]["ok"]], ids=_name)
def test_refused_too(case: Case, said: Spec) -> None:
    assert refusal(said.text), f"accepted, although {case['message']}:\n{said.text}"


def test_coverage_does_not_shrink() -> None:
    assert coverage(CASES, torch_ops.to_spec, lambda case: bool(case["ok"])) == COVERAGE
