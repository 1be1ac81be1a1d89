"""`cnncalc solve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli import common
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.network import Network

SPEC = typer.Argument(
    help="A spec, for its closed form; none for a single layer.", autocompletion=common.SPEC.autocompletion
)
UNKNOWN = ("?", "x", "_")


@common.command
def solve(
    spec: Annotated[str | None, SPEC] = None,
    layer: Annotated[str | None, typer.Argument(help="A layer of the spec, instead of its last map.")] = None,
    in_: Annotated[str | None, typer.Option("--in", help="Input side n, or ?.", metavar="N|?")] = None,
    out: Annotated[str | None, typer.Option("--out", help="Output side, or ?.", metavar="N|?")] = None,
    kernel: Annotated[
        str | None, typer.Option("--kernel", "-k", help="Side of the window, or ?.", metavar="N|?")
    ] = None,
    stride: Annotated[str | None, typer.Option("--stride", "-s", help="Stride (1), or ?.", metavar="N|?")] = None,
    padding: Annotated[str | None, typer.Option("--padding", help="Padding per side (0), or ?.", metavar="N|?")] = None,
    dilation: Annotated[str | None, typer.Option("--dilation", "-d", help="Dilation (1), or ?.", metavar="N|?")] = None,
    even: Annotated[bool, typer.Option("--even", help="Input sizes for which every division comes out even.")] = False,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    format: Annotated[common.TextFormat, common.TEXT_FORMAT] = common.TextFormat.TEXT,
) -> Status | None:
    """Sizes the other way round: unknown kernel, stride or padding; a network in one formula.

    Examples: cnncalc solve --in 32 --out 14 --kernel ? --stride ?; cnncalc solve vgg16 --even
    """
    from cnncalc.analysis.solving.equation import UnsolvableError

    given = {"in": in_, "out": out, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    numbers = {name: value for name, value in given.items() if value is not None}
    try:
        if spec is None:
            return _layer(numbers, format)
        wrong = next((name for name in numbers if name not in ("in", "out")), None)
        if wrong:
            raise common.UsageError(f"--{wrong} is for a single layer, without a spec")
        network = common.open_network(spec, set, preset, input)
        return _network(network, layer, numbers, even, format)
    except UnsolvableError as error:
        raise common.UsageError(str(error)) from None


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise common.UsageError(f"--{name} {text}: write a whole number, or ? for what is to be found") from None


def _layer(numbers: dict[str, str], format: common.TextFormat) -> Status | None:
    from cnncalc.analysis.solving.equation import keeping, solve
    from cnncalc.render import solved

    if not numbers:
        raise common.UsageError("give the numbers, e.g. --in 32 --out 14 --kernel ? --stride ?; or a spec")
    unknown = tuple(name for name, text in numbers.items() if text in UNKNOWN)
    known = {name: _number(name, text) for name, text in numbers.items() if text not in UNKNOWN}
    if unknown == ("padding",) and set(known) <= {"kernel", "dilation"} and "kernel" in known:
        if min(known.values()) < 1:
            raise common.UsageError("kernel and dilation are at least 1")
        padding = keeping(known["kernel"], known.get("dilation", 1))
        _write(format, solved.keeping_object(known, padding), lambda to: solved.print_keeping(known, padding, to))
        return None
    solutions = solve(known, unknown)
    found = solved.solutions_object(known, unknown, solutions)
    _write(format, found, lambda to: solved.print_solutions(known, unknown, solutions, to))
    return None if solutions else Status.DIFFERENCE


def _network(
    network: Network, layer: str | None, numbers: dict[str, str], even: bool, format: common.TextFormat
) -> Status | None:
    from cnncalc.analysis.locate import locate
    from cnncalc.analysis.solving.sizes import closed_forms, even_sizes
    from cnncalc.render import solved

    target = locate(network.graph, layer) if layer is not None else None
    if even:
        sizes = even_sizes(network.graph)
        _write(format, solved.even_object(sizes), lambda to: solved.print_even(network.name, sizes, to))
        return None
    wanted = {name: _number(name, text) for name, text in numbers.items() if text not in UNKNOWN}
    name, forms = closed_forms(network.graph, target)
    found = solved.closed_object(name, forms, wanted)
    _write(format, found, lambda to: solved.print_closed(network.name, name, forms, wanted, to))
    return None


def _write(format: common.TextFormat, found: dict[str, Any], draw: Any) -> None:
    if format is common.TextFormat.JSON:
        import json

        common.write(json.dumps(found, ensure_ascii=False, indent=1), None)
    else:
        common.render_console(draw, None)
