"""What a dollar does as a policy grows: present values, steps, and where a curve saturates."""

from __future__ import annotations

import json

import numpy as np
import pytest

from millworks.agents.producer import REASONS
from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study import size_curve
from millworks.study.battery import Workers
from millworks.study.pair_store import PairStore
from millworks.study.run_results import Effect
from millworks.study.size_files import write
from millworks.study.size_results import GROWS, NEVER, NO_COST, NO_GAIN, Step

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 26, "study.burn_in": 10}
NOISE = np.array([-0.1, 0.0, 0.1, 0.05, -0.05])


def config(*words: str):
    return compose("sizes", SMALL, list(words), packaged_scenarios())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A grant in proportion to its size, and credit whose advance is capped; with its folder."""
    folder = tmp_path_factory.mktemp("sizes")
    with PairStore(folder, "run") as store:
        result = size_curve.run(
            config("policy=untargeted_grant,inventory_finance"),
            store,
            Workers(),
            lambda done, total, label: None,
        )
    write(folder, result)
    return result, folder


def curve_of(result, name):
    return next(curve for curve in result.curves if curve.name == name)


# --- formulas


def test_a_flow_is_worth_less_the_later_it_comes():
    """52 USD a year in the first week is 1 USD; a year later it is 1 / 1.03."""
    path = np.zeros((2, 53))
    path[0, 0] = path[1, 52] = 52.0
    assert size_curve.present_value(path) == pytest.approx([1.0, 1.0 / 1.03])


def around(*means: float) -> list[np.ndarray]:
    """Values of five pairs with these means; pairs differ alike in all, so that steps are clear."""
    return [mean + (mean != 0.0) * NOISE for mean in means]


def test_a_curve_that_gains_at_every_step_does_not_saturate():
    ending = size_curve.ending_of(around(1, 2, 4), around(1, 2, 4), 0.95)
    assert ending == (GROWS, None)


def test_a_curve_saturates_where_neither_gain_nor_cost_grows():
    assert size_curve.ending_of(around(1, 2, 2), around(1, 2, 2), 0.95) == (NO_COST, 1)


def test_money_that_shows_no_more_effect_is_told_from_money_that_nobody_takes():
    assert size_curve.ending_of(around(1, 2, 2), around(1, 2, 4), 0.95) == (NO_GAIN, 1)


def test_a_policy_that_gains_nowhere_has_no_size_to_saturate_at():
    none = [np.array([-1.0, 1.0, -2.0, 2.0, 0.5])] * 3
    assert size_curve.ending_of(none, around(1, 2, 3), 0.95) == (NEVER, None)
    assert size_curve.ending_of(around(-3, -2, -1), around(1, 2, 3), 0.95) == (NEVER, None)


def test_a_size_that_is_not_told_to_gain_is_none_to_saturate_at():
    """The first is drowned in luck and the third in nothing: the curve ends at the second."""
    unclear = 1.0 + 50.0 * NOISE
    gains = [unclear, *around(2, 2)]
    assert size_curve.ending_of(gains, around(1, 2, 3), 0.95) == (NO_GAIN, 1)


def step(low: float, high: float, mean: float) -> Step:
    end = abs(mean)
    found = Effect("value_added", "marginal", "local", "all", "USD", None, mean, 0.1, -end, end, 5)
    return Step(low, high, found, found, found)


def test_sizes_that_differ_in_nothing_are_named_from_the_first():
    assert size_curve.same_from([step(0.5, 1, 3.0), step(1, 2, 0.0), step(2, 4, 0.0)]) == 1
    assert size_curve.same_from([step(0.5, 1, 0.0), step(1, 2, 3.0)]) is None


def test_sizes_stay_within_the_largest_intensity():
    assert size_curve.sizes_of("hub", {"intensity": 1.0}) == (0.25, 0.5, 1.0, 2.0, 4.0)
    assert size_curve.sizes_of("hub", {"intensity": 2.0}) == (0.25, 0.5, 1.0, 2.0)
    with pytest.raises(InputError, match="intensity is 0"):
        size_curve.sizes_of("hub", {"intensity": 0.0})


def test_a_policy_that_costs_nothing_has_no_figure_per_dollar():
    """Nor one whose cost cannot be told from zero: the ratio could be anything."""
    gained = np.array([1e6, 2e6, 3e6])
    assert size_curve._per(gained, np.zeros(3), 0.95) is None
    assert size_curve._per(gained, np.array([-3e6, 4e6, 2e6]), 0.95) is None
    clear = size_curve._per(gained, np.array([1e6, 1e6, 1e6]), 0.95)
    assert clear.mean == pytest.approx(2.0)


# --- a run


def test_a_grant_costs_in_proportion_to_its_size(run):
    result, _ = run
    curve = curve_of(result, "untargeted_grant")
    costs = [one.cost.mean for one in curve.sizes]
    assert costs == pytest.approx([size * costs[2] for size in size_curve.SIZES], rel=0.02)
    assert [one.spent for one in curve.sizes] == pytest.approx([1.0] * 5, rel=0.02)


def test_per_dollar_is_the_ratio_of_what_is_gained_and_what_it_costs(run):
    result, _ = run
    for one in curve_of(result, "untargeted_grant").sizes:
        assert one.per_dollar.mean == pytest.approx(one.gained.mean / one.cost.mean)


def test_steps_add_up_to_what_the_largest_size_gains_and_costs(run):
    result, _ = run
    for curve in result.curves:
        for key in ("gained", "cost"):
            steps = sum(getattr(step, key).mean for step in curve.steps)
            ends = [getattr(one, key).mean for one in (curve.sizes[0], curve.sizes[-1])]
            assert steps == pytest.approx(ends[1] - ends[0], rel=1e-9, abs=1e-3)


def test_an_advance_at_its_bound_changes_nothing_any_more(run):
    """Inventory finance is capped at 90 %: beyond one and a half times its size nothing moves."""
    result, _ = run
    curve = curve_of(result, "inventory_finance")
    assert curve.same_from is not None
    assert curve.same_from <= 2.0
    assert curve.steps[-1].same
    assert curve.at(2.0).users.mean == curve.at(4.0).users.mean > 0.0


def test_users_are_counted_in_the_whole_place(run):
    """A grant to every maker, unasked: all that trade use it, at every size."""
    result, _ = run
    used = [one.users.mean for one in curve_of(result, "untargeted_grant").sizes]
    assert used[0] * result.scale == pytest.approx(result.makers, rel=0.1)


def test_neither_users_nor_shares_are_said_to_be_below_zero(run):
    result, _ = run
    for curve in result.curves:
        for one in curve.sizes:
            shares = [found.share for found in one.reasons]
            assert all(effect.low >= 0.0 for effect in (one.users, *shares))
            assert all(share.high <= 1.0 for share in shares)


def test_reasons_of_a_size_add_up_to_the_orders_refused_there(run):
    result, _ = run
    for curve in result.curves:
        for one in curve.sizes:
            assert [found.reason for found in one.reasons] == list(REASONS)
            total = sum(found.share.mean for found in one.reasons)
            assert total == pytest.approx(one.refused.baseline + one.refused.mean, rel=1e-9)
            change = sum(found.change.mean for found in one.reasons)
            assert change == pytest.approx(one.refused.mean, rel=1e-6, abs=1e-12)


def test_the_folder_has_the_contract_and_a_row_per_size(run):
    result, folder = run
    summary = json.loads((folder / "summary.json").read_text())
    assert {"effects", "checks", "verdict", "curves"} <= set(summary)
    assert len((folder / "sizes.csv").read_text().splitlines()) == 1 + 10
    assert len((folder / "steps.csv").read_text().splitlines()) == 1 + 8
    assert len((folder / "reasons.csv").read_text().splitlines()) == 1 + 10 * len(REASONS)
    assert result.arms == 11
