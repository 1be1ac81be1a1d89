"""Exercise sheets in Markdown and LaTeX, with blanks or with the key filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.columns import kernel_text
from cnncalc.render.json import plain
from cnncalc.render.tables import tex

if TYPE_CHECKING:
    from cnncalc.analysis.worksheet import Entry, Line, Worksheet

HEADERS = {"output": "output", "size": "size", "params": "params", "macs": "MACs", "field": "field"}
ABOUT = {
    "output": "the shape of the result",
    "size": "how many numbers it has",
    "params": "the learned numbers, biases included",
    "macs": "the multiplications for one image, biases excluded",
    "field": "the side of the window a unit sees of the input, or 'all'",
}
BLANK = "____"


def describe(line: Line) -> str:
    """What a layer does, in a few words: `conv 5x5 p2, 6 filters`."""
    layer = line.node.layer
    if layer is None:
        return "input"
    windows = layer.windows(line.node.measure.xs[0]) if line.node.measure else ()
    words = [layer.kind]
    if windows:
        words.append(kernel_text(windows, int(layer.values.get("groups", 1))))
    text = " ".join(words)
    for key in ("filters", "units"):
        if key in layer.values:
            text += f", {layer.values[key]} {key}"
    return text + (", no bias" if layer.values.get("bias") is False and layer.weighted else "")


def value_text(entry: Entry, layout: str) -> str:
    """A figure as a student writes it."""
    if entry.value is None:
        return "all"
    if isinstance(entry.value, tuple):
        return figures.shape(entry.value, layout) if entry.key == "output" else figures.sides(entry.value)
    return f"{entry.value:,}" if isinstance(entry.value, int) else str(entry.value)


def _cells(sheet: Worksheet, line: Line, key: bool, blank: str) -> list[str]:
    texts = [blank if entry.blank and not key else value_text(entry, sheet.layout) for entry in line.entries]
    return [line.name, describe(line), *texts]


def _title(sheet: Worksheet, key: bool) -> str:
    return f"{sheet.name}: {'key' if key else 'exercise'} (difficulty {sheet.difficulty}, seed {sheet.seed})"


def markdown(sheet: Worksheet, key: bool) -> str:
    """The sheet as a Markdown table; filled in, `cnncalc check SPEC FILE.md` marks it."""
    lines = [f"# {_title(sheet, key)}", ""]
    if not key:
        lines += ["Fill in the blanks.", ""]
    lines += [f"- **{HEADERS[column]}**: {ABOUT[column]}" for column in sheet.columns]
    lines += ["", "| " + " | ".join(["layer", "what", *(HEADERS[column] for column in sheet.columns)]) + " |"]
    lines.append("|:--|:--|" + "--:|" * len(sheet.columns))
    for line in sheet.lines:
        cells = [cell.replace("|", "\\|") for cell in _cells(sheet, line, key, BLANK)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def latex(sheet: Worksheet, key: bool) -> str:
    """The sheet as a page of LaTeX that compiles by itself: needs only booktabs."""
    lines = [r"\documentclass{article}", r"\usepackage{booktabs}", r"\begin{document}"]
    lines += [rf"\section*{{{tex(_title(sheet, key))}}}", r"\begin{itemize}"]
    lines += [rf"  \item \textbf{{{HEADERS[column]}}}: {tex(ABOUT[column])}" for column in sheet.columns]
    lines += [r"\end{itemize}", "", rf"\begin{{tabular}}{{ll{'r' * len(sheet.columns)}}}", r"  \toprule"]
    lines.append("  " + " & ".join(["layer", "what", *(HEADERS[column] for column in sheet.columns)]) + r" \\")
    lines.append(r"  \midrule")
    rule = r"\underline{\hspace{1.6cm}}"
    for line in sheet.lines:
        cells = [rule if cell == BLANK else tex(cell) for cell in _cells(sheet, line, key, BLANK)]
        lines.append("  " + " & ".join(cells) + r" \\")
    return "\n".join([*lines, r"  \bottomrule", r"\end{tabular}", r"\end{document}"]) + "\n"


def worksheet_object(sheet: Worksheet) -> dict[str, Any]:
    """Schema `cnncalc.worksheet/1`; shapes channels first, null where the field takes in everything."""
    return {
        "schema": "cnncalc.worksheet/1",
        "name": sheet.name,
        "seed": sheet.seed,
        "difficulty": sheet.difficulty,
        "layers": [
            {
                "layer": line.name,
                "what": describe(line),
                "figures": {entry.key: plain(entry.value) for entry in line.entries},
                "blank": [entry.key for entry in line.entries if entry.blank],
            }
            for line in sheet.lines
        ],
    }
