"""`cnncalc worksheet`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common

if TYPE_CHECKING:
    from cnncalc.network import Network


class SheetFormat(StrEnum):
    """How a sheet is written."""

    MARKDOWN = "markdown"
    LATEX = "latex"
    JSON = "json"
    SPEC = "spec"


SEED = typer.Option("--seed", help="Another seed, another sheet; the same seed, the same one.")
DIFFICULTY = typer.Option(
    "--difficulty", "-d", help="1: sizes and parameters, 2: MACs too, 3: fields too.", min=1, max=3
)
RANDOM = typer.Option("--random", help="About a small network made up from the seed, instead of SPEC.")


@common.command
def worksheet(
    spec: Annotated[str | None, common.SPEC] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    random: Annotated[bool, RANDOM] = False,
    seed: Annotated[int, SEED] = 0,
    difficulty: Annotated[int, DIFFICULTY] = 2,
    key: Annotated[bool, typer.Option("--key", help="The solutions.")] = False,
    format: Annotated[SheetFormat, common.FORMAT] = SheetFormat.MARKDOWN,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """An exercise sheet with blanks, and its key; `cnncalc check` marks it when it is filled in.

    With --random, --format spec writes the made-up network, to mark against: the same seed and
    difficulty give the same one.

    Example: cnncalc worksheet lenet5 --seed 7
    """
    from cnncalc.analysis.worksheet import random_spec
    from cnncalc.analysis.worksheet import worksheet as make
    from cnncalc.render import worksheet as render

    network = subject(spec, set, preset, input, random=random, seed=seed, difficulty=difficulty)
    if format is SheetFormat.SPEC:
        text = random_spec(seed, difficulty) if random else network.document.source.text
        common.write(text, output, force)
        return
    sheet = make(network.summary(), seed, difficulty)
    if format is SheetFormat.JSON:
        import json

        common.write(json.dumps(render.worksheet_object(sheet), ensure_ascii=False, indent=1), output, force)
        return
    write = render.latex if format is SheetFormat.LATEX else render.markdown
    common.write(write(sheet, key), output, force)


def subject(
    spec: str | None,
    set: list[str] | None,
    preset: str | None,
    input: list[str] | None,
    *,
    random: bool,
    seed: int,
    difficulty: int,
) -> Network:
    """The network an exercise is about.

    Raises:
        UsageError: unless there is either a spec or --random.
    """
    if (spec is None) is not random:
        raise common.UsageError("name a spec, or --random for a network made up from the seed; not both")
    if spec is not None:
        return common.open_network(spec, set, preset, input)
    from cnncalc import network
    from cnncalc.analysis.worksheet import random_spec

    return network.loads(random_spec(seed, difficulty), filename=f"exercise{seed}.yaml")
