"""Merges: layers that make one tensor of several."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import ClassVar

from cnncalc.formula import Derivation, Formula
from cnncalc.layers.base import SAME_UNIT, Inference, Kept, Layer, Reach, Reads, Shape, ShapeError, layer

JOINED = Formula("C_out", "sum(c)", "the channels of all inputs, one after the other")
WIDEST = Formula("out", "max(n)", "sides of 1 are repeated to the side of the others")
PRODUCT = Formula("MACs", "m * k * n * batch", "each of m·n outputs is a sum of k products")

_SIDES_HELP = "check stride and padding of the branches; `crop` and `upsample` take size: like NAME"
_CHANNELS_HELP = "end the odd branch with as many filters as the others have"


def _spell(x: Shape) -> str:
    return "x".join(map(str, x))


def _mismatch(kind: str, wanted: str, xs: Sequence[Shape], compared: Sequence[object], help: str) -> ShapeError:
    """What to say when inputs do not fit: those that differ from what most inputs have are to blame."""
    common = max(compared, key=compared.count)
    odd = tuple(i for i, value in enumerate(compared) if value != common)
    usual = compared.index(common)
    sizes = ", ".join(f"input {i + 1} is {_spell(xs[i])}" for i in (usual, *odd[:3]))
    return ShapeError("E403", f"{kind} needs {wanted}: {sizes}", help, inputs=odd)


@layer(
    "concat",
    group="merge",
    spellings=("cat", "concatenate", "Concatenate", "Concat", "route", "join", "stack"),
    example="concat: {left: [conv: {filters: 8, kernel: 1}], right: []}",
)
class Concat(Layer):
    """Lay the channels of all inputs one after the other; their sides must agree.

    Reference: Szegedy et al., GoogLeNet (2015), §4; Huang et al., DenseNet (2017), §3.
    """

    inputs = (1, None)

    def infer(self, *xs: Shape) -> Inference:
        """(C1, *spatial), (C2, *spatial), … -> (C1 + C2 + …, *spatial).

        Raises:
            ShapeError: E403 if the sides differ.
        """
        sides = [x[1:] for x in xs]
        if any(side != sides[0] for side in sides):
            raise _mismatch(self.kind, "equal sides", xs, sides, _SIDES_HELP)
        step = JOINED(c=[x[0] for x in xs])
        return Inference((step.value, *sides[0]), (step,))

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """Along the channels, those of its own stretch."""
        if axis:
            return super().reads(xs, y, k, axis)
        before = sum(x[0] for x in xs[:k])
        return lambda i: (i - before,)


class _ElementWise(Layer):
    inputs: ClassVar[tuple[int, int | None]] = (1, None)

    def infer(self, *xs: Shape) -> Inference:
        """Equal shapes, or sides of 1 that are repeated to the side of the others.

        Raises:
            ShapeError: E403 if the shapes differ otherwise.
        """
        first = xs[0]
        if all(x == first for x in xs):
            return Inference(first)
        ranks = [len(x) for x in xs]
        if any(rank != ranks[0] for rank in ranks):
            help = "`reshape` a vector of C to [C, 1, 1] to combine it with an image"
            raise _mismatch(self.kind, "as many axes everywhere", xs, ranks, help)
        steps = []
        for axis, sides in enumerate(zip(*xs, strict=True)):
            step = WIDEST(n=list(sides))
            if any(side not in (1, step.value) for side in sides):
                # sides of 1 fit anywhere, so they are not what is odd
                compared = [side if side > 1 else step.value for side in sides]
                wanted = "equal channels" if axis == 0 else "equal sides"
                raise _mismatch(self.kind, wanted, xs, compared, _SIDES_HELP if axis else _CHANNELS_HELP)
            steps.append(step)
        return Inference(tuple(step.value for step in steps), tuple(steps))

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """One operation per output for each input after the first."""
        from cnncalc.layers.effort import MERGED

        return {"element-wise": MERGED(n=len(xs), y=prod(y))}

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """The same place, or the only one along a side of 1 that is repeated."""
        return tuple(SAME_UNIT if n == m else Reach(0, 0, 0) for n, m in zip(x[1:], y[1:], strict=True))

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """The same place, or the only one."""
        repeated = xs[k][axis] != y[axis]
        return lambda i: (0,) if repeated else (i,)


@layer(
    "add",
    group="merge",
    spellings=("Add", "sum", "Eltwise", "plus", "residual", "shortcut"),
    example="add: {main: [relu], shortcut: []}",
)
class Add(_ElementWise):
    """The sum, unit by unit; this is how a residual block lets its input through.

    Reference: He et al., Deep Residual Learning (2016), §3.2.
    """

    hands_on = True


@layer("sub", group="merge", spellings=("subtract", "Subtract", "minus", "difference"), example="sub: [a, b]")
class Subtract(_ElementWise):
    """The first input minus the second, unit by unit.

    Reference: Koch, Zemel & Salakhutdinov, Siamese Networks (2015), §3.1 (with `abs`).
    """

    inputs = (2, 2)


@layer(
    "mul",
    group="merge",
    spellings=("multiply", "Multiply", "prod", "times", "gate"),
    example="mul: {main: [], gate: [sigmoid]}",
)
class Multiply(_ElementWise):
    """The product, unit by unit; a side of 1 is repeated, so C×1×1 weighs whole channels.

    Reference: Hu, Shen & Sun, Squeeze-and-Excitation (2018), §3.2.
    """

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """All inputs."""
        return (Kept("inputs", "the gradient of one factor is the product of the others"),)


@layer("average", group="merge", spellings=("Average", "avg_merge"), example="average: [a, b]")
class Average(_ElementWise):
    """The mean of all inputs, unit by unit.

    Reference: Simonyan & Zisserman, Two-Stream Networks (2014), §2 (fusion by averaging).
    """

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Additions and a division per output."""
        from cnncalc.layers.effort import AVERAGED

        return {"element-wise": AVERAGED(n=len(xs), y=prod(y))}


@layer("maximum", group="merge", spellings=("Maximum", "max", "maxout", "max_merge"), example="maximum: [a, b]")
class Maximum(_ElementWise):
    """The largest of all inputs, unit by unit.

    Reference: Goodfellow et al., Maxout Networks (2013), §2.
    """

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Which input won."""
        return (Kept("winners", "the gradient goes to the input that was largest", prod(y), 1),)


@layer(
    "matmul", group="merge", spellings=("MatMul", "Dot", "dot", "bmm", "einsum", "batch_dot"), example="matmul: [a, b]"
)
class MatMul(Layer):
    """The matrix product of the last two axes, once for each entry of the axes before them.

    Counting the channels as an axis: (…, m, k) times (…, k, n) is (…, m, n).
    Reference: Wang et al., Non-local Neural Networks (2018), §3.3; Vaswani et al. (2017), §3.2.1.
    """

    inputs = (2, 2)
    ranks = (1, 2, 3)

    def infer(self, *xs: Shape) -> Inference:
        """(…, m, k), (…, k, n) -> (…, m, n).

        Raises:
            ShapeError: E403 if the axes before, or the two k, differ.
        """
        a, b = xs
        if min(len(a), len(b)) < 2:
            message = f"matmul needs two axes of each input, not {_spell(a)} and {_spell(b)}"
            raise ShapeError("E405", message, "`reshape` a vector of n to [1, n] or [n, 1]")
        if a[:-2] != b[:-2]:
            help = "`reshape` them to the same leading axes"
            raise _mismatch(self.kind, "equal leading axes", xs, [a[:-2], b[:-2]], help)
        if a[-1] != b[-2]:
            message = f"matmul needs as many columns as rows: input 1 is {_spell(a)}, input 2 is {_spell(b)}"
            help = f"{a[-1]} columns times {b[-2]} rows; `permute` swaps axes"
            raise ShapeError("E403", message, help, inputs=(1,))
        return Inference((*a[:-1], b[-1]))

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Both inputs."""
        return (Kept("inputs", "the gradient of one factor is the product with the other"),)

    def macs(self, xs: tuple[Shape, ...], y: Shape) -> Derivation:
        """One for every product."""
        a, b = xs
        return PRODUCT(m=a[-2], k=a[-1], n=b[-1], batch=prod(a[:-2]))

    def reach(self, x: Shape, y: Shape) -> tuple[None, ...]:
        """Everything: each output combines a whole row with a whole column."""
        return (None,) * (len(y) - 1)

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """All axes; which of them stay apart depends on the other input."""
        return tuple(range(len(x)))
