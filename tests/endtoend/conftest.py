"""A run that several tests look at: processes that found a district take seconds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = ("multiplier", "generic", "--linear", "--makers", "60", "--json")


@pytest.fixture(scope="session")
def small_run(tmp_path_factory) -> tuple[Path, str]:
    """The folder in which a small district was run in linear mode, and what was printed."""
    folder = tmp_path_factory.mktemp("small")
    command = [sys.executable, "-m", "millworks", *SMALL]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def copy_of_small_run(small_run, tmp_path) -> Path:
    """A copy of that folder, which may be changed."""
    shutil.copytree(small_run[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path
