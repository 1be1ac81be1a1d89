"""The analysis held against what happens: each claim is tried with numbers, not recomputed."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import prod

import numpy as np

from cnncalc.engine.execute import Execution, execute
from cnncalc.engine.fields import try_fields
from cnncalc.engine.folding import foldable, folding
from cnncalc.engine.inputs import make_inputs, spell
from cnncalc.engine.kernels import Array
from cnncalc.engine.reports import Claim, Verification
from cnncalc.engine.symmetry import close, linearity, shifts
from cnncalc.engine.weights import Weights
from cnncalc.graph import Node
from cnncalc.network import Network

Progress = Callable[[str], None]
TAPS = 9
"""Of a usual window, for estimates."""
FIELD_WORK = 40_000_000_000
"""Numbers that trying receptive fields may look at: rows × pixels × layers."""


class _Trial:
    """A network, its analysis, and one run of it in float64."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network = network
        self.graph = network.graph
        self.weights = Weights(self.graph, seed=seed, dtype="float64")
        self.inputs = make_inputs(self.graph, {"": f"random:{seed}"}, dtype="float64")
        self.summary = network.summary(dtype="float64")
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._execution: Execution | None = None

    def run(self) -> Execution:
        """What running it gives; it is run once."""
        if self._execution is None:

            def watch(node: Node, output: Array) -> None:
                self.shapes[node.name] = output.shape[1:]

            self._execution = execute(self.graph, self.inputs, self.weights, watch=watch, in_place=False)
        return self._execution


def verify(
    network: Network,
    *,
    reduced: bool = False,
    seed: int = 0,
    runtime: bool = False,
    progress: Progress | None = None,
) -> Verification:
    """Try all claims of the analysis on a network.

    Args:
        network: small enough to run; `shrink.shrunk` gives one for smaller inputs.
        reduced: whether its inputs are smaller than the spec's, for the report.
        seed: of weights and inputs.
        runtime: also hold every tensor against ONNX Runtime's.
        progress: called with the subject of each claim before it is tried.
    """
    begin = time.perf_counter()
    trial = _Trial(network, seed)
    claims = []
    for subject, test in (TESTS | {"ONNX Runtime": _runtime} if runtime else TESTS).items():
        if progress is not None:
            progress(subject)
        with np.errstate(all="ignore"):
            claims.append(_tried(subject, test, trial))
    shapes = {name: network.graph.nodes[index].shape for name, index in network.graph.inputs.items()}
    seconds = time.perf_counter() - begin
    return Verification(network.name, shapes, reduced, tuple(claims), seconds, network.document.layout)


def _tried(subject: str, test: Callable[[_Trial], Claim], trial: _Trial) -> Claim:
    try:
        return test(trial)
    except (ValueError, IndexError, TypeError, KeyError) as error:
        # numbers that do not fit together: shapes of weights that no input matches, say
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Claim(subject, "can be run", f"fails: {reason}", False)


def _shapes(trial: _Trial) -> Claim:
    trial.run()
    wrong = [
        f"{node.name} gives {spell(trial.shapes[node.name])}, stated {spell(node.shape)}"
        for node in trial.graph.layers()
        if trial.shapes[node.name] != node.shape
    ]
    count = len(trial.shapes)
    return Claim("output shapes", f"of {count:,} layers", _told(wrong, f"{count:,} as stated"), not wrong)


def _counts(trial: _Trial) -> Claim:
    totals = trial.summary.totals
    learned = buffers = 0
    for node in trial.graph.layers():
        if node.shared_with is None and node.measure is not None:
            for name, tensor in trial.weights.of(node).items():
                if name in node.measure.buffers:
                    buffers += tensor.size
                else:
                    learned += tensor.size
    trial.run()  # kernels only take tensors that fit
    stated = f"{totals.trainable:,} learned, {totals.buffers:,} kept"
    found = f"{learned:,} learned, {buffers:,} kept"
    return Claim("weights", stated, found, stated == found)


def _multiplications(trial: _Trial) -> Claim:
    counted = trial.run().multiplications
    wrong = [
        f"{node.name} made {counted.get(node.name, 0):,}, stated {node.macs:,}"
        for node in trial.graph.layers()
        if counted.get(node.name, 0) != node.macs
    ]
    total = sum(counted.values())
    holds = not wrong and total == trial.summary.totals.macs
    return Claim("multiplications", f"{trial.summary.totals.macs:,}", _told(wrong, f"{total:,} counted"), holds)


def _memory(trial: _Trial) -> Claim:
    memory, execution = trial.summary.totals.memory, trial.run()
    stated = f"{memory.peak_inference_bytes:,} B in {memory.peak_layer}"
    found = f"{execution.peak_bytes:,} B in {execution.peak_layer}"
    return Claim("peak memory", stated, found, stated == found)


def _fields(trial: _Trial) -> Claim:
    subject = "receptive fields"
    sides = [side for index in trial.graph.inputs.values() for side in trial.graph.nodes[index].shape[1:]]
    work = sum(prod(node.shape[1:]) for node in trial.graph.nodes) * sum(sides) * TAPS
    if work > FIELD_WORK:
        return Claim(subject, "", f"not tried: {work / 1e9:,.0f} G numbers to look at; give a smaller --input", None)
    findings = try_fields(trial.graph)
    if findings is None or not findings.tried:
        return Claim(subject, "", "not tried: no single image to follow", None)
    found = f"{findings.tried:,} as stated, {findings.exact:,} of them to the row"
    return Claim(subject, "of every layer and axis", _told(list(findings.wrong), found), not findings.wrong)


def _folding(trial: _Trial) -> Claim:
    pairs = foldable(trial.graph)
    if not pairs:
        return Claim("batch-norm folding", "", "no batch norm to fold", None)
    before = trial.run().outputs
    after = execute(trial.graph, trial.inputs, trial.weights, substitute=folding(trial.graph, trial.weights)).outputs
    wrong = [name for name in before if not close(after[name], before[name])]
    if wrong:
        # deep networks with drawn weights magnify rounding: what does rounding alone do to the outputs?
        rounded = {name: array * (1 + 2**-50) for name, array in trial.inputs.items()}
        noise = execute(trial.graph, rounded, trial.weights).outputs
        wrong = [name for name in wrong if not _within_noise(after[name], before[name], noise[name])]
    found = _told([f"output {name} changes" for name in wrong], f"same outputs with {len(pairs):,} folded")
    return Claim("batch-norm folding", "changes no output", found, not wrong)


def _within_noise(after: Array, before: Array, noise: Array) -> bool:
    """Whether folding moves an output no further than rounding of the input, many times over, does."""
    moved, rounding = np.abs(after - before).max(), np.abs(noise - before).max()
    return bool(moved <= 100 * rounding and moved <= 1e-6 * np.abs(before).max())


def _linearity(trial: _Trial) -> Claim:
    tried, wrong = linearity(trial.graph, trial.weights)
    found = _told(list(wrong), f"{tried} layers tried")
    return Claim("linearity", "f(2x - 3y) = 2f(x) - 3f(y)", found, not wrong if tried else None)


def _shifts(trial: _Trial) -> Claim:
    tried, wrong = shifts(trial.graph, trial.weights)
    found = _told(list(wrong), f"{tried} layers tried")
    return Claim("shift", "input by the stride, output by one", found, not wrong if tried else None)


def _runtime(trial: _Trial) -> Claim:
    from cnncalc.engine.agreement import disagreements

    count, wrong = disagreements(trial.graph, trial.weights.seed)
    return Claim("ONNX Runtime", "gives the same tensors", _told(wrong, f"{count:,} agree, in float32"), not wrong)


def _told(wrong: list[str], right: str) -> str:
    return "; ".join(wrong[:2]) + (f"; and {len(wrong) - 2} more" if len(wrong) > 2 else "") if wrong else right


TESTS: dict[str, Callable[[_Trial], Claim]] = {
    "output shapes": _shapes,
    "weights": _counts,
    "multiplications": _multiplications,
    "peak memory": _memory,
    "receptive fields": _fields,
    "batch-norm folding": _folding,
    "linearity": _linearity,
    "shift": _shifts,
}
"""Each kind of claim and how it is tried."""
