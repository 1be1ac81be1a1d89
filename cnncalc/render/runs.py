"""Runs: what every layer gave, as a table and as an object."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.engine.filters import Lesson
    from cnncalc.engine.reports import RunReport, Statistics, Verification

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


def print_verification(result: Verification, target: Console) -> None:
    """A line per kind of claim: what is stated, what was found, and whether that agrees."""
    from rich.text import Text

    from cnncalc.render.console import is_plain, table_for

    right, wrong, open = ("ok", "FAIL", "-") if is_plain(target) else ("✓", "✗", "-")
    shapes = ", ".join(
        ("" if len(result.inputs) == 1 else f"{name} ") + figures.shape(shape, result.layout)
        for name, shape in result.inputs.items()
    )
    target.print(Text.assemble((result.name, "bold"), f"  tried at {shapes}, float64"))
    table = table_for(target, [("", False), ("Claim", False), ("Stated", False)])
    table.add_column("Found", overflow="fold")
    for claim in result.claims:
        mark = Text(open, style="dim") if claim.holds is None else Text(right, style="green")
        if claim.holds is False:
            mark = Text(wrong, style="bold red")
        table.add_row(mark, claim.subject, claim.stated, claim.found)
    target.print(table)
    target.print()
    if result.reduced:
        target.print("The input is smaller than the spec's, to be quick; --full takes the spec's own.", style="dim")
    failed = sum(claim.holds is False for claim in result.claims)
    held = sum(claim.holds is True for claim in result.claims)
    target.print(f"{held} claims hold{f', {failed} fail' if failed else ''}.")


def verification_object(result: Verification) -> dict[str, Any]:
    """All claims, schema `cnncalc.verify/1`; `holds` is null for what could not be tried."""
    return {
        "schema": "cnncalc.verify/1",
        "name": result.name,
        "inputs": {name: list(shape) for name, shape in result.inputs.items()},
        "reduced": result.reduced,
        "holds": result.holds,
        "claims": [asdict(claim) for claim in result.claims],
        "seconds": result.seconds,
    }


Rows = tuple[tuple[float, ...], ...]


def _kernel_lines(rows: Rows) -> list[str]:
    texts = [[f"{value:.4g}" if abs(value) > 1e-9 else "0" for value in row] for row in rows]
    width = max(len(text) for row in texts for text in row)
    return ["  ".join(f"{text:>{width}}" for text in row) for row in texts]


def print_filter(name: str, kernel: Rows, shape: tuple[int, ...], values: Statistics, target: Console) -> None:
    """The kernel, and the values it gave."""
    target.print(f"{name}, cross-correlated as")
    for line in _kernel_lines(kernel):
        target.print(f"  {line}")
    told = f"from {number(values.minimum)} to {number(values.maximum)}, mean {number(values.mean)}"
    target.print(f"gives {figures.sides(shape)} {told} (input from 0 to 1)")


def filter_object(name: str, kernel: Rows, shape: tuple[int, ...], values: Statistics) -> dict[str, Any]:
    """A filtered picture, schema `cnncalc.filter/1`."""
    return {
        "schema": "cnncalc.filter/1",
        "kernel": name,
        "numbers": [list(row) for row in kernel],
        "output_shape": list(shape),
        "statistics": _statistics_object(values),
    }


CURVE = 10


def print_lesson(lesson: Lesson, target: Console) -> None:
    """The loss by step, and the learned beside the true kernel."""
    from cnncalc.render.console import is_plain

    highest = math.log10(max(lesson.losses[0], 1e-300))
    target.print(f"{lesson.target}: mean squared error by step, as powers of ten")
    shown = sorted({round(i * lesson.steps / CURVE) for i in range(CURVE + 1)})
    for step in shown:
        height = math.log10(max(lesson.losses[step], 1e-300))
        bar = ("#" if is_plain(target) else "█") * max(0, round(40 + 1.5 * (height - highest)))
        target.print(f"  {step:>6}  {lesson.losses[step]:.3e}  {bar}")
    target.print()
    learned, true = _kernel_lines(lesson.learned), _kernel_lines(lesson.true)
    target.print(f"  {'learned':<{len(learned[0])}}      true")
    for left, right in zip(learned, true, strict=True):
        target.print(f"  {left}      {right}")
    target.print(f"largest difference {number(lesson.error)} after {lesson.steps:,} steps")


def lesson_object(lesson: Lesson) -> dict[str, Any]:
    """A learned filter, schema `cnncalc.learn/1`."""
    return {"schema": "cnncalc.learn/1", **plain(asdict(lesson))}
