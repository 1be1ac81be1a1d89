"""`cnncalc roofline`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.reporting import ReportFormat, write_report


def _complete_device(incomplete: str) -> list[str]:
    from cnncalc.spec.devices import shipped_devices

    return [name for name in shipped_devices() if name.startswith(incomplete)]


DEVICE = typer.Option(
    "--device",
    "-D",
    help="A shipped device (v100, a100, h100, t4, laptop, …) or a device file.",
    autocompletion=_complete_device,
)
DTYPE = typer.Option("--dtype", help="float64, float32, float16, bfloat16 or int8.")


@common.command
def roofline(
    spec: Annotated[str, common.SPEC],
    device: Annotated[str, DEVICE],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", help="Samples per run.", min=1)] = 1,
    dtype: Annotated[str, DTYPE] = "float32",
    format: Annotated[ReportFormat, common.FORMAT] = ReportFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> None:
    """What bounds each layer on a device, compute or bandwidth, and the least time it takes.

    Example: cnncalc roofline resnet50 --device v100 --batch 32 --dtype float16
    """
    from cnncalc.render.roofline import roofline_records, roofline_sheet

    network = common.open_network(spec, set, preset, input, max_layers)
    try:
        report = network.roofline(device, batch, dtype)
    except ValueError as error:
        raise common.UsageError(str(error)) from None
    write_report(
        format, output, force, lambda width: roofline_sheet(report), report.to_dict, lambda: roofline_records(report)
    )
