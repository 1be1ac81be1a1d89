"""The numpy engine against ONNX Runtime: the same weights, two threads each, in turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from math import prod

from tests.benchmarks.measure import Result, environment, python

NETWORKS = {"vgg16": 2.7, "resnet50": 3.3, "mobilenet_v2": 9.0}
"""Each network, and how many times longer than ONNX Runtime the numpy engine may take."""
ROUNDS = 9
THREADS = 2
COMMON = """
import sys, time
import cnncalc
from cnncalc.engine.inputs import make_inputs
from cnncalc.engine.weights import Weights
network = cnncalc.load({spec!r})
weights = Weights(network.graph)
inputs = make_inputs(network.graph, {{"": "random:0"}}, batch=1, dtype="float32")
"""
NUMPY = """
from cnncalc.engine.execute import execute
def run():
    execute(network.graph, inputs, weights)
"""
RUNTIME = """
from cnncalc.engine.onnxruntime import Session
session = Session(network.graph, weights, threads={threads})
weights = None
def run():
    session.run(inputs)
"""
LOOP = """
run()
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    run()
    print(time.perf_counter() - start, flush=True)
"""
MEMORY = """
from cnncalc.engine.execute import execute
from tests.benchmarks.measure import peak_mib
import numpy as np
np.dot(np.ones((64, 64)), np.ones((64, 64)))
before = peak_mib()
execute(network.graph, inputs, weights)
print(peak_mib() - before)
"""


class _Runner:
    """A process that runs a network whenever it is told to."""

    def __init__(self, code: str) -> None:
        threads = {name: str(THREADS) for name in ("OMP_NUM_THREADS",)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment() | threads,
        )
        self.answer()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def seconds(self) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        return float(self.answer())

    def stop(self) -> None:
        self.process.communicate()


def run() -> Iterator[Result]:
    """Seconds per image at 224, median of several runs in turns; and the peak memory of VGG-16."""
    for spec, bar in NETWORKS.items():
        common = COMMON.format(spec=spec)
        mine = _Runner(common + NUMPY + LOOP)
        theirs = _Runner(common + RUNTIME.format(threads=THREADS) + LOOP)
        pairs = [(mine.seconds(), theirs.seconds()) for _ in range(ROUNDS)]
        mine.stop()
        theirs.stop()
        ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        detail = f"{ours * 1000:.0f} ms against {other * 1000:.0f} ms"
        yield Result(f"numpy engine on {spec}", ours / other, bar, "x ONNX Runtime", detail)
    yield memory()


def memory() -> Result:
    """What the run of VGG-16 adds to the process, against its weights and three times its largest layer pair."""
    import cnncalc

    graph = cnncalc.load("vgg16").graph
    weights = sum(node.trainable for node in graph.layers()) * 4 / 2**20
    pair = max(prod(node.shape) + prod(graph.nodes[node.inputs[0]].shape) for node in graph.layers()) * 4 / 2**20
    used = float(python(COMMON.format(spec="vgg16") + MEMORY))
    bar = weights + 3 * pair
    return Result("memory of a run of vgg16", used, round(bar, 1), "MiB", f"weights {weights:.0f}, pair {pair:.1f}")
