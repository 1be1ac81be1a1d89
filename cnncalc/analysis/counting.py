"""Counting a network the way another tool does."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.calls import Call, calls_of, how
from cnncalc.analysis.profile import Profile
from cnncalc.analysis.profiles import PROFILES
from cnncalc.formula import Derivation, Formula
from cnncalc.graph import Measure, Node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.network import Network

LETTERS = {
    "x": "numbers in the (first) input",
    "y": "numbers in the output",
    "C": "first axis of the input (channels)",
    "D": "first axis of the output",
    "last": "last axis of the output",
    "positions": "spatial positions of the output",
    "inputs": "spatial positions of the input",
    "axes": "number of spatial axes",
    "macs": "multiply-adds",
    "weights": "weights, biases aside",
    "params": "learned numbers",
    "biases": "additions of a bias: one per output, or 0",
    "affine": "whether factors are learned",
    "tracked": "whether running statistics are kept",
    "g": "groups",
    "K": "taps of a kernel",
    "k": "side of a square kernel; taps of another",
    "same": "whether the padding is written 'same'",
    "ratio": "input positions per output position, not rounded",
    "bins": "torchscan's size of an adaptive window",
    "even_positions": "output positions if 'same' padded both sides alike",
    "conv_positions": "output positions if a transposed convolution were an ordinary one",
    "means": "how many means layer norm takes",
    "size": "channels local response norm looks at",
    "sized": "whether upsampling is to a size, not by a factor",
    "dropping": "whether dropout drops anything",
}
"""What the letters of the formulas mean."""


class Count(NamedTuple):
    """What a tool reports for a network, and which part each layer has in it.

    `lines` are (layer, its arithmetic) for the layers that count; `called` says for which layers
    torchvision's code was taken into account, and how.
    """

    profile: Profile
    total: int
    batch: int
    lines: list[tuple[Node, Derivation]]
    called: dict[str, list[str]]


def find(name: str) -> Profile:
    """The profile of that name.

    Raises:
        KeyError: if there is none.
    """
    return PROFILES[name.lower().replace("_", "-")]


@lru_cache(maxsize=256)
def _formula(text: str) -> Formula:
    return Formula("count", text)


def count(network: Network, name: str, batch: int = 1, *, modules: bool = False) -> Count:
    """What the tool `name` reports for `network`.

    Args:
        network: the network.
        name: one of PROFILES.
        batch: samples; tools that report one sample ignore it.
        modules: take every layer to be a module, whatever torchvision's code does.

    Raises:
        KeyError: for an unknown name.
        ValueError: for a batch below 1.
    """
    profile = find(name)
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    calls = () if modules else calls_of(network.document.source.name)
    return count_nodes(network.graph.layers(), profile, calls, 1 if profile.per_sample else batch)


def count_nodes(nodes: Iterable[Node], profile: Profile, calls: tuple[Call, ...], batch: int) -> Count:
    """What a tool reports for some layers whose calls are known."""
    lines: list[tuple[Node, Derivation]] = []
    called: dict[str, list[str]] = {}
    known: dict[tuple[int, str], Derivation | None] = {}
    for node in nodes:
        measure = node.measure
        assert measure is not None
        manner = how(calls, node.kind, node.name) if calls else "module"
        if profile.minds(manner):
            called.setdefault(manner, []).append(node.name)
        key = id(measure), manner
        if key not in known:
            known[key] = derive(measure, profile, manner)
        step = known[key]
        if step is not None:
            lines.append((node, step))
    return Count(profile, batch * sum(step.value for _, step in lines), batch, lines, called)


def derive(measure: Measure, profile: Profile, called: str) -> Derivation | None:
    """One layer's part in a tool's figure, with its arithmetic; None if the tool does not count it."""
    layer = measure.layer
    text = profile.rule(layer.kind, str(layer.values.get("mode", "")), called)
    if text is None:
        return None
    values = letters(measure, called)
    return _formula(text)(**{name: values[name] for name in _names(text)})


@lru_cache(maxsize=256)
def _names(text: str) -> tuple[str, ...]:
    """The letters a formula has."""
    from cnncalc.expr.parser import tokenize

    return tuple(sorted({token.text for token in tokenize(text) if token.text in LETTERS}))


def letters(measure: Measure, called: str = "module") -> dict[str, Any]:
    """The values of LETTERS for a layer."""
    layer, x, y = measure.layer, measure.xs[0], measure.shape
    windows = layer.windows(x)
    kernel = [w.kernel for w in windows]
    weights = measure.weights
    square = len(kernel) > 1 and len(set(kernel)) == 1 and called != "tuple"
    return {
        "x": prod(x),
        "y": prod(y),
        "C": x[0],
        "D": y[0],
        "last": y[-1],
        "positions": prod(y[1:]),
        "inputs": prod(x[1:]),
        "axes": len(x) - 1,
        "macs": measure.macs,
        "weights": prod(weights["weight"]) if "weight" in weights else 0,
        "params": measure.trainable,
        "biases": prod(y) if layer.group in ("convolution", "dense") and "bias" in weights else 0,
        "affine": "weight" in weights,
        "tracked": bool(measure.buffers),
        "g": x[0] if layer.kind == "depthwise" else layer.values.get("groups", 1),
        "K": prod(kernel),
        "k": kernel[0] if square else prod(kernel),
        "same": layer.values.get("padding") == "same",
        "size": layer.values.get("size") if layer.kind == "lrn" else 0,
        "sized": layer.kind == "upsample" and layer.values.get("size") is not None,
        "dropping": layer.values.get("p", 0) != 0,
        **_adaptive(x, y),
        **_misread(measure),
    }


def _adaptive(x: tuple[int, ...], y: tuple[int, ...]) -> dict[str, Any]:
    ratio = 1.0
    bins = 1
    # in the order and with the rounding of the tools' own floating-point numbers
    for n, m in zip(x[1:], y[1:], strict=False):
        ratio *= n / m
        bins *= n // m if n % m == 0 else n % m + 1
    return {"ratio": int(ratio) if ratio.is_integer() else ratio, "bins": bins}


def _misread(measure: Measure) -> dict[str, Any]:
    """Positions as calflops takes them to be, and what layer norm averages over."""
    layer, x, y = measure.layer, measure.xs[0], measure.shape
    even = conv = prod(y[1:])
    windows = layer.windows(x)
    if layer.group == "convolution" and layer.values.get("padding") == "same":
        even = prod(_slid(n, w, (w.effective_kernel - 1) // 2) for n, w in zip(x[1:], windows, strict=True))
    if layer.kind == "conv_transpose":
        conv = prod(_slid(n, w, w.padding[0]) for n, w in zip(x[1:], windows, strict=True))
    normalised = prod(x[axis] for axis in layer.mixes(x)) if layer.kind == "layernorm" else 1
    return {"even_positions": even, "conv_positions": conv, "means": prod(x) // normalised}


def _slid(n: int, window: Any, padding: int) -> int:
    return int((n + 2 * padding - window.effective_kernel) // window.stride + 1)
