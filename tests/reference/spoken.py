"""What a translator makes of a case: a spec with what it must give, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Case = dict[str, Any]
Shape = tuple[int, ...]

DATA = Path(__file__).parent.parent / "data"


def cases(name: str) -> list[Case]:
    """The cases of a file of `tests/data`, one JSON object per line."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


class Spec(NamedTuple):
    """A case as a spec: its text, the batch it leaves out, and the output it must have (None if unknown)."""

    text: str
    batch: int
    output: Shape | None


class UnsayableError(Exception):
    """A case the language has no words for; the message is the reason, one of a few."""


WRONG_RANK = "an input with another number of axes than the layer's name says"
EMPTY = "tensors with a side of 0"
CONTRADICTION = "in-channels that contradict the input: the language never writes them"
FRAMEWORK = "a rule of the framework, not of the geometry"
STATISTICS = "statistics of a single value"
BATCH = "work on the batch axis"
NO_WORD = "an operation or option the language does not have"


def check_sides(case: Case) -> None:
    """Refuse empty tensors, which the language does not have."""
    for shapes in (case["input"], case.get("output") or []):
        for shape in shapes if shapes and isinstance(shapes[0], list) else [shapes]:
            if 0 in shape:
                raise UnsayableError(EMPTY)


def step(kind: str, **params: Any) -> str:
    """One step in flow style; parameters that are None are left out."""
    given = {name: value for name, value in params.items() if value is not None}
    return f"{kind}: {_value(given)}" if given else kind


def spec(inputs: Sequence[int] | Mapping[str, Sequence[int]], *steps: str) -> str:
    """A whole spec in the order of axes the language computes in.

    `layout` is written because a shape like 5x1x3 would otherwise be asked about.
    """
    lines = ["layout: channels_first", f"input: {_value(inputs)}", "layers:", *(f"  - {text}" for text in steps)]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_value(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def single(value: Any) -> Any:
    """A list of one number as that number: frameworks let it stand for all axes."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def numbers(value: Any, rank: int) -> list[int]:
    """A number for all axes, or one per axis, as a list."""
    value = single(value)
    return value if isinstance(value, list) else [value] * rank
