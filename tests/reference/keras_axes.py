"""Keras' layers that work along axes of any tensor, and those that take several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.reference.spoken import BATCH, NO_WORD, WRONG_RANK, Case, Shape, UnsayableError, step

Order = Callable[[Shape], Shape]


class Said(NamedTuple):
    """The batch, the input shapes, the steps, and how the case's output shape is written in the spec."""

    batch: int
    inputs: Shape | dict[str, Shape]
    steps: Sequence[str]
    order: Order


def _as_is(shape: Shape) -> Shape:
    return shape


def _sample(shape: Sequence[Any]) -> tuple[int, Shape]:
    batch, *sides = shape
    if not 1 <= len(sides) <= 4:
        raise UnsayableError(WRONG_RANK)
    return batch, tuple(sides)


def _axis(axis: int, rank: int) -> int:
    """An axis of the input, batch included, as an axis of one sample."""
    axis = axis + rank if axis < 0 else axis
    if axis == 0:
        raise UnsayableError(BATCH)
    if not 0 < axis < rank:
        raise UnsayableError(NO_WORD)  # an axis the tensor does not have: the language never names it
    return axis - 1


def _front(axis: int) -> Order:
    """One axis before all others, where the language has the channels."""
    return lambda shape: (shape[axis], *shape[:axis], *shape[axis + 1 :])


def _learned(config: dict[str, Any]) -> dict[str, Any]:
    return {"scale": config.get("scale"), "bias": config.get("center")}


def batch_norm(case: Case) -> Said:
    """Statistics of one axis, which becomes the channels."""
    batch, x = _sample(case["input"])
    order = _front(_axis(case["config"].get("axis", -1), len(case["input"])))
    return Said(batch, order(x), [step("batchnorm", **_learned(case["config"]))], order)


def group_norm(case: Case) -> Said:
    """Groups of one axis, which becomes the channels; -1 groups means one per channel."""
    config = case["config"]
    batch, x = _sample(case["input"])
    order = _front(_axis(config.get("axis", -1), len(case["input"])))
    groups = config["groups"] if config["groups"] != -1 else order(x)[0]
    return Said(batch, order(x), [step("groupnorm", groups=groups, **_learned(config))], order)


def layer_norm(case: Case) -> Said:
    """One axis or several."""
    config = case["config"]
    batch, x = _sample(case["input"])
    axes = config.get("axis", -1)
    axes = [_axis(axis, len(case["input"])) for axis in (axes if isinstance(axes, list) else [axes])]
    return Said(batch, x, [step("layernorm", axis=axes, **_learned(config))], _as_is)


def prelu(case: Case) -> Said:
    """A slope per unit, unless axes share them."""
    batch, x = _sample(case["input"])
    shared = {_axis(axis, len(case["input"])) for axis in case["config"].get("shared_axes") or ()}
    kept = {axis for axis, side in enumerate(x) if axis not in shared and side > 1}
    last = len(x) - 1
    if not kept:
        per = "shared"
    elif kept == {axis for axis, side in enumerate(x) if side > 1}:
        per = "unit"
    elif kept == {last}:
        per = "channel"
    else:
        raise UnsayableError(NO_WORD)
    return Said(batch, _front(last)(x), [step("prelu", per=per)], _front(last))


def dense(case: Case) -> Said:
    """The last axis."""
    config = case["config"]
    batch, x = _sample(case["input"])
    axis = "last" if len(x) > 1 else None
    return Said(batch, x, [step("fc", units=config["units"], bias=config.get("use_bias"), axis=axis)], _as_is)


def flatten(case: Case) -> Said:
    """Everything but the batch."""
    batch, x = _sample(case["input"])
    return Said(batch, x, ["flatten"], _as_is)


def reshape(case: Case) -> Said:
    """Everything but the batch, in the order it has."""
    batch, x = _sample(case["input"])
    return Said(batch, x, [step("reshape", shape=case["config"]["target_shape"])], _as_is)


def permute(case: Case) -> Said:
    """Axes counted from 1, the batch being 0."""
    batch, x = _sample(case["input"])
    return Said(batch, x, [step("permute", order=[axis - 1 for axis in case["config"]["dims"]])], _as_is)


def repeat_vector(case: Case) -> Said:
    """A vector becomes the channels of a sequence, which is stretched."""
    batch, x = _sample(case["input"])
    if len(x) != 1:
        raise UnsayableError(WRONG_RANK)
    steps = [step("reshape", shape=[*x, 1]), step("upsample", size=case["config"]["n"])]
    return Said(batch, x, steps, _front(1))


def _named(case: Case) -> tuple[int, dict[str, Shape]]:
    samples = [_sample(shape) for shape in case["input"]]
    if len({batch for batch, _ in samples}) > 1:
        raise UnsayableError(BATCH)
    return samples[0][0], {f"x{i}": x for i, (_, x) in enumerate(samples)}


def merge(kind: str) -> Callable[[Case], Said]:
    """Unit by unit; an input with fewer axes gets sides of 1 in front."""

    def translate(case: Case) -> Said:
        batch, inputs = _named(case)
        rank = max(map(len, inputs.values()))
        steps = []
        for name, x in inputs.items():
            steps.append(f"from: {name}")
            if len(x) < rank:
                steps += [step("reshape", shape=[*[1] * (rank - len(x)), *x]), f"name: {name}_"]
        names = [name if len(x) == rank else f"{name}_" for name, x in inputs.items()]
        return Said(batch, inputs, [*steps, f"{kind}: [{', '.join(names)}]"], _as_is)

    return translate


def concatenate(case: Case) -> Said:
    """Along one axis, which becomes the channels."""
    batch, inputs = _named(case)
    order = _front(_axis(case["config"].get("axis", -1), len(case["input"][0])))
    if len({len(x) for x in inputs.values()}) > 1:
        raise UnsayableError(WRONG_RANK)
    moved = {name: order(x) for name, x in inputs.items()}
    return Said(batch, moved, ["from: x0", f"concat: [{', '.join(moved)}]"], order)
