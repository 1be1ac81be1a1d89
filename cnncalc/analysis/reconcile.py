"""Which conventions give a figure: MAC or FLOP, bias, normalisation, batch, prefix, or another tool's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.typed_figure import TypedFigure, read_figure

if TYPE_CHECKING:
    from cnncalc.analysis.work import Work
    from cnncalc.graph import Graph, Node
    from cnncalc.network import Network

BATCHES = (2, 4, 8, 10, 16, 20, 24, 32, 48, 50, 64, 96, 100, 128, 256, 512, 1024)
KEPT = 12
"""How many explanations are worth reading."""

UNUSUAL_BATCH = 4
BINARY = 5
Terms = tuple[tuple[str, int], ...]


class Explanation(NamedTuple):
    """One way to get the figure: what is counted, the exact value, and the sum taken apart.

    `oddity` orders them: 0 is the plainest.  `tool` is the profile whose tool reports it, if any.
    """

    counted: str
    value: int
    terms: Terms
    oddity: int
    tool: str | None = None
    note: str = ""


class Reconciliation(NamedTuple):
    """What may explain a figure, best first; empty if nothing does.

    `reference` is the plain figure (MACs, or parameters), `near` the explanation that comes closest,
    for when there is none; `left` how many more there were.
    """

    figure: TypedFigure
    kind: str
    reference: int
    found: list[Explanation]
    left: int
    near: Explanation | None


def reconcile(network: Network, work: str | None = None, params: str | None = None) -> list[Reconciliation]:
    """What explains the figures typed for work and for parameters.

    Raises:
        SpecError: E610 for a text that is no figure.
        ValueError: if neither is given.
    """
    if work is None and params is None:
        raise ValueError("give a figure: 4.12G for work, or params 25.6M")
    results = []
    if work is not None:
        results.append(_search(read_figure(work), "work", list(_work_ways(network))))
    if params is not None:
        results.append(_search(read_figure(params), "params", list(_param_ways(network))))
    return results


def _search(figure: TypedFigure, kind: str, ways: list[Explanation]) -> Reconciliation:
    found = [way for way in ways if figure.holds(way.value)]
    binary = figure.as_binary()
    if binary is not None:
        for way in ways:
            if way.oddity < UNUSUAL_BATCH and binary.holds(way.value):
                note = "the prefix stands for powers of 1024"
                found.append(way._replace(oddity=way.oddity + BINARY, note=note))
    if kind == "work":
        found += _batches(figure, ways)
    seen: dict[tuple[int, str | None, str], Explanation] = {}
    for way in sorted(found, key=lambda way: (way.oddity, abs(way.value - figure.value))):
        # of plain conventions with one value, the simplest; each tool counts for itself
        seen.setdefault((way.value, way.tool, way.note), way)
    order = list(seen.values())
    near = min(ways, key=lambda way: abs(way.value - figure.value)) if not order and ways else None
    return Reconciliation(figure, kind, ways[0].value, order[:KEPT], max(0, len(order) - KEPT), near)


def _batches(figure: TypedFigure, ways: list[Explanation]) -> Iterator[Explanation]:
    from cnncalc.analysis.profiles import PROFILES

    for way in ways:
        if (way.oddity <= 1 and not way.note) or (way.tool and way.oddity == 2 and not PROFILES[way.tool].per_sample):
            for batch in BATCHES:
                if figure.holds(way.value * batch) and way.value:
                    terms = tuple((name, value * batch) for name, value in way.terms)
                    note = f"for a batch of {batch}"
                    yield Explanation(way.counted, way.value * batch, terms, way.oddity + UNUSUAL_BATCH, way.tool, note)


def _work_ways(network: Network) -> Iterator[Explanation]:
    from cnncalc.analysis.work import work_of

    work = work_of(network, by="type")
    yield from _conventions(work, None)
    main = main_path(network.graph)
    if len(main) < len(work.rows):
        yield from (
            way._replace(oddity=way.oddity + 1, note="without side outputs") for way in _conventions(work, main)
        )
    yield from _training(work)
    yield from _tools(network)


def _conventions(work: Work, only: set[int] | None) -> Iterator[Explanation]:
    """MACs or FLOPs, with or without what people add."""
    rows = [row for row in work.rows if only is None or row.node.index in only]
    macs: dict[str, int] = {}
    ops: dict[str, int] = {}
    units: dict[str, int] = {}
    for row in rows:
        if row.effort.macs:
            macs[row.node.kind] = macs.get(row.node.kind, 0) + row.effort.macs
        for kind, value in row.effort.ops.items():
            ops[kind] = ops.get(kind, 0) + value
            if kind in ("normalisation", "activation"):
                size = _size(row.node.shape)
                units[kind] = units.get(kind, 0) + size
    extras = _extras(ops, units)
    for factor, unit, oddity in ((1, "MACs", 0), (2, "FLOPs (2 per MAC)", 1)):
        base = tuple((f"{kind} {unit.split()[0]}", factor * value) for kind, value in macs.items())
        for names, terms, extra in extras:
            terms = base + terms
            counted = " + ".join([unit, *names])
            yield Explanation(counted, sum(value for _, value in terms), terms, oddity + extra)
    if ops:
        terms = tuple((f"{kind} FLOPs", 2 * value) for kind, value in macs.items()) + tuple(ops.items())
        yield Explanation("all operations: FLOPs and everything else", sum(v for _, v in terms), terms, 2)


def _extras(ops: dict[str, int], units: dict[str, int]) -> list[tuple[list[str], Terms, int]]:
    """What is added to MACs: biases, normalisation at 1, 2 or 4 per unit, activations at 1 per unit."""
    result: list[tuple[list[str], Terms, int]] = []
    bias = ops.get("bias", 0)
    norm, act = units.get("normalisation", 0), units.get("activation", 0)
    for with_bias in (0, 1) if bias else (0,):
        for per_norm in (0, 2, 1, 4) if norm else (0,):
            for with_act in (0, 1) if act else (0,):
                names, terms = [], []
                if with_bias:
                    names, terms = ["biases"], [("bias additions", bias)]
                if per_norm:
                    names.append(f"{per_norm} per normalised unit")
                    terms.append((f"normalisation, {per_norm} per unit", per_norm * norm))
                if with_act:
                    names.append("1 per activation")
                    terms.append(("activations, 1 per unit", act))
                oddity = with_bias + with_act + (0 if not per_norm else 1 if per_norm == 2 else 2)
                result.append((names, tuple(terms), oddity + (1 if oddity > 1 else 0)))
    return result


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


def _training(work: Work) -> Iterator[Explanation]:
    total = work.total
    terms = (
        ("forward", total.macs),
        ("gradients for weights", total.weight_gradient),
        ("gradients for inputs", total.input_gradient),
    )
    doubled = tuple((name, 2 * value) for name, value in terms)
    yield Explanation("MACs of a training step", total.training, terms, 3)
    yield Explanation("FLOPs of a training step", 2 * total.training, doubled, 4)
    rule = (("forward", total.macs), ("backward, taken as twice the forward pass", 2 * total.macs))
    yield Explanation("MACs of training as 3 × forward", 3 * total.macs, rule, 4)


def _tools(network: Network) -> Iterator[Explanation]:
    """What each tool reports; also if side heads do not run, or if every layer were a module."""
    from cnncalc.analysis.calls import calls_of
    from cnncalc.analysis.counting import count_nodes
    from cnncalc.analysis.profiles import PROFILES

    nodes = list(network.graph.layers())
    main = main_path(network.graph)
    calls = calls_of(network.document.source.name)
    ways = [(nodes, calls, 2, "")]
    if calls:
        ways.append((nodes, (), 3, "if every layer were a module"))
    if len(main) < len(nodes):
        ways.append(([node for node in nodes if node.index in main], calls, 3, "without side outputs"))
    for name, profile in PROFILES.items():
        known: set[int] = set()
        for some, manner, oddity, note in ways:
            result = count_nodes(some, profile, manner, 1)
            if result.total in known:
                continue
            known.add(result.total)
            terms: dict[str, int] = {}
            for node, step in result.lines:
                if step.value:
                    terms[node.kind] = terms.get(node.kind, 0) + step.value
            yield Explanation(f"as {profile.tool} counts", result.total, tuple(terms.items()), oddity, name, note)


def main_path(graph: Graph) -> set[int]:
    """The nodes that the first output needs: everything but side heads."""
    wanted = [next(iter(graph.outputs.values()))]
    found: set[int] = set()
    while wanted:
        index = wanted.pop()
        if index not in found:
            found.add(index)
            wanted += graph.nodes[index].inputs
    return {index for index in found if graph.nodes[index].measure is not None}


def _param_ways(network: Network) -> Iterator[Explanation]:
    graph = network.graph
    nodes = list(graph.layers())
    main = main_path(graph)
    yield from _param_sums(nodes)
    if len(main) < len(nodes):
        inside = [node for node in nodes if node.index in main]
        yield from (way._replace(oddity=way.oddity + 1, note="without side outputs") for way in _param_sums(inside))
    if any(node.shared_with is not None for node in nodes):
        value = sum(node.measure.trainable for node in nodes if node.measure)
        yield Explanation("parameters, shared ones each time they are used", value, (("all uses", value),), 3)


def _param_sums(nodes: list[Node]) -> Iterator[Explanation]:
    trainable: dict[str, int] = {}
    bias = buffers = norms = 0
    last = 0
    for node in nodes:
        if node.trainable:
            trainable[node.kind] = trainable.get(node.kind, 0) + node.trainable
            if node.measure and node.measure.layer.weighted:
                last = node.trainable
        if node.measure and node.shared_with is None and node.measure.layer.weighted and "bias" in node.measure.weights:
            bias += _size(node.measure.weights["bias"])
        buffers += node.buffers
        norms += node.buffers > 0
    base = tuple(trainable.items())
    total = sum(trainable.values())
    normalised = sum(trainable.get(kind, 0) for kind in ("batchnorm", "layernorm", "groupnorm", "instancenorm"))
    kept, counters = ("kept statistics", buffers), ("step counters of batch norm", norms)
    yield Explanation("learned parameters", total, base, 0)
    yield Explanation("learned parameters + kept statistics", total + buffers, (*base, kept), 1)
    yield Explanation("all numbers of a PyTorch state_dict", total + buffers + norms, (*base, kept, counters), 2)
    yield Explanation("without biases", total - bias, (*base, ("biases", -bias)), 2)
    yield Explanation("without normalisation", total - normalised, (*base, ("normalisation", -normalised)), 2)
    less = total - bias - normalised
    terms = (*base, ("biases", -bias), ("normalisation", -normalised))
    yield Explanation("weights only", less, terms, 2)
    yield Explanation("without the last layer", total - last, (*base, ("last layer with weights", -last)), 2)
    yield Explanation("bytes in float32", 4 * total, tuple((kind, 4 * n) for kind, n in base), 4)
    yield Explanation("bytes in float16", 2 * total, tuple((kind, 2 * n) for kind, n in base), 5)
