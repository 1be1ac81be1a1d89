"""Layers and values as a spec writes them: the shortest text that reads back as the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cnncalc.layers.base import REQUIRED, Layer, Param, SameAs
from cnncalc.layers.slots import SLOTS, Slot
from cnncalc.spec.nodes import Map, Node, Scalar, Seq

_PLAIN = re.compile(r"[^\W_][\w.+/()-]*(?: [\w.+/()-]+)*\Z")
_FLOW = re.compile(r"[\w.+/*()=<>% -]+\Z")
_SIZES = (SLOTS["Size"], SLOTS["Numbers"])
_PAIRS = (SLOTS["Padding"], SLOTS["Amounts"])


def layer_text(layer: Layer, rank: int, layout: str) -> str:
    """A step's head: `relu`, `fc: 120`, `conv: {filters: 6, kernel: 5}`; defaults are left out.

    Args:
        layer: the layer.
        rank: how many spatial axes its input has.
        layout: the order of axes in which the spec writes whole shapes.
    """
    given = []
    for name, param in layer.params.items():
        if _stated(layer, param, rank):
            value = layer.values[name]
            if name == layer.whole_shape and layout == "channels_last":
                value = (*value[1:], value[0])
            given.append((name, value_text(param.slot, value)))
    if not given:
        return layer.kind
    if len(given) == 1 and given[0][0] == next(iter(layer.params)):
        return f"{layer.kind}: {given[0][1]}"
    return f"{layer.kind}: {{{', '.join(f'{name}: {text}' for name, text in given)}}}"


def _stated(layer: Layer, param: Param, rank: int) -> bool:
    """Whether the value of a parameter must be written."""
    value, default = layer.values[param.name], param.default
    if default is REQUIRED or value is None or default is None:
        return value is not None
    if isinstance(default, SameAs):
        return bool(value != layer.values[default.param])
    return bool(value != param.slot.convert(default, param.name, param.minimum, rank))


def value_text(slot: Slot, value: Any) -> str:
    """The value of a parameter."""
    if slot in _PAIRS and isinstance(value, tuple):
        if all(before == after for before, after in value):
            return sides_text(tuple(before for before, _ in value))
        return _list(_list(map(number_text, pair)) for pair in value)
    if slot in _SIZES:
        return sides_text(value)
    if isinstance(value, tuple):
        return _list(map(number_text, value))
    return value if isinstance(value, str) else number_text(value)


def sides_text(sides: Sequence[Any]) -> str:
    """`3` for equal sides, `1x7` for whole ones, `[1.5, 2]` for others."""
    if sides and all(side == sides[0] for side in sides):
        return number_text(sides[0])
    if all(isinstance(side, int) and side >= 0 for side in sides):
        return "x".join(map(str, sides))
    return _list(map(number_text, sides))


def number_text(value: Any) -> str:
    """A number or truth value: `3`, `1e-5`, `true`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return re.sub(r"e([+-]?)0*(?=\d)", lambda match: "e" + match[1].replace("+", ""), repr(value))
    return str(value)


def _list(items: Any) -> str:
    return f"[{', '.join(items)}]"


def shape_text(shape: Sequence[int], layout: str) -> str:
    """`3x224x224`, in the layout the spec is written in."""
    return "x".join(map(str, (*shape[1:], shape[0]) if layout == "channels_last" else shape))


def title_text(text: str) -> str:
    """A line of prose as a YAML value, in quotes where it needs them."""
    text = " ".join(text.split())
    return text if _PLAIN.match(text) else quoted(text)


def flow_text(text: str) -> str:
    """A word or expression as an item of `[…]` or `{…}`, in quotes where it needs them."""
    return text if _FLOW.match(text) and not text.startswith(("*", "%", ">", "- ")) else quoted(text)


def quoted(text: str) -> str:
    """Text in single quotes, in which only the quote itself is special."""
    return "'" + text.replace("'", "''") + "'"


def node_text(node: Node) -> str:
    """A value of a spec on one line, as `{…}` and `[…]` write it."""
    if isinstance(node, Seq):
        return _list(map(node_text, node.items))
    if isinstance(node, Map):
        return f"{{{', '.join(f'{flow_text(key)}: {node_text(item)}' for key, (_, item) in node.entries.items())}}}"
    return flow_text(node.text) if isinstance(node, Scalar) and not node.empty else ""
