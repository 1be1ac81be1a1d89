"""Whatever is typed, the answer is a summary or diagnostics: soon, and in little memory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.bounds import limits, outcome
from tests.fuzz.strategies import FOLDER, STRUCTURES, every_slip, flow, slips, specs

MAX_NODES = 3_000
"""Large networks are slow for a reason; here they are none of the business."""


def fuzz(examples: int) -> settings:
    # the same examples in every run; a search for new ones is `pytest tests/fuzz --hypothesis-seed=…`
    # with derandomize switched off
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def survives(text: str | bytes) -> None:
    with limits():
        outcome(text, max_nodes=MAX_NODES, folder=FOLDER)


@fuzz(300)
@given(st.binary(max_size=300))
def test_bytes(data: bytes) -> None:
    survives(data)


@fuzz(300)
@given(st.text(max_size=200))
def test_text(text: str) -> None:
    survives(text)


@fuzz(300)
@given(st.text(alphabet="ab1 \n-:{}[],'\"#&*!|>?%@`\t0.x=()+<", max_size=80))
def test_text_of_yaml_signs(text: str) -> None:
    survives("input: 3x8x8\nlayers:\n  - " + text)


@fuzz(300)
@given(st.text(alphabet="ab1 ()[],+-*/%<>=.xinotrsueflmdc\"'", max_size=60))
def test_expressions(text: str) -> None:
    survives(f"input: 8\nvars: {{a: 3, b: [1, 2]}}\nlayers:\n  - fc:\n      units: {text}\n")


@fuzz(300)
@given(STRUCTURES)
def test_structures(data: Any) -> None:
    survives(flow(data))


@fuzz(300)
@given(st.dictionaries(st.sampled_from(["input", "layers", "blocks", "vars", "presets", "outputs"]), STRUCTURES))
def test_structures_under_the_keys_of_a_spec(data: dict[str, Any]) -> None:
    survives("input: 3x8x8\n" * ("input" not in data) + "\n".join(f"{key}: {flow(item)}" for key, item in data.items()))


@fuzz(500)
@given(specs())
def test_specs_that_are_almost_right(text: str) -> None:
    survives(text)


@pytest.mark.parametrize("name", ["lenet5", "shufflenet", "unet"])
def test_every_slip_in_a_spec(name: str) -> None:
    for text in every_slip((FOLDER / f"{name}.yaml").read_text("utf-8")):
        survives(text)


@fuzz(500)
@given(slips())
def test_real_specs_with_slips(text: str) -> None:
    survives(text)
