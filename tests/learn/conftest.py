"""Fixtures for tests of what the notes teach."""

from __future__ import annotations

import pytest

from tests.cli.running import Runner


@pytest.fixture
def cnncalc(capsys: pytest.CaptureFixture[str]) -> Runner:
    """Runs a command line and gives its exit code and output."""
    return Runner(capsys)
