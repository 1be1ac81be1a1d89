"""Layers that connect everything with everything, and tables of learned vectors."""

from __future__ import annotations

from math import prod

from cnncalc.layers.base import SAME_UNIT, Inference, Kept, Layer, Reach, Shape, ShapeError, Shapes, layer, param
from cnncalc.layers.conv import KEEPS_INPUT


@layer(
    "fc",
    group="dense",
    spellings=("linear", "dense", "fully_connected", "InnerProduct", "inner_product", "fullyconnected", "affine"),
    example="fc: 10",
)
class FullyConnected(Layer):
    """Every unit is a weighted sum of all inputs, plus a bias.

    It takes a flat vector.  With `axis` it works along one axis of a larger tensor, with the same
    weights at every position of the others; `axis: channels` is a 1×1 convolution by another name.
    Reference: Rumelhart, Hinton & Williams (1986); Goodfellow et al., Deep Learning (2016), §6.
    """

    weighted = True

    units: int = param("number of outputs", minimum=1)
    bias: bool = param("add one learned number per unit", default=True)
    axis: str | None = param(
        "the axis to connect, of a tensor that is not flat", default=None, choices=("channels", "last")
    )

    def _axis(self, x: Shape) -> int:
        return len(x) - 1 if self.axis == "last" else 0

    def infer(self, x: Shape) -> Inference:
        """(C) -> (units); along an axis, (C, *spatial) -> (units, *spatial) or (C, …, units).

        Raises:
            ShapeError: E404 if the input is not flat and no axis is given.
        """
        if len(x) > 1 and self.axis is None:
            message = f"fc needs a flat vector, but the tensor here is {'x'.join(map(str, x))}: flatten first"
            help = "add `- flatten` before it, or axis: channels to apply it at every position"
            raise ShapeError("E404", message, help)
        axis = self._axis(x)
        return Inference((*x[:axis], self.units, *x[axis + 1 :]))

    def weights(self, *xs: Shape) -> Shapes:
        """One number per unit and input, one bias per unit."""
        weights: Shapes = {"weight": (self.units, xs[0][self._axis(xs[0])])}
        return weights | {"bias": (self.units,)} if self.bias else weights

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Once, or at every position of the other axes."""
        return prod(y) // self.units

    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """The same position; everything along the connected axis."""
        connected = self._axis(x)
        return tuple(None if axis == connected else SAME_UNIT for axis in range(1, len(y)))

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return KEEPS_INPUT

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The connected axis."""
        return (self._axis(x),)


@layer(
    "embedding",
    group="dense",
    spellings=("embed", "Embedding", "lookup_table", "word_embedding"),
    example="embedding: {vocab: 10000, dim: 300}",
)
class Embedding(Layer):
    """Replace each token number by its learned vector: n tokens become `dim` channels of length n.

    A look-up multiplies nothing, so it has no MACs.
    Reference: Bengio et al., A Neural Probabilistic Language Model (2003), §2; Kim (2014), §2.
    """

    ranks = (0, 1)

    vocab: int = param("number of different tokens", minimum=1)
    dim: int = param("length of each token's vector", minimum=1)

    def infer(self, x: Shape) -> Inference:
        """(n) or (1, n) -> (dim, n).

        Raises:
            ShapeError: E405 if there is more than one channel of tokens.
        """
        if len(x) == 2 and x[0] != 1:
            message = f"embedding needs one channel of token numbers, but the tensor here has {x[0]}"
            raise ShapeError("E405", message, "an input of n tokens is written `input: 1xn`")
        return Inference((self.dim, x[-1]))

    def weights(self, *xs: Shape) -> Shapes:
        """One vector per token."""
        return {"weight": (self.vocab, self.dim)}

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its token numbers."""
        return (Kept("input", "the token numbers say which vectors get a gradient"),)

    def origins(self, x: Shape, y: Shape) -> tuple[tuple[int, ...], ...]:
        """The channels are new; the length runs over the tokens."""
        return (), (len(x) - 1,)
