"""Layers that only work while training: at inference they pass their input on."""

from __future__ import annotations

from math import prod

from cnncalc.layers.base import Inference, Kept, Layer, Shape, ShapeError, layer, param


class _PassOn(Layer):
    view = True

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)


class _Drop(_PassOn):
    p: float

    def infer(self, x: Shape) -> Inference:
        """The shape stays.

        Raises:
            ShapeError: E303 if everything would be dropped.
        """
        if self.p >= 1:
            message = f"p must be below 1, not {self.p:g}: it is the probability of dropping"
            help = "where a course gives keep_prob, write p: 1 - keep_prob"
            if 1 < self.p <= 100:
                help = f"{self.p:g} % is written {self.p / 100:g}"
            raise ShapeError("E303", message, help, "p")
        return Inference(x)


@layer(
    "dropout", group="regularisation", spellings=("Dropout", "Dropout2d", "drop", "dropout2d"), example="dropout: 0.5"
)
class Dropout(_Drop):
    """While training, set each unit to 0 with probability p and scale the others by 1/(1 - p).

    p is the probability of dropping; some courses teach keep_prob = 1 - p.
    Reference: Srivastava et al. (2014), §4.
    """

    p: float = param("probability of dropping a unit (keep_prob would be 1 - p)", default=0.5, minimum=0)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its mask."""
        return (Kept("mask", "the same units must be dropped from the gradient", prod(y), 1),) if self.p else ()


@layer(
    "drop_path",
    group="regularisation",
    spellings=("stochastic_depth", "StochasticDepth", "DropPath", "droppath", "drop_connect"),
    example="drop_path: 0.1",
)
class DropPath(_Drop):
    """While training, drop a whole branch of a sample with probability p.

    Reference: Huang et al., Deep Networks with Stochastic Depth (2016), §3.
    """

    p: float = param("probability of dropping the branch", default=0.1, minimum=0)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """One choice per sample."""
        return (Kept("mask", "the same samples must be dropped from the gradient", 1, 1),) if self.p else ()


@layer("identity", group="regularisation", spellings=("Identity", "noop", "linear_activation", "pass"))
class Identity(_PassOn):
    """Nothing: the input, unchanged.

    Reference: He et al., Identity Mappings in Deep Residual Networks (2016), §2.
    """
