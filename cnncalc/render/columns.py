"""The columns a summary table can have: one list for every format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cnncalc.analysis.outline import Line
from cnncalc.analysis.summary import Summary
from cnncalc.layers.base import Window
from cnncalc.render import figures


class Column(NamedTuple):
    """A column: what it holds as data (`value`), and as text for people (`text`)."""

    key: str
    header: str
    about: str
    number: bool
    value: Callable[[Summary, Line], Any]
    text: Callable[[Summary, Line, bool], str]


def _layer(summary: Summary, line: Line, exact: bool = False) -> str:
    name = "  " * line.level + line.label
    if line.type not in ("loop", "branch", "side") and not line.label.rstrip("0123456789_").endswith(line.type):
        name += f" ({line.type})"
    if line.repeats > 1:
        name += f" x{line.repeats}"
    return name


def kernel_text(windows: tuple[Window, ...], groups: int = 1) -> str:
    """`3x3/2 p1`: kernel, then stride, padding, dilation and groups where they are not the default."""
    if not windows:
        return ""
    text = figures.sides(tuple(w.kernel for w in windows))
    strides = [w.stride for w in windows]
    if set(strides) != {1}:
        text += "/" + (str(strides[0]) if len(set(strides)) == 1 else figures.sides(tuple(strides)))
    pads = [w.padding for w in windows]
    if any(pad != (0, 0) for pad in pads):
        even = all(before == after for before, after in pads)
        befores = tuple(before for before, _ in pads)
        if even:
            text += " p" + (str(befores[0]) if len(set(befores)) == 1 else figures.sides(befores))
        else:
            text += " p" + ",".join(f"{before}+{after}" for before, after in dict.fromkeys(pads))
    dilations = tuple(w.dilation for w in windows)
    if set(dilations) != {1}:
        text += " d" + (str(dilations[0]) if len(set(dilations)) == 1 else figures.sides(dilations))
    return text + (f" g{groups}" if groups > 1 else "")


def _field(line: Line) -> str:
    """The size; where only a gate sees everything, the one along the spatial paths with a mark."""
    if line.field.size is None and line.field.local is not None:
        return figures.field(line.field.local.size) + "+"
    return figures.field(line.field.size)


def _known(values: tuple[Any, ...] | None) -> list[Any] | None:
    return None if values is None else [value if isinstance(value, int) else str(value) for value in values]


def _shared(line: Line, text: str) -> str:
    return "shared" if line.shared_with else text


def _plain_count(key: str, header: str, about: str, read: Callable[[Line], int]) -> Column:
    def text(summary: Summary, line: Line, exact: bool) -> str:
        value = read(line)
        return figures.count(value, exact) if value and not line.opens else ""

    return Column(key, header, about, True, lambda summary, line: read(line), text)


def _params_text(summary: Summary, line: Line, exact: bool) -> str:
    text = figures.count(line.trainable, exact) if line.trainable and not line.opens else ""
    return _shared(line, text)


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("layer", "Layer", "name in its block; xN: N identical ones", False, lambda s, line: line.name, _layer),
        Column(
            "type", "Type", "kind of layer or block", False, lambda s, line: line.type, lambda s, line, e: line.type
        ),
        Column(
            "output",
            "Output",
            "shape of the result, without the batch",
            False,
            lambda s, line: list(line.shape),
            lambda s, line, e: figures.shape(line.shape, s.network.document.layout),
        ),
        Column(
            "kernel",
            "Kernel",
            "side, /stride, p padding, d dilation, g groups",
            False,
            lambda s, line: kernel_text(line.windows, line.groups),
            lambda s, line, e: kernel_text(line.windows, line.groups),
        ),
        Column("params", "Params", "learned numbers", True, lambda s, line: line.trainable, _params_text),
        _plain_count("buffers", "Buffers", "kept, not learned, numbers", lambda line: line.buffers),
        _plain_count("macs", "MACs", "multiply-accumulates, biases excluded", lambda line: line.macs),
        _plain_count("flops", "FLOPs", "2 per MAC", lambda line: 2 * line.macs),
        Column(
            "share",
            "Share",
            "part of all MACs; the bar compares with the largest",
            True,
            lambda s, line: line.macs / s.totals.macs if s.totals.macs else 0.0,
            lambda s, line, e: "" if line.opens else figures.percent(line.macs, s.totals.macs),
        ),
        Column(
            "field",
            "Field",
            "receptive field in input pixels; all: the whole input, N+: N, and all through a gate",
            True,
            lambda s, line: _known(line.field.size),
            lambda s, line, e: _field(line),
        ),
        Column(
            "jump",
            "Jump",
            "input pixels between neighbouring units",
            True,
            lambda s, line: _known(line.field.jump),
            lambda s, line, e: figures.field(line.field.jump) if line.field.jump else "",
        ),
        Column(
            "start",
            "Start",
            "first input pixel unit 0 sees; negative in the padding",
            True,
            lambda s, line: _known(line.field.start),
            lambda s, line, e: figures.field(line.field.start) if line.field.start else "",
        ),
    )
}
DEFAULT = ("layer", "output", "kernel", "params", "macs", "share", "field")
WIDE = ("layer", "type", "output", "kernel", "params", "macs", "share", "field", "jump")
WIDE_FROM = 110


def choose(names: str | None, width: int) -> list[Column]:
    """The columns asked for, or those that suit the width.

    Raises:
        KeyError: for a name that is no column.
    """
    if names:
        return [COLUMNS[name.strip()] for name in names.split(",")]
    return [COLUMNS[name] for name in (WIDE if width >= WIDE_FROM else DEFAULT)]


def total_lines(summary: Summary, exact: bool = False) -> list[tuple[str, str, str]]:
    """What stands below the table: (name, figure, remark)."""
    totals, memory = summary.totals, summary.totals.memory
    per = "for one sample" if summary.batch == 1 else f"for a batch of {summary.batch}"

    def both(value: int) -> str:
        return f"{value:,}" + (f" ({figures.si(value)})" if not exact and value >= figures.EXACT_BELOW else "")

    lines = [
        ("Parameters", both(totals.trainable), f"{figures.size(memory.parameter_bytes)} in {summary.dtype}"),
        ("MACs", both(totals.macs), f"{per}, biases excluded"),
        ("FLOPs", both(totals.flops), "2 per MAC"),
        ("Layers", f"{totals.weight_layers} with weights", f"{totals.layers} rows in all; normalisation not counted"),
        ("Activations", figures.size(memory.activation_bytes), "all layer outputs, each once"),
        (
            "Peak memory",
            figures.size(memory.peak_inference_bytes),
            f"of tensors alive at once at inference, in {memory.peak_layer}",
        ),
    ]
    if totals.buffers:
        lines.insert(1, ("Buffers", both(totals.buffers), "kept, not learned (running statistics)"))
    return lines
