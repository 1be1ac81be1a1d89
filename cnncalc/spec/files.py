"""Finding and reading specs: paths, shipped names, and the presets inside shipped files."""

from __future__ import annotations

import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cnncalc.errors import Diagnostic, SpecError, did_you_mean

SUFFIXES = (".yaml", ".yml")
MAX_BYTES = 1 << 20


class Found(NamedTuple):
    """A spec's file, and the preset its name asked for."""

    path: Path
    preset: str | None = None


@lru_cache(maxsize=1)
def shipped_folder() -> Path:
    """Where the specs that come with the program are: inside the wheel, or beside the package."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_specs"
    return inside if inside.is_dir() else package.parent / "specs"


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, Path]:
    """The shipped specs by the name of their file."""
    return {path.stem: path for path in sorted(shipped_folder().glob("*.yaml"))}


@lru_cache(maxsize=1)
def shipped_names() -> dict[str, Found]:
    """Everything that names a shipped spec: files, families, and the presets in them.

    Only the few lines that hold names are looked at: parsing every file would take longer than the
    command that wants one of them.
    """
    names = {stem: Found(path) for stem, path in shipped_files().items()}
    families: dict[str, list[Path]] = {}
    for path in shipped_files().values():
        text = path.read_text("utf-8")
        found = re.search(r"^family: *(\S+)", text, re.MULTILINE)
        if found:
            families.setdefault(found[1].lower(), []).append(path)
        presets = re.search(r"^presets:.*\n((?:(?: .*)?\n)*)", text, re.MULTILINE)
        for preset in re.findall(r"^  ([\w.-]+):", presets[1] if presets else "", re.MULTILINE):
            names.setdefault(preset, Found(path, preset))
    for family, paths in families.items():
        # `resnet` is the file that is named after it, not the one for another data set
        first = min(paths, key=lambda path: (not path.stem.startswith(family), len(path.stem)))
        names.setdefault(family, Found(first))
    return names


def find(name: str) -> Found:
    """The file a person means: a path if there is one, else a shipped spec, family or preset.

    Raises:
        SpecError: E209 if there is neither.
    """
    path = Path(name)
    try:
        if path.is_file() or (path.exists() and not path.is_dir()):
            return Found(path)
        is_folder = path.is_dir()
    except (OSError, ValueError):
        message = f"'{name[:60]}' cannot be the name of a spec"
        raise SpecError(
            Diagnostic("E209", message, help="name a YAML file, or a spec that `cnncalc list` shows")
        ) from None
    bare = path.stem if path.suffix in SUFFIXES else name
    if path.parent == Path() and bare in shipped_names():
        return shipped_names()[bare]
    if path.parent == Path() and not is_folder:
        names = shipped_names()
        help = _near(path) or did_you_mean(bare.lower(), names) if bare == name else _near(path)
        help = help or "`cnncalc list` shows the specs that come with cnncalc"
        raise SpecError(Diagnostic("E209", f"there is no file '{name}' and no shipped spec of that name", help=help))
    what = "a folder, not a spec" if is_folder else "not there"
    help = "name a file in it" if is_folder else _near(path) or "check the path"
    raise SpecError(Diagnostic("E209", f"'{name}' is {what}", help=help))


def _near(path: Path) -> str | None:
    """Help that names a spec in the same folder with almost the same name."""
    try:
        names = {other.stem: other.name for other in path.parent.iterdir() if other.suffix in SUFFIXES}
    except OSError:
        return None
    near = did_you_mean(path.stem, names)
    return f"did you mean '{names[near.split(chr(39))[1]]}'?" if near else None


def read_bytes(path: Path) -> bytes:
    """The bytes of a spec file.

    Raises:
        SpecError: E209 if it cannot be read or is no regular file, E501 if it is larger than 1 MiB.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            help = "name a YAML file; - reads standard input"
            raise SpecError(Diagnostic("E209", f"'{path}' is not a regular file", help=help))
        if status.st_size > MAX_BYTES:
            size = status.st_size / MAX_BYTES
            raise SpecError(
                Diagnostic(
                    "E501",
                    f"'{path}' has {size:.2f} MiB; the limit is 1 MiB",
                    help="is this the right file? specs take a few kilobytes",
                )
            )
        with path.open("rb") as file:
            # the size of some files (in /proc) is not what stat says
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise SpecError(Diagnostic("E209", f"'{path}' cannot be read: {reason}", help="check its rights")) from None
