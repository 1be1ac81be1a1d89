"""Fully connected layers and embeddings in ONNX."""

from __future__ import annotations

from cnncalc.export.onnx_steps import INT64, Step, writes


@writes("fc")
def fully_connected(step: Step) -> str:
    """Gemm for a flat vector; along an axis of a larger tensor, a matrix product."""
    weight = step.weight("weight")
    if step.rank == 0:
        return step.op("Gemm", step.x, weight, *([step.weight("bias")] if step.has("bias") else []), transB=1)
    if step.layer.axis == "last":
        result = step.op("MatMul", step.x, step.transpose(weight, [1, 0]))
        return step.op("Add", result, step.weight("bias")) if step.has("bias") else result
    flat = step.reshape(step.x, (step.side[0], -1)) if step.rank > 1 else step.x
    result = step.op("MatMul", weight, flat)
    if step.has("bias"):
        result = step.op("Add", result, step.weight("bias", (step.layer.units, 1)))
    return step.reshape(result, step.shape) if step.rank > 1 else result


@writes("embedding")
def embedding(step: Step) -> str:
    """Gather: one vector per token, then the vectors' numbers as channels."""
    tokens = step.op("Cast", step.x, to=INT64) if step.x not in step.tokens else step.x
    if step.rank:
        tokens = step.reshape(tokens, step.side[1:])
    return step.transpose(step.op("Gather", step.weight("weight"), tokens, axis=0), [0, 2, 1])
