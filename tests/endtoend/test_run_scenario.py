"""`millworks run` as a user meets it: a small study, stopped, taken up, repeated, compared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORDS = ["study.burn_in=13", "report.charts=false"]
SMALL = ["--makers", "40", "--pairs", "3", "--weeks", "26", *WORDS]
RUN = ["run", "hickory_placebo", *SMALL]
TABLES = ("summary.json", "results.csv", "results.parquet", "paths.csv", "assumptions.csv")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "millworks", *words]


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=folder, capture_output=True, text=True, timeout=170)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("run")
    finished = millworks(*RUN, "--json", folder=folder)
    assert finished.returncode == 0, finished.stderr
    return folder, finished


def test_json_stands_alone_on_standard_output_and_is_the_summary(done):
    folder, finished = done
    summary = json.loads((folder / "outputs" / "latest" / "summary.json").read_text("utf-8"))
    assert json.loads(finished.stdout) == summary
    assert summary["run"]["seeds"] == [1, 2, 3]
    assert {row["size_class"] for row in summary["effects"]} >= {"all", "<5", "500+"}


def test_the_folder_is_that_of_the_contract_and_keeps_no_pairs(done):
    folder, _ = done
    run = (folder / "outputs" / "latest").resolve()
    assert run.name.startswith("hickory_placebo-")
    left = {entry.name for entry in run.iterdir()}
    assert {*TABLES, "manifest.json", "precision.csv", "dollars.csv", "report.html"} <= left
    assert {entry.name for entry in (folder / "outputs").iterdir()} == {"latest", run.name}
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert manifest["seeds"] == [1, 2, 3]
    assert {"data_sha256", "versions", "results_sha256", "parameters"} <= set(manifest)


def test_a_killed_study_goes_on_and_ends_with_the_same_bytes(done, tmp_path):
    folder, _ = done
    process = subprocess.Popen(
        command(*RUN, "--jobs", "1", "--quiet"), cwd=tmp_path, start_new_session=True
    )
    outputs = tmp_path / "outputs"
    try:
        deadline = time.time() + 150
        while not (kept := list(outputs.glob(".*.pairs/seed-*.npz"))):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.time() < deadline
            time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    first = kept[0].read_bytes()
    assert not (outputs / "latest").exists()
    again = subprocess.Popen(command(*RUN, "--quiet", "--jobs", "2"), cwd=tmp_path)
    assert again.wait(170) == 0
    assert first
    same = (folder / "outputs" / "latest").resolve()
    other = (outputs / "latest").resolve()
    assert other.name == same.name
    assert {entry.name for entry in outputs.iterdir()} == {"latest", other.name}
    for name in TABLES:
        assert (other / name).read_bytes() == (same / name).read_bytes(), name


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_ctrl_c_keeps_finished_pairs_and_says_so(tmp_path):
    words = ["run", "hickory_placebo", "--makers", "40", "--pairs", "60", "--weeks", "104"]
    process = subprocess.Popen(
        command(*words, *WORDS),
        cwd=tmp_path,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.time() + 150
    while len(list((tmp_path / "outputs").glob(".*.pairs/seed-*.npz"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.time() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert error.startswith("millworks: stopped; ")
    assert error.rstrip().endswith("the same command goes on from there.")
    assert error.count("\n") == 1


def test_a_run_is_repeated_and_compared_and_another_version_refused(done):
    folder, _ = done
    equal = millworks("verify", "latest", folder=folder)
    assert (equal.returncode, equal.stderr) == (0, ""), equal.stdout
    run = (folder / "outputs" / "latest").resolve()
    compared = millworks(
        "compare", run.name, "hickory_recession", *SMALL, "--jobs", "1", "--json",
        folder=folder,
    )  # fmt: skip
    assert compared.returncode == 0, compared.stderr
    document = json.loads(compared.stdout)
    assert [one["scenario"] for one in document["runs"]] == ["hickory_placebo", "hickory_recession"]
    output = {r["scenario"]: r for r in document["effects"] if r["quantity"] == "output"}
    assert output["B - A"]["high"] < 0.0
    assert document["settings"][0]["key"].startswith("policies.placebo.")

    manifest = run / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["versions"]["millworks"] = "0.0.1"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    refused = millworks("compare", str(run), "hickory_recession", *SMALL, folder=folder)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "the run is of millworks 0.0.1" in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_sweep_has_a_line_for_each_value(done, tmp_path):
    swept = millworks(
        "sweep", "hickory_placebo", "--vary", "policies.placebo.intensity=0:1:1", "--makers", "40",
        "--pairs", "2", "--weeks", "26", *WORDS, "--jobs", "1", "--json", folder=tmp_path,
    )  # fmt: skip
    assert swept.returncode == 0, swept.stderr
    rows = [r for r in json.loads(swept.stdout)["effects"] if r["quantity"] == "public_cost"]
    assert [row["value"] for row in rows] == [0, 1]
    assert rows[0]["mean"] == 0.0 < rows[1]["low"] <= rows[1]["mean"] <= rows[1]["high"]
    folder = (tmp_path / "outputs" / "latest").resolve()
    assert folder.name.startswith("sweep-hickory_placebo-")
    assert (folder / "sweep.csv").is_file()
    equal = millworks("verify", "latest", folder=tmp_path)
    assert (equal.returncode, equal.stderr) == (0, ""), equal.stdout


def test_a_scenario_that_is_not_there_is_named_with_the_nearest(tmp_path):
    refused = millworks("run", "hickory_placbo", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "hickory_placebo" in refused.stderr
    assert list(tmp_path.iterdir()) == []
