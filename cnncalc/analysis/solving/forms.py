"""How one side of a network's maps follows from the input side, as one formula.

A layer takes a side m to floor((k·m + A)/s).  Nested floors collapse: floor((floor((n + a)/b) + A)/s) is
floor((n + a + A·b)/(b·s)) for whole numbers.
Reference: Graham, Knuth & Patashnik, Concrete Mathematics (2nd ed.), §3.2, equation 3.11.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cnncalc.graph import Measure
from cnncalc.layers.base import ShapeError


class Rule(NamedTuple):
    """m -> floor((times·m + plus)/over), or always `fixed`; `even`: a division a strict course wants to come out."""

    times: int = 1
    plus: int = 0
    over: int = 1
    fixed: int | None = None
    even: bool = False

    def value(self, m: int) -> int:
        """The side after the layer."""
        return self.fixed if self.fixed is not None else (self.times * m + self.plus) // self.over

    def rest(self, m: int) -> int:
        """What the division leaves over."""
        return (self.times * m + self.plus) % self.over if self.even else 0


SAME = Rule()


class Form(NamedTuple):
    """n -> times·floor((n + plus)/over) + then; constant where times is 0."""

    times: int = 1
    plus: int = 0
    over: int = 1
    then: int = 0

    def value(self, n: int) -> int:
        """The side for input side n."""
        return self.times * ((n + self.plus) // self.over) + self.then

    @property
    def text(self) -> str:
        """The formula in the expression language."""
        if not self.times:
            return str(self.then)
        inner = "n" if not self.plus else f"n {'+' if self.plus > 0 else '-'} {abs(self.plus)}"
        if self.over > 1:
            inner = f"floor(({inner}) / {self.over})" if self.plus else f"floor(n / {self.over})"
        if self.times > 1:
            inner = f"{self.times} * ({inner})" if self.over == 1 and self.plus else f"{self.times} * {inner}"
        return inner if not self.then else f"{inner} {'+' if self.then > 0 else '-'} {abs(self.then)}"

    def inputs(self, m: int) -> tuple[int, int] | None:
        """The first and last n that give m; None if no n does."""
        if not self.times or (m - self.then) % self.times:
            return None
        quotient = (m - self.then) // self.times
        first = quotient * self.over - self.plus
        return (max(1, first), first + self.over - 1) if first + self.over > 1 else None

    def least(self, m: int = 1) -> int:
        """The smallest n whose side is at least m."""
        if not self.times:
            return 1
        quotient = -((self.then - m) // self.times)
        return max(1, quotient * self.over - self.plus)


def after(form: Form, rule: Rule) -> Form | None:
    """The form after one more layer; None where it cannot be written as one."""
    if rule.fixed is not None:
        return Form(0, 0, 1, rule.fixed)
    times, then, s = form.times * rule.times, form.then * rule.times + rule.plus, rule.over
    if not times:
        return Form(0, 0, 1, then // s)
    if times % s == 0:
        return normal(Form(times // s, form.plus, form.over, then // s))
    if s % times == 0:
        # floor((c·F + t)/s) = floor((F + floor(t/c))/(s/c)), and F is a floor of whole numbers itself
        return Form(1, form.plus + (then // times) * form.over, form.over * (s // times), 0)
    return None


def normal(form: Form) -> Form:
    """The same form with its offsets in one place."""
    if form.times == 1:
        return Form(1, form.plus + form.then * form.over, form.over, 0)
    if form.over == 1:
        return Form(form.times, 0, 1, form.then + form.times * form.plus)
    return form


def rule_of(measure: Measure, axis: int) -> Rule | None:
    """What a layer does to the side of `axis` (1, 2, …); None if it cannot be told."""
    layer, x = measure.layer, measure.xs[0]
    if layer.origins(x, measure.shape) is not None or len(x) != len(measure.shape):
        return None
    windows = layer.windows(x)
    if not windows:
        return _probed(measure, axis)
    w, padding = windows[axis - 1], layer.values.get("padding")
    span, s = w.effective_kernel, w.stride
    if "output_padding" in layer.values:
        return Rule(times=s, plus=span - s - sum(w.padding) + layer.values["output_padding"][axis - 1])
    if padding == "same":
        return Rule(plus=s - 1, over=s)
    room = sum(w.padding) - span
    if layer.values.get("rounding") == "ceil":
        return Rule(plus=min(room + 2 * s - 1, w.padding[0] + s - 1), over=s)
    return Rule(plus=room + s, over=s, even=True)


def _probed(measure: Measure, axis: int) -> Rule | None:
    """The rule of a layer without windows, from a few sizes."""
    n = measure.xs[0][axis]
    sides = {side: _side(measure, axis, side) for side in (n, 2 * n, 3 * n, 4 * n, 12 * n, n + 1, 2 * n + 1)}
    known = {side: m for side, m in sides.items() if m is not None}
    if measure.layer.inputs != (1, 1):
        return SAME
    if len(set(known.values())) == 1:
        return SAME if len(known) == 1 else Rule(fixed=known[n])
    ratio = Fraction(known[n], n)
    rules = (Rule(plus=known[n] - n), Rule(ratio.numerator, 0, ratio.denominator, even=len(known) < len(sides)))
    return next((rule for rule in rules if all(rule.value(side) == m for side, m in known.items())), None)


def _side(measure: Measure, axis: int, side: int) -> int | None:
    xs = tuple((*x[:axis], side, *x[axis + 1 :]) for x in measure.xs)
    try:
        return measure.layer.infer(*xs).shape[axis]
    except (ShapeError, IndexError):
        return None
