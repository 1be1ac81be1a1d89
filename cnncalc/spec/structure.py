"""How loops, conditions, merges and splits run."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.errors import SpecError
from cnncalc.expr.evaluate import show
from cnncalc.graph import Place
from cnncalc.layers import registry
from cnncalc.layers.base import ShapeError, build
from cnncalc.layers.scalar_slots import bounded
from cnncalc.layers.slots import SlotError, whole
from cnncalc.spec import tree
from cnncalc.spec.elaborate import Elaborator, Runner, compact
from cnncalc.spec.frames import Frame, with_note
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.tree import Branch, Step
from cnncalc.spec.values import Value


def loop(
    elaborator: Elaborator, step: Step, head: tree.Loop, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """Run a body once per item, each time in a scope of its own."""
    elaborator.enter(frame, head.key)
    items = _items(head.over, head.over.evaluate(frame.scope, elaborator.shape(current)), head)
    if frame.rounds * len(items) > elaborator.max_nodes:
        message = f"these loops run {frame.rounds * len(items):,} times; the limit is {elaborator.max_nodes:,}"
        raise head.over.node.error("E506", message, "check the repeat counts")
    place = frame.place
    if step.name is not None:
        place = Place(place, compact(step, frame, elaborator.shape(current)), "loop", "/", line=head.key.line)
    for position, item in enumerate(items if head.body else ()):
        elaborator.spend(1 + frame.weight, head.key)
        inner = Place(place, str(position), "iteration", "/") if step.name is not None else place
        child = frame.child(inner, len(items))
        _assign(head, child, item, position)
        try:
            current = elaborator.run(head.body, child, current)
        except SpecError as error:
            raise with_note(error, _round(head, child, position, len(items))) from None
    return current


def _items(over: Value, value: Any, head: tree.Loop) -> Any:
    if isinstance(value, list) and head.variables is not None:
        return value
    try:
        count = bounded(whole(value, "the number of repeats"), "the number of repeats")
    except SlotError as error:
        raise over.node.error(error.code, error.message, error.help) from None
    if count < 0:
        raise over.node.error("E303", f"the number of repeats cannot be {count}", "it must come out as 0 or more")
    return range(count)


def _assign(head: tree.Loop, frame: Frame, item: Any, position: int) -> None:
    if head.index is not None:
        frame.define(head.index, position, head.words)
    if isinstance(head.variables, str):
        frame.define(head.variables, item, head.words)
    elif head.variables is not None:
        cells = item if isinstance(item, list) else [item]
        if len(cells) != len(head.variables):
            wanted = f"{len(head.variables)} variables ({', '.join(head.variables)})"
            row = head.over.items[position].node if head.over.items else head.over.node
            message = f"row {position + 1} has {len(cells)} cell{'s' * (len(cells) != 1)} for {wanted}"
            raise row.error("E311", message, "every row needs one cell per variable")
        for name, cell in zip(head.variables, cells, strict=True):
            frame.define(name, cell, head.words)


def _round(head: tree.Loop, frame: Frame, position: int, count: int) -> str:
    names = [head.variables] if isinstance(head.variables, str) else head.variables or []
    values = ", ".join(f"{name} = {show(frame.scope.vars[name])}" for name in names if name in frame.scope.vars)
    return f"in: round {position + 1} of {count} of the loop at line {head.key.line}" + (
        f" ({values})" if values else ""
    )


def condition(
    elaborator: Elaborator, step: Step, head: tree.If, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """Run one side or the other, in the enclosing scope."""
    elaborator.enter(frame, head.key)
    return elaborator.run(
        head.then if elaborator.truth(head.condition, frame, current) else head.otherwise, frame, current
    )


def let(
    elaborator: Elaborator, step: Step, head: tree.Let, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """Define constants, top to bottom."""
    for name, value in head.constants:
        frame.define(name.text, value.evaluate(frame.scope, elaborator.shape(current)), name)
    return current


def use(
    elaborator: Elaborator, step: Step, head: tree.Use, frame: Frame, current: int | None, sources: list[int]
) -> int | None:
    """Run the layer or block that a value names."""
    name = head.value.evaluate(frame.scope, elaborator.shape(current))
    if not isinstance(name, str):
        message = f"'use' needs the name of a layer or block, not {show(name)}"
        raise head.value.node.error("E302", message, "write a layer, a block, or a variable that holds one")
    if name not in head.heads:
        node = head.value.node
        head.heads[name] = head.parse(Scalar(node.source, node.line, node.column, node.end_column, name), head.given)
    called = head.heads[name]
    return elaborator.dispatch(step, called, frame, current, sources)


def merge(
    elaborator: Elaborator, step: Step, head: tree.Merge, frame: Frame, current: int | None, sources: list[int]
) -> int:
    """Run every branch on the current tensor and join the results."""
    elaborator.enter(frame, head.key)
    tensors: list[int] = []
    origins: list[Branch] = []
    for branch in head.branches:
        found = _branch(elaborator, branch, frame, current)
        tensors += found
        origins += [branch] * len(found)
    least, most = head.cls.inputs
    if len(tensors) < least or (most is not None and len(tensors) > most):
        wanted = f"exactly {least}" if least == most else f"at least {least}"
        raise head.key.error(
            "E410", f"{head.cls.kind} needs {wanted} tensors, not {len(tensors)}", f"write {head.cls.example}"
        )
    xs = tuple(elaborator.nodes[tensor].shape for tensor in tensors)
    try:
        measure = elaborator.measure(elaborator.plain(head.cls), xs)
    except ShapeError as error:
        raise _mismatch(elaborator, error, head, tensors, origins) from None
    return elaborator.add(step, head.key, measure, tuple(tensors), frame, head.cls.kind)


def _branch(elaborator: Elaborator, branch: Branch, frame: Frame, current: int | None) -> list[int]:
    if branch.reference is not None:
        return frame.find(branch.reference, current, elaborator.shape(current), elaborator.sides)
    if not branch.steps:
        return [elaborator.need(current, branch.node)]
    elaborator.spend(1 + frame.weight, branch.node)
    place = Place(frame.place, branch.name or "branch", "branch", line=branch.node.line)
    result = elaborator.run(branch.steps, frame.child(place), current)
    return [elaborator.need(result, branch.node)]


def _mismatch(
    elaborator: Elaborator, error: ShapeError, head: tree.Merge, tensors: list[int], origins: list[Branch]
) -> SpecError:
    """The sizes of all branches, and which layer made each."""
    lines, names = [], []
    for number, (tensor, branch) in enumerate(zip(tensors, origins, strict=True), start=1):
        node = elaborator.nodes[tensor]
        names.append(branch.name or _referred(elaborator, branch, tensor) or f"branch {number}")
        made = f"{node.kind} at line {node.span[1]}" if node.span else f"the input '{node.base}'"
        lines.append(f"{names[-1]}: {'x'.join(map(str, node.shape))}, from {made}")
    message = re.sub(r"\binput (\d+)\b", lambda found: names[int(found[1]) - 1], error.message)
    guilty = max(error.inputs, default=None)
    if guilty is None:
        diagnostic = head.key.diagnostic(error.code, message, error.help)
    else:
        help = _projection(elaborator, head, tensors, origins, error.inputs) or error.help
        diagnostic = origins[guilty].node.diagnostic(error.code, message, help)
    return SpecError(diagnostic._replace(notes=tuple(lines[:12])))


def _referred(elaborator: Elaborator, branch: Branch, tensor: int) -> str | None:
    """The name by which a branch that is a reference gets a tensor."""
    if branch.reference is None:
        return None
    if branch.reference.wildcard or not isinstance(branch.node, Scalar):
        return elaborator.labels.get(tensor)
    return branch.node.text


def _projection(
    elaborator: Elaborator, head: tree.Merge, tensors: list[int], origins: list[Branch], odd: tuple[int, ...]
) -> str | None:
    """For a shortcut that passes on what does not fit, the convolution that makes it fit."""
    wanted = next(elaborator.shape(tensor) for i, tensor in enumerate(tensors) if i not in odd)
    given = elaborator.shape(tensors[odd[-1]])
    branch = origins[odd[-1]]
    if branch.reference is not None or branch.steps or head.cls.kind == "concat" or len(wanted) != len(given) > 1:
        return None
    strides = {-(-n // m) for n, m in zip(given[1:], wanted[1:], strict=True)}
    if len(strides) != 1 or any(-(-n // max(strides)) != m for n, m in zip(given[1:], wanted[1:], strict=True)):
        return None
    stride = max(strides)
    call = f"{{filters: {wanted[0]}, stride: {stride}}}" if stride > 1 else str(wanted[0])
    return f"project it: write [pointwise: {call}] there"


def split(
    elaborator: Elaborator, step: Step, head: tree.Split, frame: Frame, current: int | None, sources: list[int]
) -> int:
    """Cut the channels into parts; the flow goes on with the last."""
    source = elaborator.need(current, head.key)
    channels = elaborator.nodes[source].shape[0]
    sizes = _sizes(elaborator, head, frame, source, channels)
    start, tensor = 0, source
    for name, size in zip(head.into, sizes, strict=True):
        part = build(
            registry()["slice"], {"start": start, "end": start + size}, len(elaborator.nodes[source].shape) - 1
        )
        measure = elaborator.measure(elaborator.intern(part), (elaborator.nodes[source].shape,))
        tensor = elaborator.add(Step(step.node), head.key, measure, (source,), frame, name.text)
        frame.tensors[name.text] = tensor
        start += size
    return tensor


def _sizes(elaborator: Elaborator, head: tree.Split, frame: Frame, source: int, channels: int) -> list[int]:
    parts = len(head.into)
    if head.sizes is None:
        if channels % parts:
            sizes = [channels // parts + (i < channels % parts) for i in range(parts)]
            help = f"say how, e.g. sizes: {sizes}"
            raise head.key.error("E402", f"{channels} channels cannot be split into {parts} equal parts", help)
        return [channels // parts] * parts
    value = head.sizes.evaluate(frame.scope, elaborator.shape(source))
    node = head.sizes.node
    try:
        sizes = [whole(size, "a size") for size in (value if isinstance(value, list) else [value])]
    except SlotError as error:
        raise node.error(error.code, error.message, error.help) from None
    if len(sizes) != parts or min(sizes) < 1 or sum(sizes) != channels:
        message = f"sizes {show(value)} do not cut {channels} channels into {parts} parts"
        raise node.error("E402", message, f"write {parts} positive numbers that add up to {channels}")
    return sizes


STRUCTURE: dict[type, Runner] = {
    tree.Loop: loop,
    tree.If: condition,
    tree.Let: let,
    tree.Use: use,
    tree.Merge: merge,
    tree.Split: split,
}
"""How each kind of head that is not a layer or block runs."""
