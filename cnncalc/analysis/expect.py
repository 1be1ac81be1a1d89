"""What a spec expects of itself (`expect:`), held against what its network is.

`QUANTITIES` is the one table of what can be expected; `check` compares, `statement` writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cnncalc.analysis.summary import Summary
from cnncalc.errors import Diagnostic, Span, SpecError, did_you_mean
from cnncalc.expr import Scope
from cnncalc.layers.slots import SlotError, whole
from cnncalc.spec.nodes import Map, Node, Scalar
from cnncalc.spec.values import Value

UNBOUNDED = "unbounded"


class Quantity(NamedTuple):
    """Something a spec can state about its network; `kind` tells how it is written."""

    kind: str
    about: str
    read: Callable[[Summary], Any]


def _fields(summary: Summary) -> dict[str, Any]:
    graph = summary.network.graph
    rows = {row.node.index: row for row in summary.rows}
    return {
        # an input sees itself
        name: rows[index].field.size if index in rows else (1,) * (len(graph.nodes[index].shape) - 1)
        for name, index in graph.outputs.items()
    }


def _shapes(summary: Summary) -> dict[str, Any]:
    graph = summary.network.graph
    return {name: graph.nodes[index].shape for name, index in graph.outputs.items()}


QUANTITIES: dict[str, Quantity] = {
    "params": Quantity("count", "learned numbers", lambda s: s.totals.trainable),
    "trainable": Quantity("count", "the same as params", lambda s: s.totals.trainable),
    "buffers": Quantity("count", "kept, not learned, numbers", lambda s: s.totals.buffers),
    "macs": Quantity("count", "multiply-accumulates for one sample", lambda s: s.totals.macs),
    "flops": Quantity("count", "two per MAC", lambda s: s.totals.flops),
    "weight_layers": Quantity("count", "layers people count: VGG-16 has 16", lambda s: s.totals.weight_layers),
    "layers": Quantity("count", "rows in all", lambda s: s.totals.layers),
    "parameter_bytes": Quantity("bytes", "params in float32", lambda s: s.totals.memory.parameter_bytes),
    "buffer_bytes": Quantity("bytes", "buffers in float32", lambda s: s.totals.memory.buffer_bytes),
    "activation_bytes": Quantity(
        "bytes", "all layer outputs in float32, each once", lambda s: s.totals.memory.activation_bytes
    ),
    "peak_inference_bytes": Quantity(
        "bytes", "tensors alive at once in float32", lambda s: s.totals.memory.peak_inference_bytes
    ),
    "peak_layer": Quantity("text", "where the peak is reached", lambda s: s.totals.memory.peak_layer),
    "output": Quantity("shape", "shape of the output, or name: shape for several", _shapes),
    "receptive_field": Quantity("field", "its side, or unbounded; name: side for several outputs", _fields),
}

_SPELLINGS = {
    "parameters": "params",
    "weights": "params",
    "non_trainable": "buffers",
    "mult_adds": "macs",
    "multiply_adds": "macs",
    "madds": "macs",
    "ops": "flops",
    "outputs": "output",
    "output_shape": "output",
    "shape": "output",
    "rf": "receptive_field",
    "field": "receptive_field",
    "depth": "weight_layers",
    "memory": "activation_bytes",
    "peak": "peak_inference_bytes",
}


class Finding(NamedTuple):
    """One expected figure beside the real one.  Shapes are channels first."""

    key: str
    kind: str
    expected: Any
    actual: Any
    span: Span

    @property
    def holds(self) -> bool:
        """Whether they agree."""
        return bool(self.expected == self.actual)

    @property
    def difference(self) -> int | None:
        """How much more there is than expected, for figures that can be subtracted."""
        whole_numbers = isinstance(self.expected, int) and isinstance(self.actual, int)
        return self.actual - self.expected if whole_numbers else None


class Verdict(NamedTuple):
    """What came of one network.  Without findings there was nothing to check."""

    name: str
    spec: str
    preset: str | None
    layout: str
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return all(finding.holds for finding in self.findings)


def statement(summary: Summary) -> dict[str, int]:
    """The totals a spec states of itself, by key of `expect:`."""
    return {key: QUANTITIES[key].read(summary) for key in ("params", "buffers", "macs")}


def check(summary: Summary) -> Verdict:
    """Hold the network's `expect:`, or that of its preset, against its numbers.

    Raises:
        SpecError: for keys that do not exist (E205), outputs that do not (E204) and values that are
            of another kind (E3xx), all of them at once.
    """
    network = summary.network
    document = network.document
    findings: list[Finding] = []
    errors: list[Diagnostic] = []
    scope = Scope(dict(network.graph.vars), {UNBOUNDED})
    for key, node in expected(document.node, network.preset):
        try:
            findings += _compare(key, node, summary, scope)
        except SpecError as error:
            errors += error.diagnostics
    if errors:
        raise SpecError(errors)
    return Verdict(network.name, document.source.name, network.preset, document.layout, tuple(findings))


def expected(root: Node, preset: str | None) -> list[tuple[Scalar, Node]]:
    """The entries of the `expect:` that speaks of a network."""
    at: Node | None = root
    for key in ["expect"] if preset is None else ["presets", preset, "expect"]:
        at = at.get(key) if isinstance(at, Map) else None
    return list(at.entries.values()) if isinstance(at, Map) else []


def _compare(key: Scalar, node: Node, summary: Summary, scope: Scope) -> list[Finding]:
    name = key.text
    quantity = QUANTITIES.get(name)
    if quantity is None:
        close = _SPELLINGS.get(name.lower())
        help = f"did you mean '{close}'?" if close else did_you_mean(name, QUANTITIES)
        raise key.error("E205", f"'expect' has no '{name}'", help or f"it knows {', '.join(QUANTITIES)}")
    actual = quantity.read(summary)
    if quantity.kind == "text":
        if not isinstance(node, Scalar) or node.empty:
            raise node.error("E113", f"'{name}' must be the name of a layer", "write the name the summary shows")
        return [_finding(name, quantity, node.text, actual, node)]
    if quantity.kind in ("count", "bytes"):
        return [_finding(name, quantity, _count(node, name, scope), actual, node)]
    layout = summary.network.document.layout
    if isinstance(node, Map):
        return [
            _finding(f"{name}.{output}", quantity, _sides(item, quantity, scope, layout, real), real, item)
            for output, (word, item) in node.entries.items()
            for real in [_output(word, actual)]
        ]
    if len(actual) > 1:
        raise node.error("E310", f"the network has {len(actual)} outputs: {', '.join(actual)}", _mapping(name, actual))
    (real,) = actual.values()
    return [_finding(name, quantity, _sides(node, quantity, scope, layout, real), real, node)]


def _finding(key: str, quantity: Quantity, wanted: Any, actual: Any, node: Node) -> Finding:
    span = Span(node.source.name, node.line, node.column, node.end_column)
    return Finding(key, quantity.kind, wanted, UNBOUNDED if actual is None else actual, span)


def _mapping(name: str, outputs: dict[str, Any]) -> str:
    return f"write {name}: {{{', '.join(f'{output}: …' for output in outputs)}}}"


def _output(word: Scalar, outputs: dict[str, Any]) -> Any:
    """The figure of an output that is called by name."""
    if word.text not in outputs:
        help = did_you_mean(word.text, outputs) or f"the outputs are {', '.join(outputs)}"
        raise word.error("E204", f"no output is called '{word.text}'", help)
    return outputs[word.text]


def _count(node: Node, name: str, scope: Scope) -> int:
    value = Value(node).evaluate(scope, ())
    try:
        count = whole(value, f"'{name}'")
    except SlotError as error:
        raise node.error(error.code, error.message, "write every digit: 25557032 or 25_557_032") from None
    if count < 0:
        raise node.error("E303", f"'{name}' cannot be {count}", "write 0 or more")
    return count


def _sides(node: Node, quantity: Quantity, scope: Scope, layout: str, actual: Any) -> Any:
    """A shape, channels first, or the sides of a receptive field, of which one may stand for all."""
    value = Value(node).evaluate(scope, ())
    field = quantity.kind == "field"
    if field and value == UNBOUNDED:
        return UNBOUNDED
    try:
        sides = tuple(whole(side, "a side") for side in (value if isinstance(value, list) else [value]))
    except SlotError as error:
        help = "write 212, 212x212, or unbounded" if field else "write 64x7x7, or [64, 7, 7]"
        raise node.error("E310", error.message, help) from None
    if not sides or min(sides) < 1:
        raise node.error("E310", f"a {quantity.kind} has sides of at least 1", "write 64x7x7, or [64, 7, 7]")
    if field:
        return sides * len(actual) if actual and len(sides) == 1 else sides
    return (sides[-1], *sides[:-1]) if layout == "channels_last" else sides
