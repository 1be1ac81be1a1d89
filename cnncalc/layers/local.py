"""Locally connected layers: the windows of a convolution without its shared weights."""

from __future__ import annotations

from math import prod

from cnncalc.layers import window
from cnncalc.layers.base import Inference, Kept, Layer, Shape, Shapes, Window, layer, param
from cnncalc.layers.conv import KEEPS_INPUT
from cnncalc.layers.slots import Padding, Size


@layer(
    "locally_connected",
    group="convolution",
    spellings=("local", "LocallyConnected1D", "LocallyConnected2D", "local_conv", "unshared_conv"),
    example="locally_connected: {filters: 6, kernel: 5}",
)
class LocallyConnected(Layer):
    """Like a convolution, but every output position has filters of its own: sparse, not shared.

    Its parameters stand between those of a convolution and of a fully connected layer; so does the
    bias, one per filter and position.
    Reference: Taigman et al., DeepFace (2014), §3; Goodfellow et al., Deep Learning (2016), §9.5.
    """

    ranks = (1, 2, 3)
    weighted = True

    filters: int = param("number of filters per position, i.e. output channels", minimum=1)
    kernel: Size = param("side of the filters", minimum=1)
    stride: Size = param("step between filter positions", default=1, minimum=1)
    padding: Padding = param("zeros added on each side", default=0, minimum=0)
    bias: bool = param("add one learned number per filter and position", default=True)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """The window along each spatial axis."""
        return window.windows(x, self.kernel, self.stride, self.padding, (1,) * (len(x) - 1))

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (filters, *spatial)."""
        steps = window.output_sizes(x, self.windows(x))
        return Inference((self.filters, *(step.value for step in steps)), steps)

    def weights(self, *xs: Shape) -> Shapes:
        """One kernel per filter, input channel and output position; one bias per filter and position."""
        x = xs[0]
        positions = self.infer(x).shape[1:]
        weights = {"weight": (self.filters, x[0], *self.kernel, *positions)}
        return weights | {"bias": (self.filters, *positions)} if self.bias else weights

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Once: no weight is shared."""
        return 1

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return KEEPS_INPUT

    def workspace(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Each output position's window as a column."""
        return xs[0][0] * prod(self.kernel) * prod(y[1:])

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """All channels."""
        return (0,)
