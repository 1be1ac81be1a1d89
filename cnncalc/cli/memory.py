"""`cnncalc memory`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli import common
from cnncalc.cli.reporting import ReportFormat, write_report
from cnncalc.cli.sizes import parse_size
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.network import Network
    from cnncalc.reports import TrainingMemory


@common.command
def memory(
    spec: Annotated[str, common.SPEC],
    batch: Annotated[int, typer.Option("--batch", "-b", help="Samples per step.")] = 1,
    dtype: Annotated[str, typer.Option("--dtype", help="float64, float32, float16 or bfloat16.")] = "float32",
    optimizer: Annotated[str, typer.Option("--optimizer", help="sgd, momentum, adam, adamw, …")] = "adam",
    fit: Annotated[
        str | None, typer.Option("--fit", help="The largest batch that fits: 16GiB, 16GB, 800MiB.", metavar="SIZE")
    ] = None,
    checkpoint: Annotated[
        bool, typer.Option("--checkpoint", help="Keep only the edges of blocks; compute the rest again.")
    ] = False,
    checkpoint_block: Annotated[
        str | None, typer.Option("--checkpoint-block", help="Which block, e.g. bottleneck.", metavar="NAME")
    ] = None,
    workspace: Annotated[
        bool, typer.Option("--workspace/--no-workspace", help="Count an im2col matrix as scratch memory.")
    ] = True,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", help="Levels of blocks to show; 1 folds them all.", min=1)] = 1,
    explain: Annotated[bool, typer.Option("--explain", help="The rule of every kind of layer.")] = False,
    format: Annotated[ReportFormat, common.FORMAT] = ReportFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status | None:
    """Memory for training and inference, taken apart, and the largest batch that fits.

    Example: cnncalc memory resnet50 --batch 64 --dtype float16 --fit 16GiB
    """
    limit = parse_size(fit, "--fit") if fit is not None else None
    network = common.open_network(spec, set, preset, input, max_layers)
    report = _memory(network, batch, dtype, optimizer, checkpoint_block or checkpoint, workspace)
    room = report.fit(limit) if limit is not None else None
    from cnncalc.render.memory import memory_sheet
    from cnncalc.render.memory_objects import memory_object, memory_records

    write_report(
        format,
        output,
        force,
        lambda width: memory_sheet(report, depth, width, room, explain),
        lambda: memory_object(report, room),
        lambda: memory_records(report),
    )
    return Status.DIFFERENCE if room is not None and not room.batch else None


def _memory(network: Network, *options: Any) -> TrainingMemory:
    from cnncalc.reports import TrainingMemory

    try:
        return TrainingMemory(network, *options)
    except ValueError as error:
        raise common.UsageError(str(error)) from None
