"""Opening specs as documents, for commands that look at the text rather than the network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.spec.tree import Document


def open_document(spec: str) -> tuple[Document, str | None]:
    """The document a SPEC argument means, and the preset if it is a preset's name.

    Raises:
        SpecError: if there is no such spec, or with everything that is wrong in it.
    """
    from cnncalc.spec.files import find
    from cnncalc.spec.load import Loader

    if spec == "-":
        return Loader().from_text(sys.stdin.buffer.read((1 << 20) + 1), "<stdin>", Path()), None
    found = find(spec)
    name = spec if found.path == Path(spec) else found.path.name
    return Loader().from_file(found.path, name), found.preset
