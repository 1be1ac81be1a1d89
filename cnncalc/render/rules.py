"""The pages of codes: Markdown on a terminal, as they are in a pipe, and as JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.rules import HEADINGS, Rule

if TYPE_CHECKING:
    from rich.console import Console

CLASSES = {
    "E1": "What is written",
    "E2": "Names",
    "E3": "Values",
    "E4": "Shapes",
    "E5": "Limits",
    "E6": "Device files and figures",
    "L1": "Advice",
    "A1": "Answers to be marked",
}
"""What the first figure of a code stands for."""


def print_page(text: str, target: Console) -> None:
    """Markdown, laid out for a terminal."""
    from rich.markdown import Markdown

    target.print(Markdown(text, code_theme="ansi_dark" if target.color_system else "bw"))


def list_text(rules: list[Rule]) -> str:
    """All codes, one line each, by class."""
    lines: list[str] = []
    for rule in rules:
        heading = CLASSES.get(rule.code[:2], "Other")
        if heading not in lines:
            lines += ["", heading] if lines else [heading]
        lines.append(f"  {rule.code}  {rule.title}")
    return "\n".join([*lines, "", "cnncalc rule CODE explains one."])


def rule_object(rule: Rule) -> dict[str, Any]:
    """One page, schema `cnncalc.rule/1`."""
    parts = {heading.lower(): rule.sections[heading] for heading in HEADINGS}
    return {"schema": "cnncalc.rule/1", "code": rule.code, "title": rule.title, **parts, "markdown": rule.text}


def list_object(rules: list[Rule]) -> dict[str, Any]:
    """All codes, schema `cnncalc.rules/1`."""
    return {"schema": "cnncalc.rules/1", "rules": [{"code": rule.code, "title": rule.title} for rule in rules]}
