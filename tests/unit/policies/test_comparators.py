"""Comparators: who pays, who is paid, and what follows from the mechanism alone.

Reference: model specification §7.18, §8, §10.4; `millworks.programmes`.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from arms import arms
from millworks.errors import InvariantBreach
from millworks.policies.base import annuity
from millworks.policies.budgets import weekly_budget
from millworks.policies.registry import comparators, make_policies
from millworks.programmes.levy import INCOME_WEEKS
from millworks.world.accounts import FIRMS
from millworks.world.measures import State
from millworks.world.postings import OUTLAYS

WEEKS = 39
YEARLY = 5.2e6
"""USD a year: 100,000 a week, two hundredths of what the small district earns."""
WEEKLY = YEARLY / 52.0


def of_the_place(yearly: float) -> float:
    """What a scenario says of the whole place, USD a year, for so much in the small district."""
    return yearly / arms().model.scale


LEVIES = tuple(f"levy paid {letter}>G" for letter in FIRMS)


def week_of(model: Any) -> dict[str, Any]:
    """What programmes moved in a week, and what makers look like."""
    flows, makers, government = model.ledger.flows, model.population("M"), model.population("G")
    return {
        "levied": flows["levy withheld H>G"] + sum(flows[name] for name in LEVIES),
        "by_households": flows["levy withheld H>G"],
        "charged": sum(flows[f"levy charged {letter}>G"] for letter in FIRMS),
        "outlays": {name: flows[name] for name in OUTLAYS},
        "outlay": sum(flows[name] for name in OUTLAYS),
        "cost": dict(model.measures.cost),
        "funded": flows["programme funded X>G"],
        "fund": float(government.programme_fund[0]),
        "notes": float(government.notes[0]),
        "rate": float(government.levy_rate[0]),
        "interest": flows["notes interest G>X"],
        "subsidy": {k: model.population(k).subsidy.copy() for k in FIRMS},
        "rebate": model.population("H").rebate.copy(),
        "paid": {k: model.population(k).pay_levy.copy() for k in FIRMS},
        "withheld": model.population("H").levy.copy(),
        "pay": makers.wage_residents + makers.wage_commuters,
        "jobs": makers.jobs.copy(),
        "active": makers.status == 0,
        "unit_cost": makers.unit_cost.copy(),
        "price": makers.price.copy(),
        "output": sum(float(model.population(k).output.sum()) for k in FIRMS),
        "blocks": float(model.population("S").output.sum()),
        "taxes": sum(flows[f"taxes accrued {k}>{to}"] for k in FIRMS for to in "GX"),
        "spent": sum(flows[f"retail sales H>{k}"] for k in "RCX")
        + flows["household services H>S"]
        + flows["household services H>X"],
    }


@cache
def arm(name: str, **settings: Any) -> list[dict[str, Any]]:
    """39 weeks under a comparator of 5.2 million USD a year, or under nothing."""
    policies = {name: {"budget": of_the_place(YEARLY)} | settings} if name else {}
    return arms().follow(WEEKS, policies, each=week_of)


def total(weeks: list[dict[str, Any]], what: str) -> float:
    return float(sum(week[what] for week in weeks))


def test_there_are_the_four_comparators_of_the_specification():
    expected = {"placebo", "household_rebate", "untargeted_grant", "wage_subsidy"}
    assert set(comparators()) == expected


# --- the common budget


def test_the_common_budget_is_two_million_over_ten_years_for_hickory():
    """2,000,000 x .03 / (1 - 1.03^-10) = 234,461 USD a year."""
    assert annuity(2e6) == pytest.approx(234_461.0, rel=1e-5)


def test_the_common_budget_grows_with_what_makers_sell():
    study = arms()
    study.follow(0)
    model = study.model
    sales = 52.0 * float(model.population("M").base_output.sum())
    found = weekly_budget(None, State(model, 0))
    assert found == pytest.approx(annuity(2e6) / 52.0 * sales / 5.394e9, rel=1e-9)


def test_a_budget_is_that_of_the_whole_place_and_a_scale_model_has_its_part():
    """60 of Hickory's 510 makers spend 60/510 of it, so that figures scaled up say the budget."""
    model = arms().model
    assert model.scale == pytest.approx(60.0 / 510.0)
    found = weekly_budget(YEARLY, State(model, 0))
    assert found == pytest.approx(WEEKLY * 60.0 / 510.0, rel=1e-12)
    assert weekly_budget(of_the_place(YEARLY), State(model, 0)) == pytest.approx(WEEKLY)


# --- the levy


@pytest.mark.parametrize("name", comparators())
def test_a_levy_on_households_and_firms_pays_for_each(name):
    """Over 39 weeks it brings what is paid out, but for what firms have yet to pay."""
    weeks = arm(name)
    assert 0.0 < total(weeks, "by_households") < total(weeks, "levied")
    assert total(weeks, "funded") == 0.0
    assert total(weeks, "levied") == pytest.approx(total(weeks, "outlay"), rel=0.12)
    if name != "placebo":
        assert total(weeks, "outlay") == pytest.approx(WEEKS * WEEKLY, rel=0.02)


@pytest.mark.parametrize("name", comparators())
def test_what_was_levied_and_not_paid_out_lies_in_the_fund(name):
    weeks = arm(name)
    gained = total(weeks, "levied") - total(weeks, "outlay") - total(weeks, "interest")
    assert weeks[-1]["fund"] == pytest.approx(gained, abs=1e-3)
    for week in weeks:
        assert week["notes"] == pytest.approx(max(0.0, -week["fund"]), abs=1e-6)


@pytest.mark.parametrize("name", comparators())
def test_every_dollar_has_its_place_in_the_cost_of_the_policy(name):
    for week in arm(name):
        assert week["cost"].get(name, 0.0) == pytest.approx(week["outlay"], rel=1e-12)
        assert set(week["cost"]) <= {name}


def test_the_outside_pays_all_of_it_if_it_is_the_payer():
    weeks = arm("untargeted_grant", payer="outside")
    assert total(weeks, "levied") == 0.0
    for week in weeks:
        assert week["funded"] == pytest.approx(week["outlay"], rel=1e-12)
        assert week["notes"] == pytest.approx(0.0, abs=1e-6)


def test_the_base_of_the_levy_is_the_mean_income_almost_from_the_first_week():
    """So that a policy that starts early is not paid for several times over."""
    model = arms().model
    fresh = type(model)("hickory", makers=60, seed=3, check_every=0)
    incomes = []
    for _ in range(int(INCOME_WEEKS)):
        fresh.step()
        incomes.append(float(fresh.population("G").levy_base[0]))
    assert incomes[0] > 0.5 * incomes[-1]
    assert min(incomes[2:]) > 0.8 * incomes[-1]
    assert max(incomes) < 1.25 * incomes[-1]


def test_notes_bridge_until_the_levy_has_come_in_and_bear_interest():
    """Two years' budget in one week at an income too small for it: what lacks is borrowed."""
    weeks = arms().follow(
        30, {"untargeted_grant": {"budget": 1e10, "intensity": 4.0, "weeks": 1}}, each=week_of
    )
    assert weeks[0]["rate"] == 0.25
    assert weeks[0]["notes"] > 0.0
    assert total(weeks, "interest") > 0.0
    assert weeks[-1]["notes"] < weeks[1]["notes"]


# --- placebo


def test_the_placebo_returns_to_each_what_it_paid():
    for week in arm("placebo"):
        np.testing.assert_allclose(week["rebate"], week["withheld"], rtol=1e-12)
        for letter in FIRMS:
            np.testing.assert_allclose(week["subsidy"][letter], week["paid"][letter], rtol=1e-12)
        assert week["fund"] == pytest.approx(0.0, abs=1e-6)


def test_a_levy_that_is_returned_is_not_taxed_as_profit():
    """It was not deducted when it was charged. Taxed, it would cost firms a quarter of it."""
    nothing, placebo = arm(""), arm("placebo")
    returned = sum(float(week["subsidy"][k].sum()) for week in placebo for k in FIRMS)
    more = total(placebo, "taxes") - total(nothing, "taxes")
    assert returned > 0.2 * total(placebo, "outlay")
    assert abs(more) < 0.05 * returned


def test_beside_another_policy_the_placebo_returns_its_own_part_of_the_levy_only():
    """Half of what is announced is the placebo's, so half of the levy goes back and half is kept.

    The rebate is paid out of the other half, and no notes grow.
    """
    budget = {"budget": of_the_place(YEARLY)}
    both = {"placebo": budget, "household_rebate": budget}
    weeks = arms().follow(WEEKS, both, each=week_of)
    for week in weeks:
        assert week["cost"]["placebo"] == pytest.approx(0.5 * week["levied"], rel=1e-9)
        assert week["cost"]["household_rebate"] == pytest.approx(WEEKLY)
    assert weeks[-1]["notes"] <= max(week["notes"] for week in weeks[:13])


def test_the_placebo_moves_output_far_less_than_a_rebate_of_the_same_size_moves_spending():
    nothing, placebo = arm(""), arm("placebo")
    effect = (total(placebo, "output") - total(nothing, "output")) / total(placebo, "outlay")
    assert abs(effect) < 0.5
    assert abs(total(placebo, "output") / total(nothing, "output") - 1.0) < 1e-3


# --- rebate


def test_the_rebate_goes_to_residents_and_is_spent():
    """Paid from outside, so that no levy takes away elsewhere what is given here."""
    nothing, rebate = arm(""), arm("household_rebate", payer="outside")
    for week in rebate:
        assert week["rebate"][0] == pytest.approx(WEEKLY)
        assert week["rebate"][1] == 0.0
        assert week["outlay"] == pytest.approx(WEEKLY)
    more = total(rebate, "spent") - total(nothing, "spent")
    assert 0.5 * WEEKS * WEEKLY < more < 1.5 * WEEKS * WEEKLY
    assert total(rebate, "output") > total(nothing, "output")


# --- grant


def test_the_grant_is_an_equal_sum_per_worker_of_every_maker():
    """Jobs of the week before say who gets how much."""
    weeks = arm("untargeted_grant")
    for before, week in pairwise(weeks):
        paid, jobs = week["subsidy"]["M"], np.where(before["active"], before["jobs"], 0.0)
        np.testing.assert_allclose(paid, WEEKLY * jobs / jobs.sum(), rtol=1e-9)
        assert all(not week["subsidy"][letter].any() for letter in "PRCS")


def test_the_grant_for_some_sizes_reaches_makers_of_these_sizes_only():
    study = arms()
    weeks = study.follow(
        3,
        {"untargeted_grant": {"budget": of_the_place(YEARLY), "sizes": ["10-19", "20-99"]}},
        each=week_of,
    )
    size = study.model.population("M").size_class
    paid = weeks[-1]["subsidy"]["M"]
    assert paid[(size == 2) | (size == 3)].sum() == pytest.approx(WEEKLY)
    assert not paid[(size != 2) & (size != 3)].any()


# --- wage subsidy


def test_the_wage_subsidy_bears_the_same_part_of_every_makers_pay():
    for week in arm("wage_subsidy"):
        paying = week["active"] & (week["pay"] > 0.0)
        part = week["subsidy"]["M"][paying] / week["pay"][paying]
        np.testing.assert_allclose(part, part[0], rtol=1e-9)
        assert 0.0 < part[0] < 0.5
        assert all(not week["subsidy"][letter].any() for letter in "PRCS")


def test_the_wage_subsidy_never_bears_more_than_half():
    weeks = arms().follow(3, {"wage_subsidy": {"budget": 1e10}}, each=week_of)
    paying = weeks[-1]["pay"] > 0.0
    part = (weeks[-1]["subsidy"]["M"][paying] / weeks[-1]["pay"][paying]).max()
    assert part == pytest.approx(0.5)


def test_the_wage_subsidy_lowers_the_cost_of_a_unit_and_with_it_the_price():
    nothing, subsidy = arm(""), arm("wage_subsidy", payer="outside")
    both = nothing[-1]["active"] & subsidy[-1]["active"]
    cost = subsidy[-1]["unit_cost"][both] / nothing[-1]["unit_cost"][both]
    price = subsidy[-1]["price"][both] / nothing[-1]["price"][both]
    assert float(np.median(cost)) < 0.999
    assert float(np.median(price)) < 0.9995
    assert float(np.median(cost)) < float(np.median(price))


def test_the_pay_of_workers_is_theirs_with_or_without_the_subsidy():
    """In the first week nothing else has moved yet but a levy of a few dollars in a million."""
    nothing, subsidy = arm(""), arm("wage_subsidy")
    assert subsidy[0]["subsidy"]["M"].sum() > 0.01 * subsidy[0]["pay"].sum()
    np.testing.assert_allclose(subsidy[0]["pay"], nothing[0]["pay"], rtol=1e-5)


@pytest.mark.parametrize("name", comparators())
def test_twice_the_intensity_pays_out_twice_as_much(name):
    once = arm(name, payer="outside" if name != "placebo" else "levy")
    twice = arm(name, payer="outside" if name != "placebo" else "levy", intensity=2.0)
    assert total(twice, "outlay") == pytest.approx(2.0 * total(once, "outlay"), rel=0.03)


def test_no_comparator_takes_overhead_for_itself():
    assert not any(policy.has_overhead for policy in make_policies({n: {} for n in comparators()}))


# --- the identity of programmes (I13)


def breaks_cost(model: Any) -> None:
    model.measures.cost["untargeted_grant"] += 1_000.0


def breaks_fund(model: Any) -> None:
    model.population("G").programme_fund[0] += 1_000.0


def breaks_receipt(model: Any) -> None:
    model.population("M").subsidy[0] += 1_000.0


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (breaks_cost, "I13: programmes: outlays and their cost by policy"),
        (breaks_fund, "I13: programmes: change of the fund"),
        (breaks_receipt, "I4: programme subsidy G>M"),
    ],
)
def test_a_programme_dollar_without_payer_or_payee_stops_the_run(plant, named):
    study = arms()
    study.follow(2, {"untargeted_grant": {"payer": "outside"}})
    model = study.model
    stages, worst = model.stages, dict(model.invariants.worst)
    model.stages = (*stages, plant)
    try:
        with pytest.raises(InvariantBreach, match=named):
            model.step()
    finally:
        # Others follow arms of this model and ask for the largest residual of their own.
        model.stages, model.invariants.worst = stages, worst
