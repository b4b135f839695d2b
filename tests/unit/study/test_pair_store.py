"""Finished pairs are kept whole, by rules that have not changed, by one process at a time."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from millworks.errors import InputError, OutputError
from millworks.study.pair_store import GUARD, Interrupted, PairStore
from millworks.study.paired import SeedRecord
from millworks.study.run_figures import ArmRecord


def record(seed: int) -> SeedRecord:
    arms = tuple(ArmRecord(np.full((4, 3), seed + arm / 3), np.zeros((52, 2))) for arm in (0, 1))
    return SeedRecord(seed, arms, {"makers": 40}, 0.1, 1e-14)


def test_what_is_kept_comes_back_bit_by_bit(tmp_path):
    with PairStore(tmp_path, "run") as store:
        pickle.loads(pickle.dumps(store)).keep(record(7))
        found = store.read(7)
        assert len(store) == 1
    assert (found.seed, found.counts, found.scale, found.residual) == (
        7,
        {"makers": 40},
        0.1,
        1e-14,
    )
    for arm in (0, 1):
        assert np.array_equal(found.arms[arm].periods, record(7).arms[arm].periods)
    assert found.arms[1].weeks == 52


def test_a_pair_that_is_not_there_or_was_cut_off_is_run_again(tmp_path):
    with PairStore(tmp_path, "run") as store:
        assert store.read(7) is None
        store.keep(record(7))
        file = store.folder / "seed-7.npz"
        file.write_bytes(file.read_bytes()[:900])
        assert store.read(7) is None


def test_pairs_of_other_rules_are_thrown_away(tmp_path):
    with PairStore(tmp_path, "run") as store:
        store.keep(record(7))
        (store.folder / GUARD).write_text("the hash of other rules", encoding="utf-8")
    with PairStore(tmp_path, "run") as store:
        assert len(store) == 0
        store.keep(record(8))
    with PairStore(tmp_path, "run") as store:
        assert store.read(8) is not None


def test_ctrl_c_says_how_many_pairs_are_kept_and_how_to_go_on(tmp_path):
    store = PairStore(tmp_path, "run")
    with pytest.raises(Interrupted) as stopped, store:
        store.planned = 20
        store.keep(record(7))
        raise KeyboardInterrupt
    assert str(stopped.value) == (
        f"stopped; 1 of 20 pairs are kept in {tmp_path / '.run.pairs'}, and the same command goes "
        "on from there."
    )
    assert stopped.value.exit_code == 130


def test_a_study_stopped_before_its_first_pair_leaves_nothing(tmp_path):
    with pytest.raises(Interrupted, match="nothing is kept"), PairStore(tmp_path, "run"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_two_processes_do_not_work_on_the_same_run(tmp_path):
    with (
        PairStore(tmp_path, "run"),
        pytest.raises(InputError, match="under way in another process"),
        PairStore(tmp_path, "run"),
    ):
        pass
    with PairStore(tmp_path, "run"):
        pass


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="the folder cannot be written"), PairStore(file, "run"):
        pass


def test_progress_adds_up_over_processes(tmp_path):
    with PairStore(tmp_path, "run") as store:
        for other in (store, pickle.loads(pickle.dumps(store))):
            other.tick(52)
        store.tick(4)
        assert store.weeks_passed() == 108
