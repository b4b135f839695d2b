"""Stress, sizes and constraints as a user meets them: run small, killed, taken up, verified."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SMALL = ["--makers", "30", "--pairs", "3", "--weeks", "39", "study.burn_in=13"]
WORDS = {
    "stress": ["policy=hub,wage_subsidy", "shock=recession"],
    "sizes": ["policy=hub"],
    "constraints": ["relaxed=0.2"],
}
TABLES = {
    "stress": ("summary.json", "results.csv", "resilience.csv", "shocks.csv", "paths.csv"),
    "sizes": ("summary.json", "results.csv", "sizes.csv", "steps.csv", "reasons.csv"),
    "constraints": ("summary.json", "results.csv", "refused.csv", "relaxed.csv"),
}
COMMANDS = tuple(WORDS)


def line(command: str, *more: str) -> list[str]:
    words = [command, "hickory", *WORDS[command], *SMALL, "report.charts=false", *more]
    return [sys.executable, "-m", "millworks", *words]


def millworks(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> dict[str, tuple[Path, str]]:
    """Of every command its folder and its screen."""
    made = {}
    for command in COMMANDS:
        folder = tmp_path_factory.mktemp(command)
        finished = millworks(line(command), folder)
        assert finished.returncode == 0, finished.stderr
        made[command] = (folder / "outputs" / "latest").resolve(), finished.stdout
    return made


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_small_study_fits_a_screen_and_leaves_its_folder(done, command):
    folder, screen = done[command]
    lines = screen.splitlines()
    assert len(lines) <= 30
    assert max(len(text) for text in lines[:-1]) <= 80
    for name in (*TABLES[command], "assumptions.csv", "manifest.json", "report.html"):
        assert (folder / name).is_file(), name
    page = (folder / "report.html").read_text("utf-8")
    assert folder.name in page
    assert "30 makers: so few" in page
    assert "3 pairs of runs: " in page
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert {"effects", "checks", "verdict", "schema_version"} <= set(summary)
    known = [row for row in summary["effects"] if row["mean"] is not None]
    assert known
    assert all(row["low"] <= row["mean"] <= row["high"] for row in known)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_study_is_verified_by_running_it_again(done, command):
    folder, _ = done[command]
    checked = millworks([sys.executable, "-m", "millworks", "verify", str(folder)], folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_study_of_many_arms_goes_on_and_ends_with_the_same_bytes(done, command, tmp_path):
    killed = subprocess.Popen(
        line(command, "--quiet", "--jobs", "1"), cwd=tmp_path, start_new_session=True
    )
    outputs = tmp_path / "outputs"
    try:
        deadline = time.time() + 200
        while len(list(outputs.glob(".*.pairs/seed-*.npz"))) < 3:
            assert killed.poll() is None, "it ended before it could be killed"
            assert time.time() < deadline
            time.sleep(0.01)
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    assert not (outputs / "latest").exists()
    again = millworks(line(command, "--quiet", "--jobs", "2"), tmp_path)
    assert again.returncode == 0, again.stderr
    same, other = done[command][0], (outputs / "latest").resolve()
    assert other.name == same.name
    assert {entry.name for entry in outputs.iterdir()} == {"latest", other.name}
    for name in TABLES[command]:
        assert (other / name).read_bytes() == (same / name).read_bytes(), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stress", "policy=hubb"), "there is no policy 'hubb'. Did you mean 'hub'?"),
        (("stress", "shock=reccession"), "there is no shock 'reccession'. Did you mean"),
        (("stress", "policy=hub", "shock="), "stress needs a shock at least: shock=NAME."),
        (("sizes", "policy=hub", "policies.hub.intensity=0"), "needs a size above 0"),
        (("sizes", "policy=hub", "policies.hub.intensity=9"), "a number between 0 and 4"),
        (("constraints", "relaxed=2"), "relaxed is 2; it must be a number above 0 and at most 1."),
        (("constraints", "relaxd=0.2"), "there is no setting 'relaxd'. Did you mean 'relaxed'"),
        (("constraints", "--makers", "0"), "makers is 0; it must be a whole number of 1 or more"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_leaves_nothing(words, said, tmp_path):
    refused = millworks([sys.executable, "-m", "millworks", *words], tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
