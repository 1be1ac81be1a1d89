"""How things are measured: whole processes, interleaved with their reference, medians compared."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from typing import NamedTuple


class Result(NamedTuple):
    """One figure against its bar; lower is better."""

    what: str
    value: float
    bar: float
    unit: str
    detail: str = ""

    @property
    def met(self) -> bool:
        """Whether the bar is kept."""
        return self.value <= self.bar

    def __str__(self) -> str:
        mark = "ok  " if self.met else "MISS"
        return f"{mark} {self.what}: {self.value:.3g} {self.unit} (bar {self.bar:g})  {self.detail}"


def process(command: list[str]) -> tuple[float, float]:
    """(seconds, peak MiB) of one run of a command, its output thrown away."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    return seconds, usage.ru_maxrss / 1024


def environment() -> dict[str, str]:
    """The same for all: a fixed width, no colour."""
    return os.environ | {"COLUMNS": "100", "NO_COLOR": "1"}


def interleaved(commands: dict[str, list[str]], rounds: int) -> dict[str, tuple[float, float]]:
    """Median (seconds, peak MiB) of each command, run in turns so that noise falls on all alike."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for command in commands.values():
        process(command)  # the first run writes bytecode and warms the disk cache
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(process(command))
    return {
        name: (statistics.median(s for s, _ in measured), statistics.median(m for _, m in measured))
        for name, measured in runs.items()
    }


def python(code: str) -> str:
    """What a fresh Python process prints when it runs `code`."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    return done.stdout


def peak_mib() -> float:
    """The peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
