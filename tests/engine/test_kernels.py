"""Kernels against plain loops, in 1-D, 2-D and 3-D, and what must hold of layers the tables do not cover."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from cnncalc.engine.kernels import Array, Context
from cnncalc.engine.kernels_activation import normal_distribution
from tests.engine.torch_numbers import apply

RNG = np.random.default_rng(1)


def loops(x: Array, weight: Array, stride: int, padding: int, dilation: int, groups: int) -> Array:
    """Cross-correlation as it is defined, one number after the other."""
    rank = x.ndim - 2
    x = np.pad(x, ((0, 0), (0, 0), *[(padding, padding)] * rank))
    span = [dilation * (f - 1) + 1 for f in weight.shape[2:]]
    sizes = [(n - s) // stride + 1 for n, s in zip(x.shape[2:], span, strict=True)]
    result = np.zeros((x.shape[0], len(weight), *sizes))
    depth = x.shape[1] // groups
    for place in product(*map(range, sizes)):
        window = tuple(slice(i * stride, i * stride + s, dilation) for i, s in zip(place, span, strict=True))
        for f in range(len(weight)):
            group = f // (len(weight) // groups)
            where: Any = (slice(None), slice(group * depth, (group + 1) * depth), *window)
            part = x[where]
            unit: Any = (slice(None), f, *place)
            result[unit] = (part * weight[f]).sum(axis=tuple(range(1, part.ndim)))
    return result


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2), (3, 0, 1)])
def test_convolution_is_its_definition(rank: int, groups: int, stride: int, padding: int, dilation: int) -> None:
    x = RNG.standard_normal((2, 4, *(7, 8, 6)[:rank]))
    weight = RNG.standard_normal((8, 4 // groups, *(3, 2, 3)[:rank]))
    values = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "bias": False}
    got = apply("conv", x, None, {"weight": weight}, filters=8, kernel=list(weight.shape[2:]), **values)
    assert np.allclose(got, loops(x, weight, stride, padding, dilation, groups), atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_blocks_join_without_a_seam(rank: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = RNG.standard_normal((3, 4, *(9, 7, 5)[:rank]))
    weight = RNG.standard_normal((6, 4, *(3,) * rank))
    transposed = RNG.standard_normal((4, 6, *(3,) * rank))
    values: dict[str, Any] = {"filters": 6, "kernel": 3, "bias": False}
    whole = apply("conv", x, None, {"weight": weight}, padding=1, **values)
    wide = apply("conv_transpose", x, None, {"weight": transposed}, stride=2, **values)
    monkeypatch.setattr("cnncalc.engine.kernels_conv.BLOCK_BYTES", 64)
    assert np.allclose(whole, apply("conv", x, None, {"weight": weight}, padding=1, **values), atol=1e-12)
    assert np.allclose(wide, apply("conv_transpose", x, None, {"weight": transposed}, stride=2, **values), atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_depthwise_with_a_multiplier_is_a_grouped_convolution(rank: int) -> None:
    x = RNG.standard_normal((2, 3, *(6, 7, 5)[:rank]))
    weight = RNG.standard_normal((6, 1, *(3,) * rank))
    got = apply("depthwise", x, None, {"weight": weight}, kernel=3, multiplier=2, padding=1, bias=False)
    assert np.allclose(got, loops(x, weight, 1, 1, 1, 3), atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_locally_connected_with_equal_weights_everywhere_is_a_convolution(rank: int) -> None:
    x = RNG.standard_normal((2, 3, *(6, 7, 5)[:rank]))
    weight = RNG.standard_normal((4, 3, *(3,) * rank))
    places = loops(x, weight, 2, 1, 1, 1).shape[2:]
    everywhere = np.broadcast_to(weight.reshape(*weight.shape, *(1,) * rank), (*weight.shape, *places))
    bias = RNG.standard_normal((4, *places))
    tensors = {"weight": everywhere, "bias": bias}
    got = apply("locally_connected", x, None, tensors, filters=4, kernel=3, stride=2, padding=1)
    assert np.allclose(got, loops(x, weight, 2, 1, 1, 1) + bias, atol=1e-12)


@pytest.mark.parametrize("kind", ["conv", "depthwise", "locally_connected"])
def test_true_convolution_flips_the_kernel_both_ways(kind: str) -> None:
    x = RNG.standard_normal((1, 1, 5, 5))
    kernel = RNG.standard_normal((1, 1, 3, 3))
    tensors = {"weight": kernel if kind != "locally_connected" else np.repeat(kernel, 9).reshape(1, 1, 3, 3, 3, 3)}
    flipped = {"weight": np.flip(tensors["weight"], (2, 3))}
    values = {"kernel": 3, "bias": False} | ({} if kind == "depthwise" else {"filters": 1})
    got = apply(kind, x, Context(flip=True), tensors, **values)
    assert np.allclose(got, apply(kind, x, None, flipped, **values))
    assert not np.allclose(got, apply(kind, x, None, tensors, **values))


def test_pixels_and_channels_traded_there_and_back() -> None:
    for rank in (1, 2, 3):
        x = RNG.standard_normal((2, 2, *(4, 6, 2)[:rank]))
        down = apply("pixel_unshuffle", x, factor=2)
        assert np.array_equal(apply("pixel_shuffle", down, factor=2), x)
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert np.array_equal(apply("space_to_depth", x, factor=2)[0, :, 0, 0], [0, 1, 4, 5])


def test_normal_distribution_to_the_last_digit() -> None:
    from math import erfc, sqrt

    x = np.linspace(-8.5, 8.5, 4001)
    wanted = [erfc(-value / sqrt(2)) / 2 for value in x]
    assert np.allclose(normal_distribution(x), wanted, rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "area", "nearest"])
def test_resizing_keeps_what_is_the_same_everywhere(mode: str) -> None:
    got = apply("upsample", np.full((1, 1, 5, 7), 3.25), size=[8, 4], mode=mode)
    assert np.allclose(got, 3.25, atol=1e-14)


def test_dropout_only_while_training() -> None:
    x = np.ones((1, 1, 100, 100))
    assert apply("dropout", x, p=0.25) is x
    dropped = apply("dropout", x, Context(training=True), p=0.25)
    assert set(np.unique(dropped)) == {0.0, 1 / 0.75} and 0.2 < (dropped == 0).mean() < 0.3


def test_what_the_notes_say_of_pooling() -> None:
    x4 = np.array([[1, 3, 2, 4], [5, 6, 1, 2], [7, 8, 9, 0], [4, 3, 2, 1]], float)[None, None]
    assert apply("maxpool", x4, kernel=2)[0, 0].tolist() == [[6, 4], [8, 9]]
    assert apply("avgpool", np.array([[1, 3], [5, 6]], float)[None, None], kernel=2).item() == 3.75
