"""`cnncalc verify`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common, running
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.network import Network


@running.computing
def verify(
    spec: Annotated[str, common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    full: Annotated[bool, typer.Option("--full", help="At the spec's own input, however large.")] = False,
    seed: Annotated[int, running.SEED] = 0,
    engine: Annotated[running.Engine, running.ENGINE] = running.Engine.NUMPY,
    memory_limit: Annotated[str | None, running.MEMORY_LIMIT] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status:
    """Hold every kind of number the analysis gives against what happens when the network runs.

    With --engine onnxruntime every tensor is also held against that runtime's.
    Without --input or --full, a smaller input is taken that keeps every layer.  Exit code 1 if a claim fails.

    Example: cnncalc verify lenet5
    """
    from cnncalc.engine.budget import check_budget, needed_bytes
    from cnncalc.engine.verify import verify as try_claims

    running.executor(engine)  # says what is missing before anything long begins
    network = common.open_network(spec, set, preset, input, max_layers)
    chosen = network if full or input else _smaller(network, set, max_layers)
    check_budget(2 * needed_bytes(chosen.graph, 1, "float64"), memory_limit)
    runtime = engine is running.Engine.ONNXRUNTIME
    with progress() as tell:
        result = try_claims(chosen, reduced=chosen is not network, seed=seed, runtime=runtime, progress=tell)
    from cnncalc.render import runs

    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(runs.verification_object(result), ensure_ascii=False, indent=1), output, force)
    else:
        common.render_console(lambda target: runs.print_verification(result, target), output, force)
    return Status.OK if result.holds else Status.DIFFERENCE


def _smaller(network: Network, set: list[str] | None, max_layers: int | None) -> Network:
    from cnncalc.engine.shrink import shrunk
    from cnncalc.network import Network

    limit = {} if max_layers is None else {"max_nodes": max_layers}
    settings = common.assignments(set or [])
    return shrunk(network, lambda shapes: Network(network.document, settings, network.preset, shapes, **limit))


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None] | None]:
    """A line on standard error, at a terminal, that tells what is being tried."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(file=sys.stderr).status("") as status:
        yield lambda subject: status.update(f"trying {subject}")
