"""Runs: what every layer gave, as a table and as an object."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.engine.reports import RunReport, Statistics

HEADERS = [("Layer", False), ("Type", False), ("Output", False), ("Min", True), ("Max", True), ("Mean", True)]
HEADERS += [("Std", True), ("Zeros", True), ("Time", True)]


def number(value: float) -> str:
    """Four significant digits."""
    return f"{value:.4g}"


def milliseconds(seconds: float) -> str:
    """`12.3 ms`, or seconds from one second on."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def _figures(values: Statistics) -> list[str]:
    cells = [number(v) for v in (values.minimum, values.maximum, values.mean, values.deviation)]
    if values.not_numbers or values.infinite:
        cells[1] += f" ({values.not_numbers:,} NaN, {values.infinite:,} inf)"
    return [*cells, f"{values.zeros:.1%}" if values.zeros else ""]


def print_run(report: RunReport, target: Console) -> None:
    """A line per layer, the largest outputs, and what it took."""
    from rich.text import Text

    from cnncalc.render.console import table_for

    table = table_for(target, HEADERS)
    for name, values in report.inputs.items():
        table.add_row(name, "input", "", *_figures(values), "")
    for layer in report.layers:
        cells = _figures(layer.statistics)
        style = None if layer.statistics.finite else "red"
        shape = figures.shape(layer.shape, report.layout)
        table.add_row(
            layer.name, layer.kind, shape, *cells, milliseconds(layer.seconds) if layer.seconds else "", style=style
        )
    target.print(Text.assemble((report.name, "bold"), f"  {report.dtype}, batch {report.batch}, seed {report.seed}"))
    target.print(table)
    target.print()
    for top in report.top:
        best = ", ".join(f"{unit}: {number(value)}" for unit, value in top.values)
        target.print(Text.assemble((f"{'Top ' + top.name:<16}", "bold"), f" {best}", (f"  of {top.units:,}", "dim")))
    lines = [
        ("Multiplications", f"{report.multiplications:,}", "counted while running"),
        ("Peak memory", figures.size(report.peak_bytes), f"of tensors alive at once, in {report.peak_layer}"),
        ("Time", milliseconds(report.seconds), "including the weights"),
    ]
    if not report.peak_layer:  # engines other than numpy's do not count
        lines = lines[2:]
    for name, figure, remark in lines:
        target.print(Text.assemble((f"{name:<16}", "bold"), f" {figure}", (f"  {remark}", "dim")), soft_wrap=True)


def _statistics_object(values: Statistics) -> dict[str, Any]:
    return asdict(values)


def run_object(report: RunReport) -> dict[str, Any]:
    """A run, schema `cnncalc.run/1`; shapes are channels first, without the batch."""
    return {
        "schema": "cnncalc.run/1",
        "name": report.name,
        "batch": report.batch,
        "dtype": report.dtype,
        "seed": report.seed,
        "inputs": {name: _statistics_object(values) for name, values in report.inputs.items()},
        "layers": [
            {
                "name": layer.name,
                "type": layer.kind,
                "output_shape": list(layer.shape),
                "statistics": _statistics_object(layer.statistics),
                "multiplications": layer.multiplications,
                "seconds": layer.seconds,
            }
            for layer in report.layers
        ],
        "outputs": {name: list(shape) for name, shape in report.outputs.items()},
        "top": [
            {
                "output": top.name,
                "units": top.units,
                "values": [[unit, _json(value)] for unit, value in top.values],
            }
            for top in report.top
        ],
        "seconds": report.seconds,
        "peak_bytes": report.peak_bytes or None,
        "peak_layer": report.peak_layer or None,
        "multiplications": report.multiplications,
        "trouble": plain(report.trouble),
    }


def _json(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if math.isfinite(value) else None
