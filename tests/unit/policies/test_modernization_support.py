"""Modernization support: who is drawn, what is granted, who pays, and that nothing else moves.

Rules by hand: `tests/unit/agents/test_grant.py`. Reference: model specification §7.13, §8; T15
(size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE
from worlds import district, fingerprint, run, world_parameters

NAME = "modernization_support"
BEFORE = 30
MAKERS = 80
ALL = {"part": 1.0}


@pytest.fixture(scope="module")
def started():
    """A district of makers after `BEFORE` weeks, and its state."""
    model = district("hickory", MAKERS, parameters=world_parameters("default"), seed=3)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    found, state = started
    found.load_state(state)
    return found


@pytest.fixture(scope="module")
def failing():
    """A district whose makers close early and in debt."""
    hard = world_parameters("default").replace(
        unchecked=True, hv0=0.4, recov=0.02, stock_resale=0.02
    )
    model = district("hickory", MAKERS, parameters=hard, seed=3)
    run(model, 8)
    return model, model.state()


def follow(model, weeks: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    total: Counter = Counter()
    makers = model.population("M")
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
        total["windfall"] += float(makers.grant_windfall.sum())
        total["number"] += int(np.count_nonzero(makers.grant))
    return total


def after(model, weeks: int, **settings) -> str:
    follow(model, weeks, **settings)
    return fingerprint(model.state())


def ordered(model):
    """USD that each maker ordered this week: capital and technology."""
    makers = model.population("M")
    capital = makers.capital_ordered_local + makers.capital_ordered_outside
    return capital + makers.technology_local + makers.technology_outside


# --- who is offered it, and how much


def test_half_of_the_makers_are_drawn_and_they_stay_drawn(model):
    makers = model.population("M")
    model.introduce({NAME: {}})
    model.step()
    first = makers.grant_share > 0.0
    trading = makers.status == ACTIVE
    assert 0.3 < first[trading].mean() < 0.7
    run(model, 10)
    same = (makers.status == ACTIVE) & (makers.born < model.week - 11)
    assert ((makers.grant_share > 0.0) == first)[same].all()


def test_a_larger_part_draws_the_same_makers_and_more(model):
    model.introduce({NAME: {"part": 0.3}})
    model.step()
    few = model.population("M").grant_share > 0.0
    model.introduce({NAME: {"part": 0.7}})
    model.step()
    many = model.population("M").grant_share > 0.0
    assert (many | ~few | (model.population("M").status != ACTIVE)).all()
    assert few.sum() < many.sum()


def test_a_grant_is_its_part_of_the_cost_paid_the_day_of_the_order(model):
    model.introduce({NAME: ALL})
    makers, capped, small = model.population("M"), 0, 0
    for _ in range(60):
        model.step()
        cost = ordered(model)
        assert makers.grant == pytest.approx(np.minimum(0.3 * cost, 150_000.0))
        capped += int((makers.grant == 150_000.0).sum())
        small += int(((makers.grant > 0.0) & (makers.grant < 150_000.0)).sum())
    assert min(capped, small) > 0


def test_only_those_drawn_get_grants_and_others_invest_without(model):
    model.introduce({NAME: {}})
    makers, without = model.population("M"), 0
    for _ in range(40):
        model.step()
        drawn = makers.grant_share > 0.0
        assert (makers.grant[~drawn] == 0.0).all()
        without += int((ordered(model)[~drawn] > 0.0).sum())
    assert without > 0


def test_the_size_of_the_policy_is_the_size_of_the_grant_up_to_nine_tenths(model):
    """At three times its size .9 of a cost are granted, at four no larger part: saturated."""
    makers = model.population("M")
    shares = []
    for intensity in (0.5, 1.0, 3.0, 4.0):
        model.introduce({NAME: ALL | {"intensity": intensity}})
        model.step()
        shares.append(float(makers.grant_share.max()))
    assert shares == pytest.approx([0.15, 0.3, 0.9, 0.9])


def test_where_everything_is_as_it_was_a_grant_never_stops_a_project():
    """A quarter of tests, each from the same books: with grants nobody orders less."""
    model = district("hickory", MAKERS, parameters=world_parameters("default"), seed=3)
    run(model, BEFORE)
    more = 0
    for _ in range(13):
        before = model.state()
        run(model, 1)
        alone, later = ordered(model), model.state()
        model.load_state(before)
        follow(model, 1, part=1.0, share=0.5)
        assert (ordered(model) >= alone - 1e-6).all()
        more += int((ordered(model) > alone + 1.0).sum())
        model.load_state(later)
    assert more > 0


def test_a_windfall_is_a_grant_for_what_was_bought_anyway(model):
    """Of one week's grants, those to makers that order as much without the policy, by hand."""
    found = 0.0
    for _ in range(26):
        before = model.state()
        run(model, 1)
        alone, later = ordered(model), model.state()
        model.load_state(before)
        total = follow(model, 1, **ALL)
        makers = model.population("M")
        anyway = (makers.grant > 0.0) & (alone >= ordered(model) - 1e-6)
        assert total["windfall"] == pytest.approx(float(makers.grant[anyway].sum()))
        found += total["windfall"]
        model.load_state(later)
    assert found > 0.0


# --- the year's money, and the queue


def test_no_more_is_granted_than_the_years_money_and_then_it_is_saturated(model):
    state = model.state()
    plenty = follow(model, 104, **ALL)["programme grant G>M"]
    model.load_state(state)
    budget = 0.2 * plenty / 2.0
    total = follow(model, 104, **ALL, budget=budget / model.scale)
    assert 0.5 * 2.0 * budget < total["programme grant G>M"] <= 2.0 * budget + 1e-6
    assert model.population("G").grant_fund[0] >= 0.0


def test_who_finds_too_little_in_the_fund_waits_and_gets_all_of_it_later(model):
    """Grants are whole: none is ever a rest of the fund."""
    model.introduce({NAME: ALL | {"budget": 300_000.0 / model.scale}})
    makers, served = model.population("M"), 0
    for _ in range(104):
        model.step()
        whole = np.minimum(0.3 * ordered(model), 150_000.0)
        given = makers.grant > 0.0
        assert makers.grant[given] == pytest.approx(whole[given])
        assert model.population("G").grant_fund[0] <= 300_000.0
        served += int(given.sum())
    assert served > 1


def test_a_budget_is_that_of_the_whole_place(model):
    model.introduce({NAME: {"budget": 1e6, "intensity": 2.0}})
    model.step()
    assert model.population("G").grant_budget[0] == pytest.approx(2e6 * model.scale)


# --- who pays whom


def test_every_dollar_has_a_payer_and_a_payee(model):
    overhead = model.parameters.programme_overhead
    total = follow(model, 60, **ALL)
    paid = total["programme grant G>M"]
    assert paid > 0.0
    assert total["public"] == pytest.approx((1.0 + overhead) * paid)
    running = total["programme pay G>H"] + total["programme services G>S"]
    assert running == pytest.approx(overhead * paid)
    assert total["levy withheld H>G"] > 0.0
    assert total["programme funded X>G"] == 0.0
    assert 0.0 < total["windfall"] < paid


def test_somebody_outside_may_pay_instead_of_a_levy(model):
    total = follow(model, 40, **ALL, payer="outside")
    assert total["public"] > 0.0
    assert total["programme funded X>G"] == pytest.approx(total["public"])
    assert total["levy withheld H>G"] == 0.0


def test_a_grant_is_income_of_the_week_and_capital_stands_at_full_cost(model):
    model.introduce({NAME: ALL})
    makers, seen = model.population("M"), 0
    for _ in range(30):
        on_order = makers.capital_on_order.copy()
        model.step()
        given = (makers.grant > 0.0) & (makers.technology_local == 0.0)
        bought = makers.capital_ordered_local + makers.capital_ordered_outside
        stands = makers.capital_on_order + makers.capital_installed
        assert stands[given] == pytest.approx((on_order + bought)[given])
        seen += int(given.sum())
    assert seen > 0


def test_the_books_close_every_week_while_firms_with_grants_fail(failing):
    model, state = failing
    model.load_state(state)
    total = follow(model, 70, **ALL)
    assert total["programme grant G>M"] > 0.0
    assert total["capital sold off X>M"] > 0.0


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"part": 0.0}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    state = model.state()
    run(model, 20)
    alone = fingerprint(model.state())
    model.load_state(state)
    assert after(model, 20, **settings) == alone


def test_a_setting_at_its_default_changes_no_bit(model):
    state = model.state()
    usual = after(model, 20)
    model.load_state(state)
    assert after(model, 20, share=0.3, cap=150_000.0, part=0.5) == usual
