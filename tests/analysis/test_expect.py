"""`expect:` read from a spec and held against its network."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.analysis.expect import QUANTITIES, Finding, Verdict, check, statement
from cnncalc.errors import Diagnostic

NET = """input: 3x8x8
vars: {filters: 2, classes: 5}
layers:
  - conv: {filters: filters, kernel: 3}
  - batchnorm
  - {name: aux, side: [flatten, {fc: classes}]}
  - {name: features}
"""
ALONE = NET + "outputs: [features]\n"


def verdict(text: str, preset: str | None = None) -> Verdict:
    return check(cnncalc.loads(text, filename="net.yaml", preset=preset).summary())


def finding(expect: str, text: str = ALONE) -> Finding:
    (found,) = verdict(f"{text}expect: {{{expect}}}").findings
    return found


def complaint(expect: str, text: str = ALONE) -> Diagnostic:
    with pytest.raises(cnncalc.SpecError) as caught:
        verdict(f"{text}expect: {{{expect}}}")
    (found,) = caught.value.diagnostics
    return found


TRUE = {
    "params": "425",
    "trainable": "60 + 365",
    "buffers": "4",
    "macs": "2304",
    "flops": "4_608",
    "weight_layers": "2",
    "layers": "4",
    "parameter_bytes": "1700",
    "buffer_bytes": "16",
    "activation_bytes": "596",
    "peak_inference_bytes": "1056",
    "peak_layer": "conv",
    "output": "[filters, 6, 6]",
    "receptive_field": "3",
}


def test_the_table_of_truths_is_complete() -> None:
    assert TRUE.keys() == QUANTITIES.keys()
    assert all(quantity.about for quantity in QUANTITIES.values())


@pytest.mark.parametrize("key", TRUE)
def test_what_is_true_holds(key: str) -> None:
    values = cnncalc.loads(ALONE).summary()
    actual = QUANTITIES[key].read(values)
    text = TRUE[key]
    if key in ("params", "trainable", "macs", "flops", "parameter_bytes", "activation_bytes", "peak_inference_bytes"):
        text = str(actual)
    assert finding(f'{key}: "{text}"').holds


def test_a_difference_has_both_figures_and_a_place() -> None:
    found = finding("params: 3")
    assert not found.holds
    assert (found.key, found.expected, found.actual, found.difference) == ("params", 3, found.actual, found.actual - 3)
    assert (found.span.file, found.span.line, found.span.column) == ("net.yaml", 9, 18)


@pytest.mark.parametrize(
    ("expect", "actual"),
    [
        ("output: 2x6x7", (2, 6, 6)),
        ("output: 72", (2, 6, 6)),
        ("output: {features: [2, 5, 6]}", (2, 6, 6)),
        ("receptive_field: 3x4", (3, 3)),
        ("receptive_field: unbounded", (3, 3)),
        ("peak_layer: batchnorm2", "conv"),
    ],
)
def test_shapes_fields_and_names_that_differ(expect: str, actual: object) -> None:
    found = finding(expect)
    assert not found.holds and found.difference is None
    assert found.actual == actual or found.key == "peak_layer"


def test_several_outputs_are_called_by_name() -> None:
    text = NET + "expect: {output: {features: 2x6x6, aux: classes}, receptive_field: {features: 3, aux: unbounded}}\n"
    found = verdict(text)
    assert [one.key for one in found.findings] == [
        "output.features", "output.aux", "receptive_field.features", "receptive_field.aux",
    ]  # fmt: skip
    assert found.holds
    assert verdict(NET + "expect: {output: {aux: 5}}").holds, "some of them will do"


def test_shapes_are_written_in_the_layout_of_the_spec() -> None:
    text = "layout: channels_last\ninput: 8x6x3\nlayers: [pointwise: 5]\nexpect: {output: 8x6x5}"
    (found,) = verdict(text).findings
    assert found.holds and found.expected == (5, 8, 6)


def test_a_preset_has_its_own_expectations_or_none() -> None:
    text = ALONE + "expect: {buffers: 4}\npresets:\n  wide: {filters: 3, expect: {buffers: 6}}\n  odd: {filters: 7}\n"
    assert verdict(text).holds
    wide = verdict(text, preset="wide")
    assert wide.holds and wide.findings[0].expected == 6 and wide.preset == "wide"
    assert verdict(text, preset="odd").findings == ()


@pytest.mark.parametrize(
    ("expect", "code", "marked", "help"),
    [
        ("parms: 1", "E205", "parms", "did you mean 'params'?"),
        ("parameters: 1", "E205", "parameters", "did you mean 'params'?"),
        ("mult_adds: 1", "E205", "mult_adds", "did you mean 'macs'?"),
        ("colour: 1", "E205", "colour", "it knows params, trainable"),
        ("params: 1.5", "E301", "1.5", "write every digit"),
        ("params: 25M", "E112", "25M", "a number is written"),
        ("params: -1", "E303", "-1", None),
        ("params: [1]", "E301", "[1]", "write every digit"),
        ("output: big", "E203", "big", None),
        ("output: 0x3", "E310", "0x3", None),
        ("output: 1.5", "E310", "1.5", "write 64x7x7"),
        ("output: {feature: 3}", "E204", "feature", "did you mean 'features'?"),
        ("receptive_field: 2.5", "E310", "2.5", "unbounded"),
        ("peak_layer: [a]", "E113", "[a]", None),
    ],
)
def test_mistakes_are_told_at_their_place(expect: str, code: str, marked: str, help: str | None) -> None:
    found = complaint(expect)
    assert found.code == code and found.span is not None and found.source is not None
    assert found.source[found.span.column - 1 :].startswith(marked)
    assert help is None or help in (found.help or "")


def test_one_shape_for_several_outputs_is_refused() -> None:
    found = complaint("output: 5", NET)
    assert found.code == "E310" and found.help == "write output: {features: …, aux: …}"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        verdict(ALONE + "expect: {a: 1, params: 1.5, output: x}")
    assert len(caught.value.diagnostics) == 3


def test_a_spec_can_be_told_to_expect_what_it_is() -> None:
    stated = statement(cnncalc.loads(ALONE).summary())
    text = ", ".join(f"{key}: {value}" for key, value in stated.items())
    assert verdict(f"{ALONE}expect: {{{text}}}").holds
    assert list(stated) == ["params", "buffers", "macs"]
