"""ONNX Runtime as an engine: the graph as an ONNX model, run with the same call as the numpy engine."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from cnncalc.engine.execute import Execution, Watch
from cnncalc.engine.kernels import Array, Context
from cnncalc.engine.weights import Weights
from cnncalc.errors import DataError
from cnncalc.export import onnx, require_onnx
from cnncalc.graph import Graph


class Session:
    """A graph made ready to run, as often as wanted, with any batch."""

    def __init__(self, graph: Graph, weights: Weights, *, every_tensor: bool = False, threads: int = 0) -> None:
        """A session for `graph`.

        Args:
            graph: of a loaded network.
            weights: of this graph.
            every_tensor: keep the output of each layer, for those who watch.
            threads: how many to use; 0 for as many as there are processors.

        Raises:
            DataError: if the graph cannot be written as ONNX, or the runtime does not take it.
            LimitError: for more weights than an ONNX model can hold.
        """
        import onnxruntime

        self.graph = graph
        self.model = onnx.build(graph, weights, name="network", every_tensor=every_tensor)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # only errors; what it optimises is of no interest here
        try:
            self._session: Any = onnxruntime.InferenceSession(
                self.model.serialized(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions have no class in common
            raise DataError(f"ONNX Runtime refuses the network: {_first_line(error)}") from None

    def tensors(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """What the model gives, by the names it has in the model, inputs included.

        Raises:
            DataError: if the runtime fails.
        """
        fed = {name: inputs[name].astype(dtype, copy=False) for name, dtype in self.model.inputs.items()}
        names = list(self.model.outputs)
        try:
            arrays = self._session.run(names, fed)
        except Exception as error:
            raise DataError(f"ONNX Runtime failed: {_first_line(error)}") from None
        return {**inputs, **dict(zip(names, arrays, strict=True))}

    def run(self, inputs: Mapping[str, Array], watch: Watch | None = None) -> Execution:
        """Run the graph; with `watch` the session must have been made with `every_tensor`."""
        found = self.tensors(inputs)
        result = Execution()
        if watch is not None:
            for node in self.graph.layers():
                watch(node, found[self.model.tensors[node.index]])
        last = list(self.model.outputs)[: len(self.graph.outputs)]
        result.outputs = {name: found[key] for name, key in zip(self.graph.outputs, last, strict=True)}
        return result


def require() -> None:
    """Import the packages, so that they are missed before anything long begins.

    Raises:
        ModuleNotFoundError: if one is not installed.
    """
    import_module("onnxruntime")
    require_onnx()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def execute(
    graph: Graph,
    inputs: Mapping[str, Array],
    weights: Weights,
    *,
    context: Context | None = None,
    watch: Watch | None = None,
    **_: Any,
) -> Execution:
    """Run a graph as `execute.execute` does; the runtime neither counts products nor tells its memory.

    Raises:
        DataError: for training or flipped kernels, which the runtime does not have, and as `Session`.
        LimitError: as `Session`.
    """
    if context is not None and (context.training or context.flip):
        raise DataError("the engine onnxruntime only infers, by cross-correlation: use --engine numpy")
    return Session(graph, weights, every_tensor=watch is not None).run(inputs, watch)
