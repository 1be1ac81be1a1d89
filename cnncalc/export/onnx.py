"""ONNX models: a graph's layers written as operators, and the result held against the graph's own shapes.

Models take any batch size; tensors are called as in the summary, weights as in `.npz` files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cnncalc.errors import DataError, LimitError
from cnncalc.export.onnx_steps import Notebook, Operator, Step, WeightSource, writers
from cnncalc.graph import Graph, Node
from cnncalc.layers.facts import Shape
from cnncalc.version import __version__

if TYPE_CHECKING:
    from onnx import ModelProto, ValueInfoProto

OPSET = 18
"""The default: what runtimes since 2023 understand."""
OLDEST, NEWEST = 13, 23
MOST_BYTES = (1 << 31) - (1 << 20)
"""A protobuf file cannot hold more, names and shapes included."""


class OnnxModel:
    """A finished model.

    Attributes:
        proto: the model as the onnx package has it.
        inputs: the inputs' numpy types by name.
        outputs: the outputs' shapes by name, without the batch.
        tensors: for each node of the graph, the name of its tensor in the model.
        operators: how many there are.
        bytes: of all weights and constants.
    """

    def __init__(
        self,
        proto: ModelProto,
        notebook: Notebook,
        tensors: dict[int, str],
        inputs: dict[str, Any],
        outputs: dict[str, Shape],
    ) -> None:
        self.proto = proto
        self.inputs = inputs
        self.outputs = outputs
        self.tensors = tensors
        self.operators = len(notebook.operators)
        self.bytes = sum(array.nbytes for array in notebook.constants.values())

    def serialized(self) -> bytes:
        """The file's content, the same for the same model."""
        return bytes(self.proto.SerializeToString(deterministic=True))


def unwritten(graph: Graph) -> list[str]:
    """The layers that have no form in ONNX, each with its kind."""
    known = writers()
    return [f"{node.name} ({node.kind})" for node in graph.layers() if node.kind not in known]


def build(
    graph: Graph, weights: WeightSource, *, name: str, opset: int = OPSET, every_tensor: bool = False
) -> OnnxModel:
    """The ONNX model of a graph, checked.

    Args:
        graph: of a loaded network.
        weights: of this graph.
        name: of the network.
        opset: version of the operator set, 13 to 23.
        every_tensor: make the output of each layer an output of the model.

    Raises:
        DataError: for an opset that is not supported, or layers that cannot be written.
        LimitError: for more weights than an ONNX file can hold.
    """
    refuse(graph, weights, opset)
    notebook = Notebook(graph, weights, opset)
    inputs = _input_types(graph, weights)
    notebook.tokens = {key for key, dtype in inputs.items() if dtype == np.int64}
    tensors = {index: key for key, index in graph.inputs.items()}
    names = _final_names(graph)
    table = writers()
    for node in graph.layers():
        notebook.scope = node.name
        result = table[node.kind](Step(notebook, node, [tensors[source] for source in node.inputs]))
        tensors[node.index] = names[node.index] if notebook.finish(result, names[node.index]) else result
    outputs = _outputs(graph, notebook, tensors, every_tensor)
    proto = _model(graph, notebook, inputs, outputs, name)
    check(proto, graph, tensors)
    return OnnxModel(proto, notebook, tensors, inputs, {key: node.shape for key, node in outputs.items()})


def refuse(graph: Graph, weights: WeightSource, opset: int) -> None:
    """Say what stands against a model before anything is built.

    Raises:
        DataError: for an opset that is not supported, or layers that cannot be written.
        LimitError: for more weights than an ONNX file can hold.
    """
    from onnx.defs import onnx_opset_version

    newest = min(NEWEST, onnx_opset_version())
    if not OLDEST <= opset <= newest:
        raise DataError(f"opset {opset} is not supported: choose one from {OLDEST} to {newest}")
    lost = unwritten(graph)
    if lost:
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        raise DataError(f"these layers cannot be written as ONNX: {', '.join(lost[:5])}{more}")
    size = sum(node.trainable + node.buffers for node in graph.layers()) * weights.dtype.itemsize
    if size > MOST_BYTES:
        raise LimitError(f"an ONNX file holds at most 2 GiB, and the weights take {size / 2**30:.1f} GiB")


def _input_types(graph: Graph, weights: WeightSource) -> dict[str, Any]:
    """Inputs that only embeddings read hold whole numbers; all others the network's type."""
    readers = graph.consumers()
    result = {}
    for name, index in graph.inputs.items():
        kinds = {graph.nodes[reader].kind for reader in readers[index]}
        tokens = kinds == {"embedding"} and index not in graph.outputs.values()
        result[name] = np.dtype(np.int64) if tokens else weights.dtype
    return result


def _final_names(graph: Graph) -> dict[int, str]:
    """What each node's tensor is called: as the output it is, or as its row in the summary."""
    names = {node.index: node.name for node in graph.nodes}
    for name, index in graph.outputs.items():
        if name not in names.values():
            names[index] = name
    return names


def _outputs(graph: Graph, notebook: Notebook, tensors: dict[int, str], every_tensor: bool) -> dict[str, Node]:
    """The model's outputs; a name that its tensor does not have already is given by an Identity."""
    outputs: dict[str, Node] = {}
    made = {operator.output for operator in notebook.operators}
    for name, index in graph.outputs.items():
        if tensors[index] != name:
            label = name
            while label in made or label in graph.inputs:
                label += "_"
            notebook.scope = "output"
            notebook.finish(notebook.op("Identity", tensors[index]), label)
            made.add(label)
        outputs[name if tensors[index] == name else label] = graph.nodes[index]
    if every_tensor:
        outputs |= {tensors[node.index]: node for node in graph.layers() if tensors[node.index] in made}
    return outputs


def _model(
    graph: Graph, notebook: Notebook, inputs: Mapping[str, Any], outputs: Mapping[str, Node], name: str
) -> ModelProto:
    from onnx import helper, numpy_helper

    def info(key: str, dtype: Any, shape: tuple[int, ...]) -> ValueInfoProto:
        return helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), ("N", *shape))

    body = helper.make_graph(
        [_node(operator) for operator in notebook.operators],
        name,
        [info(key, dtype, graph.nodes[graph.inputs[key]].shape) for key, dtype in inputs.items()],
        [info(key, notebook.weights.dtype, node.shape) for key, node in outputs.items()],
        [numpy_helper.from_array(array, key) for key, array in notebook.constants.items()],
    )
    opsets = [helper.make_opsetid("", notebook.opset)]
    return helper.make_model(
        body,
        producer_name="cnncalc",
        producer_version=__version__,
        opset_imports=opsets,
        ir_version=helper.find_min_ir_version_for(opsets),
    )


def _node(operator: Operator) -> Any:
    from onnx import helper

    return helper.make_node(
        operator.kind, operator.inputs, [operator.output], name=operator.output, **operator.attributes
    )


def check(proto: ModelProto, graph: Graph, tensors: Mapping[int, str]) -> None:
    """Hold a model against ONNX's own rules and the graph's shapes.

    Shapes are inferred from a copy whose weights are inputs: only their shapes matter, and models of
    any size can then be checked at once.

    Raises:
        DataError: naming the first tensor that is not what the graph says it is.
    """
    from onnx import checker, shape_inference

    bare = _without_weights(proto)
    try:
        checker.check_model(bare)
        inferred = shape_inference.infer_shapes(bare, check_type=True, strict_mode=True, data_prop=True)
    except (checker.ValidationError, shape_inference.InferenceError) as error:
        first = next(iter(str(error).splitlines()), "")
        raise DataError(f"the ONNX checker refuses the model: {first}") from None
    shapes = {}
    for value in [*inferred.graph.input, *inferred.graph.value_info, *inferred.graph.output]:
        kind = value.type.tensor_type
        if kind.HasField("shape"):
            shapes[value.name] = tuple(side.dim_value or 0 for side in kind.shape.dim)[1:]
    for node in graph.nodes:
        found = shapes.get(tensors[node.index])
        if found != node.shape:
            said = "x".join(map(str, found)) if found is not None else "nothing"
            raise DataError(f"{node.name} is {'x'.join(map(str, node.shape))}, but ONNX infers {said}")


def _without_weights(proto: ModelProto) -> ModelProto:
    from onnx import ModelProto, TensorProto, helper

    bare = ModelProto()
    bare.ir_version, bare.producer_name = proto.ir_version, proto.producer_name
    bare.opset_import.extend(proto.opset_import)
    bare.graph.name = proto.graph.name
    bare.graph.node.extend(proto.graph.node)
    bare.graph.input.extend(proto.graph.input)
    bare.graph.output.extend(proto.graph.output)
    for tensor in proto.graph.initializer:
        if tensor.data_type == TensorProto.INT64 or (len(tensor.dims) < 2 and len(tensor.raw_data) <= 64):
            bare.graph.initializer.append(tensor)  # what shapes may depend on
        else:
            bare.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    return bare
