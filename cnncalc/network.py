"""A loaded network: the object behind every command and the Python API."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.graph import Graph, Node
from cnncalc.layers.slots import SlotError, whole
from cnncalc.spec.blocks import BLOCKS
from cnncalc.spec.elaborate import MAX_NODES, Elaborator
from cnncalc.spec.files import find
from cnncalc.spec.frames import Body, Frame, matching
from cnncalc.spec.load import Loader, vocabulary
from cnncalc.spec.nodes import Node as Yaml
from cnncalc.spec.nodes import Scalar, Source
from cnncalc.spec.structure import STRUCTURE
from cnncalc.spec.tree import Document, Side
from cnncalc.spec.values import Given, Value, label
from cnncalc.spec.yaml_nodes import read_yaml

if TYPE_CHECKING:
    from cnncalc.reports import FieldGrowth, LayerField
    from cnncalc.planning import Reconciled, Roofline, Work
    from cnncalc.summary import Summary

Settings = Mapping[str, Any]
SIDE_LIMIT = 1 << 31
CHANNELS_LAST = (1, 3, 4)


def load(
    spec: str | os.PathLike[str],
    *,
    set: Settings | None = None,
    preset: str | None = None,
    input: str | Mapping[str, str] | None = None,
    max_nodes: int = MAX_NODES,
) -> Network:
    """A network from a spec file, or from the name of a shipped spec or preset.

    Args:
        spec: a path, or a name such as `vgg16` (`cnncalc list` shows them).
        set: values for the spec's vars, e.g. `{"classes": 10}`.
        preset: one of the spec's presets.
        input: another input shape, e.g. `"3x64x64"`; a mapping where there are several inputs.
        max_nodes: the most layers the spec may have after expansion.

    Raises:
        SpecError: if anything is wrong with the spec; `.diagnostics` says what and where.
    """
    found = find(os.fspath(spec))
    document = Loader().from_file(found.path, os.fspath(spec) if found.path == Path(spec) else found.path.name)
    return Network(document, set or {}, preset or found.preset, input, max_nodes)


def loads(
    text: str | bytes,
    *,
    filename: str = "<string>",
    set: Settings | None = None,
    preset: str | None = None,
    input: str | Mapping[str, str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    max_nodes: int = MAX_NODES,
) -> Network:
    """A network from the text of a spec; `filename` is what diagnostics call it, `folder` where imports are.

    Raises:
        SpecError: if anything is wrong with the spec; `.diagnostics` says what and where.
    """
    document = Loader().from_text(text, filename, Path(folder) if folder is not None else None)
    return Network(document, set or {}, preset, input, max_nodes)


class Network:
    """A network ready to be analysed.

    `graph` holds the layers; `summary()` gives all numbers.
    """

    def __init__(
        self,
        document: Document,
        set: Settings,
        preset: str | None,
        input: str | Mapping[str, str] | None,
        max_nodes: int = MAX_NODES,
    ) -> None:
        self.document: Document = document
        self.preset = preset
        self.modified = bool(set or input)
        """Whether the numbers are other than those the spec's own `expect:` speaks of."""
        if not document.layers:
            message = "this file only defines blocks: it has no 'layers:'"
            raise document.node.error("E116", message, "import it from a spec that has layers")
        self.graph = _elaborate(document, _overrides(document, preset, set), input, max_nodes)

    @property
    def name(self) -> str:
        """The spec's title; with a preset, the preset's own, or its name beside the family's."""
        document, preset = self.document, self.preset
        if preset is None:
            return document.name
        return document.titles.get(preset, f"{preset} ({document.family or document.name})")

    def summary(self, batch: int = 1, dtype: str = "float32") -> Summary:
        """All numbers of the network.

        Args:
            batch: how many samples MACs and memory are for, at least 1.
            dtype: the type of every number: float64, float32, float16, bfloat16 or int8.

        Raises:
            ValueError: for a batch below 1 or an unknown dtype.
        """
        from cnncalc.analysis.summary import summarize
        from cnncalc.summary import Summary

        return Summary(**vars(summarize(self, batch, dtype)))

    def receptive_field(self, layer: str | None = None, unit: Sequence[int] | None = None) -> FieldGrowth | LayerField:
        """How the receptive field grows, or with `layer` or `unit`, one layer's field taken apart.

        Args:
            layer: a row of the summary, a block, or a tensor the spec names, such as `enc[2]`.
            unit: a place along each spatial axis, counted from 0; by default the middle one.

        Raises:
            SpecError: E204 for an unknown layer.
            ValueError: for a unit that does not exist.
        """
        from cnncalc.reports import FieldGrowth, LayerField

        if layer is None and unit is None:
            return FieldGrowth(self)
        return LayerField(self, layer, tuple(unit) if unit is not None else None)

    def work(self, batch: int = 1, by: str = "type", *, count: str | None = None, **options: Any) -> Work:
        """MACs, other operations, gradients, and other tools' figures: `analysis.work.work_of` has all options."""
        from cnncalc.planning import work

        return work(self, batch, by, count=count, **options)

    def roofline(self, device: str | os.PathLike[str], batch: int = 1, dtype: str = "float32") -> Roofline:
        """What bounds each layer on a device: a shipped one's name, or a file.  Raises SpecError, ValueError."""
        from cnncalc.planning import roofline

        return roofline(self, device, batch, dtype)

    def reconcile(self, figure: str | int | None = None, *, params: str | int | None = None) -> Reconciled:
        """Which conventions give a published figure, such as `"4.12G"`.  Raises SpecError, ValueError."""
        from cnncalc.planning import reconciled

        return reconciled(self, figure, params)

    def __repr__(self) -> str:
        return f"<Network {self.name}: {sum(1 for _ in self.graph.layers())} layers>"


def _overrides(document: Document, preset: str | None, settings: Settings) -> dict[str, Value]:
    """Values that take the place of the file's vars: the preset's, then `--set`."""
    overrides: dict[str, Value] = {}
    if preset is not None:
        if preset not in document.presets:
            known = ", ".join(document.presets)
            help = did_you_mean(preset, document.presets) or (f"it has {known}" if known else "it has none")
            raise SpecError(Diagnostic("E208", f"{document.source.name} has no preset '{preset}'", help=help))
        overrides |= document.presets[preset][0]
    for name, value in settings.items():
        if name not in document.vars:
            known = ", ".join(document.vars)
            help = did_you_mean(name, document.vars) or (f"it has {known}" if known else "it has none")
            raise SpecError(Diagnostic("E207", f"{document.source.name} has no variable '{name}'", help=help))
        overrides[name] = outside_value(f"--set {name}", value)
    return overrides


def outside_value(where: str, value: Any) -> Value:
    """A value given on the command line (text) or through the Python API (text, numbers, lists)."""
    if isinstance(value, str):
        if not value.strip():
            raise SpecError(Diagnostic("E116", f"{where}: a value is missing", help="write it after the ="))
        return Value(read_yaml(value, where))
    node = Scalar(Source(where, str(value)), 1, 1, 1 + len(str(value)), str(value))
    return Given(node, _plain(value, where))


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return Value(read_yaml(value, where)).result or value
    if isinstance(value, (list, tuple)):
        return [_plain(item, where) for item in value]
    message = f"{where}: {type(value).__name__} is not a value of the language"
    raise SpecError(Diagnostic("E302", message, help="give a number, a text or a list of them"))


def _elaborate(
    document: Document, overrides: dict[str, Value], input: str | Mapping[str, str] | None, max_nodes: int
) -> Graph:
    elaborator = Elaborator(document, vocabulary(), {**STRUCTURE, **BLOCKS}, max_nodes)
    scope = elaborator.scope(document, overrides)
    values = dict(scope.vars)
    shapes = document.inputs | _given_inputs(document, input)
    tensors: dict[str, Any] = {}
    for name, value in shapes.items():
        shape = _input_shape(document, value, scope)
        node = Node(len(elaborator.nodes), None, (), shape, elaborator.root, name)
        tensors[name] = node.index
        elaborator.nodes.append(node)
    inputs = dict(tensors)
    frame = Frame(Body(document, 0, values), elaborator.root, scope, tensors, 1, 0)
    try:
        last = elaborator.run(document.layers, frame, 0 if len(inputs) == 1 else None)
        outputs = _outputs(document, elaborator, frame, last)
    except RecursionError:
        raise document.node.error("E505", "the spec is nested too deeply", "split it into blocks") from None
    graph = Graph(elaborator.nodes, inputs, outputs, elaborator.root, document, values)
    graph.labels = elaborator.labels
    graph.outputs = {name or graph.nodes[index].name: index for name, index in outputs.items()}
    return graph


def _given_inputs(document: Document, input: str | Mapping[str, str] | None) -> dict[str, Value]:
    if input is None:
        return {}
    if not isinstance(input, str):
        unknown = [name for name in input if name not in document.inputs]
        if unknown:
            known = ", ".join(document.inputs)
            raise SpecError(Diagnostic("E204", f"there is no input '{unknown[0]}'", help=f"the inputs are {known}"))
        return {name: outside_value("--input", shape) for name, shape in input.items()}
    if len(document.inputs) > 1:
        known = ", ".join(f"{name}=…" for name in document.inputs)
        raise SpecError(Diagnostic("E204", "the network has several inputs", help=f"say which: {known}"))
    return {next(iter(document.inputs)): outside_value("--input", input)}


def _input_shape(document: Document, value: Value, scope: Any) -> tuple[int, ...]:
    """Channels first, whatever the layout the shape is written in."""
    node = value.node
    result = value.evaluate(scope, ())
    sides = result if isinstance(result, list) else [result]
    where = [item.node for item in value.items] if value.items else [node] * len(sides)
    shape = tuple(_input_side(side, at) for side, at in zip(sides, where, strict=True))
    if not 1 <= len(shape) <= 4:
        raise node.error(
            "E310", f"a shape has 1 to 4 sides, not {len(shape)}", "channels x height x width, without the batch"
        )
    if document.layout == "channels_last":
        return (shape[-1], *shape[:-1])
    if not document.explicit_layout and len(shape) > 1 and shape[-1] in CHANNELS_LAST and min(shape[:-1]) > 4:
        written, last = "x".join(map(str, shape)), "channel" if shape[-1] == 1 else f"{shape[-1]} channels"
        turned = "x".join(map(str, (shape[-1], *shape[:-1])))
        help = f"channels come first: write {turned}; if you mean {shape[0]} channels, add layout: channels_first"
        if isinstance(node, Scalar) and node.source.name != "--input":
            help += "; to write them last everywhere, layout: channels_last"
        raise node.error("E309", f"{written} looks like an image with its {last} last", help)
    return shape


def _input_side(side: Any, node: Yaml) -> int:
    """One side of an input's shape.

    Raises:
        SpecError: E310 if it is no whole number that a side can be.
    """
    try:
        number = whole(side, "a side")
    except SlotError as error:
        raise node.error("E310", error.message, "write 3x224x224, or [3, 224, 224]") from None
    if not 1 <= number <= SIDE_LIMIT:
        raise node.error("E310", f"a side cannot be {number}", f"sides go from 1 to {SIDE_LIMIT:,}")
    return number


def _outputs(document: Document, elaborator: Elaborator, frame: Frame, last: int | None) -> dict[str, int]:
    """Declared outputs; else the last tensor and every side head. '' stands for a tensor without a name."""
    if document.outputs is not None:
        outputs = {}
        for reference in document.outputs:
            tensors = frame.find(reference, last, elaborator.shape(last), elaborator.sides)
            for tensor, name in zip(tensors, _labels(reference, frame, len(tensors)), strict=True):
                outputs[name] = tensor
        return outputs
    ends_in_side = isinstance(document.layers[-1].head, Side)
    main = {} if last is None or ends_in_side else {elaborator.labels.get(last, ""): last}
    return main | elaborator.sides


def _labels(reference: Any, frame: Frame, count: int) -> list[str]:
    index = reference.index(frame.scope, ())
    if not reference.wildcard:
        return [label(reference.base, index)]
    family = frame.tensors.get(reference.base)
    members = family if isinstance(family, dict) else frame.body.families[reference.base]
    return [label(reference.base, i) for i in matching(members, index)][:count]
