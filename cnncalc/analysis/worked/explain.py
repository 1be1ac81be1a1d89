"""Lessons: the layers of a network with their figures worked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis.receptive_field import Trace, trace_fields
from cnncalc.analysis.worked.held import memory_topic
from cnncalc.analysis.worked.lesson import TOPICS, Lesson, Say, Topic
from cnncalc.analysis.worked.reading import coverage_topic
from cnncalc.analysis.worked.seen import field_topic
from cnncalc.analysis.worked.sizes import shape_topic
from cnncalc.analysis.worked.weights import macs_topic, params_topic
from cnncalc.graph import Graph, Node

if TYPE_CHECKING:
    from cnncalc.network import Network


def explain(
    network: Network,
    nodes: Iterable[Node],
    what: Sequence[str] = TOPICS[:-1],
    batch: int = 1,
    dtype: str = "float32",
) -> list[Lesson]:
    """The lesson of each layer in `nodes`; `what` chooses among `TOPICS`."""
    graph = network.graph
    traces = trace_fields(graph)[0] if "field" in what else []
    return [_lesson(network, node, what, traces, batch, dtype) for node in nodes]


def _lesson(network: Network, node: Node, what: Sequence[str], traces: list[Trace], batch: int, dtype: str) -> Lesson:
    measure = node.measure
    assert measure is not None
    graph: Graph = network.graph
    shared = graph.nodes[node.shared_with].name if node.shared_with is not None else None
    topics: list[Topic] = []
    for topic in what:
        match topic:
            case "shape":
                topics.append(shape_topic(measure))
            case "params":
                topics.append(params_topic(measure, shared))
            case "macs":
                topics.append(macs_topic(measure, batch))
            case "field":
                topics.append(field_topic(graph, node, traces))
            case "memory":
                topics.append(memory_topic(measure, batch, dtype))
            case "coverage":
                topics.append(coverage_topic(measure))
    return Lesson(
        name=node.name,
        kind=node.kind,
        about=Say(about(type(measure.layer))),
        inputs=measure.xs,
        output=measure.shape,
        layout=network.document.layout,
        config=measure.layer.config(measure.xs[0]),
        topics=tuple(topics),
    )


def about(layer: type) -> str:
    """The first sentence of a layer's docstring."""
    return (layer.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ").strip()
