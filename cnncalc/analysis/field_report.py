"""Receptive fields as they are reported: growing forward through a network, or of one unit, taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.cells import Cells, cells_of
from cnncalc.analysis.field_path import Way, line_of, ways_back
from cnncalc.analysis.locate import locate
from cnncalc.analysis.outline import Line, flat, outline
from cnncalc.analysis.receptive_field import ReceptiveField, Trace, field_of, trace_fields
from cnncalc.analysis.summary import Summary, summarize
from cnncalc.errors import Diagnostic
from cnncalc.graph import Graph, Node
from cnncalc.layers.slots import AXIS_NAMES

if TYPE_CHECKING:
    from cnncalc.analysis.field_need import Need
    from cnncalc.network import Network


class Coverage(NamedTuple):
    """How a field lies on the image; exact fractions from 0 to 1.

    `image` is the share of the image the middle unit's field covers; `corner` and `centre` are the
    parts of the field of the first and of the middle unit that lie in the padding around the image.
    """

    image: Any
    corner: Any
    centre: Any


class GrowthRow(NamedTuple):
    """A line of the table; no coverage where the field is everything or does not follow the image."""

    line: Line
    coverage: Coverage | None


class FieldGrowth:
    """The receptive field of every layer of a network, in execution order."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.summary: Summary = summarize(network)
        self.diagnostics: list[Diagnostic] = self.summary.diagnostics
        self.sides = _image(network.graph)

    def rows(self, depth: int | None = None) -> list[GrowthRow]:
        """One row per layer, or blocks folded to `depth` levels."""
        lines = flat(self.summary) if depth is None else outline(self.summary, depth)
        return [GrowthRow(line, coverage(line.field, line.shape, self.sides)) for line in lines]


class AxisWindow(NamedTuple):
    """What one unit sees along one axis of the image.

    `first` to `last` is its field, padding included, exact; None where the field is everything or
    does not follow the image.  `outside` is how much of it lies before and after the image.
    """

    name: str
    side: int
    first: Any
    last: Any
    outside: tuple[Any, Any] | None
    ways: tuple[Way, ...]


class LayerField:
    """The receptive field of one unit of one layer.

    `cells` are exactly the inputs that can change it, `nearby` those along spatial paths only, where a
    gate sees everything.  `sees_all` is the layer that makes the field unbounded.  By default it is
    the middle unit of the last layer that follows the image.

    Raises:
        SpecError: E204 for an unknown layer.
        ValueError: for a unit that does not exist, or an axis too long to follow place by place.
    """

    def __init__(self, network: Network, layer: str | None = None, unit: tuple[int, ...] | None = None) -> None:
        graph = network.graph
        node = graph.nodes[locate(graph, layer) if layer is not None else last_spatial(graph)]
        traces, diagnostics = trace_fields(graph)
        trace = traces[node.index]
        self.network = network
        self.node = node
        self.chosen = unit is not None
        """Whether the unit was asked for; otherwise it is the middle one."""
        self.unit = unit = check_unit(node, unit)
        self.field: ReceptiveField = field_of(trace)
        self.axes = _axes(graph, traces, node, unit)
        self.cells: list[Cells] = cells_of(graph, node.index, unit)
        self.nearby = cells_of(graph, node.index, unit, local=True) if trace.local is not None else None
        self.sees_all = _sees_all(graph, traces, node) if self.field.unbounded else None
        self.diagnostics = [one for one in diagnostics if _concerns(graph, node, one)]
        self.need: Need | None = None


def last_spatial(graph: Graph) -> int:
    """The last tensor whose units follow the image; the last one of all if there is none."""
    traces, _ = trace_fields(graph)
    for node in reversed(graph.nodes):
        field = field_of(traces[node.index])
        known = field.local if field.unbounded else field
        if node.measure is not None and known is not None and known.jump:
            return node.index
    return len(graph.nodes) - 1


def check_unit(node: Node, unit: tuple[int, ...] | None) -> tuple[int, ...]:
    """`unit` if it is one of the tensor's; the middle one for None.

    Raises:
        ValueError: saying how units are written for this tensor.
    """
    sides = node.shape[1:] or node.shape
    if unit is None:
        return tuple((side - 1) // 2 for side in sides)
    axes = " x ".join(AXIS_NAMES[len(node.shape) - 1]) if len(node.shape) > 1 else "number"
    size = "x".join(map(str, sides))
    if len(unit) != len(sides):
        many = f"{len(sides)} number{'s' if len(sides) > 1 else ''}"
        raise ValueError(f"a unit of {node.name} is {many} ({axes}), not {len(unit)}: it has {size}")
    for side, place in zip(sides, unit, strict=True):
        if not 0 <= place < side:
            last = ",".join(str(side - 1) for side in sides)
            raise ValueError(
                f"unit {','.join(map(str, unit))} of {node.name} does not exist: it has {size} units ({axes}), "
                f"the last is {last}"
            )
    return unit


def coverage(field: ReceptiveField, shape: tuple[int, ...], sides: tuple[int, ...]) -> Coverage | None:
    """Where the fields of the first and the middle unit lie on the image."""
    known = field.local if field.unbounded else field
    if known is None or known.size is None or not known.jump or len(shape) - 1 != len(sides):
        return None
    assert known.start is not None
    from fractions import Fraction

    corner = centre = image = Fraction(1)
    for axis, n in enumerate(sides):
        size, jump, start = known.size[axis], known.jump[axis], known.start[axis]
        middle = start + (shape[1 + axis] - 1) // 2 * jump
        corner *= Fraction(_inside(start, size, n)) / size
        centre *= Fraction(_inside(middle, size, n)) / size
        image *= Fraction(_inside(middle, size, n)) / n
    return Coverage(image, 1 - corner, 1 - centre)


def _inside(start: Any, size: Any, n: int) -> Any:
    return max(0, min(start + size, n) - max(start, 0))


def _image(graph: Graph) -> tuple[int, ...]:
    """The spatial sides all inputs share; () if they differ."""
    shapes = {graph.nodes[index].shape[1:] for index in graph.inputs.values()}
    return shapes.pop() if len(shapes) == 1 else ()


def _axes(graph: Graph, traces: list[Trace], node: Node, unit: tuple[int, ...]) -> tuple[AxisWindow, ...]:
    trace = traces[node.index]
    local = trace.local is not None
    sides = _image(graph) or max((graph.nodes[index].shape[1:] for index in graph.inputs.values()), key=len)
    result = []
    for axis, side in enumerate(sides):
        name = AXIS_NAMES[len(sides)][axis]
        line = line_of(trace, axis, local)
        if line is None:
            result.append(AxisWindow(name, side, None, None, None, ()))
            continue
        follows = line.jump is not None and line.axis > 0
        place = unit[line.axis - 1] if follows else 0
        ways = ways_back(graph, traces, node.index, axis, place, local)
        if not follows:
            result.append(AxisWindow(name, side, None, None, None, ways))
            continue
        first, last = _plain(line.start + place * line.jump), _plain(line.end + place * line.jump)
        outside = (max(0, min(-first, last - first + 1)), max(0, min(last - (side - 1), last - first + 1)))
        result.append(AxisWindow(name, side, first, last, outside, ways))
    return tuple(result)


def _plain(value: Any) -> Any:
    return int(value) if type(value) is not int and value.denominator == 1 else value


def _sees_all(graph: Graph, traces: list[Trace], node: Node) -> Node | None:
    """The nearest layer before (or at) `node` that sees everything although its inputs do not."""
    waiting, seen = [node.index], set()
    while waiting:
        index = max(waiting)
        waiting.remove(index)
        if index in seen or None not in traces[index].lines:
            continue
        seen.add(index)
        before = graph.nodes[index].inputs
        if before and all(None not in traces[source].lines for source in before):
            return graph.nodes[index]
        waiting += before
    return None


def _concerns(graph: Graph, node: Node, diagnostic: Diagnostic) -> bool:
    """Whether a warning is about a layer that `node` is computed from."""
    seen, waiting = {node.index}, [node.index]
    while waiting:
        fresh = [source for source in graph.nodes[waiting.pop()].inputs if source not in seen]
        seen.update(fresh)
        waiting += fresh
    name = diagnostic.message.split(" ", 1)[0]
    return graph.names.get(name, -1) in seen
