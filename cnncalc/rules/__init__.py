"""What each code means: one page per code, `CODE.md`, with the same four headings.

`Example` is a spec that gives the code, `Instead` one that runs; a test tries both.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

HEADINGS = ("What", "Why", "Example", "Instead")
_FOLDER = Path(__file__).parent
_CODE = re.compile(r"(?:(?:ERROR|WARNING)?\[)?([A-Z]\d{3})\]?:?")
_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


class Rule(NamedTuple):
    """One page: its Markdown, and the parts of it."""

    code: str
    title: str
    text: str
    sections: dict[str, str]

    def spec(self, heading: str) -> str:
        """The YAML under a heading."""
        found = _BLOCK.search(self.sections[heading])
        return found[1] if found else ""


def codes() -> list[str]:
    """All codes that have a page."""
    return sorted(path.stem for path in _FOLDER.glob("*.md"))


def find(name: str) -> Rule | None:
    """The page of a code, written `E201`, `e201` or `error[E201]`."""
    code = _CODE.fullmatch(name.strip().upper())
    if code is None or not (path := _FOLDER / f"{code[1]}.md").is_file():
        return None
    return _read(path)


def rules() -> list[Rule]:
    """All pages, by code."""
    return [_read(_FOLDER / f"{code}.md") for code in codes()]


def _read(path: Path) -> Rule:
    text = path.read_text("utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    title = head.strip().removeprefix(f"# {path.stem}: ")
    sections = {heading: body.strip() for heading, _, body in (part.partition("\n") for part in parts)}
    return Rule(path.stem, title, text, sections)
