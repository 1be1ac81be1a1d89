"""Verdicts on `expect:`: what holds, and what differs by how much and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.json import plain

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.expect import Finding, Verdict
    from cnncalc.errors import Diagnostic


def print_verdicts(verdicts: Sequence[Verdict], failed: int, target: Console) -> None:
    """A line per network, a line per difference below it, and the count; `failed` networks could not be read."""
    from rich.text import Text

    names = [_name(verdict) for verdict in verdicts]
    width = max(map(len, names), default=0)
    for name, verdict in zip(names, verdicts, strict=True):
        word, style = ("ok", "green") if verdict.holds else ("DIFFERS", "bold red")
        keys = ", ".join(finding.key for finding in verdict.findings)
        if not verdict.findings:
            word, style, keys = "-", "dim", "nothing to check: no expect:"
        elif not verdict.holds:
            keys = ", ".join(finding.key for finding in verdict.findings if not finding.holds)
        target.print(Text.assemble((f"{word:<8}", style), f"{name:<{width}}  ", (keys, "dim")), soft_wrap=True)
        for finding in verdict.findings:
            if not finding.holds:
                target.print("  " + _difference(finding, verdict.layout), soft_wrap=True)
    target.print(_count(verdicts, failed), soft_wrap=True)


def _name(verdict: Verdict) -> str:
    return f"{verdict.spec} ({verdict.preset})" if verdict.preset else verdict.spec


def _difference(finding: Finding, layout: str) -> str:
    """`vgg16.yaml:34:18: macs: expected 15,470,264,321, is 15,470,264,320 (1 less)`."""
    wanted, real = (_figure(value, finding.kind, layout) for value in (finding.expected, finding.actual))
    by = finding.difference
    more = "" if by is None else f" ({abs(by):,} {'more' if by > 0 else 'less'})"
    span = finding.span
    return f"{span.file}:{span.line}:{span.column}: {finding.key}: expected {wanted}, is {real}{more}"


def _figure(value: Any, kind: str, layout: str) -> str:
    if isinstance(value, str):
        return value
    if kind == "shape":
        return figures.shape(value, layout)
    return figures.sides(value) if kind == "field" else f"{value:,}"


def _count(verdicts: Sequence[Verdict], failed: int) -> str:
    checked = [verdict for verdict in verdicts if verdict.findings]
    good = sum(verdict.holds for verdict in checked)
    parts = [(good, "as expected"), (len(checked) - good, "not as expected")]
    parts += [(len(verdicts) - len(checked), "with nothing to check"), (failed, "with errors")]
    told = ", ".join(f"{number} {what}" for number, what in parts if number)
    return f"{told}." if told else "Nothing to check."


def verdicts_object(verdicts: Sequence[Verdict], diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """All verdicts, schema `cnncalc.check/1`; shapes are channels first."""
    return {
        "schema": "cnncalc.check/1",
        "holds": not diagnostics and all(verdict.holds for verdict in verdicts),
        "checks": [
            {
                "spec": verdict.spec,
                "name": verdict.name,
                "preset": verdict.preset,
                "holds": verdict.holds if verdict.findings else None,
                "findings": [_finding_object(finding) for finding in verdict.findings],
            }
            for verdict in verdicts
        ],
        "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
    }


def _finding_object(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "expected": plain(finding.expected),
        "actual": plain(finding.actual),
        "difference": finding.difference,
        "holds": finding.holds,
        "file": finding.span.file,
        "line": finding.span.line,
        "column": finding.span.column,
    }
