"""PyTorch's operators that change shapes, and those that work along the last axis."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from tests.reference.spoken import (
    BATCH,
    CONTRADICTION,
    FRAMEWORK,
    NO_WORD,
    WRONG_RANK,
    Case,
    Shape,
    UnsayableError,
    step,
)

Steps = tuple[int, Shape, list[str]]


def split_batch(case: Case, rank: int) -> tuple[int, Shape]:
    """The batch and one sample of an input that may come without a batch."""
    shape = tuple(case["input"])
    if len(shape) == rank + 2:
        return shape[0], shape[1:]
    if len(shape) == rank + 1:
        return 1, shape
    raise UnsayableError(WRONG_RANK)


def _first_is_batch(case: Case) -> tuple[int, Shape]:
    batch, *x = case["input"]
    if not 1 <= len(x) <= 4:
        raise UnsayableError(WRONG_RANK)
    return batch, tuple(x)


def linear(case: Case) -> Steps:
    """The last axis; all others are positions."""
    config, shape = case["config"], tuple(case["input"])
    batch, x = (1, shape) if len(shape) == 1 else _first_is_batch(case)
    if x[-1] != config["in_features"]:
        raise UnsayableError(CONTRADICTION)
    axis = "last" if len(x) > 1 else None
    return batch, x, [step("fc", units=config["out_features"], bias=config.get("bias"), axis=axis)]


def layer_norm(case: Case) -> Steps:
    """The axes that `normalized_shape` covers, from the last."""
    config, shape = case["config"], tuple(case["input"])
    sides = config["normalized_shape"]
    sides = tuple(sides) if isinstance(sides, list) else (sides,)
    if len(shape) < len(sides):
        raise UnsayableError(WRONG_RANK)
    if shape[-len(sides) :] != sides:
        raise UnsayableError(CONTRADICTION)
    batch, x = (1, shape) if len(shape) == len(sides) else _first_is_batch(case)
    if len(x) > 4:
        raise UnsayableError(WRONG_RANK)
    axes = list(range(len(x) - len(sides), len(x)))
    affine, bias = config.get("elementwise_affine"), config.get("bias")
    return batch, x, [step("layernorm", axis=axes, affine=affine, bias=bias)]


def pixels(kind: str, factor: str) -> Callable[[Case], Steps]:
    """Pixel shuffles are for images; any axes before them are batch."""

    def translate(case: Case) -> Steps:
        shape = tuple(case["input"])
        if len(shape) < 3:
            raise UnsayableError(WRONG_RANK)
        return prod(shape[:-3]), shape[-3:], [step(kind, factor=case["config"][factor])]

    return translate


def upsample(case: Case) -> Steps:
    """Interpolation by a factor or to a size."""
    config = case["config"]
    batch, x = _first_is_batch(case)
    size, factor, mode = config.get("size"), config.get("scale_factor"), config.get("mode", "nearest")
    if len(x) == 1:
        raise UnsayableError(WRONG_RANK)
    if config.get("recompute_scale_factor") and size is not None:
        raise UnsayableError(FRAMEWORK)
    corners = config.get("align_corners")
    if corners is False and mode in ("nearest", "nearest-exact", "area"):
        raise UnsayableError(FRAMEWORK)  # there, even saying no is refused
    params = {"factor": factor, "size": size, "mode": mode.replace("-", "_"), "align_corners": corners}
    return batch, x, [step("upsample", **params)]


def _sides(padding: Any, rank: int) -> list[list[int]]:
    """(before, after) per axis in the order of the axes; there, the last axis comes first."""
    flat = padding if isinstance(padding, list) else [padding] * (2 * rank)
    pairs = [flat[i : i + 2] for i in range(0, len(flat), 2)]
    return pairs[::-1]


def pad(mode: str) -> Callable[[Case, int], Steps]:
    """Padding with pixels of the image."""

    def translate(case: Case, rank: int) -> Steps:
        batch, x = split_batch(case, rank)
        return batch, x, [step("pad", amount=_sides(case["config"]["padding"], rank), mode=mode)]

    return translate


def constant_pad(case: Case, rank: int) -> Steps:
    """Padding with a number works on the last axes of any tensor."""
    shape, config = tuple(case["input"]), case["config"]
    amounts = _sides(config["padding"], rank)
    if len(shape) <= rank:
        raise UnsayableError(WRONG_RANK)  # no axis left to be the channels
    batch, x = (1, shape) if len(shape) == rank + 1 else _first_is_batch(case)
    amounts = [[0, 0]] * (len(x) - 1 - len(amounts)) + amounts
    return batch, x, [step("pad", amount=amounts, value=config.get("value"))]


def flatten(case: Case) -> Steps:
    """All axes but the batch, or some of them, which is a reshape."""
    config = case["config"]
    batch, x = _first_is_batch(case)
    rank = len(case["input"])
    first, last = config.get("start_dim", 1), config.get("end_dim", -1)
    first, last = (dim + rank if dim < 0 else dim for dim in (first, last))
    if not 0 <= first <= last < rank:
        raise UnsayableError(NO_WORD)  # the language names no axes to flatten
    if first == 0 < last:
        raise UnsayableError(BATCH)
    if first <= 1 and last == rank - 1:
        return batch, x, [step("flatten")]
    if first == last:
        return batch, x, [step("identity")]
    return batch, x, [step("reshape", shape=[*x[: first - 1], prod(x[first - 1 : last]), *x[last:]])]


def channel_shuffle(case: Case) -> Steps:
    """Channels after the batch."""
    batch, x = _first_is_batch(case)
    return batch, x, [step("shuffle", groups=case["config"]["groups"])]
