"""Every shipped spec says what it is, stays short, and keeps what it promises under `expect:`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cnncalc.expr import Scope
from cnncalc.spec.nodes import Map, Node
from cnncalc.spec.values import Value
from tests.zoo.shipped import SPECS, members, network, path, summary

MEMBERS = sorted(members().values(), key=lambda member: (member[0], member[1] or ""))


@pytest.mark.parametrize("stem, preset", MEMBERS, ids=[preset or stem for stem, preset in MEMBERS])
def test_expectations_hold(stem: str, preset: str | None) -> None:
    document = network(stem, preset).document
    expect = document.presets[preset][1] if preset else document.expect
    assert {"params", "macs", "output"} <= expect.keys()
    graph = network(stem, preset).graph
    scope = Scope(graph.vars)
    promised = {key: _promised(node, scope) for key, node in expect.items()}
    if isinstance(promised["output"], int):
        promised["output"] = [promised["output"]]
    assert promised == _found(stem, preset, set(expect))


def _promised(node: Node, scope: Scope) -> Any:
    if isinstance(node, Map):
        shapes = {name: _promised(value, scope) for name, (_, value) in node.entries.items()}
        return {name: [shape] if isinstance(shape, int) else shape for name, shape in shapes.items()}
    return Value(node).evaluate(scope, ())


def _found(stem: str, preset: str | None, keys: set[str]) -> dict[str, Any]:
    result = summary(stem, preset)
    totals, graph = result.totals, result.network.graph
    shapes: dict[str, Any] = {name: list(graph.nodes[index].shape) for name, index in graph.outputs.items()}
    if graph.document.layout == "channels_last":
        shapes = {name: [*shape[1:], shape[0]] for name, shape in shapes.items()}
    known = {
        "params": totals.trainable,
        "buffers": totals.buffers,
        "macs": totals.macs,
        "flops": totals.flops,
        "weight_layers": totals.weight_layers,
        "output": shapes if len(shapes) > 1 else next(iter(shapes.values())),
    }
    return {key: known[key] for key in known if key in keys}


@pytest.mark.parametrize("stem", SPECS)
def test_reads_as_a_description(stem: str) -> None:
    text = path(stem).read_text("utf-8")
    lines = text.splitlines()
    assert len(lines) <= 150
    assert max(map(len, lines)) <= 120
    document = network(stem).document
    assert document.family and document.task
    assert stem not in document.presets, "the file's own values are this member"
    comment = " ".join(line for line in lines[:20] if line.startswith("#"))
    assert re.search(r"\(.*\b(19|20)\d\d\b.*\)|https://", comment), "no source is named"


def test_every_name_is_one_network() -> None:
    names = [preset for stem in SPECS for preset in network(stem).document.presets] + list(SPECS)
    assert len(names) == len(set(names))
