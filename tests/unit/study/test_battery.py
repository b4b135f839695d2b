"""Many arms of one world: run once each, by whoever, and set against each other pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Workers, run_battery
from millworks.study.pair_store import PairStore
from millworks.study.workers import Piece, pieces_of

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 26, "study.burn_in": 10}
SILENT = lambda done, total, label: None  # noqa: E731


def config():
    return compose(
        "run", SMALL, ["policy=household_rebate"], packaged_scenarios(), scenario="hickory_placebo"
    )


@pytest.fixture(scope="module")
def rebate() -> Arm:
    return Arm({"household_rebate": config().policies["household_rebate"]}, {}, 234_000.0)


@pytest.fixture(scope="module")
def battery(tmp_path_factory, rebate):
    with PairStore(tmp_path_factory.mktemp("battery"), "run") as store:
        return run_battery(config(), {"rebate": rebate}, store, Workers(), SILENT)


def test_the_baseline_is_there_without_being_asked_for(battery):
    assert battery.names == (BASELINE, "rebate")
    assert battery.pairs == 2
    assert not battery.difference(BASELINE, "output").any()
    assert battery.difference("rebate", "public_cost").min() > 0.0


def test_an_even_levy_takes_the_same_every_week(battery):
    """The sum asked for a year, smoothed or needed as outlays may be."""
    levied = battery.by_period("rebate").of("levy") / battery.scale
    assert levied[:, 1] == pytest.approx(234_000.0 / 4.0, rel=0.25)
    assert not battery.by_period(BASELINE).of("levy").any()


def test_arms_cut_among_processes_are_those_of_one_and_nothing_is_run_twice(
    battery, tmp_path, rebate
):
    with PairStore(tmp_path, "run") as store:
        first = run_battery(config(), {"rebate": rebate}, store, Workers(), SILENT, pairs=[0])
        weeks = store.weeks_passed()
        assert weeks == 10 + 2 * 26
        again = run_battery(config(), {"rebate": rebate}, store, Workers(2), SILENT)
        assert store.weeks_passed() == 2 * weeks
        assert again.pairs_run == 1
        assert not list(store.folder.glob("burn-in-*.npz"))
    assert np.array_equal(again.periods("rebate"), battery.periods("rebate"))
    assert np.array_equal(first.periods("rebate")[0], battery.periods("rebate")[0])


def test_pieces_of_work_shrink_to_single_arms_and_leave_nothing_out():
    missing = {1: range(20), 2: range(20), 3: [4, 7]}
    pieces = pieces_of(missing, 2)
    assert pieces[0] == Piece(1, tuple(range(10)))
    assert pieces[-1].places == (7,)
    done = [(piece.seed, place) for piece in pieces for place in piece.places]
    assert done == [(seed, place) for seed, places in missing.items() for place in places]
    assert pieces_of({1: range(5)}, 1) == [Piece(1, tuple(range(5)))]
