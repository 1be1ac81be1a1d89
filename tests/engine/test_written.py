"""`weights:` in a spec: kernels named or written out, from the file to the numbers that come out."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.engine.execute import execute
from cnncalc.engine.weights import Weights
from cnncalc.layers.filters import filter_names, filter_rows


def outputs(text: str, picture: object) -> np.ndarray:
    graph = cnncalc.loads(text).graph
    data = np.asarray(picture, float)[None]
    ran = execute(graph, {"input": data}, Weights(graph, dtype="float64"))
    result: np.ndarray = np.asarray(next(iter(ran.outputs.values())))[0]
    return result


EDGE = [[10, 10, 10, 0, 0, 0]] * 6


def test_the_vertical_edge_of_the_notes() -> None:
    """X2: bright to dark answers 30 where the window stands over the edge, 0 elsewhere."""
    spec = "input: 1x6x6\nlayers:\n  - conv: {filters: 1, kernel: 3}\n    weights: vertical\n"
    assert outputs(spec, [EDGE]).tolist() == [[[0, 30, 30, 0]] * 4]


def test_every_filter_and_channel_has_the_kernel_and_no_bias() -> None:
    spec = "input: 2x4x4\nlayers:\n  - conv: {filters: 3, kernel: 2}\n    weights: [[1, 0], [0, 1/2]]\n"
    graph = cnncalc.loads(spec).graph
    tensors = Weights(graph, dtype="float64").of(graph.nodes[1])
    assert tensors["weight"].shape == (3, 2, 2, 2)
    assert (tensors["weight"] == [[1, 0], [0, 0.5]]).all()
    assert not tensors["bias"].any()


@pytest.mark.parametrize("name", filter_names())
def test_names(name: str) -> None:
    spec = f"input: 1x5x5\nlayers:\n  - depthwise: {{kernel: 3, bias: false}}\n    weights: {name}\n"
    graph = cnncalc.loads(spec).graph
    rows = filter_rows(name)
    assert rows is not None
    assert (Weights(graph, dtype="float64").of(graph.nodes[1])["weight"][0, 0] == np.array(rows)).all()


def test_variables_and_other_ranks() -> None:
    one = "input: 1x9\nvars: {k: [1, 0, -1]}\nlayers:\n  - conv: {filters: 1, kernel: 3}\n    weights: k\n"
    assert outputs(one, [list(range(9))]).tolist() == [[-2.0] * 7]


def test_the_flat_spec_has_them_too() -> None:
    from cnncalc.spec.expand import expand

    spec = "input: 1x6x6\nlayers:\n  - conv: {filters: 1, kernel: 3}\n    weights: sobel-y\n"
    network = cnncalc.loads(spec)
    flat = expand(network.graph, network.name, {})
    assert "weights: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]" in flat
    assert (outputs(flat, [EDGE]) == outputs(spec, [EDGE])).all()


WRONG = [
    ("- conv: {filters: 1, kernel: 3}\n    weights: sobel-z", "E304"),
    ("- conv: {filters: 1, kernel: 3}\n    weights: [[1, 2], [3, 4]]", "E306"),
    ("- conv: {filters: 1, kernel: 2}\n    weights: [[1, 2], [3]]", "E306"),
    ("- conv: {filters: 1, kernel: 2}\n    weights: [[1, true], [3, 4]]", "E302"),
    ("- conv: {filters: 1, kernel: 2}\n    weights: nothing_known", "E203"),
    ("- relu:\n    weights: box", "E205"),
    ("- name: x\n    weights: box", "E205"),
]


@pytest.mark.parametrize(("step", "code"), WRONG)
def test_refused_where_it_stands(step: str, code: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.loads(f"input: 1x6x6\nlayers:\n  {step}\n")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.span is not None and diagnostic.span.line == 4
