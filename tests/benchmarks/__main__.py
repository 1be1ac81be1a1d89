"""Speed and memory, as ratios against a reference measured in the same run.

    python -m tests.benchmarks            # everything, about four minutes
    python -m tests.benchmarks startup    # one part: startup, analysis, scaling, engine

Machines differ and are noisy, so nothing here is a test with a time limit: each line prints what
was measured, against what, the ratio, and the bar it is held to.
"""

from __future__ import annotations

import sys

from tests.benchmarks import analysis, engine, scaling, startup
from tests.benchmarks.measure import Result

PARTS = {"startup": startup.run, "analysis": analysis.run, "scaling": scaling.run, "engine": engine.run}


def main() -> int:
    """Run the parts asked for; exit 1 if a bar is missed."""
    chosen = sys.argv[1:] or list(PARTS)
    results: list[Result] = []
    for name in chosen:
        for result in PARTS[name]():
            print(result, flush=True)
            results.append(result)
    missed = [result for result in results if not result.met]
    print(f"{len(results) - len(missed)} of {len(results)} bars met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
