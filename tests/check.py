"""Everything a change must pass, in one command: format, lint, types, schema, tests.

`python -m tests.check` runs it; with `--fix` it first rewrites what can be rewritten.
"""

from __future__ import annotations

import subprocess
import sys
import time

PYTHON = sys.executable
FIXES = [
    [PYTHON, "-m", "ruff", "check", "--fix", "."],
    [PYTHON, "-m", "ruff", "format", "."],
    [PYTHON, "-m", "cnncalc", "schema", "--output", "specs/schema.json", "--force"],
]
CHECKS = [
    [PYTHON, "-m", "ruff", "format", "--check", "."],
    [PYTHON, "-m", "ruff", "check", "."],
    [PYTHON, "-m", "mypy"],
    [PYTHON, "-m", "cnncalc", "schema", "--check", "specs/schema.json"],
    [PYTHON, "-m", "pytest", "-n", "auto"],
]


def main() -> int:
    """Run all checks, even after one fails; exit 1 if any did."""
    steps = (FIXES if "--fix" in sys.argv[1:] else []) + CHECKS
    failed = []
    for command in steps:
        name = " ".join(command[2:])
        print(f"== {name}", flush=True)
        start = time.perf_counter()
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
        print(f"   {time.perf_counter() - start:.1f} s", flush=True)
    print(f"failed: {'; '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
