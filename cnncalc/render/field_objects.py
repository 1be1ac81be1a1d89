"""Receptive fields as JSON objects and CSV: the contract that other tools read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.render.json import field_object, plain

if TYPE_CHECKING:
    from cnncalc.analysis.cells import Cells
    from cnncalc.analysis.field_need import Need
    from cnncalc.analysis.field_path import Step
    from cnncalc.analysis.field_report import AxisWindow, Coverage, FieldGrowth, LayerField

SCHEMA = "cnncalc.rf/1"
Records = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Headers and rows of CSV."""


def _head(report: FieldGrowth | LayerField, kind: str) -> dict[str, Any]:
    graph = report.network.graph
    return {
        "schema": SCHEMA,
        "kind": kind,
        "name": report.network.name,
        "spec": report.network.document.source.name,
        "inputs": {name: list(graph.nodes[index].shape) for name, index in graph.inputs.items()},
    }


def growth_object(report: FieldGrowth) -> dict[str, Any]:
    """Every layer's field, `kind` growth."""
    layers = []
    for row, known in zip(report.summary.rows, report.rows(), strict=True):
        layers.append(
            {
                "name": row.node.name,
                "type": row.node.kind,
                "output_shape": list(row.node.shape),
                "receptive_field": field_object(row.field),
                "coverage": _coverage(known.coverage),
            }
        )
    return _head(report, "growth") | {
        "layers": layers,
        "diagnostics": [diagnostic.to_dict() for diagnostic in report.diagnostics],
    }


def _coverage(coverage: Coverage | None) -> dict[str, float] | None:
    if coverage is None:
        return None
    image, corner, centre = map(float, coverage)
    return {"image": image, "corner_padding": corner, "centre_padding": centre}


def layer_object(report: LayerField) -> dict[str, Any]:
    """One unit's field, `kind` layer."""
    result = _head(report, "layer") | {
        "layer": report.node.name,
        "type": report.node.kind,
        "output_shape": list(report.node.shape),
        "unit": list(report.unit),
        "receptive_field": field_object(report.field),
        "sees_all": report.sees_all.name if report.sees_all else None,
        "axes": [_axis(axis) for axis in report.axes],
        "window": [_cells(cells) for cells in report.cells],
    }
    if report.nearby is not None:
        result["local_window"] = [_cells(cells) for cells in report.nearby]
    if report.need is not None:
        result["need"] = _need(report.need)
    return result | {"diagnostics": [diagnostic.to_dict() for diagnostic in report.diagnostics]}


def _axis(axis: AxisWindow) -> dict[str, Any]:
    return {
        "name": axis.name,
        "side": axis.side,
        "first": plain(axis.first),
        "last": plain(axis.last),
        "padding": plain(axis.outside),
        "ways": [
            {"determines": way.end, "input": way.input.name, "steps": [_step(step) for step in way.steps]}
            for way in axis.ways
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    made = step.derivation
    return {
        "layer": step.node.name,
        "type": step.node.kind,
        "from": step.source.name,
        "k": plain(step.k),
        "formula": made.formula.text if made else None,
        "values": {name: plain(value) for name, value in made.values.items()} if made else {},
        "first": plain(step.first),
        "last": plain(step.last),
        "branches": [
            {"name": branch.name, "start": plain(branch.start), "end": plain(branch.end), "jump": plain(branch.jump)}
            for branch in step.branches
        ],
    }


def _cells(cells: Cells) -> dict[str, Any]:
    hull = cells.hull
    return {
        "input": cells.name,
        "first": [first for first, _ in hull] if hull is not None else None,
        "last": [last for _, last in hull] if hull is not None else None,
        "positions": cells.positions,
    }


def _need(need: Need) -> dict[str, Any]:
    changes = []
    for change in need.changes:
        changes.append(
            {
                "what": change.what,
                "layer": change.name,
                "from": change.before,
                "to": change.after,
                "size": plain(change.size),
                "output_shape": list(change.shape),
                "macs": change.macs,
                "params": change.params,
            }
        )
    head = {"wanted": list(need.wanted), "size": plain(need.size), "reached": need.reached}
    return head | {"changes": changes, "refused": need.refused}


def _sizes(values: Any) -> str | None:
    return None if values is None else "x".join(map(str, values))


def growth_records(report: FieldGrowth) -> Records:
    """One record per layer; shares as decimals."""
    headers = ("layer", "type", "output", "size", "jump", "start", "unbounded", "aligned", "local_size", "image")
    rows: list[tuple[object, ...]] = []
    for row, known in zip(report.summary.rows, report.rows(), strict=True):
        field, shares = row.field, known.coverage
        local = _sizes(field.local.size) if field.local else None
        figures = (_sizes(field.size), _sizes(field.jump), _sizes(field.start), field.unbounded, field.aligned, local)
        parts = tuple(map(float, shares)) if shares else (None, None, None)
        rows.append((row.node.name, row.node.kind, _sizes(row.node.shape), *figures, *parts))
    return (*headers, "corner_padding", "centre_padding"), rows


def layer_records(report: LayerField) -> Records:
    """One record per layer of the way back, for each axis."""
    headers = ("axis", "determines", "layer", "type", "k", "first", "last", "computed")
    rows: list[tuple[object, ...]] = []
    for axis in report.axes:
        for way in axis.ways:
            for step in way.steps:
                how = step.derivation.substituted() if step.derivation else None
                rows.append((axis.name, way.end, step.node.name, step.node.kind, step.k, step.first, step.last, how))
    return headers, rows
