"""What to say about a name or a function that means nothing."""

from __future__ import annotations

from cnncalc.errors import did_you_mean
from cnncalc.expr.functions import FUNCTIONS
from cnncalc.expr.parser import ExprError
from cnncalc.expr.scope import Scope

ALIASES = {
    "int": "floor",
    "trunc": "floor",
    "ceiling": "ceil",
    "log": "log2",
    "pow": "**",
    "make_divisible": "divisible",
    "maximum": "max",
    "minimum": "min",
    "length": "len",
}
"""What other languages call the functions."""


def unknown_name(name: str, offset: int, scope: Scope) -> ExprError:
    """E203 for a name that is neither a variable nor a word."""
    if name in ("yes", "on", "no", "off"):
        help: str | None = "write " + ("true" if name in ("yes", "on") else "false")
    elif name in ("None", "none", "null", "nil"):
        help = "there is no such value: leave it out"
    elif name in FUNCTIONS:
        help = f"'{name}' is a function: write {name}(…)"
    else:
        # what this spec defines comes before words of the language
        words = sorted(scope.words) if isinstance(scope.words, (set, frozenset)) else []
        help = did_you_mean(name, [*scope.vars, *FUNCTIONS]) or did_you_mean(name.lower(), words)
    if not help and scope.vars:
        names = list(scope.vars)
        help = "known here: " + ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    help = help or "define it under 'vars:', or make it an argument of the block"
    return ExprError("E203", f"nothing is called '{name}' here", offset, len(name), help)


def unknown_function(name: str, offset: int) -> ExprError:
    """E203 for a call of something that is no function."""
    help = f"write {ALIASES[name]}" if name in ALIASES else did_you_mean(name, FUNCTIONS)
    help = help or "functions: " + ", ".join(FUNCTIONS)
    return ExprError("E203", f"there is no function '{name}'", offset, len(name), help)
