"""Filters with names: what `weights:` in a spec and `cnncalc filter` know.

Signs follow cross-correlation: `sobel-x` answers with positive numbers where it gets lighter to the right.
References: Sobel & Feldman (1968); Prewitt (1970); Scharr, Optimale Operatoren (2000), §9; the
Laplacian and sharpening as in Gonzalez & Woods, Digital Image Processing, §3.6.
"""

from __future__ import annotations

SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
FILTERS: dict[str, tuple[tuple[float, ...], ...]] = {
    "sobel-x": SOBEL,
    "scharr-x": ((-3, 0, 3), (-10, 0, 10), (-3, 0, 3)),
    "prewitt-x": ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
    "vertical": ((1, 0, -1), (1, 0, -1), (1, 0, -1)),
    "horizontal": ((1, 1, 1), (0, 0, 0), (-1, -1, -1)),
    "laplacian": ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "box": ((1 / 9,) * 3,) * 3,
    "gaussian": tuple(tuple(a * b / 16 for b in (1, 2, 1)) for a in (1, 2, 1)),
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
}
"""Kernels as rows; those ending in -x have a -y with rows and columns exchanged."""


def filter_names() -> list[str]:
    """All names there are."""
    return sorted([*FILTERS, *(name.replace("-x", "-y") for name in FILTERS if name.endswith("-x"))])


def filter_rows(name: str) -> tuple[tuple[float, ...], ...] | None:
    """The rows of a named filter; None if there is none of that name."""
    if name.endswith("-y"):
        rows = FILTERS.get(name[:-2] + "-x")
        return tuple(zip(*rows, strict=True)) if rows else None
    return FILTERS.get(name)
