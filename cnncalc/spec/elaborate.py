"""Syntax tree to graph: blocks expanded, loops unrolled, names resolved, shapes inferred.

The first shape error stops, since everything after it would be wrong too; it carries the stack of
blocks and loops it came through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.errors import SpecError
from cnncalc.expr import ExprError, Fuel, Scope
from cnncalc.expr.evaluate import show
from cnncalc.graph import Measure, Node, Place
from cnncalc.layers.base import Layer, Param, ShapeError, build
from cnncalc.spec import tree
from cnncalc.spec.complaints import rank_help, unknown_word, wrong_rank
from cnncalc.spec.frames import Frame, evaluate_vars
from cnncalc.spec.nodes import Node as Yaml
from cnncalc.spec.sharing import share
from cnncalc.spec.tree import Argument, Block, Document, Step
from cnncalc.spec.values import Value
from cnncalc.spec.vocabulary import Vocabulary
from cnncalc.spec.written import set_weights

Runner = Callable[["Elaborator", Step, Any, Frame, "int | None", list[int]], "int | None"]
MAX_NODES = 200_000
IDLE_STEPS = 50_000
STEPS_PER_NODE = 8
FREE_EDGES = 200_000
EDGES_PER_NODE = 20
"""How many inputs all layers may have: those of the densest networks have a dozen each."""
MAX_BLOCK_DEPTH = 32
MAX_NESTING = 150


class Elaborator:
    """Runs the steps of a document and collects the nodes they make."""

    def __init__(
        self, document: Document, vocabulary: Vocabulary, structure: Mapping[type, Runner], max_nodes: int = MAX_NODES
    ) -> None:
        self.runners: dict[type, Runner] = {
            tree.LayerCall: Elaborator.layer,
            **structure,
        }
        """How each kind of head runs."""
        self.document = document
        self.vocabulary = vocabulary
        self.max_nodes = max_nodes
        self.spent = 0
        self.edges = 0
        self.fuel = Fuel()
        self.nodes: list[Node] = []
        self.root = Place(None, "", "network")
        self.sides: dict[str, int] = {}
        self.labels: dict[int, str] = {}
        """The names steps gave to tensors."""
        self._layers: dict[Any, Layer] = {}
        self._measures: dict[Any, Measure] = {}
        self._documents: dict[int, Scope] = {}

    # -- scopes -----------------------------------------------------------------------------------

    def scope(self, document: Document, overrides: dict[str, Value]) -> Scope:
        """The variables of a document, as its bodies see them."""
        words = self.vocabulary.words | document.blocks.keys()
        return Scope(evaluate_vars(document, overrides, words, self.fuel), words, self.fuel)

    def file_scope(self, block: Block, caller: Frame) -> Scope:
        """The vars of the block's own file: as they are set, where the caller is in that file too."""
        if block.document is caller.body.document:
            return Scope(caller.body.vars, caller.scope.words, self.fuel)
        key = id(block.document)
        if key not in self._documents:
            self._documents[key] = self.scope(block.document, {})
        return self._documents[key]

    # -- steps ------------------------------------------------------------------------------------

    def run(self, steps: list[Step], frame: Frame, current: int | None) -> int | None:
        """Run a list of steps; gives the tensor the flow ends at."""
        for step in steps:
            current = self.step(step, frame, current)
        return current

    def shape(self, tensor: int | None) -> tuple[int, ...]:
        """The shape of a tensor; () where there is none yet."""
        return self.nodes[tensor].shape if tensor is not None else ()

    def step(self, step: Step, frame: Frame, before: int | None) -> int | None:
        """Run one step; gives the tensor the flow is at after it."""
        self.spend(1, step.node)
        current, sources = before, []
        if step.sources:
            for reference in step.sources:
                sources += frame.find(reference, before, self.shape(before), self.sides)
            self.spend(len(sources), step.node)
            current = sources[0]
        if step.when is not None and not self.truth(step.when, frame, current):
            return before
        start = len(self.nodes)
        result = current
        if step.head is not None:
            result = self.dispatch(step, step.head, frame, current, sources)
        if step.weights is not None:
            set_weights(step, frame, self.nodes[start:])
        if step.share is not None:
            share(step, frame, self.nodes, start)
        if type(step.head) is tree.Side:
            return before
        if step.name is not None:
            if result is None:
                raise step.name.node.error(
                    "E204", "there is no tensor to name yet", "start with from: and the name of an input"
                )
            self.labels[result] = frame.bind(step.name, self.shape(current), result)
        return result

    def spend(self, steps: int, node: Yaml) -> None:
        """Count work: steps, or what takes as long.

        Raises:
            SpecError: E506 if there is far more of it than layers that come out.
        """
        self.spent += steps
        if self.spent > IDLE_STEPS + STEPS_PER_NODE * len(self.nodes):
            message = f"the spec runs more than {self.spent - steps:,} steps, most of which make no layer"
            raise node.error("E506", message, "check the repeat counts and the recursion")

    def dispatch(
        self, step: Step, head: tree.Head, frame: Frame, current: int | None, sources: list[int]
    ) -> int | None:
        """Run a head with the function for its type."""
        return self.runners[type(head)](self, step, head, frame, current, sources)

    def truth(self, value: Value, frame: Frame, current: int | None) -> bool:
        """The value of a condition.

        Raises:
            SpecError: E307 if it is neither true nor false.
        """
        result = value.evaluate(frame.scope, self.shape(current))
        if isinstance(result, bool):
            return result
        raise value.node.error("E307", f"{show(result)} is neither true nor false", "write a comparison, e.g. n > 0")

    def need(self, current: int | None, node: Yaml) -> int:
        """The current tensor.

        Raises:
            SpecError: E204 before any `from` in a net of several inputs.
        """
        if current is None:
            inputs = ", ".join(self.document.inputs)
            raise node.error("E204", "there is no current tensor yet", f"add from: and one of {inputs}")
        return current

    def enter(self, frame: Frame, node: Yaml) -> None:
        """Go one level deeper.

        Raises:
            SpecError: E505 past the limit.
        """
        if frame.nesting > MAX_NESTING:
            message = f"steps are nested deeper than {MAX_NESTING} levels"
            raise node.error("E505", message, "use fewer levels of blocks, branches and loops")

    # -- layers -----------------------------------------------------------------------------------

    def layer(self, step: Step, head: tree.LayerCall, frame: Frame, current: int | None, sources: list[int]) -> int:
        """Apply a layer to the current tensor."""
        if len(sources) > 1:
            message = f"{head.cls.kind} takes one tensor, not {len(sources)}"
            raise step.sources[1].node.error("E410", message, "merge them first: - add: [a, b]")
        source = self.need(current, head.key)
        x = self.nodes[source].shape
        try:
            layer = self.build(head, frame, source)
            measure = self.measure(layer, (x,))
        except ShapeError as error:
            raise self.located(error, head.key, head.arguments) from None
        return self.add(step, head.key, measure, (source,), frame, head.cls.kind)

    def build(self, head: tree.LayerCall, frame: Frame, source: int) -> Layer:
        """The layer with its parameters evaluated; equal ones are made once."""
        cls, x = head.cls, self.nodes[source].shape
        rank = len(x) - 1
        if rank not in cls.ranks:
            raise ShapeError("E405", wrong_rank(cls, x), rank_help(cls, rank, self.nodes[source]))
        if head.constant is not None:
            key: Any = (id(head), rank)
            layer = self._layers.get(key)
            if layer is not None:
                return layer
            given = head.constant
        else:
            given = {name: self.value(cls.params[name], a, frame, source) for name, a in head.arguments.items()}
        if cls.whole_shape in given and frame.body.document.layout == "channels_last":
            given = given | {cls.whole_shape: _channels_first(given[cls.whole_shape])}
        frozen = (cls, rank, *((name, _freeze(value)) for name, value in given.items()))
        layer = self._layers.get(frozen)
        if layer is None:
            layer = self._layers[frozen] = build(cls, given, rank)
        if head.constant is not None:
            self._layers[id(head), rank] = layer
        return layer

    def value(self, param: Param, argument: Argument, frame: Frame, source: int) -> Any:
        """The value of one argument, evaluated here."""
        if argument.value is not None:
            try:
                result = argument.value.evaluate(frame.scope, self.nodes[source].shape)
                argument.value.charge(frame.scope, result)
                return result
            except SpecError as error:
                raise unknown_word(error, param, argument.value) from None
        assert argument.like is not None
        found = frame.find(argument.like, source, self.nodes[source].shape, self.sides)
        return list(self.nodes[found[0]].shape[1:])

    def measure(self, layer: Layer, xs: tuple[tuple[int, ...], ...]) -> Measure:
        """The layer's numbers at these shapes, computed once."""
        key = (id(layer), xs)
        measure = self._measures.get(key)
        if measure is None:
            try:
                measure = self._measures[key] = Measure(layer, xs)
            except ExprError as error:
                message = f"the sizes of this layer are too large: {error.message}"
                raise ShapeError("E504", message, "check the sizes of the input and the number of filters") from None
        return measure

    def plain(self, cls: type[Layer]) -> Layer:
        """The one instance of a layer without parameters."""
        return self.intern(cls())

    def intern(self, layer: Layer) -> Layer:
        """The first layer made with these values: measures are kept per instance."""
        return self._layers.setdefault((type(layer), tuple(layer.values.items())), layer)

    def located(self, error: ShapeError, key: Yaml, arguments: dict[str, Argument]) -> SpecError:
        """A layer's complaint, at the parameter to blame or else at the layer's name."""
        argument = arguments.get(error.param or "")
        node = argument.node if argument else key
        return node.error(error.code, error.message, error.help)

    def add(self, step: Step, key: Yaml, measure: Measure, inputs: tuple[int, ...], frame: Frame, base: str) -> int:
        """A new node."""
        index = len(self.nodes)
        if index >= self.max_nodes:
            message = f"the network has more than {self.max_nodes:,} layers"
            raise key.error("E506", message, "check the repeat counts")
        self.edges += len(inputs)
        if self.edges > FREE_EDGES + EDGES_PER_NODE * index:
            message = f"{index:,} layers have {self.edges:,} inputs together"
            raise key.error("E506", message, "merge fewer tensors at once")
        if step.name is not None:
            base = compact(step, frame, measure.xs[0])
        node = Node(index, measure, inputs, measure.shape, frame.place, base)
        node.span = (key.source.name, key.line, key.column, key.end_column)
        self.nodes.append(node)
        return index


def _channels_first(shape: Any) -> Any:
    """A shape written with its channels last."""
    return [shape[-1], *shape[:-1]] if isinstance(shape, list) and shape else shape


def _freeze(value: Any) -> Any:
    return tuple(map(_freeze, value)) if isinstance(value, list) else (type(value), value)


def compact(step: Step, frame: Frame, shape: tuple[int, ...]) -> str:
    """A step's name as part of a path: `enc[0]` is `enc0`, `x[0, 4]` is `x0_4`."""
    assert step.name is not None
    index = step.name.index(frame.scope, shape)
    joined = "_".join(map(str, index))
    return step.name.base + ("_" if joined[:1].isalpha() or (joined and step.name.base[-1].isdigit()) else "") + joined
