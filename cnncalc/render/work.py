"""Work as tables and JSON: what was counted, grouped, and what each column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.analysis.calls import WORDS
from cnncalc.analysis.work import GROUPINGS, OPS, explain
from cnncalc.render import figures
from cnncalc.render.sheets import Figures, Heading, Note, Part, Sheet, Table

if TYPE_CHECKING:
    from cnncalc.analysis.counting import Count
    from cnncalc.analysis.work import Effort, Work

WIDE_FROM = 130
SHORT = {
    "bias": "Bias",
    "normalisation": "Norm",
    "activation": "Activ.",
    "pooling": "Pooling",
    "element-wise": "Element",
    "upsampling": "Upsamp.",
}
DEFINITIONS = (
    "MACs: multiply-adds, every weight once at every position, biases excluded. FLOPs are 2 per MAC.",
    "Other ops: one for each addition, subtraction, product, division, comparison, or call of exp, log, tanh, "
    "erf or a root, at inference.",
    "Backward: MACs of both gradients. Each takes as many as the forward pass: one for the weights, one for the input.",
    "No gradient is taken for an input that nothing learned had a part in: that of the first layers.",
)


def work_sheet(work: Work, width: int, exact: bool = False, explained: bool = False) -> Sheet:
    """The table of groups, the totals, and what they mean; with `explained` every layer's arithmetic."""
    batch = f", batch {work.batch}" if work.batch > 1 else ""
    title = Heading(work.network.name, f"input {_inputs(work)}{batch}, by {work.by}: {GROUPINGS[work.by]}")
    sheet: Sheet = [title, _table(work, width, exact), Figures(_totals(work))]
    sheet += [Note(text) for text in DEFINITIONS]
    if work.count is not None:
        sheet += _tool(work.count)
    if work.counts:
        sheet += _tools(work.counts)
    if explained:
        sheet += _explained(work)
    return sheet


def _inputs(work: Work) -> str:
    graph = work.network.graph
    layout = work.network.document.layout
    return ", ".join(figures.shape(graph.nodes[index].shape, layout) for index in graph.inputs.values())


def _table(work: Work, width: int, exact: bool) -> Table:
    kinds = [kind for kind in OPS if kind in work.total.ops] if width >= WIDE_FROM else []
    headers: list[tuple[str, bool]] = [(work.by.capitalize(), False), ("Layers", True), ("MACs", True), ("Share", True)]
    headers += [(SHORT[kind], True) for kind in kinds]
    headers += [("Other ops", True), ("Backward", True)]
    if work.count is not None:
        headers.append((work.count.profile.name, True))

    def cells(part: Effort) -> tuple[str, ...]:
        row = [part.name, str(part.layers), _figure(part.macs, exact), figures.percent(part.macs, work.total.macs)]
        row += [_figure(part.ops.get(kind, 0), exact) for kind in kinds]
        row += [_figure(part.other, exact), _figure(part.backward, exact)]
        if part.counted is not None:
            row.append(_figure(part.counted, exact))
        return tuple(row)

    return Table(tuple(headers), [cells(part) for part in [*work.parts, work.total]])


def _figure(value: int, exact: bool) -> str:
    return figures.count(value, exact) if value else ""


def _both(value: int) -> str:
    return f"{value:,}" + (f" ({figures.si(value)})" if value >= figures.EXACT_BELOW else "")


def _totals(work: Work) -> list[tuple[str, str, str]]:
    total = work.total
    per = "for one sample" if work.batch == 1 else f"for a batch of {work.batch}"
    lines = [("MACs", _both(total.macs), per), ("FLOPs", _both(total.flops), "2 per MAC")]
    lines += [(kind.capitalize(), _both(value), OPS[kind]) for kind, value in total.ops.items()]
    lines.append(("All operations", _both(total.flops + total.other), "FLOPs and everything above"))
    gradients = f"{figures.count(total.weight_gradient)} for weights, {figures.count(total.input_gradient)} for inputs"
    lines.append(("Backward", _both(total.backward), f"MACs: {gradients}"))
    if total.macs:
        lines.append(
            ("Training", f"{work.factor:.2f} x forward", f"{_both(total.training)} MACs, forward and backward")
        )
    if work.count is not None:
        lines.append((work.count.profile.name, _both(work.count.total), f"{work.count.profile.unit}s, below"))
    return lines


def _tool(count: Count) -> list[Part]:
    profile = count.profile
    sheet: list[Part] = [Heading(f"As {profile.tool} counts", f"{count.total:,} {profile.unit}s")]
    sheet.append(Note(f"It counts {profile.about}."))
    sheet += [Note(f"Known mistake: {mistake}.") for mistake in profile.mistakes]
    rules: dict[str, list[str]] = {}
    for node, step in count.lines:
        kinds = rules.setdefault(step.formula.text, [])
        if node.kind not in kinds:
            kinds.append(node.kind)
    rows = [(", ".join(kinds), text) for text, kinds in rules.items()]
    if rows:
        sheet.append(Table((("Layers", False), ("Formula", False)), rows))
        sheet += [Note(text) for text in _letters(rules)]
    sheet += _called(count)
    return sheet


def _letters(rules: dict[str, list[str]]) -> list[str]:
    import re

    from cnncalc.analysis.counting import LETTERS

    used = {word for text in rules for word in re.findall(r"\w+", text)}
    return ["; ".join(f"{letter} {LETTERS[letter]}" for letter in LETTERS if letter in used) + "."]


def _called(count: Count) -> list[Part]:
    if not count.called:
        return [Note("Assumed: every layer is a module of its own; sums, products and means are operators.")]
    lines = [f"{WORDS[how]}: {_some(names)}" for how, names in count.called.items()]
    return [Note(f"Known of torchvision's code: {'; '.join(lines)}. --modules takes all layers as modules.")]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more


def _tools(counts: list[Count]) -> list[Part]:
    rows = [(count.profile.name, f"{count.total:,}", count.profile.unit + "s", count.profile.about) for count in counts]
    headers = (("Tool", False), ("Reports", True), ("Unit", False), ("What it counts", False))
    note = "Mistakes included: --count NAME tells each tool's formulas and mistakes."
    return [Heading("As other tools count"), Table(headers, rows, cut=3), Note(note)]


def _explained(work: Work) -> list[Part]:
    sheet: list[Part] = [Heading("Arithmetic", "of each layer, for one sample")]
    reasons: dict[str, str] = {}
    rows = []
    for row in work.rows:
        measure = row.node.measure
        assert measure is not None
        for what, formula, reason in explain(measure):
            rows.append((row.node.name, what, formula))
            reasons.setdefault(formula.split(" = ")[1], reason)
    if work.count is not None:
        rows += [(node.name, work.count.profile.name, str(step)) for node, step in work.count.lines]
    sheet.append(Table((("Layer", False), ("What", False), ("Formula, with its numbers", False)), rows, cut=2))
    sheet += [Note(f"{text}: {reason}.") for text, reason in reasons.items()]
    return sheet


COLUMNS = ("name", "layers", "macs", "flops", *OPS, "weight_gradient", "input_gradient", "counted")


def work_records(work: Work) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Headers and exact figures for CSV: one record per group."""
    rows: list[tuple[object, ...]] = []
    for part in work.parts:
        ops = [part.ops.get(kind, 0) for kind in OPS]
        gradients = (part.weight_gradient, part.input_gradient)
        rows.append((part.name, part.layers, part.macs, part.flops, *ops, *gradients, part.counted))
    return COLUMNS, rows


def _effort_object(effort: Effort) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": effort.name,
        "layers": effort.layers,
        "macs": effort.macs,
        "flops": effort.flops,
        "ops": effort.ops,
        "weight_gradient_macs": effort.weight_gradient,
        "input_gradient_macs": effort.input_gradient,
    }
    if effort.counted is not None:
        result["counted"] = effort.counted
    return result


def _count_object(count: Count) -> dict[str, Any]:
    profile = count.profile
    return {
        "name": profile.name,
        "tool": profile.tool,
        "unit": profile.unit,
        "total": count.total,
        "batch": count.batch,
        "about": profile.about,
        "mistakes": list(profile.mistakes),
        "called": count.called,
    }


def work_object(work: Work) -> dict[str, Any]:
    """All of it, schema `cnncalc.work/1`."""
    return {
        "schema": "cnncalc.work/1",
        "name": work.network.name,
        "spec": work.network.document.source.name,
        "batch": work.batch,
        "by": work.by,
        "groups": [_effort_object(part) for part in work.parts],
        "layers": [
            _effort_object(row.effort) | {"type": row.node.kind, "needs_input_gradient": row.needs_gradient}
            for row in work.rows
        ],
        "totals": _effort_object(work.total)
        | {
            "operations": work.total.flops + work.total.other,
            "training_macs": work.total.training,
            "training_factor": work.factor,
        },
        "count": _count_object(work.count) if work.count is not None else None,
        "counts": [_count_object(count) for count in work.counts],
    }
