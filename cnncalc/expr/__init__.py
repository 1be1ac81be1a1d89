"""The small expression language of specs and formulas: parsed by a Pratt parser, never by `eval`.

`parse(text)` gives an `Expression`; `Expression.evaluate(scope)` gives an int, float, bool, word or
list, or raises `ExprError` with the offset of the offending token.
"""

from cnncalc.expr.evaluate import EMPTY_SCOPE, Expression, parse
from cnncalc.expr.functions import FUNCTIONS, Value
from cnncalc.expr.parser import ExprError
from cnncalc.expr.scope import Fuel, Scope

__all__ = ["EMPTY_SCOPE", "FUNCTIONS", "ExprError", "Expression", "Fuel", "Scope", "Value", "parse"]
