"""Work in several threads gives what it gives in one."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from cnncalc.engine import threads
from cnncalc.engine.kernels import Array, Context
from tests.engine.torch_numbers import apply

LAYERS = [
    ("conv", {"filters": 24, "kernel": 3, "padding": "same", "groups": 2}, (8, 61, 40)),
    ("conv", {"filters": 300, "kernel": 1, "bias": False}, (64, 33, 33)),
    ("depthwise", {"kernel": 5, "padding": 2}, (16, 90, 70)),
    ("depthwise", {"kernel": 3, "stride": 2, "multiplier": 2}, (1, 120, 110)),
    ("depthwise", {"kernel": 7}, (1, 400_000)),
]


def computed(kind: str, values: dict[str, Any], shape: tuple[int, ...], workers: int) -> tuple[Array, int]:
    random = np.random.default_rng(1)
    channels, rank = shape[0], len(shape) - 1
    filters = values.get("filters", channels * values.get("multiplier", 1))
    depth = 1 if kind == "depthwise" else channels // values.get("groups", 1)
    tensors = {"weight": random.random((filters, depth, *(values["kernel"],) * rank)), "bias": random.random(filters)}
    if values.get("bias") is False:
        del tensors["bias"]
    context = Context()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "count", lambda: workers)
        patch.setattr("cnncalc.engine.kernels_conv.threads", lambda: workers)
        return apply(kind, random.random((1, *shape)), context, tensors, **values), context.multiplications


@pytest.mark.parametrize(("kind", "values", "shape"), LAYERS)
def test_as_in_one_thread(kind: str, values: dict[str, Any], shape: tuple[int, ...]) -> None:
    alone, counted = computed(kind, values, shape, 1)
    threads._pool.cache_clear()
    for workers in (2, 5):
        together, also = computed(kind, values, shape, workers)
        assert np.allclose(alone, together, rtol=1e-12, atol=0) and counted == also


def test_each_item_is_taken_once() -> None:
    taken: list[int] = []
    assert threads.spread(lambda item: taken.append(item) or item, range(1000)) == 499_500  # type: ignore[func-returns-value]
    assert sorted(taken) == list(range(1000))


def test_numpy_is_as_silent_as_where_it_was_called() -> None:
    def overflow(_: int) -> int:
        np.float32(1e38) * np.float32(10)
        return 0

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        assert threads.spread(overflow, range(50)) == 0


def test_what_fails_in_a_thread_fails_here() -> None:
    def fail(item: int) -> int:
        raise ValueError(str(item))

    with pytest.raises(ValueError, match=r"\d"):
        threads.spread(fail, range(8))
