"""`cnncalc rf`."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.reporting import ReportFormat, write_report
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.network import Network
    from cnncalc.reports import LayerField


@common.command
def rf(
    spec: Annotated[str, common.SPEC],
    layer: Annotated[str | None, typer.Argument(help="A row of `cnncalc summary`, a block, or a named tensor.")] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", "-u", help="The cell asked about, counted from 0: 3,4.", metavar="ROW,COLUMN"),
    ] = None,
    need: Annotated[
        str | None, typer.Option("--need", help="What would make the field this large: 224, or 224,96.", metavar="SIZE")
    ] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", help="Levels of blocks to show; 1 folds them all.", min=1)] = 1,
    svg: Annotated[Path | None, typer.Option("--svg", help="Draw the field into this SVG file.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Draw the field into this PNG file.")] = None,
    image: Annotated[Path | None, typer.Option("--image", help="The picture to draw it on.")] = None,
    format: Annotated[ReportFormat, common.FORMAT] = ReportFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status | None:
    """Receptive fields: how they grow layer by layer, or one layer's taken apart back to the input.

    Example: cnncalc rf vgg16 conv13 --unit 3,4
    """
    if image is not None and svg is None and png is None:
        raise common.UsageError("--image needs --svg FILE or --png FILE to draw into")
    network = common.open_network(spec, set, preset, input, max_layers)
    if layer is None and unit is None and need is None and svg is None and png is None:
        _growth(network, depth, format, output, force)
        return None
    report = _layer(network, layer, numbers(unit, "--unit", "3,4"), numbers(need, "--need", "224"))
    from cnncalc.render.field_objects import layer_records
    from cnncalc.render.fields import layer_sheet

    records = functools.partial(layer_records, report)
    write_report(format, output, force, functools.partial(layer_sheet, report), report.to_dict, records)
    return _draw(report, svg, png, image, force)


def _growth(network: Network, depth: int, format: ReportFormat, output: Path | None, force: bool) -> None:
    from cnncalc.render.field_objects import growth_records
    from cnncalc.render.fields import growth_sheet

    report = network.receptive_field()
    records = functools.partial(growth_records, report)
    write_report(format, output, force, lambda width: growth_sheet(report, depth), report.to_dict, records)


def _layer(
    network: Network, layer: str | None, unit: tuple[int, ...] | None, need: tuple[int, ...] | None
) -> LayerField:
    from cnncalc.reports import LayerField

    try:
        report = LayerField(network, layer, unit)
        if need is not None:
            report.to_reach(*need)
    except ValueError as error:
        raise common.UsageError(str(error)) from None
    return report


def numbers(text: str | None, option: str, example: str) -> tuple[int, ...] | None:
    """`3,4` (or `3x4`) as numbers.

    Raises:
        UsageError: for anything else.
    """
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.replace("x", ",").split(","))
    except ValueError:
        raise common.UsageError(f"{option} {text}: write whole numbers, e.g. {option} {example}") from None


def _draw(report: LayerField, svg: Path | None, png: Path | None, image: Path | None, force: bool) -> Status | None:
    if svg is None and png is None:
        return None
    from cnncalc.render import field_image

    try:
        if svg is not None:
            common.write(field_image.layer_svg(report, image), svg, force)
        if png is not None:
            common.write_bytes(field_image.layer_png(report, image), png, force)
    except field_image.ImageError as error:
        raise common.UsageError(str(error)) from None
    except field_image.MissingLibraryError as error:
        sys.stderr.write(f"cnncalc: error: {error}\n")
        return Status.LIMIT
    return None
