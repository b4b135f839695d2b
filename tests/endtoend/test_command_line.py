"""The installed command as a user meets it: separate processes, signals, an empty folder."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# A study that never ends, so that a signal surely finds it at work.
ENDLESS = """
import sys, time, types
study = types.ModuleType("millworks.study.linear_multiplier")
def run(config, progress):
    print("at work", flush=True)
    time.sleep(60)
study.run = run
sys.modules["millworks.study.linear_multiplier"] = study
import millworks.study
millworks.study.linear_multiplier = study
from millworks.cli import main
main()
"""


def millworks(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["Ctrl-C", "end"],
)
def test_a_stopped_run_leaves_nothing_behind(tmp_path, sent, code):
    words = ["multiplier", "--linear", "--out", "results"]
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    assert len(list((tmp_path / "results").iterdir())) == 1
    time.sleep(0.1)
    os.kill(process.pid, sent)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert err.startswith("millworks: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_is_one_sentence_on_standard_error_and_exit_code_2(tmp_path):
    done = millworks("multiplier", "hikory", "--linear", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("millworks: no district 'hikory'. Did you mean 'hickory'?")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_error(tmp_path):
    command = f"{sys.executable} -m millworks list parameters | head -n 1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("line", ["list parameters", "list sources --json", "--help"])
def test_an_answer_to_a_full_device_is_one_sentence_and_exit_code_2(tmp_path, line):
    command = [sys.executable, "-m", "millworks", *line.split()]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == ("millworks: the answer could not be written: no space left on device.\n")


def test_a_disk_that_takes_no_more_leaves_nothing_half_written(tmp_path):
    """A limit on the size of files stands for the full disk: the system refuses to write on."""
    resource = pytest.importorskip("resource")
    words = ["multiplier", "generic", "--linear", "--makers", "40", "weeks=52"]
    done = subprocess.run(
        [sys.executable, "-m", "millworks", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "BROWSER_PATH": "/nowhere", "NUMBA_CACHE_DIR": str(tmp_path.parent)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("millworks: outputs/multiplier-generic-")
    assert done.stderr.endswith("file too large; nothing is left of this run.\n")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_small_district_runs_from_an_empty_folder(small_run):
    place, printed = small_run
    rows = json.loads(printed)["rows"]
    assert {row["region"] for row in rows} == {"local", "rest_of_us", "national"}
    folder = (place / "outputs" / "latest").resolve()
    left = {entry.name for entry in folder.iterdir()}
    assert {"summary.json", "results.csv", "results.parquet", "report.html", "charts"} <= left
    assert {"assumptions.csv", "local_shares.csv", "manifest.json"} <= left
    page = (folder / "report.html").read_text("utf-8")
    assert all((folder / href).is_file() for href in re.findall(r'<a href="([^"]+)"', page))
    assert [entry.name[0] for entry in (place / "outputs").iterdir()].count(".") == 0
