"""`millworks multiplier` with frictions: a folder of its own that can be repeated and verified."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SMALL = (
    "generic",
    "--makers",
    "40",
    "--weeks",
    "52",
    "--pairs",
    "2",
    "burn_in=4",
    "horizons=[26,52]",
    "injections=[0.01]",
)


def millworks(*words, folder):
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=550)


@pytest.mark.slow
def test_a_dollar_spent_leaves_a_folder_that_verifies(tmp_path):
    made = millworks("multiplier", *SMALL, "bridge_pairs=1", "--json", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    document = json.loads(made.stdout)
    run = tmp_path / "outputs" / "latest"
    for name in ("summary.json", "results.csv", "results.parquet", "multiplier.csv",
                 "reconciliation.csv", "assumptions.csv", "manifest.json"):  # fmt: skip
        assert (run / name).is_file(), name
    steps = [row for row in document["reconciliation"] if row["quantity"] == "output"]
    for region in ("local", "national"):
        for column in ("shapley", "after_capacity"):
            terms = {row["term"]: row[column] for row in steps if row["region"] == region}
            full = terms.pop("full_week")
            assert abs(sum(terms.values()) - full) < 1e-9
    equal = millworks("verify", "latest", folder=tmp_path)
    assert (equal.returncode, equal.stderr) == (0, ""), equal.stdout


@pytest.mark.slow
def test_a_dollar_invested_is_shown_on_one_screen(tmp_path):
    made = millworks("multiplier", *SMALL, "--mode", "invested", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    shown = made.stdout.rstrip("\n").split("\n")
    assert shown[0].startswith("$1 invested in makers of")
    assert len(shown) <= 24
    assert not (tmp_path / "outputs" / "latest" / "reconciliation.csv").exists()
