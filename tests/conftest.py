"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected output of golden tests")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden tests write what they get instead of comparing it."""
    return bool(request.config.getoption("--update"))
