"""Reading and writing arrays and pictures: what is odd is said in one line, and no file is left half-written."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from cnncalc.engine.kernels import Array
from cnncalc.errors import DataError
from cnncalc.output import write_whole

FAULTS = (ValueError, EOFError, MemoryError, OverflowError, OSError, NotImplementedError, zipfile.BadZipFile)
PICKLED = "holds pickled Python objects, which can run any program when loaded: it is refused"


def write_arrays(path: Path, arrays: Mapping[str, Array], force: bool = False) -> None:
    """Arrays as `.npz`, or one as `.npy`.

    Raises:
        DataError: if the file cannot be written, or is a `.npy` for several arrays.
    """
    if path.suffix == ".npy":
        if len(arrays) != 1:
            raise DataError(f"{path} can hold one array, and there are {len(arrays)}: write to a .npz file")
        (only,) = arrays.values()
        write_whole(path, lambda file: np.save(file, only, allow_pickle=False), force)
    else:
        write_whole(path, lambda file: _write_archive(file, arrays), force)


def _write_archive(target: IO[bytes], arrays: Mapping[str, Array]) -> None:
    """What `np.savez` writes, with any names."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def read_array(path: Path) -> Array:
    """The array of a `.npy` file, or the only one of a `.npz`.

    Raises:
        DataError: if there is no such file, it is no such file, or it holds pickled objects.
    """
    if path.suffix == ".npz":
        arrays = read_arrays(path)
        if len(arrays) != 1:
            raise DataError(f"{path} holds {len(arrays)} arrays: {', '.join(list(arrays)[:4])}; one is needed")
        return next(iter(arrays.values()))
    _check_exists(path)
    try:
        with path.open("rb") as file:
            _check_header(path, file, path.stat().st_size)
            file.seek(0)
            return np.lib.format.read_array(file, allow_pickle=False)
    except FAULTS as error:
        raise DataError(f"{path} is no whole .npy file: {_first_line(error)}") from None


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a `.npz` file by name.

    Raises:
        DataError: as `read_array`.
    """
    _check_exists(path)
    result = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as file:
                    _check_header(path, file, member.file_size, f" ({name})")
                with archive.open(member) as file:
                    result[name] = np.lib.format.read_array(file, allow_pickle=False)
    except (
        ValueError,
        EOFError,
        MemoryError,
        OverflowError,
        OSError,
        zipfile.BadZipFile,
        NotImplementedError,
    ) as error:
        raise DataError(f"{path} is no whole .npz file: {_first_line(error)}") from None
    if not result:
        raise DataError(f"{path} holds no arrays")
    return result


def _check_header(path: Path, file: IO[bytes], size: int, which: str = "") -> None:
    """Refuse pickles, and headers that promise more than the file holds, before any memory is taken."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise DataError(f"{path}{which} {PICKLED}")
    count = 1
    for side in shape:
        count *= side
    if count * dtype.itemsize > size:
        raise ValueError("it is truncated")


def _check_exists(path: Path) -> None:
    if not path.exists():
        raise DataError(f"there is no file {path}")
    if path.is_dir():
        raise DataError(f"{path} is a folder")


def _first_line(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return text.splitlines()[0].rstrip(".").lower()
