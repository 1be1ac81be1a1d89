"""Receptive fields as text: the table that grows forward, and one unit's field taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.columns import kernel_text
from cnncalc.render.field_picture import pictures
from cnncalc.render.sheets import Figures, Heading, Note, Part, Picture, Sheet, Table, Warn

if TYPE_CHECKING:
    from cnncalc.analysis.field_need import Change, Need
    from cnncalc.analysis.field_path import Step, Way
    from cnncalc.analysis.field_report import AxisWindow, FieldGrowth, GrowthRow, LayerField

LETTERS = "f kernel, s stride, d dilation; k_out cells of a layer's output come from k cells of its input"
FRACTIONS = (
    "Fractions are exact: such a unit lies between inputs. The field is then a span that contains the inputs of every "
    "unit; the inputs named above are those of this one."
)
GROWTH_NOTES = (
    "Field: input pixels one unit can see, per axis; all: the whole input; N+: N along the spatial paths, all "
    "through a gate.",
    "Jump: input pixels between neighbouring units. Start: first pixel of unit 0, negative in the padding.",
    "Image: share of the image the middle unit's field covers. Corner, middle: part of the field of the first "
    "and of the middle unit that is padding.",
)


def number(value: Any) -> str:
    """An exact number: `3`, `3/2`."""
    return str(value)


def share(value: Any) -> str:
    """A share from 0 to 1 as a percentage."""
    return figures.percent(value.numerator, value.denominator) or "0 %"


def span(first: Any, last: Any) -> str:
    """`-3…3`."""
    return f"{number(first)}…{number(last)}"


def growth_sheet(report: FieldGrowth, depth: int) -> Sheet:
    """A line per layer or folded block."""
    graph = report.network.graph
    inputs = ", ".join(figures.shape(graph.nodes[index].shape, _layout(report)) for index in graph.inputs.values())
    headers = (
        ("Layer", False),
        ("Output", False),
        ("Kernel", False),
        ("Field", True),
        ("Jump", True),
        ("Start", True),
        ("Image", True),
        ("Corner", True),
        ("Middle", True),
    )
    rows = [_growth_row(report, row) for row in report.rows(depth)]
    notes: list[Part] = [Note(note) for note in GROWTH_NOTES]
    return [Heading(report.network.name, f"input {inputs}"), Table(headers, rows), *notes, *_warnings(report)]


def _layout(report: FieldGrowth | LayerField) -> str:
    return report.network.document.layout


def _warnings(report: FieldGrowth | LayerField) -> list[Part]:
    return [Warn(f"{one.severity}[{one.code}]: {one.message}") for one in report.diagnostics]


def _growth_row(report: FieldGrowth, row: GrowthRow) -> tuple[str, ...]:
    line, field = row.line, row.line.field
    known = field.local if field.size is None and field.local is not None else field
    mark = "+" if known is not field else ""
    label = "  " * line.level + line.label + (f" x{line.repeats}" if line.repeats > 1 else "")
    return (
        label,
        figures.shape(line.shape, _layout(report)),
        kernel_text(line.windows, line.groups),
        figures.field(known.size) + mark,
        figures.field(known.jump) if known.jump else "",
        figures.field(known.start) if known.start else "",
        *(map(share, row.coverage) if row.coverage else ("", "", "")),
    )


def layer_sheet(report: LayerField, width: int) -> Sheet:
    """One unit's field: its size and window, the way back to the input, a picture, what would enlarge it."""
    node = report.node
    unit = ",".join(map(str, report.unit))
    middle = "" if report.chosen else " (the middle one)"
    place = f"unit {unit}{middle} of {figures.sides(node.shape[1:] or node.shape)}, counted from 0"
    sheet: Sheet = [Heading(f"{report.network.name}: {node.name}", place), Figures(_figures(report))]
    sheet += _warnings(report)
    for title, ways in _alike(report.axes):
        for way in ways:
            sheet += _way(report, title, way)
    if any(axis.ways for axis in report.axes):
        sheet += [Note(text) for text in _legend(report)]
    picture = pictures(report, width, True)
    if picture:
        sheet.append(Picture(picture, pictures(report, width, False)))
    if report.need is not None:
        sheet += _need(report.need)
    return sheet


def _figures(report: LayerField) -> list[tuple[str, str, str]]:
    field = report.field
    known = field.local if field.unbounded and field.local else field
    lines = []
    if field.unbounded:
        cause = report.sees_all.name if report.sees_all else "a layer before"
        along = "; below, the field along the spatial paths" if field.local else ""
        lines.append(("Field", "unbounded", f"{cause} sees its whole input{along}"))
    if known.size == ():
        lines.append(("Field", "none", "the inputs are vectors, not images"))
    elif known.size is not None:
        jump = f"jump {figures.field(known.jump)}, unit 0 starts at {figures.field(known.start)}" if known.jump else ""
        lines.append(("Field", figures.field(known.size), jump or "units no longer follow the image"))
    for axis in report.axes:
        if axis.outside is not None:
            before, after = axis.outside
            inside = f"of {axis.side}, all of it image"
            outside = f"of {axis.side}: {number(before)} before and {number(after)} after are padding"
            lines.append((axis.name.capitalize(), span(axis.first, axis.last), outside if before or after else inside))
    lines += _inputs(report)
    return lines


def _inputs(report: LayerField) -> list[tuple[str, str, str]]:
    """The exact inputs, from the graph itself."""
    lines = []
    cells = report.nearby if report.nearby is not None else report.cells
    for one in cells:
        label = "Inputs" if len(cells) == 1 else f"Inputs of {one.name}"
        if one.hull is None:
            others = any(other.hull is not None for other in cells)
            lines.append((label, "none", "it does not reach this unit" if others else "only padding reaches this unit"))
            continue
        if not one.hull:
            units = f"{sum(box[0].bit_count() for box in one.boxes)} of {one.shape[0]}"
            lines.append((label, units, "numbers of the vector can change this unit"))
            continue
        text = " x ".join(span(*ends) for ends in one.hull)
        area = 1
        for first, last in one.hull:
            area *= last + 1 - first
        positions = one.positions
        holes = "" if positions == area else f", with holes: {area:,} positions lie between them"
        many = f"{positions:,} positions" if positions > 1 else "1 position"
        lines.append((label, text, f"{many} can change this unit{holes}"))
    return lines


def _alike(axes: tuple[AxisWindow, ...]) -> list[tuple[str, tuple[Way, ...]]]:
    """Axes with the same arithmetic are told once."""
    groups: list[tuple[list[str], tuple[Way, ...], Any]] = []
    for axis in axes:
        if not any(way.steps for way in axis.ways):
            continue
        key = [[(s.node.index, str(s.k), s.first, s.last) for s in way.steps] for way in axis.ways]
        same = next((group for group in groups if group[2] == key), None)
        if same:
            same[0].append(axis.name)
        else:
            groups.append(([axis.name], axis.ways, key))
    return [(" and ".join(names) + (" alike" if len(names) > 1 else ""), ways) for names, ways, _ in groups]


def _way(report: LayerField, title: str, way: Way) -> list[Part]:
    ends = {"both": "", "start": ": the path that determines the start", "end": ": the path that determines the end"}
    heading = Heading(f"Back from one cell, {title}{ends[way.end]}")
    changing = [step for step in way.steps if step.derivation is not None or step.branches]
    if not changing:
        return [heading, Note("every layer sees only the cell at its own place: k stays 1")]
    places = _follows(report)
    rows = [_step(step, places) for step in changing]
    headers: tuple[tuple[str, bool], ...] = (("Layer", False), ("k", True), ("How", False), ("Cells", True))
    if not places:
        headers, rows = headers[:3], [row[:3] for row in rows]
    parts: list[Part] = [heading, Table(headers, rows, tails=True)]
    still = sorted({step.node.kind for step in way.steps if step.derivation is None and not step.branches})
    if still:
        count = sum(1 for step in way.steps if step.derivation is None and not step.branches)
        kinds = ", ".join(still)
        see = f"{count} layers in between see" if count > 1 else "One layer in between sees"
        parts.append(Note(f"{see} only the cell at {'their' if count > 1 else 'its'} own place ({kinds})."))
    return parts


def _follows(report: LayerField) -> bool:
    return all(axis.first is not None for axis in report.axes)


def _step(step: Step, places: bool) -> tuple[str, ...]:
    if step.derivation is not None:
        how = f"{step.derivation.substituted()} = {number(step.k)}"
    else:
        how = f"union of {len(step.branches)} paths: the widest"
    return step.node.name, number(step.k), how, span(step.first, step.last) if places else ""


def _legend(report: LayerField) -> list[str]:
    formulas = {
        step.derivation.formula.text: step.derivation.formula.reason
        for axis in report.axes
        for way in axis.ways
        for step in way.steps
        if step.derivation is not None
    }
    lines = [f"k = {text}: {reason}." for text, reason in formulas.items()]
    if any("*s + d" not in text for text in formulas):
        lines.append(FRACTIONS)
    ends = "Cells: which cells of the layer's input, counted from 0; negative ones are padding."
    return [*lines, f"{LETTERS}. {ends if _follows(report) else ''}".rstrip()] if lines else []


def _need(need: Need) -> list[Part]:
    wanted = figures.field(need.wanted)
    if need.size is None:
        return [Heading(f"For a field of {wanted}", "nothing is needed: this layer sees the whole input")]
    if need.reached:
        return [Heading(f"For a field of {wanted}", f"nothing is needed: it is {figures.field(need.size)}")]
    title = Heading(f"For a field of {wanted}", f"instead of {figures.field(need.size)}: single changes, each computed")
    headers = (
        ("At", False),
        ("Change", False),
        ("Field", True),
        ("Output then", True),
        ("MACs", True),
        ("Params", True),
    )
    refused = f"{need.refused} other changes would be enough but do not fit the layers around them."
    tail: list[Part] = [Note(refused)] if need.refused else []
    if not need.changes:
        return [title, Note("no single change of a dilation, a stride or the number of layers is enough"), *tail]
    note = (
        "MACs and params: what the whole network gains. Dilated kernels get the padding that keeps their output size."
    )
    return [title, Table(headers, [_change(change) for change in need.changes]), Note(note), *tail]


def _change(change: Change) -> tuple[str, ...]:
    what = {"repeat": f"repeat x{change.after}"}.get(change.what, f"{change.what} {change.before} -> {change.after}")
    size = tuple(round(float(side), 1) if not isinstance(side, int) else side for side in change.size)
    return change.name, what, figures.field(size), figures.sides(change.shape), gain(change.macs), gain(change.params)


def gain(value: int) -> str:
    """`+1.2 M`, `-3`, or `0`."""
    return f"+{figures.count(value)}" if value > 0 else figures.count(value)
