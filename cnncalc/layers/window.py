"""The arithmetic of sliding windows: sizes, padding rules, and when a window does not fit.

Reference: Dumoulin & Visin, 'A guide to convolution arithmetic for deep learning' (2016), §2 and §4;
the rule for `rounding: ceil` is the one frameworks apply (a window must not start in the far padding).
"""

from __future__ import annotations

from cnncalc.formula import Derivation, Formula
from cnncalc.layers.base import ShapeError, Window
from cnncalc.layers.slots import AXIS_NAMES, Padding, Size

OUT = Formula(
    "out",
    "floor((n + p0 + p1 - d*(f - 1) - 1) / s) + 1",
    "the window's first place, plus one more for every whole stride that is left",
)
OUT_CEIL = Formula(
    "out",
    "min(ceil((n + p0 + p1 - d*(f - 1) - 1) / s) + 1, ceil((n + p0) / s))",
    "rounding up lets a last window hang over the edge, unless it would start in the far padding",
)
SAME_OUT = Formula("out", "ceil(n / s)", "'same' padding makes the output as large as the strides allow")
SAME_TOTAL = Formula(
    "padding",
    "max(0, (ceil(n / s) - 1)*s + d*(f - 1) + 1 - n)",
    "what the last window hangs over, split evenly; the odd one goes after",
)
CAUSAL_TOTAL = Formula("padding", "d*(f - 1)", "all of it before, so that no output sees the future")
TRANSPOSED = Formula(
    "out",
    "(n - 1)*s - p0 - p1 + d*(f - 1) + 1 + o",
    "each input lays down a kernel, a stride apart; padding cuts the edges off",
)


def resolve_padding(padding: Padding, n: int, axis: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """(before, after) along one axis; `same` and `causal` depend on the input size `n`."""
    if not isinstance(padding, str):
        return padding[axis]
    if padding == "causal":
        return CAUSAL_TOTAL(d=dilation, f=kernel).value, 0
    total = SAME_TOTAL(n=n, s=stride, d=dilation, f=kernel).value
    return total // 2, total - total // 2


def windows(x: tuple[int, ...], kernel: Size, stride: Size, padding: Padding, dilation: Size) -> tuple[Window, ...]:
    """One `Window` per spatial axis of an input of shape `x`."""
    return tuple(
        Window(f, s, resolve_padding(padding, n, axis, f, s, d), d)
        for axis, (n, f, s, d) in enumerate(zip(x[1:], kernel, stride, dilation, strict=True))
    )


def output_sizes(x: tuple[int, ...], windows: tuple[Window, ...], *, ceil: bool = False) -> tuple[Derivation, ...]:
    """The output side along each spatial axis.

    Raises:
        ShapeError: E401 if a window is larger than the padded input.
    """
    rule = OUT_CEIL if ceil else OUT
    steps = []
    for axis, (n, w) in enumerate(zip(x[1:], windows, strict=True)):
        before, after = w.padding
        step = rule(n=n, p0=before, p1=after, d=w.dilation, f=w.kernel, s=w.stride)
        if step.value < 1:
            name = AXIS_NAMES[len(x) - 1][axis]
            spread = f" (dilated to {w.effective_kernel})" if w.dilation > 1 else ""
            message = (
                f"kernel {w.kernel}{spread} does not fit: "
                f"input {name} {n} + padding {before} + {after} < {w.effective_kernel}"
            )
            help = "use a smaller kernel, more padding, or a larger input"
            if axis == 0 and len(x) == 4 and n <= 4 < min(x[2:]):
                image = "x".join(map(str, x[1:]))
                help = f"{x[0]}x{image} is a volume; an image is written without its batch: {image}"
            raise ShapeError("E401", message, help, "kernel")
        steps.append(step)
    return tuple(steps)
