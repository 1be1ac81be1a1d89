"""A network run from start to end, with figures of what passed through it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.engine.execute import Execution, execute
from cnncalc.engine.kernels import Array, Context
from cnncalc.engine.reports import LayerRun, RunReport, Statistics, TopOutputs
from cnncalc.engine.weights import Weights
from cnncalc.graph import Graph, Node

if TYPE_CHECKING:
    from cnncalc.network import Network

TOP = 5
Progress = Callable[[Node], None]
Look = Callable[[Node, Array], None]
Executor = Callable[..., Execution]
"""`execute`, or another engine's function that is called like it."""


def statistics(array: Array) -> Statistics:
    """Smallest, largest, mean, deviation and share of zeros of what is finite, and how much is not."""
    not_numbers = int(np.count_nonzero(np.isnan(array)))
    infinite = int(np.count_nonzero(np.isinf(array)))
    values = array[np.isfinite(array)] if not_numbers or infinite else array
    if not values.size:
        return Statistics(0.0, 0.0, 0.0, 0.0, 0.0, not_numbers, infinite)
    return Statistics(
        float(values.min()),
        float(values.max()),
        float(values.mean(dtype=np.float64)),
        float(values.std(dtype=np.float64)),
        1 - np.count_nonzero(values) / values.size,
        not_numbers,
        infinite,
    )


def run_network(
    network: Network,
    inputs: Mapping[str, Array],
    weights: Weights,
    *,
    training: bool = False,
    convolution: bool = False,
    progress: Progress | None = None,
    look: Look | None = None,
    executor: Executor = execute,
) -> tuple[RunReport, Execution]:
    """Run a network and note what every layer gives.

    Args:
        network: a loaded network.
        inputs: by name, (batch, channels, *spatial).
        weights: of its graph.
        training: let normalisations use the batch's statistics, and dropout drop.
        convolution: flip kernels; by default layers cross-correlate.
        progress: called after each layer.
        look: called with each layer's output, which it must not change.
        executor: the engine; only this one tells what each layer took.
    """
    graph = network.graph
    rows: list[tuple[Node, Statistics, float]] = []
    begin = last = time.perf_counter()

    def watch(node: Node, output: Array) -> None:
        nonlocal last
        now = time.perf_counter()
        rows.append((node, statistics(output), now - last))
        if look is not None:
            look(node, output)
        if progress is not None:
            progress(node)
        last = time.perf_counter()

    context = Context(training=training, flip=convolution, seed=weights.seed)
    with np.errstate(all="ignore"):  # what is not finite is reported, not warned of
        execution = executor(graph, inputs, weights, context=context, watch=watch)
    seconds = time.perf_counter() - begin
    counted = execution.multiplications
    layers = tuple(
        LayerRun(
            node.name, node.kind, node.shape, figures, counted.get(node.name, 0), taken if executor is execute else 0.0
        )
        for node, figures, taken in rows
    )
    report = RunReport(
        name=network.name,
        batch=next(iter(inputs.values())).shape[0],
        dtype=str(weights.dtype),
        seed=weights.seed,
        inputs={name: statistics(array) for name, array in inputs.items()},
        layers=layers,
        outputs={name: array.shape[1:] for name, array in execution.outputs.items()},
        top=_top(execution.outputs),
        seconds=seconds,
        peak_bytes=execution.peak_bytes,
        peak_layer=execution.peak_layer,
        multiplications=sum(counted.values()),
        trouble=_trouble(graph, inputs, weights, layers),
        layout=network.document.layout,
    )
    return report, execution


def _top(outputs: Mapping[str, Array]) -> tuple[TopOutputs, ...]:
    found = []
    for name, array in outputs.items():
        if prod(array.shape[2:]) == 1 and array.shape[1] > 1:
            values = array[0].reshape(-1)
            best = np.argsort(-values, kind="stable")[:TOP]
            found.append(TopOutputs(name, len(values), tuple((int(i), float(values[i])) for i in best)))
    return tuple(found)


def _trouble(graph: Graph, inputs: Mapping[str, Array], weights: Weights, layers: tuple[LayerRun, ...]) -> str | None:
    """The first layer that gives something that is not finite, and whether its input or weights brought it in."""
    for name, array in inputs.items():
        if not np.isfinite(array).all():
            return f"the input '{name}' holds values that are not finite"
    for layer in layers:
        if layer.statistics.finite:
            continue
        what = "NaN" if layer.statistics.not_numbers else "infinite values"
        tensors = weights.of(graph.nodes[graph.names[layer.name]])
        bad = [(name, int(np.count_nonzero(~np.isfinite(tensor)))) for name, tensor in tensors.items()]
        cause = "; ".join(f"its {name} holds {count} values that are not finite" for name, count in bad if count)
        return f"{layer.name} is the first layer to give {what}: {cause or 'its weights and inputs are finite'}"
    return None
