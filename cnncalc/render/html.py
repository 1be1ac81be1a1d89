"""Summaries as HTML: a page that stands alone, and a fragment for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from cnncalc.analysis.outline import Line, outline
from cnncalc.render import columns

if TYPE_CHECKING:
    from cnncalc.analysis.summary import Summary

STYLE = """
.cnncalc { font: 14px/1.5 system-ui, sans-serif; color: #1d2433; max-width: 70em; margin: 2em auto; padding: 0 1em }
.cnncalc h1 { font-size: 1.3em; margin: 1.5em 0 .5em }
.cnncalc table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100% }
.cnncalc th { text-align: left; border-bottom: 2px solid #1d2433; padding: .2em .6em }
.cnncalc td { padding: .15em .6em; border-bottom: 1px solid #e6e9f0; white-space: nowrap }
.cnncalc .number { text-align: right }
.cnncalc .bar { width: 8em } .cnncalc .bar i { display: block; height: .7em; background: #3b6fd4; border-radius: 2px }
.cnncalc .learned { font-weight: 600 }
.cnncalc dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1em } .cnncalc dt { font-weight: 600 }
.cnncalc dd { margin: 0 } .cnncalc small { color: #667 }
@media (prefers-color-scheme: dark) { .cnncalc { color: #dfe4ee; background: #151922 }
.cnncalc td { border-color: #2a3040 }
.cnncalc th { border-color: #dfe4ee } .cnncalc small { color: #9aa } }
"""


def page(summaries: Sequence[Summary], depth: int, names: str | None, exact: bool) -> str:
    """A whole page with a table per spec."""
    title = escape(", ".join(summary.network.name for summary in summaries))
    body = "\n".join(_section(summary, depth, names, exact) for summary in summaries)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>{title}</title><style>{STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body class="cnncalc">\n{body}\n</body></html>\n'


def summary_fragment(summary: Summary) -> str:
    """A table for a notebook cell."""
    return f'<style>{STYLE}</style><div class="cnncalc">{_section(summary, 1, None, False)}</div>'


def _section(summary: Summary, depth: int, names: str | None, exact: bool) -> str:
    chosen = columns.choose(names, 0)
    lines = outline(summary, depth)
    largest = max((line.macs for line in lines if not line.opens), default=0)
    head = ""
    for column in chosen:
        title = f' title="{escape(column.about)}"'
        head += f"<th{_class(column)}{title}>{escape(column.header)}</th>"
        head += "<th></th>" if column.key == "share" else ""
    rows = "\n".join(_row(summary, line, chosen, exact, largest) for line in lines)
    totals = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(figure)} <small>{escape(remark)}</small></dd>"
        for name, figure, remark in columns.total_lines(summary, exact)
    )
    name = escape(summary.network.name)
    return (
        f"<h1>{name}</h1>\n<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n<dl>{totals}</dl>"
    )


def _class(column: columns.Column, extra: str = "") -> str:
    names = " ".join(filter(None, ["number" if column.number else "", extra]))
    return f' class="{names}"' if names else ""


def _row(summary: Summary, line: Line, chosen: list[columns.Column], exact: bool, largest: int) -> str:
    cells = ""
    for column in chosen:
        text = column.text(summary, line, exact)
        indent = f' style="padding-left:{0.6 + line.level * 1.2:.1f}em"' if column.key == "layer" else ""
        extra = "learned" if column.key == "layer" and line.trainable else ""
        cells += f"<td{_class(column, extra)}{indent}>{escape(text.strip())}</td>"
        if column.key == "share":
            width = 100 * line.macs / largest if largest and not line.opens else 0
            cells += f'<td class="bar"><i style="width:{width:.1f}%"></i></td>' if width else "<td></td>"
    return f"<tr>{cells}</tr>"
