"""Layers that rearrange a tensor: the same numbers, other axes."""

from __future__ import annotations

from math import prod

from cnncalc.formula import Derivation, Formula
from cnncalc.layers.base import SAME_UNIT, Inference, Layer, Reach, Shape, ShapeError, layer, param
from cnncalc.layers.conv import check_groups
from cnncalc.layers.slots import Axes, Ints, named_axes

FLAT = Formula("out", "C * P", "every channel at every one of P positions becomes a unit")
REST = Formula("side", "total / others", "what is left for the side written -1")
ONE = Formula("out", "1", "one mean remains of all n")


class _Rearranged(Layer):
    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """Unknown from here: axes have changed their meaning; `origins` tells which became which."""
        return (None,) * (len(y) - 1)


@layer("flatten", group="shape", spellings=("Flatten", "view", "ravel"), example="flatten")
class Flatten(_Rearranged):
    """Lay all channels and positions out in one vector, channel by channel.

    Reference: Goodfellow et al., Deep Learning (2016), §9.
    """

    view = True

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C · positions)."""
        step = FLAT(C=x[0], P=prod(x[1:]))
        return Inference((step.value,), (step,))

    def origins(self, x: Shape, y: Shape) -> tuple[tuple[int, ...], ...]:
        """The one axis runs over all."""
        return (tuple(range(len(x))),)


@layer("reshape", group="shape", spellings=("Reshape", "view_as", "unflatten"), example="reshape: [64, 7, 7]")
class Reshape(_Rearranged):
    """Read the same numbers, in the same order, as a tensor of another shape.

    Reference: Radford, Metz & Chintala, DCGAN (2016), figure 1.
    """

    view = True
    whole_shape = "shape"

    shape: Ints = param("channels, then sides; one of them may be -1, for what is left", minimum=-1)

    def infer(self, x: Shape) -> Inference:
        """Any shape of as many numbers.

        Raises:
            ShapeError: E406 if the numbers do not come out even, E405 for more than three spatial axes.
        """
        total, others = prod(x), prod(side for side in self.shape if side != -1)
        source = f"{'x'.join(map(str, x))} = {total} numbers" if len(x) > 1 else f"{total} numbers"
        if len(self.shape) > 4:
            message = f"a shape has channels and up to 3 sides, not {len(self.shape)} numbers"
            raise ShapeError("E405", message, "write fewer sides", "shape")
        if self.shape.count(-1) > 1 or 0 in self.shape:
            wrong = "only one side can be -1" if 0 not in self.shape else "no side can be 0"
            raise ShapeError("E406", f"{wrong}: {list(self.shape)}", "write the other sides as numbers", "shape")
        if total % others or (others != total and -1 not in self.shape):
            wanted = "x".join(map(str, self.shape))
            message = f"{source} cannot become {wanted}, which is {others}"
            help = f"give the layer before {others} units, or write -1 for one side"
            if -1 in self.shape:
                message = f"{source} cannot become {wanted}: {others} does not divide {total}"
                help = f"the sides besides -1 must multiply to a divisor of {total}"
            raise ShapeError("E406", message, help, "shape")
        if -1 not in self.shape:
            return Inference(self.shape)
        step = REST(total=total, others=others)
        return Inference(tuple(step.value if side == -1 else side for side in self.shape), (step,))

    def origins(self, x: Shape, y: Shape) -> tuple[tuple[int, ...], ...]:
        """Axes are matched from the front: the smallest stretches of equal size correspond."""
        result: list[tuple[int, ...]] = []
        begin = 0
        while len(result) < len(y):
            old, new = _stretch(x[begin:], y[len(result) :])
            last = len(result) + new == len(y)
            source = tuple(range(begin, len(x) if last else begin + old))
            sides = y[len(result) : len(result) + new]
            result += [() if side == 1 and new > 1 else source for side in sides]
            begin += old
        return tuple(result)


def _stretch(x: Shape, y: Shape) -> tuple[int, int]:
    """How many axes of each shape, from the front, hold equally many numbers."""
    old, new = min(1, len(x)), 1
    before, after = prod(x[:old]), y[0]
    while before != after:
        if before < after:
            before, old = before * x[old], old + 1
        else:
            after, new = after * y[new], new + 1
    return old, new


@layer(
    "permute", group="shape", spellings=("transpose", "Permute", "swapaxes", "rearrange"), example="permute: [1, 2, 0]"
)
class Permute(_Rearranged):
    """Change the order of the axes; axis 0 is the channels, 1 the first spatial one.

    `permute: [1, 2, 0]` puts the channels of an image last, `[2, 0, 1]` brings them back.
    Reference: Liu et al., ConvNeXt (2022), appendix on its implementation.
    """

    order: Ints = param("which input axis comes at each place", minimum=0)

    def infer(self, x: Shape) -> Inference:
        """The same sides in another order.

        Raises:
            ShapeError: E406 if `order` does not name every axis once.
        """
        if sorted(self.order) != list(range(len(x))):
            axes = ", ".join(map(str, range(len(x))))
            message = f"{list(self.order)} is no order of the {len(x)} axes of {'x'.join(map(str, x))}"
            raise ShapeError("E406", message, f"name each of {axes} once; 0 is the channels", "order")
        return Inference(tuple(x[axis] for axis in self.order))

    def origins(self, x: Shape, y: Shape) -> tuple[tuple[int, ...], ...]:
        """Each axis runs over one other."""
        return tuple((axis,) for axis in self.order)


@layer(
    "shuffle", group="shape", spellings=("channel_shuffle", "ChannelShuffle", "channelshuffle"), example="shuffle: 2"
)
class Shuffle(Layer):
    """Interleave groups of channels, so that the next grouped convolution sees all of them.

    Reference: Zhang et al., ShuffleNet (2018), §3.1.
    """

    groups: int = param("number of groups that are interleaved", minimum=1)

    def infer(self, x: Shape) -> Inference:
        """The shape stays.

        Raises:
            ShapeError: E402 if the groups do not divide the channels.
        """
        check_groups(x[0], self.groups, "channels")
        return Inference(x)

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels change places."""
        return (0,)


@layer("mean", group="shape", spellings=("reduce_mean", "avg", "ReduceMean"), example="mean: spatial")
class Mean(Layer):
    """The mean over some axes, which stay with side 1.

    `mean: spatial` is a global average pool; `mean: channels` is what spatial attention looks at.
    Reference: Woo et al., CBAM (2018), §3.2.
    """

    axes: Axes = param("the axes to average over", default="spatial")

    def infer(self, x: Shape) -> Inference:
        """The averaged sides become 1.

        Raises:
            ShapeError: E405 for `axes: spatial` of a flat vector.
        """
        gone = self.mixes(x)
        if not gone:
            message = "mean over spatial axes needs some, but the tensor here is a flat vector"
            raise ShapeError("E405", message, "use axes: channels", "axes")
        steps = tuple(ONE(n=x[axis]) for axis in gone)
        return Inference(tuple(1 if axis in gone else side for axis, side in enumerate(x)), steps)

    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """Everything along the averaged axes, the same place along the others."""
        gone = self.mixes(x)
        return tuple(None if axis in gone else SAME_UNIT for axis in range(1, len(x)))

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Additions, and a division per mean."""
        from cnncalc.layers.effort import BIN_MEAN

        return {"pooling": BIN_MEAN(read=prod(xs[0]))}

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The averaged axes."""
        return named_axes(self.axes, len(x) - 1)
