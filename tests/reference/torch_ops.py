"""PyTorch's operators in the language: `to_spec` translates one configuration.

Leading axes that PyTorch takes as a batch are left out of the spec; everything else is kept, faulty
values included, so that what is impossible there must be refused here.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from tests.reference import torch_shapes
from tests.reference.spoken import (
    CONTRADICTION,
    FRAMEWORK,
    NO_WORD,
    STATISTICS,
    WRONG_RANK,
    Case,
    Shape,
    Spec,
    UnsayableError,
    check_sides,
    numbers,
    single,
    spec,
    step,
)
from tests.reference.torch_shapes import split_batch

Steps = tuple[int, Shape, list[str]]
"""The batch, the shape of one sample, and the steps."""


def to_spec(case: Case) -> Spec | str:
    """The case as a spec, or the reason why the language cannot say it."""
    try:
        check_sides(case)
        batch, x, steps = _translator(case["op"])(case)
    except UnsayableError as reason:
        return str(reason)
    lead = len(case["input"]) - len(x)
    return Spec(spec(x, *steps), batch, tuple(case["output"][lead:]) if case["ok"] else None)


def buffers(case: Case) -> int:
    """Running statistics, without the step counter PyTorch keeps beside them."""
    return int(case["buffers"]) - (1 if case["buffers"] else 0)


def _translator(op: str) -> Callable[[Case], Steps]:
    rank = int(op[-2]) if op.endswith(("1d", "2d", "3d")) else 0
    kind = op[:-2] if rank else op
    if kind in _RANKED:
        return lambda case: _RANKED[kind](case, rank)
    if kind in _ANY_RANK:
        return _ANY_RANK[kind]
    raise UnsayableError(NO_WORD)


def _fits(number: int, x: Shape) -> None:
    if number != x[0]:
        raise UnsayableError(CONTRADICTION)


def _conv(case: Case, rank: int) -> Steps:
    config = case["config"]
    batch, x = split_batch(case, rank)
    _fits(config["in_channels"], x)
    padding, mode = config.get("padding", 0), config.get("padding_mode", "zeros")
    if padding == "same" and any(stride > 1 for stride in numbers(config.get("stride", 1), rank)):
        raise UnsayableError(FRAMEWORK)
    if padding == "causal" and rank == 1:
        raise UnsayableError(FRAMEWORK)
    steps = []
    if mode != "zeros" and padding not in ("full", "causal", "SAME"):
        steps.append(step("pad", amount=_amounts(config, padding, rank), mode=mode))
        padding = 0
    return batch, x, [*steps, step("conv", **_conv_params(config), padding=single(padding))]


def _conv_params(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "filters": config["out_channels"],
        "kernel": config["kernel_size"],
        "stride": single(config.get("stride")),
        "dilation": single(config.get("dilation")),
        "groups": config.get("groups"),
        "bias": config.get("bias"),
    }


def _amounts(config: dict[str, Any], padding: Any, rank: int) -> Any:
    """What a padding of a convolution adds as a step of its own."""
    if padding == "valid":
        return 0
    if padding == "same":
        taps = zip(numbers(config["kernel_size"], rank), numbers(config.get("dilation", 1), rank), strict=False)
        totals = [dilation * (kernel - 1) for kernel, dilation in taps]
        return [[total // 2, total - total // 2] for total in totals]
    return [[side, side] for side in padding] if isinstance(padding, list) and len(padding) > 1 else single(padding)


def _conv_transpose(case: Case, rank: int) -> Steps:
    config = case["config"]
    batch, x = split_batch(case, rank)
    _fits(config["in_channels"], x)
    padding = config.get("padding")
    if isinstance(padding, str) or config.get("padding_mode", "zeros") != "zeros":
        raise UnsayableError(FRAMEWORK)
    extra = single(config.get("output_padding"))
    return batch, x, [step("conv_transpose", **_conv_params(config), padding=single(padding), output_padding=extra)]


def _pool(kind: str) -> Callable[[Case, int], Steps]:
    def translate(case: Case, rank: int) -> Steps:
        config = case["config"]
        batch, x = split_batch(case, rank)
        if config.get("divisor_override") is not None:
            raise UnsayableError(NO_WORD)
        kernel, padding = single(config["kernel_size"]), single(config.get("padding"))
        if kind != "maxpool" and rank == 3 and _stricter_than_geometry(x, config):
            raise UnsayableError(FRAMEWORK)
        params = {
            "kernel": kernel,
            "stride": single(config.get("stride")),
            "padding": padding,
            "dilation": single(config.get("dilation")),
            "rounding": "ceil" if config.get("ceil_mode") else None,
            "count_padding": config.get("count_include_pad"),
            "p": config.get("norm_type"),
        }
        return batch, x, [step(kind, **params)]

    return translate


def _stricter_than_geometry(x: Shape, config: dict[str, Any]) -> bool:
    """Whether a window is larger than the image but fits with padding or ceil: 3-D averages refuse that."""
    kernels, paddings = numbers(config["kernel_size"], 3), numbers(config.get("padding", 0), 3)
    strides = numbers(config.get("stride") or config["kernel_size"], 3)
    if not len(kernels) == len(paddings) == len(strides) == 3:
        return False
    axes = list(zip(x[1:], kernels, paddings, strides, strict=True))
    spare = [n + 2 * p - k + (s - 1 if config.get("ceil_mode") else 0) for n, k, p, s in axes]
    return any(k > n for n, k, _, _ in axes) and min(spare) >= 0 and all(0 <= 2 * p <= k for _, k, p, _ in axes)


def _adaptive(kind: str) -> Callable[[Case, int], Steps]:
    def translate(case: Case, rank: int) -> Steps:
        batch, x = split_batch(case, rank)
        size = case["config"]["output_size"]
        if isinstance(size, list):  # None keeps the side of the input
            size = [n if side is None else side for n, side in zip((*x[1:], *size), size, strict=False)]
        return batch, x, [step(kind, size=size)]

    return translate


def _batch_norm(case: Case, rank: int) -> Steps:
    config = case["config"]
    if len(case["input"]) != rank + 2 and not (rank == 1 and len(case["input"]) == 2):
        raise UnsayableError(WRONG_RANK)
    batch, *x = case["input"]
    _fits(config["num_features"], tuple(x))
    # without kept statistics the ones of the batch are taken, at inference too
    if batch * prod(x[1:]) == 1 and (case["training"] or not config.get("track_running_stats", True)):
        raise UnsayableError(STATISTICS)
    return batch, tuple(x), [step("batchnorm", **_norm_params(config))]


def _norm_params(config: dict[str, Any]) -> dict[str, Any]:
    return {"affine": config.get("affine"), "track_stats": config.get("track_running_stats")}


def _instance_norm(case: Case, rank: int) -> Steps:
    config = case["config"]
    batch, x = split_batch(case, rank)
    _fits(config["num_features"], x)
    if set(x[1:]) == {1} and (case["training"] or not config.get("track_running_stats")):
        raise UnsayableError(STATISTICS)
    return batch, x, [step("instancenorm", **_norm_params(config))]


def _group_norm(case: Case) -> Steps:
    config = case["config"]
    if not 2 <= len(case["input"]) <= 5:
        raise UnsayableError(WRONG_RANK)
    batch, *x = case["input"]
    _fits(config["num_channels"], tuple(x))
    # what it counts is the batch times the channels of a group times the positions
    if batch * prod(x) == config["num_groups"]:
        raise UnsayableError(STATISTICS)
    return batch, tuple(x), [step("groupnorm", groups=config["num_groups"], affine=config.get("affine"))]


_RANKED: dict[str, Callable[[Case, int], Steps]] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "MaxPool": _pool("maxpool"),
    "AvgPool": _pool("avgpool"),
    "LPPool": _pool("lppool"),
    "AdaptiveAvgPool": _adaptive("adaptive_avgpool"),
    "AdaptiveMaxPool": _adaptive("adaptive_maxpool"),
    "BatchNorm": _batch_norm,
    "InstanceNorm": _instance_norm,
    "ZeroPad": torch_shapes.constant_pad,
    "ConstantPad": torch_shapes.constant_pad,
    "ReflectionPad": torch_shapes.pad("reflect"),
    "ReplicationPad": torch_shapes.pad("replicate"),
    "CircularPad": torch_shapes.pad("circular"),
}
_ANY_RANK: dict[str, Callable[[Case], Steps]] = {
    "GroupNorm": _group_norm,
    "LayerNorm": torch_shapes.layer_norm,
    "Linear": torch_shapes.linear,
    "PixelShuffle": torch_shapes.pixels("pixel_shuffle", "upscale_factor"),
    "PixelUnshuffle": torch_shapes.pixels("pixel_unshuffle", "downscale_factor"),
    "Upsample": torch_shapes.upsample,
    "Flatten": torch_shapes.flatten,
    "ChannelShuffle": torch_shapes.channel_shuffle,
}
