"""Summaries as CSV, Markdown, LaTeX and HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.outline import flat, outline
from cnncalc.render import columns

if TYPE_CHECKING:
    from cnncalc.analysis.summary import Summary


def csv(summaries: Sequence[Summary], depth: int, names: str | None, exact: bool) -> str:
    """One record per layer, exact figures, sizes as 64x224x224; several specs share one table."""
    import csv as library
    from io import StringIO

    buffer = StringIO()
    writer = library.writer(buffer, lineterminator="\n")
    chosen = columns.choose(names or ",".join(columns.COLUMNS), 0)
    several = len(summaries) > 1
    writer.writerow([*(["spec"] if several else []), *(column.key for column in chosen)])
    for summary in summaries:
        for line in flat(summary):
            cells = [_datum(column.value(summary, line)) for column in chosen]
            writer.writerow([*([summary.network.name] if several else []), *cells])
    return buffer.getvalue()


def _datum(value: Any) -> str:
    if isinstance(value, list):
        return "x".join(map(str, value))
    return "" if value is None else str(value)


def _cells(
    summary: Summary, depth: int, names: str | None, exact: bool
) -> tuple[list[columns.Column], list[list[str]]]:
    chosen = columns.choose(names, 0)
    return chosen, [[column.text(summary, line, exact) for column in chosen] for line in outline(summary, depth)]


def markdown(summaries: Sequence[Summary], depth: int, names: str | None, exact: bool) -> str:
    """A table in GitHub's Markdown per spec, with its totals."""
    parts = []
    for summary in summaries:
        chosen, rows = _cells(summary, depth, names, exact)
        lines = [f"### {_pipe(summary.network.name)}", ""]
        lines.append("| " + " | ".join(column.header for column in chosen) + " |")
        lines.append("|" + "|".join("--:" if column.number else ":--" for column in chosen) + "|")
        for row in rows:
            lines.append("| " + " | ".join(_pipe(cell) for cell in row) + " |")
        lines.append("")
        lines += [f"- **{name}** {figure} ({remark})" for name, figure, remark in columns.total_lines(summary, exact)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _pipe(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return "&nbsp;" * (2 * indent) + text.lstrip().replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def latex(summaries: Sequence[Summary], depth: int, names: str | None, exact: bool) -> str:
    """A booktabs table per spec, ready for a thesis: needs only \\usepackage{booktabs}."""
    parts = []
    for summary in summaries:
        chosen, rows = _cells(summary, depth, names, exact)
        lines = [r"\begin{table}", r"  \centering", f"  \\caption{{{tex(summary.network.name)}}}"]
        lines.append(f"  \\begin{{tabular}}{{{''.join('r' if column.number else 'l' for column in chosen)}}}")
        lines += [r"    \toprule", "    " + " & ".join(column.header for column in chosen) + r" \\", r"    \midrule"]
        lines += ["    " + " & ".join(tex(cell) for cell in row) + r" \\" for row in rows]
        lines.append(r"    \midrule")
        for name, figure, remark in columns.total_lines(summary, exact):
            text = f"{tex(name)} & \\multicolumn{{{max(1, len(chosen) - 1)}}}{{l}}{{{tex(f'{figure}  {remark}')}}}"
            lines.append(f"    {text} \\\\")
        lines += [r"    \bottomrule", r"  \end{tabular}", r"\end{table}"]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


_TEX = {"\\": r"\textbackslash{}", "<": r"$<$", ">": r"$>$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {character: "\\" + character for character in "&%$#_{}"}


def tex(text: str) -> str:
    """Text as LaTeX writes it; `3x3` with a multiplication sign."""
    import re

    indent = len(text) - len(text.lstrip())
    escaped = "".join(_TEX.get(character, character) for character in text.lstrip())
    return r"\quad " * (indent // 2) + re.sub(r"(?<=\d)x(?=\d)", r"$\\times$", escaped)


def html(summaries: Sequence[Summary], depth: int, names: str | None, exact: bool) -> str:
    """A page that stands alone."""
    from cnncalc.render.html import page

    return page(summaries, depth, names, exact)


RENDERERS: dict[str, Callable[[Sequence[Summary], int, str | None, bool], str]] = {
    "csv": csv,
    "markdown": markdown,
    "latex": latex,
    "html": html,
}
