"""`cnncalc filter`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.cli import common, running
from cnncalc.cli.common import TextFormat

KERNEL = "sobel-x, scharr-y, prewitt-x, laplacian, box, gaussian, sharpen, identity, an angle (45deg), or rows."
COLOUR = "Filter red, green and blue apart instead of grey."
SIGNED = "Grey for zero, light for positive and dark for negative values; otherwise sizes only."


@running.computing
def filter(
    image: Annotated[Path, typer.Argument(help="A picture.")],
    kernel: Annotated[str, typer.Option("--kernel", "-k", help=KERNEL)],
    picture: Annotated[Path | None, typer.Option("--output", "-o", help="Write the result into this picture.")] = None,
    convolution: Annotated[bool, typer.Option("--convolution", help="Flip the kernel both ways first.")] = False,
    valid: Annotated[bool, typer.Option("--valid", help="No padding: the result is smaller.")] = False,
    colour: Annotated[bool, typer.Option("--colour", help=COLOUR)] = False,
    signed: Annotated[bool, typer.Option("--signed", help=SIGNED)] = False,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    force: Annotated[bool, common.FORCE] = False,
) -> None:
    """Apply a filter to a picture: edges, blur, sharpening.

    Example: cnncalc filter cat.png --kernel sobel-x -o edges.png
    """
    from cnncalc.engine.filters import apply_filter, named_filter
    from cnncalc.engine.pictures import check_picture_name, read_picture, shown, write_picture
    from cnncalc.engine.running import statistics
    from cnncalc.output import check_writable
    from cnncalc.render import runs

    check_writable(picture, force)
    if picture is not None:
        check_picture_name(picture)
    numbers = named_filter(kernel)
    result = apply_filter(read_picture(image, 3 if colour else 1), numbers, convolution=convolution, same=not valid)
    if picture is not None:
        write_picture(picture, shown(result, signed), force)
    rows = (numbers[::-1, ::-1] if convolution else numbers).tolist()
    report = (kernel, tuple(map(tuple, rows)), result.shape, statistics(result))
    if format is TextFormat.JSON:
        import json

        common.write(json.dumps(runs.filter_object(*report)), None)
    else:
        common.render_console(lambda target: runs.print_filter(*report, target), None)
