"""Exit codes: a contract with scripts."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """How a command ended."""

    OK = 0
    DIFFERENCE = 1
    """A check or a comparison found a difference."""
    USAGE = 2
    SPEC = 3
    """The spec is wrong."""
    LIMIT = 4
    """A limit was reached, or an optional component is missing."""
    INTERRUPTED = 130
