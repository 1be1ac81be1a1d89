"""`weights:`: the kernel of a convolution, named or written out in the spec.

    - conv: {filters: 1, kernel: 3, bias: false}
      weights: sobel-x

Every filter has this kernel for every channel it sees, and no bias.
"""

from __future__ import annotations

from typing import Any

from cnncalc.errors import did_you_mean
from cnncalc.expr.evaluate import show
from cnncalc.graph import Node
from cnncalc.layers.filters import filter_names, filter_rows
from cnncalc.spec.frames import Frame
from cnncalc.spec.nodes import Node as Yaml
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.tree import Step
from cnncalc.spec.values import Given, Value

KINDS = ("conv", "depthwise", "conv_transpose")


def written_weights(node: Yaml) -> Value:
    """The value of `weights:`: the name of a filter, or rows of numbers.

    Raises:
        SpecError: E304 for a name that is almost one, else as for any value.
    """
    if isinstance(node, Scalar) and not node.empty:
        rows = filter_rows(node.text)
        if rows is not None:
            return Given(node, [list(row) for row in rows])
        help = did_you_mean(node.text, filter_names())
        if help is not None:
            raise node.error("E304", f"there is no filter '{node.text}'", help)
    return Value(node)


def set_weights(step: Step, frame: Frame, made: list[Node]) -> None:
    """Give the kernel a step writes to the layer it made.

    Raises:
        SpecError: E205 if that is no convolution, E302 or E306 if the kernel is not of its size.
    """
    assert step.weights is not None
    where = step.weights.node
    if len(made) != 1 or made[0].kind not in KINDS:
        raise where.error(
            "E205", "only the weights of one convolution can be written", f"put it at a {', '.join(KINDS)}"
        )
    (node,) = made
    assert node.measure is not None
    sides = tuple(node.measure.layer.values["kernel"])
    value = step.weights.evaluate(frame.scope, node.measure.xs[0])
    found = _sides(value, where)
    if found != sides:
        text, kernel = "x".join(map(str, found)) or "one number", "x".join(map(str, sides))
        raise where.error(
            "E306", f"the weights are {text}, the kernel is {kernel}", f"write kernel: {text}, or {kernel} numbers"
        )
    node.written = value


def _sides(value: Any, where: Yaml) -> tuple[int, ...]:
    """The sides of nested lists of numbers."""
    if isinstance(value, list):
        inner = {_sides(item, where) for item in value}
        if len(inner) != 1:
            raise where.error("E306", "the rows of the weights differ in length", "every row needs as many numbers")
        return (len(value), *inner.pop())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise where.error(
            "E302", f"a weight must be a number, not {show(value)}", "e.g. [[1, 0, -1], [1, 0, -1], [1, 0, -1]]"
        )
    return ()
