"""Shared facility costs: who joins, what is saved, who pays whom, and that nothing else moves.

Reference: model specification §7.7, §8; T15 (size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.economy.sectors import sector_index
from millworks.programmes.shared_overheads import TROUBLE
from millworks.world.accounts import OPERATORS
from millworks.world.pooled_overheads import POOLED, bundle_per_unit, saved_per_unit
from worlds import district, fingerprint, run, world_parameters

NAME = "shared_facility_costs"
ROW = OPERATORS.index(NAME)
BEFORE = 40
EVERYBODY = {"members": 2000}
HARSH = {"buf": 6, "cards": 0.05, "arrears": 3, "hv0": 0.3, "hv1": 0.5, "estate_weeks": 4}


@pytest.fixture(scope="module")
def started():
    """A district of 80 makers after `BEFORE` weeks, and its state."""
    model = district("hickory", 80, parameters=world_parameters("default"), seed=3)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    model, state = started
    model.load_state(state)
    return model


def follow(model, weeks: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    total: Counter = Counter()
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
    return total


def after(model, weeks: int, **settings) -> str:
    follow(model, weeks, **settings)
    return fingerprint(model.state())


# --- what it does


def test_the_bundle_is_all_utilities_and_a_fifth_of_professional_services(model):
    recipe, makers = model.technology, model.population("M")
    here, outside = bundle_per_unit(model)
    row = 7
    sector, factor = makers.sector[row], makers.input_factor[row]
    by_hand = sum(
        part * recipe.services_us[sector_index(code), sector] for code, part in POOLED.items()
    )
    assert POOLED == {"UTL": 1.0, "PBS": 0.2}
    assert outside[row] == pytest.approx(by_hand * factor)
    assert (here >= 0.0).all()
    assert (here + outside > 0.0).all()


def test_members_buy_the_bundle_no_more_and_pay_70_percent_of_it_by_use(model):
    """From the same books, in the first week: services fall by b, the fee is .7 b."""
    makers, state = model.population("M"), model.state()
    run(model, 1)
    alone = makers.services_local + makers.services_outside
    model.load_state(state)
    here, outside = bundle_per_unit(model)
    bundle = (here + outside) * makers.output
    model.introduce({NAME: EVERYBODY})
    run(model, 1)
    members = makers.overhead_member
    bought = makers.services_local + makers.services_outside
    assert members.any()
    assert not members.all()
    assert (bought[~members] == alone[~members]).all()
    assert (alone - bought)[members] == pytest.approx(bundle[members])
    assert makers.fees == pytest.approx(np.where(members, 0.7 * bundle, 0.0))


def test_who_saves_less_than_the_trouble_is_worth_stays_away(model):
    makers = model.population("M")
    here, outside = bundle_per_unit(model)
    saves = 0.3 * (here + outside) * makers.output * 52.0
    model.introduce({NAME: EVERYBODY})
    run(model, 1)
    small = (makers.size_class <= 3) & (makers.status == 0)
    assert (makers.overhead_member == (small & (saves > TROUBLE))).all()


def test_unit_cost_falls_by_what_is_saved_and_the_price_follows(model):
    makers, state = model.population("M"), model.state()
    cost, price = {}, {}
    for name, terms in (("alone", {"intensity": 0.0}), ("pooled", EVERYBODY)):
        model.load_state(state)
        model.introduce({NAME: terms})
        run(model, 8)
        cost[name], price[name] = makers.unit_cost.copy(), makers.price.copy()
    members = makers.overhead_member
    saved = np.asarray(saved_per_unit(model))
    assert (cost["pooled"] < cost["alone"])[members].mean() > 0.9
    difference = float((cost["alone"] - cost["pooled"])[members].mean())
    assert difference == pytest.approx(float(saved[members].mean()), rel=0.1)
    assert price["pooled"][members].mean() < price["alone"][members].mean()


def test_where_nothing_is_saved_nobody_joins_and_only_the_running_is_paid(model):
    total = follow(model, 20, saving=0.0, payer="outside")
    assert total["operator fees M>O"] == 0.0
    assert total["public"] == pytest.approx(1e5 * model.scale * 20 / 52.0)
    assert not model.population("M").overhead_member.any()


def test_places_are_limited_and_beyond_those_who_gain_it_is_saturated(model):
    makers, state = model.population("M"), model.state()
    joined = {}
    for members in (50, 400, 2000):
        model.load_state(state)
        model.introduce({NAME: {"members": members}})
        run(model, 1)
        joined[members] = int(makers.overhead_member.sum())
    assert joined[50] == int(50 * model.scale + 0.5)
    assert joined[50] < joined[400] == joined[2000]


def test_members_keep_their_place_and_leave_it_when_the_programme_ends(model):
    makers = model.population("M")
    model.introduce({NAME: {"members": 50, "weeks": 30}})
    run(model, 1)
    first = makers.overhead_member.copy()
    run(model, 29)
    assert makers.overhead_member[first & (makers.status == 0)].all()
    run(model, 1)
    assert not makers.overhead_member.any()
    assert not makers.fees.any()


# --- who pays whom


def test_every_dollar_has_a_payer_and_a_payee(model):
    total = follow(model, 60)
    operators = model.population("O")
    running = 1e5 * model.scale * 60 / 52.0
    fees = total["operator fees M>O"]
    bought = total["operator services O>S"] + total["operator purchases O>X"]
    assert fees > 0.0
    assert bought == pytest.approx(fees)
    assert total["operator pay O>H"] == pytest.approx(0.6 * running)
    assert total["operator rent O>S"] == pytest.approx(0.4 * running)
    assert total["programme support G>O"] == pytest.approx(total["public"])
    paid = total["operator fees paid M>O"]
    assert total["public"] + paid == pytest.approx(running + bought + float(operators.cleared[ROW]))
    assert total["levy withheld H>G"] > 0.0
    assert total["programme funded X>G"] == 0.0


def test_in_a_hub_no_second_building_is_rented(model):
    model.introduce({NAME: {}, "hub": {"build": 0}})
    rent, pay = 0.0, 0.0
    for _ in range(10):
        model.step()
        operators = model.population("O")
        rent += float(operators.rent.sum())
        pay += float(operators.pay[ROW])
    assert rent == 0.0
    assert pay == pytest.approx(0.6e5 * model.scale * 10 / 52.0)


def test_books_balance_every_week_while_members_fail():
    parameters = world_parameters("default").replace(unchecked=True, **HARSH)
    model = district("hickory", 80, parameters=parameters, seed=3)
    run(model, 8)
    model.introduce({NAME: EVERYBODY})
    makers, gone = model.population("M"), 0
    for _ in range(78):
        model.step()
        gone += int(np.count_nonzero(makers.overhead_member & (makers.status != 0)))
    assert gone > 0
    assert max(model.invariants.worst.values()) < 1e-9


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sizes": ["100-499"]}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    state = model.state()
    run(model, 30)
    alone = fingerprint(model.state())
    model.load_state(state)
    assert after(model, 30, **settings) == alone


def test_with_a_hub_the_order_in_which_the_two_are_named_does_not_matter(model):
    state, found = model.state(), []
    both = {NAME: EVERYBODY, "hub": {"build": 0}}
    for names in (list(both), list(reversed(both))):
        model.load_state(state)
        model.introduce({name: both[name] for name in names})
        run(model, 20)
        found.append(fingerprint(model.state()))
    assert model.population("M").hours_rented.any()
    assert found[0] == found[1]
