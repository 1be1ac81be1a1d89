"""Every Keras layer the language can say has the same output, parameters, buffers and MACs."""

from __future__ import annotations

import pytest

from tests.reference import keras_ops
from tests.reference.comparison import coverage, measured, refusal
from tests.reference.spoken import (
    BATCH,
    FRAMEWORK,
    NO_WORD,
    WRONG_RANK,
    Case,
    Spec,
    cases,
)

CASES = cases("ops_keras.jsonl")
COVERAGE = {
    "valid: compared": 249,
    f"valid: {WRONG_RANK}": 1,
    f"valid: {BATCH}": 1,
    "refused: compared": 43,
    f"refused: {WRONG_RANK}": 6,
    f"refused: {FRAMEWORK}": 5,
    f"refused: {NO_WORD}": 2,
}
SAID = [(case, said) for case in CASES if isinstance(said := keras_ops.to_spec(case), Spec)]


def _name(value: object) -> str:
    return f"{value['layer']}-{value['id']}" if isinstance(value, dict) else ""


@pytest.mark.parametrize("case, said", [pair for pair in SAID if not keras_ops.refused(pair[0])], ids=_name)
def test_same_numbers(case: Case, said: Spec) -> None:
    expected = said.output, keras_ops.params(case), keras_ops.buffers(case), case["macs"]
    assert measured(said.text, said.batch) == expected, said.text


@pytest.mark.parametrize("case, said", [pair for pair in SAID if keras_ops.refused(pair[0])], ids=_name)
def test_refused_too(case: Case, said: Spec) -> None:
    assert refusal(said.text), f"accepted, although {case.get('message') or case['static']}:\n{said.text}"


def test_coverage_does_not_shrink() -> None:
    assert coverage(CASES, keras_ops.to_spec, lambda case: not keras_ops.refused(case)) == COVERAGE
