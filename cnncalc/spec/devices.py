"""Device files: what a machine can do at most, for roofline estimates.

name: NVIDIA T4
source: NVIDIA T4 datasheet, 2019
peak: {float32: 8.1e12, float16: 65e12}     # operations per second; a multiply-add is two
bandwidth: 320e9                            # bytes per second
memory: 17179869184                         # bytes; may be left out
"""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.spec.nodes import Map, Node, Scalar
from cnncalc.spec.yaml_nodes import read_yaml

DTYPES = ("float64", "float32", "float16", "bfloat16", "int8")
REQUIRED = ("name", "source", "peak", "bandwidth")
KEYS = (*REQUIRED, "memory")
MEANING = {
    "name": "name: NVIDIA T4",
    "source": "source: the datasheet these figures are from",
    "peak": "peak: {float32: 8.1e12}, operations per second, two per multiply-add",
    "bandwidth": "bandwidth: 320e9, bytes per second",
}
MAX_BYTES = 1 << 16


class Device(NamedTuple):
    """A machine's peaks: operations per second by type of number, and bytes per second to its memory."""

    name: str
    source: str
    peak: dict[str, float]
    bandwidth: float
    memory: int | None


@lru_cache(maxsize=1)
def shipped_devices() -> dict[str, Path]:
    """The devices that come with the program, by name."""
    folder = Path(__file__).resolve().parent.parent / "devices"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_device(device: str | os.PathLike[str]) -> Device:
    """A device from a file, or a shipped one by name.

    Raises:
        SpecError: E601 if there is none, E602 to E604 if its file is wrong, E1xx if it is no YAML.
    """
    text = os.fspath(device)
    shipped = shipped_devices()
    path = shipped.get(text.lower().replace("-", "_"))
    if path is None:
        path = Path(text)
        if path.suffix not in (".yaml", ".yml") and not path.is_file():
            help = did_you_mean(text.lower(), shipped) or f"there are {', '.join(shipped)}; or give a file"
            raise SpecError(Diagnostic("E601", f"there is no device called '{text}'", help=help))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        known = f"shipped devices: {', '.join(shipped)}"
        raise SpecError(Diagnostic("E601", f"{text} cannot be read: {why.lower()}", help=known)) from None
    if len(data) > MAX_BYTES:
        raise SpecError(Diagnostic("E601", f"{text} is too large for a device file", help="it has five keys"))
    return read_device(data, text)


def read_device(text: str | bytes, filename: str) -> Device:
    """A device from the text of its file.

    Raises:
        SpecError: E602 for a missing key, E603 for one that does not exist, E604 for a value that is no
            number above 0.
    """
    try:
        root = read_yaml(text, filename)
    except SpecError as error:
        # what is said of an empty file speaks of specs
        raise SpecError([_said(diagnostic) for diagnostic in error.diagnostics]) from None
    if not isinstance(root, Map):
        raise root.error("E602", "a device file is a mapping", "start with name: and source:")
    _check_keys(root)
    peak = root.get("peak")
    if not isinstance(peak, Map) or not peak.entries:
        node = peak or root.key("peak")
        raise node.error("E604", "peak is a mapping from types of numbers to speeds", MEANING["peak"])
    speeds = {}
    for name, (key, value) in peak.entries.items():
        if name not in DTYPES:
            help = did_you_mean(name, DTYPES) or f"there are {', '.join(DTYPES)}"
            raise key.error("E603", f"'{name}' is no type of numbers", help)
        speeds[name] = _number(value, f"peak.{name}", "operations per second: 8.1e12")
    memory = root.get("memory")
    return Device(
        _text(root, "name"),
        _text(root, "source"),
        speeds,
        _number(root.get("bandwidth") or root, "bandwidth", "bytes per second: 320e9"),
        int(_number(memory, "memory", "bytes: 17179869184")) if memory is not None else None,
    )


def _said(diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic._replace(help=f"write {MEANING['name']}") if diagnostic.code == "E110" else diagnostic


def _check_keys(root: Map) -> None:
    for name, (key, _) in root.entries.items():
        if name not in KEYS:
            help = did_you_mean(name, KEYS) or f"there are {', '.join(KEYS)}"
            raise key.error("E603", f"a device has no key '{name}'", help)
    missing = [name for name in REQUIRED if name not in root.entries]
    if missing:
        raise root.error("E602", f"the device has no '{missing[0]}'", f"add {MEANING[missing[0]]}")


def _text(root: Map, key: str) -> str:
    node = root.get(key)
    if not isinstance(node, Scalar) or not node.text:
        raise (node or root).error("E604", f"{key} must be text", f"write {MEANING[key]}")
    return node.text


def _number(node: Node, what: str, help: str) -> float:
    text = node.text if isinstance(node, Scalar) else ""
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        value = math.nan
    if not isinstance(node, Scalar) or not math.isfinite(value) or value <= 0:
        shown = f"not {text}" if text else "not a list or mapping" if not isinstance(node, Scalar) else "not nothing"
        raise node.error("E604", f"{what} must be a plain number above 0, {shown}", f"write {help}")
    return value
