"""`cnncalc explain`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common

if TYPE_CHECKING:
    from cnncalc.analysis.worked.lesson import Lesson
    from cnncalc.graph import Node
    from cnncalc.network import Network


class ExplainFormat(StrEnum):
    """How a worked solution is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


class Lang(StrEnum):
    """Languages of explanations."""

    EN = "en"
    ZH = "zh"


LANG = typer.Option("--lang", "-l", help="The language of the sentences: en, or zh for Simplified Chinese.")
WHAT = typer.Option("--what", "-w", help="Which figures: shape, params, macs, field, memory, coverage.")


@common.command
def explain(
    spec: Annotated[str, common.SPEC],
    layers: Annotated[list[str] | None, typer.Argument(help="Layers by name; all where none is given.")] = None,
    what: Annotated[str | None, WHAT] = None,
    lang: Annotated[Lang, LANG] = Lang.EN,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", help="Samples that memory is for.", min=1)] = 1,
    format: Annotated[ExplainFormat, common.FORMAT] = ExplainFormat.TEXT,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """Every figure of a layer as a worked solution: rule, numbers put in, result, and why.

    Example: cnncalc explain lenet5 c1 --what params
    """
    from cnncalc.analysis.worked import explain as analysis

    topics = chosen_topics(what)
    network = common.open_network(spec, set, preset, input)
    nodes = chosen_layers(network, layers or [])
    lessons = analysis.explain(network, nodes, topics, batch)
    write_lessons(lessons, network.name, format, lang, output, force)


def chosen_topics(what: str | None) -> list[str]:
    """The figures asked for, all where nothing is said.

    Raises:
        UsageError: for one that does not exist.
    """
    from cnncalc.analysis.worked.lesson import TOPICS
    from cnncalc.errors import did_you_mean

    if what is None:
        return list(TOPICS[:-1])
    spelled = {"parameters": "params", "flops": "macs", "output": "shape", "size": "shape", "rf": "field"}
    names = [spelled.get(name.strip(), name.strip()) for name in what.split(",")]
    for name in names:
        if name not in TOPICS:
            help = did_you_mean(name, TOPICS) or f"there are {', '.join(TOPICS)}"
            raise common.UsageError(f"--what has no '{name}': {help}")
    return names


def chosen_layers(network: Network, names: list[str]) -> list[Node]:
    """The layers called `names`: each a layer's name, a block's (all in it), or a kind of layer; all for none.

    Raises:
        SpecError: for a name nothing has.
        UsageError: for an input.
    """
    from cnncalc.analysis.locate import locate

    nodes = list(network.graph.layers())
    if not names:
        return nodes
    found: list[Node] = []
    for name in names:
        fits = [node for node in nodes if node.name == name]
        fits = fits or [node for node in nodes if node.name.startswith((f"{name}.", f"{name}/"))]
        fits = fits or [node for node in nodes if node.kind == name]
        found += fits or [_layer(network, name, locate(network.graph, name))]
    return found


def _layer(network: Network, name: str, index: int) -> Node:
    node = network.graph.nodes[index]
    if node.measure is None:
        raise common.UsageError(f"{name} is an input: there is nothing to work out")
    return node


def write_lessons(
    lessons: list[Lesson], title: str, format: ExplainFormat, lang: Lang, output: Path | None, force: bool
) -> None:
    """Worked solutions in the form asked for."""
    if format is ExplainFormat.TEXT:
        from cnncalc.render.lessons import print_lessons

        common.render_console(lambda target: print_lessons(lessons, target, lang.value), output, force)
    elif format is ExplainFormat.JSON:
        import json

        from cnncalc.render.lessons_json import lessons_object

        common.write(
            json.dumps(lessons_object(lessons, title, lang.value), ensure_ascii=False, indent=1), output, force
        )
    else:
        from cnncalc.render import lesson_pages

        draw = lesson_pages.markdown if format is ExplainFormat.MARKDOWN else lesson_pages.html
        common.write(draw(lessons, title, lang.value), output, force)
