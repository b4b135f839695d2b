"""Benefits over costs: by hand on made-up sums, and in worlds where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study.arms import Arm
from millworks.study.around import QUANTITIES
from millworks.study.battery import BASELINE, Workers, run_battery
from millworks.study.benefit_cost import (
    AROUND_LABOUR,
    AROUND_VALUE_ADDED,
    EVALUATION,
    LOCAL,
    NATIONAL,
    OF_ALL,
    Evaluation,
    benefit_cost,
    benefit_effects,
    costs_with_funds,
    evaluation_rows,
    range_of_ratio,
)
from millworks.study.pair_store import PairStore
from millworks.study.quantities import BENEFIT_QUANTITIES
from millworks.study.run_figures import Window
from millworks.study.run_measures import COST, columns_of

SMALL = {"makers": 40, "study.pairs": 2, "study.weeks": 52, "study.burn_in": 26}
PLACEBO = {"placebo": {"budget": 234_000.0}}
REBATE = {"household_rebate": {"budget": 234_000.0}}


def sums(lever: str = "", pairs: int = 2, **columns: float) -> Window:
    """One period of a week [pairs, 1, columns], all zero but for what is named."""
    names = columns_of((lever,) if lever else ())
    places = {name: place for place, name in enumerate(names)}
    table = np.zeros((pairs, 1, len(names)))
    for name, value in columns.items():
        table[..., places[COST + lever if name == "paid" else name]] = value
    return Window(table, places, np.array([1]), 0.5)


BASE = {
    "pay_residents": 1000.0,
    "pay_taxes": 200.0,
    "labour_residents": 1000.0,
    "consumption": 900.0,
    "consumption_base": 900.0,
    "owners_income": 300.0,
    "local_tax": 80.0,
}


def test_the_formula_of_the_specification_by_hand():
    """Labour up by 100, at .88 after tax that was .80; prices up by 1 %; a scale of one half."""
    policy = sums(
        "lever",
        pay_residents=1210.0,
        pay_taxes=242.0,
        labour_residents=1100.0,
        consumption=909.0,
        consumption_base=900.0,
        owners_income=350.0,
        local_tax=95.0,
        rebates=7.0,
        cost_present=40_000.0,
        resource_cost_present=50_000.0,
        paid=40_000.0,
        outlay_by_levy=40_000.0,
    )
    found = benefit_cost(policy, sums(**BASE), 0.95)[LOCAL]
    expected = {
        "new_work": 0.55 * 0.88 * 100.0,
        "better_pay": 0.08 * 1000.0,
        "owners": 50.0,
        "prices": -0.01 * 900.0,
        "handed_over": 7.0,
        "local_tax": 15.0,
    }
    for name, value in expected.items():
        assert found.parts[name] == pytest.approx(np.full(2, value / 0.5)), name
    assert found.benefit == pytest.approx(sum(found.parts.values()))
    assert found.cost == pytest.approx(np.full(2, 80_000.0 * 1.25))
    assert found.ratio.mean == pytest.approx(sum(expected.values()) / 0.5 / 100_000.0)


def test_time_that_is_worth_nothing_otherwise_leaves_the_whole_change_of_pay():
    """New work and better pay are the change of pay after tax, cut in two without a remainder."""
    policy = sums(**{**BASE, "pay_residents": 1300.0, "labour_residents": 1150.0})
    found = benefit_cost(policy, sums(**BASE), 0.95, Evaluation(omega=0.3))[LOCAL].parts
    assert found["new_work"] / 0.7 + found["better_pay"] == pytest.approx(np.full(2, 600.0))


def test_only_what_a_levy_pays_for_costs_more_than_it_raises():
    outside = sums("lever", cost_present=10.0, resource_cost_present=12.0, paid=10.0)
    half = sums("lever", cost_present=10.0, paid=10.0, outlay_by_levy=5.0)
    nothing = sums()
    assert costs_with_funds(outside, nothing)[0] == pytest.approx([20.0, 20.0])
    assert costs_with_funds(outside, nothing)[1] == pytest.approx([24.0, 24.0])
    assert costs_with_funds(half, nothing)[0] == pytest.approx([22.5, 22.5])


def test_later_benefits_count_less():
    """Two periods of 26 weeks a year apart on average are discounted by the mean of their weeks."""
    names = columns_of(())
    table = np.zeros((1, 40, len(names)))
    table[0, 39, names.index("owners_income")] = 1.0
    places = {name: place for place, name in enumerate(names)}
    weeks = np.full(40, 13.0)
    late = Window(table, places, weeks, 1.0)
    before = Window(np.zeros_like(table), places, weeks, 1.0)
    middle = 39 * 13 + 6
    found = benefit_cost(late, before, 0.95)[LOCAL].benefit
    assert found == pytest.approx([1.03 ** (-middle / 52)], rel=1e-4)


def test_sales_won_at_the_same_price_give_the_nation_nothing():
    """What the district's value added, wear and labour gain, the rest of the US loses."""
    here = sums("lever", district_value_added=100.0, labour=60.0)
    moved = sums("lever", district_value_added=100.0, labour=60.0, us_value_added=-100.0,
                 us_labour=-60.0)  # fmt: skip
    assert benefit_cost(here, sums(), 0.95)[NATIONAL].benefit == pytest.approx(146.0)
    assert benefit_cost(moved, sums(), 0.95)[NATIONAL].benefit == pytest.approx(0.0)


def test_a_ring_takes_the_place_of_the_rest_of_the_us():
    assert QUANTITIES.index("value_added") == AROUND_VALUE_ADDED
    assert QUANTITIES.index("labour_income") == AROUND_LABOUR
    after, before = np.zeros((2, 1, 8)), np.zeros((2, 1, 8))
    after[..., [1, 2, 5, 6]] = [-10.0, -4.0, -20.0, -8.0]
    policy = sums("lever", us_value_added=-999.0, us_labour=-999.0)
    found = benefit_cost(policy, sums(), 0.95, around=(after, before))[NATIONAL].parts
    assert found["made_elsewhere"] == pytest.approx(np.full(2, -30.0))
    assert found["time"] == pytest.approx(np.full(2, 0.45 * 12.0))


def test_a_cost_that_is_small_or_a_gain_has_no_ratio():
    for cost in (-50_000.0, 0.0, 4_000.0):
        policy = sums("lever", owners_income=400.0, cost_present=cost)
        found = benefit_cost(policy, sums(), 0.95)
        assert found[LOCAL].ratio is None
        assert found[LOCAL].benefit == pytest.approx(np.full(2, 800.0))


def test_evaluation_parameters_stay_inside_their_range():
    for key, spec in EVALUATION.items():
        assert spec.low < spec.default < spec.high
        with pytest.raises(InputError, match=f"{key} = .*between"):
            Evaluation(**{key: spec.high + 0.1})
    assert [row["key"] for row in evaluation_rows()] == list(EVALUATION)


def test_the_range_of_a_ratio_holds_the_usual_one():
    columns = BASE | {"labour_residents": 1200.0, "pay_residents": 1300.0}
    policy = sums("lever", **columns, cost_present=40_000.0, paid=1.0, outlay_by_levy=1.0)
    low, high = range_of_ratio(policy, sums(**BASE), 0.95)
    usual = benefit_cost(policy, sums(**BASE), 0.95)[LOCAL].ratio.mean
    assert low < usual < high
    assert range_of_ratio(sums(**BASE), sums(**BASE), 0.95) is None


@pytest.fixture(scope="module")
def battery(tmp_path_factory):
    config = compose("run", SMALL, [], packaged_scenarios(), scenario="hickory_placebo")
    arms = {
        "nothing": Arm({"placebo": {"budget": 234_000.0, "intensity": 0.0}}, {}),
        "placebo": Arm(PLACEBO, {}),
        "rebate": Arm(REBATE, {}),
    }
    with PairStore(tmp_path_factory.mktemp("benefit"), "run") as store:
        return run_battery(config, arms, store, Workers(), lambda done, total, label: None)


def compared(battery, name: str):
    return benefit_cost(battery.by_period(name), battery.by_period(BASELINE), 0.95)


def test_a_policy_of_size_zero_has_no_benefit_and_no_cost(battery):
    found = compared(battery, "nothing")
    for version in (LOCAL, OF_ALL, NATIONAL):
        assert not found[version].benefit.any()
        assert not found[version].cost.any()
        assert found[version].ratio is None


def test_a_placebo_gives_back_what_it_took_and_no_more(battery):
    """Before the levy residents gain what comes back to them, which is part of the cost."""
    found = compared(battery, "placebo")[LOCAL]
    net = found.benefit.mean() - found.cost.mean() / 1.25
    back = found.parts["owners"] + found.parts["handed_over"]
    assert 0.6 < (back / (found.cost / 1.25)).mean() <= 1.0
    assert abs(net) < 0.4 * found.cost.mean()


def test_a_rebate_is_worth_what_is_handed_over_and_what_it_sets_in_motion(battery):
    found = compared(battery, "rebate")
    paid = found[LOCAL].cost / 1.25
    assert found[LOCAL].parts["handed_over"] == pytest.approx(paid, rel=0.1)
    nation = found[NATIONAL].parts["handed_over"]
    assert nation == pytest.approx(found[LOCAL].parts["handed_over"])
    assert found[NATIONAL].cost == pytest.approx(found[LOCAL].cost)


def test_effects_are_declared_and_name_their_version(battery):
    found = benefit_effects(battery.by_period("rebate"), battery.by_period(BASELINE), 0.95)
    assert [effect.quantity for effect in found] == list(BENEFIT_QUANTITIES)
    assert [effect.region for effect in found] == ["local", "local", "local", "national"]
    assert [effect.effect for effect in found] == ["level", "ratio", "ratio", "ratio"]
    benefit = compared(battery, "rebate")[LOCAL].benefit
    assert found[0].mean == pytest.approx(benefit.mean())
