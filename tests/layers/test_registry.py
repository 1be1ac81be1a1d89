"""What holds for every layer: registration, documentation, spellings, and the cost of importing them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cnncalc.layers
from cnncalc.layers import registry
from cnncalc.layers.base import SAME_UNIT, Layer, build, layer, param
from cnncalc.layers.spellings import PARAM_SPELLINGS

FOLDER = Path(cnncalc.layers.__file__).parent
LAYERS = sorted(registry().items())

LANGUAGE = {
    "convolution": "conv depthwise pointwise conv_transpose locally_connected",
    "dense": "fc embedding",
    "pooling": "maxpool avgpool adaptive_avgpool adaptive_maxpool global_avgpool global_maxpool lppool",
    "normalisation": "batchnorm layernorm groupnorm instancenorm lrn scale",
    "activation": "relu relu6 abs leaky_relu prelu elu selu gelu silu mish softplus sigmoid hardsigmoid hardswish "
    "tanh softmax",
    "shape": "flatten reshape permute shuffle upsample pixel_shuffle pixel_unshuffle pad crop slice mean "
    "space_to_depth",
    "regularisation": "dropout drop_path identity",
    "merge": "concat add sub mul average maximum matmul",
}
FIRST = {
    "conv": "filters",
    "depthwise": "kernel",
    "pointwise": "filters",
    "fc": "units",
    "embedding": "vocab",
    "maxpool": "kernel",
    "adaptive_avgpool": "size",
    "layernorm": "axis",
    "groupnorm": "groups",
    "lrn": "size",
    "scale": "init",
    "shuffle": "groups",
    "upsample": "factor",
    "pad": "amount",
    "mean": "axes",
    "dropout": "p",
}


def test_the_table_of_the_language_is_complete() -> None:
    found: dict[str, set[str]] = {}
    for kind, cls in LAYERS:
        found.setdefault(cls.group, set()).add(kind)
    assert found == {group: set(kinds.split()) for group, kinds in LANGUAGE.items()}


@pytest.mark.parametrize("kind, first", FIRST.items())
def test_a_bare_value_goes_to_the_first_parameter(kind: str, first: str) -> None:
    assert next(iter(registry()[kind].params)) == first


def test_every_module_is_imported() -> None:
    for path in FOLDER.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        registers = any(isinstance(node, ast.ClassDef) and node.decorator_list for node in tree.body)
        if registers and path.stem != "base":
            assert path.stem in cnncalc.layers.__all__, f"{path.name} is not imported by layers/__init__.py"


@pytest.mark.parametrize("kind, cls", LAYERS, ids=lambda value: value if isinstance(value, str) else "")
def test_documentation(kind: str, cls: type[Layer]) -> None:
    assert cls.__doc__ is not None
    first = cls.__doc__.splitlines()[0]
    assert first.endswith(".") and len(first) < 110, first
    if cls.group != "pooling" or cls.__mro__[1] is Layer:
        assert "Reference: " in cls.__doc__, f"{kind} has no Reference"
    assert cls.example.startswith(kind)
    assert all(spec.doc and not spec.doc.endswith(".") for spec in cls.params.values())


def test_spellings_are_of_one_layer_each() -> None:
    owner: dict[str, str] = {kind: kind for kind in registry()}
    for kind, cls in LAYERS:
        for spelling in cls.spellings:
            other = owner.setdefault(spelling.lower(), kind)
            assert other == kind, f"{spelling}: {other} or {kind}?"


def test_parameter_spellings_lead_to_parameters() -> None:
    known = {name for cls in registry().values() for name in cls.params}
    for foreign, candidates in PARAM_SPELLINGS.items():
        assert candidates and set(candidates) <= known, foreign
        assert foreign not in candidates


def test_layers_do_not_change() -> None:
    conv = build(registry()["conv"], {"filters": 2, "kernel": 3}, 2)
    with pytest.raises(AttributeError, match="immutable"):
        conv.filters = 3
    assert repr(conv).startswith("conv(filters=2, kernel=(3, 3), ")


def test_two_layers_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="two layers are called 'conv'"):
        layer("conv", group="test")(type("Again", (Layer,), {}))


def test_a_plain_layer_has_no_surprises() -> None:
    relu = build(registry()["relu"], {}, 2)
    x = (3, 4, 5)
    assert (relu.weights(x), relu.buffers(x), relu.windows(x), relu.mixes(x), relu.origins(x, x)) == (
        {},
        {},
        (),
        (),
        None,
    )
    assert relu.reach(x, x) == (SAME_UNIT, SAME_UNIT)
    assert relu.macs((x,), x) is None and relu.gate is False and relu.config(x) == {}


def test_parameters_know_whether_they_are_required() -> None:
    required = {name for name, spec in registry()["conv"].params.items() if spec.required}
    assert required == {"filters", "kernel"}
    assert repr(registry()["conv"].params["filters"].default) == "required"
    assert [name for cls in registry().values() for name, spec in cls.params.items() if spec.like] == ["size"] * 3
    assert param("doc") != param("other doc")


def test_every_slot_describes_itself() -> None:
    for cls in registry().values():
        for spec in cls.params.values():
            assert spec.slot.describe
            assert spec.slot.schema()["anyOf"]


def test_importing_the_layers_needs_little() -> None:
    script = "import sys, cnncalc.layers; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1]
    )
    heavy = {"rich", "typer", "yaml", "numpy", "fractions", "decimal", "dataclasses", "inspect", "difflib", "json"}
    assert not heavy & set(run.stdout.split())
