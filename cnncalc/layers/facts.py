"""The forms in which layers state their facts: shapes, windows, reaches, what is kept for training."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from cnncalc.formula import Derivation

Shape = tuple[int, ...]
"""Channels, then 0 to 3 spatial sides; the batch is never part of it."""
Shapes = dict[str, Shape]


class ShapeError(Exception):
    """A layer that does not fit its input.

    `param` names the parameter to point at, if one is to blame; `inputs` are the positions of the
    input tensors to blame, so that the caller can name their branches.
    """

    def __init__(
        self,
        code: str,
        message: str,
        help: str | None = None,
        param: str | None = None,
        inputs: tuple[int, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.param = param
        self.inputs = inputs


class Inference(NamedTuple):
    """An output shape and the arithmetic that gave each of its sides."""

    shape: Shape
    steps: tuple[Derivation, ...] = ()


class Window(NamedTuple):
    """What a layer reads along one axis: `kernel` taps, `dilation` apart, moved by `stride`."""

    kernel: int
    stride: int
    padding: tuple[int, int]
    dilation: int

    @property
    def effective_kernel(self) -> int:
        """The span of the kernel: d(f - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1


class Reach(NamedTuple):
    """Which inputs unit i of one axis can see: from i·scale + first to i·scale + last, inclusive.

    Numbers are ints, or exact fractions where a layer makes its axis longer.
    """

    scale: Any
    first: Any
    last: Any


SAME_UNIT = Reach(1, 0, 0)
"""The unit at the same place and no other."""
Reads = Callable[[int], Iterable[int]]
"""The place of a unit -> the places of an input it is computed from."""


def same_place(i: int) -> Iterable[int]:
    """The unit at the same place."""
    return (i,)


class Kept(NamedTuple):
    """A tensor a layer holds back for its backward pass, and why.

    `tensor` is `input` (all of them: `inputs`), `output`, or the name of a tensor the layer makes for
    this purpose; that has `numbers` numbers of `width` bytes each (0: the dtype of the network), for
    each sample or, unless `per_sample`, for the whole batch.  Inputs and outputs exist anyway.
    """

    tensor: str
    reason: str
    numbers: int = 0
    width: int = 0
    per_sample: bool = True
