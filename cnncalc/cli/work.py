"""`cnncalc work`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.reporting import ReportFormat, write_report


def _complete_count(incomplete: str) -> list[str]:
    from cnncalc.analysis.profiles import PROFILES

    return [name for name in (*PROFILES, "all") if name.startswith(incomplete)]


BY = typer.Option("--by", help="Group by type, block, depth, size or layer.")
DEPTH = typer.Option("--depth", "-d", help="With --by block: how many pieces of the names tell blocks apart.", min=1)
COUNT = typer.Option(
    "--count",
    "-c",
    help="Also count as another tool does, e.g. fvcore or thop; all: every tool.",
    autocompletion=_complete_count,
)
MODULES = typer.Option("--modules", help="With --count: every layer is a module, whatever torchvision's code does.")


@common.command
def work(
    spec: Annotated[str, common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", help="Samples the figures are for.", min=1)] = 1,
    by: Annotated[str, BY] = "type",
    depth: Annotated[int, DEPTH] = 1,
    count: Annotated[str | None, COUNT] = None,
    modules: Annotated[bool, MODULES] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Every digit, no K, M or G.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also each layer's arithmetic.")] = False,
    format: Annotated[ReportFormat, common.FORMAT] = ReportFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> None:
    """Work: MACs, all other operations by type, the backward pass, and what other tools report.

    Example: cnncalc work resnet50 --by block --count thop
    """
    from cnncalc.render.work import work_records, work_sheet

    network = common.open_network(spec, set, preset, input, max_layers)
    try:
        report = network.work(batch, by, depth=depth, count=count, modules=modules)
    except ValueError as error:
        raise common.UsageError(str(error)) from None
    write_report(
        format,
        output,
        force,
        lambda width: work_sheet(report, width, exact, explain),
        report.to_dict,
        lambda: work_records(report),
    )
