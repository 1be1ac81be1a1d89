"""`cnncalc compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status

WITH_SET = typer.Option("--with-set", help="A variable of B.", metavar="NAME=VALUE")
WITH_PRESET = typer.Option("--with-preset", help="The preset of B.")
WITH_INPUT = typer.Option("--with-input", help="The input shape of B.", metavar="SHAPE")


@common.command
def compare(
    a: Annotated[str, common.SPEC],
    b: Annotated[str | None, typer.Argument(help="Another spec; without it, A again with the --with options.")] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    with_set: Annotated[list[str] | None, WITH_SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    with_preset: Annotated[str | None, WITH_PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    with_input: Annotated[list[str] | None, WITH_INPUT] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help="Also the layers that are the same.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Every digit, no K, M or G.")] = False,
    strict: Annotated[bool, typer.Option("--fail", help="Exit code 1 if anything differs.")] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> Status:
    """Two networks side by side: shapes, parameters, MACs and fields by layer, totals with ratios.

    One network under two settings: `cnncalc compare resnet50 --with-set classes=10`. --set, --preset
    and --input belong to A, their --with forms to B.

    Example: cnncalc compare resnet18 resnet34
    """
    if b is None and not (with_set or with_preset or with_input):
        raise common.UsageError("name a second spec, or what differs: --with-set, --with-preset or --with-input")
    left = common.open_network(a, set, preset, input)
    # the same spec keeps A's settings where B does not change them
    same = b is None
    settings = common.assignments(set or []) if same else {}
    settings |= common.assignments(with_set or [])
    right = common.open_network(
        b or a,
        [f"{name}={value}" for name, value in settings.items()],
        with_preset or (preset if same else None),
        with_input or (input if same else None),
    )
    from cnncalc.analysis.compare import compare as align
    from cnncalc.render import comparison

    found = align(left.summary(), right.summary())
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(comparison.comparison_object(found), ensure_ascii=False), None)
    else:
        common.render_console(lambda to: comparison.print_comparison(found, to, every=every, exact=exact), None)
    return Status.DIFFERENCE if strict and not found.same else Status.OK
