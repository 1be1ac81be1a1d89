"""What is visible where: variables, tensors, and how references find them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.expr import Fuel, Scope
from cnncalc.expr.evaluate import show
from cnncalc.graph import Place
from cnncalc.spec.nodes import Node, Scalar
from cnncalc.spec.tree import Document
from cnncalc.spec.values import Reference, Value, label

Index = tuple[Any, ...]
Family = dict[Index, int]
"""The tensors of one indexed name."""


class Body:
    """What one run of a block's body (or of the network) has in common: indexed names and shared weights."""

    __slots__ = ("depth", "document", "families", "shares", "vars")

    def __init__(self, document: Document, depth: int, vars: dict[str, Any]) -> None:
        self.document = document
        self.depth = depth
        self.vars = vars
        """The file's vars, which the blocks it calls see too."""
        self.families: dict[str, Family] = {}
        self.shares: dict[str, list[int]] = {}


COPIED = 64
"""How many names are copied in the time a step takes."""


class Frame:
    """One scope: a list of steps being run.  Children see copies, so nothing leaks out."""

    __slots__ = ("body", "nesting", "place", "rounds", "scope", "tensors")

    def __init__(
        self, body: Body, place: Place, scope: Scope, tensors: dict[str, int | Family], rounds: int, nesting: int
    ) -> None:
        self.body = body
        self.place = place
        self.scope = scope
        self.tensors = tensors
        self.rounds = rounds
        """How many times the enclosing loops run this list together."""
        self.nesting = nesting

    def child(self, place: Place, rounds: int = 1) -> Frame:
        """A scope inside this one."""
        scope = Scope(dict(self.scope.vars), self.scope.words, self.scope.fuel)
        return Frame(self.body, place, scope, dict(self.tensors), self.rounds * rounds, self.nesting + 1)

    @property
    def weight(self) -> int:
        """What a child costs, in steps."""
        return (len(self.scope.vars) + len(self.tensors)) // COPIED

    def define(self, name: str, value: Any, node: Node) -> None:
        """A new variable of this scope.

        Raises:
            SpecError: E206 if something visible has that name.
        """
        if name in self.scope.vars:
            raise node.error("E206", f"'{name}' already is {show(self.scope.vars[name])} here", "choose another name")
        self.scope.vars[name] = value

    def bind(self, target: Reference, shape: tuple[int, ...], tensor: int) -> str:
        """Give `tensor` the name of a step.

        Raises:
            SpecError: E206 if an indexed name is set twice.
        """
        if not target.indices:
            self.tensors[target.base] = tensor
            return target.base
        index = target.index(self.scope, shape)
        family = self.body.families.setdefault(target.base, {})
        if index in family:
            help = "add the outer loop's variable as an index"
            raise target.node.error("E206", f"'{label(target.base, index)}' is set twice", help)
        family[index] = tensor
        return label(target.base, index)

    def find(
        self, reference: Reference, current: int | None, shape: tuple[int, ...], sides: dict[str, int]
    ) -> list[int]:
        """The tensors a reference stands for: one, or all that match its `*`.

        Raises:
            SpecError: E204 if there is none.
        """
        base = reference.base
        if base == "here" and not reference.indices:
            if current is None:
                raise reference.node.error(
                    "E204", "there is no current tensor yet", "start with from: and the name of an input"
                )
            return [current]
        known = self.tensors.get(base)
        if not reference.indices:
            if isinstance(known, int):
                return [known]
            if base in sides:
                return [sides[base]]
            raise self._unknown(reference, base)
        index = reference.index(self.scope, shape)
        family = known if isinstance(known, dict) else self.body.families.get(base)
        if family is None:
            name = label(base, index)
            if name in sides:
                return [sides[name]]
            raise self._unknown(reference, name)
        if not reference.wildcard:
            if index not in family:
                raise self._unknown(reference, label(base, index))
            return [family[index]]
        matches = matching(family, index)
        if not matches:
            raise self._unknown(reference, label(base, index))
        return [family[i] for i in matches]

    def _unknown(self, reference: Reference, name: str) -> SpecError:
        base = reference.base
        family = self.body.families.get(base)
        known = [*self.tensors, *self.body.families]
        help: str | None = None
        if family and not reference.indices:
            help = f"'{base}' has an index: write {label(base, next(iter(family)))}"
        elif family:
            there = ", ".join(label(base, index) for index in list(family)[:6])
            help = f"there are {there}" + (", …" if len(family) > 6 else "")
        elif isinstance(self.tensors.get(base), int):
            help = f"'{base}' has no index: write {base}"
        elif base in self.scope.words and not reference.indices:
            help = f"a branch that is a word names a tensor; write [{base}] for the layer"
        elif base in self.place.counts:
            help = f"'{base}' ends with its branch or loop; a name with an index lives on: name: {base}[0]"
        else:
            help = did_you_mean(base, known)
        if not help and self.body.depth and not known:
            help = "a block sees its own tensors only: add it to the block's inputs:, and to from: at the call"
        help = help or f"known here: {', '.join(['here', *known[:6]])}"
        return reference.node.error("E204", f"no tensor is called '{name}' here", help)


def matching(family: Family, pattern: Index) -> list[Index]:
    """The indices that a pattern with `*` stands for, in order."""
    return sorted((index for index in family if _matches(index, pattern)), key=_order)


def _matches(index: Index, pattern: Index) -> bool:
    return len(index) == len(pattern) and all(p is None or p == i for i, p in zip(index, pattern, strict=True))


def _order(index: Index) -> tuple[tuple[bool, Any], ...]:
    """Numbers before words, each in its own order."""
    return tuple((isinstance(i, str), i) for i in index)


def evaluate_vars(
    document: Document, overrides: dict[str, Value], words: Container[str], fuel: Fuel | None = None
) -> dict[str, Any]:
    """The vars of a document, top to bottom; an override takes the place of what the file says.

    Raises:
        SpecError: at the first that cannot be evaluated.
    """
    values: dict[str, Any] = {}
    scope = Scope(values, words, fuel)
    for name, value in document.vars.items():
        try:
            values[name] = overrides.get(name, value).evaluate(scope, ())
        except SpecError as error:
            raise _read_in_order(error, document) from None
    return values


def _read_in_order(error: SpecError, document: Document) -> SpecError:
    """`error`, with better help if it is about a variable that is defined further down."""
    diagnostic = error.diagnostics[0]
    span, text = diagnostic.span, diagnostic.source or ""
    name = text[span.column - 1 : span.end_column - 1] if span else ""
    if diagnostic.code != "E203" or name not in document.vars:
        return error
    return SpecError(diagnostic._replace(help=f"vars are read from top to bottom: move '{name}' up"))


def with_note(error: SpecError, note: str) -> SpecError:
    """`error` with one more line of the stack of blocks and loops it came through."""
    return SpecError([diagnostic._replace(notes=(*diagnostic.notes, note)) for diagnostic in error.diagnostics])


def warning(code: str, message: str, node: Scalar, help: str | None = None) -> Diagnostic:
    """A diagnostic that does not stop anything."""
    return node.diagnostic(code, message, help)._replace(severity="warning")
