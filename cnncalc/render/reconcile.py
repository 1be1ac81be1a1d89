"""What explains a figure, as text and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.render.sheets import Figures, Heading, Note, Part, Sheet, Table

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.analysis.reconcile import Explanation, Reconciliation
    from cnncalc.network import Network

FEW_DIGITS = 3
NOTES = (
    "MACs: multiply-adds of convolutions, fully connected layers and matrix products, biases excluded. "
    "Biases: one addition per output. Normalised unit, activation: one number that passes such a layer.",
    "`cnncalc work SPEC --count NAME` tells how each tool counts, and its mistakes.",
)


def reconcile_sheet(network: Network, results: list[Reconciliation]) -> Sheet:
    """For each figure what explains it, best first, and the best one taken apart."""
    sheet: Sheet = []
    for result in results:
        sheet += _result(network, result)
    return [*sheet, *(Note(text) for text in NOTES)]


def _result(network: Network, result: Reconciliation) -> list[Part]:
    figure = result.figure
    exactly = "exactly" if figure.exact else f"that is {_bound(figure.low)} to {_bound(figure.high)}"
    word = {"work": "MACs", "params": "learned parameters"}[result.kind]
    sheet: list[Part] = [Heading(f"{network.name}: {figure.text}", exactly)]
    if not result.found:
        sheet.append(Figures([("None", "no convention known here gives this figure", "")]))
        lines = [(word, f"{result.reference:,}", _off(result.reference, figure.value))]
        if result.near is not None and result.near.value != result.reference:
            lines.append(
                ("Nearest", f"{result.near.value:,}", f"{_said(result.near)}; {_off(result.near.value, figure.value)}")
            )
        return [*sheet, Figures(lines)]
    rows = [(f"{one.value:,}", one.tool or "", _said(one)) for one in result.found]
    sheet.append(Table((("Value", True), ("Tool", False), ("What is counted", False)), rows, cut=2))
    if result.left:
        sheet.append(Note(f"{result.left} less likely ones are left out; type more digits to tell them apart."))
    elif not figure.exact and figure.digits < FEW_DIGITS:
        sheet.append(Note(f"With {figure.digits} digits some of these are chance; type more to tell them apart."))
    best = result.found[0]
    sheet.append(Heading(f"{best.value:,} taken apart", _said(best)))
    terms = [(name, f"{value:,}", "") for name, value in best.terms]
    return [*sheet, Figures([*terms, ("Sum", f"{best.value:,}", "")])]


def _said(one: Explanation) -> str:
    return f"{one.counted}, {one.note}" if one.note else one.counted


def _bound(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.1f}"


def _off(value: int, wanted: Fraction) -> str:
    if not value:
        return ""
    part = float((wanted - value) / value)
    return (
        f"the figure is {part:+.2%} from it"
        if abs(part) >= 1e-4
        else f"the figure is {float(wanted - value):+,.0f} from it"
    )


COLUMNS = ("figure", "kind", "rank", "value", "tool", "counted", "note")


def reconcile_records(results: list[Reconciliation]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Headers and records for CSV: one per explanation."""
    rows: list[tuple[object, ...]] = []
    for result in results:
        for rank, one in enumerate(result.found, start=1):
            rows.append((result.figure.text, result.kind, rank, one.value, one.tool, one.counted, one.note))
    return COLUMNS, rows


def _explanation_object(one: Explanation) -> dict[str, Any]:
    return {
        "counted": one.counted,
        "note": one.note,
        "tool": one.tool,
        "value": one.value,
        "terms": [{"name": name, "value": value} for name, value in one.terms],
    }


def reconcile_object(network: Network, results: list[Reconciliation]) -> dict[str, Any]:
    """All of it, schema `cnncalc.reconcile/1`."""
    return {
        "schema": "cnncalc.reconcile/1",
        "name": network.name,
        "spec": network.document.source.name,
        "figures": [
            {
                "figure": result.figure.text,
                "kind": result.kind,
                "low": float(result.figure.low),
                "high": float(result.figure.high),
                "reference": result.reference,
                "explanations": [_explanation_object(one) for one in result.found],
                "left_out": result.left,
                "nearest": _explanation_object(result.near) if result.near else None,
            }
            for result in results
        ],
    }
