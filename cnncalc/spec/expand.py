"""A network as a flat spec: one step per layer in execution order, no blocks, loops, branches or vars."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.graph import Graph, Node
from cnncalc.spec.flat_names import FlatNames
from cnncalc.spec.tree import Document
from cnncalc.spec.writing import layer_text, shape_text, title_text

HEADING = "# One step per layer, in execution order, written by `cnncalc expand`."
LINE_LENGTH = 100


def expand(graph: Graph, title: str, totals: Mapping[str, int], every_name: bool = False) -> str:
    """The text of a spec without structure whose layers, shapes and numbers are those of `graph`.

    Args:
        graph: the network.
        title: its `name:`.
        totals: what its `expect:` says besides the output shapes.
        every_name: whether layers out of blocks, branches and loops are named by their whole path.
    """
    names = FlatNames(graph, every_name)
    lines = [*_head(graph, title), "", "layers:", *_steps(graph, names)]
    if names.outputs is not None:
        lines += ["", "outputs:", *(f"  - {name}" for name in names.outputs)]
    return "\n".join([*lines, "", *_expect(graph, names, totals)]) + "\n"


def _head(graph: Graph, title: str) -> list[str]:
    document: Document = graph.document
    lines = [HEADING, f"name: {title_text(title)}"]
    if document.family:
        lines.append(f"family: {title_text(document.family)}")
    if document.task:
        lines.append(f"task: {title_text(document.task)}")
    if document.explicit_layout:
        lines.append(f"layout: {document.layout}")
    shapes = {name: shape_text(graph.nodes[index].shape, document.layout) for name, index in graph.inputs.items()}
    if list(shapes) == ["input"]:
        return [*lines, f"input: {shapes['input']}"]
    return [*lines, "input:", *(f"  {name}: {shape}" for name, shape in shapes.items())]


def _steps(graph: Graph, names: FlatNames) -> list[str]:
    labels = _share_labels(graph)
    lines: list[str] = []
    current = 0 if len(graph.inputs) == 1 else -1
    for node in graph.layers():
        lines += _step(graph, node, names, current, labels)
        current = node.index
        for name in names.extra.get(node.index, ()):
            lines.append(f"  - name: {name}")
    for name, index in graph.inputs.items():
        for other in names.extra.get(index, ()):
            lines += [f"  - from: {name}", f"    name: {other}"]
    return lines or [f"  - from: {next(iter(graph.inputs))}"]


def _share_labels(graph: Graph) -> dict[int, str]:
    """A label for each set of weights that several layers use, by layer."""
    users: dict[int, list[int]] = {}
    for node in graph.layers():
        if node.shared_with is not None:
            users.setdefault(node.shared_with, [node.shared_with]).append(node.index)
    labels: dict[int, str] = {}
    for number, first in enumerate(sorted(users), start=1):
        labels |= dict.fromkeys(users[first], f"shared{number}")
    return labels


def _step(graph: Graph, node: Node, names: FlatNames, current: int, labels: dict[int, str]) -> list[str]:
    layer = node.layer
    assert layer is not None
    options = []
    if layer.inputs[1] == 1:
        source = node.inputs[0]
        lines = [f"  - {layer_text(layer, len(graph.nodes[source].shape) - 1, graph.document.layout)}"]
        if source != current:
            options.append(f"from: {names.reference(source)}")
    else:
        lines = _merge(node, names, current)
    if node.index in names.step:
        options.append(f"name: {names.step[node.index]}")
    if node.index in labels:
        options.append(f"share: {labels[node.index]}")
    if node.written is not None:
        options.append(f"weights: {node.written}")
    if options and ":" not in lines[0]:
        lines[0] += ":"
    return lines + [f"    {option}" for option in options]


def _merge(node: Node, names: FlatNames, current: int) -> list[str]:
    """On one line if it fits; names with an index would need quotes there."""
    branches = ["here" if source == current else names.reference(source) for source in node.inputs]
    line = f"  - {node.kind}: [{', '.join(branches)}]"
    if len(line) <= LINE_LENGTH and "[" not in "".join(branches):
        return [line]
    return [f"  - {node.kind}:", *(f"      - {branch}" for branch in branches)]


def _expect(graph: Graph, names: FlatNames, totals: Mapping[str, int]) -> list[str]:
    layout = graph.document.layout
    shapes = [shape_text(graph.nodes[index].shape, layout) for index in graph.outputs.values()]
    lines = ["expect:", *(f"  {key}: {value}" for key, value in totals.items())]
    if len(shapes) == 1:
        return [*lines, f"  output: {shapes[0]}"]
    assert names.outputs is not None
    return [*lines, "  output:", *(f"    {name}: {shape}" for name, shape in zip(names.outputs, shapes, strict=True))]
