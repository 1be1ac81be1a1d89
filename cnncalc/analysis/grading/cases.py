"""A layer as numbers under the letters of formulas: what both the right rule and every mistake compute with."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.receptive_field import Trace, field_of
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Measure
from cnncalc.layers.base import Layer, Shape, ShapeError

PARAMS = Formula("params", "C_out*(C_in//g)*K + b*C_out", "a kernel per input channel of the group, a bias per filter")
UNITS = Formula("params", "C_out*C_in + b*C_out", "a weight per unit and input, a bias per unit")
FIELD = Formula("field", "r + d*(f - 1)*j", "each further tap sees one jump further")

FAMILIES = {"conv": "conv", "depthwise": "conv", "pointwise": "conv", "conv_transpose": "transposed", "fc": "dense"}
FAMILIES |= {"locally_connected": "local"}
_BY_GROUP = {"pooling": "pool", "normalisation": "norm", "activation": "activation", "merge": "merge"}


class Case(NamedTuple):
    """A layer at given input shapes.

    `letters` are those of the whole layer, `axes` those of each spatial axis besides; `own` says
    which of the student's own earlier figures it starts from, '' for the spec's.
    """

    family: str
    measure: Measure
    letters: dict[str, Any]
    axes: tuple[dict[str, Any], ...]
    own: str = ""

    @property
    def shape(self) -> Shape:
        """The output shape."""
        return self.measure.shape


def case(measure: Measure, before: Trace | None = None, own: str = "") -> Case:
    """The letters of a layer; `before` is what is known of the field of its input."""
    layer, xs, y = measure.layer, measure.xs, measure.shape
    x = xs[0]
    family = FAMILIES.get(layer.kind) or _BY_GROUP.get(layer.group, "other")
    letters: dict[str, Any] = {"C_in": x[0], "C_out": y[0], "P": prod(y[1:]), "Q": prod(x[1:]), "S": prod(y)}
    letters |= {"X": prod(x), "W": prod(measure.weights.get("weight", (0,))), "T": measure.trainable}
    letters |= {"b": int("bias" in measure.weights), "B": prod(measure.weights.get("bias", (0,)))}
    letters["used"] = layer.positions(xs, y) or 0
    windows = layer.windows(x)
    if windows:
        letters |= {"K": prod(w.kernel for w in windows), "F": sum(w.kernel for w in windows)}
        letters["g"] = x[0] if layer.kind == "depthwise" else int(layer.values.get("groups", 1))
        letters["ceil_rounding"] = int(layer.values.get("rounding") == "ceil")
        letters["s2"] = prod(w.stride for w in windows)
    if family in ("dense", "norm"):
        letters |= {"K": 1, "g": 1}
    if measure.buffers:
        letters["kept"] = measure.buffer_count
    return Case(family, measure, letters, _axes(layer, x, y, before), own)


def _axes(layer: Layer, x: Shape, y: Shape, before: Trace | None) -> tuple[dict[str, Any], ...]:
    field = field_of(before) if before is not None else None
    axes = []
    for axis, w in enumerate(layer.windows(x)):
        letters: dict[str, Any] = {"n": x[axis + 1], "m": y[axis + 1], "f": w.kernel, "s": w.stride, "d": w.dilation}
        letters |= {"p0": w.padding[0], "p1": w.padding[1]}
        extra = layer.values.get("output_padding")
        letters["o"] = extra[axis] if extra else 0
        if len(y) == 3:
            letters |= {"other": y[2 - axis], "other_n": x[2 - axis]}
        if field and field.size and field.jump and axis < len(field.size):
            letters |= {"r": field.size[axis], "j": field.jump[axis]}
        axes.append(letters)
    return tuple(axes)


def remeasured(measure: Measure, x: Shape | None = None, filters: int | None = None) -> Measure | None:
    """The same layer on another input, or with another number of filters; None where that is impossible."""
    layer = measure.layer
    name = next((name for name in ("filters", "units") if name in layer.values), None)
    if filters is not None and name is None:
        return None
    values = layer.values | ({name: filters} if name and filters is not None else {})
    try:
        return Measure(type(layer)(**values), (x if x is not None else measure.xs[0], *measure.xs[1:]))
    except (ShapeError, ValueError, IndexError, ZeroDivisionError):
        return None


def right_rule(quantity: str, case: Case) -> Derivation | None:
    """How the right figure is made, where one formula tells."""
    if quantity == "params" and case.letters["T"]:
        if case.family in ("conv", "transposed"):
            return PARAMS(**{key: case.letters[key] for key in ("C_out", "C_in", "g", "K", "b")})
        if case.family == "dense":
            return UNITS(**{key: case.letters[key] for key in ("C_out", "C_in", "b")})
    if quantity == "macs":
        return case.measure.work
    if quantity == "output" and case.measure.steps:
        return case.measure.steps[0]
    if quantity == "field" and case.axes and "r" in case.axes[0]:
        return FIELD(**{key: case.axes[0][key] for key in ("r", "d", "f", "j")})
    return None
