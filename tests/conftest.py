"""Options shared by all tests; the folder of this file is where they find `worlds`."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Drawn examples are the same on every machine and in every run, so that a failure can be repeated.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the figures of the golden runs anew; review what `git diff tests/golden` shows",
    )
