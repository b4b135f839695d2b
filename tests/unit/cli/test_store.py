"""A run's folder is complete under its final name, or not there at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from millworks.errors import OutputError
from millworks.study.store import SECONDS_TO_LOCK, RunFolder, fingerprint, remove_stale


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def write(base, name="run-1", text="done"):
    with RunFolder(base, name) as folder:
        (folder.path / "result.txt").write_text(text)


def test_a_finished_run_stands_under_its_name_and_latest_points_to_it(tmp_path):
    base = tmp_path / "new" / "outputs"
    write(base)
    assert names(base) == ["latest", "run-1"]
    assert os.readlink(base / "latest") == "run-1"
    assert (base / "latest" / "result.txt").read_text() == "done"


def test_the_folder_has_its_name_while_it_is_written(tmp_path):
    with RunFolder(tmp_path, "run-1") as folder:
        assert folder.path.name == "run-1"
        assert not folder.final.exists()


def test_the_same_run_replaces_its_folder_and_leaves_nothing_of_the_old_one(tmp_path):
    with RunFolder(tmp_path, "run-1") as folder:
        (folder.path / "old.txt").write_text("old")
    write(tmp_path, text="new")
    assert names(tmp_path / "run-1") == ["result.txt"]
    assert names(tmp_path) == ["latest", "run-1"]


def test_latest_moves_on_to_the_newest_run(tmp_path):
    write(tmp_path, "run-1")
    write(tmp_path, "run-2")
    assert os.readlink(tmp_path / "latest") == "run-2"


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_run_that_breaks_off_leaves_the_earlier_one_untouched(tmp_path, fault):
    write(tmp_path, text="earlier")
    with pytest.raises(fault), RunFolder(tmp_path, "run-1") as folder:
        (folder.path / "result.txt").write_text("half")
        raise fault
    assert names(tmp_path) == ["latest", "run-1"]
    assert (tmp_path / "run-1" / "result.txt").read_text() == "earlier"


FULL_DISK = {
    "Python": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "polars": OSError(f"No space left on device (os error {errno.ENOSPC})"),
}


@pytest.mark.parametrize("fault", FULL_DISK.values(), ids=list(FULL_DISK))
def test_a_full_disk_gets_one_sentence_and_leaves_nothing(tmp_path, fault):
    with (
        pytest.raises(OutputError, match=r"run-1: the result could not be written: no space left"),
        RunFolder(tmp_path, "run-1") as folder,
    ):
        (folder.path / "result.txt").write_text("half")
        raise fault
    assert names(tmp_path) == []


def test_a_writer_that_puts_the_error_in_its_own_words_is_translated(tmp_path):
    with (
        pytest.raises(OutputError, match=r"run-1: the result could not be written: no space left"),
        RunFolder(tmp_path, "run-1") as folder,
    ):
        raise OutputError(f"cannot write {folder.path}") from FULL_DISK["polars"]


def test_a_run_that_fails_takes_the_folders_it_made_away_again(tmp_path):
    with pytest.raises(ValueError, match="refused"), RunFolder(tmp_path / "new" / "outputs", "r"):
        raise ValueError("refused")
    assert names(tmp_path) == []


def test_a_run_that_fails_leaves_an_empty_folder_of_the_user(tmp_path):
    (tmp_path / "outputs").mkdir()
    with pytest.raises(ValueError, match="refused"), RunFolder(tmp_path / "outputs", "run-1"):
        raise ValueError("refused")
    assert names(tmp_path) == ["outputs"]


def test_a_base_that_another_failed_run_takes_away_is_made_again(tmp_path, monkeypatch):
    base, make, taken = tmp_path / "outputs", tempfile.mkdtemp, []

    def taken_once(**options):
        if not taken:
            taken.append(True)
            base.rmdir()
        return make(**options)

    monkeypatch.setattr(tempfile, "mkdtemp", taken_once)
    write(base)
    assert names(base) == ["latest", "run-1"]


def test_a_link_that_cannot_be_set_puts_the_earlier_run_back(tmp_path, monkeypatch):
    write(tmp_path, text="earlier")
    move = Path.replace

    def full(path, target):
        if path.name == "latest":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return move(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="no space left on device; nothing is left of this run"):
        write(tmp_path, text="new")
    assert (tmp_path / "run-1" / "result.txt").read_text() == "earlier"
    assert names(tmp_path) == ["latest", "run-1"]


def test_a_folder_that_vanishes_meanwhile_gets_one_sentence(tmp_path):
    with pytest.raises(OutputError, match="could not be written"), RunFolder(tmp_path, "r") as run:
        run.path.rmdir()
        (run.path / "result.txt").write_text("lost")
    assert names(tmp_path) == []


def test_a_file_missing_elsewhere_is_not_taken_for_a_fault_of_the_output(tmp_path):
    with pytest.raises(FileNotFoundError), RunFolder(tmp_path / "outputs", "run-1"):
        (tmp_path / "a table").read_text()


def test_a_failed_rename_puts_the_earlier_run_back(tmp_path, monkeypatch):
    write(tmp_path, text="earlier")
    with pytest.raises(OutputError), RunFolder(tmp_path, "run-1") as folder:
        folder.path.rmdir()
    assert (tmp_path / "run-1" / "result.txt").read_text() == "earlier"
    assert names(tmp_path) == ["latest", "run-1"]


def test_a_folder_that_cannot_be_made_gets_one_sentence_before_any_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"^--out .*file/outputs: the folder cannot be written:"):
        RunFolder(tmp_path / "file" / "outputs", "run-1").__enter__()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_gets_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="permission denied"):
        RunFolder(tmp_path, "run-1").__enter__()


def test_a_users_own_folder_called_latest_is_not_touched(tmp_path):
    (tmp_path / "latest").mkdir()
    with pytest.raises(OutputError, match="latest is not a link made by millworks"):
        RunFolder(tmp_path, "run-1").__enter__()
    assert names(tmp_path) == ["latest"]


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path):
    script = (
        "import os, pathlib, signal\n"
        "from millworks.study.store import RunFolder\n"
        f"run = RunFolder(pathlib.Path({str(tmp_path)!r}), 'run-1').__enter__()\n"
        "(run.path / 'half.txt').write_text('half')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == -9
    assert [name.endswith(".partial") for name in names(tmp_path)] == [True]
    write(tmp_path, "run-2")
    assert names(tmp_path) == ["latest", "run-2"]


def test_a_run_that_is_alive_keeps_its_folder(tmp_path):
    with RunFolder(tmp_path, "run-1") as folder:
        assert remove_stale(tmp_path) == []
        write(tmp_path, "run-2")
        (folder.path / "result.txt").write_text("done")
    assert names(tmp_path) == ["latest", "run-1", "run-2"]


def test_a_folder_whose_lock_is_not_there_yet_is_kept_for_a_while(tmp_path):
    young, old = tmp_path / ".a.partial", tmp_path / ".b.partial"
    young.mkdir()
    old.mkdir()
    os.utime(old, (0, os.stat(old).st_mtime - SECONDS_TO_LOCK - 1))
    assert remove_stale(tmp_path) == [old]
    assert names(tmp_path) == [".a.partial"]


def test_two_runs_of_the_same_name_at_once_leave_one_whole_result(tmp_path):
    inside = threading.Barrier(2)

    def job(text):
        with RunFolder(tmp_path, "run-1") as folder:
            inside.wait()
            (folder.path / "result.txt").write_text(text)
            inside.wait()

    threads = [threading.Thread(target=job, args=(text,)) for text in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "run-1" / "result.txt").read_text() in {"a", "b"}
    assert names(tmp_path) == ["latest", "run-1"]


def test_the_fingerprint_depends_on_values_and_not_on_their_order():
    assert fingerprint({"a": 1, "b": 2.5}) == fingerprint({"b": 2.5, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert len(fingerprint({})) == 10
