"""How much memory a run will need, told before any of it is taken."""

from __future__ import annotations

import os
from math import prod
from pathlib import Path

from cnncalc.analysis.memory import BYTES, inference_memory
from cnncalc.errors import DataError, LimitError
from cnncalc.graph import Graph

SHARE = 0.8
"""Of the free memory, what a run may take by default."""
SCRATCH = 16 << 20
UNITS = {"": 1, "B": 1, "K": 10**3, "M": 10**6, "G": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
UNITS |= {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TIB": 1 << 40, "TB": 10**12}


def free_bytes() -> int | None:
    """Memory this process could still take: what the machine and the process's group leave; None if unknown."""
    figures = []
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        figures += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
    except (OSError, ValueError):
        pass
    try:
        limit, used = (int(Path(f"/sys/fs/cgroup/memory.{name}").read_text()) for name in ("max", "current"))
        figures.append(max(0, limit - used))
    except (OSError, ValueError):
        pass
    if not figures and hasattr(os, "sysconf"):
        try:
            figures.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        except (OSError, ValueError):
            pass
    return min(figures, default=None)


def parse_size(text: str) -> int:
    """`512MiB`, `2G`, `1000000` in bytes; K, M, G are powers of 1000, KiB, MiB, GiB of 1024.

    Raises:
        DataError: for anything else.
    """
    plain = text.strip().replace(" ", "")
    digits = plain.rstrip("".join({character for unit in UNITS for character in unit + unit.lower()}))
    unit = plain[len(digits) :].upper()
    try:
        return int(float(digits) * UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        raise DataError(f"'{text}' is no amount of memory: write 512MiB, 2GiB or 2G") from None


def needed_bytes(graph: Graph, batch: int = 1, dtype: str = "float32") -> int:
    """What running `graph` takes at its peak: weights, live tensors, and scratch of the largest layer."""
    parameters = sum(node.trainable for node in graph.layers())
    buffers = sum(node.buffers for node in graph.layers())
    memory = inference_memory(graph, parameters, buffers, batch, dtype)
    unit = BYTES[dtype]
    # laying out the largest kernels in memory, or padding the largest map, makes one copy of it
    tensors = [shape for node in graph.layers() if node.measure for shape in node.measure.weights.values()]
    weights = max((prod(shape) for shape in tensors if len(shape) > 2), default=0)
    largest = max((prod(node.shape) for node in graph.nodes), default=0) * batch
    scratch = unit * max(weights, largest) + SCRATCH
    return memory.parameter_bytes + memory.buffer_bytes + memory.peak_inference_bytes + scratch


def check_budget(needed: int, limit: str | None = None) -> None:
    """Refuse a run that would not fit.

    Args:
        needed: bytes.
        limit: what the user allows, e.g. `2GiB`; by default a share of what is free.

    Raises:
        LimitError: with both figures.
        DataError: if the limit is no amount of memory.
    """
    if limit is not None:
        allowed: int | None = parse_size(limit)
        whose = "--memory-limit"
    else:
        free = free_bytes()
        allowed = None if free is None else int(free * SHARE)
        whose = f"{SHARE:.0%} of the free memory"
    if allowed is not None and needed > allowed:
        message = f"this would need about {_spell(needed)}, and {whose} is {_spell(allowed)}"
        raise LimitError(f"{message}: use a smaller --input or --set a smaller width, or raise --memory-limit")


def _spell(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size / (1 << 20):.1f} MiB"
