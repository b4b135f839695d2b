"""The multiplier with frictions has known answers where frictions are off or nothing is put in.

With every mechanism off the nested closures return Leontief:

    D: 1 USD,   I: Type I,   P' = P: Type II        per USD ordered, district and nation

Demand is conserved: what outside customers want is taken on here or made by rivals in the rest of
the US, so that a dollar diverted at equal prices changes nothing nationally (T19). A closure that
holds everything, with nothing put in, is the baseline. Reference: model specification §9.2, §10.1.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from millworks.economy.sectors import N_SECTORS
from millworks.study.friction_closures import (
    EFFECTS,
    HELD,
    INVESTED,
    SPENT,
    Fork,
    fork,
    nested_arms,
    run_arm,
)
from millworks.study.friction_measures import QUANTITIES
from millworks.world.closure import FreeClosure, HeldClosure, RecordingClosure
from worlds import district, linear, one_week_lags, output_by_sector, run, world_parameters

WEEKS = 104
IMPULSE = 5e-4
"""Tolerance of T2 for a sum over 104 weeks."""
EVERYTHING = HELD["direct"]


@pytest.fixture(scope="module")
def frictionless() -> Fork:
    return fork(district("hickory", 60, parameters=linear(), check_every=26), 4)


@pytest.fixture(scope="module")
def full() -> Fork:
    """A small Hickory in the world as it is, a year after the start; books checked every week."""
    return fork(district("hickory", 60, parameters=world_parameters("default")), 52)


@pytest.fixture(scope="module")
def recorded(full) -> tuple:
    path = RecordingClosure()
    return path, run_arm(full, None, path, 39)


def test_without_frictions_the_closures_return_leontief(frictionless):
    forked = frictionless
    impulse = forked.impulse(SPENT, 0.02 * forked.sales)
    path = RecordingClosure()
    base = run_arm(forked, None, path, WEEKS).totals(WEEKS)
    arms = nested_arms(forked, impulse, path, WEEKS)
    found = {effect: series.totals(WEEKS) for effect, series in arms.items()}
    rates, technology = forked.model.parameters, forked.model.technology
    local = technology.regional_table(rates.commuter_share)
    national = technology.national.table
    here = rates.s_w * (1.0 - rates.commuter_share)
    for quantity in QUANTITIES:
        known = {
            "indirect": (
                local.type_i(quantity, impulse.sector_weights).sum(),
                national.type_i(quantity, impulse.sector_weights).sum(),
            ),
            "induced": (
                local.type_ii(quantity, impulse.sector_weights, respent=here).sum(),
                national.type_ii(quantity, impulse.sector_weights, respent=rates.s_w).sum(),
            ),
        }
        known["dynamic"] = known["induced"]
        if quantity == "output":
            known["direct"] = (1.0, 1.0)
        per = impulse.usd / (1e6 if quantity == "jobs" else 1.0)
        for effect, answers in known.items():
            for region, answer in zip(("local", "national"), answers, strict=True):
                key = region, quantity
                assert (found[effect][key] - base[key]) / per == pytest.approx(answer, rel=IMPULSE)


def test_without_frictions_nobody_loses_sales_and_nothing_is_dynamic(frictionless):
    forked = frictionless
    impulse = forked.impulse(SPENT, 0.02 * forked.sales)
    path = RecordingClosure()
    run_arm(forked, None, path, 30)
    arms = nested_arms(forked, impulse, path, 30, ("induced", "dynamic"))
    held, free = (arms[effect].totals(30) for effect in ("induced", "dynamic"))
    assert all(free["displaced", quantity] == 0.0 for quantity in QUANTITIES)
    for quantity in QUANTITIES:
        key = "national", quantity
        assert held[key] == pytest.approx(free[key], rel=1e-12)


def test_sales_won_from_rivals_at_equal_prices_net_to_zero_in_the_nation():
    """T19 in the markets outside: makers' shares there a tenth larger, for ever."""
    model = district("hickory", 60, parameters=one_week_lags(), check_every=26)
    start = model.state()

    def national(share: float) -> tuple[np.ndarray, float]:
        model.load_state(start)
        for letter in "MP":
            model.trade.market_share[model.trade.spans[letter]] *= share
        run(model, 130)
        moved = float(np.abs(model.rest_of_us.sales.purchases).sum())
        return output_by_sector(model) + model.rest_of_us.whole_output, moved

    before, nothing = national(1.0)
    after, moved = national(1.1)
    assert nothing == 0.0
    assert moved > 1e4
    assert np.abs(after - before).max() < 1e-9 * moved


def test_what_outside_customers_want_is_made_here_or_by_rivals(full):
    """With refusals, moving shares and an impulse; weeks in which a firm closes are left out."""
    forked, model = full, full.model
    model.load_state(forked.start)
    model.programme = forked.impulse(SPENT, 0.2 * forked.sales).orders
    model.load_state(forked.start)
    model.closure = FreeClosure()
    weeks = refused = 0
    for _ in range(30):
        model.step()
        trade = model.trade
        if any(name.startswith(("failed", "voluntary")) for name in model.turnover):
            continue
        wanted = np.zeros(N_SECTORS)
        customers = trade.outside_customers
        np.add.at(wanted, trade.sector[customers], trade.customer_demand)
        taken = np.zeros(N_SECTORS)
        np.add.at(taken, trade.sector[customers], trade.taken[customers])
        elsewhere = model.rest_of_us.sales.purchases
        assert np.abs(wanted - taken - elsewhere).max() < 1e-9 * wanted.sum()
        weeks += 1
        refused += elsewhere.sum() > 0.0
    assert weeks > 10
    assert refused > 0


def test_a_closure_that_holds_everything_is_the_baseline(full, recorded):
    path, base = recorded
    held = run_arm(full, None, HeldClosure(path, EVERYTHING), 39)
    known, found = base.totals(39), held.totals(39)
    for key, value in known.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-3), key


def test_held_investment_and_turnover_stay_at_their_path(full, recorded):
    path, base = recorded
    impulse = full.impulse(SPENT, 0.2 * full.sales)
    arms = nested_arms(full, impulse, path, 39, ("induced", "dynamic"))
    held, free = arms["induced"], arms["dynamic"]
    makers = full.model.population("M")
    assert np.abs(held.active - base.active).max() <= 0.02 * makers.size
    held_at_end = HeldClosure(path, HELD["induced"])
    run_arm(full, impulse, held_at_end, 39)
    capital = makers.fixed_capital + makers.capital_on_order
    run_arm(full, None, FreeClosure(), 39)
    baseline = makers.fixed_capital + makers.capital_on_order
    run_arm(full, impulse, FreeClosure(), 39)
    answered = makers.fixed_capital + makers.capital_on_order
    assert abs(capital.sum() / baseline.sum() - 1.0) < 1e-3
    assert answered.sum() > capital.sum()
    assert free.totals(39)["local", "output"] > base.totals(39)["local", "output"]


def test_with_orders_held_no_supplier_hears_of_the_impulse(full, recorded):
    """Blocks and the rest of the US sell firms what they sold them in the baseline."""
    path, _ = recorded
    impulse = full.impulse(SPENT, 0.05 * full.sales)
    model = full.model
    blocks = model.population("S")
    bought = {}
    for name, closure, put in (
        ("baseline", FreeClosure(), None),
        ("held", HeldClosure(path, EVERYTHING), impulse),
        ("free", FreeClosure(), impulse),
    ):
        run_arm(full, put, closure, 20)
        bought[name] = float(blocks.firm_sales.sum())
    assert bought["held"] == pytest.approx(bought["baseline"], rel=1e-6)
    assert bought["free"] > bought["baseline"] * (1.0 + 1e-4)


def test_invested_dollars_are_paid_in_and_become_capacity(full):
    forked, model = full, full.model
    usd = 0.002 * forked.sales
    impulse = forked.impulse(INVESTED, usd)
    makers = model.population("M")
    given = impulse.capital.amounts
    assert given.sum() == pytest.approx(usd)
    assert makers.constrained[given > 0.0].all()
    nothing = run_arm(forked, None, FreeClosure(), 52)
    without = float(makers.capacity.sum() + makers.pending_capacity.sum())
    invested = run_arm(forked, impulse, FreeClosure(), 52)
    within = float(makers.capacity.sum() + makers.pending_capacity.sum())
    paid = invested.totals(52)["invested"]
    assert nothing.totals(52)["invested"] == 0.0
    assert 0.0 < paid <= usd * (1.0 + 1e-12)
    assert within > without


def test_a_levy_of_the_same_amount_is_raised_and_costs_the_district_output(full):
    impulse = full.impulse(SPENT, 0.02 * full.sales)
    outside = run_arm(full, impulse, FreeClosure(), 78).totals(78)
    levied = run_arm(full, impulse, FreeClosure(), 78, levy=True).totals(78)
    assert outside["levied"] == 0.0
    assert levied["levied"] == pytest.approx(impulse.usd, rel=0.1)
    assert levied["local", "output"] < outside["local", "output"]


def test_effects_are_named_in_the_order_in_which_responses_are_set_free():
    for before, after in pairwise(EFFECTS):
        assert HELD[after] < HELD[before]
