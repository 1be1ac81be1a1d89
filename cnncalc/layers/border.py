"""Layers that add or take away rows at the edges, or keep a stretch of one axis."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.formula import Derivation, Formula
from cnncalc.layers.base import SAME_UNIT, Inference, Layer, Reach, Reads, Shape, ShapeError, exactly_one, layer, param
from cnncalc.layers.slots import AXIS_NAMES, Amounts, Size

PADDED = Formula("out", "n + p0 + p1", "rows are added before and after; negative numbers take them away")
CROPPED = Formula("out", "n - c0 - c1", "rows are taken away before and after")
KEPT = Formula("out", "end - start", "the units from start up to, but not including, end")


class _Border(Layer):
    ranks = (1, 2, 3)

    _added: Callable[[Shape], Amounts]
    """Rows added before and after along each axis, negative where taken away."""

    def _step(self, n: int, before: int, after: int) -> Derivation:
        return PADDED(n=n, p0=before, p1=after)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *spatial), longer or shorter.

        Raises:
            ShapeError: E305 or E312 unless exactly one of amount and size is given, E409 if nothing is left.
        """
        given = exactly_one(self, "amount", "size")
        steps = []
        for name, n, (before, after) in zip(AXIS_NAMES[len(x) - 1], x[1:], self._added(x), strict=True):
            step = self._step(n, before, after)
            if step.value < 1:
                message = f"nothing is left of the {name}: {step.substituted()} = {step.value}"
                raise ShapeError("E409", message, f"take away fewer than {n} rows", given)
            steps.append(step)
        return Inference((x[0], *(step.value for step in steps)), tuple(steps))

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """The same pixel, shifted; how reflected rows fold back is not followed."""
        return tuple(Reach(1, -before, -before) for before, _ in self._added(x))


def _split(total: int) -> tuple[int, int]:
    """A number of rows halved, the odd one after; both halves have the sign of the whole."""
    half = abs(total) // 2
    return (half, total - half) if total >= 0 else (-half, total + half)


@layer(
    "pad",
    group="shape",
    spellings=("ZeroPad2d", "ZeroPadding2D", "ReflectionPad2d", "ReplicationPad2d", "ConstantPad2d", "zero_padding"),
    example="pad: 1",
)
class Pad(_Border):
    """Add rows at the edges: zeros, a mirror image, copies of the edge, or the other side.

    Reference: Dumoulin & Visin (2016), §2; mirrored: Ronneberger et al., U-Net (2015), §2.
    """

    amount: Amounts | None = param("rows added on each side; negative ones are cut off", default=None)
    size: Size | None = param(
        "the side to reach instead, the odd row after, or `like NAME`", default=None, minimum=1, like=True
    )
    mode: str = param("what the new rows hold", default="zeros", choices=("zeros", "reflect", "replicate", "circular"))
    value: float = param("what 'zeros' are filled with", default=0)

    def _added(self, x: Shape) -> Amounts:
        if self.amount is not None:
            return self.amount
        return tuple(_split(side - n) for side, n in zip(self.size or (), x[1:], strict=True))

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *(spatial + before + after)).

        Raises:
            ShapeError: as above, and E411 if there are too few rows to mirror or to wrap around.
        """
        given = exactly_one(self, "amount", "size")
        limit = {"reflect": 1, "circular": 0}.get(self.mode)
        for name, n, amounts in zip(AXIS_NAMES[len(x) - 1], x[1:], self._added(x), strict=True):
            if limit is not None and max(amounts) > n - limit:
                message = f"{self.mode} padding of {max(amounts)} needs a larger {name} than {n}"
                help = f"use at most {n - limit}, or another mode"
                raise ShapeError("E411", message, help, given)
        return super().infer(x)

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """The pixel there; in the new rows, the one that is mirrored, copied or wrapped around."""
        if axis == 0:
            return super().reads(xs, y, k, axis)
        from cnncalc.layers import taps

        return taps.border(xs[k][axis], self._added(xs[k])[axis - 1][0], self.mode)

    def config(self, x: Shape) -> dict[str, object]:
        """The parameters, with the rows added to this input."""
        return self.values | {"amount": self._added(x)}


@layer(
    "crop",
    group="shape",
    spellings=("Cropping2D", "Cropping1D", "center_crop", "CenterCrop", "Crop"),
    example="crop: 1",
)
class Crop(_Border):
    """Take rows away at the edges, or keep the middle.

    Reference: Ronneberger, Fischer & Brox, U-Net (2015), §2.
    """

    amount: Amounts | None = param("rows taken away on each side", default=None, minimum=0)
    size: Size | None = param(
        "the side to keep instead, from the middle, or `like NAME`", default=None, minimum=1, like=True
    )

    def _added(self, x: Shape) -> Amounts:
        if self.amount is not None:
            return tuple((-before, -after) for before, after in self.amount)
        return tuple(_split(side - n) for side, n in zip(self.size or (), x[1:], strict=True))

    def _step(self, n: int, before: int, after: int) -> Derivation:
        return CROPPED(n=n, c0=-before, c1=-after)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *(spatial - before - after)).

        Raises:
            ShapeError: as above, and E412 if `size` is larger than the input.
        """
        for name, n, side in zip(AXIS_NAMES[len(x) - 1], x[1:], self.size or x[1:], strict=True):
            if side > n:
                message = f"a {name} of {side} cannot be cropped out of {n}"
                raise ShapeError("E412", message, "use pad: {size: …}, or crop the other tensor", "size")
        return super().infer(x)

    def config(self, x: Shape) -> dict[str, object]:
        """The parameters, with the rows taken away from this input."""
        return self.values | {"amount": tuple((-before, -after) for before, after in self._added(x))}


@layer("slice", group="shape", spellings=("Slice", "narrow", "chunk", "getitem"), example="slice: {start: 0, end: 64}")
class Slice(Layer):
    """Keep a stretch of one axis, counted from 0; negative positions count from the end.

    Reference: Ma et al., ShuffleNet V2 (2018), §3.2 (channel split).
    """

    start: int = param("first position kept", default=0)
    end: int | None = param("position after the last one kept; none: to the end", default=None)
    axis: int = param("0 for channels, 1 for the first spatial axis, …", default=0, minimum=0)

    def _range(self, x: Shape) -> tuple[int, int]:
        n = x[self.axis]
        start, end = self.start, n if self.end is None else self.end
        return start + n if start < 0 else start, end + n if end < 0 else end

    def infer(self, x: Shape) -> Inference:
        """One side becomes end - start.

        Raises:
            ShapeError: E405 if there is no such axis, E412 if the stretch leaves it, E409 if it is empty.
        """
        if self.axis >= len(x):
            message = f"there is no axis {self.axis}: the tensor here is {'x'.join(map(str, x))}"
            raise ShapeError("E405", message, "axis 0 is the channels, 1 the first spatial axis", "axis")
        n, (start, end) = x[self.axis], self._range(x)
        if not (0 <= start <= n and 0 <= end <= n):
            wrong = "start" if not 0 <= start <= n else "end"
            message = f"positions {self.start} to {n if self.end is None else self.end} leave an axis of {n}"
            raise ShapeError("E412", message, f"positions go from 0 to {n}", wrong)
        step = KEPT(start=start, end=end)
        if step.value < 1:
            message = f"nothing is left: {step.substituted()} = {step.value}"
            raise ShapeError("E409", message, "end must be after start", "end" if self.end is not None else "start")
        return Inference((*x[: self.axis], step.value, *x[self.axis + 1 :]), (step,))

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """The same place, `start` further on along the sliced axis."""
        start, _ = self._range(x)
        return tuple(Reach(1, start, start) if axis == self.axis else SAME_UNIT for axis in range(1, len(x)))

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """The same place, `start` further on along the sliced axis."""
        if axis != self.axis:
            return super().reads(xs, y, k, axis)
        start, _ = self._range(xs[k])
        return lambda i: (i + start,)
