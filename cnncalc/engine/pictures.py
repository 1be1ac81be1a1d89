"""Pictures in and out, with Pillow: as numbers from 0 to 1, channels first."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnncalc.engine.kernels import Array
from cnncalc.errors import DataError
from cnncalc.output import write_whole

if TYPE_CHECKING:
    from PIL.Image import Image

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_picture(path: Path, channels: int, size: tuple[int, int] | None = None) -> Array:
    """A picture as (channels, height, width), float64 from 0 to 1.

    Palettes become colours, colours become grey where one channel is wanted, 16 bits are scaled by
    65535, and transparency is dropped unless four channels are wanted.

    Args:
        path: any format Pillow reads.
        channels: 1, 3 or 4.
        size: (height, width) to resize to; None keeps its own.

    Raises:
        DataError: if it is no picture, or truncated.
    """
    if channels not in MODES:
        raise DataError(f"a picture has 1, 3 or 4 channels, and the network's input has {channels}: give it a .npy")
    image = _open(path)
    deep = image.mode.startswith("I") or image.mode == "F"
    if deep:
        return _deep(path, image, channels, size)
    if image.mode in ("P", "PA") or (image.mode == "1"):
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    image = image.convert(MODES[channels])
    if size is not None and image.size != (size[1], size[0]):
        image = image.resize((size[1], size[0]), _bilinear())
    numbers = np.asarray(image, dtype=np.float64) / 255
    return numbers[None] if numbers.ndim == 2 else np.moveaxis(numbers, -1, 0)


def _open(path: Path) -> Image:
    from PIL import Image, UnidentifiedImageError

    if not path.exists():
        raise DataError(f"there is no file {path}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                image.load()
                return image.copy()
    except UnidentifiedImageError:
        raise DataError(f"{path} is no picture, or of a kind that cannot be read") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DataError(f"{path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        cause = "it is truncated" if "truncated" in str(error) or isinstance(error, EOFError) else str(error)
        raise DataError(f"{path} is no whole picture: {cause.lower()}") from None


def _deep(path: Path, image: Image, channels: int, size: tuple[int, int] | None) -> Array:
    """A picture of 16 or 32 bits, which Pillow holds as one channel."""
    from PIL import Image

    numbers = np.asarray(image, dtype=np.float64)
    scaled = Image.fromarray((numbers / 65535 if image.mode != "F" else numbers).astype(np.float32))
    if size is not None:
        scaled = scaled.resize((size[1], size[0]), _bilinear())
    plane = np.clip(np.asarray(scaled, dtype=np.float64), 0, 1)
    if channels == 4:
        return np.stack([plane, plane, plane, np.ones_like(plane)])
    return np.repeat(plane[None], channels, axis=0)


def _bilinear() -> Any:
    from PIL import Image

    return Image.Resampling.BILINEAR


def normalised(numbers: Array) -> Array:
    """Colours as networks trained on ImageNet expect them: minus the mean, divided by the deviation, per channel."""
    mean, deviation = (np.array(values).reshape(3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_STD))
    result: Array = (numbers - mean) / deviation
    return result


def write_picture(path: Path, numbers: Array, force: bool = False) -> None:
    """(height, width) or (height, width, 3) numbers from 0 to 1 as a picture; the name's ending says which kind.

    Raises:
        DataError: if it cannot be written, or there is no such kind.
    """
    from PIL import Image

    kind = check_picture_name(path)
    image = Image.fromarray(np.rint(np.clip(numbers, 0, 1) * 255).astype(np.uint8))
    write_whole(path, lambda file: image.save(file, kind), force)


def check_picture_name(path: Path) -> str:
    """The kind of picture a name's ending says.

    Raises:
        DataError: if there is no such kind, or it cannot be written.
    """
    from PIL import Image

    Image.init()
    kind = Image.EXTENSION.get(path.suffix.lower())
    if kind is None or kind not in Image.SAVE:
        raise DataError(f"{path} is no name of a picture: end it in .png")
    return kind


def shown(planes: Array, signed: bool = False) -> Array:
    """(channels, height, width) of any numbers as a picture for `write_picture`.

    The largest size becomes white; with `signed`, zero becomes grey and negative numbers dark.
    Numbers that already lie between 0 and 1 stay what they are.
    """
    largest = float(np.abs(planes).max(initial=0.0))
    if signed:
        scaled = planes / (2 * largest or 1) + 0.5
    elif planes.min(initial=0.0) >= 0 and largest <= 1:
        scaled = planes
    else:
        scaled = np.abs(planes) / (largest or 1)
    result: Array = scaled[0] if len(scaled) == 1 else np.moveaxis(scaled, 0, -1)
    return result
