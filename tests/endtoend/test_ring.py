"""`millworks run` with a ring: inside, ring, rest of the US and nation add up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = ["--makers", "40", "--pairs", "2", "--weeks", "26", "--jobs", "1", "report.charts=false"]
REGIONS = ("local", "ring", "rest_of_us", "national")


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=170)


@pytest.fixture(scope="module")
def summary(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("ring")
    done = millworks(
        "run", "hickory_ring", *SMALL, "ring_makers=30", "study.burn_in=13", "--json", folder=folder
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_nation_is_the_sum_of_district_ring_and_rest(summary):
    for quantity in ("output", "value_added", "labour_income", "jobs", "job_years"):
        rows = {
            row["region"]: row
            for row in summary["effects"]
            if row["quantity"] == quantity and row["size_class"] == "all"
        }
        assert tuple(rows) == REGIONS
        parts = [rows[region]["mean"] for region in REGIONS]
        assert any(parts)
        assert parts[3] == pytest.approx(sum(parts[:3]), rel=1e-9, abs=1e-9)
        assert rows["ring"]["baseline"] > rows["local"]["baseline"] > 0.0
        assert rows["rest_of_us"]["baseline"] is None


def test_the_run_says_what_its_ring_is(summary):
    (note,) = [note for note in summary["run"]["notes"] if note.startswith("The ring is")]
    assert "18 counties around Hickory" in note
    assert "of which 30 are simulated" in note


def test_a_ring_can_be_switched_on_and_off_on_the_command_line(tmp_path):
    words = ["run", "hickory_placebo", *SMALL, "study.burn_in=4"]
    ring = millworks(*words, "ring=true", "ring_makers=20", folder=tmp_path)
    assert ring.returncode == 0, ring.stderr
    assert "Change by region" in ring.stdout
    assert all(len(line) <= 80 for line in ring.stdout.splitlines() if "Report:" not in line)
    alone = millworks(*words, "ring=false", folder=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert "Change by region" not in alone.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["district=los_angeles", "ring=true"], "raise ring_miles"),
        (["district=generic", "ring=true"], "nowhere on the map"),
        (["ring=true", "ring_makers=5000"], "have only 1,749 makers"),
        (["ring=maybe"], "ring is 'maybe'; it must be true or false"),
        (["ring=true", "ring_miles=2"], "ring_miles is 2; it must be a number between 5 and 500"),
        (["rings=true"], "Did you mean 'ring'"),
    ],
)
def test_a_wrong_ring_is_refused_in_one_sentence(words, says, tmp_path):
    done = millworks("run", "hickory_placebo", *SMALL, *words, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.rglob("summary.json"))
