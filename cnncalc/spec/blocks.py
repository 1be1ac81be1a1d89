"""How blocks, side heads and shared weights run."""

from __future__ import annotations

from typing import Any

from cnncalc.errors import SpecError
from cnncalc.expr import Scope
from cnncalc.graph import Place
from cnncalc.spec import tree
from cnncalc.spec.elaborate import MAX_BLOCK_DEPTH, Elaborator, Runner, compact
from cnncalc.spec.frames import COPIED, Body, Frame, with_note
from cnncalc.spec.tree import Block, Step
from cnncalc.spec.values import Given


def block(
    elaborator: Elaborator, step: Step, head: tree.BlockCall, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """Run a block's body with its arguments, in a scope of its own."""
    block = head.block
    if frame.body.depth >= MAX_BLOCK_DEPTH:
        raise head.key.error(
            "E505",
            f"blocks call each other deeper than {MAX_BLOCK_DEPTH} levels",
            "give the recursion an end, e.g. when: n > 0",
        )
    elaborator.enter(frame, head.key)
    inputs = sources or ([] if current is None else [current])
    if len(block.inputs) > 1 and len(inputs) != len(block.inputs):
        message = (
            f"block '{block.name}' takes {len(block.inputs)} tensors ({', '.join(block.inputs)}), not {len(inputs)}"
        )
        help = f"add from: with {len(block.inputs)} tensors, e.g. from: [{', '.join(block.inputs)}]"
        raise head.key.error("E410", message, help)
    if len(inputs) > max(1, len(block.inputs)):
        message = f"block '{block.name}' takes one tensor, not {len(inputs)}"
        raise step.sources[1].node.error("E410", message, "name them in the block: inputs: [a, b]")
    scope, values = bind_arguments(elaborator, head, frame, elaborator.shape(current))
    base = compact(step, frame, elaborator.shape(current)) if step.name else block.name
    place = Place(frame.place, base, "block", label=block.name, line=head.key.line)
    names = block.inputs or (["input"] if block.network else [])
    body = Frame(
        Body(block.document, frame.body.depth + 1, values),
        place,
        scope,
        dict(zip(names, inputs, strict=False)),
        frame.rounds,
        frame.nesting + 1,
    )
    try:
        result = elaborator.run(block.body, body, current)
        if step.name is not None and not step.name.indices:
            export(elaborator, block, body, frame, step.name.base, result)
    except SpecError as error:
        file = "" if block.document is frame.body.document else f" of {head.key.source.name}"
        raise with_note(error, f"in: block '{block.name}' called from line {head.key.line}{file}") from None
    return result


def bind_arguments(
    elaborator: Elaborator, head: tree.BlockCall, frame: Frame, shape: tuple[int, ...]
) -> tuple[Scope, dict[str, Any]]:
    """The scope of a block's body, its arguments hiding vars of its file; and those vars."""
    block = head.block
    elaborator.spend(1 + len(frame.body.vars) // COPIED, head.key)
    given = {name: argument.value for name, argument in head.arguments.items() if argument.value}
    if head.bare is not None:
        given[next(iter(block.arguments))] = head.bare
    if block.network:
        elaborator.spend(len(block.document.vars), head.key)
        values = {name: Given(value.node, value.evaluate(frame.scope, shape)) for name, value in given.items()}
        scope = elaborator.scope(block.document, dict(values))
        return scope, dict(scope.vars)
    file = elaborator.file_scope(block, frame)
    scope = Scope(dict(file.vars), file.words, elaborator.fuel)
    for name, default in block.arguments.items():
        if name in given:
            scope.vars[name] = given[name].evaluate(frame.scope, shape)
        elif default is not None:
            scope.vars[name] = default.evaluate(scope, shape)
    return scope, file.vars


def export(elaborator: Elaborator, block: Block, body: Frame, frame: Frame, name: str, result: int | None) -> None:
    """Make a block's outputs readable as `name.output` for the caller; of a whole network, all it names."""
    if block.network:
        named = body.tensors | body.body.families
        frame.tensors.update({f"{name}.{inner}": tensor for inner, tensor in named.items()})
    for reference in block.outputs:
        shape = elaborator.shape(result)
        if not reference.indices:
            frame.tensors[f"{name}.{reference.base}"] = body.find(reference, result, shape, elaborator.sides)[0]
            continue
        body.find(reference, result, shape, elaborator.sides)
        frame.tensors[f"{name}.{reference.base}"] = body.body.families[reference.base]


def side(
    elaborator: Elaborator, step: Step, head: tree.Side, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """A side head: its own scope, and a name that belongs to the network."""
    assert step.name is not None
    elaborator.enter(frame, head.key)
    place = Place(frame.place, compact(step, frame, elaborator.shape(current)), "side", line=head.key.line)
    result = elaborator.run(head.body, frame.child(place), elaborator.need(current, head.key))
    assert result is not None
    name = frame.bind(step.name, elaborator.shape(current), result)
    if elaborator.sides.setdefault(name, result) != result:
        raise step.name.node.error("E206", f"two side heads are called '{name}'", "give the name an index: aux[i]")
    return result


BLOCKS: dict[type, Runner] = {tree.BlockCall: block, tree.Side: side}
"""How block calls and side heads run."""
