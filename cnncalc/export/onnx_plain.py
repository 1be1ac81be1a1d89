"""Activations, merges, and layers that only work while training, in ONNX."""

from __future__ import annotations

from functools import reduce
from math import pi, sqrt

from cnncalc.export.onnx_steps import Step, writes

SAME_NAME = {
    "relu": "Relu",
    "abs": "Abs",
    "selu": "Selu",
    "softplus": "Softplus",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
}


@writes(*SAME_NAME)
def same_name(step: Step) -> str:
    """The operator of the same name."""
    return step.op(SAME_NAME[step.layer.kind], step.x)


@writes("relu6")
def relu6(step: Step) -> str:
    """Clip."""
    return step.op("Clip", step.x, step.constant(0.0), step.constant(6.0))


@writes("leaky_relu")
def leaky_relu(step: Step) -> str:
    """LeakyRelu."""
    return step.op("LeakyRelu", step.x, alpha=float(step.layer.slope))


@writes("prelu")
def prelu(step: Step) -> str:
    """PRelu."""
    ones = (1,) * step.rank
    shape = {"shared": (1, *ones), "channel": (step.side[0], *ones), "unit": step.side}[step.layer.per]
    return step.op("PRelu", step.x, step.weight("weight", shape))


@writes("elu")
def elu(step: Step) -> str:
    """Elu."""
    return step.op("Elu", step.x, alpha=float(step.layer.alpha))


@writes("gelu")
def gelu(step: Step) -> str:
    """Gelu, or before opset 20 what it means."""
    x, approximate = step.x, step.layer.approximate
    if step.opset >= 20:
        return step.op("Gelu", x, approximate=approximate)
    if approximate == "tanh":
        cube = step.op("Mul", step.op("Mul", step.op("Mul", x, x), x), step.constant(0.044715))
        inner = step.op("Tanh", step.op("Mul", step.op("Add", x, cube), step.constant(sqrt(2 / pi))))
    else:
        inner = step.op("Erf", step.op("Div", x, step.constant(sqrt(2))))
    half = step.op("Mul", x, step.constant(0.5))
    return step.op("Mul", half, step.op("Add", inner, step.constant(1.0)))


@writes("silu")
def silu(step: Step) -> str:
    """x times its Sigmoid; runtimes make one operator of the two."""
    return step.op("Mul", step.x, step.op("Sigmoid", step.x))


@writes("mish")
def mish(step: Step) -> str:
    """x·tanh(softplus(x))."""
    return step.op("Mul", step.x, step.op("Tanh", step.op("Softplus", step.x)))


@writes("hardsigmoid")
def hardsigmoid(step: Step) -> str:
    """HardSigmoid with the slope this language gives it."""
    return step.op("HardSigmoid", step.x, alpha=1 / 6, beta=0.5)


@writes("hardswish")
def hardswish(step: Step) -> str:
    """HardSwish, or before opset 14 its two factors."""
    if step.opset >= 14:
        return step.op("HardSwish", step.x)
    return step.op("Mul", step.x, step.op("HardSigmoid", step.x, alpha=1 / 6, beta=0.5))


@writes("softmax")
def softmax(step: Step) -> str:
    """Softmax over the channels."""
    return step.op("Softmax", step.x, axis=1)


@writes("concat")
def concat(step: Step) -> str:
    """Concat of the channels."""
    return step.op("Concat", *step.xs, axis=1) if len(step.xs) > 1 else step.x


PAIRS = {"add": "Add", "sub": "Sub", "mul": "Mul"}
MANY = {"average": "Mean", "maximum": "Max"}


@writes(*PAIRS)
def pairs(step: Step) -> str:
    """Two at a time."""
    return reduce(lambda a, b: step.op(PAIRS[step.layer.kind], a, b), step.xs)


@writes(*MANY)
def many(step: Step) -> str:
    """All at once."""
    return step.op(MANY[step.layer.kind], *step.xs) if len(step.xs) > 1 else step.x


@writes("matmul")
def matmul(step: Step) -> str:
    """MatMul."""
    return step.op("MatMul", *step.xs)


@writes("identity", "dropout", "drop_path")
def nothing(step: Step) -> str:
    """At inference, no operator at all."""
    return step.x
