"""Layers that make maps larger or smaller without weights: interpolation, and channels traded for pixels."""

from __future__ import annotations

from math import prod

from cnncalc.formula import Derivation, Formula
from cnncalc.layers import sampling
from cnncalc.layers.base import Inference, Layer, Reach, Reads, Shape, ShapeError, exactly_one, layer, param
from cnncalc.layers.slots import AXIS_NAMES, Numbers, Size

SCALED = Formula("out", "floor(n * k)", "k times as many; what is left of a pixel is dropped")
GIVEN = Formula("out", "m", "the size is given; the input is stretched or shrunk to it")
TIMES = Formula("out", "n * r", "each pixel becomes r")
DIVIDED = Formula("out", "n / r", "r pixels become one, of more channels")
FEWER = Formula("C_out", "C / r**axes", "the channels that become pixels are gone")
MORE = Formula("C_out", "C * r**axes", "each pixel of a block becomes a channel")

_TAPS = {"linear": 2, "bilinear": 4, "trilinear": 8, "bicubic": 16}
_MODE_RANKS = {"linear": (1,), "bilinear": (2,), "bicubic": (2,), "trilinear": (3,)}


@layer(
    "upsample",
    group="shape",
    spellings=("UpSampling1D", "UpSampling2D", "UpSampling3D", "interpolate", "resize", "upsampling", "Upsampling2d"),
    example="upsample: 2",
)
class Upsample(Layer):
    """Enlarge (or shrink) the map by repeating pixels or interpolating between them.

    Reference: Long, Shelhamer & Darrell, Fully Convolutional Networks (2015), §3.3; cubic: Keys (1981).
    """

    ranks = (1, 2, 3)

    factor: Numbers | None = param("how many times longer the sides become", default=None, minimum=0)
    size: Size | None = param("the output side instead, or `like NAME`", default=None, minimum=1, like=True)
    mode: str = param(
        "how pixels between pixels are made",
        default="nearest",
        choices=("nearest", "nearest_exact", "linear", "bilinear", "trilinear", "bicubic", "area"),
    )
    align_corners: bool = param("lay the outermost pixel centres on each other when interpolating", default=False)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C, *(spatial * factor)) or (C, *size).

        Raises:
            ShapeError: E305 or E312 unless exactly one of factor and size is given, E405 if the mode
                is for another number of axes, E312 for corners of a mode without, E409 if nothing is left.
        """
        given = exactly_one(self, "factor", "size")
        self._check_mode(len(x) - 1)
        if given == "size" and self.size is not None:
            steps = [GIVEN(m=m) for m in self.size]
        else:
            steps = [SCALED(n=n, k=k) for n, k in zip(x[1:], self.factor or (), strict=True)]
        for name, step in zip(AXIS_NAMES[len(x) - 1], steps, strict=True):
            if step.value < 1:
                message = f"nothing is left of the {name}: {step.substituted()} = {step.value}"
                raise ShapeError("E409", message, "use a larger factor", given)
        return Inference((x[0], *(step.value for step in steps)), tuple(steps))

    def _check_mode(self, rank: int) -> None:
        ranks = _MODE_RANKS.get(self.mode)
        if ranks and rank not in ranks:
            word = {1: "linear", 2: "bilinear or bicubic", 3: "trilinear"}[rank]
            message = f"{self.mode} interpolation is for {ranks[0]} spatial axes, but the tensor here has {rank}"
            raise ShapeError("E405", message, f"use mode: {word}", "mode")
        if self.align_corners and not ranks:
            message = f"align_corners has no meaning for mode {self.mode}, which does not interpolate"
            raise ShapeError("E312", message, "leave it out, or use an interpolating mode", "align_corners")

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Weighted sums of neighbours; repeating pixels is no arithmetic."""
        from cnncalc.layers.effort import BIN_MEAN, INTERPOLATED

        x = xs[0]
        if self.mode == "area":
            read = x[0] * prod(sampling.bins_read(n, m) for n, m in zip(x[1:], y[1:], strict=True))
            return {"upsampling": BIN_MEAN(read=read)}
        taps = _TAPS.get(self.mode)
        return {"upsampling": INTERPOLATED(taps=taps, y=prod(y))} if taps else {}

    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """The pixels with a weight, for inputs n/m apart (with corners aligned, (n-1)/(m-1))."""
        return tuple(self._reach(n, m) for n, m in zip(x[1:], y[1:], strict=True))

    def _reach(self, n: int, m: int) -> Reach | None:
        if self.mode == "area" and m == 1:
            return None
        simple = {"nearest": sampling.nearest, "nearest_exact": sampling.nearest_exact, "area": sampling.bins}
        if self.mode in simple:
            return simple[self.mode](n, m)
        between = sampling.between_corners if self.align_corners else sampling.between_centres
        return between(n, m, 2 if self.mode == "bicubic" else 1)

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """The pixels with a weight."""
        if axis == 0:
            return super().reads(xs, y, k, axis)
        from cnncalc.layers import taps

        n, m = xs[k][axis], y[axis]
        simple = {"nearest": taps.nearest, "nearest_exact": taps.nearest_exact, "area": taps.bins}
        if self.mode in simple:
            return simple[self.mode](n, m)
        between = taps.between_corners if self.align_corners else taps.between_centres
        return between(n, m, 2 if self.mode == "bicubic" else 1)


@layer(
    "pixel_shuffle",
    group="shape",
    spellings=("PixelShuffle", "depth_to_space", "DepthToSpace", "subpixel"),
    example="pixel_shuffle: 2",
)
class PixelShuffle(Layer):
    """Trade channels for pixels: every r² channels become one, r times as large along both axes.

    In 1-D it takes r channels, in 3-D r³.
    Reference: Shi et al., Efficient Sub-Pixel CNN (2016), §3.2.
    """

    ranks = (1, 2, 3)

    factor: int = param("how many times longer each side becomes", minimum=1)

    def infer(self, x: Shape) -> Inference:
        """(C · r^axes, *spatial) -> (C, *(spatial · r)).

        Raises:
            ShapeError: E402 if r^axes does not divide the channels.
        """
        r, rank = self.factor, len(x) - 1
        if x[0] % r**rank:
            message = f"{r**rank} channels become one, and {x[0]} channels do not come out even"
            help = f"give the layer before {-(-x[0] // r**rank) * r**rank} filters"
            raise ShapeError("E402", message, help, "factor")
        steps = (FEWER(C=x[0], r=r, axes=rank), *(TIMES(n=n, r=r) for n in x[1:]))
        return Inference(tuple(step.value for step in steps), steps)

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """Unit i comes from pixel floor(i/r)."""
        return tuple(sampling.nearest(n, m) for n, m in zip(x[1:], y[1:], strict=True))

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """Along a side, pixel floor(i/r)."""
        return (lambda i: (i // self.factor,)) if axis else None

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels move into the pixels."""
        return (0,)


class _Unshuffle(Layer):
    ranks = (1, 2, 3)

    factor: int = param("how many pixels of each axis become channels", minimum=1)

    def infer(self, x: Shape) -> Inference:
        """(C, *spatial) -> (C · r^axes, *(spatial / r)).

        Raises:
            ShapeError: E402 if r does not divide a side.
        """
        r, rank = self.factor, len(x) - 1
        for name, n in zip(AXIS_NAMES[rank], x[1:], strict=True):
            if n % r:
                message = f"a {name} of {n} cannot be cut into blocks of {r}"
                raise ShapeError("E402", message, "pad or crop before, or use another factor", "factor")
        steps = (MORE(C=x[0], r=r, axes=rank), *(DIVIDED(n=n, r=r) for n in x[1:]))
        return Inference(tuple(step.value for step in steps), steps)

    def reach(self, x: Shape, y: Shape) -> tuple[Reach, ...]:
        """Unit i holds pixels i·r to i·r + r - 1, each in channels of its own."""
        return (Reach(self.factor, 0, self.factor - 1),) * (len(x) - 1)


@layer("pixel_unshuffle", group="shape", spellings=("PixelUnshuffle", "pixelunshuffle"), example="pixel_unshuffle: 2")
class PixelUnshuffle(_Unshuffle):
    """Trade pixels for channels: every r×r block becomes r² channels of one pixel.

    The channels that come from one input channel stay together: c·r² + row·r + column.
    Reference: the inverse of Shi et al. (2016), §3.2.
    """


@layer(
    "space_to_depth",
    group="shape",
    spellings=("SpaceToDepth", "focus", "Focus", "reorg", "passthrough"),
    example="space_to_depth: 2",
)
class SpaceToDepth(_Unshuffle):
    """Trade pixels for channels like `pixel_unshuffle`, in another order of channels.

    Here all channels of one place in the block stay together: (row·r + column)·C + c, so the sizes
    are the same but weights learned after one do not fit the other.
    Reference: Redmon & Farhadi, YOLO9000 (2017), §2 (passthrough); TensorFlow's space_to_depth.
    """
