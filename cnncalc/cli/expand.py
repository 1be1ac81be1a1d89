"""`cnncalc expand`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.errors import SpecError


@common.command
def expand(
    spec: Annotated[str, common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Name every layer by its place: c2_0_bottleneck_relu.")
    ] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> None:
    """The network layer by layer as a spec: no blocks, loops or variables, the same numbers.

    Example: cnncalc expand resnet18 --set classes=10
    """
    from cnncalc.analysis.expect import statement
    from cnncalc.spec import expand as flat

    network = common.open_network(spec, set, preset, input, max_layers)
    text = flat.expand(network.graph, network.name, statement(network.summary()), every_name=names)
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps({"schema": "cnncalc.expand/1", "name": network.name, "text": text}), output, force)
    else:
        common.write(text, output, force)
    _warn_of_limits(text)


def _warn_of_limits(text: str) -> None:
    """Say so if the result is too long to be read back without raising a limit."""
    from cnncalc.spec.yaml_nodes import read_yaml

    try:
        read_yaml(text, "the expansion")
    except SpecError as error:
        common.report(tuple(diagnostic._replace(severity="warning", source=None) for diagnostic in error.diagnostics))
