"""`cnncalc check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status
from cnncalc.errors import Diagnostic, SpecError

if TYPE_CHECKING:
    from cnncalc.analysis.expect import Verdict
    from cnncalc.network import Network


@common.command
def check(
    specs: Annotated[list[str] | None, common.SPEC] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help="Check all specs that come with cnncalc.")] = False,
    answers: Annotated[
        list[Path] | None, typer.Option("--answers", help="Homework to mark: CSV, Markdown or YAML; several times.")
    ] = None,
    preset: Annotated[str | None, typer.Option("--preset", "-p", help="Check only this preset.")] = None,
    set: Annotated[list[str] | None, common.SET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    rounded: Annotated[bool, typer.Option("--rounded", help="Homework: rightly rounded figures are right.")] = False,
    details: Annotated[
        bool | None, typer.Option("--details/--scores", help="Homework: every mistake or scores.")
    ] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status:
    """Verify what specs expect of themselves, or mark homework about one spec and name the mistakes.

    Arguments after the first that end in .csv, .tsv or .md are answers; so is YAML that has none of
    layers, blocks and input at its top. Columns: layer, output, size, params, weights, biases,
    macs, flops, field; any of them in any order. Rows are matched by layer name, or in order:
    cnncalc check lenet5 anna.csv ben.md

    Exit code 0 if everything holds, 1 if a figure differs.

    Example: cnncalc check vgg16
    """
    from cnncalc.cli import marking

    specs, files = marking.divide(specs or [])
    files += answers or []
    if files:
        if len(specs) != 1:
            raise common.UsageError("answers are marked against one spec: name it first")
        marked = common.open_network(specs[0], set, preset, input, max_layers)
        return marking.mark(marked, files, format, rounded=rounded, details=details)
    if set or input:
        raise common.UsageError("--set and --input are for homework: expect: speaks of the spec as it is")
    verdicts: list[Verdict] = []
    wrong: list[tuple[Diagnostic, ...]] = []
    for spec in _specs(specs or [], every):
        try:
            for network in _networks(spec, preset, max_layers):
                _check(network, verdicts, wrong)
        except SpecError as error:
            wrong.append(error.diagnostics)
    diagnostics = tuple(diagnostic for group in wrong for diagnostic in group)
    _write(verdicts, diagnostics, len(wrong), format)
    common.report(diagnostics)
    if diagnostics:
        return Status.LIMIT if all(d.code.startswith("E5") for d in diagnostics) else Status.SPEC
    return Status.OK if all(verdict.holds for verdict in verdicts) else Status.DIFFERENCE


def _specs(specs: list[str], every: bool) -> list[str]:
    if every:
        from cnncalc.spec.files import shipped_files

        return [*specs, *map(_shortest, shipped_files().values())]
    if not specs:
        raise common.UsageError("name a spec to check, or --all for those that come with cnncalc")
    return specs


def _shortest(path: Path) -> str:
    """What names a shipped file from here: a path below this folder, its bare name, or else the whole path."""
    here = Path.cwd()
    if path.is_relative_to(here):
        return str(path.relative_to(here))
    return str(path) if Path(path.name).exists() else path.name


def _networks(spec: str, preset: str | None, max_layers: int | None) -> Iterator[Network | SpecError]:
    """The network of a spec and of its presets, or what is wrong with one; a preset's name means that one only."""
    from cnncalc.network import Network

    first = common.open_network(spec, preset=preset, max_layers=max_layers)
    yield first
    limit = {} if max_layers is None else {"max_nodes": max_layers}
    for name in first.document.presets if first.preset is None else ():
        try:
            yield Network(first.document, {}, name, None, **limit)
        except SpecError as error:
            yield error


def _check(network: Network | SpecError, verdicts: list[Verdict], wrong: list[tuple[Diagnostic, ...]]) -> None:
    from cnncalc.analysis.expect import check as hold

    if isinstance(network, SpecError):
        wrong.append(network.diagnostics)
        return
    try:
        verdicts.append(hold(network.summary()))
    except SpecError as error:
        wrong.append(error.diagnostics)


def _write(verdicts: list[Verdict], diagnostics: tuple[Diagnostic, ...], failed: int, format: TextFormat) -> None:
    from cnncalc.render import checks

    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(checks.verdicts_object(verdicts, diagnostics), ensure_ascii=False, indent=1), None)
    else:
        common.render_console(lambda target: checks.print_verdicts(verdicts, failed, target), None)
