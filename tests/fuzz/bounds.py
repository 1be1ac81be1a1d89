"""Runs a spec the way the command does, within a second and a bounded memory."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cnncalc

SECONDS = 1.0
MEBIBYTES = 512


@contextmanager
def limits(seconds: float = SECONDS) -> Iterator[None]:
    """Fails where a run takes longer; a run that takes much more memory ends in a MemoryError.

    Time is that of the processor, so that a busy machine does not fail a test.
    """
    start = time.process_time()
    with _memory():
        yield
    assert time.process_time() - start < seconds, "too slow"


@contextmanager
def _memory() -> Iterator[None]:
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size + (MEBIBYTES << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def outcome(text: str | bytes, **options: Any) -> str:
    """What becomes of a spec: `ok`, or the code of the first diagnostic.  Any other exception is a fault."""
    try:
        summary = cnncalc.loads(text, **options).summary()
        json.dumps(summary.to_dict(), allow_nan=False)
        assert str(summary)
        return "ok"
    except cnncalc.SpecError as error:
        assert error.diagnostics
        for diagnostic in error.diagnostics:
            assert diagnostic.help, diagnostic
            json.dumps(diagnostic.to_dict())
            if diagnostic.span is not None:
                assert 0 < diagnostic.span.line and 0 < diagnostic.span.column < diagnostic.span.end_column
        assert len(str(error)) < 100_000
        return error.diagnostics[0].code
