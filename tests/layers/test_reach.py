"""Reaches against brute force: the inputs each unit really depends on, from first principles."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.layers.base import Layer, Reach, ShapeError
from tests.layers.table import make

SMALL = st.integers(1, 4)
WINDOW = {"kernel": SMALL, "stride": SMALL, "dilation": st.integers(1, 3)}
LAYERS = st.one_of(
    st.tuples(st.just("conv"), st.fixed_dictionaries({"filters": st.just(1), "padding": st.integers(0, 3), **WINDOW})),
    st.tuples(st.just("maxpool"), st.fixed_dictionaries({"padding": st.just(0), **WINDOW})),
    st.tuples(
        st.just("conv_transpose"),
        st.fixed_dictionaries({"filters": st.just(1), "padding": st.integers(0, 2), **WINDOW}),
    ),
    st.tuples(st.just("upsample"), st.fixed_dictionaries({"size": st.integers(1, 20)})),
    st.tuples(st.just("pad"), st.fixed_dictionaries({"amount": st.just([[2, 1]])})),
    st.tuples(st.just("crop"), st.fixed_dictionaries({"amount": st.just([[1, 0]])})),
    st.tuples(st.just("slice"), st.fixed_dictionaries({"start": st.integers(0, 3), "axis": st.just(1)})),
    st.tuples(st.just("adaptive_avgpool"), st.fixed_dictionaries({"size": st.integers(2, 9)})),
)


def _dependencies(layer: Layer, n: int, m: int) -> list[set[int]]:
    """For each of m units, the positions of n inputs that it is computed from."""
    v = layer.values
    inputs, units = range(n), range(m)
    match layer.kind:
        case "conv" | "maxpool":
            (f,), (s,), (d,), ((p, _),) = v["kernel"], v["stride"], v["dilation"], v["padding"]
            return [{i * s - p + d * t for t in range(f)} & set(inputs) for i in units]
        case "conv_transpose":
            (f,), (s,), (d,), ((p, _),) = v["kernel"], v["stride"], v["dilation"], v["padding"]
            return [{j for j in inputs for t in range(f) if j * s + d * t - p == i} for i in units]
        case "upsample":
            return [{i * n // m} for i in units]
        case "pad":
            return [{i - 2} & set(inputs) for i in units]
        case "crop":
            return [{i + 1} for i in units]
        case "slice":
            return [{i + v["start"]} for i in units]
        case "adaptive_avgpool":
            return [set(range(i * n // m, -(-(i + 1) * n // m))) for i in units]
    raise AssertionError(layer.kind)


def _apply(kind: str, values: dict[str, Any], n: int) -> tuple[Layer, int, Reach]:
    layer = make(kind, values, (1, n))
    try:
        shape = layer.infer((1, n)).shape
    except ShapeError:
        assume(False)
    (reach,) = layer.reach((1, n), shape)
    assert reach is not None
    return layer, shape[1], reach


def _covers(reach: Reach, seen: list[set[int]]) -> bool:
    return all(
        i * reach.scale + reach.first <= j <= i * reach.scale + reach.last for i, js in enumerate(seen) for j in js
    )


@given(LAYERS, st.integers(1, 24))
def test_reach_covers_what_is_seen(choice: tuple[str, dict[str, Any]], n: int) -> None:
    layer, m, reach = _apply(*choice, n)
    assert _covers(reach, _dependencies(layer, n, m))


@given(LAYERS, st.integers(30, 60))
def test_reach_is_as_tight_as_a_line_can_be(choice: tuple[str, dict[str, Any]], n: int) -> None:
    """Somewhere, some unit sees exactly the first input of its window, and some the last."""
    layer, m, reach = _apply(*choice, n)
    seen = list(enumerate(_dependencies(layer, n, m)))
    assume(m > 12 or layer.kind in ("adaptive_avgpool", "upsample"))
    assert any(i * reach.scale + reach.first in js for i, js in seen)
    assert any(i * reach.scale + reach.last in js for i, js in seen)


@given(st.lists(LAYERS, min_size=2, max_size=4), st.integers(4, 24))
def test_composed_reaches_cover_what_stacks_see(choices: list[tuple[str, dict[str, Any]]], n: int) -> None:
    total = Reach(Fraction(1), Fraction(0), Fraction(0))
    seen = [{i} for i in range(n)]
    for kind, values in choices:
        layer, m, reach = _apply(kind, values, len(seen))
        below = seen
        seen = [set().union(*(below[j] for j in js)) for js in _dependencies(layer, len(below), m)]
        total = Reach(
            total.scale * reach.scale,
            total.scale * reach.first + total.first,
            total.scale * reach.last + total.last,
        )
        assume(len(seen) < 200)
    assert _covers(total, seen)
