"""Catalogues of translations: `python -m tests.learn.catalogue` compiles what gettext reads."""

from __future__ import annotations

from datetime import UTC, datetime
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cnncalc.render.language import LOCALE

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Compiling twice gives the same file."""
SOURCES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compiled(path: Path) -> bytes:
    """The compiled form of a .po file."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def entries(compiled: bytes) -> dict[str, str]:
    """Sentences and their translations, without the header, which names the version of the compiler."""
    translations = GNUTranslations(BytesIO(compiled))
    return {key: text for key, text in vars(translations)["_catalog"].items() if key}


if __name__ == "__main__":
    for source in SOURCES:
        source.with_suffix(".mo").write_bytes(compiled(source))
