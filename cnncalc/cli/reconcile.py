"""`cnncalc reconcile`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.reporting import ReportFormat, write_report
from cnncalc.cli.status import Status

FIGURE = typer.Argument(metavar="[FIGURE]", help="A published figure of work, as it is printed: 4.12G, 4089184256.")
PARAMS = typer.Option("--params", help="A published figure of parameters: 25.6M.", metavar="FIGURE")


@common.command
def reconcile(
    spec: Annotated[str, common.SPEC],
    figure: Annotated[str | None, FIGURE] = None,
    params: Annotated[str | None, PARAMS] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    format: Annotated[ReportFormat, common.FORMAT] = ReportFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status:
    """Which convention gives a published figure: MAC or FLOP, bias, batch, prefix, or another tool's way.

    A figure stands for all it may be rounded from: 4.12G is 4.115 to 4.125 G.  The exit code is 1 if
    nothing explains it.

    Example: cnncalc reconcile resnet50 4.12G --params 25.6M
    """
    from cnncalc.render.reconcile import reconcile_records, reconcile_sheet

    if figure is None and params is None:
        raise common.UsageError("give a figure to explain: cnncalc reconcile resnet50 4.12G")
    network = common.open_network(spec, set, preset, input, max_layers)
    report = network.reconcile(figure, params=params)
    write_report(
        format,
        output,
        force,
        lambda width: reconcile_sheet(network, report.results),
        report.to_dict,
        lambda: reconcile_records(report.results),
    )
    return Status.OK if report.explained else Status.DIFFERENCE
