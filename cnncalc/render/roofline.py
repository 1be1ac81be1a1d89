"""A roofline as a table and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.analysis.roofline import ASSUMPTIONS
from cnncalc.render import figures
from cnncalc.render.sheets import Figures, Heading, Note, Sheet, Table

if TYPE_CHECKING:
    from cnncalc.analysis.roofline import Roofline, RooflineRow

SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
DEFINITIONS = (
    "Moved: bytes of inputs read, weights read and outputs written. Ops/byte: operations (2 per MAC) per byte moved.",
    "Limit: compute where a layer does more operations per byte than the ridge, bandwidth where fewer.",
    "At least: the larger of operations / peak and bytes / bandwidth; a lower bound, not an estimate.",
)


def seconds(value: float) -> str:
    """`1.23 ms`: three significant digits."""
    for unit, suffix in SECONDS:
        if value >= unit:
            scaled = value / unit
            return f"{scaled:.{max(0, 2 - len(str(int(scaled))) + 1)}f} {suffix}"
    return f"{value / 1e-9:.2g} ns" if value else ""


def rate(value: float, unit: str) -> str:
    """`15.70 Tops/s`."""
    return f"{figures.si(round(value))}{unit}"


def roofline_sheet(roofline: Roofline) -> Sheet:
    """A line per layer that takes time, the bounds of the network, and what they rest on."""
    device, network = roofline.device, roofline.network
    batch = f", batch {roofline.batch}" if roofline.batch > 1 else ""
    title = Heading(network.name, f"on {device.name}, {roofline.dtype}{batch}")
    headers = (
        ("Layer", False),
        ("Ops", True),
        ("Moved", True),
        ("Ops/byte", True),
        ("Limit", False),
        ("At least", True),
        ("Share", True),
    )
    rows = [_row(roofline, row) for row in roofline.rows if row.bound]
    notes = [*DEFINITIONS, *(f"Assumed: {text}." for text in ASSUMPTIONS)]
    if roofline.device.source:
        notes.append(f"Figures of the device: {device.source}.")
    return [title, Table(headers, rows), Figures(_totals(roofline)), *(Note(text) for text in notes)]


def _row(roofline: Roofline, row: RooflineRow) -> tuple[str, ...]:
    return (
        row.node.name,
        figures.count(row.flops) if row.flops else "",
        figures.size(row.bytes),
        f"{row.intensity:.1f}" if row.flops else "",
        row.bound,
        seconds(row.seconds),
        f"{100 * row.seconds / roofline.seconds:.1f} %",
    )


def _totals(roofline: Roofline) -> list[tuple[str, str, str]]:
    device = roofline.device
    lines = [
        ("Peak", rate(roofline.peak, "op/s"), f"{roofline.dtype}, a multiply-add is two"),
        ("Bandwidth", rate(device.bandwidth, "B/s"), ""),
        ("Ridge", f"{roofline.ridge:.1f} ops/byte", "where compute and bandwidth limit alike"),
        ("Work", f"{roofline.flops:,}", f"operations; {figures.size(roofline.bytes)} moved"),
    ]
    for bound, layers in roofline.bound_layers.items():
        part = 100 * roofline.bound_seconds[bound] / roofline.seconds if roofline.seconds else 0
        lines.append((f"By {bound}", f"{layers} layers", f"{part:.1f} % of the time"))
    per = f"at most {roofline.fastest:,.0f} samples per second" if roofline.seconds else ""
    lines.append(("At least", seconds(roofline.seconds), f"if every layer runs by itself; {per}"))
    lines.append(("In any case", seconds(roofline.least), "however layers are fused"))
    return lines


COLUMNS = ("layer", "type", "input_bytes", "weight_bytes", "output_bytes", "flops", "intensity", "limit", "seconds")


def roofline_records(roofline: Roofline) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Headers and exact figures for CSV: one record per layer."""
    rows: list[tuple[object, ...]] = [
        (
            row.node.name,
            row.node.kind,
            row.input_bytes,
            row.weight_bytes,
            row.output_bytes,
            row.flops,
            row.intensity,
            row.bound,
            row.seconds,
        )
        for row in roofline.rows
    ]
    return COLUMNS, rows


def roofline_object(roofline: Roofline) -> dict[str, Any]:
    """All of it, schema `cnncalc.roofline/1`; times are lower bounds in seconds."""
    headers, rows = roofline_records(roofline)
    device = roofline.device
    return {
        "schema": "cnncalc.roofline/1",
        "name": roofline.network.name,
        "spec": roofline.network.document.source.name,
        "batch": roofline.batch,
        "dtype": roofline.dtype,
        "device": {"name": device.name, "source": device.source, "peak": roofline.peak, "bandwidth": device.bandwidth},
        "ridge": roofline.ridge,
        "layers": [dict(zip(headers, row, strict=True)) for row in rows],
        "totals": {
            "flops": roofline.flops,
            "bytes": roofline.bytes,
            "seconds_layer_by_layer": roofline.seconds,
            "seconds_in_any_case": roofline.least,
            "layers_limited_by": roofline.bound_layers,
            "seconds_limited_by": roofline.bound_seconds,
        },
        "assumptions": list(ASSUMPTIONS),
    }
