"""Normalisation: which axes share a mean and a variance, and what is learned and kept.

The layers differ only in that: batch norm takes one mean per channel over the batch, layer norm one
per sample, instance norm one per sample and channel, group norm one per sample and group.
Reference: Wu & He, Group Normalization (2018), §3 and figure 2, compares all four.
"""

from __future__ import annotations

from math import prod

from cnncalc.formula import Derivation
from cnncalc.layers.base import Inference, Kept, Layer, Shape, ShapeError, Shapes, layer, param
from cnncalc.layers.conv import check_groups
from cnncalc.layers.slots import Axes, named_axes


class _Norm(Layer):
    affine: bool
    scale: bool
    bias: bool

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)

    def _statistics(self, xs: tuple[Shape, ...]) -> int:
        """How many means there are, for each sample."""
        mixed = self.mixes(xs[0])
        return prod(side for axis, side in enumerate(xs[0]) if axis not in mixed)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input, and the means and deviations it used."""
        reason = "computed once in the forward pass, always in float32"
        return (
            Kept("input", "the gradient depends on the normalised values"),
            Kept("statistics", reason, 2 * self._statistics(xs), 4),
        )

    def _learned(self, shape: Shape) -> Shapes:
        if not self.affine:
            return {}
        return ({"weight": shape} if self.scale else {}) | ({"bias": shape} if self.bias else {})

    def weights(self, *xs: Shape) -> Shapes:
        """With `affine`, one factor and one offset per channel."""
        return self._learned((xs[0][0],))

    def _means(self, x: Shape) -> int:
        """How many means a sample has."""
        return x[0]

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """With kept statistics, a factor and an offset; otherwise the statistics are taken first."""
        from cnncalc.layers.effort import FOLDED, MEASURED

        if self.buffers(*xs):
            return {"normalisation": FOLDED(x=prod(y))}
        return {"normalisation": MEASURED(x=prod(y), means=self._means(xs[0]), learned=len(self.weights(*xs)))}


class _TrackedNorm(_Norm):
    eps: float
    track_stats: bool

    def infer(self, x: Shape) -> Inference:
        """The shape stays.

        Raises:
            ShapeError: E303 for an `eps` that was meant as the number of channels.
        """
        if self.eps >= 1:
            message = f"eps must be below 1, not {self.eps:g}: it is added to the variance"
            raise ShapeError("E303", message, f"the channels follow from the layer before: write - {self.kind}", "eps")
        return Inference(x)

    def buffers(self, *xs: Shape) -> Shapes:
        """With `track_stats`, running mean and variance per channel."""
        channels = (xs[0][0],)
        return {"running_mean": channels, "running_var": channels} if self.track_stats else {}


@layer(
    "batchnorm",
    group="normalisation",
    spellings=("bn", "batch_norm", "BatchNorm", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "BatchNormalization"),
    example="batchnorm",
)
class BatchNorm(_TrackedNorm):
    """Each channel minus its mean over the batch, divided by its deviation, times γ plus β.

    γ and β are learned; the running mean and variance used at inference are kept, not learned: two
    buffers per channel.  Frameworks that also keep a step counter are not followed.
    Reference: Ioffe & Szegedy (2015), §3.
    """

    eps: float = param("added to the variance", default=1e-5, minimum=0)
    affine: bool = param("learn a factor γ and an offset β per channel", default=True)
    track_stats: bool = param("keep running mean and variance for inference", default=True)
    scale: bool = param("with affine: learn γ", default=True)
    bias: bool = param("with affine: learn β", default=True)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input, and a mean and a deviation per channel for the whole batch."""
        kept, statistics = super().saved(xs, y)
        return kept, statistics._replace(numbers=2 * xs[0][0], per_sample=False)


@layer(
    "layernorm",
    group="normalisation",
    spellings=("ln", "layer_norm", "LayerNorm", "LayerNormalization"),
    example="layernorm",
)
class LayerNorm(_Norm):
    """Normalise each sample by the mean and variance over some of its axes; the batch has no part.

    The default takes the channels at each position, as ConvNeXt does; `axis: all` takes the whole
    sample.  γ and β have the shape of the normalised axes.
    Reference: Ba, Kiros & Hinton (2016), §3; over channels: Liu et al., ConvNeXt (2022), §2.6.
    """

    axis: Axes = param("the axes that share a mean", default="channels")
    eps: float = param("added to the variance", default=1e-5, minimum=0)
    affine: bool = param("learn a factor γ and an offset β per normalised unit", default=True)
    scale: bool = param("with affine: learn γ", default=True)
    bias: bool = param("with affine: learn β", default=True)

    def infer(self, x: Shape) -> Inference:
        """The shape stays.

        Raises:
            ShapeError: E405 for `axis: spatial` of a flat vector.
        """
        if not self.mixes(x):
            message = "layernorm over spatial axes needs some, but the tensor here is a flat vector"
            raise ShapeError("E405", message, "use axis: channels", "axis")
        return Inference(x)

    def weights(self, *xs: Shape) -> Shapes:
        """With `affine`, one factor and one offset per unit of the normalised axes."""
        return self._learned(tuple(xs[0][axis] for axis in self.mixes(xs[0])))

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The normalised axes."""
        return named_axes(self.axis, len(x) - 1)

    def _means(self, x: Shape) -> int:
        return prod(x) // prod(x[axis] for axis in self.mixes(x))

    @property
    def gate(self) -> bool:
        """When the statistics are taken over positions."""
        return self.axis in ("all", "spatial") or (not isinstance(self.axis, str) and max(self.axis) > 0)


@layer(
    "groupnorm",
    group="normalisation",
    spellings=("gn", "group_norm", "GroupNorm", "GroupNormalization"),
    example="groupnorm: 32",
)
class GroupNorm(_Norm):
    """Normalise each sample by the mean and variance of each group of channels, over all positions.

    One group is layer norm over the whole sample with factors per channel; as many groups as
    channels is instance norm.
    Reference: Wu & He (2018), §3.
    """

    groups: int = param("number of groups the channels are split into", minimum=1)
    eps: float = param("added to the variance", default=1e-5, minimum=0)
    affine: bool = param("learn a factor γ and an offset β per channel", default=True)
    scale: bool = param("with affine: learn γ", default=True)
    bias: bool = param("with affine: learn β", default=True)
    gate = True

    def infer(self, x: Shape) -> Inference:
        """The shape stays; the groups must divide the channels.

        Raises:
            ShapeError: E402.
        """
        check_groups(x[0], self.groups, "channels")
        return Inference(x)

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """All axes (of the channels, the group)."""
        return tuple(range(len(x)))

    def _means(self, x: Shape) -> int:
        return self.groups

    def _statistics(self, xs: tuple[Shape, ...]) -> int:
        return self.groups


@layer(
    "instancenorm",
    group="normalisation",
    spellings=("instance_norm", "InstanceNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"),
    example="instancenorm",
)
class InstanceNorm(_TrackedNorm):
    """Normalise every channel of every sample by its own mean and variance over the positions.

    Reference: Ulyanov, Vedaldi & Lempitsky (2016), §2.
    """

    ranks = (1, 2, 3)

    eps: float = param("added to the variance", default=1e-5, minimum=0)
    affine: bool = param("learn a factor γ and an offset β per channel", default=False)
    track_stats: bool = param("keep running mean and variance for inference", default=False)
    scale: bool = param("with affine: learn γ", default=True)
    bias: bool = param("with affine: learn β", default=True)
    gate = True

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """All spatial axes."""
        return tuple(range(1, len(x)))


@layer(
    "lrn",
    group="normalisation",
    spellings=("local_response_norm", "LocalResponseNorm", "local_response_normalization"),
    example="lrn: 5",
)
class LocalResponseNorm(Layer):
    """Divide each unit by (k + α·Σx²)^β, the sum running over `size` neighbouring channels.

    The defaults are AlexNet's.  Some frameworks divide α by the size first.
    Reference: Krizhevsky, Sutskever & Hinton (2012), §3.3.
    """

    size: int = param("number of neighbouring channels", default=5, minimum=1)
    alpha: float = param("weight of the squares", default=1e-4)
    beta: float = param("exponent", default=0.75)
    k: float = param("added to the sum", default=2)

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input, and what it divided by."""
        return (
            Kept("input", "the gradient of each unit depends on its neighbours"),
            Kept("denominators", "k + α·Σx², needed again by the gradient", prod(y)),
        )

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels."""
        return (0,)

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Squares, their sums, and a power."""
        from cnncalc.layers.effort import NEIGHBOURS

        return {"normalisation": NEIGHBOURS(size=self.size, x=prod(y))}


@layer(
    "scale",
    group="normalisation",
    spellings=("layer_scale", "LayerScale", "Scale", "gamma"),
    example="scale: 1e-6",
)
class Scale(Layer):
    """Multiply each channel by one learned factor.

    Reference: Touvron et al., CaiT (2021), §2.1 (LayerScale).
    """

    in_place = True

    init: float = param("what the factors start from", default=1.0)

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)

    def weights(self, *xs: Shape) -> Shapes:
        """One factor per channel."""
        return {"weight": (xs[0][0],)}

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """A product per unit."""
        from cnncalc.layers.effort import PER_UNIT

        return {"element-wise": PER_UNIT(c=1, x=prod(y))}

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its input."""
        return (Kept("input", "the gradient of each factor is a sum of input times output gradient"),)
