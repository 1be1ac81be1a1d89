"""Running commands inside the test process."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from cnncalc.cli import app


class Ended(NamedTuple):
    """How a command ended: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Runner:
    """`cnncalc(…)`: run a command line."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.capture = capture

    def __call__(self, *arguments: str) -> Ended:
        self.capture.readouterr()
        code = app.run(list(arguments))
        out, err = self.capture.readouterr()
        assert "Traceback" not in err
        return Ended(code, out, err)
