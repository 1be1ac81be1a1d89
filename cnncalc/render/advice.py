"""What lint finds, as text and for editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.errors import Diagnostic
    from cnncalc.network import Network

Found = Sequence[tuple["Network", Sequence["Diagnostic"]]]
STYLES = {"warning": "yellow", "note": "cyan"}


def print_findings(found: Found, target: Console) -> None:
    """Each finding with its line, and the count."""
    from rich.text import Text

    for _, findings in found:
        for one in findings:
            head, _, rest = str(one).partition("\n")
            target.print(Text(head, style=STYLES.get(one.severity, "red")), soft_wrap=True)
            if rest:
                target.print(Text(rest), soft_wrap=True)
    levels = [one.severity for _, findings in found for one in findings]
    told = [
        f"{levels.count(level)} {level}{'s' * (levels.count(level) != 1)}" for level in STYLES if levels.count(level)
    ]
    codes = sorted({one.code for _, findings in found for one in findings})
    explain = f"  cnncalc rule {codes[0]} explains one." if codes else ""
    target.print(f"{', '.join(told)}.{explain}" if told else "Nothing to remark.", soft_wrap=True)


def lint_object(found: Found) -> dict[str, Any]:
    """All findings, schema `cnncalc.lint/1`."""
    from cnncalc.analysis.lint import rules

    sources = {rule.code: rule for rule in rules()}
    return {
        "schema": "cnncalc.lint/1",
        "specs": [network.document.source.name for network, _ in found],
        "diagnostics": [
            {**one.to_dict(), "spec": network.document.source.name, "reference": _reference(sources.get(one.code))}
            for network, findings in found
            for one in findings
        ],
    }


def _reference(rule: Any) -> str | None:
    return rule.reference if rule is not None else None
