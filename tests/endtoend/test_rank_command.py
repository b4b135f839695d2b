"""`millworks rank` as a user meets it: a small ranking, killed, taken up, verified."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RANK = [
    "rank",
    "hickory",
    "policy=hub,shared_containers,placebo",
    *("--makers", "40", "--pairs", "3", "--weeks", "52"),
    *("study.burn_in=13", "marginal=false", "solving_pairs=1", "report.charts=false"),
]
TABLES = ("summary.json", "results.csv", "ranking.csv", "sizes.csv", "effects.csv")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "millworks", *words]


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=folder, capture_output=True, text=True, timeout=280)


@pytest.fixture(scope="module")
def ranked(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("rank")
    finished = millworks(*RANK, folder=folder)
    assert finished.returncode == 0, finished.stderr
    return (folder / "outputs" / "latest").resolve(), finished


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_ranking_of_three_pairs_gives_no_verdicts_and_says_so(ranked):
    folder, finished = ranked
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert {row["policy"] for row in summary["ranking"]} == {"hub", "shared_containers", "placebo"}
    assert {row["verdict"] for row in summary["ranking"]} == {"cannot be told"}
    for row in summary["ranking"]:
        assert row["low"] <= row["mean"] <= row["high"]
    assert len(finished.stdout.splitlines()) <= 45
    assert max(len(line) for line in finished.stdout.splitlines()[:-1]) <= 80


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_a_killed_ranking_goes_on_and_ends_with_the_same_bytes(ranked, tmp_path):
    process = subprocess.Popen(command(*RANK, "--quiet"), cwd=tmp_path, start_new_session=True)
    outputs = tmp_path / "outputs"
    try:
        deadline = time.time() + 200
        while len(list(outputs.glob(".*.pairs/seed-*.npz"))) < 4:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.time() < deadline
            time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not (outputs / "latest").exists()
    again = millworks(*RANK, "--quiet", "--jobs", "1", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    same = ranked[0]
    other = (outputs / "latest").resolve()
    assert other.name == same.name
    assert {entry.name for entry in outputs.iterdir()} == {"latest", other.name}
    for name in TABLES:
        assert (other / name).read_bytes() == (same / name).read_bytes(), name


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_ranking_is_verified_by_running_it_again(ranked):
    checked = millworks("verify", str(ranked[0]), folder=ranked[0])
    assert checked.returncode == 0, checked.stdout + checked.stderr
