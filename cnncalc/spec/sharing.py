"""`share:`: steps with one label in one body use one set of weights."""

from __future__ import annotations

from cnncalc.graph import Node
from cnncalc.spec.frames import Frame
from cnncalc.spec.nodes import Map
from cnncalc.spec.nodes import Node as Yaml
from cnncalc.spec.tree import Step


def share(step: Step, frame: Frame, nodes: list[Node], start: int) -> None:
    """Make the layers of this step use the weights of the first step with the label."""
    assert step.share is not None
    weighted = [node.index for node in nodes[start:] if node.measure and (node.measure.weights or node.measure.buffers)]
    first = frame.body.shares.setdefault(step.share, weighted)
    if first is weighted:
        return
    where: Yaml = (step.node.get("share") if isinstance(step.node, Map) else None) or step.node
    if len(first) != len(weighted):
        message = (
            f"'{step.share}' has {len(first)} layers with weights where it is first used, and {len(weighted)} here"
        )
        raise where.error("E211", message, "use the same block with the same arguments")
    for mine, theirs in zip(weighted, first, strict=True):
        a, b = nodes[mine], nodes[theirs]
        assert a.measure and b.measure
        if a.kind != b.kind or a.measure.weights != b.measure.weights:
            line = f" at line {b.span[1]}" if b.span else ""
            message = f"{a.kind} with weights {_weights(a)} cannot use those of the {b.kind}{line}: {_weights(b)}"
            raise where.error("E211", message, "same layer, same parameters, and as many channels coming in")
        a.shared_with = b.index if b.shared_with is None else b.shared_with


def _weights(node: Node) -> str:
    assert node.measure
    return ", ".join("x".join(map(str, shape)) for shape in node.measure.weights.values())
