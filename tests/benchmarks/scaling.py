"""Time and memory against the number of layers: 1 000, 10 000, 100 000."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.measure import Result, python

SPEC = """
input: 8x32x32
layers:
  - repeat: {rounds}
    do:
      - name: x
      - conv: {{filters: 8, kernel: 3, padding: 1}}
      - batchnorm
      - relu
      - add: [here, x]
"""
CODE = """
import time, sys
import cnncalc
from tests.benchmarks.measure import peak_mib
text = {text!r}
start = time.perf_counter()
summary = cnncalc.loads(text).summary()
print(time.perf_counter() - start, peak_mib(), len(summary.rows))
"""


def run() -> Iterator[Result]:
    """Seconds and MiB per size, and how far from a straight line."""
    base = float(python("from tests.benchmarks.measure import peak_mib; import cnncalc.network; print(peak_mib())"))
    seconds, memory = {}, {}
    for layers in (1_000, 10_000, 100_000):
        output = python(CODE.format(text=SPEC.format(rounds=layers // 4))).split()
        seconds[layers], memory[layers] = float(output[0]), float(output[1])
        assert int(output[2]) == layers
    for layers, time in seconds.items():
        yield Result(f"{layers:,} layers", time, 10, "s", f"{memory[layers]:.0f} MiB")
    yield Result("memory at 100,000 layers", memory[100_000], 1024, "MiB")
    yield Result("time per layer, 100,000 against 10,000", seconds[100_000] / seconds[10_000] / 10, 1.5, "x")
    grown = (memory[100_000] - base) / (memory[10_000] - base) / 10
    yield Result("memory per layer, 100,000 against 10,000", grown, 1.5, "x")
