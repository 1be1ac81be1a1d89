"""What is said of layers that get the wrong kind of tensor or word."""

from __future__ import annotations

from cnncalc.errors import SpecError
from cnncalc.graph import Node
from cnncalc.layers.base import Layer, Param
from cnncalc.layers.slots import SlotError
from cnncalc.spec.values import Value


def wrong_rank(cls: type[Layer], x: tuple[int, ...]) -> str:
    """The message for a layer on a tensor with too few or too many axes."""
    here = "a flat vector" if len(x) == 1 else f"{len(x) - 1} spatial ax{'is' if len(x) == 2 else 'es'}"
    sizes = "x".join(map(str, x))
    wanted = " or ".join(map(str, cls.ranks)) if len(cls.ranks) < 3 else f"{cls.ranks[0]} to {cls.ranks[-1]}"
    return f"{cls.kind} needs {wanted} spatial axes, but the tensor here is {sizes}: {here}"


def rank_help(cls: type[Layer], rank: int, source: Node) -> str:
    """Help for the same: what was meant depends on where the tensor comes from."""
    if rank not in cls.ranks and rank > max(cls.ranks):
        return "`reshape` or `flatten` it before"
    if source.measure is None:
        return "give the input its sides: channels x height x width, e.g. 3x32x32"
    return "put it before flatten, or use fc" if cls.group == "convolution" else "put it before flatten"


def unknown_word(error: SpecError, param: Param, value: Value) -> SpecError:
    """`error`; or where the parameter takes a few words and this is another, what those are."""
    guessed = (error.diagnostics[0].help or "").startswith("did you mean")
    if error.diagnostics[0].code != "E203" or not param.slot.words or not value.text.isidentifier():
        return error
    try:
        param.slot.convert(value.text, param.name, param.minimum, 0)
    except SlotError as refused:
        if not guessed or (refused.help or "").startswith("did you mean"):
            return value.node.error(refused.code, refused.message, refused.help)
    return error
