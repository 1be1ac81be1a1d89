"""Answers of `cnncalc solve`: tables and formulas for a terminal, and objects for JSON (`cnncalc.solve/1`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render.notation import Ascii, Notation

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.solving.equation import Solution
    from cnncalc.analysis.solving.sizes import Closed, Even

MOST = 60
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def _notation(target: Console) -> Notation:
    from cnncalc.render.console import is_plain

    return Ascii() if is_plain(target) else Notation()


def print_solutions(
    known: Mapping[str, int], unknown: Sequence[str], solutions: Sequence[Solution], target: Console
) -> None:
    """A line per answer, with the arithmetic that proves it."""
    from cnncalc.analysis.worked.sizes import textbook
    from cnncalc.render.console import table_for

    if not solutions:
        target.print("Nothing fits: no such " + " and ".join(unknown) + " gives that size.")
        return
    table = table_for(target, [(name, True) for name in unknown] + [("left over", True), ("proof", False)])
    notation = _notation(target)
    for solution in solutions[:MOST]:
        _, *proof = notation.chain(textbook(solution.check))
        rest = str(solution.rest) if solution.rest else "-"
        table.add_row(*(f"{solution.values[name]:,}" for name in unknown), rest, " = ".join(proof[-2:]))
    target.print(table)
    if len(solutions) > MOST:
        target.print(f"({len(solutions) - MOST:,} more: --format json has all)")
    if any(solution.rest for solution in solutions):
        target.print("\nleft over: what the division leaves; a strict course allows only -", soft_wrap=True)


def solutions_object(known: Mapping[str, int], unknown: Sequence[str], solutions: Sequence[Solution]) -> dict[str, Any]:
    """All answers."""
    return {
        "schema": "cnncalc.solve/1",
        "known": dict(known),
        "unknown": list(unknown),
        "solutions": [{**solution.values, "left_over": solution.rest} for solution in solutions],
    }


def print_keeping(known: Mapping[str, int], padding: tuple[int, int], target: Console) -> None:
    """Which padding keeps the size."""
    before, after = padding
    f, d = known["kernel"], known.get("dilation", 1)
    rule = "(f - 1) / 2" if d == 1 else "d*(f - 1) / 2"
    numbers = f"({f} - 1) / 2" if d == 1 else f"{d}*({f} - 1) / 2"
    if before == after:
        target.print(f"padding = {rule} = {numbers} = {before} on each side keeps every size at stride 1.")
    else:
        target.print(f"No equal padding keeps the size: {rule} = {numbers} is not whole, since the kernel is even.")
        target.print(f"{before} before and {after} after does: padding: [[{before}, {after}], …], or padding: same")


def keeping_object(known: Mapping[str, int], padding: tuple[int, int]) -> dict[str, Any]:
    """Which padding keeps the size."""
    return {"schema": "cnncalc.solve/1", "known": dict(known), "padding": list(padding)}


def print_closed(title: str, name: str, forms: Sequence[Closed], wanted: Mapping[str, int], target: Console) -> None:
    """The formula for each axis; axes with the same one together."""
    notation = _notation(target)
    target.print(f"{title}: the side of {name} for an input side n", style="bold")
    for names, one in _grouped(forms):
        if one.form is None:
            target.print(f"  {names}: no single formula: {one.stop} does not follow the input, or by no fixed ratio")
            continue
        target.print(f"  {names}: n -> {notation.formula(one.form.text)}, for n of at least {one.least:,}")
        for condition in one.conditions:
            first, second = notation.formula(condition.first), notation.formula(condition.second)
            target.print(f"    only where {first} = {second}, or {condition.layer} does not fit", soft_wrap=True)
        if "in" in wanted:
            n = wanted["in"]
            value = f"{one.form.value(n):,}" if n >= one.least else f"nothing: n must be at least {one.least:,}"
            target.print(f"    n = {n:,} gives {value}")
        if "out" in wanted:
            target.print(f"    {_inverse(one, wanted['out'])}")


def _inverse(one: Closed, m: int) -> str:
    span = one.form.inputs(m) if one.form is not None else None
    if span is None or span[1] < one.least:
        return f"no n gives {m:,}"
    first, last = max(span[0], one.least), span[1]
    return f"n = {first:,} gives {m:,}" if first == last else f"n = {first:,} to {last:,} give {m:,}"


def _grouped(forms: Sequence[Any]) -> list[tuple[str, Any]]:
    names = AXES[len(forms)]
    found: dict[Any, list[str]] = {}
    for one in forms:
        found.setdefault(one._replace(axis=0), []).append(names[one.axis - 1])
    return [(" and ".join(along), one) for one, along in found.items()]


def closed_object(name: str, forms: Sequence[Closed], wanted: Mapping[str, int]) -> dict[str, Any]:
    """The formula for each axis: out = times * floor((n + plus) / over) + then."""
    names = AXES[len(forms)]
    return {
        "schema": "cnncalc.solve/1",
        "layer": name,
        "axes": {names[one.axis - 1]: _closed_object(one, wanted) for one in forms},
    }


def _closed_object(one: Closed, wanted: Mapping[str, int]) -> dict[str, Any]:
    form = one.form
    if form is None:
        return {"formula": None, "stop": one.stop}
    result: dict[str, Any] = {"formula": form.text, **form._asdict(), "least": one.least}
    result["conditions"] = [condition._asdict() for condition in one.conditions]
    if "in" in wanted:
        result["out"] = form.value(wanted["in"])
    if "out" in wanted:
        span = form.inputs(wanted["out"])
        result["in"] = [max(span[0], one.least), span[1]] if span and span[1] >= one.least else None
    return result


def print_even(title: str, sizes: Sequence[Even], target: Console) -> None:
    """The sizes, and the rule behind them."""
    target.print(f"{title}: input sides for which every division comes out even", style="bold")
    for names, one in _grouped(sizes):
        if not one.sizes:
            target.print(f"  {names}: there is none; some layer always leaves something over")
            continue
        rules = " or ".join(f"{one.period:,}*k" + (f" + {r:,}" if r else "") for r in one.residues[:6])
        more = ", …" if len(one.residues) > 6 else ""
        target.print(f"  {names}: {rules}{more}", soft_wrap=True)
        target.print(f"    {', '.join(f'{n:,}' for n in one.sizes)}, …", soft_wrap=True)
        target.print(f"    {one.now:,}, as it is now, {'is one of them' if one.fits else 'is not'}")


def even_object(sizes: Sequence[Even]) -> dict[str, Any]:
    """The sizes for each axis."""
    names = AXES[len(sizes)]
    return {
        "schema": "cnncalc.solve/1",
        "axes": {
            names[one.axis - 1]: {
                "period": one.period,
                "residues": list(one.residues),
                "sizes": list(one.sizes),
                "now": one.now,
                "fits": one.fits,
            }
            for one in sizes
        },
    }
