"""Feature maps as a picture: for each layer a heading and a row of its channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array
from cnncalc.engine.pictures import write_picture
from cnncalc.graph import Node

TILE = 64
GAP = 4
HEADING = 16
MOST_LAYERS = 200


class MapPicture:
    """Collects small copies of feature maps while a network runs, then draws them one below the other.

    Each tile is scaled from its own smallest (black) to its largest (white) value.  Of three-dimensional
    maps the middle slice is shown; sequences become one tile, channels downwards.
    """

    def __init__(self, columns: int = 16, only: tuple[str, ...] = ()) -> None:
        """At most `columns` channels per layer; only layers called, or starting with, one of `only`."""
        self.columns = columns
        self.only = only
        self.rows: list[tuple[str, list[Array]]] = []

    def look(self, node: Node, output: Array) -> None:
        """Keep small copies of the first sample's maps, if the layer has any."""
        wanted = any(node.name == name or node.name.startswith(name) for name in self.only)
        if (self.only and not wanted) or len(self.rows) >= MOST_LAYERS:
            return
        sample = output[0]
        if sample.ndim < 2 or max(sample.shape[1:]) < 2:
            return
        if sample.ndim == 2:
            tiles = [tile(np.asarray(sample))]
        else:
            if sample.ndim == 4:
                sample = sample[:, sample.shape[1] // 2]
            tiles = [tile(sample[channel]) for channel in range(min(self.columns, len(sample)))]
        self.rows.append((f"{node.name}  {'x'.join(map(str, node.shape))}", tiles))

    def save(self, path: Path, force: bool = False) -> None:
        """Draw and write.

        Raises:
            DataError: if the picture cannot be written.
        """
        from PIL import Image, ImageDraw

        width = GAP + self.columns * (TILE + GAP)
        height = GAP + sum(HEADING + TILE + GAP for _ in self.rows)
        canvas = np.full((max(height, GAP + HEADING), width), 0.15)
        for number, (_, tiles) in enumerate(self.rows):
            top = GAP + number * (HEADING + TILE + GAP) + HEADING
            for column, picture in enumerate(tiles):
                left = GAP + column * (TILE + GAP)
                canvas[top : top + TILE, left : left + TILE] = picture
        image = Image.fromarray((canvas * 255).astype(np.uint8))
        pen: Any = ImageDraw.Draw(image)
        for number, (title, _) in enumerate(self.rows):
            pen.text((GAP, GAP + number * (HEADING + TILE + GAP) + 1), title.encode("latin-1", "replace"), fill=230)
        write_picture(path, np.asarray(image) / 255, force)


def tile(plane: Array) -> Array:
    """A map brought to the size of a tile and to values from 0 to 1; what is not finite is black."""
    rows, columns = (np.arange(TILE) * n // TILE for n in plane.shape)
    small = np.nan_to_num(plane[np.ix_(rows, columns)].astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = small.min(), small.max()
    result: Array = (small - low) / (high - low) if high > low else np.zeros_like(small)
    return result
