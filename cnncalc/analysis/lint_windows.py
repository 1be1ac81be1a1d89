"""Lint rules about windows: what they leave unread, and patterns they lay over the image."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.lint_rule import NOTE, WARNING, Hit, LintRule
from cnncalc.analysis.summary import Summary
from cnncalc.graph import Graph, Measure, Node
from cnncalc.layers.base import Window
from cnncalc.layers.slots import AXIS_NAMES

COUNTED_UP_TO = 1 << 16
"""Longer axes are not walked along; nothing in the literature is."""


def _sliding(summary: Summary) -> Iterator[tuple[Node, Measure, tuple[Window, ...]]]:
    """The layers whose windows slide over the input."""
    for row in summary.rows:
        measure = row.node.measure
        if measure is not None and measure.layer.kind != "conv_transpose":
            windows = measure.layer.windows(measure.xs[0])
            if windows:
                yield row.node, measure, windows


def unread_rows(summary: Summary) -> Iterator[Hit]:
    """The stride does not divide what is left after the first window, so the last rows are not read."""
    for node, measure, windows in _sliding(summary):
        parts: dict[str, list[str]] = {}
        lost = 0
        for n, w, name in zip(measure.xs[0][1:], windows, AXIS_NAMES[len(windows)], strict=True):
            over = (n + sum(w.padding) - w.effective_kernel) % w.stride
            if not over or w.stride > w.effective_kernel or measure.layer.values.get("rounding") == "ceil":
                continue
            unread = max(0, over - w.padding[1])
            lost += unread
            of = f"{n} + {sum(w.padding)} - {w.effective_kernel}" if sum(w.padding) else f"{n} - {w.effective_kernel}"
            what = f"the last {unread} never read" if unread else "only padding is left over"
            parts.setdefault(f"({of})/{w.stride} leaves {over}, {what}", []).append(name)
        if parts:
            told = "; ".join(f"{' and '.join(axes)} {part}" for part, axes in parts.items())
            message = f"{node.name}: the stride does not divide evenly: {told}"
            help = "change the padding, the kernel or the input so that the division comes out even"
            yield Hit(node, message, help, WARNING if lost else NOTE)


def skipped_pixels(summary: Summary) -> Iterator[Hit]:
    """The stride is wider than the kernel, so that pixels between two windows are never read."""
    for node, measure, windows in _sliding(summary):
        x, y = measure.xs[0], measure.shape
        if not any(w.stride > w.effective_kernel and m > 1 for w, m in zip(windows, y[1:], strict=True)):
            continue
        if max(x[1:]) > COUNTED_UP_TO:
            continue
        read = [
            len({p for i in range(m) for p in _taps(i, w) if 0 <= p < n})
            for n, m, w in zip(x[1:], y[1:], windows, strict=True)
        ]
        never = prod(x[1:]) - prod(read)
        stride = max(w.stride for w in windows)
        message = (
            f"{node.name}: stride {stride} is larger than the kernel {windows[0].effective_kernel}: "
            f"{never:,} of {prod(x[1:]):,} pixels are never read"
        )
        yield Hit(node, message, f"use a kernel of at least {stride}, or pool before")


def _taps(i: int, w: Window) -> range:
    first = i * w.stride - w.padding[0]
    return range(first, first + w.effective_kernel, w.dilation)


def even_same(summary: Summary) -> Iterator[Hit]:
    """An even kernel has no middle: `same` pads one side more, and the map moves by half a pixel."""
    for node, measure, windows in _sliding(summary):
        even = [w for w in windows if w.effective_kernel % 2 == 0]
        if measure.layer.values.get("padding") == "same" and even and any(w.stride == 1 for w in even):
            w = even[0]
            message = (
                f"{node.name}: an even kernel ({w.kernel}) with padding same pads {w.padding[0]} before and "
                f"{w.padding[1]} after: the map moves by half a pixel"
            )
            yield Hit(node, message, f"use an odd kernel: {w.kernel - 1} or {w.kernel + 1}")


def wide_padding(summary: Summary) -> Iterator[Hit]:
    """Padding as wide as the kernel: windows at the edge see nothing but zeros."""
    for node, _, windows in _sliding(summary):
        for w in windows:
            if max(w.padding) >= w.effective_kernel:
                message = (
                    f"{node.name}: padding {max(w.padding)} is not narrower than the kernel {w.effective_kernel}: "
                    "windows at the edge see only padding"
                )
                yield Hit(node, message, f"use a padding of at most {w.effective_kernel - 1}")
                break


def checkerboard(summary: Summary) -> Iterator[Hit]:
    """A transposed convolution whose kernel is no multiple of its stride overlaps unevenly."""
    for row in summary.rows:
        layer = row.node.layer
        if layer is None or layer.kind != "conv_transpose":
            continue
        for f, s in zip(layer.values["kernel"], layer.values["stride"], strict=True):
            if s > 1 and f % s:
                message = (
                    f"{row.node.name}: kernel {f} is no multiple of stride {s}: outputs overlap "
                    f"{f // s} or {f // s + 1} times, a checkerboard pattern"
                )
                help = f"use kernel {max(s, f - f % s)} or {f + s - f % s}, or upsample and convolve"
                yield Hit(row.node, message, help)
                break


def gridding(summary: Summary) -> Iterator[Hit]:
    """Equal dilations one after the other read a grid with holes in it."""
    graph = summary.network.graph
    for node, measure, windows in _sliding(summary):
        if measure.layer.group != "convolution":
            continue
        dilation = max(w.dilation for w in windows)
        if dilation > 1 and max(w.kernel for w in windows) > 1:
            before = _window_before(graph, node)
            if before is not None and max(w.dilation for w in before) == dilation:
                message = (
                    f"{node.name}: dilation {dilation} after dilation {dilation}: "
                    f"together they read only every {dilation}th pixel"
                )
                yield Hit(node, message, f"mix dilations without a common factor, e.g. 1, 2, {dilation + 3}")


def _window_before(graph: Graph, node: Node) -> tuple[Window, ...] | None:
    """The windows of the layer before that looks at more than one pixel, along the main path."""
    here = graph.nodes[node.inputs[0]]
    while here.measure is not None:
        windows = here.measure.layer.windows(here.measure.xs[0])
        if windows and max(w.kernel for w in windows) > 1:
            return windows if here.measure.layer.group == "convolution" else None
        here = graph.nodes[here.inputs[0]]
    return None


RULES = (
    LintRule("L102", WARNING, "the stride leaves rows unread", "CS231n, Convolutional Networks", unread_rows),
    LintRule("L103", WARNING, "the stride skips pixels", "CS231n, Convolutional Networks", skipped_pixels),
    LintRule("L104", WARNING, "an even kernel with padding same", "Wu et al. (2019), 1903.08385", even_same),
    LintRule("L106", WARNING, "an uneven overlap", "Odena, Dumoulin & Olah, Distill (2016)", checkerboard),
    LintRule("L107", WARNING, "equal dilations leave a grid", "Wang et al. (2018), 1702.08502, §3.2", gridding),
    LintRule("L115", WARNING, "padding as wide as the kernel", "Dumoulin & Visin (2016), §2", wide_padding),
)
"""The rules of this file."""
