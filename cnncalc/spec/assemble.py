"""A document and what is given from outside, put together to a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.graph import Graph, Node
from cnncalc.layers.slots import SlotError, whole
from cnncalc.spec.blocks import BLOCKS
from cnncalc.spec.elaborate import Elaborator
from cnncalc.spec.frames import Body, Frame, matching
from cnncalc.spec.given import given_inputs
from cnncalc.spec.load import vocabulary
from cnncalc.spec.nodes import Node as Yaml
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.structure import STRUCTURE
from cnncalc.spec.tree import Document, Side
from cnncalc.spec.values import Value, label

SIDE_LIMIT = 1 << 31
CHANNELS_LAST = (1, 3, 4)
"""A last side of this many looks like the channels of an image written in the other order."""


def assemble(
    document: Document, overrides: dict[str, Value], input: str | Mapping[str, str] | None, max_nodes: int
) -> Graph:
    """The graph of a document.

    Args:
        document: a document with layers.
        overrides: values that take the place of its vars.
        input: other shapes for its inputs.
        max_nodes: the most layers it may have.

    Raises:
        SpecError: at the first thing that cannot be.
    """
    elaborator = Elaborator(document, vocabulary(), {**STRUCTURE, **BLOCKS}, max_nodes)
    scope = elaborator.scope(document, overrides)
    values = dict(scope.vars)
    shapes = document.inputs | given_inputs(document, input)
    tensors: dict[str, Any] = {}
    for name, value in shapes.items():
        shape = _input_shape(document, value, scope)
        node = Node(len(elaborator.nodes), None, (), shape, elaborator.root, name)
        tensors[name] = node.index
        elaborator.nodes.append(node)
    inputs = dict(tensors)
    frame = Frame(Body(document, 0, values), elaborator.root, scope, tensors, 1, 0)
    try:
        last = elaborator.run(document.layers, frame, 0 if len(inputs) == 1 else None)
        outputs = _outputs(document, elaborator, frame, last)
    except RecursionError:
        raise document.node.error("E505", "the spec is nested too deeply", "split it into blocks") from None
    return Graph(elaborator.nodes, inputs, outputs, elaborator.root, document, values, elaborator.labels)


def _input_shape(document: Document, value: Value, scope: Any) -> tuple[int, ...]:
    """Channels first, whatever the layout the shape is written in."""
    node = value.node
    result = value.evaluate(scope, ())
    sides = result if isinstance(result, list) else [result]
    where = [item.node for item in value.items] if value.items else [node] * len(sides)
    shape = tuple(_input_side(side, at) for side, at in zip(sides, where, strict=True))
    if not 1 <= len(shape) <= 4:
        raise node.error(
            "E310", f"a shape has 1 to 4 sides, not {len(shape)}", "channels x height x width, without the batch"
        )
    if document.layout == "channels_last":
        return (shape[-1], *shape[:-1])
    if not document.explicit_layout and len(shape) > 1 and shape[-1] in CHANNELS_LAST and min(shape[:-1]) > 4:
        written, last = "x".join(map(str, shape)), "channel" if shape[-1] == 1 else f"{shape[-1]} channels"
        turned = "x".join(map(str, (shape[-1], *shape[:-1])))
        help = f"channels come first: write {turned}; if you mean {shape[0]} channels, add layout: channels_first"
        if isinstance(node, Scalar) and node.source.name != "--input":
            help += "; to write them last everywhere, layout: channels_last"
        raise node.error("E309", f"{written} looks like an image with its {last} last", help)
    return shape


def _input_side(side: Any, node: Yaml) -> int:
    """One side of an input's shape.

    Raises:
        SpecError: E310 if it is no whole number that a side can be.
    """
    try:
        number = whole(side, "a side")
    except SlotError as error:
        raise node.error("E310", error.message, "write 3x224x224, or [3, 224, 224]") from None
    if not 1 <= number <= SIDE_LIMIT:
        raise node.error("E310", f"a side cannot be {number}", f"sides go from 1 to {SIDE_LIMIT:,}")
    return number


def _outputs(document: Document, elaborator: Elaborator, frame: Frame, last: int | None) -> dict[str, int]:
    """Declared outputs; else the last tensor and every side head. '' stands for a tensor without a name."""
    if document.outputs is not None:
        outputs = {}
        for reference in document.outputs:
            tensors = frame.find(reference, last, elaborator.shape(last), elaborator.sides)
            for tensor, name in zip(tensors, _labels(reference, frame, len(tensors)), strict=True):
                outputs[name] = tensor
        return outputs
    ends_in_side = isinstance(document.layers[-1].head, Side)
    main = {} if last is None or ends_in_side else {elaborator.labels.get(last, ""): last}
    return main | elaborator.sides


def _labels(reference: Any, frame: Frame, count: int) -> list[str]:
    index = reference.index(frame.scope, ())
    if not reference.wildcard:
        return [label(reference.base, index)]
    family = frame.tensors.get(reference.base)
    members = family if isinstance(family, dict) else frame.body.families[reference.base]
    return [label(reference.base, i) for i in matching(members, index)][:count]
