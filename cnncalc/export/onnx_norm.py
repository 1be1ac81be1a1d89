"""Normalisations in ONNX."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnncalc.export.onnx_steps import Step, writes


def _normalised(step: Step, x: str, axes: Sequence[int]) -> str:
    """Mean 0 and variance 1 over axes, the batch being axis 0."""
    centred = step.op("Sub", x, step.reduce("ReduceMean", x, axes))
    variance = step.reduce("ReduceMean", step.op("Mul", centred, centred), axes)
    deviation = step.op("Sqrt", step.op("Add", variance, step.constant(float(step.layer.eps))))
    return step.op("Div", centred, deviation)


def _affine(step: Step, x: str, shape: tuple[int, ...]) -> str:
    """Times γ plus β, if the layer learns them; `shape` is what they are broadcast from."""
    if step.has("weight"):
        x = step.op("Mul", x, step.weight("weight", shape))
    if step.has("bias"):
        x = step.op("Add", x, step.weight("bias", shape))
    return x


def _per_channel(step: Step) -> tuple[int, ...]:
    return (step.side[0],) + (1,) * step.rank


@writes("batchnorm", "instancenorm")
def tracked(step: Step) -> str:
    """With kept statistics BatchNormalization; without, those of the batch (or sample) at hand."""
    if step.has("running_mean"):
        channels = step.side[0]
        scale = step.weight("weight") if step.has("weight") else step.constant(np.ones(channels))
        shift = step.weight("bias") if step.has("bias") else step.constant(np.zeros(channels))
        statistics = step.weight("running_mean"), step.weight("running_var")
        return step.op("BatchNormalization", step.x, scale, shift, *statistics, epsilon=float(step.layer.eps))
    spatial = list(range(2, step.rank + 2))
    axes = spatial if step.layer.kind == "instancenorm" else [0, *spatial]
    return _affine(step, _normalised(step, step.x, axes), _per_channel(step))


@writes("layernorm")
def layernorm(step: Step) -> str:
    """LayerNormalization where the normalised axes are the last ones; otherwise step by step."""
    mixed = step.layer.mixes(step.side)
    trailing = mixed == tuple(range(len(step.side) - len(mixed), len(step.side)))
    if trailing and step.opset >= 17 and step.has("weight"):
        learned = [step.weight(name) for name in ("weight", "bias") if step.has(name)]
        return step.op(
            "LayerNormalization", step.x, *learned, axis=min(mixed) - len(step.side), epsilon=float(step.layer.eps)
        )
    shape = tuple(side if axis in mixed else 1 for axis, side in enumerate(step.side))
    return _affine(step, _normalised(step, step.x, [axis + 1 for axis in mixed]), shape)


@writes("groupnorm")
def groupnorm(step: Step) -> str:
    """Each group as one channel, normalised for itself."""
    grouped = step.reshape(step.x, (step.layer.groups, -1))
    return _affine(step, step.reshape(_normalised(step, grouped, [2]), step.side), _per_channel(step))


@writes("lrn")
def lrn(step: Step) -> str:
    """LRN, whose α is divided by the size; for an even size or other than images, as what it means."""
    layer, size = step.layer, step.layer.size
    if size % 2 and step.rank == 2 and step.single:
        return step.op(
            "LRN", step.x, size=size, alpha=float(layer.alpha * size), beta=float(layer.beta), bias=float(layer.k)
        )
    squares = step.reshape(step.op("Mul", step.x, step.x), (step.side[0], -1))
    channels = np.arange(step.side[0])
    distance = channels[None, :] - channels[:, None]
    near = (distance >= -(size // 2)) & (distance < size - size // 2)
    total = step.reshape(step.op("MatMul", step.constant(near * float(layer.alpha)), squares), step.side)
    base = step.op("Add", total, step.constant(float(layer.k)))
    return step.op("Div", step.x, step.op("Pow", base, step.constant(float(layer.beta))))


@writes("scale")
def scale(step: Step) -> str:
    """A factor per channel."""
    return step.op("Mul", step.x, step.per_channel("weight"))
