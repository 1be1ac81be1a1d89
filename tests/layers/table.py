"""One layer applied to one input, as the rows of the tables in this folder state it."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import pytest

from cnncalc.layers import registry
from cnncalc.layers.base import Layer, Reach, Shape, ShapeError, build

Values = dict[str, Any]


class Row(NamedTuple):
    """What a layer must give: output, parameters, buffers, MACs (None: it has no such work)."""

    kind: str
    values: Values
    inputs: Shape | tuple[Shape, ...]
    output: Shape
    params: int = 0
    buffers: int = 0
    macs: int | None = None


class Refusal(NamedTuple):
    """What a layer must say no to: the code, the parameter to blame, a piece of the message."""

    kind: str
    values: Values
    inputs: Shape | tuple[Shape, ...]
    code: str
    param: str | None
    says: str


def tensors(inputs: Any) -> tuple[Shape, ...]:
    """The inputs as a tuple of shapes, also if there is only one."""
    return inputs if isinstance(inputs[0], tuple) else (inputs,)


def make(kind: str, values: Values, inputs: Any) -> Layer:
    """The layer, built for the rank of its first input."""
    return build(registry()[kind], values, len(tensors(inputs)[0]) - 1)


def check(row: Row) -> None:
    """Apply the layer of a row and compare everything."""
    xs = tensors(row.inputs)
    layer = make(row.kind, row.values, xs)
    inference = layer.infer(*xs)
    macs = layer.macs(xs, inference.shape)
    found = (
        inference.shape,
        sum(map(prod, layer.weights(*xs).values())),
        sum(map(prod, layer.buffers(*xs).values())),
        macs and macs.value,
    )
    assert found == (row.output, row.params, row.buffers, row.macs)
    assert all(step.value in (*inference.shape, 1) for step in inference.steps)
    assert len(layer.reach(xs[0], inference.shape)) == len(inference.shape) - 1
    assert all(0 <= axis < len(xs[0]) for axis in layer.mixes(xs[0]))


def check_refusal(row: Refusal) -> None:
    """Apply the layer of a row, which must raise."""
    with pytest.raises(ShapeError) as caught:
        make(row.kind, row.values, row.inputs).infer(*tensors(row.inputs))
    error = caught.value
    assert (error.code, error.param) == (row.code, row.param)
    assert row.says in error.message, error.message


def reach(kind: str, values: Values, x: Shape) -> tuple[Reach | None, ...]:
    """What the units of a layer's output see of an input."""
    layer = make(kind, values, x)
    return layer.reach(x, layer.infer(x).shape)


def name(value: object) -> str:
    """A row's name in pytest's output."""
    if isinstance(value, (Row, Refusal)):
        values = " ".join(f"{key}={item}" for key, item in value.values.items())
        return f"{value.kind} {values} on {value.inputs}".replace("  ", " ")
    return ""
