"""`cnncalc coverage`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.analysis.coverage import Coverage
    from cnncalc.network import Network

WHAT = typer.Argument(help="The sides of an image, e.g. 6x6, with --kernel; or a spec.", metavar="SIDES|SPEC")
_SIDES = re.compile(r"\d+(x\d+){0,2}\Z")


@common.command
def coverage(
    what: Annotated[str, WHAT],
    layer: Annotated[
        str | None, typer.Argument(help="Up to which layer; where none is given, the first output.")
    ] = None,
    kernel: Annotated[str | None, typer.Option("--kernel", "-k", help="Side of the window: 3, 1x7.")] = None,
    stride: Annotated[str, typer.Option("--stride", "-s", help="Step between windows.")] = "1",
    padding: Annotated[str, typer.Option("--padding", help="Zeros on each side, same, or [[t, b], [l, r]].")] = "0",
    dilation: Annotated[str, typer.Option("--dilation", "-d", help="Spacing between the taps of a window.")] = "1",
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Draw the map into this SVG file.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Draw the map into this PNG file (needs Pillow).")] = None,
    format: Annotated[common.TextFormat, common.TEXT_FORMAT] = common.TextFormat.TEXT,
    force: Annotated[bool, common.FORCE] = False,
) -> Status | None:
    """How often each input pixel is read: by one layer's windows, or on all ways through a network.

    Examples: cnncalc coverage 6x6 --kernel 3; cnncalc coverage lenet5 c3
    """
    if _SIDES.match(what):
        if kernel is None:
            raise common.UsageError("how large is the window? add --kernel, e.g. --kernel 3")
        if layer is not None or set or preset or input:
            raise common.UsageError(f"{what} is an image, which has no layers or variables: give a spec instead")
        network = _window(what, {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation})
    elif kernel is not None:
        raise common.UsageError(f"--kernel is for an image given by its sides, e.g. 6x6; '{what}' is a spec")
    else:
        network = common.open_network(what, set, preset, input)
    maps = _maps(network, layer)
    from cnncalc.render import heat

    if format is common.TextFormat.JSON:
        import json

        common.write(json.dumps(heat.coverage_object(maps), ensure_ascii=False), None)
    else:
        common.render_console(lambda target: heat.print_maps(maps, target), None)
    return _draw(maps, svg, png, force)


def _window(sides: str, values: dict[str, str]) -> Network:
    from cnncalc.errors import SpecError
    from cnncalc.network import loads
    from cnncalc.spec.single import placeless, spec_text

    try:
        return loads(spec_text("conv", f"1x{sides}", {"filters": "1", **values}))
    except SpecError as error:
        raise placeless(error) from None


def _maps(network: Network, layer: str | None) -> list[Coverage]:
    from cnncalc.analysis import coverage as analysis
    from cnncalc.analysis.locate import locate

    graph = network.graph
    target = locate(graph, layer) if layer else next(iter(graph.outputs.values()))
    try:
        maps = analysis.coverage(graph, target)
    except ValueError as error:
        raise common.UsageError(str(error)) from None
    maps = [one for one in maps if one.sides]
    if not maps:
        raise common.UsageError("the inputs are vectors, which have no places")
    return maps


def _draw(maps: list[Coverage], svg: Path | None, png: Path | None, force: bool) -> Status | None:
    from cnncalc.render import heat

    if (svg or png) and len(maps) > 1:
        raise common.UsageError(f"there are {len(maps)} inputs, and one drawing: choose with --format json")
    if svg is not None:
        common.write(heat.svg(maps[0]), svg, force)
    if png is not None:
        from cnncalc.render.field_image import MissingLibraryError

        try:
            common.write_bytes(heat.png(maps[0]), png, force)
        except MissingLibraryError as error:
            typer.echo(f"cnncalc: error: {error}", err=True)
            return Status.LIMIT
    return None
