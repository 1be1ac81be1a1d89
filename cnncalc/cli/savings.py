"""`cnncalc savings`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat

LAYER = typer.Option("--layer", "-l", help="Only this convolution; several times.")
NARROW = typer.Option("--to", help="Channels of the 1x1 bottleneck; a quarter of the input's by default.", min=1)


@common.command
def savings(
    spec: Annotated[str, common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    layer: Annotated[list[str] | None, LAYER] = None,
    to: Annotated[int | None, NARROW] = None,
    groups: Annotated[int, typer.Option("--groups", help="How many groups to try.", min=2)] = 4,
    exact: Annotated[bool, typer.Option("--exact", help="Every digit, no K, M or G.")] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """What a bottleneck, separable, grouped or factorised layer would save at each convolution.

    Also the fully and locally connected layers a convolution stands for, and what the bottlenecks
    already in the network save against the plain layer.

    Example: cnncalc savings alexnet --layer conv1
    """
    from cnncalc.analysis.savings import bottlenecks
    from cnncalc.analysis.savings import savings as find
    from cnncalc.render import savings as render

    network = common.open_network(spec, set, preset, input)
    summary = network.summary()
    found, there = find(summary, to, groups), bottlenecks(summary)
    if layer:
        unknown = [name for name in layer if not any(name in one.layers for one in found)]
        if unknown:
            known = ", ".join(one.layers[0] for one in found[:8])
            raise common.UsageError(f"no convolution is called '{unknown[0]}': there are {known}")
        found = [one for one in found if any(name in one.layers for name in layer)]
        there = [one for one in there if any(name in layers.split(" + ") for name in layer for layers in one.layers)]
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(render.savings_object(network.name, found, there), ensure_ascii=False), None)
        return
    layout = network.document.layout
    common.render_console(
        lambda target: render.print_savings(network.name, found, there, layout, target, exact=exact), None
    )
