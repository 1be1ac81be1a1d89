"""Lint rules about the network as a whole: its field against its image, and where its parameters are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.lint_rule import NOTE, Hit, LintRule
from cnncalc.analysis.receptive_field import field_of, trace_fields
from cnncalc.analysis.summary import Row, Summary

MOST = 50
"""Per cent of the parameters in fully connected layers from which on it is told."""


def _image(summary: Summary) -> tuple[int, ...] | None:
    """The sides of the one image that goes in."""
    graph = summary.network.graph
    shapes = {graph.nodes[index].shape[1:] for index in graph.inputs.values()}
    image = shapes.pop() if len(shapes) == 1 else ()
    # a vector of noise that a generator starts from is no image
    return image if image and max(image) > 1 else None


def _last_window(summary: Summary) -> Row | None:
    """The last layer that looks at more than one pixel and does not see everything."""
    found = None
    for row in summary.rows:
        measure = row.node.measure
        windows = measure.layer.windows(measure.xs[0]) if measure is not None else ()
        if windows and max(w.kernel for w in windows) > 1 and row.field.size is not None:
            found = row
    return found


def _compared(summary: Summary) -> tuple[Row, tuple[Any, ...], tuple[int, ...]] | None:
    image, row = _image(summary), _last_window(summary)
    size = row.field.size if row is not None else None
    if image is None or row is None or size is None or len(size) != len(image):
        return None
    return row, size, image


def field_beyond_image(summary: Summary) -> Iterator[Hit]:
    """At the end every unit sees more than the whole image: the rest is padding."""
    found = _compared(summary)
    if found and all(side > n for side, n in zip(found[1], found[2], strict=True)):
        row, size, image = found
        message = f"{row.node.name} sees {_by(size)} pixels of an image of {_by(image)}: the rest is padding"
        yield Hit(row.node, message, "use fewer strides or layers, or larger images")


def field_short_of_image(summary: Summary) -> Iterator[Hit]:
    """At the end no unit sees the whole image."""
    found = _compared(summary)
    if found and any(side < n for side, n in zip(found[1], found[2], strict=True)):
        row, size, image = found
        message = f"{row.node.name} sees {_by(size)} pixels of an image of {_by(image)}: no unit sees all of it"
        yield Hit(
            row.node, message, "fine for textures and local tasks; for whole objects add strides, dilation or layers"
        )


def unproductive(summary: Summary) -> Iterator[Hit]:
    """Convolutions whose input already sees the whole image cannot add to what is seen."""
    image = _image(summary)
    if not image:
        return
    traces = trace_fields(summary.network.graph)[0]
    late = []
    for row in summary.rows:
        measure = row.node.measure
        windows = measure.layer.windows(measure.xs[0]) if measure is not None else ()
        if measure is None or measure.layer.group != "convolution" or not windows:
            continue
        size = field_of(traces[row.node.inputs[0]]).size
        if max(w.kernel for w in windows) > 1 and size is not None and len(size) == len(image):
            if all(side >= n for side, n in zip(size, image, strict=True)):
                late.append(row)
    if late and summary.totals.macs:
        share = round(100 * sum(row.macs for row in late) / summary.totals.macs)
        message = (
            f"from {late[0].node.name} on, {len(late)} convolution{'s' * (len(late) > 1)} with {share} % of the MACs "
            f"start from units that already see the whole {_by(image)} image"
        )
        yield Hit(late[0].node, message, "remove them, or remove early strides, at this resolution")


def dense_share(summary: Summary) -> Iterator[Hit]:
    """Most parameters sit in fully connected layers."""
    dense = [row for row in summary.rows if row.node.kind == "fc"]
    others = any(row.node.measure and row.node.measure.layer.group == "convolution" for row in summary.rows)
    total = summary.totals.trainable
    held = sum(row.node.trainable for row in dense)
    if dense and others and 100 * held > MOST * total:
        largest = max(dense, key=lambda row: row.node.trainable)
        message = (
            f"{100 * held / total:.1f} % of the parameters are in fully connected layers, "
            f"{largest.node.trainable:,} in {largest.node.name} alone"
        )
        yield Hit(largest.node, message, "global_avgpool before the classifier does with far fewer")


def _by(sides: tuple[Any, ...]) -> str:
    return "x".join(map(str, sides))


RULES = (
    LintRule("L108", NOTE, "a field larger than the image", "Richter et al. (2021), 2106.12307", field_beyond_image),
    LintRule("L109", NOTE, "a field smaller than the image", "Araujo et al., Distill (2019)", field_short_of_image),
    LintRule("L110", NOTE, "unproductive layers", "Richter et al. (2021), 2106.12307, §4", unproductive),
    LintRule("L111", NOTE, "parameters in fully connected layers", "Lin et al. (2013), §3.2", dense_share),
)
"""The rules of this file."""
