"""Sizes the other way round, held against the sizes themselves."""

from __future__ import annotations

import json
from itertools import product

import pytest

import cnncalc
from cnncalc.analysis.solving.equation import solve
from cnncalc.analysis.solving.forms import Form, Rule, after
from cnncalc.analysis.solving.sizes import closed_forms, even_sizes
from cnncalc.errors import SpecError
from tests.cli.transcript import result


def test_solutions_are_all_there_are() -> None:
    found = {(s.values["kernel"], s.values["stride"]) for s in solve({"in": 32, "out": 14}, ("kernel", "stride"))}
    assert found == {(f, s) for f, s in product(range(1, 33), repeat=2) if s <= f and (32 - f) // s + 1 == 14}


@pytest.mark.parametrize("unknown", [("padding",), ("stride", "padding"), ("in",), ("dilation", "kernel"), ("out",)])
def test_solutions_solve(unknown: tuple[str, ...]) -> None:
    whole = {"in": 28, "out": 14, "kernel": 5, "stride": 2, "padding": 2, "dilation": 1}
    known = {name: value for name, value in whole.items() if name not in unknown}
    solutions = solve(known, unknown)
    assert whole in [one.values for one in solutions]
    for one in solutions:
        assert one.check.value == one.values["out"]
        assert all(one.values[name] == value for name, value in known.items())


@pytest.mark.parametrize("form", [Form(), Form(1, 3, 2), Form(2, 1, 4, 3), Form(4, 0, 1, -1)])
@pytest.mark.parametrize("rule", [Rule(1, 1, 2), Rule(2, -1, 1), Rule(1, -4, 1), Rule(1, 5, 4), Rule(fixed=7)])
def test_nested_floors_collapse(form: Form, rule: Rule) -> None:
    whole = after(form, rule)
    assert whole is not None
    for n in range(1, 200):
        assert whole.value(n) == rule.value(form.value(n))


def test_a_form_and_its_inverse() -> None:
    form = Form(3, 5, 4, -2)
    for m in range(-2, 60):
        span = form.inputs(m)
        inputs = [n for n in range(1, 300) if form.value(n) == m]
        assert inputs == (list(range(span[0], span[1] + 1)) if span else [])


NETS = ["lenet5", "vgg16", "resnet18", "alexnet", "unet", "googlenet", "mobilenet_v2"]


@pytest.mark.parametrize("name", NETS)
def test_the_closed_form_of_a_network_gives_its_sizes(name: str) -> None:
    net = cnncalc.load(name)
    target, (height, *_) = closed_forms(net.graph)
    assert height.form is not None
    channels, side, *_ = net.graph.nodes[next(iter(net.graph.inputs.values()))].shape
    assert height.form.value(side) == net.graph.nodes[net.graph.names[target]].shape[1]
    for n in {height.least, height.least + 1, side - 1, side + 7, 2 * side}:
        try:
            other = cnncalc.load(name, input=f"{channels}x{n}x{n}")
        except SpecError:
            # a later layer, a head of fixed size, or a merge that only fits some sizes
            assert height.conditions or n < side or name == "alexnet"
            continue
        assert height.form.value(n) == other.graph.nodes[other.graph.names[target]].shape[1]


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "resnet18", "unet"])
def test_even_sizes_leave_nothing_over(name: str) -> None:
    net = cnncalc.load(name)
    (one, *_) = even_sizes(net.graph)
    channels = net.graph.nodes[0].shape[0]
    assert one.sizes
    for n in one.sizes[-3:]:
        other = cnncalc.load(name, input=f"{channels}x{n}x{n}")
        for node in other.graph.layers():
            assert node.measure is not None
            layer, x = node.measure.layer, node.measure.xs[0]
            if layer.windows(x) and layer.values.get("padding") != "same" and "output_padding" not in layer.values:
                for side, w in zip(x[1:], layer.windows(x), strict=True):
                    assert (side + sum(w.padding) - w.effective_kernel) % w.stride == 0, (n, node.name)


def test_which_padding_keeps_the_size() -> None:
    assert "= 2 on each side" in result("cnncalc solve --kernel 5 --padding ?")
    assert "[[1, 2], …]" in result("cnncalc solve --kernel 4 --padding ?")
    assert json.loads(result("cnncalc solve --kernel 3 --dilation 4 --padding ? -f json"))["padding"] == [4, 4]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("--in 32 --kernel ? --stride ? --padding ?", "one or two unknowns"),
        ("--in ? --out ? --kernel 3", "cannot both be unknown"),
        ("--in 32 --out ?", "--kernel is missing"),
        ("--in 0 --kernel 3 --out ?", "from 1 to"),
        ("--in a --kernel ?", "write a whole number"),
        ("vgg16 --kernel 3", "for a single layer"),
        ("", "give the numbers"),
    ],
)
def test_questions_without_sense(call: str, says: str) -> None:
    text = result(f"cnncalc solve {call}")
    assert says in text
    assert text.endswith("[exit 2]")


def test_nothing_fits() -> None:
    assert result("cnncalc solve --in 5 --out 9 --kernel 3 --stride ?").startswith("Nothing fits")
