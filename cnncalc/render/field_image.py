"""The field of one unit as SVG, written by hand, and as PNG, which needs Pillow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from cnncalc.render.field_picture import Scene, runs, scenes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cnncalc.analysis.field_report import LayerField

LONGEST = 640
"""Pixels of the picture's longer side."""
LEGEND = 64
MARGIN = 12
MOST_PIECES = 4000
PAPER, BLANK, READ, FIELD = "#ffffff", "#dfe3e8", "#d1495b", "#2e6f95"
TYPES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
Rectangle = tuple[int, int, int, int]
"""First row, last row, first column, last column."""


class ImageError(Exception):
    """An image that cannot be used; the message is for the user."""


class MissingLibraryError(Exception):
    """Pillow is not installed."""


def layer_svg(report: LayerField, image: Path | None) -> str:
    """The first input with the field of a unit, as an SVG document.

    Raises:
        ImageError: if there is nothing to draw, or the image cannot be used.
    """
    scene = _first(report)
    unit = ",".join(map(str, report.unit))
    top, bottom, left, right = scene.field
    size = f"{bottom - top + 1}x{right - left + 1}" if scene.height > 1 else str(right - left + 1)
    place = f"{scene.height}x{scene.width}" if scene.height > 1 else str(scene.width)
    details = f"field {size} on {scene.input} {place}" + (f"; {scene.frames}" if scene.frames else "")
    return svg(scene, f"{report.network.name}: {report.node.name}, unit {unit}", details, image)


def layer_png(report: LayerField, image: Path | None) -> bytes:
    """The same as PNG.

    Raises:
        ImageError: as above.
        MissingLibraryError: without Pillow.
    """
    return png(_first(report), image)


def _first(report: LayerField) -> Scene:
    found = scenes(report)
    if not found:
        raise ImageError(f"there is nothing to draw: no input that is an image reaches {report.node.name}")
    return found[0]


def pieces(scene: Scene) -> list[Rectangle]:
    """Rectangles that cover exactly the pixels read; their hull where there would be too many."""
    found: list[Rectangle] = []
    for rows, columns in scene.boxes:
        if rows.bit_count() * columns.bit_count() > 0:
            found += [(*row, *column) for row in runs(rows) for column in runs(columns)]
        if len(found) > MOST_PIECES:
            return [
                (min(p[0] for p in found), max(p[1] for p in found), min(p[2] for p in found), max(p[3] for p in found))
            ]
    return found


def _scale(scene: Scene) -> float:
    top, bottom, left, right = scene.frame
    return LONGEST / max(bottom - top + 1, right - left + 1)


def svg(scene: Scene, title: str, details: str, image: Path | None = None) -> str:
    """The scene as an SVG document.

    Raises:
        ImageError: if the image is of no type that SVG can hold, or cannot be read.
    """
    top, bottom, left, right = scene.frame
    scale = _scale(scene)
    thick = max((bottom - top + 1) * scale, 24) if scene.height == 1 else (bottom - top + 1) * scale
    stretch = thick / (bottom - top + 1)
    width, height = (right - left + 1) * scale + 2 * MARGIN, thick + 2 * MARGIN + LEGEND

    def box(rectangle: Rectangle, style: str) -> str:
        y0, y1, x0, x1 = rectangle
        place = (MARGIN + (x0 - left) * scale, MARGIN + (y0 - top) * stretch)
        size = ((x1 - x0 + 1) * scale, (y1 - y0 + 1) * stretch)
        names = ("x", "y", "width", "height")
        return (
            " ".join(f'{name}="{value:.6g}"' for name, value in zip(names, (*place, *size), strict=True)) + f" {style}"
        )

    whole = (0, scene.height - 1, 0, scene.width - 1)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" font-size="14" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f"<rect {box(whole, f'fill={quoteattr(BLANK)}')}/>",
    ]
    if image is not None:
        stretched = 'preserveAspectRatio="none"'
        lines.append(f"<image {box(whole, stretched)} href={quoteattr(_data(image))}/>")
    read = f'fill="{READ}" fill-opacity="{0.45 if image is not None else 0.8}"'
    lines += [f"<rect {box(piece, read)}/>" for piece in pieces(scene)]
    dashed = f'fill="none" stroke="{FIELD}" stroke-width="2" stroke-dasharray="6 4"'
    lines.append(f"<rect {box(scene.field, dashed)}/>")
    lines += _svg_legend(title, details, height - LEGEND + 4)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _svg_legend(title: str, details: str, y: float) -> Iterator[str]:
    yield f'<text x="{MARGIN}" y="{y + 10:.0f}" font-weight="bold">{escape(title)}</text>'
    yield f'<text x="{MARGIN}" y="{y + 28:.0f}" font-size="12">{escape(details)}</text>'
    y += 38
    yield f'<rect x="{MARGIN}" y="{y:.0f}" width="12" height="12" fill="{READ}" fill-opacity="0.8"/>'
    yield f'<text x="{MARGIN + 18}" y="{y + 11:.0f}" font-size="12">inputs that can change the unit</text>'
    yield (
        f'<rect x="{MARGIN + 220}" y="{y:.0f}" width="12" height="12" fill="none" stroke="{FIELD}" '
        'stroke-width="2" stroke-dasharray="4 2"/>'
    )
    yield f'<text x="{MARGIN + 238}" y="{y + 11:.0f}" font-size="12">its field, padding included</text>'


def _data(image: Path) -> str:
    """The file as a data address.

    Raises:
        ImageError: if it cannot be read or is of another type.
    """
    from base64 import b64encode

    kind = TYPES.get(image.suffix.lower())
    if kind is None:
        raise ImageError(f"{image} is no {', '.join(TYPES)} file")
    try:
        return f"data:image/{kind};base64,{b64encode(image.read_bytes()).decode()}"
    except OSError as error:
        raise ImageError(f"{image} cannot be read: {(error.strerror or str(error)).lower()}") from None


def png(scene: Scene, image: Path | None = None) -> bytes:
    """The scene as PNG, without words.

    Raises:
        MissingLibraryError: without Pillow.
        ImageError: if the image cannot be read.
    """
    pillow, draw_on = _pillow()
    top, _, left, _ = scene.frame
    scale = _scale(scene)
    scale = round(scale) if scale >= 1 else scale
    tall = scale if scene.height > 1 else max(scale, 24)

    def box(rectangle: Rectangle) -> Rectangle:
        """Left, top, right and bottom pixel; at least one pixel wide and high."""
        y0, y1, x0, x1 = rectangle
        x, y = int((x0 - left) * scale), int((y0 - top) * tall)
        return x, y, max(x, int((x1 - left + 1) * scale) - 1), max(y, int((y1 - top + 1) * tall) - 1)

    _, _, width, height = box(scene.frame)
    canvas = pillow.new("RGBA", (width + 1, height + 1), PAPER)
    x0, y0, x1, y1 = box((0, scene.height - 1, 0, scene.width - 1))
    size = (x1 - x0 + 1, y1 - y0 + 1)
    base = pillow.new("RGBA", size, BLANK) if image is None else _opened(pillow, image).resize(size)
    canvas.paste(base, (x0, y0))
    layer = pillow.new("RGBA", canvas.size, (0, 0, 0, 0))
    pen = draw_on.Draw(layer)

    for piece in pieces(scene):
        pen.rectangle(box(piece), fill=(*bytes.fromhex(READ[1:]), 120 if image is not None else 200))
    pen.rectangle(box(scene.field), outline=(*bytes.fromhex(FIELD[1:]), 255), width=max(2, int(scale) // 8))
    from io import BytesIO

    buffer = BytesIO()
    pillow.alpha_composite(canvas, layer).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _pillow() -> tuple[Any, Any]:
    from importlib import import_module

    try:
        return import_module("PIL.Image"), import_module("PIL.ImageDraw")
    except ImportError:
        message = "PNG needs the Pillow library: pip install 'cnncalc[image]' (or write --svg, which needs nothing)"
        raise MissingLibraryError(message) from None


def _opened(pillow: Any, image: Path) -> Any:
    try:
        return pillow.open(image).convert("RGBA")
    except OSError as error:
        raise ImageError(
            f"{image} cannot be read as an image: {(error.strerror or 'unknown format').lower()}"
        ) from None
