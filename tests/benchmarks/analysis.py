"""Text to all numbers, inside the process, against the time of `import numpy`."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.benchmarks.measure import Result, python

CODE = """
import time
from pathlib import Path
import cnncalc
from cnncalc.spec.files import find
found = find("resnet152")
text = found.path.read_text()
cnncalc.loads("input: 3x8x8\\nlayers: [{conv: {filters: 1, kernel: 1}}]").summary().to_dict()
start = time.perf_counter()
summary = cnncalc.loads(text, preset=found.preset).summary()
print(time.perf_counter() - start, len(summary.rows))
"""
NUMPY = "import time; start = time.perf_counter(); import numpy; print(time.perf_counter() - start)"


def run() -> Iterator[Result]:
    """ResNet-152, median of nine fresh processes each."""
    mine, numpy, layers = [], [], ""
    for _ in range(9):
        seconds, layers = python(CODE).split()
        mine.append(float(seconds))
        numpy.append(float(python(NUMPY)))
    ours, theirs = statistics.median(mine), statistics.median(numpy)
    detail = f"{ours * 1000:.1f} ms for {layers} layers against {theirs * 1000:.1f} ms"
    yield Result("analysis of ResNet-152", ours / theirs, 0.25, "x import numpy", detail)
