"""A run, verified in a process of its own: equal as it is, found out when it was changed."""

from __future__ import annotations

import subprocess
import sys


def millworks(*words, folder):
    command = [sys.executable, "-m", "millworks", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_a_changed_figure_is_found_out_by_running_the_district_again(copy_of_small_run):
    folder = copy_of_small_run
    equal = millworks("verify", "latest", folder=folder)
    assert (equal.returncode, equal.stderr) == (0, "")
    assert ": equal. " in equal.stdout

    results = folder / "outputs" / "latest" / "results.csv"
    content = results.read_bytes()
    results.write_bytes(content.replace(b",1.", b",2.", 1))
    assert results.read_bytes() != content
    changed = millworks("verify", "latest", folder=folder)
    assert changed.returncode == 1
    assert changed.stdout == (
        "results.csv: it was changed after the run; "
        "the run, repeated, gives what the manifest records.\n"
    )

    (results.parent / "manifest.json").unlink()
    refused = millworks("verify", "latest", folder=folder)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("millworks: outputs/latest: there is no manifest.json in it")
