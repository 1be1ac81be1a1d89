"""`cnncalc vars`."""

from __future__ import annotations

from typing import Annotated

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat


@common.command
def vars(
    spec: Annotated[str, common.SPEC],
    preset: Annotated[str | None, common.PRESET] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """What --set and --preset can change in a spec, and the arguments of its blocks.

    Example: cnncalc vars resnet50
    """
    from cnncalc.cli.opening import open_document
    from cnncalc.render.variables import print_variables, variables_object
    from cnncalc.spec.variables import variables

    document, named = open_document(spec)
    report = variables(document, preset or named)
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(variables_object(report), ensure_ascii=False, indent=1), None)
    else:
        common.render_console(lambda target: print_variables(report, target), None)
