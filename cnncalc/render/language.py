"""Sentences in the reader's language, from the catalogues in `locale/` (gettext)."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures

if TYPE_CHECKING:
    from cnncalc.analysis.worked.lesson import Say

LOCALE = Path(__file__).parent / "locale"
CATALOGUES = {"en": "en", "zh": "zh_CN"}
"""The languages there are, and the names of their catalogues; English needs none."""
MOST = 6


class Language:
    """Says sentences.  Shapes are written in `layout`."""

    def __init__(self, code: str, layout: str = "channels_first") -> None:
        self.code = code
        self.layout = layout
        self.catalogue = gettext.translation("cnncalc", LOCALE, [CATALOGUES[code]], fallback=code == "en")

    def say(self, sentence: Say) -> str:
        """A sentence with its gaps filled."""
        text = self.word(sentence.text)
        return text.format(**{name: self.value(value) for name, value in sentence.values.items()})

    def word(self, text: str) -> str:
        """A sentence without gaps, or a single word."""
        return self.catalogue.gettext(text) if text else ""

    def value(self, value: Any) -> str:
        """What stands in a gap."""
        if isinstance(value, int):
            return f"{value:,}"
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            if value and isinstance(value[0], tuple):
                return self._stretches(value)
            return figures.shape(value, self.layout)
        return self.say(value) if hasattr(value, "text") else str(value)

    def _stretches(self, stretches: tuple[tuple[int, int], ...]) -> str:
        texts = [str(first) if first == last else f"{first}-{last}" for first, last in stretches[:MOST]]
        return ", ".join(texts) + (", …" if len(stretches) > MOST else "")
