"""Specs as text, in colour on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def print_source(text: str, target: Console) -> None:
    """The text of a spec with its syntax highlighted, in the terminal's own colours."""
    from rich.syntax import Syntax

    target.print(Syntax(text.rstrip("\n"), "yaml", theme="ansi_dark", background_color="default", word_wrap=True))
