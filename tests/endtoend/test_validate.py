"""`millworks validate` as a user meets it: a small district, from the line to its folder."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = ["validate", "hickory", "--makers", "60", "--seeds", "2", "--years", "2", "burn_in=26"]
CONTRACT = ["id", "use", "value", "low", "high", "model", "model_low", "model_high", "inside"]


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=170)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("validate")
    finished = millworks(*SMALL, "--jobs", "2", "--json", folder=folder)
    assert finished.returncode == 0, finished.stderr
    return (folder / "outputs" / "latest").resolve(), finished


def test_one_json_document_has_every_moment_misses_first(done):
    _, finished = done
    moments = json.loads(finished.stdout)["moments"]
    assert list(moments[0])[:10] == [*CONTRACT, "source"]
    assert {row["id"] for row in moments} >= {"M3", "M5", "M6", "M14", "H1", "H8"}
    verdicts = [row["inside"] for row in moments]
    assert verdicts == sorted(verdicts, key=[False, True, None].index)
    measured = [row for row in moments if row["model"] is not None]
    assert len(measured) > 15
    assert all(row["model_low"] <= row["model"] <= row["model_high"] for row in measured)
    for row in measured:
        meets = row["model_low"] <= row["high"] and row["model_high"] >= row["low"]
        assert row["inside"] == (meets if row["seeds"] > 1 else None), row["id"]


def test_the_folder_keeps_the_contract_of_runs(done):
    folder, _ = done
    assert folder.name.startswith("validate-hickory-")
    left = {entry.name for entry in folder.iterdir()}
    assert {"summary.json", "results.csv", "results.parquet", "manifest.json"} <= left
    assert {"moments.csv", "health.csv", "constrained.csv", "claims.csv", "charts"} <= left
    charts = {entry.name for entry in (folder / "charts").iterdir()}
    assert {f"data-beside-model.{form}" for form in ("csv", "txt")} <= charts
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "validate"
    assert manifest["config"]["seeds"] == 2


def test_the_constrained_shares_are_nested_and_worlds_differ(done):
    folder, _ = done
    with (folder / "results.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["size_class"] == "all"]
    share = {
        (row["pair"], row["quantity"]): float(row["value"])
        for row in rows
        if row["effect"] == "constrained"
    }
    for pair in ("1", "2"):
        assert share[pair, "D4"] <= share[pair, "D2"] <= share[pair, "D3"]
        assert 0.0 <= share[pair, "D1"] <= share[pair, "want_share"] <= 1.0
    assert share["1", "D1"] != share["2", "D1"]


@pytest.mark.slow
def test_the_number_of_processes_changes_no_figure(done, tmp_path):
    folder, _ = done
    again = millworks(*SMALL, "--jobs", "1", "--quiet", folder=tmp_path)
    assert (again.returncode, again.stdout) == (0, ""), again.stderr
    other = (tmp_path / "outputs" / "latest").resolve()
    assert other.name == folder.name
    for name in ("results.csv", "moments.csv", "constrained.csv", "summary.json"):
        assert (other / name).read_bytes() == (folder / name).read_bytes(), name
