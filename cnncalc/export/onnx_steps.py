"""The table of ONNX operators for each layer, and the notebook they are written in.

Nothing here needs the onnx package: operators are plain records until `onnx.build` makes a model of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from math import prod
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from cnncalc.graph import Graph, Node
from cnncalc.layers.facts import Shape

Array = npt.NDArray[Any]
INT64 = 7
"""ONNX's number for 64-bit whole numbers."""


class WeightSource(Protocol):
    """Where weights come from: the engine's `Weights`, or anything like it."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of every tensor."""
        ...

    def of(self, node: Node) -> Mapping[str, Array]:
        """The weights and buffers of a layer by name."""
        ...


class Operator(NamedTuple):
    """One ONNX operator: what it reads and writes by name, and its attributes."""

    kind: str
    inputs: list[str]
    output: str
    attributes: dict[str, Any]


class Notebook:
    """Operators and constants in the order they are written.

    Attributes:
        opset: the version of the operator set they are for.
        operators: in execution order.
        constants: tensors by name: weights, and what operators need besides.
    """

    def __init__(self, graph: Graph, weights: WeightSource, opset: int) -> None:
        self.graph = graph
        self.weights = weights
        self.opset = opset
        self.operators: list[Operator] = []
        self.constants: dict[str, Array] = {}
        self._known: dict[tuple[str, Shape, bytes], str] = {}
        self._reshaped: dict[tuple[str, Shape], str] = {}
        self.kinds: dict[str, str] = {}
        """By the name of a tensor, the operator that makes it."""
        self.tokens: set[str] = set()
        """Inputs that hold whole numbers, since only embeddings read them."""
        self.scope = ""
        """The name of the layer at hand: the start of all names it makes."""

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Write an operator; gives the name of its output."""
        output = f"{self.scope}/{kind}_{len(self.operators)}"
        self.operators.append(Operator(kind, list(inputs), output, attributes))
        self.kinds[output] = kind
        return output

    def constant(self, values: Any, dtype: Any = None) -> str:
        """A tensor of fixed numbers, in the network's type unless said otherwise; equal ones are kept once."""
        array = np.ascontiguousarray(values, dtype or self.weights.dtype)
        array = array.reshape(np.shape(values))  # a single number keeps its empty shape
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self._known:
            self._known[key] = f"constant_{len(self._known)}"
            self.constants[self._known[key]] = array
        return self._known[key]

    def weight(self, name: str, array: Array, shape: Shape) -> str:
        """A learned or kept tensor, stored once, in the shape it is first asked for."""
        if name not in self.constants:
            self.constants[name] = np.ascontiguousarray(array).reshape(shape)
        if self.constants[name].shape == shape:
            return name
        if (name, shape) not in self._reshaped:
            self._reshaped[name, shape] = self.op("Reshape", name, self.constant(shape, np.int64))
        return self._reshaped[name, shape]

    def finish(self, result: str, name: str) -> bool:
        """Call the tensor `name` instead, if the layer at hand has just made it."""
        if not self.operators or self.operators[-1].output != result or not result.startswith(f"{self.scope}/"):
            return False
        self.operators[-1] = self.operators[-1]._replace(output=name)
        self.kinds[name] = self.kinds.pop(result)
        return True


class Step:
    """One layer being written.

    Attributes:
        layer: with its parameters.
        x: the name of its first input; `xs` are all.
        side: the first input's shape, without the batch; `shapes` are all.
        shape: of its output.
        opset: the version of the operator set.
    """

    def __init__(self, notebook: Notebook, node: Node, xs: Sequence[str]) -> None:
        measure = node.measure
        if measure is None:
            raise ValueError(f"{node.name} is no layer")
        self._notebook = notebook
        self._node = node
        self.layer: Any = measure.layer
        self.xs = tuple(xs)
        self.x = xs[0]
        self.shapes = measure.xs
        self.side = measure.xs[0]
        self.shape = measure.shape
        self.opset = notebook.opset
        self.tokens = notebook.tokens
        self.op = notebook.op
        self.constant = notebook.constant

    @property
    def rank(self) -> int:
        """How many spatial axes the first input has."""
        return len(self.side) - 1

    @property
    def single(self) -> bool:
        """Whether numbers are float32: runtimes have some operators for no other type."""
        return self._notebook.weights.dtype == np.float32

    def integers(self, values: Any) -> str:
        """Fixed whole numbers: shapes, axes, places."""
        return self._notebook.constant(values, np.int64)

    def has(self, name: str) -> bool:
        """Whether the layer has this weight or buffer."""
        measure = self._node.measure
        return measure is not None and (name in measure.weights or name in measure.buffers)

    def weight(self, name: str, shape: Shape | None = None) -> str:
        """One of the layer's weights or buffers, in a shape other than its own if wanted."""
        owner = self._node
        while owner.shared_with is not None:
            owner = self._notebook.graph.nodes[owner.shared_with]
        array = self._notebook.weights.of(self._node)[name]
        return self._notebook.weight(f"{owner.name}.{name}", array, array.shape if shape is None else shape)

    def per_channel(self, name: str) -> str:
        """A weight of one number per channel, in a shape that fits the input: (C, 1, …)."""
        return self.weight(name, (self.side[0],) + (1,) * self.rank)

    def reshape(self, x: str, shape: Sequence[int]) -> str:
        """The same numbers in another shape; the batch stays."""
        return self.op("Reshape", x, self.integers([0, *shape]))

    def transpose(self, x: str, order: Sequence[int]) -> str:
        """The axes, batch included, in another order."""
        return self.op("Transpose", x, perm=list(order))

    def reduce(self, kind: str, x: str, axes: Sequence[int], keep: bool = True) -> str:
        """`ReduceMean`, `ReduceMax`, … over axes, the batch being axis 0."""
        if self.opset >= 18:
            return self.op(kind, x, self.integers(list(axes)), keepdims=int(keep))
        return self.op(kind, x, axes=list(axes), keepdims=int(keep))

    def pad(
        self, x: str, before: Sequence[int], after: Sequence[int], value: float | None = 0.0, mode: str = ""
    ) -> str:
        """Rows added to the spatial axes: of one value, or with a mode, copies of others.

        The axes are named wherever that is possible: ONNX Runtime (1.20 to 1.31 at least) takes a pooling
        into which a Pad without axes leads for one that has that padding, which is something else.
        """
        numbers = [*before, *after] if self.opset >= 18 else [0, 0, *before, 0, 0, *after]
        inputs = [x, self.integers(numbers), "" if mode else self.constant(value)]
        if self.opset >= 18:
            inputs.append(self.integers(list(range(2, 2 + len(before)))))
        elif mode:
            inputs.pop()
        return self.op("Pad", *inputs, mode=mode or "constant")

    def unfused(self, x: str) -> str:
        """The tensor behind a Reshape that changes nothing, if it comes from a Pad that cannot name its axes."""
        from_pad = self._notebook.kinds.get(x) == "Pad" and self.opset < 18
        return self.op("Reshape", x, self.integers([0] * (self.rank + 2))) if from_pad else x

    def take(self, x: str, rows: Any, axis: int) -> str:
        """Rows of one axis, in this order."""
        return self.op("Gather", x, self.integers(rows), axis=axis)

    def along(self, x: str, shape: Shape, axis: int, matrix: Array) -> str:
        """One axis (0 = channels) of a tensor multiplied by a matrix of fixed numbers (wanted, given)."""
        if axis == len(shape) - 1:
            return self.op("MatMul", x, self.constant(matrix.T))
        if axis == len(shape) - 2:
            return self.op("MatMul", self.constant(matrix), x)
        flat = self.reshape(x, (*shape[: axis + 1], prod(shape[axis + 1 :])))
        product = self.op("MatMul", self.constant(matrix), flat)
        return self.reshape(product, (*shape[:axis], len(matrix), *shape[axis + 1 :]))


Writer = Callable[[Step], str]
_WRITERS: dict[str, Writer] = {}
_MODULES = ("border", "dense", "norm", "plain", "pool", "resize", "window")


def writes(*kinds: str) -> Callable[[Writer], Writer]:
    """Decorator: the function writes the layers of these names, and gives the name of their output."""

    def register(function: Writer) -> Writer:
        for kind in kinds:
            if kind in _WRITERS:
                raise ValueError(f"two functions write '{kind}'")
            _WRITERS[kind] = function
        return function

    return register


def writers() -> Mapping[str, Writer]:
    """All writers, by the name of their layer in specs."""
    for module in _MODULES:
        import_module(f"cnncalc.export.onnx_{module}")
    return _WRITERS
