"""What other layers in place of a convolution would cost, and what the bottlenecks in a network save.

Every alternative is built of real layers and measured like any other, so its figures are exact.
Reference: Szegedy et al. (2015) for bottlenecks, Howard et al. (2017) for separable convolutions,
Krizhevsky et al. (2012) for groups, Szegedy et al. (2016), §3, for k x 1 and stacks of 3 x 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.summary import Summary
from cnncalc.graph import Graph, Measure, Node
from cnncalc.layers import registry
from cnncalc.layers.base import Shape, ShapeError, build

Values = dict[str, Any]


class Option(NamedTuple):
    """One way to compute a layer: its parts as the spec would write them, and what they cost."""

    key: str
    parts: tuple[str, ...]
    params: int
    macs: int
    field: int
    """The side of the window all parts together look at."""


class Saving(NamedTuple):
    """A convolution as it is, and what could stand in its place.  `layers` are all that are alike."""

    layers: tuple[str, ...]
    shape_in: Shape
    shape_out: Shape
    plain: Option
    options: tuple[Option, ...]


class Bottleneck(NamedTuple):
    """A 1x1 convolution that narrows, the convolution after it, and what that would cost without."""

    layers: tuple[str, ...]
    shape_in: Shape
    shape_out: Shape
    now: Option
    plain: Option


def savings(summary: Summary, narrow: int | None = None, groups: int = 4) -> list[Saving]:
    """The alternatives to each convolution; `narrow` is the width of a bottleneck (default: a quarter)."""
    alike: dict[int, list[Node]] = {}
    for row in summary.rows:
        measure = row.node.measure
        if measure is not None and measure.layer.kind in ("conv", "pointwise") and _groups(measure) == 1:
            alike.setdefault(id(measure), []).append(row.node)
    found = []
    for nodes in alike.values():
        measure = nodes[0].measure
        assert measure is not None
        options = tuple(_options(measure, narrow, groups))
        names = tuple(node.name for node in nodes)
        found.append(
            Saving(names, measure.xs[0], measure.shape, measured("plain", measure.xs[0], [_as(measure)]), options)
        )
    return found


def _groups(measure: Measure) -> int:
    return int(measure.layer.values.get("groups", 1))


def _as(measure: Measure) -> tuple[str, Values]:
    """A convolution as kind and values; a pointwise one as a convolution with kernel 1."""
    values = measure.layer.values
    padding = values.get("padding", 0)
    return "conv", {
        "filters": values["filters"],
        "kernel": list(values.get("kernel", [1] * len(values["stride"]))),
        "stride": list(values["stride"]),
        "padding": padding if isinstance(padding, (str, int)) else [list(pair) for pair in padding],
        "dilation": list(values.get("dilation", [1] * len(values["stride"]))),
        "bias": values["bias"],
    }


def measured(key: str, x: Shape, parts: Sequence[tuple[str, Values]]) -> Option:
    """The cost of layers one after the other.

    Raises:
        ShapeError: if one of them does not fit.
    """
    params = macs = 0
    field, jump = [1] * (len(x) - 1 or 1), [1] * (len(x) - 1 or 1)
    written = []
    for kind, values in parts:
        measure = Measure(build(registry()[kind], values, len(x) - 1), (x,))
        params, macs = params + measure.trainable, macs + measure.macs
        written.append(_written(kind, measure))
        windows = measure.layer.windows(x)
        for axis, w in enumerate(windows):
            field[axis] += (w.effective_kernel - 1) * jump[axis]
            jump[axis] *= w.stride
        x = measure.shape
    return Option(key, tuple(written), params, macs, max(field))


def _written(kind: str, measure: Measure) -> str:
    """A layer in a few characters: `5x5 32`, `depthwise 3x3`, `fc 4704`."""
    values = measure.layer.values
    kernel = "x".join(map(str, values["kernel"])) if "kernel" in values else ""
    number = values.get("filters") or values.get("units") or ""
    groups = f" g{values['groups']}" if values.get("groups", 1) != 1 else ""
    name = {"conv": "", "locally_connected": "local"}.get(kind, kind)
    return " ".join(part for part in (name, kernel, str(number)) if part) + groups


def _options(measure: Measure, narrow: int | None, groups: int) -> Iterator[Option]:
    x, values = measure.xs[0], _as(measure)[1]
    for key, parts in _recipes(measure, values, narrow, groups):
        try:
            yield measured(key, x, parts)
        except ShapeError:
            continue
    dense = {"units": prod(measure.shape), "bias": values["bias"]}
    local = {key: values[key] for key in ("filters", "kernel", "stride", "padding", "bias")}
    if prod(values["dilation"]) == 1:
        yield measured("local", x, [("locally_connected", local)])
    yield measured("dense", (prod(x),), [("fc", dense)])


def _recipes(
    measure: Measure, values: Values, narrow: int | None, groups: int
) -> Iterator[tuple[str, list[tuple[str, Values]]]]:
    """The layers that could stand in the place of a convolution."""
    channels, kernel = measure.xs[0][0], values["kernel"]
    unit = {"filters": values["filters"], "kernel": 1, "bias": values["bias"]}
    if prod(kernel) > 1:
        width = narrow or max(1, channels // 4)
        if width < channels:
            yield "bottleneck", [("conv", {**unit, "filters": width}), ("conv", values)]
        depthwise = {key: value for key, value in values.items() if key != "filters"}
        yield "separable", [("depthwise", {**depthwise, "bias": False}), ("conv", unit)]
    if channels % groups == 0 and values["filters"] % groups == 0 and groups > 1:
        yield "grouped", [("conv", {**values, "groups": groups})]
    if len(kernel) == 2 and min(kernel) > 1:
        yield "factorised", [("conv", _along(values, 0, False)), ("conv", _along(values, 1, values["bias"]))]
    side = kernel[0]
    if len(set(kernel)) == 1 and side > 3 and side % 2 and prod(values["dilation"]) == 1:
        yield "stacked", list(_stack(values, (side - 1) // 2))


def _along(values: Values, axis: int, bias: bool) -> Values:
    """The part of a square convolution that looks along one axis."""

    def only(sides: Any, rest: Any) -> Any:
        return sides if isinstance(sides, (str, int)) else [side if k == axis else rest for k, side in enumerate(sides)]

    result = {key: only(values[key], 1) for key in ("kernel", "stride", "dilation")}
    return {"filters": values["filters"], **result, "padding": only(values["padding"], [0, 0]), "bias": bias}


def _stack(values: Values, count: int) -> Iterator[tuple[str, Values]]:
    """3x3 convolutions with the same field; the stride is left to the last."""
    padding = values["padding"] if isinstance(values["padding"], str) else None
    for position in range(count):
        last = position == count - 1
        # each of them takes its part of the padding, as far as it goes
        pads = padding or [[min(1, max(0, side - position)) for side in pair] for pair in values["padding"]]
        stride = values["stride"] if last else 1
        yield "conv", {**values, "kernel": 3, "stride": stride, "padding": pads, "bias": values["bias"]}


# -- bottlenecks that are there -------------------------------------------------------------------


def bottlenecks(summary: Summary) -> list[Bottleneck]:
    """The 1x1 convolutions that narrow before a larger kernel, and what the plain layer would cost."""
    graph = summary.network.graph
    readers = graph.consumers()
    found: dict[tuple[int, ...], Bottleneck] = {}
    for row in summary.rows:
        down = row.node
        core = _next_convolution(graph, readers, down)
        if not _narrows(down) or core is None or core.measure is None or _width(core) == 1 or core.kind != "conv":
            continue
        up = _next_convolution(graph, readers, core)
        chain = [down, core]
        if up is not None and _width(up) == 1 and up.shape[0] > core.shape[0] and _groups_of(up) == 1:
            chain.append(up)
        key = tuple(id(node.measure) for node in chain)
        names = " + ".join(node.name for node in chain)
        if key in found:
            found[key] = found[key]._replace(layers=(*found[key].layers, names))
        elif _groups_of(core) == 1:
            found[key] = _bottleneck(names, chain)
    return list(found.values())


def _bottleneck(names: str, chain: Sequence[Node]) -> Bottleneck:
    measures = [node.measure for node in chain if node.measure is not None]
    x = measures[0].xs[0]
    now = measured("bottleneck", x, [_as(measure) for measure in measures])
    kind, values = _as(measures[1])
    plain = measured("plain", x, [(kind, {**values, "filters": chain[-1].shape[0]})])
    return Bottleneck((names,), x, chain[-1].shape, now, plain)


def _next_convolution(graph: Graph, readers: list[list[int]], node: Node) -> Node | None:
    """The convolution that a layer feeds through normalisations and activations, and nothing else."""
    here = node
    while len(readers[here.index]) == 1:
        here = graph.nodes[readers[here.index][0]]
        if here.measure is None or len(here.inputs) > 1:
            return None
        if here.kind in ("conv", "pointwise"):
            return here
        if here.measure.layer.group not in ("normalisation", "activation", "regularisation"):
            return None
    return None


def _width(node: Node) -> int:
    """How many pixels its kernel looks at; 0 for other layers."""
    if node.measure is None or node.kind not in ("conv", "pointwise"):
        return 0
    return prod(w.kernel for w in node.measure.layer.windows(node.measure.xs[0]))


def _groups_of(node: Node) -> int:
    return _groups(node.measure) if node.measure is not None else 1


def _narrows(node: Node) -> bool:
    if node.measure is None or _width(node) != 1 or _groups_of(node) != 1:
        return False
    return node.shape[0] < node.measure.xs[0][0]
