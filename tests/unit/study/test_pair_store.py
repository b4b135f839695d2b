"""Finished arms are kept whole, by rules that have not changed, by one process at a time."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from millworks.errors import InputError, OutputError
from millworks.study.arms import ArmRun
from millworks.study.pair_store import GUARD, Interrupted, PairStore
from millworks.study.run_figures import ArmRecord

ONE, OTHER = "0123456789", "abcdef0123"


def run(value: float) -> ArmRun:
    record = ArmRecord(np.full((4, 3), value / 3), np.zeros((52, 2)))
    return ArmRun(record, {"makers": 40}, 0.1, 1e-14)


def test_what_is_kept_comes_back_bit_by_bit(tmp_path):
    with PairStore(tmp_path, "run") as store:
        pickle.loads(pickle.dumps(store)).keep(7, ONE, run(7.0))
        store.keep(7, OTHER, run(8.0))
        found = store.read(7, ONE)
        assert len(store) == 2
        assert np.array_equal(store.read(7, OTHER).record.periods, run(8.0).record.periods)
    assert (found.counts, found.scale, found.residual) == ({"makers": 40}, 0.1, 1e-14)
    assert found.around is None
    assert np.array_equal(found.record.periods, run(7.0).record.periods)
    assert found.record.weeks == 52


def test_an_arm_that_is_not_there_or_was_cut_off_is_run_again(tmp_path):
    with PairStore(tmp_path, "run") as store:
        assert store.read(7, ONE) is None
        assert not store.has(7, ONE)
        store.keep(7, ONE, run(7.0))
        assert store.has(7, ONE)
        file = store.folder / f"seed-7-{ONE}.npz"
        file.write_bytes(file.read_bytes()[:300])
        assert store.read(7, ONE) is None


def test_arms_of_other_rules_are_thrown_away(tmp_path):
    with PairStore(tmp_path, "run") as store:
        store.keep(7, ONE, run(7.0))
        store.keep_start(7, {"week": 3})
        (store.folder / GUARD).write_text("the hash of other rules", encoding="utf-8")
    with PairStore(tmp_path, "run") as store:
        assert len(store) == 0
        assert not store.has_start(7)
        store.keep(8, ONE, run(8.0))
    with PairStore(tmp_path, "run") as store:
        assert store.read(8, ONE) is not None


def test_the_world_at_the_end_of_a_burn_in_comes_back_bit_by_bit(tmp_path):
    state = {
        "week": 3,
        "numbers": {"wage": 0.1 + 0.2, "never": float("inf"), "missing": float("nan")},
        "districts": [{"cash": np.array([1.5, np.nan])}, {"cash": np.arange(3)}],
    }
    with PairStore(tmp_path, "run") as store:
        assert store.read_start(7) is None
        with store.only_one(7):
            store.keep_start(7, state)
        found = store.read_start(7)
        store.forget_start(7)
        assert not store.has_start(7)
    assert found["week"] == 3
    assert found["numbers"]["wage"] == 0.1 + 0.2
    assert found["numbers"]["never"] == float("inf")
    assert np.isnan(found["numbers"]["missing"])
    for kept, was in zip(found["districts"], state["districts"], strict=True):
        assert kept["cash"].dtype == was["cash"].dtype
        assert np.array_equal(kept["cash"], was["cash"], equal_nan=kept["cash"].dtype == float)


def test_ctrl_c_says_how_many_runs_are_kept_and_how_to_go_on(tmp_path):
    store = PairStore(tmp_path, "run")
    with pytest.raises(Interrupted) as stopped, store:
        store.planned = 20
        store.keep(7, ONE, run(7.0))
        raise KeyboardInterrupt
    assert str(stopped.value) == (
        f"stopped; 1 of 20 runs are kept in {tmp_path / '.run.pairs'}, and the same command goes "
        "on from there."
    )
    assert stopped.value.exit_code == 130


def test_a_study_stopped_before_its_first_run_leaves_nothing(tmp_path):
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
