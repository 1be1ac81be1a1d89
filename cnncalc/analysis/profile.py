"""What a counting profile is: one tool's formulas by kind of layer, and what the tool overlooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CONV = "conv depthwise pointwise"
POOL = "maxpool avgpool adaptive_avgpool adaptive_maxpool global_avgpool global_maxpool"
ADAPTIVE_AVG = "adaptive_avgpool global_avgpool"
ADAPTIVE_MAX = "adaptive_maxpool global_maxpool"
TRACKED = "2 if affine else 1"
ESTIMATE = "5 if affine else 4"
OUTPUT_RULE = "counts a transposed convolution at its output positions: stride² times too much"
MODULES = "sees modules only: functions, operators and matrix products count nothing"
SAME = "convolutions with padding 'same' count nothing"


class Profile(NamedTuple):
    """How one tool counts.

    `rules` are formulas by kind of layer (`upsample/bilinear`: by kind and mode).  `functions` are those
    for layers called as functions (`F.relu`), where they differ; None where the tool sees no difference.
    """

    name: str
    tool: str
    unit: str
    about: str
    mistakes: tuple[str, ...]
    rules: Mapping[str, str]
    functions: Mapping[str, str] | None = None
    exact_type: bool = False
    """Whether subclasses of PyTorch's modules are missed."""
    last_call: bool = False
    """Whether only the last call of a module that is called several times is counted."""
    per_sample: bool = False
    """Whether the batch has no part in the figure."""
    square_side: bool = False
    """Whether the side of a square kernel is taken for its area."""

    def minds(self, called: str) -> bool:
        """Whether it makes a difference to the tool that layers are called so."""
        return {
            "function": self.functions is not None,
            "repeated": self.last_call,
            "subclass": self.exact_type,
            "tuple": self.square_side,
        }.get(called, False)

    def rule(self, kind: str, variant: str, called: str) -> str | None:
        """The formula for a layer, or None if the tool does not count it."""
        if (self.last_call and called == "repeated") or (self.exact_type and called == "subclass"):
            return None
        table = self.functions if called == "function" and self.functions is not None else self.rules
        return table.get(f"{kind}/{variant}", table.get(kind))


def table(rules: dict[str, str]) -> dict[str, str]:
    """Rules by kind; a key may name several kinds."""
    return {kind: formula for kinds, formula in rules.items() for kind in kinds.split()}
