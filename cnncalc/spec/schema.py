"""The JSON Schema (draft-07) of the language, for editors: completion, descriptions, red underlines.

Everything that layers say comes from the registry.  A schema sees one file and no values, so it
accepts what only the parser can judge: names of blocks and variables, expressions, shapes.
"""

from __future__ import annotations

import inspect
from typing import Any

from cnncalc.layers import registry
from cnncalc.layers.base import Layer, Param, SameAs
from cnncalc.spec.document import LAYOUTS
from cnncalc.spec.steps import COMPANIONS, MODIFIERS
from cnncalc.spec.vocabulary import MODIFIER_WORDS, STRUCTURE

Json = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
WORD = "^[A-Za-z_\u00aa-\uffff][A-Za-z0-9_\u00aa-\uffff]*$"
"""A name: letters, digits and `_`, with a letter first."""
EMPTY: Json = {"enum": [None, ""]}
"""A key without a value, as some readers give it and others."""
TEXT: Json = {"type": ["string", "number", "boolean"], "not": {"const": ""}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _described(text: str, schema: Json) -> Json:
    # draft-07 ignores whatever stands beside a $ref
    return {"description": text, **({"allOf": [schema]} if "$ref" in schema else schema)}


def spec_schema() -> Json:
    """The schema of a spec file."""
    return {
        "$schema": DRAFT,
        "title": "cnncalc spec",
        "description": "A convolutional network, layer by layer.",
        "type": "object",
        "properties": _top(),
        "additionalProperties": False,
        "anyOf": [{"required": ["layers", "input"]}, {"required": ["blocks"]}, {"required": ["import"]}],
        "dependencies": {"layers": ["input"]},
        "definitions": {**_values(), **_branches(), **_steps(), **_blocks()},
    }


def _top() -> Json:
    shape = _ref("value")
    inputs = {"type": "object", "minProperties": 1, "propertyNames": _ref("word"), "additionalProperties": shape}
    texts = {"name": "The title; the file's name without one.", "family": "What the network is a member of."}
    texts["task"] = "What the network is for."
    return {
        **{name: _described(text, TEXT) for name, text in texts.items()},
        "input": _described(
            "Channels x height x width, e.g. 3x224x224; or a name and shape per input.", {"anyOf": [shape, inputs]}
        ),
        "layout": _described("The order in which shapes are written and printed.", {"enum": list(LAYOUTS)}),
        "vars": _described("Knobs, read from top to bottom; --set and presets change them.", _ref("variables")),
        "presets": _described("Other members of the family: values of vars by name.", _ref("presets")),
        "import": _described(
            "Specs whose blocks, and networks as blocks, this one uses.", _list_of({"type": "string"})
        ),
        "blocks": _described("Parts with a name and arguments.", _ref("blocks")),
        "layers": _described(
            "The network, one step per item.", {"type": "array", "minItems": 1, "items": _ref("step")}
        ),
        "outputs": _described("Names of the tensors that are results.", {"type": "array", "items": _ref("reference")}),
        "expect": _described("Figures `cnncalc check` verifies.", _ref("expect")),
    }


def _list_of(item: Json) -> Json:
    """One, or a list of some."""
    return {"anyOf": [item, {"type": "array", "minItems": 1, "items": item}]}


def _values() -> Json:
    value = _ref("value")
    return {
        "word": {"type": "string", "pattern": WORD},
        "reference": {"type": "string", "minLength": 1, "description": "A tensor: stem, here, enc[0], enc[*]."},
        "value": {"anyOf": [TEXT, {"type": "array", "items": value}]},
        "variables": {
            "anyOf": [{"type": "object", "propertyNames": _ref("word"), "additionalProperties": value}, EMPTY]
        },
        "expect": {"type": "object", "additionalProperties": {"anyOf": [value, {"type": "object"}]}},
        "presets": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": {"expect": _ref("expect"), "name": TEXT},
                        "additionalProperties": value,
                    },
                    EMPTY,
                ]
            },
        },
        "arguments": {"anyOf": [value, {"type": "object", "additionalProperties": value}, EMPTY]},
    }


def _branches() -> Json:
    branch = _ref("branch")
    return {
        "branch": {
            "description": "A word names a tensor, a list is a sub-network, [] passes the tensor on.",
            "anyOf": [_ref("reference"), {"type": "array", "items": _ref("step")}, _ref("call")],
        },
        "branches": {
            "anyOf": [
                {"type": "object", "minProperties": 1, "additionalProperties": branch},
                {"type": "array", "minItems": 1, "items": branch},
                _ref("reference"),
            ]
        },
        "steps": {"anyOf": [{"type": "array", "items": _ref("step")}, EMPTY]},
    }


def _blocks() -> Json:
    taken = sorted({*registry(), *STRUCTURE, *MODIFIER_WORDS})
    argument = {"type": "string", "minLength": 1, "description": "name, or name = default"}
    parts = {
        "doc": {"type": "string", "description": "What the block is."},
        "args": _described("Arguments; without a default they must be given.", {"type": "array", "items": argument}),
        "inputs": _described("Names of several tensors it takes.", {"type": "array", "items": _ref("word")}),
        "outputs": _described("Tensors the caller may read.", {"type": "array", "items": _ref("reference")}),
        "do": _described("The steps.", _ref("steps")),
    }
    block = {"type": "object", "properties": parts, "additionalProperties": False, "required": ["do"]}
    names = {"allOf": [_ref("word"), {"not": {"enum": taken}}]}
    blocks = {"type": "object", "propertyNames": names, "additionalProperties": _ref("block")}
    return {"block": block, "blocks": {"anyOf": [blocks, EMPTY]}}


def _steps() -> Json:
    layers = registry()
    bare = [kind for kind, cls in layers.items() if cls.inputs[1] == 1 and not _required(cls)]
    never = sorted({*layers, *STRUCTURE, *MODIFIER_WORDS} - {*bare})
    word = {
        "description": "A layer or block without parameters.",
        "anyOf": [{"enum": bare}, {**_ref_word(), "not": {"enum": never}}],
    }
    heads = {**_structure(), **{kind: _described(_summary(cls), _call(cls)) for kind, cls in layers.items()}}
    return {"step": {"anyOf": [_ref("call"), word]}, "call": {"type": "object", **_step_object(heads)}}


def _ref_word() -> Json:
    return {"type": "string", "pattern": WORD}


def _step_object(heads: Json) -> Json:
    """At most one head, with modifiers and the keys that belong to it."""
    modifiers = {
        "name": _described("Names the result and the row, e.g. stem or enc[level].", _ref("reference")),
        "from": _described("Takes this tensor (or these, for a block of several inputs).", _list_of(_ref("reference"))),
        "when": _described("If false, the step does nothing.", _ref("value")),
        "share": _described("Steps with one label use one set of weights.", _ref("word")),
        "weights": _described("A convolution's kernel: the name of a filter, or rows of numbers.", _ref("value")),
    }
    companions = {
        "do": _described("The repeated steps.", _ref("steps")),
        "in": _described("A count, a list, or a table with one row per round.", _ref("value")),
        "index": _described("A name for the number of the round, from 0.", _ref("word")),
        "then": _described("Steps if the condition holds.", _ref("steps")),
        "else": _described("Steps if it does not.", _ref("steps")),
        "with": _described("The parameters of what `use` names.", _ref("arguments")),
    }
    headless = {"propertyNames": {"enum": [*MODIFIERS]}, "anyOf": [{"required": ["name"]}, {"required": ["from"]}]}
    return {
        "properties": {**modifiers, **companions, **heads},
        "additionalProperties": _ref("arguments"),
        "if": {"propertyNames": {"not": {"enum": [*STRUCTURE]}}},
        "then": {"anyOf": [_one_beside(MODIFIERS), headless]},
        "dependencies": {
            **{word: {"anyOf": [{"required": [owner]} for owner in owners]} for word, owners in COMPANIONS.items()},
            **{head: _alone(head) for head in STRUCTURE},
        },
    }


def _alone(head: str) -> Json:
    """A head of the structure stands with modifiers and the keys that belong to it, and no other head."""
    own = [word for word, owners in COMPANIONS.items() if head in owners]
    schema: Json = {"propertyNames": {"enum": [head, *own, *MODIFIERS]}}
    if head == "if":
        return {**schema, "anyOf": [{"required": ["then"]}, {"required": ["else"]}]}
    required = {"repeat": ["do"], "for": ["in", "do"], "side": ["name"]}.get(head)
    return {**schema, "required": required} if required else schema


def _one_beside(modifiers: tuple[str, ...]) -> Json:
    """Exactly one key besides the modifiers: the call of a block."""
    from itertools import combinations

    cases = []
    for count in range(len(modifiers) + 1):
        given = [{"required": [*some]} for some in combinations(modifiers, count)]
        cases.append({"maxProperties": count + 1, **({"anyOf": given} if count else {})})
    return {"anyOf": cases, "not": {"propertyNames": {"enum": [*modifiers]}}}


def _structure() -> Json:
    value, steps = _ref("value"), _ref("steps")
    split = {
        "type": "object",
        "properties": {
            "into": {"type": "array", "minItems": 2, "items": _ref("word")},
            "sizes": _described("Channels of each part; equal parts without it.", value),
        },
        "required": ["into"],
        "additionalProperties": False,
    }
    constants = {"type": "object", "propertyNames": _ref("word"), "additionalProperties": value}
    return {
        "repeat": _described("Runs `do` so many times.", value),
        "for": _described("Loop variable, or one per cell of a row.", _list_of(_ref("word"))),
        "if": _described("A condition, for `then` and `else`.", value),
        "let": _described("Constants until the end of the list.", constants),
        "split": _described("Cuts the channels into named parts.", split),
        "side": _described("A side head; the main flow goes on from before it.", steps),
        "use": _described("The layer or block that a value names.", value),
    }


def _required(cls: type[Layer]) -> list[str]:
    return [param.name for param in cls.params.values() if param.required]


def _call(cls: type[Layer]) -> Json:
    """What may stand behind a layer's name."""
    if cls.inputs[1] != 1:
        return _ref("branches")
    required = _required(cls)
    params = {param.name: _param(param) for param in cls.params.values()}
    mapping: Json = {"type": "object", "properties": params, "additionalProperties": False}
    if required:
        mapping["required"] = required
    choices: list[Json] = [mapping]
    first = next(iter(cls.params.values()), None)
    if first is not None and set(required) <= {first.name}:
        choices.append(_slot(first))
    if not required:
        choices.append(EMPTY)
    return {"anyOf": choices}


def _param(param: Param) -> Json:
    schema = _described(param.doc, _slot(param))
    if not param.required and param.default is not None and not isinstance(param.default, SameAs):
        schema["default"] = param.default
    return schema


def _slot(param: Param) -> Json:
    """The slot's own schema, with the parameter's minimum."""
    schema = param.slot.schema()
    if param.minimum is None:
        return schema
    numbers = ("integer", "number")
    choices = [one | {"minimum": param.minimum} if one.get("type") in numbers else one for one in schema["anyOf"]]
    return {"anyOf": choices}


def _summary(cls: type[Layer]) -> str:
    return (inspect.getdoc(cls) or "").split("\n")[0]
