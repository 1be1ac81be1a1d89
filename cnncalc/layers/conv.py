"""Convolutions: ordinary, depthwise, pointwise, transposed, for 1 to 3 spatial axes."""

from __future__ import annotations

from math import isqrt, prod

from cnncalc.layers import window
from cnncalc.layers.base import Inference, Kept, Layer, Reach, Reads, Shape, ShapeError, Shapes, Window, layer, param
from cnncalc.layers.slots import Padding, Size

KEEPS_INPUT = (Kept("input", "the gradient of each weight is a sum of input times output gradient"),)


def check_groups(channels: int, groups: int, what: str, param: str = "groups") -> None:
    """Refuse groups that do not divide the channels evenly.

    Raises:
        ShapeError: E402.
    """
    if channels % groups:
        message = f"{channels} {what} cannot be split into {groups} equal groups"
        if what == "filters":
            nearest = max(1, round(channels / groups)) * groups
            raise ShapeError("E402", message, f"use a multiple of {groups} filters, e.g. {nearest}", param)
        divisors = [d for n in range(1, isqrt(channels) + 1) if channels % n == 0 for d in (n, channels // n)]
        largest = max(d for d in divisors if d <= groups)
        raise ShapeError("E402", message, f"use a divisor of {channels}, e.g. {param}: {largest}", param)


class _Sliding(Layer):
    ranks = (1, 2, 3)
    weighted = True

    kernel: Size
    stride: Size
    padding: Padding
    dilation: Size

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """The window along each spatial axis."""
        return window.windows(x, self.kernel, self.stride, self.padding, self.dilation)

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Output positions: each weight works once at each."""
        return prod(y[1:])

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return KEEPS_INPUT

    def workspace(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Each output position's window as a column; nothing where a window is one pixel."""
        taps = prod(self.kernel)
        return xs[0][0] * taps * prod(y[1:]) if taps > 1 or prod(self.stride) > 1 else 0


@layer(
    "conv",
    group="convolution",
    spellings=("conv1d", "conv2d", "conv3d", "convolution", "convolution2d", "Conv1D", "Conv2D", "Conv3D"),
    example="conv: {filters: 64, kernel: 3, padding: 1}",
)
class Conv(_Sliding):
    """Slide learned filters over the input; each filter makes one channel of the output.

    A filter has one kernel per input channel of its group, summed into one map, and one bias.
    Reference: Dumoulin & Visin (2016), §2; grouped: Krizhevsky et al. (2012), §3.5.
    """

    filters: int = param("number of filters, i.e. output channels", minimum=1)
    kernel: Size = param("side of the filters", minimum=1)
    stride: Size = param("step between filter positions", default=1, minimum=1)
    padding: Padding = param("zeros added on each side", default=0, minimum=0)
    dilation: Size = param("spacing between filter taps", default=1, minimum=1)
    groups: int = param("channel groups convolved separately", default=1, minimum=1)
    bias: bool = param("add one learned number per filter", default=True)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (filters, *spatial)."""
        check_groups(x[0], self.groups, "input channels")
        check_groups(self.filters, self.groups, "filters")
        steps = window.output_sizes(x, self.windows(x))
        return Inference((self.filters, *(step.value for step in steps)), steps)

    def weights(self, *xs: Shape) -> Shapes:
        """One kernel per filter and input channel of its group, one bias per filter."""
        weights = {"weight": (self.filters, xs[0][0] // self.groups, *self.kernel)}
        return weights | {"bias": (self.filters,)} if self.bias else weights

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels (of a group)."""
        return (0,)


@layer(
    "depthwise",
    group="convolution",
    spellings=("depthwise_conv", "depthwiseconv2d", "DepthwiseConv2D", "dwconv"),
    example="depthwise: {kernel: 3, padding: 1}",
)
class Depthwise(_Sliding):
    """Convolve every channel with filters of its own, `multiplier` of them per channel.

    Reference: Howard et al., MobileNets (2017), §3.1.
    """

    kernel: Size = param("side of the filters", minimum=1)
    stride: Size = param("step between filter positions", default=1, minimum=1)
    padding: Padding = param("zeros added on each side", default=0, minimum=0)
    dilation: Size = param("spacing between filter taps", default=1, minimum=1)
    multiplier: int = param("filters per input channel", default=1, minimum=1)
    bias: bool = param("add one learned number per filter", default=True)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C * multiplier, *spatial)."""
        steps = window.output_sizes(x, self.windows(x))
        return Inference((x[0] * self.multiplier, *(step.value for step in steps)), steps)

    def weights(self, *xs: Shape) -> Shapes:
        """One kernel and one bias per filter."""
        filters = xs[0][0] * self.multiplier
        weights = {"weight": (filters, 1, *self.kernel)}
        return weights | {"bias": (filters,)} if self.bias else weights

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """Along the channels, the one its filter belongs to."""
        if axis == 0:
            return lambda i: (i // self.multiplier,)
        return super().reads(xs, y, k, axis)


@layer(
    "pointwise",
    group="convolution",
    spellings=("pointwise_conv", "conv1x1", "1x1", "PointwiseConv"),
    example="pointwise: 128",
)
class Pointwise(Layer):
    """A 1×1 convolution: mix the channels at each position, e.g. to narrow or widen them.

    Reference: Lin et al., Network in Network (2013), §3.1.
    """

    ranks = (1, 2, 3)
    weighted = True

    filters: int = param("number of filters, i.e. output channels", minimum=1)
    stride: Size = param("step between positions", default=1, minimum=1)
    groups: int = param("channel groups mixed separately", default=1, minimum=1)
    bias: bool = param("add one learned number per filter", default=True)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """One tap, without padding."""
        return tuple(Window(1, stride, (0, 0), 1) for stride in self.stride)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (filters, *spatial)."""
        check_groups(x[0], self.groups, "input channels")
        check_groups(self.filters, self.groups, "filters")
        steps = window.output_sizes(x, self.windows(x))
        return Inference((self.filters, *(step.value for step in steps)), steps)

    def weights(self, *xs: Shape) -> Shapes:
        """One number per filter and input channel of its group, one bias per filter."""
        ones = (1,) * (len(xs[0]) - 1)
        weights = {"weight": (self.filters, xs[0][0] // self.groups, *ones)}
        return weights | {"bias": (self.filters,)} if self.bias else weights

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Output positions: each weight works once at each."""
        return prod(y[1:])

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return KEEPS_INPUT

    def workspace(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """None without strides: the input already is the matrix; with them, the pixels that are used."""
        return xs[0][0] * prod(y[1:]) if prod(self.stride) > 1 else 0

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels (of a group)."""
        return (0,)


@layer(
    "conv_transpose",
    group="convolution",
    spellings=("deconv", "deconvolution", "convtranspose2d", "Conv2DTranspose", "transposed_conv", "upconv"),
    example="conv_transpose: {filters: 64, kernel: 2, stride: 2}",
)
class ConvTranspose(Layer):
    """The transpose of a convolution: every input lays down a kernel, so maps grow by the stride.

    Its MACs are weights × *input* positions; counting output positions overstates them stride² times.
    Reference: Dumoulin & Visin (2016), §4.
    """

    ranks = (1, 2, 3)
    weighted = True

    filters: int = param("number of filters, i.e. output channels", minimum=1)
    kernel: Size = param("side of the filters", minimum=1)
    stride: Size = param("step between the kernels laid down", default=1, minimum=1)
    padding: Padding = param("rows cut off each side of the result", default=0, minimum=0)
    output_padding: Size = param("rows added after the result", default=0, minimum=0)
    dilation: Size = param("spacing between filter taps", default=1, minimum=1)
    groups: int = param("channel groups convolved separately", default=1, minimum=1)
    bias: bool = param("add one learned number per filter", default=True)

    def _cut(self, x: Shape) -> tuple[tuple[int, int], ...]:
        """What is cut off before and after; negative after means rows are added."""
        if not isinstance(self.padding, str):
            return self.padding
        if self.padding == "causal":
            raise ShapeError(
                "E304", "a transposed convolution has no causal padding", "use same or a number", "padding"
            )
        # 'same' promises n * s; the difference is cut, the odd row after
        totals = [d * (f - 1) + 1 - s for f, s, d in zip(self.kernel, self.stride, self.dilation, strict=True)]
        return tuple((max(0, total) // 2, total - max(0, total) // 2) for total in totals)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """Kernel, stride, what is cut off, and dilation along each axis."""
        return tuple(
            Window(f, s, cut, d)
            for f, s, cut, d in zip(self.kernel, self.stride, self._cut(x), self.dilation, strict=True)
        )

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (filters, *spatial)."""
        check_groups(x[0], self.groups, "input channels")
        check_groups(self.filters, self.groups, "filters")
        steps = []
        for n, w, extra in zip(x[1:], self.windows(x), self.output_padding, strict=True):
            if extra >= max(w.stride, w.dilation) and extra:
                message = (
                    f"output_padding {extra} must be smaller than the stride {w.stride} or the dilation {w.dilation}"
                )
                raise ShapeError("E408", message, f"use at most {max(w.stride, w.dilation) - 1}", "output_padding")
            cut = w.padding
            step = window.TRANSPOSED(n=n, s=w.stride, p0=cut[0], p1=cut[1], d=w.dilation, f=w.kernel, o=extra)
            if step.value < 1:
                message = f"nothing is left: {step.substituted()} = {step.value}"
                raise ShapeError("E409", message, "use less padding", "padding")
            steps.append(step)
        return Inference((self.filters, *(step.value for step in steps)), tuple(steps))

    def weights(self, *xs: Shape) -> Shapes:
        """One kernel per input channel and filter of its group, one bias per filter."""
        weights = {"weight": (xs[0][0], self.filters // self.groups, *self.kernel)}
        return weights | {"bias": (self.filters,)} if self.bias else weights

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Input positions: each weight works once at each."""
        return prod(xs[0][1:])

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """Unit i comes from inputs (i + p - d·t)/s for the taps t that divide evenly."""
        from fractions import Fraction

        return tuple(
            Reach(
                Fraction(1, w.stride),
                Fraction(w.padding[0] - w.effective_kernel + 1, w.stride),
                Fraction(w.padding[0], w.stride),
            )
            for w in self.windows(x)
        )

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """The inputs whose kernel has a tap there."""
        if axis == 0:
            return None
        from cnncalc.layers import taps

        w = self.windows(xs[k])[axis - 1]
        return taps.transposed(xs[k][axis], w.stride, w.padding[0], w.kernel, w.dilation)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return KEEPS_INPUT

    def workspace(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """The kernels every input position lays down, before they are summed up."""
        return y[0] * prod(self.kernel) * prod(xs[0][1:])

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels (of a group)."""
        return (0,)
