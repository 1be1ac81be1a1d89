"""Pooling: windows without weights, one channel at a time."""

from __future__ import annotations

from math import prod

from cnncalc.formula import Derivation, Formula
from cnncalc.layers import window
from cnncalc.layers.base import Inference, Kept, Layer, Reach, Reads, SameAs, Shape, ShapeError, Window, layer, param
from cnncalc.layers.sampling import bins, bins_read
from cnncalc.layers.slots import Padding, Size

BIN = Formula("out", "m", "bin i covers inputs floor(i·n/m) to ceil((i+1)·n/m) - 1")
ONE = Formula("out", "1", "one number per channel remains of all n positions")


INDEX_BYTES = 8


def _indices(y: Shape) -> tuple[Kept, ...]:
    return (Kept("indices", "the gradient goes to the pixel that was the maximum", prod(y), INDEX_BYTES),)


class _Pool(Layer):
    ranks = (1, 2, 3)

    kernel: Size = param("side of the window", minimum=1)
    stride: Size = param("step between windows", default=SameAs("kernel"), minimum=1)
    padding: Padding = param("rows added on each side, never chosen as maximum", default=0, minimum=0)
    dilation: Size = param("spacing between the pixels of a window", default=1, minimum=1)
    rounding: str = param("what happens to a last window that hangs over", default="floor", choices=("floor", "ceil"))

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """The window along each spatial axis."""
        return window.windows(x, self.kernel, self.stride, self.padding, self.dilation)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *spatial)."""
        windows = self.windows(x)
        if not isinstance(self.padding, str):
            _check_padding(windows)
        steps = window.output_sizes(x, windows, ceil=self.rounding == "ceil")
        return Inference((x[0], *(step.value for step in steps)), steps)


def _check_padding(windows: tuple[Window, ...]) -> None:
    for w in windows:
        widest = max(w.padding)
        # dilation does not help: a window could then lie in the padding with all its taps but one
        if 2 * widest > w.kernel:
            message = f"padding {widest} is more than half of the window's {w.kernel} pixels"
            help = f"use padding {w.kernel // 2} at most, or a pad layer before"
            raise ShapeError("E407", message, help, "padding")


@layer(
    "maxpool",
    group="pooling",
    spellings=("max_pool", "maxpool2d", "MaxPooling2D", "max_pooling", "Pooling", "pool", "subsampling"),
    example="maxpool: 2",
)
class MaxPool(_Pool):
    """The largest value in each window.

    Reference: Ranzato et al. (2007); Dumoulin & Visin (2016), §3.
    """

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Comparisons; padding counts like pixels."""
        from cnncalc.layers.effort import LARGEST

        return {"pooling": LARGEST(K=prod(self.kernel), y=prod(y))}

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Where each maximum was."""
        return _indices(y)


@layer(
    "avgpool",
    group="pooling",
    spellings=("avg_pool", "avgpool2d", "AveragePooling2D", "average_pool"),
    example="avgpool: 2",
)
class AvgPool(_Pool):
    """The mean of each window.

    Reference: LeCun et al. (1998), §II.B, without its trainable coefficient.
    """

    count_padding: bool = param("whether padding counts as zeros in the mean", default=True)

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Additions and a division per window; padding counts like pixels."""
        from cnncalc.layers.effort import MEAN

        return {"pooling": MEAN(K=prod(self.kernel), y=prod(y))}


@layer("lppool", group="pooling", spellings=("lp_pool", "lppool2d", "LPPool2d"), example="lppool: {kernel: 2, p: 2}")
class LpPool(_Pool):
    """The p-norm of each window: (sum x^p)^(1/p).

    Reference: Sermanet et al. (2012), §2.2.
    """

    p: float = param("the exponent", default=2)

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Powers, additions and a root per window."""
        from cnncalc.layers.effort import POWERS

        return {"pooling": POWERS(K=prod(self.kernel), y=prod(y))}

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input and output."""
        return (
            Kept("input", "the slope of the norm depends on each pixel"),
            Kept("output", "the slope of the norm is divided by the norm"),
        )


def _bin_ops(x: Shape, y: Shape, mean: bool) -> dict[str, Derivation]:
    """The work of bins, which overlap where sides do not divide: what all of them read together."""
    from cnncalc.layers.effort import BIN_LARGEST, BIN_MEAN

    read = x[0] * prod(bins_read(n, m) for n, m in zip(x[1:], y[1:], strict=True))
    return {"pooling": BIN_MEAN(read=read) if mean else BIN_LARGEST(read=read, y=prod(y))}


class _AdaptivePool(Layer):
    ranks = (1, 2, 3)
    _mean = False

    size: Size = param("output side", minimum=1)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *size)."""
        steps = tuple(BIN(n=n, m=m) for n, m in zip(x[1:], self.size, strict=True))
        return Inference((x[0], *(step.value for step in steps)), steps)

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """What the bins read."""
        return _bin_ops(xs[0], y, self._mean)

    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """The smallest evenly spaced bins that contain the real ones; everything for a single bin."""
        return tuple(None if m == 1 else bins(n, m) for n, m in zip(x[1:], y[1:], strict=True))

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """Along a side, its bin."""
        if axis == 0:
            return super().reads(xs, y, k, axis)
        from cnncalc.layers import taps

        return taps.bins(xs[k][axis], y[axis])


@layer(
    "adaptive_avgpool",
    group="pooling",
    spellings=("adaptive_avg_pool", "adaptiveavgpool2d", "AdaptiveAveragePooling2D"),
    example="adaptive_avgpool: 7",
)
class AdaptiveAvgPool(_AdaptivePool):
    """The mean of each of size × size bins that cover the input."""

    _mean = True


@layer(
    "adaptive_maxpool",
    group="pooling",
    spellings=("adaptive_max_pool", "adaptivemaxpool2d", "AdaptiveMaxPooling2D"),
    example="adaptive_maxpool: 7",
)
class AdaptiveMaxPool(_AdaptivePool):
    """The largest value in each of size × size bins that cover the input."""

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Where each maximum was."""
        return _indices(y)


class _GlobalPool(Layer):
    ranks = (1, 2, 3)
    _mean = False

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """One bin per channel."""
        return _bin_ops(xs[0], y, self._mean)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, 1, …)."""
        steps = tuple(ONE(n=n) for n in x[1:])
        return Inference((x[0], *(step.value for step in steps)), steps)

    def reach(self, x: Shape, y: Shape) -> tuple[None, ...]:
        """Everything."""
        return (None,) * (len(x) - 1)


@layer(
    "global_avgpool",
    group="pooling",
    spellings=("gap", "global_avg_pool", "global_average_pooling", "GlobalAveragePooling2D", "globalavgpool"),
    example="global_avgpool",
)
class GlobalAvgPool(_GlobalPool):
    """The mean of each channel; the spatial axes stay, with side 1.

    Reference: Lin et al., Network in Network (2013), §3.2.
    """

    _mean = True


@layer(
    "global_maxpool",
    group="pooling",
    spellings=("gmp", "global_max_pool", "GlobalMaxPooling2D", "globalmaxpool"),
    example="global_maxpool",
)
class GlobalMaxPool(_GlobalPool):
    """The largest value of each channel; the spatial axes stay, with side 1."""

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Where each maximum was."""
        return _indices(y)
