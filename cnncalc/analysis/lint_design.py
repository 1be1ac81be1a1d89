"""Lint rules about single layers and what follows them."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.lint_rule import NOTE, WARNING, Hit, LintRule
from cnncalc.analysis.summary import Summary

CANCELLING = ("batchnorm", "instancenorm")
"""They subtract the mean of each channel, and with it any bias."""
RECTIFIERS = ("relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "mish", "hardswish")


def bias_before_norm(summary: Summary) -> Iterator[Hit]:
    """A bias that the normalisation right after subtracts again."""
    graph = summary.network.graph
    readers = graph.consumers()
    for row in summary.rows:
        node, measure = row.node, row.node.measure
        if measure is None or "bias" not in measure.weights or not measure.layer.weighted:
            continue
        after = [graph.nodes[index] for index in readers[node.index]]
        if after and all(one.kind in CANCELLING for one in after) and node.index not in graph.outputs.values():
            biases = prod(measure.weights["bias"])
            message = (
                f"{node.name} has a bias, which {after[0].name} subtracts again: {biases:,} parameters for nothing"
            )
            yield Hit(node, message, "add bias: false")


def odd_filters(summary: Summary) -> Iterator[Hit]:
    """Numbers of filters that hardware pads to the next multiple of 8."""
    final = _final_layers(summary)
    for row in summary.rows:
        layer = row.node.layer
        filters = layer.values.get("filters") if layer is not None and layer.group == "convolution" else None
        if not filters or row.node.index in final or filters % 8 == 0 or filters & (filters - 1) == 0:
            continue
        message = f"{row.node.name}: {filters} filters are no multiple of 8 and no power of two"
        near = max(8, (filters + 4) // 8 * 8)
        yield Hit(row.node, message, f"{near} filters cost hardware no more" if near > filters else f"use {near}")


def _final_layers(summary: Summary) -> set[int]:
    """The layers whose channels are the network's answer: classes, not features."""
    graph = summary.network.graph
    found: set[int] = set()
    todo = list(graph.outputs.values())
    while todo:
        node = graph.nodes[todo.pop()]
        if node.index in found or node.measure is None:
            continue
        found.add(node.index)
        if not node.measure.layer.weighted:
            todo += node.inputs
    return found


def rectified_output(summary: Summary) -> Iterator[Hit]:
    """An activation that cuts the network's answers after its last layer."""
    graph = summary.network.graph
    for index in graph.outputs.values():
        node = graph.nodes[index]
        if node.kind not in RECTIFIERS:
            continue
        before = graph.nodes[node.inputs[0]]
        while before.kind in (*CANCELLING, "dropout", "flatten"):
            before = graph.nodes[before.inputs[0]]
        if before.kind == "fc":
            message = f"{node.name} after the last layer cuts off its answers: negative scores are lost"
            yield Hit(node, message, "remove it, or end in softmax or sigmoid")


def unused(summary: Summary) -> Iterator[Hit]:
    """A tensor nobody reads, and which is no output."""
    graph = summary.network.graph
    readers = graph.consumers()
    for node in graph.nodes:
        if readers[node.index] or node.index in graph.outputs.values():
            continue
        if node.measure is None:
            yield Hit(node, f"the input '{node.name}' is never used", "remove it, or read it with from:")
        elif node.kind != "slice":
            cost = f": {node.trainable:,} parameters for nothing" if node.trainable else ""
            yield Hit(node, f"{node.name} is computed but never used{cost}", "remove it, or add it to outputs:")


def lonely_norm(summary: Summary) -> Iterator[Hit]:
    """A normalisation over one value gives zero whatever the value is."""
    for row in summary.rows:
        measure = row.node.measure
        if measure is None or measure.layer.kind not in ("instancenorm", "layernorm", "groupnorm"):
            continue
        x = measure.xs[0]
        groups = int(measure.layer.values.get("groups", 1)) if measure.layer.kind == "groupnorm" else 1
        axes = range(1, len(x)) if measure.layer.kind == "instancenorm" else measure.layer.mixes(x)
        if prod(x[axis] for axis in axes) // groups <= 1:
            message = f"{row.node.name} normalises a single value, which leaves nothing of it"
            yield Hit(row.node, message, "remove it, or put it where the map is larger")


RULES = (
    LintRule("L105", WARNING, "a bias before a normalisation", "Ioffe & Szegedy (2015), §3.2", bias_before_norm),
    LintRule("L112", NOTE, "filters in odd numbers", "CS231n, Convolutional Networks (powers of 2)", odd_filters),
    LintRule(
        "L113", WARNING, "an activation after the last layer", "Goodfellow et al. (2016), §6.2.2", rectified_output
    ),
    LintRule("L114", WARNING, "a tensor nobody uses", "this tool", unused),
    LintRule("L116", WARNING, "a normalisation over one value", "Ulyanov et al. (2016), 1607.08022", lonely_norm),
)
"""The rules of this file."""
