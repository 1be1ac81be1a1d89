"""Memory for training and inference as text: totals, a table per layer, a timeline, and the rules."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cnncalc.analysis.memory import BYTES
from cnncalc.analysis.memory_report import FULL, HALF, OPTIMIZERS
from cnncalc.render import figures
from cnncalc.render.sheets import Figures, Heading, Note, Part, Picture, Sheet, Table

if TYPE_CHECKING:
    from cnncalc.analysis.memory_report import Fit, TrainingMemory
    from cnncalc.analysis.outline import Line
    from cnncalc.analysis.training import KeptRow, Moment

ASSUMPTIONS = (
    "Peak = what is there all the time + tensors alive at that step + scratch. A tensor lives from the step that "
    "makes it to the last step that reads it, going forward or backward.",
    "An activation overwrites its input where nothing needs that input again; views (flatten) and dropped-out "
    "branches at p = 0 take no memory; `add` hands its gradient on to its first input.",
    "The first layer computes no gradient for the image. Parameter gradients stay allocated between steps.",
    "Not counted: the framework, its kernels and memory pools, and the loss function's own tensors.",
)
WITH_SCRATCH = "Scratch: a convolution lays out the windows of one sample at a time as a matrix (im2col)."
WITHOUT_SCRATCH = "Scratch: none, as if convolutions needed no working memory (--no-workspace)."
HEIGHT = 10
MOST_COLUMNS = 72
STATIC, ALIVE, SCRATCH = ":", "#", "+"
BLOCKS = {STATIC: "░", ALIVE: "█", SCRATCH: "▒"}


def memory_sheet(
    report: TrainingMemory, depth: int, width: int, fit: Fit | None = None, explain: bool = False
) -> Sheet:
    """Everything about one network."""
    title = f"training, batch {report.batch}, {report.dtype}, {report.optimizer}"
    sheet: Sheet = [Heading(report.network.name, title), Figures(_totals(report, fit))]
    if report.choices:
        sheet += _choices(report)
    sheet += [Heading("What each layer keeps for its backward pass"), _table(report, depth)]
    if any(row.counted_at for row in report.kept):
        sheet.append(Note("(at relu1): the same tensor as one kept at relu1, and counted there."))
    sheet += [Heading("Over time"), Picture(timeline(report, width, True), timeline(report, width, False))]
    sheet += [Heading("How this is counted"), *map(Note, ASSUMPTIONS)]
    sheet.append(Note(WITH_SCRATCH if report.workspace else WITHOUT_SCRATCH))
    if explain:
        sheet += _rules(report)
    else:
        sheet.append(Note("--explain gives the rule of every kind of layer."))
    return sheet


def _totals(report: TrainingMemory, fit: Fit | None) -> list[tuple[str, str, str]]:
    static, size = report.static, figures.size
    count, width = report.summary.totals.trainable, BYTES[report.dtype]
    wide = FULL if report.dtype in HALF else width
    lines = [
        ("Parameters", size(static.parameters), f"{count:,} numbers of {width} bytes"),
        ("Gradients", size(static.gradients), f"one for each parameter, {width} bytes"),
        ("Optimizer", size(static.optimizer), _optimizer(report, wide)),
    ]
    if static.master:
        lines.append(("Master copy", size(static.master), "the parameters in float32, which the optimizer changes"))
    if static.buffers:
        buffers = report.summary.totals.buffers
        lines.append(("Buffers", size(static.buffers), f"{buffers:,} running statistics of {wide} bytes"))
    peak, batch = report.peak, report.batch
    parts = f"{size(static.total)} all the time + {size(peak.alive.total(batch))} tensors"
    parts += f" + {size(peak.scratch.total(batch))} scratch" if peak.scratch.fixed else ""
    without = "; with checkpoints not all at once" if report.segments else ""
    lines.append(("Kept", size(report.kept_bytes), f"for the backward pass, shared tensors once{without}"))
    lines.append(("Peak", size(report.peak_bytes), f"in {peak.title}: {parts}"))
    lines += _checkpoints(report)
    inference = report.inference
    there = inference.parameter_bytes + inference.buffer_bytes
    remark = f"parameters and buffers + {size(inference.peak_inference_bytes)} tensors, in {inference.peak_layer}"
    lines.append(("Inference", size(there + inference.peak_inference_bytes), remark))
    if fit is not None:
        lines.append(_fit(report, fit))
    return lines


def _optimizer(report: TrainingMemory, wide: int) -> str:
    states, about = OPTIMIZERS[report.optimizer]
    return f"{report.optimizer}: {about}" + (f"; {states} x {wide} bytes" if states else "")


def _checkpoints(report: TrainingMemory) -> list[tuple[str, str, str]]:
    if report.segments is None:
        return []
    count = len(report.segments.spans)
    saved = f"peak instead of {figures.size(report.plain_peak)}: {count} x {report.segments.label} computed again"
    share = figures.percent(report.extra_macs, report.summary.totals.macs) or "0 %"
    extra = f"multiply-accumulates more, {share} of a forward pass"
    return [
        ("Checkpoints", figures.size(report.peak_bytes), saved),
        ("Extra work", figures.count(report.extra_macs), extra),
    ]


def _fit(report: TrainingMemory, fit: Fit) -> tuple[str, str, str]:
    if not fit.batch:
        missing = figures.size(fit.more - fit.limit)
        return "Fits", "not at all", f"one sample needs {figures.size(fit.more)}, {missing} more than there is"
    used = f"{fit.bytes:,} of {fit.limit:,} bytes; one sample more needs {fit.more:,}"
    return "Fits", f"batch {fit.batch:,}", used


def _choices(report: TrainingMemory) -> list[Part]:
    headers = (("Computed again", False), ("Blocks", True), ("Peak", True), ("Extra MACs", True))
    rows = [
        (one.label, str(len(one.spans)), figures.size(peak), figures.count(one.macs * report.batch))
        for one, peak in report.choices
    ]
    rows.append(("nothing", "", figures.size(report.plain_peak), "0"))
    note = "Only tensors at the edges of a block are kept; the rest is computed again when the backward pass is there."
    return [Heading("Checkpoints at the edges of"), Table(headers, rows), Note(note)]


def _table(report: TrainingMemory, depth: int) -> Table:
    headers = (("Layer", False), ("Output", False), ("Params", True), ("Kept", True), ("Share", True), ("What", False))
    return Table(headers, [_row(report, line) for line in report.lines(depth)], cut=5)


def _row(report: TrainingMemory, line: Line) -> tuple[str, ...]:
    label = "  " * line.level + line.label + (f" x{line.repeats}" if line.repeats > 1 else "")
    shape = figures.shape(line.shape, report.network.document.layout)
    if line.opens:
        return label, shape, "", "", "", ""
    rows = report.kept_of(line)
    kept = sum(row.size.total(report.batch) for row in rows)
    params = line.trainable * BYTES[report.dtype]
    single = len(line.nodes) == line.repeats
    return (
        label,
        shape,
        figures.size(params) if params else "",
        figures.size(kept) if kept else "",
        figures.percent(kept, report.kept_bytes),
        what(rows[: len(rows) // line.repeats]) if single else "",
    )


def what(rows: list[KeptRow]) -> str:
    """`input, statistics`, with where a shared tensor is counted."""
    return ", ".join(row.tensor + (f" (at {row.counted_at})" if row.counted_at else "") for row in rows)


def timeline(report: TrainingMemory, width: int, plain: bool) -> list[str]:
    """Memory over the steps of one iteration as columns, forward then backward."""
    moments, batch = report.moments, report.batch
    columns = max(1, min(MOST_COLUMNS, width - 12, len(moments)))
    # each column stands for a stretch of steps and shows the one with the most memory
    edges = [k * len(moments) // columns for k in range(columns + 1)]
    tops = [max(moments[a:b], key=lambda m: m.size.total(batch)) for a, b in pairwise(edges)]
    most = report.peak_bytes or 1
    lines = []
    for level in range(HEIGHT, 0, -1):
        label = figures.size(most * level // HEIGHT) if level in (HEIGHT, HEIGHT // 2) else ""
        bars = "".join(_mark(report, top, (2 * level - 1) * most, batch) for top in tops)
        lines.append(f"{label:>10} |{bars}")
    if not plain:
        lines = ["".join(BLOCKS.get(c, c) for c in line[12:]).join((line[:11] + "│", "")) for line in lines]
    lines.append(f"{'0':>10} +{'-' * columns}")
    lines.append(" " * 12 + "".join(_phases(tops)))
    place = next(k for k, top in enumerate(tops) if top.size.total(batch) == report.peak.size.total(batch))
    lines.append(" " * (12 + place) + "^")
    lines.append(" " * 12 + f"peak: {report.peak.title}")
    keys = {STATIC: "all the time", ALIVE: "tensors", SCRATCH: "scratch"}
    lines.append(" " * 12 + "   ".join(f"{mark if plain else BLOCKS[mark]} {name}" for mark, name in keys.items()))
    lines.append(" " * 12 + "f forward   b backward" + ("   r forward again" if report.segments else ""))
    steps = f"{len(moments)} steps, {-(-len(moments) // columns)} or fewer per column" if len(moments) > columns else ""
    return [*lines, *([" " * 12 + steps] if steps else [])]


def _mark(report: TrainingMemory, top: Moment, level: int, batch: int) -> str:
    """The sign at a height of `level` / (2 · HEIGHT) of the peak."""
    parts = ((STATIC, report.static.total), (ALIVE, top.alive.total(batch)), (SCRATCH, top.scratch.total(batch)))
    reached = 0
    for mark, amount in parts:
        reached += amount
        if 2 * HEIGHT * reached >= level:
            return mark
    return " "


def _phases(tops: list[Moment]) -> list[str]:
    """One letter per column: f forward, b backward, r computed again."""
    letters = {"forward": "f", "loss": "b", "backward": "b", "recompute": "r"}
    return [letters[top.phase] for top in tops]


def _rules(report: TrainingMemory) -> list[Part]:
    """The rule of every kind of layer there is, from the layers themselves."""
    found: dict[tuple[str, str], str] = {}
    for row in report.kept:
        found.setdefault((row.node.kind, row.tensor), row.reason)
    rows = [(kind, tensor, reason) for (kind, tensor), reason in found.items()]
    nothing = sorted({node.kind for node in report.network.graph.layers()} - {kind for kind, _ in found})
    parts: list[Part] = [Heading("What each kind of layer keeps"), Figures(rows)]
    if nothing:
        parts.append(Note(f"Keep nothing here: {', '.join(nothing)}."))
    sizes = "Maximum indices are 8 bytes each, masks 1 byte, statistics of normalisation always float32."
    return [*parts, Note(sizes)]
