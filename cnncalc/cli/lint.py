"""`cnncalc lint`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat
from cnncalc.cli.status import Status

SELECT = typer.Option("--select", help="Only these codes: --select L102,L105.", metavar="CODES")
IGNORE = typer.Option("--ignore", help="Not these codes.", metavar="CODES")


@common.command
def lint(
    specs: Annotated[list[str], common.SPEC],
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    select: Annotated[list[str] | None, SELECT] = None,
    ignore: Annotated[list[str] | None, IGNORE] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 on a warning or an uneven division.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Warnings only, no notes.")] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> Status:
    """Advice: what runs but is likely a mistake, or worth knowing; with place, number and cure.

    `# cnncalc: ignore L105` at the end of a line silences a rule there, `# cnncalc: ignore-file L112`
    in the whole spec. `cnncalc rule L105` explains a code.

    Example: cnncalc lint alexnet
    """
    from cnncalc.analysis.lint import lint as run
    from cnncalc.analysis.lint_rule import WARNING

    chosen, left_out = _codes(select), _codes(ignore)
    found = []
    for spec in specs:
        network = common.open_network(spec, set, preset, input, max_layers)
        findings = run(network.summary(), chosen, left_out)
        found.append((network, [one for one in findings if one.severity == WARNING or not quiet]))
    from cnncalc.render import advice

    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(advice.lint_object(found), ensure_ascii=False, indent=1), None)
    else:
        common.render_console(lambda target: advice.print_findings(found, target), None)
    serious = any(one.severity == WARNING or one.code == "L102" for _, findings in found for one in findings)
    return Status.DIFFERENCE if strict and serious else Status.OK


def _codes(options: list[str] | None) -> list[str]:
    """Codes from options, each a list separated by commas.

    Raises:
        UsageError: for one that begins no rule's code.
    """
    from cnncalc.analysis.lint import codes

    known = codes()
    result = [code.strip().upper() for option in options or [] for code in option.split(",") if code.strip()]
    for code in result:
        if not any(one.startswith(code) for one in known):
            raise common.UsageError(f"there is no rule {code}: they are {', '.join(known)}")
    return result
