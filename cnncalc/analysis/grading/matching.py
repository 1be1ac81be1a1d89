"""Which layer a row of answers is about: by name, or in the order courses list them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.grading.sheets import Record, spelled
from cnncalc.analysis.summary import Row, Summary
from cnncalc.graph import Node, Place

TAGS = {
    "input": "input in image",
    "conv": "conv c convolution conv2d conv1d conv3d dw depthwise dwconv separable pointwise pw locallyconnected local",
    "deconv": "deconv convtranspose conv2dtranspose transposedconv upconv tconv",
    "pool": "pool p s maxpool avgpool averagepool maxpooling maxpooling2d averagepooling2d avgpooling pooling subsample"
    " subsampling globalavgpool gap mp globalpool adaptiveavgpool 池化层 池化",
    "fc": "fc f dense linear fullyconnected affine 全连接层 全连接",
    "softmax": "softmax output out logits classifier",
    "norm": "bn batchnorm norm ln gn layernorm groupnorm instancenorm lrn batchnormalization",
    "activation": "relu tanh sigmoid act activation leakyrelu gelu relu6",
    "flatten": "flatten",
    "dropout": "dropout drop",
    "merge": "add concat concatenate residual merge",
}
TAG_OF = {word: tag for tag, words in TAGS.items() for word in words.split()} | {"卷积层": "conv", "卷积": "conv"}
TOTALS = ("total", "totals", "sum", "overall", "all", "total:", "合计", "总计")
COUNTED = ("conv", "deconv", "pool", "fc")
"""What a table of a course lists, unless its rows say what they are."""


class Target(NamedTuple):
    """What a row is about: an input, a layer, a block of them, or (`total`) the whole network."""

    name: str
    node: Node
    rows: tuple[Row, ...]
    total: bool = False


class Matched(NamedTuple):
    """The target of each record, None where there is none; and whether names or the order told."""

    targets: tuple[Target | None, ...]
    by_order: bool


def match(records: Sequence[Record], summary: Summary) -> Matched:
    """Rows to layers: by name if every name is a layer's and they come in order, else in order by kind."""
    named = _by_name(records, summary)
    places = [target.node.index for target in named if target is not None and not target.total]
    if None not in named and places == sorted(places):
        return Matched(tuple(named), False)
    ordered = _by_order(records, summary)
    if None not in ordered:
        return Matched(tuple(ordered), True)
    # a name or two that no layer has must not move all the others to other layers
    mostly_named = 2 * sum(target is not None for target in named) >= len(named) and places == sorted(places)
    return Matched(tuple(named if mostly_named else ordered), not mostly_named)


def known_names(summary: Summary) -> list[str]:
    """The names rows can have."""
    return [row.node.name for row in summary.rows]


def _target(row: Row) -> Target:
    return Target(row.node.name, row.node, (row,))


def _everything(summary: Summary) -> Target:
    return Target("total", summary.rows[-1].node, tuple(summary.rows), True)


def _inputs(summary: Summary) -> list[Target]:
    graph = summary.network.graph
    return [Target(name, graph.nodes[index], ()) for name, index in graph.inputs.items()]


def _by_name(records: Sequence[Record], summary: Summary) -> list[Target | None]:
    found: dict[str, Target] = {}
    for row in summary.rows:
        place: Place | None = row.node.place
        while place is not None and place.parent is not None:
            name = place.path.rstrip("./")
            known = found.get(spelled(name))
            rows = known.rows if known else ()
            found[spelled(name)] = Target(name, row.node, (*rows, row))
            place = place.parent
    for row in summary.rows:
        found.setdefault(spelled(row.node.leaf), _target(row))
    found |= {spelled(row.node.name): _target(row) for row in summary.rows}
    for target in _inputs(summary):
        found.setdefault(spelled(target.name), target)
    found |= {word: _everything(summary) for word in TOTALS if word not in found}
    # "c5 (fc)" and "conv1 (f=5, s=1)": the remark in brackets is not part of the name
    return [
        found.get(spelled(record.name.text)) or found.get(spelled(record.name.text.partition("(")[0]))
        for record in records
    ]


def _tag(text: str) -> str | None:
    """What kind of layer a name speaks of: `CONV1 f5 s1`, `POOL 2`, `FC3`, `C1`, `Softmax`."""
    for word in re.findall(r"[^\W\d_]+(?:[123][dD])?", text.lower()):
        if word in TAG_OF:
            return TAG_OF[word]
        for end in range(len(word), 3, -1):
            if word[:end] in TAG_OF:
                return TAG_OF[word[:end]]
    return None


def kind_tag(node: Node) -> str:
    """The kind of a layer, in the words of `TAGS`."""
    layer = node.layer
    if layer is None:
        return "input"
    if layer.kind in ("conv_transpose", "flatten", "softmax", "dropout", "fc"):
        return "deconv" if layer.kind == "conv_transpose" else layer.kind
    groups = {"convolution": "conv", "pooling": "pool", "normalisation": "norm", "activation": "activation"}
    return groups.get(layer.group, "merge" if layer.group == "merge" else layer.kind)


def _by_order(records: Sequence[Record], summary: Summary) -> list[Target | None]:
    spots = [*_inputs(summary), *map(_target, summary.rows)]
    last_fc = max((k for k, spot in enumerate(spots) if kind_tag(spot.node) == "fc"), default=-1)
    here = -1
    result: list[Target | None] = []
    nameless = not any(record.name.text for record in records)
    for record in records:
        if not record.name.text and not nameless:
            result.append(None)
            continue
        if spelled(record.name.text) in TOTALS:
            result.append(_everything(summary))
            continue
        tag = _tag(record.name.text)
        following = range(here + 1, len(spots))
        if tag == "softmax" and here < last_fc:
            # courses write the last fully connected layer and its softmax as one row
            place: int | None = last_fc
        elif tag is None:
            place = next((k for k in following if kind_tag(spots[k].node) in COUNTED), None)
        else:
            wanted = (tag, "conv") if tag == "deconv" else (tag, "deconv") if tag == "conv" else (tag,)
            place = next((k for k in following if kind_tag(spots[k].node) in wanted), None)
        result.append(spots[place] if place is not None else None)
        here = place if place is not None else here
    return result
