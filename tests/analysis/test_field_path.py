"""Receptive fields taken apart: the way back, windows, coverage, and what would enlarge them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis.field_need import Need, find_changes
from cnncalc.analysis.field_path import Way, line_of, ways_back
from cnncalc.analysis.receptive_field import trace_fields
from cnncalc.reports import FieldGrowth, LayerField
from tests.analysis.random_nets import ImpossibleError, run, trees


def layer(text: str, name: str | None = None, unit: tuple[int, ...] | None = None) -> LayerField:
    return LayerField(cnncalc.loads(text), name, unit)


def told(way: Way) -> list[tuple[str, str, Any]]:
    """The steps that change something: layer, arithmetic, cells."""
    return [(s.node.name, s.derivation.substituted(), s.k) for s in way.steps if s.derivation is not None]


def test_three_stacked_kernels_as_in_the_notes() -> None:
    """R2: one cell came from 3, these from 5, these from 7."""
    conv = "{conv: {filters: 1, kernel: 3}}"
    field = layer(f"input: 1x16x16\nlayers: [{conv}, relu, {conv}, {conv}]", "conv3", (0, 0))
    (way,) = field.axes[0].ways
    assert told(way) == [
        ("conv3", "(1 - 1)*1 + 1*(3 - 1) + 1", 3),
        ("conv2", "(3 - 1)*1 + 1*(3 - 1) + 1", 5),
        ("conv1", "(5 - 1)*1 + 1*(3 - 1) + 1", 7),
    ]
    assert [(s.first, s.last) for s in way.steps] == [(0, 2), (0, 4), (0, 4), (0, 6)]


def test_strides_dilation_and_one_axis_each() -> None:
    first = "{conv: {filters: 1, kernel: [3, 5], stride: [2, 1], padding: [1, 0]}}"
    steps = f"{first}, {{conv: {{filters: 1, kernel: 3, dilation: 2}}}}"
    field = layer(f"input: 1x32x32\nlayers: [{steps}]", "conv2", (1, 1))
    height, width = (axis.ways[0] for axis in field.axes)
    assert told(height) == [("conv2", "(1 - 1)*1 + 2*(3 - 1) + 1", 5), ("conv1", "(5 - 1)*2 + 1*(3 - 1) + 1", 11)]
    assert told(width) == [("conv2", "(1 - 1)*1 + 2*(3 - 1) + 1", 5), ("conv1", "(5 - 1)*1 + 1*(5 - 1) + 1", 9)]
    assert (field.axes[0].first, field.axes[0].last, field.axes[0].outside) == (1, 11, (0, 0))
    assert field.cells[0].hull == ((1, 11), (1, 9))
    assert field.cells[0].positions == 9 * 9  # of rows 1 to 11, no window has 4 or 8


def test_fractions_stay_exact() -> None:
    steps = "{maxpool: 2}, {conv_transpose: {filters: 1, kernel: 4, stride: 2, padding: 1}}, {upsample: 2}"
    (way,) = layer(f"input: 1x32\nlayers: [{steps}]").axes[0].ways
    assert told(way) == [
        ("upsample", "(1 - 1)*1/2 + 3/2", Fraction(3, 2)),
        ("conv_transpose", "(3/2 - 1)/2 + 1*(4 - 1)/2 + 1", Fraction(11, 4)),
        ("maxpool", "(11/4 - 1)*2 + 1*(2 - 1) + 1", Fraction(11, 2)),
    ]


def test_a_merge_goes_on_along_the_widest_path() -> None:
    narrow, wide = (f"{{conv: {{filters: 1, kernel: {f}, padding: {p}}}}}" for f, p in ((3, 1), (7, 3)))
    field = layer(f"input: 1x32\nlayers: [{{add: {{a: [{narrow}], b: [{wide}]}}}}]")
    (way,) = field.axes[0].ways
    assert way.steps[0].source.name == "b.conv"
    assert [(branch.name, branch.start, branch.end) for branch in way.steps[0].branches] == [
        ("a.conv", -1, 1),
        ("b.conv", -3, 3),
    ]
    assert way.size == 7


def test_two_ends_by_two_paths() -> None:
    """One branch looks back, the other ahead: no single path has the whole field."""
    back = "{pad: [[4, 0]]}, {conv: {filters: 1, kernel: 5}}"
    ahead = "{pad: [[0, 4]]}, {conv: {filters: 1, kernel: 5}}"
    field = layer(f"input: 1x32\nlayers: [{{concat: {{back: [{back}], ahead: [{ahead}]}}}}]")
    start, end = field.axes[0].ways
    assert (start.end, end.end) == ("start", "end")
    assert (start.steps[0].source.name, end.steps[0].source.name) == ("back.conv", "ahead.conv")
    assert field.field.size == (9,)
    assert "L101" in [one.code for one in field.diagnostics]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(trees(1), st.integers(6, 20))
def test_the_way_back_ends_with_the_field(steps: list[Any], n: int) -> None:
    """On aligned graphs, what the backward recurrence gives is what composing forward gives."""
    import numpy as np

    try:
        texts, _ = run(steps, np.ones((1, 1, n)))
    except ImpossibleError:
        assume(False)
    graph = cnncalc.loads(f"input: 1x{n}\nlayers: [{', '.join(texts)}]").graph
    traces, _ = trace_fields(graph)
    for node in graph.layers():
        trace = traces[node.index]
        local = trace.local is not None
        line = line_of(trace, 0, local)
        if line is None or not trace.aligned:
            continue
        ways = ways_back(graph, traces, node.index, 0, 0, local)
        first = min(way.steps[-1].first for way in ways)
        last = max(way.steps[-1].last for way in ways)
        assert (first, last) == (line.start, line.end)
        if len(ways) == 1:
            assert ways[0].size == line.end - line.start + 1


def test_coverage_of_corner_and_middle() -> None:
    conv = "{conv: {filters: 1, kernel: 5, padding: 2}}"
    (row,) = FieldGrowth(cnncalc.loads(f"input: 1x10x20\nlayers: [{conv}]")).rows()
    assert row.coverage is not None
    assert row.coverage.image == Fraction(25, 200)
    assert row.coverage.corner == Fraction(25 - 9, 25)  # 3 of 5 rows and columns are image
    assert row.coverage.centre == 0


def test_a_gate_and_a_global_layer() -> None:
    gate = "{mul: {x: here, gate: [global_avgpool, {pointwise: 4}, sigmoid]}}"
    text = f"input: 4x9x9\nlayers: [{{conv: {{filters: 4, kernel: 3}}}}, {gate}, flatten, {{fc: 2}}]"
    gated = layer(text, "mul")
    assert gated.field.unbounded and gated.sees_all is not None and gated.nearby is not None
    assert gated.sees_all.name == "gate.global_avgpool"
    assert gated.axes[0].ways[0].size == 3
    assert gated.cells[0].hull == ((0, 8), (0, 8))
    everything = layer(text, "fc")
    assert everything.sees_all is not None
    assert not everything.axes[0].ways


def test_the_default_is_the_last_layer_that_follows_the_image() -> None:
    assert (
        layer("input: 1x9x9\nlayers: [{conv: {filters: 4, kernel: 3}}, {maxpool: 2}, flatten, {fc: 2}]").node.name
        == "maxpool"
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("enc[2]", "enc2.relu2"),
        ("enc1", "enc1.relu2"),
        ("up4", "up4"),
        ("enc2.conv1", "enc2.conv1"),
        ("input", "input"),
    ],
)
def test_names(name: str, found: str) -> None:
    assert LayerField(cnncalc.load("unet"), name).node.name == found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("conv11", "did you mean"),
        ("up", "say which: up1, up2, up3, up4"),
        ("conv1", "say which"),
        ("zzz", "cnncalc summary"),
    ],
)
def test_unknown_names(name: str, says: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        LayerField(cnncalc.load("unet"), name)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "E204"
    assert says in str(diagnostic.help)


@pytest.mark.parametrize("unit", [(1,), (1, 2, 3), (14, 0), (0, -1)])
def test_units_that_do_not_exist(unit: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="14x14"):
        LayerField(cnncalc.load("vgg16"), "conv13", unit)


# -- what would enlarge it ----------------------------------------------------------------------


def changes(text: str, wanted: tuple[int, ...], name: str | None = None) -> Need:
    return find_changes(layer(text, name), wanted)


CONV = "{conv: {filters: 1, kernel: 3, padding: 1}}"
CHAIN = f"input: 1x64\nlayers: [{CONV}, {{maxpool: 2}}, {CONV}]"


def test_every_change_is_the_smallest_that_is_enough() -> None:
    need = changes(CHAIN, (16,))  # 3, 4, 8 now
    assert need.size == (8,) and not need.reached
    found = {(change.what, change.name): (change.after, change.size) for change in need.changes}
    assert found == {
        ("dilation", "conv2"): (3, (16,)),  # 4 + 2·2·3
        ("dilation", "conv1"): (5, (16,)),  # 11 + 1 + 4
        ("stride", "maxpool"): (6, (16,)),  # 3 + 1 + 2·6
        ("stride", "conv1"): (3, (18,)),  # 3 + 3 + 2·2·3
        ("repeat", "conv2"): (3, (16,)),  # two more, 4 each
    }
    for change in need.changes:
        assert change.size >= (16,)


def test_costs_of_a_repeated_layer() -> None:
    (repeat,) = (
        change for change in changes(CHAIN, (16,)).changes if (change.what, change.name) == ("repeat", "conv2")
    )
    assert (repeat.macs, repeat.params, repeat.shape) == (2 * 3 * 32, 2 * 4, (1, 32))


def test_nothing_is_needed() -> None:
    assert changes(CHAIN, (8,)).reached
    assert changes("input: 1x64\nlayers: [global_avgpool]", (9999,), "global_avgpool").reached


@pytest.mark.parametrize(
    ("name", "target", "wanted"), [("resnet18", "c4", 300), ("unet", None, 300), ("wavenet", None, 4000)]
)
def test_changes_of_real_networks(name: str, target: str | None, wanted: int) -> None:
    field = LayerField(cnncalc.load(name), target)
    need = find_changes(field, (wanted,))
    assert need.changes
    assert all(min(change.size) >= wanted for change in need.changes)
    if name == "resnet18":
        assert need.refused  # a stride on one path of an add does not fit


@pytest.mark.parametrize("wanted", [(0,), (3, 3, 3), (-4, 5)])
def test_sizes_that_make_no_sense(wanted: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="--need"):
        find_changes(LayerField(cnncalc.load("resnet18")), wanted)
