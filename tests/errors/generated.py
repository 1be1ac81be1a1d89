"""Mistakes too large to keep as files: each by the name of its `.out` in `cases/`."""

from __future__ import annotations

GENERATED = {
    "E501_file_too_large": b"# a data file given by mistake\n" + b"0.123456 0.654321\n" * 60_000,
    "E503_too_many_nodes": b"input: 8\nlayers: [" + b"relu, " * 100_000 + b"relu]\n",
    "E504_expression_too_long": b"input: 8\nlayers:\n  - fc: " + b"1 + " * 400 + b"1\n",
}
