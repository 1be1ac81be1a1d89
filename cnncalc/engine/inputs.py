"""What a network is run on: pictures, arrays, ones, random numbers, an impulse."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.engine.files import read_array
from cnncalc.engine.kernels import Array
from cnncalc.engine.pictures import normalised, read_picture
from cnncalc.errors import DataError, did_you_mean
from cnncalc.graph import Graph
from cnncalc.layers.dense import Embedding

WORDS = ("ones", "zeros", "impulse", "random")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")


def make_inputs(
    graph: Graph, given: Mapping[str, str], *, batch: int = 1, dtype: str = "float32", imagenet: bool = False
) -> dict[str, Array]:
    """An array (batch, channels, *spatial) for every input of the graph.

    Args:
        graph: of a loaded network.
        given: by input name ('' for all that are not named): a file, `ones`, `zeros`, `impulse` (a single
            one in the middle of every channel) or `random:SEED`; without any, `random:0`.
        batch: how many samples; a file's sample is repeated.
        dtype: float32 or float64.
        imagenet: normalise pictures as for networks trained on ImageNet.

    Raises:
        DataError: if an input does not exist, or a file does not fit.
    """
    for name in given:
        if name and name not in graph.inputs:
            known = ", ".join(graph.inputs)
            raise DataError(
                f"the network has no input '{name}': {did_you_mean(name, graph.inputs) or f'it has {known}'}"
            )
    arrays = {}
    for name, index in graph.inputs.items():
        source = given.get(name, given.get("", "random:0"))
        array = one_input(source, name, graph.nodes[index].shape, _vocabulary(graph, index), batch, imagenet)
        arrays[name] = array.astype(dtype)
    return arrays


def _vocabulary(graph: Graph, index: int) -> int | None:
    """How many tokens there are, if the input is read by an embedding."""
    for node in graph.nodes:
        if index in node.inputs and isinstance(node.layer, Embedding):
            return int(node.layer.vocab)
    return None


def one_input(
    source: str, name: str, shape: tuple[int, ...], vocabulary: int | None, batch: int, imagenet: bool = False
) -> Array:
    """One array as `make_inputs` describes."""
    full = (batch, *shape)
    word, _, argument = source.partition(":")
    if word == "ones":
        return np.ones(full)
    if word == "zeros":
        return np.zeros(full)
    if word == "impulse":
        array = np.zeros(full)
        middle: Any = (slice(None), slice(None), *(n // 2 for n in shape[1:]))
        array[middle] = 1
        return array
    if word == "random":
        if argument and not argument.isdecimal():
            raise DataError(f"'{source}': the seed must be a whole number, as in random:7")
        random = np.random.default_rng([int(argument or 0), zlib.crc32(name.encode())])
        return random.standard_normal(full) if vocabulary is None else random.integers(0, vocabulary, full)
    path = Path(source)
    if path.suffix.lower() in PICTURES:
        if len(shape) != 3:
            raise DataError(f"{path} has height and width, but the input '{name}' is {spell(shape)}: give it a .npy")
        picture = read_picture(path, shape[0], shape[1:])
        picture = normalised(picture) if imagenet and shape[0] == 3 else picture
        return np.repeat(picture[None], batch, axis=0)
    if path.suffix in (".npy", ".npz"):
        return _fitting(read_array(path), path, shape, batch)
    help = did_you_mean(word, WORDS) or "write ones, random:7, impulse, or a .png or .npy file"
    raise DataError(f"there is no input data '{source}': {help}")


def _fitting(array: Array, path: Path, shape: tuple[int, ...], batch: int) -> Array:
    if array.dtype.kind not in "fiub":
        raise DataError(f"{path} holds {array.dtype} where real numbers are needed")
    if array.shape == (batch, *shape):
        return array
    if array.shape == shape or (shape[0] == 1 and array.shape == shape[1:]):
        return np.repeat(array.reshape(1, *shape), batch, axis=0)
    if array.ndim == len(shape) + 1 and array.shape[1:] == shape:
        raise DataError(f"{path} holds {array.shape[0]} samples: add --batch {array.shape[0]}")
    turned = (*shape[1:], shape[0])
    help = ": put the channels first" if array.shape in (turned, (1, *turned)) else ""
    raise DataError(f"{path} is {spell(array.shape)}, but the input is {spell(shape)}{help}")


def spell(shape: tuple[int, ...]) -> str:
    """`3x224x224`."""
    return "x".join(map(str, shape)) or "a single number"
