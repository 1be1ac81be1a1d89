"""The grammar of the steps that give a network its structure: loops, conditions, lets, splits, sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cnncalc.spec.nodes import Map, Node, Scalar, Seq
from cnncalc.spec.tree import Head, If, Let, Loop, Side, Split, Step, Use
from cnncalc.spec.values import Value, mapping, plain_name, sequence

if TYPE_CHECKING:
    from cnncalc.spec.steps import StepParser


def body(parser: StepParser, node: Map, key: Scalar) -> list[Step]:
    """The steps under `do:`.

    Raises:
        SpecError: E116 if there is no `do:`.
    """
    if "do" not in node.entries:
        raise key.error("E116", f"'{key.text}' has no 'do:'", "put the repeated steps under 'do:'")
    return parser.steps(node.get("do"), "'do'")


def repeat(parser: StepParser, node: Map, key: Scalar, value: Node) -> Loop:
    """`repeat: n`, `do:`."""
    return Loop(key, None, Value(value), None, body(parser, node, key))


def loop(parser: StepParser, node: Map, key: Scalar, value: Node) -> Loop:
    """`for: x`, `in: …`, `do:`."""
    if isinstance(value, Seq):
        variables: list[str] | str = [parser.vocabulary.variable(item, "a loop variable") for item in value.items]
    else:
        variables = parser.vocabulary.variable(value, "a loop variable")
    over = node.get("in")
    if over is None:
        raise key.error("E116", "'for' has no 'in:'", "write in: 3, or in: with a list of rows")
    index = node.get("index")
    name = None if index is None else parser.vocabulary.variable(index, "'index'")
    result = Loop(key, variables, Value(over), name, body(parser, node, key))
    result.words = value
    return result


def condition(parser: StepParser, node: Map, key: Scalar, value: Node) -> If:
    """`if: cond`, `then:`, `else:`."""
    if not node.entries.keys() & {"then", "else"}:
        raise key.error("E116", "'if' has neither 'then:' nor 'else:'", "put the steps under 'then:'")
    then, otherwise = parser.steps(node.get("then"), "'then'"), parser.steps(node.get("else"), "'else'")
    return If(key, Value(value), then, otherwise)


def let(parser: StepParser, node: Map, key: Scalar, value: Node) -> Let:
    """`let: {name: expr}`."""
    entries = mapping(value, "'let'").entries.values()
    for name, _ in entries:
        parser.vocabulary.variable(name, "a constant")
    return Let(key, [(name, Value(item)) for name, item in entries])


def split(parser: StepParser, node: Map, key: Scalar, value: Node) -> Split:
    """`split: {into: [a, b], sizes: [..]}`."""
    options = mapping(value, "'split'")
    for option in options.entries:
        if option not in ("into", "sizes"):
            raise options.key(option).error("E201", f"split has no parameter '{option}'", "it has into and sizes")
    into = options.get("into")
    if into is None:
        raise key.error("E116", "'split' has no 'into:'", "write split: {into: [a, b]}")
    names = [
        item for item in sequence(into, "'into'") if plain_name(item, "a part's name") and isinstance(item, Scalar)
    ]
    if len(names) < 2:
        raise into.error("E116", "'into' must name at least two parts", "write into: [a, b]")
    sizes = options.get("sizes")
    return Split(key, names, Value(sizes) if sizes else None)


def side(parser: StepParser, node: Map, key: Scalar, value: Node) -> Side:
    """`side: [steps]`, `name:`."""
    if "name" not in node.entries:
        raise key.error("E116", "a side head needs a name", "add name: aux")
    return Side(key, parser.steps(value, "'side'"))


def use(parser: StepParser, node: Map, key: Scalar, value: Node) -> Use:
    """`use: expr`, `with: {…}`."""
    return Use(key, Value(value), node.get("with"), parser.used)


HEADS: dict[str, Callable[[StepParser, Map, Scalar, Node], Head]] = {
    "repeat": repeat,
    "for": loop,
    "if": condition,
    "let": let,
    "split": split,
    "side": side,
    "use": use,
}
"""How the value under each of these keys is read."""
