"""Adoption in the running week: who meets an opportunity, who pays whom, what a closure holds.

Rules by hand: `tests/unit/agents/test_technology.py`. Reference: model specification §7.17.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.adoption import adoption_price, adoption_rules, best_seen, opportunities
from millworks.agents.firm import ACTIVE, CLOSING
from millworks.world.closure import INVESTMENT, HeldClosure, RecordingClosure
from worlds import district, fingerprint, linear, run, world_parameters

EAGER = {"h_adopt": 2.0, "adoption_cost": 20_000.0}
"""Opportunities every half year, and cheap: a small district adopts within months."""


def world(**changes):
    rates = world_parameters("default").replace(unchecked=True, **changes)
    return district("hickory", 80, parameters=rates, seed=5)


@pytest.fixture(scope="module")
def eager():
    model = world(**EAGER)
    run(model, 8)
    return model, model.state()


@pytest.fixture
def model(eager):
    found, state = eager
    found.load_state(state)
    return found


def follow(model, weeks) -> Counter:
    total: Counter = Counter()
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
    return total


def test_opportunities_come_at_their_hazard_and_twice_as_often_where_one_learns(model):
    """Over 400 quarters of 80 makers: 1 - exp(-.005) = .0049875 and 1 - exp(-.01) = .0099502."""
    model.parameters = model.base_parameters.replace(unchecked=True, h_adopt=0.02)
    makers, rows = model.population("M"), np.arange(80)
    makers.technology_left[:] = 0.0
    makers.adopted_nearby[:] = np.arange(80) < 40
    met = np.zeros(80)
    for week in range(10_000, 10_400):
        model.week = week
        met += opportunities(model, rows)
    rate = met[:40].sum() / 16_000, met[40:].sum() / 16_000
    assert rate[0] == pytest.approx(0.00995, abs=4 * (0.00995 / 16_000) ** 0.5)
    assert rate[1] == pytest.approx(0.00499, abs=4 * (0.00499 / 16_000) ** 0.5)


def test_an_owner_takes_up_one_technology_at_a_time(model):
    makers, rows = model.population("M"), np.arange(80)
    model.parameters = model.base_parameters.replace(unchecked=True, h_adopt=1e6)
    makers.technology_left[:] = 0.0
    makers.technology_left[3] = 0.01
    assert np.flatnonzero(~opportunities(model, rows)).tolist() == [3]


def test_every_dollar_of_a_technology_is_paid_at_once_and_stands_in_the_books(model):
    makers, rates = model.population("M"), model.parameters
    before, count = makers.technology.copy(), makers.adoptions.copy()
    rows = np.arange(makers.size)
    for _ in range(13):
        model.step()
        # Nothing that its price rests on changes after the stage in which it is bought.
        price = adoption_price(model, rows)
        paid = makers.technology_local + makers.technology_outside
        expected = before * (1.0 - rates.dep / 52.0) + paid
        trading = makers.status == ACTIVE
        assert makers.technology[trading] == pytest.approx(expected[trading])
        assert (makers.technology[makers.status == CLOSING] == 0.0).all()
        assert makers.technology_local == pytest.approx(rates.adoption_local * paid)
        assert paid[paid > 0.0] == pytest.approx(price[paid > 0.0])
        assert ((makers.adoptions - count == 1) == (paid > 0.0))[trading].all()
        before, count = makers.technology.copy(), makers.adoptions.copy()
    assert count.sum() > 0


def test_a_quarter_sees_one_project_or_one_adoption_and_never_both(model):
    makers, adopted, bought = model.population("M"), 0, 0
    for _ in range(52):
        model.step()
        technology = makers.technology_local + makers.technology_outside > 0.0
        project = makers.capital_ordered_local + makers.capital_ordered_outside > 0.0
        assert not (technology & project).any()
        tested = (makers.tested == model.week) | ~technology
        assert tested.all()
        adopted, bought = adopted + technology.sum(), bought + project.sum()
    assert min(adopted, bought) > 0


def test_what_adopters_gain_shows_in_hours_and_prices_and_the_books_still_close(model):
    makers = model.population("M")
    follow(model, 60)
    trading, price = makers.status == ACTIVE, makers.price.copy()
    adopters = trading & (makers.adoptions > 0)
    begun = adopters & (makers.technology_left < model.parameters.theta_own)
    assert begun.any()
    assert (makers.productivity[begun] > 1.0).all()
    assert (makers.quality[begun] > 1.0).all()
    assert (makers.quality[trading & ~adopters] == 1.0).all()
    hours = model.pay_per_unit("M")
    makers.productivity[begun] *= 1.1
    assert model.pay_per_unit("M")[begun] == pytest.approx(hours[begun] / 1.1)
    run(model, 4)
    assert (makers.price[begun] / price[begun]).mean() < (makers.price / price)[~begun].mean()


def test_a_firm_that_leaves_takes_along_what_it_acquired():
    model = world(**EAGER, hv0=1.0, estate_weeks=4.0, entry_rate=26.0)
    makers, born = model.population("M"), 0
    total = follow(model, 52)
    for _ in range(26):
        model.step()
        new = makers.born == model.week
        assert (makers.adoptions[new] == 0).all()
        assert (makers.technology[new] == 0.0).all()
        assert (makers.productivity[new] == 1.0).all()
        born += int(new.sum())
    assert born > 0
    assert total["technology devalued M"] < 0.0


def test_a_district_without_opportunities_and_learning_stays_at_its_start():
    model = district("hickory", 60, parameters=linear(), seed=5)
    assert (model.parameters.h_adopt, model.parameters.theta_sp) == (0.0, 0.0)
    total = follow(model, 30)
    makers = model.population("M")
    assert total["technology bought M>S"] == 0.0
    assert (makers.productivity == 1.0).all()
    assert (makers.quality == 1.0).all()


def test_suppliers_of_partners_see_the_frontier(model):
    trade, makers = model.trade, model.population("M")
    makers.productivity[:] = 1.0
    span = trade.spans["P"]
    supplies = np.zeros(80, np.bool_)
    for buyer, seller, share in zip(trade.buyer, trade.seller, trade.share, strict=True):
        if span.start <= buyer < span.stop and share > 0.0 and seller < 80:
            supplies[seller] = True
    assert 0 < supplies.sum() < 80
    assert ((best_seen(model, 0.05) > 0.0) == supplies).all()


def test_a_partner_that_holds_a_stake_teaches_and_a_customer_outside_does_not(model):
    makers = model.population("M")
    alone = np.flatnonzero(best_seen(model, 0.9) < 0.9)[:2]
    stake = makers.writable("stake")
    stake[alone] = 1.0
    makers.stake_holder[alone] = [0, -1]
    best = best_seen(model, 0.9)
    stake[alone] = 0.0
    assert (best[alone] >= 0.9).tolist() == [True, False]


# --- closures


def test_where_investment_is_held_technology_follows_the_baseline():
    """Owners who would adopt nothing adopt what the baseline's did, and learn what they learned."""
    model = world(**EAGER)
    run(model, 8)
    state, recorded = model.state(), RecordingClosure()
    model.closure = recorded
    run(model, 40)
    makers = model.population("M")
    kept = makers.productivity.copy(), makers.quality.copy(), makers.adoptions.copy()
    model.load_state(state)
    model.closure = HeldClosure(recorded, frozenset({INVESTMENT}))
    model.parameters = model.base_parameters = model.base_parameters.replace(
        unchecked=True, adoption_cost=1e9, theta_own=0.2, theta_sp=0.9
    )
    run(model, 40)
    for name, values in zip(("productivity", "quality", "adoptions"), kept, strict=True):
        assert (getattr(makers, name) == values).all(), name
    assert kept[2].sum() > 0


def test_a_world_goes_on_from_its_state_to_the_same_bits(model):
    run(model, 20)
    state = model.state()
    run(model, 10)
    straight = fingerprint(model.state())
    model.load_state(state)
    run(model, 10)
    assert fingerprint(model.state()) == straight


def test_the_rules_read_the_weeks_parameters(model):
    rules = adoption_rules(model)
    assert rules.productivity + rules.quality == pytest.approx(model.parameters.theta_own)
    assert rules.cost == 20_000.0
