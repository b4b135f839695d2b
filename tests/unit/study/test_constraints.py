"""Which limit stops which orders, and what relaxing one of them is worth."""

from __future__ import annotations

import json

import numpy as np
import pytest

from millworks.agents.producer import REASONS
from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.parameters import load_parameters, register
from millworks.study import constraints
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Workers, run_battery
from millworks.study.many_arms import ONE_PAIR, facts
from millworks.study.pair_store import PairStore
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.relaxations import MOST_ADVANCED, NO_EXPERIMENT, RELAXATIONS
from millworks.study.run_figures import Window

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 26, "study.burn_in": 10}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("constraints")
    config = compose("constraints", SMALL, ["relaxed=0.2"], packaged_scenarios())
    with PairStore(folder, "run") as store:
        result = constraints.run(config, store, Workers(), lambda done, total, label: None)
    constraints.write(folder, result)
    return result, folder


def by_reason(reason: str):
    return next(one for one in RELAXATIONS if one.reason == reason)


# --- relaxations


def test_every_reason_is_relaxed_or_said_not_to_be():
    assert {one.reason for one in RELAXATIONS} | set(NO_EXPERIMENT) == set(REASONS)
    assert not {one.reason for one in RELAXATIONS} & set(NO_EXPERIMENT)


def test_a_relaxation_moves_parameters_that_the_week_reads():
    """A parameter that only the start reads would move nothing in an arm."""
    base = load_parameters()
    for one in RELAXATIONS:
        for key, value in one.world(base, 0.1):
            assert value != base[key]
            assert set(register()[key].stage.split()) - {"start"}, key


def test_a_tenth_more_is_a_tenth_more_of_the_limit():
    base = load_parameters()
    floor = dict(by_reason("space").world(base, 0.1))["floor_reserve"]
    assert 1.0 + floor == pytest.approx(1.1 * (1.0 + base.floor_reserve))
    use = dict(by_reason("capacity").world(base, 0.1))["use_target"]
    assert 1.0 / use == pytest.approx(1.1 / base.use_target)
    assert dict(by_reason("inputs").world(base, 0.1))["cover_in"] == pytest.approx(
        1.1 * base.cover_in
    )


def test_no_lender_advances_more_than_its_bound():
    moved = dict(by_reason("cash").world(load_parameters(), 1.0))
    assert moved["adv_AR"] == MOST_ADVANCED
    assert moved["adv_IN"] == pytest.approx(0.8)
    assert moved["cards"] == pytest.approx(0.04)


def test_relaxing_by_nothing_moves_no_parameter():
    base = load_parameters()
    for one in RELAXATIONS:
        for key, value in one.world(base, 0.0):
            assert value == pytest.approx(base[key], rel=1e-12), key


def test_parameters_of_the_world_as_they_are_change_nothing_to_the_last_bit(tmp_path):
    """The experiments are what they move and nothing else: an arm with the same values is equal."""
    config = compose("constraints", SMALL | {"study.pairs": 1}, [], packaged_scenarios())
    base = config.world.values()
    keys = {key for one in RELAXATIONS for key, _ in one.world(base, 0.1)}
    same = Arm({}, {}, world=tuple((key, base[key]) for key in sorted(keys)))
    with PairStore(tmp_path, "run") as store:
        battery = run_battery(config, {"same": same}, store, Workers(), lambda *told: None)
    assert battery.paths("same").tobytes() == battery.paths(BASELINE).tobytes()
    assert battery.difference("same", "refused").tolist() == [0.0]


# --- shares


def window() -> Window:
    """Two pairs: 100 and 300 units ordered of the smallest makers, 10 and 60 refused for cash."""
    names = [
        f"{name}@{size}"
        for size in SIZE_CLASSES
        for name in ("orders", *(f"refused_{reason}" for reason in REASONS))
    ]
    columns = {name: place for place, name in enumerate(names)}
    sums = np.zeros((2, len(names)))
    sums[:, columns["orders@<5"]] = 100.0, 300.0
    sums[:, columns["refused_cash@<5"]] = 10.0, 60.0
    sums[:, columns["refused_space@<5"]] = 2.0, 6.0
    return Window(sums, columns, 26.0, 1.0)


def test_a_share_is_the_mean_over_pairs_of_refused_over_ordered():
    """10 % and 20 % for cash, 2 % of each for space."""
    shares = {
        (one.reason, one.size_class): one.share
        for one in constraints.refused_shares(window(), 0.95)
    }
    assert shares["cash", "<5"].mean == pytest.approx(0.15)
    assert shares["cash", "all"].mean == pytest.approx(0.15)
    assert shares["all", "<5"].mean == pytest.approx(0.17)
    assert shares["space", "<5"].low == pytest.approx(0.02)
    assert shares["capacity", "<5"].mean == 0.0


def test_no_share_is_said_to_be_below_zero_or_above_all():
    """The interval of two pairs, 1 % to 60 % for cash, would begin far below zero."""
    for one in constraints.refused_shares(window(), 0.95):
        if one.share.mean is not None:
            assert 0.0 <= one.share.low <= one.share.mean <= one.share.high <= 1.0


def test_makers_without_orders_have_no_share():
    shares = {
        (one.reason, one.size_class): one.share
        for one in constraints.refused_shares(window(), 0.95)
    }
    assert shares["all", "500+"].mean is None


# --- a run


def test_reasons_add_up_to_all_that_is_refused(run):
    """Eight codes and no remainder, in every size class."""
    result, _ = run
    for size in ("all", *SIZE_CLASSES):
        total = result.share("all", size)
        if total.mean is not None:
            parts = sum(result.share(reason, size).mean for reason in REASONS)
            assert parts == pytest.approx(total.mean, rel=1e-9, abs=1e-15)


def test_the_smallest_makers_refuse_more_than_large_ones(run):
    result, _ = run
    assert result.share("all", "<5").mean > result.share("all", "20-99").mean > 0.0


def test_shares_of_the_baseline_are_those_of_the_usual_sums(run):
    """The share refused for all reasons is the baseline of the quantity `refused`."""
    result, _ = run
    usual = result.relaxed[0].refused.baseline
    assert result.share("all").mean == pytest.approx(usual, rel=1e-12)


def test_more_of_a_limit_stops_fewer_orders_for_it(run):
    """What has an immediate effect within half a year: hands that follow orders faster."""
    result, _ = run
    labour = next(one for one in result.relaxed if one.reason == "labour")
    assert labour.own_reason.mean < 0.0
    assert labour.parameters == (("eta_h", 0.15, pytest.approx(0.18)),)
    assert labour.what == "hands follow orders 20% faster"


def test_what_is_in_force_in_every_arm_is_noted(tmp_path):
    small = SMALL | {"study.pairs": 1}
    words = ["shock=recession", "policy=hub"]
    config = compose("constraints", small, words, packaged_scenarios())
    arms = {name: constraints.arms_of(config)[name] for name in (BASELINE, "labour relaxed")}
    with PairStore(tmp_path, "run") as store:
        battery = run_battery(config, arms, store, Workers(), lambda *told: None)
    notes = facts(battery, constraints.COMMAND)["notes"]
    assert notes == (ONE_PAIR, "In force in every arm, the baseline too: hub, recession.")


def test_relaxing_costs_the_public_nothing(run):
    """It is no policy: no arm has an outlay or a levy."""
    result, _ = run
    spent = result.tidy.filter(result.tidy["quantity"].is_in(["outlay", "levy", "public_cost"]))
    assert len(spent) > 0
    assert spent["value"].abs().max() == 0.0


def test_the_folder_has_the_contract_and_a_row_per_limit(run):
    result, folder = run
    summary = json.loads((folder / "summary.json").read_text())
    assert {"effects", "checks", "verdict", "worth", "left_out"} <= set(summary)
    assert set(summary["left_out"]) == {"shipping", "hub_queue"}
    assert len((folder / "relaxed.csv").read_text().splitlines()) == 1 + len(RELAXATIONS)
    assert len((folder / "refused.csv").read_text().splitlines()) == 1 + 7 * 9
    assert result.arms == 1 + len(RELAXATIONS)
