"""`cnncalc layer`, and each layer as a command of its own: `cnncalc conv 3x32x32 --filters 10 --kernel 5`.

The commands are made from the registry: a layer's parameters are its options.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnncalc.cli import common
from cnncalc.cli.explain import LANG, Lang
from cnncalc.cli.status import Status

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer
    from cnncalc.network import Network

SHAPE = typer.Argument(help="The input: channels first, 3x32x32; with --hwc channels last, 32x32x3.", metavar="SHAPE")
LETTERS = "fspdkgr"
TOPICS = ("shape", "params", "macs", "coverage")


class LayerFormat(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


@common.command
def layer(
    kind: Annotated[str | None, typer.Argument(help="A layer: conv, maxpool, fc, …; none lists them.")] = None,
    format: Annotated[LayerFormat, typer.Option("--format", help="How to write the result.")] = LayerFormat.TEXT,
) -> None:
    """One layer on one input, without a file: size, parameters, MACs, coverage, and how they are made.

    The word `layer` may be left out: cnncalc conv 3x32x32 …

    Example: cnncalc layer conv 3x32x32 --filters 10 --kernel 5 --padding 2
    """
    from cnncalc.errors import did_you_mean
    from cnncalc.spec.single import calculable

    layers = calculable()
    if kind is not None:
        help = did_you_mean(kind, layers) or "cnncalc layer lists them"
        raise common.UsageError(f"there is no layer '{kind}': {help}")
    if format is LayerFormat.JSON:
        import json

        common.write(json.dumps({"schema": "cnncalc.layer/1", "layers": list(layers)}), None)
        return
    from cnncalc.render.single import print_kinds

    common.render_console(lambda target: print_kinds(layers, target), None)


def spelled(arguments: list[str]) -> list[str]:
    """A call of a layer's command with every option under its own name: `-f 5`, `--kernel_size 5`, `f=5`."""
    from cnncalc.spec.single import find_layer, param_named

    cls = find_layer(arguments[0])
    if cls is None:
        return arguments
    result = arguments[:1]
    for argument in arguments[1:]:
        option, equals, value = argument.partition("=")
        word = option.lstrip("-")
        name = param_named(cls, word) if word and not word[0].isdigit() else None
        wanted = (option.startswith("-") or (equals and option.isidentifier())) and name and word not in _OWN
        if not wanted or name is None:
            result.append(argument)
        else:
            result += [f"--{name.replace('_', '-')}", *([value] if equals else [])]
    return result


_OWN = frozenset({"hwc", "what", "lang", "batch", "strict", "format", "output", "force", "help", "o", "w", "l", "b"})


def layer_command(word: str) -> Callable[..., Any] | None:
    """The command of the layer called `word`; None if there is none."""
    from cnncalc.spec.single import find_layer

    cls = find_layer(word)
    return _command(cls) if cls is not None else None


def _command(cls: type[Layer]) -> Callable[..., Any]:
    @common.command
    def run(**options: Any) -> int | None:
        return _calculate(cls, options)

    parameters = [_parameter("input_shape", Annotated[str, SHAPE])]
    first = next(iter(cls.params), None)
    if first is not None:
        help = f"{cls.params[first].doc} (--{first})"
        parameters.append(
            _parameter(
                "first_value", Annotated[str | None, typer.Argument(help=help, metavar=f"[{first.upper()}]")], None
            )
        )
    for name in cls.params:
        parameters.append(_parameter(name, _option(cls, name), None))
    parameters += [
        _parameter("hwc", Annotated[bool, typer.Option("--hwc", help="Shapes as height x width x channels.")], False),
        _parameter("what", Annotated[str | None, _WHAT], None),
        _parameter("lang", Annotated[Lang, LANG], Lang.EN),
        _parameter("batch", Annotated[int, typer.Option("--batch", "-b", help="Samples MACs are for.", min=1)], 1),
        _parameter(
            "strict",
            Annotated[bool, typer.Option("--strict", help="Exit 1 if a division does not come out even.")],
            False,
        ),
        _parameter(
            "format",
            Annotated[LayerFormat, typer.Option("--format", help="How to write the result.")],
            LayerFormat.TEXT,
        ),
        _parameter("output", Annotated[Path | None, common.OUTPUT], None),
        _parameter("force", Annotated[bool, common.FORCE], False),
    ]
    # typer reads the options from here; to type checkers functions have no such attribute
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = _doc(cls)
    return run


_WHAT = typer.Option("--what", "-w", help="Which figures: shape, params, macs, memory, coverage.")


def _parameter(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _option(cls: type[Layer], name: str) -> Any:
    from cnncalc.spec.single import param_named

    param = cls.params[name]
    flag = f"--{name.replace('_', '-')}"
    short = [f"-{letter}" for letter in LETTERS if param_named(cls, letter) == name][:1]
    if param.slot.describe == "true or false":
        return Annotated[bool | None, typer.Option(f"{flag}/--no-{flag[2:]}", *short, help=param.doc)]
    default = "" if param.required or param.default is None else f" ({_default(param.default)})"
    metavar = param.slot.describe.split(":")[0].split(" |")[0].upper().replace(" ", "-")
    return Annotated[str | None, typer.Option(flag, *short, help=f"{param.doc}{default}", metavar=metavar)]


def _default(value: Any) -> str:
    return f"as {value.param}" if hasattr(value, "param") else str(value)


def _doc(cls: type[Layer]) -> str:
    from cnncalc.analysis.worked.explain import about

    values = cls.example.partition(": ")[2].strip("{}").replace(":", "").split(", ")
    words = [f"--{pair.replace(' ', ' ', 1)}" if " " in pair else pair for pair in values if pair and "[" not in pair]
    return f"{about(cls)}\n\nExample: cnncalc {cls.kind} 16x32x32 {' '.join(words)}".rstrip()


def _calculate(cls: type[Layer], options: dict[str, Any]) -> int | None:
    from cnncalc.analysis.coverage import remainders
    from cnncalc.analysis.worked.explain import explain
    from cnncalc.cli.explain import chosen_topics
    from cnncalc.spec.single import ASSUMED

    topics = chosen_topics(options["what"]) if options["what"] else list(TOPICS)
    network = _network(cls, options)
    for name in cls.params:
        if cls.params[name].required and name in ASSUMED and options[name] is None and options["first_value"] is None:
            typer.echo(f"note: {name} is not given, so this is for {ASSUMED[name]}: --{name} N", err=True)
    *before, node = network.graph.layers()
    lessons = explain(network, before, ["shape"]) + explain(network, [node], topics, options["batch"])
    if options["format"] is LayerFormat.JSON:
        import json

        from cnncalc.render.single import single_object

        answer = single_object(node, lessons, options["batch"], options["lang"].value)
        common.write(json.dumps(answer, ensure_ascii=False, indent=1), options["output"], options["force"])
    else:
        from cnncalc.render.lessons import print_lessons

        code = options["lang"].value
        common.render_console(lambda to: print_lessons(lessons, to, code), options["output"], options["force"])
    assert node.measure is not None
    uneven = any(rest for rest, _ in remainders(node.measure).values())
    return Status.DIFFERENCE if uneven and options["strict"] else None


def _network(cls: type[Layer], options: dict[str, Any]) -> Network:
    """The layer as a network of its own; `fc` on an image flattens it first."""
    from cnncalc.errors import SpecError
    from cnncalc.network import loads
    from cnncalc.spec.single import placeless, spec_text

    values, shape, last = _values(cls, options), options["input_shape"], options["hwc"]
    try:
        try:
            return loads(spec_text(cls.kind, shape, values, last=last))
        except SpecError as error:
            if error.diagnostics[0].code != "E404":
                raise
            return loads(spec_text(cls.kind, shape, values, last=last, flatten=True))
    except SpecError as error:
        raise placeless(error) from None


def _values(cls: type[Layer], options: dict[str, Any]) -> dict[str, str]:
    """The parameters that are given, as a spec would write them."""
    from cnncalc.spec.single import ASSUMED

    values = {}
    for position, name in enumerate(cls.params):
        given = options[name]
        if position == 0 and options["first_value"] is not None:
            if given is not None:
                raise common.UsageError(f"{name} is given twice: {options['first_value']} and --{name} {given}")
            given = options["first_value"]
        if given is not None:
            values[name] = str(given).lower() if isinstance(given, bool) else given
        elif cls.params[name].required and name in ASSUMED:
            values[name] = ASSUMED[name]
        elif cls.params[name].required:
            raise common.UsageError(f"{cls.kind} needs --{name}: {cls.params[name].doc}")
    return values
