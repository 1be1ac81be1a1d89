"""`cnncalc export`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli import common, running
from cnncalc.cli.common import TextFormat

if TYPE_CHECKING:
    from cnncalc.export.onnx import OnnxModel
    from cnncalc.network import Network


class Target(StrEnum):
    """A format networks are written in."""

    ONNX = "onnx"


@running.computing
def export(
    spec: Annotated[str, common.SPEC],
    to: Annotated[Target, typer.Option("--to", help="The format to write.")] = Target.ONNX,
    set: Annotated[list[str] | None, common.SET] = None,
    preset: Annotated[str | None, common.PRESET] = None,
    input: Annotated[list[str] | None, common.INPUT] = None,
    weights: Annotated[list[str] | None, running.WEIGHTS] = None,
    seed: Annotated[int, running.SEED] = 0,
    dtype: Annotated[str, typer.Option("--dtype", help="float32 or float64.")] = "float32",
    opset: Annotated[int | None, typer.Option("--opset", help="Version of the operator set; default 18.")] = None,
    format: Annotated[TextFormat, common.TEXT_FORMAT] = TextFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; default: the spec's name with .onnx.")
    ] = None,
    force: Annotated[bool, common.FORCE] = False,
    max_layers: Annotated[int | None, common.MAX_NODES] = None,
) -> None:
    """Write the network as an ONNX model that any runtime can load, weights included.

    Weights are drawn from a seed unless given.  The model takes any batch size; it is checked by ONNX's
    own rules, and against the shapes of the summary, before it is written.

    Example: cnncalc export lenet5 --to onnx -o lenet5.onnx
    """
    from cnncalc.export import require_onnx

    require_onnx()
    if dtype not in ("float32", "float64"):
        raise common.UsageError(f"--dtype must be float32 or float64, not {dtype}")
    network = common.open_network(spec, set, preset, input, max_layers)
    path = output or Path(f"{network.preset or ('network' if spec == '-' else Path(spec).stem)}.onnx")
    from cnncalc.engine.weights import Weights
    from cnncalc.export import onnx
    from cnncalc.output import check_writable, write_whole

    check_writable(path, force)
    drawn = Weights(network.graph, seed=seed, dtype=dtype, given=running.read_weights(weights or []))
    model = onnx.build(network.graph, drawn, name=network.name, opset=opset or onnx.OPSET)
    data = model.serialized()
    write_whole(path, lambda file: file.write(data), force)
    _tell(network, model, path, len(data), opset or onnx.OPSET, dtype, format)


def _tell(
    network: Network, model: OnnxModel, path: Path, size: int, opset: int, dtype: str, format: TextFormat
) -> None:
    """What was written."""
    inputs = {name: network.graph.nodes[index].shape for name, index in network.graph.inputs.items()}
    if format is TextFormat.JSON:
        import json

        told = {"schema": "cnncalc.export/1", "name": network.name, "file": str(path), "bytes": size, "opset": opset}
        told |= {"dtype": dtype, "operators": model.operators, "inputs": inputs, "outputs": model.outputs}
        common.write(json.dumps(told, ensure_ascii=False), None)
        return
    lines = [f"Wrote {path}: {network.name}, opset {opset}, {model.operators:,} operators, {size:,} bytes."]
    for word, shapes in (("input", inputs), ("output", model.outputs)):
        for name, shape in shapes.items():
            kind = model.inputs[name] if word == "input" else dtype
            lines.append(f"  {word} {name}: N x {' x '.join(map(str, shape))}, {kind}")
    lines.append("Checked by ONNX's own rules; every tensor has the shape of the summary.")
    common.write("\n".join(lines), None)
