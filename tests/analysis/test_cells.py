"""The exact inputs of a unit, against what changes when inputs do, on random graphs."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis.cells import Cells, cells_of
from tests.analysis.random_nets import ImpossibleError, run, trees

CHANGE = 1e12


def changed(steps: list[Any], sides: tuple[int, ...]) -> tuple[cnncalc.Network, dict[Any, set[Any]]]:
    """The network, and for each place of its output the places of the input whose change changes it."""
    places = list(product(*map(range, sides)))
    inputs = np.ones((1 + len(places), 1, *sides))
    for case, place in enumerate(places):
        inputs[(1 + case, 0, *place)] += CHANGE
    try:
        texts, out = run(steps, inputs)
    except ImpossibleError:
        assume(False)
    spec = f"input: 1x{'x'.join(map(str, sides))}\nlayers: [{', '.join(texts)}]"
    network = cnncalc.loads(spec)
    assert network.graph.nodes[-1].shape == out.shape[1:]
    differs = np.abs(out[1:] - out[:1]).max(1) > 0
    units = product(*map(range, out.shape[2:]))
    return network, {unit: {places[k] for k in np.flatnonzero(differs[(slice(None), *unit)])} for unit in units}


def places_of(cells: Cells) -> set[tuple[int, ...]]:
    found: set[tuple[int, ...]] = set()
    for box in cells.boxes:
        axes = [[i for i in range(mask.bit_length()) if mask >> i & 1] for mask in box[1:]]
        found |= set(product(*axes))
    return found


def compare(steps: list[Any], sides: tuple[int, ...]) -> None:
    network, truth = changed(steps, sides)
    target = len(network.graph.nodes) - 1
    for unit, seen in truth.items():
        (cells,) = cells_of(network.graph, target, unit)
        assert places_of(cells) == seen
        assert cells.positions == len(seen)
        hull = tuple((min(axis), max(axis)) for axis in zip(*seen, strict=True)) if seen else None
        assert cells.hull == hull


@settings(max_examples=400, deadline=None, derandomize=True)
@given(trees(1), st.integers(4, 24))
def test_random_graphs_in_one_dimension(steps: list[Any], n: int) -> None:
    compare(steps, (n,))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(trees(2), st.integers(3, 7), st.integers(3, 7))
def test_random_graphs_in_two_dimensions(steps: list[Any], height: int, width: int) -> None:
    compare(steps, (height, width))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(trees(1), st.integers(8, 24))
def test_the_field_contains_every_window_of_an_aligned_graph(steps: list[Any], n: int) -> None:
    """What `summary` prints is a line around all windows; where paths agree nothing sticks out."""
    network, truth = changed(steps, (n,))
    field = network.summary().rows[-1].field if network.summary().rows else None
    assume(field is not None and field.aligned and field.size is not None and field.jump is not None)
    assert field and field.size and field.jump and field.start
    for (unit,), seen in truth.items():
        low = field.start[0] + unit * field.jump[0]
        assert all(low <= place <= low + field.size[0] - 1 for (place,) in seen)


@pytest.mark.parametrize(
    ("layers", "unit", "places"),
    [
        ("[{conv: {filters: 1, kernel: 3, dilation: 2}}]", 4, {4, 6, 8}),
        ("[{pad: {amount: 2, mode: reflect}}, {conv: {filters: 1, kernel: 3}}]", 0, {0, 1, 2}),
        ("[{pad: {amount: 2, mode: circular}}, {conv: {filters: 1, kernel: 3}}]", 0, {8, 9, 0}),
        ("[{pad: {amount: 2, mode: replicate}}, {conv: {filters: 1, kernel: 2}}]", 0, {0}),
        ("[{pad: 3}]", 1, set()),
        ("[{conv_transpose: {filters: 1, kernel: 1, stride: 2}}]", 3, set()),
        ("[flatten]", 7, {7}),
        ("[{conv: {filters: 2, kernel: 3}}, flatten]", 9, {1, 2, 3}),
        ("[{conv: {filters: 2, kernel: 3}}, flatten, {fc: 4}]", 2, set(range(10))),
        ("[{permute: [1, 0]}, {conv: {filters: 3, kernel: 1}}, {permute: [1, 0]}]", 1, set(range(10))),
        ("[{permute: [1, 0]}, {permute: [1, 0]}]", 6, {6}),
        ("[{concat: [[], {conv: {filters: 1, kernel: 3, padding: 1}}]}, {slice: {start: 0, end: 1}}]", 5, {5}),
        ("[{concat: [[], {conv: {filters: 1, kernel: 3, padding: 1}}]}, {slice: {start: 1}}]", 5, {4, 5, 6}),
        ("[{concat: [[], {conv: {filters: 2, kernel: 3, padding: 1}}]}, {depthwise: 1}, {slice: {end: 1}}]", 5, {5}),
        ("[{upsample: {size: 4, mode: nearest_exact}}]", 1, {3}),
        ("[{upsample: {size: 5, mode: area}}]", 1, {2, 3}),
        ("[{upsample: {size: 4, mode: linear, align_corners: true}}]", 3, {9}),
    ],
)
def test_places_of_one_unit(layers: str, unit: int, places: set[int]) -> None:
    graph = cnncalc.loads(f"input: 1x10\nlayers: {layers}").graph
    (cells,) = cells_of(graph, len(graph.nodes) - 1, (unit,))
    assert {place for (place,) in places_of(cells)} == places


def test_a_gate_is_left_out_of_the_spatial_paths() -> None:
    gate = "{mul: {x: here, gate: [global_avgpool, {pointwise: 4}, sigmoid]}}"
    spec = f"input: 4x8x8\nlayers: [{{conv: {{filters: 4, kernel: 3}}}}, {gate}, {{instancenorm: }}]"
    graph = cnncalc.loads(spec).graph
    (everything,) = cells_of(graph, len(graph.nodes) - 1, (1, 2))
    (nearby,) = cells_of(graph, len(graph.nodes) - 1, (1, 2), local=True)
    assert everything.hull == ((0, 7), (0, 7))
    assert nearby.hull == ((1, 3), (2, 4))


def test_each_input_of_several_is_told_apart() -> None:
    left = "{conv: {filters: 1, kernel: 3, padding: 1}, from: left}"
    spec = f"input: {{left: 1x9, right: 1x9}}\nlayers: [{left}, {{add: [here, right]}}]"
    graph = cnncalc.loads(spec).graph
    found = {cells.name: cells.hull for cells in cells_of(graph, len(graph.nodes) - 1, (4,))}
    assert found == {"left": ((3, 5),), "right": ((4, 4),)}
