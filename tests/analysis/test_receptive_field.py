"""Receptive fields against measurement, published tables, and a brute-force count of reachable inputs."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis.receptive_field import ReceptiveField

DATA = Path(__file__).parents[1] / "data"
MEASURED = json.loads((DATA / "receptive_fields_measured.json").read_text())
PUBLISHED = json.loads((DATA / "receptive_fields_published.json").read_text())
CONVOLUTIONS = ("conv", "depthwise", "pointwise")


def fields(text: str) -> list[ReceptiveField]:
    return [row.field for row in cnncalc.loads(text).summary().rows]


def last(text: str) -> ReceptiveField:
    return fields(text)[-1]


def along_paths(field: ReceptiveField) -> tuple[Any, Any, Any] | None:
    """(size, jump, start) along the height, through spatial paths; None where only everything is seen."""
    known = field.local if field.unbounded else field
    if known is None or known.size is None or known.jump is None or known.start is None:
        return None
    return known.size[0], known.jump[0], known.start[0]


def measured_network(model: str) -> cnncalc.Network:
    """The shipped spec, without the auxiliary head that was not run when the fields were measured."""
    return cnncalc.load(model, set={"aux": False} if model == "inception_v3" else None)


@pytest.mark.parametrize("model", MEASURED["models"])
def test_every_measured_layer(model: str) -> None:
    """Convolutions in order; squeeze-and-excite gates were removed before measuring."""
    layers = MEASURED["models"][model]["layers"]
    measured = [(size, jump, start) for _, kind, size, jump, start in layers if kind == "Conv2d"]
    rows = measured_network(model).summary().rows
    ours = [along_paths(row.field) for row in rows if row.node.kind in CONVOLUTIONS]
    spatial = [field for field in ours if field is not None]
    assert spatial[: len(measured)] == measured


@pytest.mark.parametrize("model", MEASURED["models"])
def test_every_measured_module_is_some_layer(model: str) -> None:
    """Pools and whole blocks too: what was measured at their end is the field of one of our rows."""
    ours = {along_paths(row.field) for row in measured_network(model).summary().rows}
    measured = {(size, jump, start) for _, _, size, jump, start in MEASURED["models"][model]["layers"]}
    assert measured <= ours


def graph_spec(case: dict[str, Any], input: list[int] | None) -> str:
    """A published graph test as a spec: branches side by side, joined."""
    lines = [f"input: 1x{input[0]}x{input[1]}" if input else "input: 1x64x64", "layers:", f"  - {case['join']}:"]
    for branch in case["branches"]:
        steps = []
        for op in branch:
            if op["op"] == "pad":
                steps.append(f"{{pad: [[{op['top']}, {op['bottom']}], [{op['left']}, {op['right']}]]}}")
            else:
                padding = "same" if op["pad"] == "same_tf" else "valid"
                filters = "filters: 1, " if op["op"] == "conv" else ""
                steps.append(f"{{{op['op']}: {{{filters}kernel: {op['k']}, stride: {op['s']}, padding: {padding}}}}}")
        lines.append(f"      - [{', '.join(steps)}]")
    return "\n".join(lines)


CASES = {case["id"]: case for case in PUBLISHED["graph_tests"]}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["expected"].get("aligned")])
def test_published_graph_aligned(name: str) -> None:
    case = CASES[name]
    spec = graph_spec(CASES[case.get("same_graph_as", name)], case.get("input") or [64, 64])
    summary = cnncalc.loads(spec).summary()
    field = summary.rows[-1].field
    expected = case["expected"]
    assert field.size == (expected["rf"],) * 2
    assert field.jump == (expected["eff_stride"],) * 2
    assert field.start == (-expected["eff_padding"],) * 2
    assert field.aligned
    assert not summary.diagnostics


def test_published_graph_unaligned_strides_cannot_even_be_added() -> None:
    """net3: the strides differ, so at most sizes the maps do too; at the one where they agree it is named."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.loads(graph_spec(CASES["net3_unaligned"], [64, 64]))
    assert caught.value.diagnostics[0].code == "E403"
    summary = cnncalc.loads(graph_spec(CASES["net3_unaligned"], [7, 7])).summary()  # 3 and 3
    (warning,) = summary.diagnostics
    assert warning.code == "L101"
    assert "add" in warning.message
    assert "jump 2" in warning.message
    assert "jump 1" in warning.message
    assert not summary.rows[-1].field.aligned


def test_published_graph_whose_centres_drift() -> None:
    case = CASES["net4_same_input8"]
    summary = cnncalc.loads(graph_spec(CASES[case["same_graph_as"]], case["input"])).summary()
    (warning,) = summary.diagnostics
    assert warning.code == "L101"
    assert "branch1.conv" in warning.message
    assert "branch2.conv2" in warning.message
    assert warning.span is not None
    assert warning.span.line == 3


def test_same_padding_depends_on_the_input() -> None:
    for case in PUBLISHED["tf_same_padding"]:
        conv = f"{{conv: {{filters: 1, kernel: {case['k']}, stride: {case['s']}, padding: same}}}}"
        summary = cnncalc.loads(f"input: 1x{case['input']}x{case['input']}\nlayers: [{conv}]").summary()
        config = summary.to_dict()["layers"][0]["config"]
        assert config["padding"] == [[case["pad_before"], case["pad_after"]]] * 2


CHAINS = {case["id"]: case for case in PUBLISHED["other"]}


@pytest.mark.parametrize("name", CHAINS)
def test_published_chain(name: str) -> None:
    case = CHAINS[name]
    if "layers" in case:
        layers = [(item["k"], item["s"], item["p"] or 0, 1) for item in case["layers"]]
    else:
        layers = [(k, 1, 0, d) for k, d in zip(case["k"], case["dilation"], strict=True)]
    side = 5 if name == "rf_guide_2layers" else 256
    steps = "\n".join(
        f"  - conv: {{filters: 1, kernel: {k}, stride: {s}, padding: {p}, dilation: {d}}}" for k, s, p, d in layers
    )
    found = fields(f"input: 1x{side}x{side}\nlayers:\n{steps}")
    assert [field.size[0] for field in found if field.size] == case["expected_rf"]
    if "expected_jump" in case:
        assert [field.jump[0] for field in found if field.jump] == case["expected_jump"]


FACTS = [
    ("[{conv: {filters: 1, kernel: 3}}, {conv: {filters: 1, kernel: 3}}, {conv: {filters: 1, kernel: 3}}]", 7, 1, 0),
    ("[{upsample: 2}]", Fraction(3, 2), Fraction(1, 2), Fraction(-1, 2)),
    ("[{maxpool: 2}, {upsample: 2}]", 3, 1, -1),
    ("[{maxpool: 2}, {conv_transpose: {filters: 1, kernel: 2, stride: 2}}]", 3, 1, -1),
    ("[{pad: [[3, 0], [3, 0]]}]", 1, 1, -3),
    ("[{crop: 2}]", 1, 1, 2),
    ("[{space_to_depth: 4}]", 4, 4, 0),
    ("[{space_to_depth: 4}, {pixel_shuffle: 4}]", 7, 1, -3),
    ("[{adaptive_avgpool: 8}]", 8, 8, 0),
    ("[{permute: [1, 2, 0]}, {fc: {units: 4, axis: last}}, {permute: [2, 0, 1]}, {avgpool: 2}]", 2, 2, 0),
]


@pytest.mark.parametrize(("layers", "size", "jump", "start"), FACTS)
def test_fact(layers: str, size: Any, jump: Any, start: Any) -> None:
    field = last(f"input: 16x64x64\nlayers: {layers}")
    assert (field.size, field.jump, field.start) == ((size,) * 2, (jump,) * 2, (start,) * 2)
    assert not field.unbounded


UNBOUNDED = [
    "[{conv: {filters: 1, kernel: 3}}, global_avgpool]",
    "[flatten, {fc: 3}]",
    "[{adaptive_avgpool: 1}]",
    "[{mean: spatial}]",
    "[{permute: [1, 2, 0]}, {pointwise: 3}]",  # rows stand where channels were: all of them are mixed
]


@pytest.mark.parametrize("layers", UNBOUNDED)
def test_unbounded(layers: str) -> None:
    field = last(f"input: 3x8x8\nlayers: {layers}")
    assert field.unbounded
    assert field.size is None
    assert field.local is None


def test_flatten_keeps_the_size_but_has_no_jump() -> None:
    field = last("input: 3x8x8\nlayers: [{conv: {filters: 2, kernel: 3}}, flatten]")
    assert (field.size, field.jump, field.start, field.unbounded) == ((3, 3), None, None, False)


@pytest.mark.parametrize("gate", ["{instancenorm: }", "{groupnorm: 1}", "{layernorm: all}"])
def test_a_gate_leaves_the_field_along_the_spatial_path(gate: str) -> None:
    field = last(f"input: 4x8x8\nlayers: [{{conv: {{filters: 4, kernel: 3}}}}, {gate}, {{maxpool: 2}}]")
    assert field.unbounded
    assert field.local is not None
    assert (field.local.size, field.local.jump) == ((4, 4), (2, 2))


def test_squeeze_and_excite_is_a_gate() -> None:
    gate = "{mul: {x: here, gate: [global_avgpool, {pointwise: 4}, sigmoid]}}"
    field = last(f"input: 4x8x8\nlayers: [{{conv: {{filters: 4, kernel: 3}}}}, {gate}]")
    assert field.unbounded
    assert field.local is not None
    assert field.local.size == (3, 3)


# -- brute force --------------------------------------------------------------------------------

Step = tuple[str, tuple[int, ...]]
windows = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(0, 2), st.integers(1, 2))
steps = st.one_of(
    windows.map(lambda v: ("conv", v)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda v: ("pad", v)),
    st.tuples(st.integers(1, 3)).map(lambda v: ("upsample", v)),
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 1)).map(lambda v: ("conv_transpose", v)),
)
N = 97


def text_of(step: Step) -> str:
    kind, v = step
    if kind == "conv":
        padding = f"[[{v[2]}, {v[3]}]]"
        return f"{{conv: {{filters: 1, kernel: {v[0]}, stride: {v[1]}, padding: {padding}, dilation: {v[4]}}}}}"
    if kind == "pad":
        return f"{{pad: [[{v[0]}, {v[1]}]]}}"
    if kind == "upsample":
        return f"{{upsample: {v[0]}}}"
    return f"{{conv_transpose: {{filters: 1, kernel: {v[0]}, stride: {v[1]}, padding: {min(v[2], v[0] - 1)}}}}}"


def reached(step: Step, i: int) -> list[int]:
    """The inputs unit i of a step reads, straight from what the operation does."""
    kind, v = step
    if kind == "conv":
        kernel, stride, before, _, dilation = v
        return [i * stride - before + t * dilation for t in range(kernel)]
    if kind == "pad":
        return [i - v[0]]
    if kind == "upsample":
        return [i // v[0]]
    kernel, stride, cut = v[0], v[1], min(v[2], v[0] - 1)
    return [(i + cut - t) // stride for t in range(kernel) if (i + cut - t) % stride == 0]


def support(chain: list[Step], unit: int) -> set[int]:
    seen = {unit}
    for step in reversed(chain):
        seen = {j for i in seen for j in reached(step, i)}
    return seen


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(steps, min_size=1, max_size=5), st.lists(steps, max_size=2))
def test_field_is_the_tightest_line_around_what_units_reach(chain: list[Step], more: list[Step]) -> None:
    """Units of one chain: never outside the field; and where strides are whole, exactly filling it."""
    chain = chain + more
    spec = f"input: 1x{N}\nlayers: [{', '.join(map(text_of, chain))}]"
    try:
        field = last(spec)
    except cnncalc.SpecError:
        return
    assert field.size and field.jump and field.start
    size, jump, start = field.size[0], field.jump[0], field.start[0]
    whole = all(kind in ("conv", "pad") for kind, _ in chain)
    for unit in range(40, 60):
        inputs = support(chain, unit)
        if not inputs:
            continue
        low, high = start + unit * jump, start + unit * jump + size - 1
        assert low <= min(inputs)
        assert max(inputs) <= high
        if whole:
            assert (min(inputs), max(inputs)) == (low, high)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 5), st.integers(1, 3), st.integers(1, 5), st.integers(1, 2))
def test_branches_are_united(k1: int, d1: int, k2: int, stride: int) -> None:
    a = f"[{{conv: {{filters: 1, kernel: {k1}, dilation: {d1}, stride: {stride}, padding: same}}}}]"
    b = f"[{{conv: {{filters: 1, kernel: {k2}, stride: {stride}, padding: same}}}}]"
    summary = cnncalc.loads(f"input: 1x64\nlayers: [{{concat: [{a}, {b}]}}]").summary()
    one, two, both = (row.field for row in summary.rows)
    assert one.start and two.start and both.start and one.size and two.size and both.size
    assert both.start[0] == min(one.start[0], two.start[0])
    ends = [f.start[0] + f.size[0] for f in (one, two) if f.start and f.size]
    assert both.start[0] + both.size[0] == max(ends)
    centres = {2 * f.start[0] + f.size[0] for f in (one, two) if f.start and f.size}
    assert both.aligned == (len(centres) == 1)
