"""Reference pages of layers: as text, as Markdown, and as JSON objects."""

from __future__ import annotations

import textwrap
from typing import Any

from cnncalc.analysis.reference import Entry, Reference, Rule

WIDTH = 100


def list_text(groups: dict[str, dict[str, str]]) -> str:
    """All layers by group, one sentence each."""
    width = max(len(kind) for layers in groups.values() for kind in layers)
    lines = []
    for group, layers in groups.items():
        lines.append(group.capitalize())
        for kind, sentence in layers.items():
            lines += _hang(f"  {kind:<{width}}  ", sentence)
        lines.append("")
    return "\n".join([*lines, "cnncalc layers NAME explains one: parameters, formulas, weights, an example."])


def list_markdown(groups: dict[str, dict[str, str]]) -> str:
    """All layers by group, as Markdown."""
    lines = ["# Layers"]
    for group, layers in groups.items():
        lines += ["", f"## {group.capitalize()}", ""]
        lines += [f"- `{kind}`: {sentence}" for kind, sentence in layers.items()]
    return "\n".join(lines)


def list_object(groups: dict[str, dict[str, str]]) -> dict[str, Any]:
    """All layers, schema `cnncalc.layers/1`."""
    layers = [
        {"name": kind, "group": group, "sentence": sentence}
        for group, kinds in groups.items()
        for kind, sentence in kinds.items()
    ]
    return {"schema": "cnncalc.layers/1", "layers": layers}


def page_text(page: Reference) -> str:
    """One layer, for a terminal."""
    lines = [f"{page.kind}  ({page.group})", ""]
    for sentence in page.sentences:
        lines += textwrap.wrap(sentence, WIDTH)
    if page.source:
        lines += _hang("Reference: ", page.source)
    if page.entries:
        lines += ["", "Parameters" + _bare(page)]
        lines += _entries(page.entries)
    lines += ["", *_facts(page)]
    if page.rules:
        lines += ["", "Formulas"]
        for rule in page.rules:
            lines += [f"  {_equation(rule)}", *_hang("      ", _reason(rule))]
    lines += ["", "Example", f"  - {page.sample.text}", *_hang("    ", _outcome(page))]
    if page.spellings:
        lines += ["", *_hang("Elsewhere called: ", ", ".join(page.spellings))]
    renamed = [entry for entry in page.entries if entry.other_names]
    if renamed:
        width = max(len(entry.name) for entry in renamed)
        lines += ["", "Parameters elsewhere called"]
        for entry in renamed:
            lines += _hang(f"  {entry.name:<{width}}  ", ", ".join(entry.other_names))
    return "\n".join(lines)


def _equation(rule: Rule) -> str:
    return f"{rule.formula.result} = {rule.formula.text}"


def _reason(rule: Rule) -> str:
    return f"with {rule.choice}: {rule.formula.reason}" if rule.choice else rule.formula.reason


def _bare(page: Reference) -> str:
    return f"; a bare value is {page.entries[0].name}, as in - {page.kind}: …"


def _entries(entries: tuple[Entry, ...]) -> list[str]:
    names = max(len(entry.name) for entry in entries)
    defaults = max(len(_default(entry)) for entry in entries)
    lines = []
    for entry in entries:
        lines += _hang(f"  {entry.name:<{names}}  {_default(entry):<{defaults}}  ", entry.doc)
        lines += _hang(" " * (names + defaults + 6), _type(entry))
    return lines


def _default(entry: Entry) -> str:
    return "required" if entry.default is None else f"= {entry.default}"


def _type(entry: Entry) -> str:
    least = f", at least {entry.minimum}" if entry.minimum is not None else ""
    return f"({entry.type}{least})"


def _facts(page: Reference) -> list[str]:
    facts = {"Shape": page.shape, "Weights": page.weights or "none", "Buffers": page.buffers}
    return [line for name, text in facts.items() if text for line in _hang(f"{name:<8} ", text)]


def _outcome(page: Reference) -> str:
    """What the example makes of its input."""
    measure = page.sample.measure
    inputs = " and ".join("x".join(map(str, x)) for x in page.sample.inputs)
    text = f"makes {'x'.join(map(str, measure.shape))} of {inputs}"
    if measure.weights:
        tensors = ", ".join(f"{name} {'x'.join(map(str, shape))}" for name, shape in measure.weights.items())
        text += f"; {tensors}: {measure.trainable:,} parameters"
    text += f" and {measure.buffer_count:,} buffers" if measure.buffers else ""
    return text + (f"; {measure.macs:,} MACs" if measure.work else "")


def _hang(head: str, text: str) -> list[str]:
    """Text after a head, its further lines indented as far."""
    lines = textwrap.wrap(text, max(WIDTH - len(head), 40)) or [""]
    return [(head if not i else " " * len(head)) + line for i, line in enumerate(lines)]


def page_markdown(page: Reference) -> str:
    """One layer, as Markdown."""
    lines = [f"# {page.kind}", "", " ".join(page.sentences)]
    lines += ["", f"Reference: {page.source}"] if page.source else []
    if page.entries:
        lines += [
            "",
            "## Parameters",
            "",
            "| name | type | default | meaning | elsewhere called |",
            "|:--|:--|:--|:--|:--|",
        ]
        lines += [f"| {' | '.join(_cells(entry))} |" for entry in page.entries]
        lines += ["", f"A bare value is `{page.entries[0].name}`."]
    lines += ["", "## Weights", "", page.weights or "None.", *(["", page.buffers] if page.buffers else [])]
    lines += ["", "## Shape", "", page.shape]
    if page.rules:
        lines += ["", "## Formulas", ""]
        lines += [f"- `{_equation(rule)}`: {_reason(rule)}" for rule in page.rules]
    lines += ["", "## Example", "", "```yaml", f"- {page.sample.text}", "```", "", _outcome(page).capitalize() + "."]
    lines += ["", f"Elsewhere called: {', '.join(page.spellings)}."] if page.spellings else []
    return "\n".join(lines)


def _cells(entry: Entry) -> list[str]:
    default = "required" if entry.default is None else f"`{entry.default}`"
    type_ = _type(entry)[1:-1].replace("|", "\\|")
    return [f"`{entry.name}`", type_, default, entry.doc, ", ".join(entry.other_names)]


def page_object(page: Reference) -> dict[str, Any]:
    """One layer, schema `cnncalc.layer/1`."""
    measure = page.sample.measure
    return {
        "schema": "cnncalc.layer/1",
        "name": page.kind,
        "group": page.group,
        "sentences": list(page.sentences),
        "reference": page.source,
        "parameters": [
            {
                "name": entry.name,
                "type": entry.type,
                "required": entry.default is None,
                "default": entry.default,
                "minimum": entry.minimum,
                "meaning": entry.doc,
                "other_names": list(entry.other_names),
            }
            for entry in page.entries
        ],
        "bare": page.entries[0].name if page.entries else None,
        "shape": page.shape,
        "weights": page.weights,
        "buffers": page.buffers,
        "formulas": [
            {"result": f.result, "formula": f.text, "reason": f.reason, "choice": choice or None}
            for f, choice in page.rules
        ],
        "spellings": list(page.spellings),
        "example": {
            "step": page.sample.text,
            "inputs": [list(x) for x in page.sample.inputs],
            "output": list(measure.shape),
            "weights": {name: list(shape) for name, shape in measure.weights.items()},
            "trainable": measure.trainable,
            "buffers": measure.buffer_count,
            "macs": measure.macs,
        },
    }
