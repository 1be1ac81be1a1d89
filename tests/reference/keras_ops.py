"""Keras' layers in the language: `to_spec` translates one configuration.

Convolutions, pooling and paddings are said with channels first, since that is how the language
computes; layers that work along some axis keep the order of the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.reference import keras_axes
from tests.reference.keras_axes import Said
from tests.reference.spoken import (
    FRAMEWORK,
    NO_WORD,
    WRONG_RANK,
    Case,
    Shape,
    Spec,
    UnsayableError,
    check_sides,
    numbers,
    spec,
    step,
)


def refused(case: Case) -> bool:
    """Whether the layer is refused where shapes are inferred; running it on empty tensors may still work."""
    static = case.get("static")
    return not case["ok"] or (isinstance(static, dict) and "error" in static)


def to_spec(case: Case) -> Spec | str:
    """The case as a spec, or the reason why the language cannot say it."""
    try:
        check_sides(case if not refused(case) else {"input": case["input"]})
        said = _translator(case["layer"])(case)
    except UnsayableError as reason:
        return str(reason)
    output = None if refused(case) else said.order(tuple(case["output"][1:]))
    return Spec(spec(said.inputs, *said.steps), said.batch, output)


def params(case: Case) -> int:
    """What is trained."""
    return int(case["params"][0])


def buffers(case: Case) -> int:
    """What is kept but not trained."""
    return int(case["params"][1])


def _translator(layer: str) -> Callable[[Case], Said]:
    if layer in _ANY_RANK:
        return _ANY_RANK[layer]
    rank = next((int(layer[i]) for i in range(len(layer) - 1) if layer[i : i + 2] in ("1D", "2D", "3D")), 0)
    kind = layer.replace(f"{rank}D", "")
    if kind not in _RANKED:
        raise UnsayableError(NO_WORD)
    return lambda case: _ranked(case, rank, _RANKED[kind])


class Map(NamedTuple):
    """A case whose input is channels and `rank` sides."""

    config: dict[str, Any]
    x: Shape
    rank: int


def _ranked(case: Case, rank: int, translate: Callable[[Map], list[str]]) -> Said:
    config = case["config"]
    if len(case["input"]) != rank + 2:
        raise UnsayableError(WRONG_RANK)
    batch, *sample = case["input"]

    def order(shape: Shape) -> Shape:
        return shape if config.get("data_format") == "channels_first" else (shape[-1], *shape[:-1])

    x = order(tuple(sample))
    return Said(batch, x, translate(Map(config, x, rank)), order)


def _window(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "kernel": config["kernel_size"],
        "stride": config.get("strides"),
        "padding": config.get("padding"),
        "dilation": config.get("dilation_rate"),
    }


def _check_strides(case: Map) -> None:
    """Strides and dilations are refused together, although both can be computed."""
    strides, dilations = (numbers(case.config.get(name, 1), case.rank) for name in ("strides", "dilation_rate"))
    if max(strides) > 1 and max(dilations) > 1:
        raise UnsayableError(FRAMEWORK)


def _conv(case: Map) -> list[str]:
    config = case.config
    _check_strides(case)
    bias, groups = config.get("use_bias"), config.get("groups")
    return [step("conv", filters=config["filters"], **_window(config), groups=groups, bias=bias)]


def _depthwise(case: Map) -> list[str]:
    config = case.config
    return [
        step("depthwise", **_window(config), multiplier=config.get("depth_multiplier"), bias=config.get("use_bias"))
    ]


def _separable(case: Map) -> list[str]:
    config = case.config
    depthwise = step("depthwise", **_window(config), multiplier=config.get("depth_multiplier"), bias=False)
    return [depthwise, step("pointwise", filters=config["filters"], bias=config.get("use_bias"))]


def _conv_transpose(case: Map) -> list[str]:
    """`valid` keeps what a stride longer than the kernel leaves; with output_padding, `same` cuts half a kernel."""
    config, rank = case.config, case.rank
    _check_strides(case)
    window = _window(config)
    strides, dilations = (numbers(config.get(name, 1), rank) for name in ("strides", "dilation_rate"))
    spans = [(kernel - 1) * d + 1 for kernel, d in zip(numbers(config["kernel_size"], rank), dilations, strict=False)]
    extra = config.get("output_padding")
    if extra is not None:
        for more, stride, dilation in zip(numbers(extra, rank), strides, dilations, strict=False):
            if stride <= more < dilation:
                raise UnsayableError(FRAMEWORK)  # it must be smaller than the stride, even without need
        window["padding"] = [span // 2 if config.get("padding") == "same" else 0 for span in spans]
    elif config.get("padding", "valid") == "valid":
        extra = [max(stride - span, 0) for stride, span in zip(strides, spans, strict=False)]
    bias = config.get("use_bias")
    return [step("conv_transpose", filters=config["filters"], **window, output_padding=extra, bias=bias)]


def _pool(kind: str) -> Callable[[Map], list[str]]:
    def translate(case: Map) -> list[str]:
        config = case.config
        if config.get("padding") == "causal" and case.rank == 1:
            raise UnsayableError(FRAMEWORK)
        return [step(kind, kernel=config["pool_size"], stride=config.get("strides"), padding=config.get("padding"))]

    return translate


def _adaptive(kind: str) -> Callable[[Map], list[str]]:
    return lambda case: [step(kind, size=case.config["output_size"])]


def _global(kind: str) -> Callable[[Map], list[str]]:
    return lambda case: [kind] if case.config.get("keepdims") else [kind, "flatten"]


def _border(kind: str, name: str) -> Callable[[Map], list[str]]:
    def translate(case: Map) -> list[str]:
        amount = case.config[name]
        if case.rank == 1 and isinstance(amount, list):
            amount = [amount]
        return [step(kind, amount=amount)]

    return translate


def _upsample(case: Map) -> list[str]:
    mode = case.config.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear", "bicubic"):
        raise UnsayableError(NO_WORD)
    return [step("upsample", factor=case.config["size"], mode=mode)]


_RANKED: dict[str, Callable[[Map], list[str]]] = {
    "Conv": _conv,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "ConvTranspose": _conv_transpose,
    "MaxPooling": _pool("maxpool"),
    "AveragePooling": _pool("avgpool"),
    "AdaptiveAveragePooling": _adaptive("adaptive_avgpool"),
    "AdaptiveMaxPooling": _adaptive("adaptive_maxpool"),
    "GlobalAveragePooling": _global("global_avgpool"),
    "GlobalMaxPooling": _global("global_maxpool"),
    "ZeroPadding": _border("pad", "padding"),
    "Cropping": _border("crop", "cropping"),
    "UpSampling": _upsample,
}
_ANY_RANK: dict[str, Callable[[Case], Said]] = {
    "BatchNormalization": keras_axes.batch_norm,
    "GroupNormalization": keras_axes.group_norm,
    "LayerNormalization": keras_axes.layer_norm,
    "PReLU": keras_axes.prelu,
    "Dense": keras_axes.dense,
    "Flatten": keras_axes.flatten,
    "Reshape": keras_axes.reshape,
    "Permute": keras_axes.permute,
    "RepeatVector": keras_axes.repeat_vector,
    "Add": keras_axes.merge("add"),
    "Subtract": keras_axes.merge("sub"),
    "Multiply": keras_axes.merge("mul"),
    "Average": keras_axes.merge("average"),
    "Maximum": keras_axes.merge("maximum"),
    "Concatenate": keras_axes.concatenate,
}
