"""What a case and the spec that says it must have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

import cnncalc
from tests.reference.spoken import Case, Shape, Spec

Numbers = tuple[Shape, int, int, int]
"""Output shape, trainable parameters, buffers, MACs."""


def measured(text: str, batch: int) -> Numbers:
    """The numbers of a spec, MACs for a whole batch."""
    result = cnncalc.loads(text).summary(batch=batch).to_dict()
    totals = result["totals"]
    (output,) = result["outputs"].values()
    return tuple(output), totals["trainable"], totals["buffers"], totals["macs"]


def refusal(text: str) -> str | None:
    """The code a spec is refused with, or None; the diagnostic must point at a head or into a value."""
    try:
        cnncalc.loads(text)
    except cnncalc.SpecError as error:
        first = error.diagnostics[0]
        assert first.span is not None
        line = text.splitlines()[first.span.line - 1]
        assert first.span.line > 2, f"points above the steps:\n{error}"
        marked = line[first.span.column - 1 : first.span.end_column - 1]
        assert marked and _is_step_part(line, first.span.column - 1, marked), f"points at {marked!r}:\n{error}"
        return first.code
    return None


def _is_step_part(line: str, start: int, marked: str) -> bool:
    """Whether the marked text is the head of the step or lies in the value of one parameter."""
    head = re.match(r"  - (\w+)", line)
    assert head
    if (start, marked) == (head.start(1), head[1]):
        return True
    ends = [(match.end(), _value_end(line, match.end())) for match in re.finditer(r"\w+: ", line)]
    return any(first <= start and start + len(marked) <= last and line[first] != "{" for first, last in ends)


def _value_end(line: str, start: int) -> int:
    depth = 0
    for position in range(start, len(line)):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(line[position], 0)
        if depth < 0 or (depth == 0 and line[position] == ","):
            return position
    return len(line)


def coverage(
    cases: Iterable[Case], to_spec: Callable[[Case], Spec | str], valid: Callable[[Case], bool]
) -> Counter[str]:
    """How many cases are compared, and how many are not, by reason."""
    counts: Counter[str] = Counter()
    for case in cases:
        said = to_spec(case)
        kind = "valid" if valid(case) else "refused"
        counts[f"{kind}: {said if isinstance(said, str) else 'compared'}"] += 1
    return counts
