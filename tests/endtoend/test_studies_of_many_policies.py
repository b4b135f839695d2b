"""`millworks interactions` and `millworks additionality`: a small study, its folder, its repeat."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = [
    *("hickory", "policy=hub,inventory_finance"),
    *("--makers", "40", "--pairs", "2", "--weeks", "52"),
    *("study.burn_in=13", "report.charts=false"),
]
STUDIES = {
    "interactions": ("summary.json", "results.csv", "pairs.csv"),
    "additionality": ("summary.json", "results.csv", "terms.csv"),
}


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("study", STUDIES)
def test_a_study_leaves_a_folder_that_repeats_and_a_screen_of_eighty_columns(study, tmp_path):
    finished = millworks(study, *SMALL, folder=tmp_path)
    assert finished.returncode == 0, finished.stderr
    run = (tmp_path / "outputs" / "latest").resolve()
    left = {entry.name for entry in run.iterdir()}
    assert {*STUDIES[study], "manifest.json", "assumptions.csv", "report.html"} <= left
    assert json.loads((run / "summary.json").read_text("utf-8"))["effects"]
    assert max(len(line) for line in finished.stdout.splitlines()[:-1]) <= 80
    checked = millworks("verify", str(run), folder=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
