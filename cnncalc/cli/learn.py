"""`cnncalc learn`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common, running
from cnncalc.cli.common import TextFormat


@running.computing
def learn(
    source: Annotated[Path | None, typer.Argument(metavar="[IMAGE]", help="A picture to learn from.")] = None,
    image: Annotated[Path | None, typer.Option("--image", help="The same as IMAGE.")] = None,
    target: Annotated[
        str, typer.Option("--target", "-t", help="The filter whose edge map is wanted: sobel-y, or an angle (45deg).")
    ] = "sobel-x",
    steps: Annotated[int, typer.Option("--steps", help="At most so many steps.", min=1, max=100_000)] = 200,
    seed: Annotated[int, running.SEED] = 0,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
) -> None:
    """Find the nine numbers of a filter by gradient descent, from a picture and its wanted edge map.

    Example: cnncalc learn cat.png --target 45deg
    """
    from cnncalc.engine.filters import learn_filter, named_filter
    from cnncalc.engine.pictures import read_picture
    from cnncalc.errors import DataError
    from cnncalc.render import runs

    path = source or image
    if path is None or (source and image):
        raise common.UsageError("name one picture to learn from: cnncalc learn cat.png")
    picture = read_picture(path, 1)[0]
    if any(n < f for n, f in zip(picture.shape, named_filter(target).shape, strict=True)):
        raise DataError(f"{path} is smaller than the filter")
    lesson = learn_filter(picture, target, steps=steps, seed=seed)
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(runs.lesson_object(lesson)), None)
    else:
        common.render_console(lambda console: runs.print_lesson(lesson, console), None)
