"""Flexible real estate: who comes, who pays whom, and that nothing else moves.

Rules by hand: `tests/unit/programmes/test_leases.py`. Reference: model specification §7.11, §8; T15
(size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, FREE
from millworks.economy import space
from millworks.programmes.rented_space import FLOORS_ROW, standing_floor, vacant_floor
from millworks.week.overhead import weekly_rent
from worlds import district, fingerprint, run, world_parameters

NAME = "flexible_real_estate"
BEFORE = 52
QUICK = {"build": 1}
"""A building that stands when the policy begins."""
LARGE = QUICK | {"feet_per_million": 1_500.0}
PRICES = space.price_list()
RENT = space.rent_rate(1_000.0, PRICES)
"""USD per sq ft and year of a small tenant."""


@pytest.fixture(scope="module")
def started():
    """A district of 120 makers after `BEFORE` weeks, and its state."""
    model = district("hickory", 120, parameters=world_parameters("default"), seed=1)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    model, state = started
    model.load_state(state)
    return model


@pytest.fixture(scope="module")
def failing():
    """A district whose makers close early and whose goods and machines then fetch little."""
    hard = world_parameters("default").replace(
        unchecked=True, hv0=0.4, hv1=0.4, recov=0.02, stock_resale=0.02, arrears=3, estate_weeks=4,
        entry_rate=0.5,
    )  # fmt: skip
    model = district("hickory", 120, parameters=hard, seed=3)
    run(model, 8)
    return model, model.state()


def tenants(model):
    return np.asarray(model.population("M").flexible_rate > 0.0)


def let(model) -> float:
    return float(model.population("M").floor_space[tenants(model)].sum())


def follow(model, number: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    total: Counter = Counter()
    for _ in range(number):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
        total["net"] += model.measures.public_cost(NAME)
        total["others"] += model.measures.resource_cost[NAME]
        total["let"] += let(model)
    return total


# --- who comes


def test_floors_are_let_in_small_steps_without_deposit_or_stop_of_production(model):
    makers, came = model.population("M"), 0
    model.introduce({NAME: LARGE})
    for _ in range(40):
        before, moving = tenants(model), makers.moving_until.copy()
        model.step()
        new = tenants(model) & ~before
        came += np.count_nonzero(new)
        assert (makers.moving_until[new] == moving[new]).all()
        assert (makers.lease_deposit[tenants(model)] == 0.0).all()
        assert (makers.floor_space[tenants(model)] % 500.0 == 0.0).all()
    assert came > 5


def test_makers_whose_steps_are_full_and_whose_leases_run_on_stay(model):
    """The sign that the mechanism alone gives: who has the floor it needs gains nothing."""
    makers = model.population("M")
    makers.floor_space[:] *= 10.0
    makers.lease_end[:] = 10_000
    rented = makers.floor_space.copy()
    model.introduce({NAME: LARGE})
    for _ in range(30):
        model.step()
        old = makers.born < BEFORE
        assert not tenants(model)[old].any()
        trading = old & (makers.status == ACTIVE)
        assert (makers.floor_space[trading] == rented[trading]).all()


def test_a_lower_rent_draws_more_tenants_than_a_higher_one(model):
    state = model.state()
    used = []
    for premium in (-0.17, 0.2, 0.8):
        model.load_state(state)
        used.append(follow(model, 60, **LARGE, premium=premium)["let"])
    assert used[0] > used[1] > used[2]


def test_a_full_building_turns_others_away_and_its_tenants_stay(model):
    model.introduce({NAME: QUICK | {"feet_per_million": 20.0}})
    makers = model.population("M")
    for _ in range(60):
        model.step()
        assert let(model) <= standing_floor(model) * (1.0 + 1e-9)
        assert vacant_floor(model) == pytest.approx(standing_floor(model) - let(model))
    assert let(model) > 0.8 * standing_floor(model)
    before = tenants(model)
    run(model, 13)
    left = before & ~tenants(model) & (makers.status == ACTIVE)
    assert np.count_nonzero(left) <= 2


def test_beyond_what_makers_want_more_floor_is_not_let(model):
    state = model.state()
    used = []
    for size in (20.0, 60.0, 1_500.0, 3_000.0):
        model.load_state(state)
        run_of = follow(model, 60, **QUICK, feet_per_million=size, payer="outside")
        used.append(run_of["let"])
    assert used[0] < used[1] < used[2]
    assert used[3] == pytest.approx(used[2], rel=0.15)


def test_newcomers_may_start_there_and_draw_their_inputs_as_elsewhere(failing):
    model, state = failing
    makers = model.population("M")
    model.load_state(state)
    model.introduce({NAME: LARGE | {"premium": -0.3}})
    started = 0
    for _ in range(60):
        model.step()
        new = (makers.born == model.week) & (makers.status == ACTIVE)
        started += np.count_nonzero(new & tenants(model))
        assert (makers.lease_deposit[new] == 0.0).all()
    assert started > 0
    free = makers.status == FREE
    assert (makers.flexible_rate[free] == 0.0).all()


def test_when_it_ends_all_tenants_have_left_within_a_quarter_and_pay_until_then(model):
    model.introduce({NAME: LARGE | {"weeks": 40}})
    run(model, 40)
    assert tenants(model).any()
    model.step()
    flows = model.ledger.flows
    assert flows["operator rent O>X"] > 0.0
    assert flows["operator fees M>O"] > 0.0
    run(model, 13)
    assert not tenants(model).any()
    assert model.ledger.flows["operator fees M>O"] == 0.0
    trading = model.population("M").status == ACTIVE
    assert (model.population("M").floor_space[trading] > 0.0).all()


def test_a_policy_that_is_gone_leaves_no_tenant_behind(model):
    model.introduce({NAME: LARGE})
    run(model, 40)
    model.introduce({})
    run(model, 14)
    assert not tenants(model).any()


# --- who pays whom


def test_no_floor_pays_two_rents(model):
    model.introduce({NAME: LARGE})
    makers, partners = model.population("M"), model.population("P")
    for _ in range(40):
        model.step()
        flows = model.ledger.flows
        usual = weekly_rent(np.where(tenants(model), 0.0, makers.floor_space))
        assert float(makers.rent.sum()) == pytest.approx(flows["rent charged M>S"])
        # Who begins this week pays from the next on.
        trading = (makers.status == ACTIVE) & (makers.born < model.week)
        assert makers.rent[trading] == pytest.approx(usual[trading])
        due = (makers.floor_space * makers.flexible_rate / 52.0)[trading]
        assert makers.fees[trading] == pytest.approx(due)
        assert (makers.rent[tenants(model)] == 0.0).all()
    assert partners.rent.sum() == pytest.approx(model.ledger.flows["rent charged P>S"])


def test_the_building_is_paid_by_the_public_and_an_investor_over_its_weeks(model):
    feet = 40.0 * 52.0 * float(model.population("M").base_output.sum()) / 1e6
    operator = model.population("O")
    model.introduce({NAME: {"build": 26}})
    built: Counter = Counter()
    for week in range(30):
        model.step()
        built.update(model.ledger.flows)
        weeks = min(26, week + 1)
        assert built["operator capital O>S"] == pytest.approx(180.0 * feet * weeks / 26)
        assert standing_floor(model) == pytest.approx(feet * weeks / 26)
    assert built["operator granted X>O"] == pytest.approx(0.75 * 180.0 * feet)
    assert built["operator capital O>X"] == 0.0
    worn = 180.0 * feet - float(operator.fixed_capital[FLOORS_ROW])
    assert 0.0 < worn < 180.0 * feet * 30 / (52 * 30)
    annuity = 0.03 / (1.0 - 1.03**-30.0)
    charge = 0.25 * 180.0 * feet * annuity / 52.0
    assert model.measures.charge[NAME] == pytest.approx(charge)


def test_every_dollar_has_a_payer_and_a_payee(model):
    model.introduce({NAME: QUICK})
    operator = model.population("O")
    model.step()
    granted = 0.0
    for _ in range(30):
        held = float(operator.cleared[FLOORS_ROW])
        granted += model.ledger.flows["operator granted X>O"]
        model.step()
        flows, feet = model.ledger.flows, standing_floor(model)
        assert flows["operator rent O>X"] == pytest.approx(0.75 * RENT * feet / 52.0)
        assert flows["operator pay O>H"] == pytest.approx(0.20 * RENT * feet / 52.0)
        assert flows["operator rent O>S"] == 0.0
        spent = flows["operator rent O>X"] + flows["operator pay O>H"]
        lacking = max(0.0, spent - held - flows["operator fees paid M>O"])
        assert flows["programme support G>O"] == pytest.approx(lacking, abs=1e-6)
        assert float(model.measures.cost[NAME]) == flows["programme support G>O"]
        charge = (granted + flows["operator granted X>O"]) * 0.03 / (1.0 - 1.03**-30.0) / 52.0
        others = model.measures.resource_cost[NAME]
        assert others == pytest.approx(charge - flows["operator rent O>X"])


def test_tenants_who_fail_owe_the_operator_and_books_balance(failing):
    model, state = failing
    model.load_state(state)
    total = follow(model, 78, **LARGE)
    assert total["operator fees written off M>O"] > 0.0
    assert max(model.invariants.worst.values()) < 1e-9


def test_a_levy_pays_unless_somebody_outside_does(model):
    state = model.state()
    local = follow(model, 40)
    model.load_state(state)
    other = follow(model, 40, payer="outside")
    assert local["levy withheld H>G"] > 0.0
    assert local["programme funded X>G"] == 0.0
    assert other["levy withheld H>G"] == 0.0
    assert other["programme funded X>G"] == pytest.approx(other["public"])


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sectors": []}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    state = model.state()
    follow(model, 30, intensity=0.0)
    alone = fingerprint(model.state())
    model.load_state(state)
    run(model, 30)
    assert fingerprint(model.state()) == alone
    model.load_state(state)
    follow(model, 30, **settings)
    assert fingerprint(model.state()) == alone


def test_both_ways_of_renting_space_together_give_the_same_bits_in_any_order(model):
    state = model.state()
    both = {NAME: LARGE, "flexible_warehousing": {}}
    found = []
    for names in (list(both), list(both)[::-1]):
        model.load_state(state)
        model.introduce({name: both[name] for name in names})
        run(model, 40)
        found.append(fingerprint(model.state()))
    makers = model.population("M")
    assert found[0] == found[1]
    assert tenants(model).any()
    assert (makers.pallets_stored > 0.0).any()
