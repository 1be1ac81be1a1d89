"""A whole `cnncalc summary` against the smallest program of its kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Result, interleaved

ROOT = Path(__file__).parents[2]
SPEC = str(ROOT / "specs" / "vgg16.yaml")
BASELINE = str(Path(__file__).with_name("baseline.py"))
CNNCALC = str(Path(sys.executable).with_name("cnncalc"))


def run() -> Iterator[Result]:
    """Process time and peak memory."""
    commands = {
        "baseline": [sys.executable, BASELINE, SPEC],
        "summary": [CNNCALC, "summary", SPEC],
        "help": [CNNCALC, "--help"],
        "python": [sys.executable, "-c", "pass"],
    }
    median = interleaved(commands, 15)
    base, mine = median["baseline"][0], median["summary"][0]
    detail = f"{mine:.3f} s against {base:.3f} s"
    yield Result("cnncalc summary vgg16", mine / base, 1.4, "x a ten-line program", detail)
    yield Result("peak memory of it", median["summary"][1], 45, "MiB")
    yield Result("cnncalc --help", median["help"][0] / base, 2.5, "x", f"{median['help'][0]:.3f} s")
