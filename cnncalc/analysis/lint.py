"""Advice on a spec: rules with codes, each a function that finds the layers that break it.

A finding is a `Diagnostic` of severity `warning` (likely a mistake) or `note` (worth knowing).
`# cnncalc: ignore L105` at the end of a line silences that rule there, `# cnncalc: ignore-file L112`
anywhere in the whole spec; without a code, all rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cnncalc.analysis import lint_design, lint_network, lint_windows
from cnncalc.analysis.lint_rule import Hit, LintRule
from cnncalc.analysis.summary import Summary
from cnncalc.errors import Diagnostic

_COMMENT = re.compile(r"#\s*cnncalc:\s*ignore(?P<file>-file)?\b(?P<codes>[\sL\d,]*)")


def rules() -> tuple[LintRule, ...]:
    """All rules, by code."""
    known = (*lint_windows.RULES, *lint_design.RULES, *lint_network.RULES)
    return tuple(sorted(known, key=lambda rule: rule.code))


def codes() -> list[str]:
    """All codes lint can give."""
    return ["L101", *(rule.code for rule in rules())]


def lint(summary: Summary, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Diagnostic]:
    """What the rules find, in the order of the file.

    `select` and `ignore` are codes or their beginnings (`L1`); comments in the spec count besides.
    """
    chosen, left_out = tuple(select), tuple(ignore)
    findings: list[Diagnostic] = []
    for rule in rules():
        if _wanted(rule.code, chosen, left_out):
            findings += _merged(rule, summary)
    if _wanted("L101", chosen, left_out):
        findings += [diagnostic for diagnostic in summary.diagnostics if diagnostic.code == "L101"]
    silenced = _Comments(summary)
    findings = [finding for finding in findings if not silenced(finding)]
    return sorted(findings, key=lambda finding: (finding.span[1:] if finding.span else (0, 0, 0), finding.code))


def _wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def _merged(rule: LintRule, summary: Summary) -> list[Diagnostic]:
    """One finding for each line of the spec, however many layers it makes."""
    groups: dict[Any, list[Hit]] = {}
    for hit in rule.find(summary):
        groups.setdefault((hit.node.span if hit.node else None, hit.level), []).append(hit)
    source = summary.network.graph.document.source
    findings = []
    for hits in groups.values():
        first = hits[0]
        span = first.node.source() if first.node else None
        own = span is not None and span.file == source.name
        more = f" (and {len(hits) - 1} more from this line)" if len(hits) > 1 else ""
        text = source.line(span.line) if span and own else None
        level = first.level or rule.level
        findings.append(Diagnostic(rule.code, first.message + more, span, first.help, severity=level, source=text))
    return findings


class _Comments:
    """The rules that comments in the spec silence, on a line or everywhere."""

    def __init__(self, summary: Summary) -> None:
        self.source = summary.network.graph.document.source
        self.everywhere: list[str] = []
        self.on_line: dict[int, list[str]] = {}
        for number, line in enumerate(self.source.lines, 1):
            if found := _COMMENT.search(line):
                codes = found["codes"].replace(",", " ").split() or [""]
                place = self.everywhere if found["file"] else self.on_line.setdefault(number, [])
                place.extend(codes)

    def __call__(self, finding: Diagnostic) -> bool:
        codes = list(self.everywhere)
        if finding.span and finding.span.file == self.source.name:
            codes += self.on_line.get(finding.span.line, [])
        return any(finding.code.startswith(code) for code in codes)
