"""`cnncalc list`."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.counts import parse_count

if TYPE_CHECKING:
    from cnncalc.spec.catalogue import Entry

Words = builtins.list[str] | None  # the command below is called list


class ListFormat(StrEnum):
    """How the list is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


MIN_PARAMS = typer.Option("--min-params", help="At least so many parameters: 300_000, 5M, 1.5G.", metavar="COUNT")
MAX_PARAMS = typer.Option("--max-params", help="At most so many parameters.", metavar="COUNT")
MIN_MACS = typer.Option("--min-macs", help="At least so many MACs: 300M, 4G.", metavar="COUNT")
MAX_MACS = typer.Option("--max-macs", help="At most so many MACs.", metavar="COUNT")


@common.command
def list(
    words: Annotated[Words, typer.Argument(help="Words of the name, title, family or task; all must occur.")] = None,
    family: Annotated[str | None, typer.Option("--family", help="Only this family, e.g. ResNet.")] = None,
    task: Annotated[str | None, typer.Option("--task", help="Only for this task, e.g. segmentation.")] = None,
    min_params: Annotated[str | None, MIN_PARAMS] = None,
    max_params: Annotated[str | None, MAX_PARAMS] = None,
    min_macs: Annotated[str | None, MIN_MACS] = None,
    max_macs: Annotated[str | None, MAX_MACS] = None,
    format: Annotated[ListFormat, common.FORMAT] = ListFormat.TABLE,
    output: Annotated[Path | None, common.OUTPUT] = None,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """The networks that come with cnncalc, by task and family, with their size.

    Example: cnncalc list mobilenet --max-params 5M --max-macs 300M
    """
    from cnncalc.spec.catalogue import Limits, catalogue, select

    params = Limits(parse_count("--min-params", min_params), parse_count("--max-params", max_params))
    macs = Limits(parse_count("--min-macs", min_macs), parse_count("--max-macs", max_macs))
    entries, problems = catalogue()
    common.report(tuple(problems))
    _check_choice("family", family, [entry.family for entry in entries])
    _check_choice("task", task, [entry.task for entry in entries])
    found = select(entries, words or (), {"family": family, "task": task}, {"params": params, "macs": macs})
    if not found:
        typer.echo(f"no network fits{_near(words or (), entries)}", err=True)
    _write(found, format, output, force)


def _check_choice(what: str, name: str | None, known: Iterable[str]) -> None:
    """Refuse a family or task that does not exist.

    Raises:
        UsageError: naming those that do.
    """
    names = sorted(set(known), key=str.casefold)
    if name is None or name.casefold() in {one.casefold() for one in names}:
        return
    from cnncalc.errors import did_you_mean

    near = did_you_mean(name.casefold(), {one.casefold(): one for one in names})
    raise common.UsageError(f"there is no {what} '{name}': {near or 'there are ' + ', '.join(names)}")


def _near(words: Sequence[str], entries: Sequence[Entry]) -> str:
    """What a misspelt word may have meant."""
    from cnncalc.errors import did_you_mean

    texts = {text.casefold() for entry in entries for text in (entry.name, entry.family, entry.task)}
    for word in words:
        if not any(word.casefold() in text for text in texts):
            near = did_you_mean(word.casefold(), texts)
            return f": {near}" if near else f": '{word}' is in no name, title, family or task"
    return ""


def _write(entries: Sequence[Entry], format: ListFormat, output: Path | None, force: bool) -> None:
    from cnncalc.render import listing

    if format is ListFormat.JSON:
        import json

        common.write(json.dumps(listing.entries_object(entries), ensure_ascii=False, indent=1), output, force)
    elif format is ListFormat.TABLE:
        if entries:
            common.render_console(lambda target: listing.print_entries(entries, target), output, force)
    else:
        text = listing.csv(entries) if format is ListFormat.CSV else listing.markdown(entries)
        common.write(text, output, force)
