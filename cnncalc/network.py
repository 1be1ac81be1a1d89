"""A loaded network: the object behind every command and the Python API."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from cnncalc.graph import Graph
from cnncalc.spec.assemble import assemble
from cnncalc.spec.elaborate import MAX_NODES
from cnncalc.spec.files import find
from cnncalc.spec.given import Settings, overrides_of
from cnncalc.spec.load import Loader
from cnncalc.spec.tree import Document

if TYPE_CHECKING:
    from cnncalc.planning import Reconciled, Roofline, Work
    from cnncalc.reports import FieldGrowth, LayerField, TrainingMemory
    from cnncalc.summary import Summary


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
        self.graph: Graph = assemble(document, overrides_of(document, preset, set), input, max_nodes)

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

    @overload
    def receptive_field(self, layer: None = None, unit: None = None) -> FieldGrowth: ...

    @overload
    def receptive_field(self, layer: str, unit: Sequence[int] | None = None) -> LayerField: ...

    @overload
    def receptive_field(self, layer: None, unit: Sequence[int]) -> LayerField: ...

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

    def memory(
        self, batch: int = 1, dtype: str = "float32", optimizer: str = "adam", checkpoint: bool | str = False
    ) -> TrainingMemory:
        """Memory for training and inference; `.fit(limit)` gives the largest batch.

        Args:
            batch: samples per step, at least 1.
            dtype: float64, float32, float16 or bfloat16.
            optimizer: sgd, momentum, adam, adamw, …
            checkpoint: compute blocks again in the backward pass; a name says which.

        Raises:
            ValueError: for a batch below 1, an unknown dtype, optimizer or block.
        """
        from cnncalc.reports import TrainingMemory

        return TrainingMemory(self, batch, dtype, optimizer, checkpoint)

    def work(self, batch: int = 1, by: str = "type", *, count: str | None = None, **options: Any) -> Work:
        """MACs, all other operations by type, the backward pass, and what other tools report.

        Args:
            batch: how many samples the figures are for, at least 1.
            by: what layers are grouped by: type, block, depth, size or layer.
            count: also count as this tool does, e.g. `fvcore`; `all` for all of them.
            options: `depth` (how many pieces of names tell blocks apart) and `modules` (every layer is a
                module, whatever torchvision's code does).

        Raises:
            ValueError: for a batch below 1, an unknown grouping or tool.
        """
        from cnncalc.planning import work

        return work(self, batch, by, count=count, **options)

    def roofline(self, device: str | os.PathLike[str], batch: int = 1, dtype: str = "float32") -> Roofline:
        """What bounds each layer on a device, compute or bandwidth, and the least time it takes.

        Args:
            device: a shipped device's name, e.g. `v100`, or a device file.
            batch: samples per run, at least 1.
            dtype: the type of every number.

        Raises:
            SpecError: if there is no such device, or its file is wrong.
            ValueError: for a batch below 1, or a type of numbers the device states no peak for.
        """
        from cnncalc.planning import roofline

        return roofline(self, device, batch, dtype)

    def reconcile(self, figure: str | int | None = None, *, params: str | int | None = None) -> Reconciled:
        """Which conventions give a published figure of work (`"4.12G"`) or of parameters.

        Raises:
            SpecError: E610 for a text that is no figure.
            ValueError: if no figure is given.
        """
        from cnncalc.planning import reconciled

        return reconciled(self, figure, params)

    def __repr__(self) -> str:
        return f"<Network {self.name}: {sum(1 for _ in self.graph.layers())} layers>"
