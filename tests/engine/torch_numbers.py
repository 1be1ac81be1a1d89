"""PyTorch's numeric cases as layers of the language, applied by the engine."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from cnncalc.engine.kernels import Array, Context, forward
from cnncalc.layers import registry
from cnncalc.layers.base import Layer, build

Case = dict[str, Any]


def make(kind: str, rank: int, **values: Any) -> Layer:
    return build(registry()[kind], {name: value for name, value in values.items() if value is not None}, rank)


def apply(kind: str, x: Array, context: Context | None = None, tensors: Any = None, **values: Any) -> Array:
    """One layer built from plain values, applied to (batch, channels, *spatial)."""
    layer = make(kind, x.ndim - 2, **values)
    weights = {name: np.asarray(value, x.dtype) for name, value in (tensors or {}).items()}
    result = forward(layer, [x], weights, context)
    assert result.shape[1:] == layer.infer(x.shape[1:]).shape
    return result


def compute(case: Case) -> tuple[Array, Context]:
    """What the engine makes of a case, in float64."""
    x = np.array(case["input"], float)
    op = case["op"]
    if op[-2:] in ("1d", "2d", "3d") and not op.endswith("tf"):
        op = op[:-2]
    context = Context(training=case["config"].get("training", False), momentum=case["config"].get("momentum") or 0.1)
    return _OPS[op](case, x, context), context


def _conv(case: Case, x: Array, context: Context) -> Array:
    weight = np.array(case["weights"]["weight"])
    config = dict(case["config"])
    padding = "same" if "same" in case["op"] else pairs(config.get("padding"))
    return apply(
        "conv",
        x,
        context,
        case["weights"],
        filters=len(weight),
        kernel=list(weight.shape[2:]),
        bias="bias" in case["weights"],
        padding=padding,
        **{name: config.get(name) for name in ("stride", "dilation", "groups")},
    )


def pairs(padding: Any) -> Any:
    """[1, 2] as [[1, 1], [2, 2]]: the same rows before and after."""
    return [[side, side] for side in padding] if isinstance(padding, list) else padding


def _conv_transpose(case: Case, x: Array, context: Context) -> Array:
    weight = np.array(case["weights"]["weight"])
    config = case["config"]
    return apply(
        "conv_transpose",
        x,
        context,
        case["weights"],
        filters=weight.shape[1] * config.get("groups", 1),
        kernel=list(weight.shape[2:]),
        bias="bias" in case["weights"],
        padding=pairs(config.get("padding")),
        **{name: config.get(name) for name in ("stride", "dilation", "groups", "output_padding")},
    )


def _pool(kind: str) -> Callable[[Case, Array, Context], Array]:
    def translate(case: Case, x: Array, context: Context) -> Array:
        config = case["config"]
        values = {
            "kernel": config["kernel_size"],
            "stride": config.get("stride"),
            "padding": "same" if "same" in case["op"] else pairs(config.get("padding")),
            "dilation": config.get("dilation"),
            "rounding": "ceil" if config.get("ceil_mode") else None,
        }
        if config.get("divisor_override"):
            sums: Array = _sums(x, values) / config["divisor_override"]
            return sums
        if kind == "avgpool":
            values["count_padding"] = False if "same" in case["op"] else config.get("count_include_pad")
        return apply(kind, x, **values)

    return translate


def _sums(x: Array, values: dict[str, Any]) -> Array:
    """Sums of windows: zeros all around, then a depthwise convolution with ones."""
    wanted = make("avgpool", x.ndim - 2, **values).infer(x.shape[1:]).shape[1:]
    axes = zip(wanted, x.shape[2:], values["kernel"], values["stride"], values["padding"], strict=True)
    amounts = [[before, max(0, (m - 1) * s + k - n - before)] for m, n, k, s, (before, _) in axes]
    ones = {"weight": np.ones((x.shape[1], 1, *values["kernel"]))}
    padded = apply("pad", x, amount=amounts)
    return apply("depthwise", padded, None, ones, kernel=values["kernel"], stride=values["stride"], bias=False)


def _adaptive(kind: str) -> Callable[[Case, Array, Context], Array]:
    return lambda case, x, context: apply(kind, x, size=case["config"]["output_size"])


def _norm(kind: str, **names: str) -> Callable[[Case, Array, Context], Array]:
    def translate(case: Case, x: Array, context: Context) -> Array:
        given, config = case["weights"], case["config"]
        values: dict[str, Any] = {ours: config[theirs] for ours, theirs in names.items()}
        if kind in ("batchnorm", "instancenorm"):
            values["track_stats"] = "running_mean" in given
        affine = "weight" in given or "bias" in given
        return apply(kind, x, context, given, eps=config["eps"], affine=affine, **values)

    return translate


def _layer_norm(case: Case, x: Array, context: Context) -> Array:
    count = len(case["config"]["normalized_shape"])
    axes = list(range(x.ndim - 1 - count, x.ndim - 1))
    affine = "weight" in case["weights"]
    return apply("layernorm", x, context, case["weights"], axis=axes, eps=case["config"]["eps"], affine=affine)


def _linear(case: Case, x: Array, context: Context) -> Array:
    units = len(case["weights"]["weight"])
    batched = x if x.ndim > 1 else x[None]
    axis = "last" if x.ndim > 2 else None
    bias = "bias" in case["weights"]
    return apply("fc", batched, context, case["weights"], units=units, bias=bias, axis=axis).reshape(*x.shape[:-1], -1)


def _interpolate(case: Case, x: Array, context: Context) -> Array:
    config = case["config"]
    mode = config["mode"].replace("-", "_")
    corners = config.get("align_corners") or None
    return apply(
        "upsample", x, mode=mode, align_corners=corners, factor=config.get("scale_factor"), size=config.get("size")
    )


def _softmax(case: Case, x: Array, context: Context) -> Array:
    dim = case["config"].get("dim", 1)
    return np.moveaxis(apply("softmax", np.moveaxis(x, dim, 1)), 1, dim)


def _lrn(case: Case, x: Array, context: Context) -> Array:
    config = case["config"]
    alpha = config["alpha"] / config["size"]  # PyTorch divides by the size, the paper does not
    return apply("lrn", x, size=config["size"], alpha=alpha, beta=config["beta"], k=config["k"])


def _pad(case: Case, x: Array, context: Context) -> Array:
    flat, config = case["config"]["pad"], case["config"]
    amounts = [list(flat[i : i + 2]) for i in range(0, len(flat), 2)][::-1]
    amounts = [[0, 0]] * (x.ndim - 2 - len(amounts)) + amounts
    mode = {"constant": "zeros"}.get(config["mode"], config["mode"])
    return apply("pad", x, amount=amounts, mode=mode, value=config.get("value"))


def _prelu(case: Case, x: Array, context: Context) -> Array:
    per = "shared" if prod(np.shape(case["weights"]["weight"])) == 1 else "channel"
    return apply("prelu", x, None, case["weights"], per=per)


def _plain(kind: str, **names: str) -> Callable[[Case, Array, Context], Array]:
    """A layer whose parameters PyTorch calls otherwise."""
    return lambda case, x, context: apply(
        kind, x, **{ours: case["config"].get(theirs) for ours, theirs in names.items()}
    )


_OPS: dict[str, Callable[[Case, Array, Context], Array]] = {
    "conv": _conv,
    "conv2d_same_tf": _conv,
    "conv_transpose": _conv_transpose,
    "max_pool": _pool("maxpool"),
    "maxpool2d_same_tf": _pool("maxpool"),
    "avg_pool": _pool("avgpool"),
    "avgpool2d_same_tf": _pool("avgpool"),
    "adaptive_avg_pool": _adaptive("adaptive_avgpool"),
    "adaptive_max_pool": _adaptive("adaptive_maxpool"),
    "batch_norm": _norm("batchnorm"),
    "instance_norm": _norm("instancenorm"),
    "group_norm": _norm("groupnorm", groups="num_groups"),
    "layer_norm": _layer_norm,
    "linear": _linear,
    "interpolate": _interpolate,
    "softmax": _softmax,
    "local_response_norm": _lrn,
    "pad": _pad,
    "prelu": _prelu,
    "pixel_shuffle": _plain("pixel_shuffle", factor="upscale_factor"),
    "pixel_unshuffle": _plain("pixel_unshuffle", factor="downscale_factor"),
    "channel_shuffle": _plain("shuffle", groups="groups"),
    "gelu": _plain("gelu", approximate="approximate"),
    "leaky_relu": _plain("leaky_relu", slope="negative_slope"),
    "elu": _plain("elu", alpha="alpha"),
    **{kind: _plain(kind) for kind in ("relu", "relu6", "silu", "sigmoid", "tanh", "mish", "softplus", "selu")},
    **{kind: _plain(kind) for kind in ("hardswish", "hardsigmoid", "abs")},
}
