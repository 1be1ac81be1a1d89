"""`cnncalc run`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli import common, running
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.engine.execute import Execution
    from cnncalc.engine.maps import MapPicture
    from cnncalc.engine.reports import RunReport
    from cnncalc.engine.weights import Weights
    from cnncalc.network import Network

SHORT_RUN = 2_000_000_000
"""Multiply–accumulates below which a progress bar would only flicker."""
DATA = "ones, impulse, random:SEED, a picture, or a .npy file; NAME=… where there are several inputs."


@running.computing
def run(
    spec: Annotated[str, common.SPEC],
    data: Annotated[list[str] | None, typer.Option("--input-data", "--data", "-d", help=DATA, metavar="DATA")] = None,
    image: Annotated[list[str] | None, typer.Option("--image", help="The same as --input-data FILE.")] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", help="How many samples.", min=1)] = 1,
    weights: Annotated[list[str] | None, running.WEIGHTS] = None,
    seed: Annotated[int, running.SEED] = 0,
    dtype: Annotated[str, typer.Option("--dtype", help="float32 or float64.")] = "float32",
    engine: Annotated[running.Engine, running.ENGINE] = running.Engine.NUMPY,
    training: Annotated[bool, typer.Option("--training", help="Normalise by the batch, and drop out.")] = False,
    convolution: Annotated[
        bool, typer.Option("--convolution", help="Flip kernels: convolve instead of cross-correlating.")
    ] = False,
    imagenet: Annotated[
        bool, typer.Option("--imagenet", help="Normalise pictures as networks trained on ImageNet expect.")
    ] = False,
    save_maps: Annotated[Path | None, typer.Option("--save-maps", help="Draw feature maps into this picture.")] = None,
    maps: Annotated[list[str] | None, typer.Option("--maps", help="Only of this layer, or block.")] = None,
    columns: Annotated[int, typer.Option("--map-columns", help="Channels drawn per layer.", min=1, max=256)] = 16,
    save_output: Annotated[Path | None, typer.Option("--save-output", help="Write the outputs: .npy or .npz.")] = None,
    save_weights: Annotated[Path | None, typer.Option("--save-weights", help="Write all weights: .npz.")] = None,
    memory_limit: Annotated[str | None, running.MEMORY_LIMIT] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status:
    """Run the network on a picture or on numbers: what every layer gives, and the largest outputs.

    Weights are drawn from a seed unless given.  Exit code 1 if values stop being finite.

    Example: cnncalc run lenet5 --input-data random:1 --save-maps maps.png
    """
    from cnncalc.engine.budget import check_budget, needed_bytes
    from cnncalc.engine.inputs import make_inputs
    from cnncalc.engine.maps import MapPicture
    from cnncalc.engine.pictures import check_picture_name
    from cnncalc.engine.running import run_network
    from cnncalc.engine.weights import Weights
    from cnncalc.output import check_writable

    if dtype not in ("float32", "float64"):
        raise common.UsageError(f"--dtype must be float32 or float64, not {dtype}")
    execute = running.executor(engine)
    network = common.open_network(spec, set, preset, input, max_layers)
    for path in (save_maps, save_output, save_weights, output):
        check_writable(path, force)
    if save_maps:
        check_picture_name(save_maps)
    check_budget(needed_bytes(network.graph, batch, dtype), memory_limit)
    given = running.named([*(data or []), *(image or [])], "--input-data")
    arrays = make_inputs(network.graph, given, batch=batch, dtype=dtype, imagenet=imagenet)
    store = Weights(network.graph, seed=seed, dtype=dtype, given=running.read_weights(weights or []))
    picture = MapPicture(columns, tuple(maps or ())) if save_maps else None
    with progress(network, batch) as advance:
        report, execution = run_network(
            network,
            arrays,
            store,
            training=training,
            convolution=convolution,
            progress=advance,
            look=picture.look if picture else None,
            executor=execute,
        )
    _save(execution, store, picture, save_maps, save_output, save_weights, force)
    _write(report, format, output, force)
    if report.trouble:
        typer.echo(f"cnncalc: warning: {report.trouble}", err=True)
        return Status.DIFFERENCE
    return Status.OK


def _save(
    execution: Execution,
    weights: Weights,
    picture: MapPicture | None,
    save_maps: Path | None,
    save_output: Path | None,
    save_weights: Path | None,
    force: bool,
) -> None:
    from cnncalc.engine.files import write_arrays

    if picture is not None and save_maps is not None:
        picture.save(save_maps, force)
    if save_output is not None:
        write_arrays(save_output, execution.outputs, force)
    if save_weights is not None:
        write_arrays(save_weights, weights.named(), force)


def _write(report: RunReport, format: TextFormat, output: Path | None, force: bool) -> None:
    from cnncalc.render import runs

    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(runs.run_object(report), ensure_ascii=False, indent=1), output, force)
    else:
        common.render_console(lambda target: runs.print_run(report, target), output, force)


@contextlib.contextmanager
def progress(network: Network, batch: int) -> Iterator[Callable[[Any], None] | None]:
    """A bar on standard error for long runs at a terminal, advancing by the layers' work; else None."""
    total = sum(node.macs for node in network.graph.layers()) * batch
    if not sys.stderr.isatty() or total < SHORT_RUN:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    display = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*display, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(network.name, total=total)
        yield lambda node: bar.update(task, advance=node.macs * batch, description=node.name[:40])
