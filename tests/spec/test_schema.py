"""The JSON Schema accepts what the parser accepts, as far as a schema can know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import cnncalc
from cnncalc.analysis.reference import run_example
from cnncalc.cli.app import run
from cnncalc.cli.status import Status
from cnncalc.layers import registry
from cnncalc.spec import document
from cnncalc.spec.schema import spec_schema

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
FILES = [*sorted((ROOT / "tests" / "data" / "examples").glob("*.yaml")), *SPECS]
FIRST_LINE = "# yaml-language-server: $schema=schema.json"
SCHEMA = Draft7Validator(spec_schema())
UNARY = sorted(kind for kind, cls in registry().items() if cls.inputs[1] == 1)
EXCLUSIVE = ("factor", "amount", "size")
"""Parameters of which a layer takes exactly one: a schema made from the registry does not know."""


def parser_accepts(text: str, folder: Path | None = None) -> bool:
    try:
        cnncalc.loads(text, folder=folder)
    except cnncalc.SpecError:
        return False
    return True


def schema_accepts(data: Any) -> bool:
    return bool(SCHEMA.is_valid(data))


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(spec_schema())
    assert set(spec_schema()["properties"]) == set(document.KEYS)
    assert set(spec_schema()["definitions"]["block"]["properties"]) == set(document.BLOCK_KEYS)


@pytest.mark.parametrize("loader", [yaml.BaseLoader, yaml.SafeLoader], ids=["text", "types"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_specs_are_valid(path: Path, loader: Any) -> None:
    data = yaml.load(path.read_text("utf-8"), Loader=loader)
    errors = sorted(SCHEMA.iter_errors(data), key=lambda error: -len(error.absolute_path))
    assert not errors, f"{list(errors[0].absolute_path)}: {errors[0].message[:200]}"


def test_the_shipped_schema_is_up_to_date() -> None:
    assert run(["schema", "--check", str(ROOT / "specs" / "schema.json")]) == Status.OK


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_name_the_schema(path: Path) -> None:
    assert path.read_text("utf-8").splitlines()[0] == FIRST_LINE


# -- steps ---------------------------------------------------------------------------------------

STEPS = """
relu                                        | yes
conv                                        | no
mine                                        | yes
repeat                                      | no
1x1                                         | no
{relu: }                                    | yes
{relu: {}}                                  | yes
{relu: 3}                                   | no
{conv: 8}                                   | no
{conv: {filters: 8, kernel: 3}}             | yes
{conv: {filters: 8, kernel: 3, k: 3}}       | no
{conv: {filters: 8}}                        | no
{conv: {filters: 8, kernel: [3, 3]}}        | yes
{conv: {filters: 0, kernel: 3}}             | no
{conv: {filters: 8, kernel: 3, bias: 1}}    | no
{conv: {filters: 8, kernel: 3, padding: same}} | yes
{conv: {filters: 8, kernel: }}              | no
{pointwise: 8}                              | yes
{pointwise: [8]}                            | no
{pointwise: "2 * 4"}                        | yes
{maxpool: 2x2}                              | yes
{relu: , name: a}                           | yes
{relu: , name: }                            | no
{relu: , from: input}                       | yes
{relu: , from: []}                          | no
{relu: , when: 1 < 2, share: s}             | yes
{relu: , tanh: }                            | no
{mine: , other: }                           | no
{mine: , relu: }                            | no
{mine: , kernel: 3}                         | no
{mine: , name: a, from: input}              | yes
{name: a}                                   | yes
{from: input}                               | yes
{when: 1 < 2}                               | no
{}                                          | no
[relu]                                      | no
{repeat: 2, do: [relu]}                     | yes
{repeat: 2, do: }                           | yes
{repeat: 2}                                 | no
{repeat: 2, do: relu}                       | no
{repeat: 2, do: [relu], in: 3}              | no
{repeat: 2, do: [relu], relu: }             | no
{for: n, in: 2, do: [relu]}                 | yes
{for: n, do: [relu]}                        | no
{for: [a, b], in: [[1, 2], [3, 4]], do: [relu], index: i} | yes
{if: 1 < 2, then: [relu]}                   | yes
{if: 1 < 2, else: [relu]}                   | yes
{if: 1 < 2}                                 | no
{if: 1 < 2, then: [relu], do: [tanh]}       | no
{then: [relu]}                              | no
{let: {a: 3, b: 2 * a}}                     | yes
{let: [a, 3]}                               | no
{split: {into: [a, b]}}                     | yes
{split: {into: [a, b], sizes: [1, 3]}}      | yes
{split: {into: [a]}}                        | no
{split: [a, b]}                             | no
{split: {into: [a, b], parts: 2}}           | no
{side: [relu], name: aux}                   | yes
{side: [relu]}                              | no
{use: relu}                                 | yes
{use: pointwise, with: {filters: 3}}        | yes
{with: {filters: 3}}                        | no
{add: [here, [relu]]}                       | yes
{add: {a: here, b: [relu]}}                 | yes
{add: {a: here, b: {relu: }}}               | yes
{add: {a: here, b: }}                       | no
{add: []}                                   | no
{add: here}                                 | yes
{concat: [[], []]}                          | yes
"""
LINES = [line.split("|") for line in STEPS.strip().splitlines()]


@pytest.mark.parametrize("step, accepted", [(step.strip(), answer.strip() == "yes") for step, answer in LINES])
def test_steps(step: str, accepted: bool) -> None:
    text = f"input: 4x16x16\nblocks: {{mine: {{do: [relu]}}, other: {{do: [relu]}}}}\nlayers:\n  - {step}\n"
    assert parser_accepts(text) == accepted
    assert schema_accepts(yaml.safe_load(text)) == accepted
    # where all is text, 0 might be the name of a variable
    assert schema_accepts(yaml.load(text, Loader=yaml.BaseLoader)) >= accepted


# -- calls of layers -------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, tuple) else value


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str]:
    """A call of a layer, right or with one mistake, and an input for it; as YAML."""
    kind = draw(st.sampled_from(UNARY))
    cls = registry()[kind]
    sample = run_example(cls)
    values = {name: plain(value) for name, value in sample.measure.layer.values.items() if value is not None}
    optional = sorted(name for name in values if not cls.params[name].required and name not in EXCLUSIVE)
    for name in draw(st.sets(st.sampled_from(optional))) if optional else ():
        del values[name]
    mistake = draw(st.sampled_from(["none", "missing", "unknown", "kind", "below", "empty"]))
    if mistake == "unknown":
        values[draw(st.sampled_from(["kernel_sizes", "x", "zz", "filterz"]))] = 3
    elif values and mistake != "none":
        name = draw(st.sampled_from(sorted(values)))
        minimum = cls.params[name].minimum
        if mistake == "missing" and name not in EXCLUSIVE:
            del values[name]
        elif mistake == "kind":
            values[name] = draw(st.sampled_from([{"a": 1}, {}]))
        elif mistake == "below" and minimum is not None:
            values[name] = minimum - 1
        elif mistake == "empty":
            values[name] = None
    shape = "x".join(map(str, sample.inputs[0]))
    return json.dumps({kind: values}), shape


@settings(max_examples=300, derandomize=True, deadline=None)
@given(calls())
def test_calls(call: tuple[str, str]) -> None:
    step, shape = call
    text = f"input: {shape}\nlayers:\n  - {step}\n"
    assert parser_accepts(text) == schema_accepts(yaml.safe_load(text)), text


# -- wrong names -----------------------------------------------------------------------------------


def layer_calls(data: Any) -> list[dict[str, Any]]:
    """Every mapping of parameters of a layer in a spec."""
    found: list[dict[str, Any]] = []
    if isinstance(data, list):
        for item in data:
            found += layer_calls(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in UNARY and isinstance(value, dict) and value:
                found.append(value)
            elif key not in ("vars", "presets", "expect", "input"):
                found += layer_calls(value)
    return found


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.data())
def test_one_wrong_parameter_name_fails_both(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    spec = yaml.safe_load(path.read_text("utf-8"))
    found = layer_calls(spec)
    if not found:
        return
    call = data.draw(st.sampled_from(found))
    name = data.draw(st.sampled_from(sorted(call)))
    call[data.draw(st.sampled_from([f"{name}s_", "kernel-size", "zzz"]))] = call.pop(name)
    assert not schema_accepts(spec)
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.loads(json.dumps(spec, indent=1, default=str), folder=path.parent)
    assert "E201" in {diagnostic.code for diagnostic in caught.value.diagnostics}


# -- the command -----------------------------------------------------------------------------------


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schema.json"
    assert run(["schema"]) == Status.OK
    assert json.loads(capsys.readouterr().out) == spec_schema()
    assert run(["schema", "-o", str(file)]) == Status.OK
    assert run(["schema", "--check", str(file)]) == Status.OK
    file.write_text("{}")
    assert run(["schema", "--check", str(file)]) == Status.DIFFERENCE
    assert "is not up to date" in capsys.readouterr().err
    assert run(["schema", "--check", str(tmp_path / "none.json")]) == Status.USAGE
    assert run(["schema", "-o", str(file)]) == Status.USAGE
