"""Marks: every cell of an answers file held against the network, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

from cnncalc.analysis.grading import given as reading
from cnncalc.analysis.grading.cases import Case, case, remeasured, right_rule
from cnncalc.analysis.grading.diagnose import Diagnosis, agrees, diagnose, slip
from cnncalc.analysis.grading.headings import BY_KEY, NAMES, Heading, heading
from cnncalc.analysis.grading.marks import BLANK as BLANK
from cnncalc.analysis.grading.marks import RIGHT as RIGHT
from cnncalc.analysis.grading.marks import UNREADABLE as UNREADABLE
from cnncalc.analysis.grading.marks import WRONG as WRONG
from cnncalc.analysis.grading.marks import Mark as Mark
from cnncalc.analysis.grading.marks import Marks as Marks
from cnncalc.analysis.grading.matching import COUNTED, Target, kind_tag, known_names, match
from cnncalc.analysis.grading.shapes import diagnose_shape, read_as, same_shape
from cnncalc.analysis.grading.sheets import Cell, Sheet, read_sheet
from cnncalc.analysis.receptive_field import Trace, trace_fields
from cnncalc.analysis.summary import Summary
from cnncalc.errors import Diagnostic, did_you_mean
from cnncalc.layers.base import Shape


def grade(data: bytes, name: str, summary: Summary, *, rounded: bool = False) -> Marks:
    """Mark an answers file; with `rounded`, figures that are rightly rounded count as right.

    Raises:
        SpecError: if the file cannot be read as answers at all.
    """
    return Grader(summary, rounded).grade(read_sheet(data, name, NAMES))


class Grader:
    """Marks the answers of any number of students about one network."""

    def __init__(self, summary: Summary, rounded: bool = False) -> None:
        self.summary = summary
        self.rounded = rounded
        self._traces: list[Trace] = trace_fields(summary.network.graph)[0]

    def grade(self, sheet: Sheet) -> Marks:
        """The marks of one sheet."""
        matched = match(sheet.records, self.summary)
        marks: list[Mark] = []
        diagnostics: list[Diagnostic] = []
        unknown: set[str] = set()
        own: Shape | None = None
        for record, target in zip(sheet.records, matched.targets, strict=True):
            if target is None:
                diagnostics.append(self._no_layer(sheet, record.name))
            answers: list[tuple[Heading, Cell]] = []
            for title, cell in record.answers:
                column = heading(title.text) if title.text else None
                if column is None:
                    if title.text not in unknown:
                        diagnostics.append(_no_column(sheet, title, cell))
                    unknown.add(title.text)
                elif column.kind not in ("name", "note"):
                    answers.append((column, cell))
            if target is None:
                answered = [pair for pair in answers if pair[1].text not in ("", "-")]
                marks += [Mark(record.name.text, column.key, cell, UNREADABLE, None) for column, cell in answered]
            else:
                own = self._record(sheet, target, answers, own, marks, diagnostics)
        return Marks(
            sheet.source.name,
            self.summary.network.document.layout,
            tuple(marks),
            tuple(diagnostics),
            self._missing([target for target in matched.targets if target is not None]),
            matched.by_order,
        )

    def _record(
        self,
        sheet: Sheet,
        target: Target,
        answers: Sequence[tuple[Heading, Cell]],
        previous: Shape | None,
        marks: list[Mark],
        diagnostics: list[Diagnostic],
    ) -> Shape | None:
        """Marks a row; gives the output shape the student has for it, for the rows after."""
        own: Shape | None = None
        for column, cell in answers:
            if column.key == "output" and cell.text:
                try:
                    own = read_as(reading.shape(cell.text), target.node.shape)
                except reading.UnreadableError:
                    own = None
        cases = self._cases(target, previous, own)
        for column, cell in answers:
            right = self.figure(column.key, target)
            if cell.text.strip("_") in ("", "-", "–", "—", "?"):
                if target.total and not cell.text:
                    continue
                nothing = column.kind == "number" and not right and cell.text.strip("_?")
                # a dash where there is nothing to count is an answer
                marks.append(Mark(target.name, column.key, cell, RIGHT if nothing else BLANK, right))
                continue
            try:
                marks.append(self._mark(column, cell, target, right, cases, own, previous))
            except reading.UnreadableError as error:
                help = f"write {'28x28x6' if column.kind == 'shape' else 'a number'}"
                diagnostics.append(cell.diagnostic(sheet.source, "A104", f"{column.key}: {error}", help))
                marks.append(Mark(target.name, column.key, cell, UNREADABLE, right))
        return own

    def _mark(
        self,
        column: Heading,
        cell: Cell,
        target: Target,
        right: Any,
        cases: list[Case],
        own: Shape | None,
        previous: Shape | None,
    ) -> Mark:
        rule = right_rule(column.key, cases[0]) if cases else None
        if column.kind == "shape":
            written = reading.shape(cell.text)
            if same_shape(written, right):
                return Mark(target.name, column.key, cell, RIGHT, right)
            # what follows from the student's own sides is judged by them, but not by the very cell in question
            found = diagnose_shape(written, right, [one for one in cases if "in this row" not in one.own])
            return Mark(target.name, column.key, cell, WRONG, right, found, rule)
        if right is None:
            return self._sided(column, cell, target)
        number = reading.number(cell.text)
        if Fraction(right) == number.value or ((self.rounded or column.key == "share") and _close(right, number)):
            return Mark(target.name, column.key, cell, RIGHT, right)
        if target.total:
            return Mark(target.name, column.key, cell, WRONG, right, self._total(column, number, right))
        if column.key == "size" and own is not None and own != target.node.shape and agrees(prod(own), number):
            found = Diagnosis("carried", "right for the output given in this row")
        else:
            found = diagnose(column.key, number, right, cases) if cases else slip(number, right)
        return Mark(target.name, column.key, cell, WRONG, right, found, rule)

    def answer(self, key: str, target: Target) -> Any:
        """The right answer: a figure, or the sides of a field that is not square; None sees everything."""
        right = self.figure(key, target)
        if right is None and target.rows:
            field = target.rows[-1].field
            return field.size if key == "field" else field.jump
        return right

    def _sided(self, column: Heading, cell: Cell, target: Target) -> Mark:
        """A field that takes in everything is answered in words, or by the side of the image; else by its sides."""
        sides = self.answer(column.key, target)
        if sides is not None:
            good = reading.shape(cell.text) == tuple(sides)
            return Mark(target.name, column.key, cell, RIGHT if good else WRONG, tuple(sides))
        image = {side for i in self.summary.network.graph.inputs.values() for side in self._side(i)}
        word = cell.text.strip().lower()
        good = word in ("all", "everything", "unbounded", "full", "inf", "∞", "whole image", "global", "全图")
        if not good:
            good = reading.number(cell.text).value in image
        return Mark(target.name, column.key, cell, RIGHT if good else WRONG, None)

    def _side(self, index: int) -> Shape:
        return self.summary.network.graph.nodes[index].shape[1:]

    def _total(self, column: Heading, number: reading.Number, right: Any) -> Diagnosis | None:
        return slip(number, right) or Diagnosis(
            "total", f"the layers add up to {right:,}" if isinstance(right, int) else "the layers add up to more"
        )

    # -- what is right ----------------------------------------------------------------------------

    def figure(self, key: str, target: Target) -> Any:
        """The right figure; None where there is no number, as for a field that sees everything."""
        node, rows = target.node, target.rows
        weights = [row.node for row in rows]
        match key:
            case "output":
                return node.shape
            case "size":
                return sum(prod(row.node.shape) for row in rows) if target.total else prod(node.shape)
            case "params":
                return sum(one.trainable for one in weights)
            case "buffers":
                return sum(one.buffers for one in weights)
            case "biases":
                return sum(_biases(one) for one in weights)
            case "weights":
                return sum(one.trainable - _biases(one) for one in weights)
            case "macs" | "flops":
                return sum(row.macs for row in rows) * (2 if key == "flops" else 1)
            case "share":
                return Fraction(100 * sum(row.macs for row in rows), max(1, self.summary.totals.macs))
        return self._field(key, target)

    def _field(self, key: str, target: Target) -> Any:
        """The field or jump: a number where all axes agree."""
        if not target.rows:
            return 1
        field = target.rows[-1].field
        sides = field.size if key == "field" else field.jump
        return sides[0] if sides and len(set(sides)) == 1 else None

    # -- cases ------------------------------------------------------------------------------------

    def _cases(self, target: Target, previous: Shape | None, own: Shape | None) -> list[Case]:
        """The layer itself; as it follows from the shape given for the row before; with the channels given."""
        if len(target.rows) != 1 or target.node.measure is None:
            return []
        node, measure = target.node, target.node.measure
        before = self._traces[node.inputs[0]]
        cases = [case(measure, before)]
        x = previous if previous and len(previous) == len(measure.xs[0]) and previous != measure.xs[0] else None
        if previous and len(measure.xs[0]) == 1 and measure.xs[0] != (prod(previous),):
            x = (prod(previous),)
        filters = own[0] if own and own[0] != measure.shape[0] else None
        for one_x, one_filters in ((x, None), (None, filters), (x, filters)):
            changed = [bool(one_x), bool(one_filters)]
            if not any(changed) or (all((x, filters)) is False and all(changed)):
                continue
            remade = remeasured(measure, one_x, one_filters)
            if remade is not None:
                parts = [f"{self._written(one_x)} of the row before"] if one_x else []
                parts += [f"{one_filters} channels given in this row"] if one_filters else []
                cases.append(case(remade, before, f" (from the {' and the '.join(parts)})"))
        return cases

    def _written(self, shape: Shape) -> str:
        last = self.summary.network.document.layout == "channels_last"
        return "x".join(map(str, (*shape[1:], shape[0]) if last else shape))

    def _missing(self, targets: Sequence[Target]) -> tuple[str, ...]:
        answered = {row.node.index for target in targets if not target.total for row in target.rows}
        return tuple(
            row.node.name
            for row in self.summary.rows
            if row.node.index not in answered and kind_tag(row.node) in COUNTED and kind_tag(row.node) != "pool"
        )

    def _no_layer(self, sheet: Sheet, name: Cell) -> Diagnostic:
        if not name.text:
            return name.diagnostic(sheet.source, "A103", "this row does not name its layer", "write conv1, 28x28x6, …")
        names = known_names(self.summary)
        shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        help = did_you_mean(name.text.lower(), names) or f"the layers are {shown}"
        return name.diagnostic(sheet.source, "A103", f"the network has no layer '{name.text}' here", help)


def _close(right: Any, number: reading.Number) -> bool:
    return abs(Fraction(right) - number.value) <= number.step / 2 and number.step != 1


def _biases(node: Any) -> int:
    measure = node.measure
    own = measure is not None and node.shared_with is None and measure.layer.weighted
    return prod(measure.weights.get("bias", (0,))) if own else 0


def _no_column(sheet: Sheet, title: Cell, cell: Cell) -> Diagnostic:
    if not title.text:
        help = "write numbers without commas, or in quotes"
        return cell.diagnostic(sheet.source, "A102", f"'{cell.text}' stands beyond the last column", help)
    help = did_you_mean(title.text.lower(), BY_KEY) or f"columns are {', '.join(BY_KEY)}"
    return title.diagnostic(sheet.source, "A102", f"there is no column '{title.text}'", help)
