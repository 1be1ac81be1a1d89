"""Memory as a JSON object and CSV: the contract that other tools read.  All sizes are bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.analysis.memory_report import Fit, TrainingMemory
    from cnncalc.analysis.training import KeptRow, Moment

Records = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Headers and rows of CSV."""


def memory_object(report: TrainingMemory, fit: Fit | None = None) -> dict[str, Any]:
    """Everything, schema `cnncalc.memory/1`."""
    static, inference, batch = report.static, report.inference, report.batch
    return {
        "schema": "cnncalc.memory/1",
        "name": report.network.name,
        "spec": report.network.document.source.name,
        "batch": batch,
        "dtype": report.dtype,
        "optimizer": report.optimizer,
        "workspace": "im2col" if report.workspace else "none",
        "training": {
            "parameter_bytes": static.parameters,
            "gradient_bytes": static.gradients,
            "optimizer_bytes": static.optimizer,
            "master_bytes": static.master,
            "buffer_bytes": static.buffers,
            "kept_bytes": report.kept_bytes,
            "peak_bytes": report.peak_bytes,
            "peak": _moment(report.peak, batch),
        },
        "inference": {
            "parameter_bytes": inference.parameter_bytes,
            "buffer_bytes": inference.buffer_bytes,
            "peak_activation_bytes": inference.peak_inference_bytes,
            "peak_layer": inference.peak_layer,
        },
        "checkpoint": _checkpoint(report),
        "fit": dict(zip(("limit_bytes", "batch", "bytes", "next_bytes"), fit, strict=True)) if fit else None,
        "kept": [_kept(row, batch) for row in report.kept],
        "timeline": [_moment(moment, batch) for moment in report.moments],
    }


def _kept(row: KeptRow, batch: int) -> dict[str, Any]:
    return {
        "layer": row.node.name,
        "type": row.node.kind,
        "tensor": row.tensor,
        "bytes": row.size.total(batch),
        "counted_at": row.counted_at,
        "reason": row.reason,
    }


def _moment(moment: Moment, batch: int) -> dict[str, Any]:
    return {
        "phase": moment.phase,
        "layer": moment.node.name if moment.node else None,
        "alive_bytes": moment.alive.total(batch),
        "scratch_bytes": moment.scratch.total(batch),
    }


def _checkpoint(report: TrainingMemory) -> dict[str, Any] | None:
    if report.segments is None:
        return None
    return {
        "block": report.segments.label,
        "segments": len(report.segments.spans),
        "extra_macs": report.extra_macs,
        "peak_without_bytes": report.plain_peak,
        "choices": [
            {"block": one.label, "segments": len(one.spans), "peak_bytes": peak, "extra_macs": one.macs * report.batch}
            for one, peak in report.choices
        ],
    }


def memory_records(report: TrainingMemory) -> Records:
    """One record per tensor a layer keeps; bytes for the batch."""
    rows: list[tuple[object, ...]] = [
        (row.node.name, row.node.kind, row.tensor, row.size.total(report.batch), row.counted_at, row.reason)
        for row in report.kept
    ]
    return ("layer", "type", "tensor", "bytes", "counted_at", "reason"), rows
