"""Files that appear whole or not at all, and never take the place of others unasked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from cnncalc.errors import DataError


def write_whole(path: Path, write: Callable[[IO[bytes]], Any], force: bool = False) -> None:
    """A file that appears whole or not at all.

    Raises:
        DataError: if it exists and `force` is not given, or cannot be written.
    """
    check_writable(path, force)
    import tempfile  # only when something is written

    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
            # mkstemp makes private files; a result has the rights any new file would have
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DataError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None


def check_writable(path: Path | None, force: bool = False) -> None:
    """Say before a long run, not after it, that its result cannot be written.

    Raises:
        DataError: if the file exists and `force` is not given, or its folder is missing or closed.
    """
    if path is None:
        return
    if path.exists() and not force:
        raise DataError(f"{path} exists; add --force to overwrite it")
    if path.is_dir():
        raise DataError(f"{path} cannot be written: it is a folder")
    if not path.parent.is_dir():
        raise DataError(f"{path} cannot be written: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise DataError(f"{path} cannot be written: permission denied")
