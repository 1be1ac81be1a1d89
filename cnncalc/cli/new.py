"""`cnncalc new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common
from cnncalc.cli.common import TextFormat

FROM = typer.Option(
    "--from",
    help="The spec to start from: a shipped spec or preset, or a file.",
    autocompletion=common.SPEC.autocompletion,
)


@common.command
def new(
    file: Annotated[Path, typer.Argument(help="The file to write, e.g. mynet.yaml.")],
    source: Annotated[str | None, FROM] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """Start a spec of your own, from one that comes with cnncalc or from a small example.

    With a preset, its values become the defaults of the new file, which then has no presets.

    Example: cnncalc new mynet.yaml --from resnet50
    """
    from cnncalc.spec import starting

    chosen = None
    if source is None:
        if preset is not None:
            raise common.UsageError("--preset needs --from: say whose preset")
        text = starting.starter(str(file))
    else:
        from cnncalc.spec.files import find

        network = common.open_network(source, preset=preset)
        chosen = network.preset
        origin = Path("-") if source == "-" else find(source).path
        text = starting.copied(network.document, chosen, network.name, origin, file.parent)
    common.write(text, file, force)
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps({"schema": "cnncalc.new/1", "file": str(file), "from": source, "preset": chosen}), None)
    else:
        common.write(f"Wrote {file}. Next: cnncalc summary {file}", None)
