"""`cnncalc summary`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import Format

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.summary import Summary


@common.command
def summary(
    specs: Annotated[list[str], common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", help="Samples that MACs and memory are for.", min=1)] = 1,
    dtype: Annotated[str, typer.Option("--dtype", help="float64, float32, float16, bfloat16 or int8.")] = "float32",
    depth: Annotated[int, typer.Option("--depth", "-d", help="Levels of blocks to show; 1 folds them all.", min=1)] = 1,
    columns: Annotated[
        str | None, typer.Option("--columns", "-c", help="Which columns, e.g. layer,output,params.")
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Every digit, no K, M or G.")] = False,
    format: Annotated[Format, common.FORMAT] = Format.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> None:
    """Sizes, parameters, MACs and receptive field of every layer, and the totals.

    Example: cnncalc summary vgg16 --input 3x64x64 --depth 2
    """
    check_columns(columns)
    summaries = []
    for spec in specs:
        network = common.open_network(spec, set, preset, input, max_layers)
        try:
            summaries.append(network.summary(batch, dtype))
        except ValueError as error:
            raise common.UsageError(str(error)) from None
    if format is Format.TABLE:
        from cnncalc.render.console import print_summary

        def draw(target: Console) -> None:
            for position, one in enumerate(summaries):
                if position:
                    target.print()
                print_summary(one, target, depth=depth, names=columns, exact=exact)

        common.render_console(draw, output, force)
    else:
        common.write(_text(summaries, format, depth, columns, exact), output, force)


def check_columns(names: str | None) -> None:
    """Refuse a column that does not exist.

    Raises:
        UsageError: naming those that do.
    """
    if names is None:
        return
    from cnncalc.errors import did_you_mean
    from cnncalc.render.columns import COLUMNS

    for name in names.split(","):
        if name.strip() not in COLUMNS:
            help = did_you_mean(name.strip(), COLUMNS) or f"there are {', '.join(COLUMNS)}"
            raise common.UsageError(f"there is no column '{name.strip()}': {help}")


def _text(summaries: list[Summary], format: Format, depth: int, columns: str | None, exact: bool) -> str:
    if format is Format.JSON:
        import json

        objects = [one.to_dict() for one in summaries]
        return json.dumps(objects[0] if len(objects) == 1 else objects, ensure_ascii=False)
    from cnncalc.render import tables

    return tables.RENDERERS[format.value](summaries, depth, columns, exact)
