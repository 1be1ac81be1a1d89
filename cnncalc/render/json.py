"""Reports as JSON objects: the contract that other tools read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.analysis.receptive_field import Local, ReceptiveField
    from cnncalc.analysis.summary import Row, Summary


def plain(value: Any) -> Any:
    """Tuples as lists and fractions as `"1/2"`, at any depth."""
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)


def field_object(field: ReceptiveField) -> dict[str, Any]:
    """A receptive field; an unbounded one has size null, and `local` where a spatial path exists."""
    result = {
        "size": plain(field.size),
        "jump": plain(field.jump),
        "start": plain(field.start),
        "unbounded": field.unbounded,
        "aligned": field.aligned,
    }
    if field.local is not None:
        local: Local = field.local
        result["local"] = {"size": plain(local.size), "jump": plain(local.jump), "start": plain(local.start)}
    return result


def row_object(summary: Summary, row: Row) -> dict[str, Any]:
    """One layer."""
    node = row.node
    measure = node.measure
    assert measure is not None
    nodes = summary.network.graph.nodes
    result: dict[str, Any] = {
        "name": node.name,
        "type": node.kind,
        "inputs": [nodes[source].name for source in node.inputs],
        "config": plain(measure.layer.config(measure.xs[0])),
        "input_shapes": plain(measure.xs),
        "output_shape": list(node.shape),
        "weights": plain(measure.weights),
        "trainable": node.trainable,
        "buffers": node.buffers,
        "macs": row.macs,
        "flops": 2 * row.macs,
        "receptive_field": field_object(row.field),
    }
    if node.shared_with is not None:
        result["shared_with"] = nodes[node.shared_with].name
    span = node.source()
    result["source"] = {"file": span.file, "line": span.line, "column": span.column} if span else None
    return result


def summary_object(summary: Summary) -> dict[str, Any]:
    """A whole summary, schema `cnncalc.summary/1`."""
    graph = summary.network.graph
    totals = summary.totals
    memory = totals.memory
    return {
        "schema": "cnncalc.summary/1",
        "name": summary.network.name,
        "spec": summary.network.document.source.name,
        "inputs": {name: list(graph.nodes[index].shape) for name, index in graph.inputs.items()},
        "outputs": {name: list(graph.nodes[index].shape) for name, index in graph.outputs.items()},
        "batch": summary.batch,
        "dtype": summary.dtype,
        "layers": [row_object(summary, row) for row in summary.rows],
        "totals": {
            "trainable": totals.trainable,
            "buffers": totals.buffers,
            "macs": totals.macs,
            "flops": totals.flops,
            "weight_layers": totals.weight_layers,
            "layers": totals.layers,
            "memory": {
                "parameter_bytes": memory.parameter_bytes,
                "buffer_bytes": memory.buffer_bytes,
                "activation_bytes": memory.activation_bytes,
                "peak_inference_bytes": memory.peak_inference_bytes,
                "peak_layer": memory.peak_layer,
            },
        },
        "diagnostics": [diagnostic.to_dict() for diagnostic in summary.diagnostics],
    }
