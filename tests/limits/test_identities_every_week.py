"""T1: the accounting identities hold in every week, to 1e-9 of all deposits, with policies and not.

`DistrictModel(check_every=1)` raises InvariantBreach in the week in which one does not hold; the
largest residual that was seen is asked for besides, because a check that never ran finds nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.policies.registry import levers
from millworks.shocks.registry import shocks
from millworks.world.accounts import HOLDERS
from millworks.world.order_programme import OrderProgramme
from millworks.world.postings import OUTLAYS
from worlds import (
    district,
    linear,
    manufacturing,
    one_sector,
    orders,
    output_by_sector,
    run,
    world_parameters,
)

CHECKS = {"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I12", "I13", "I14"}

GROWS_BY_SAVING = {"outside_wealth", "outside_wealth_owed", "net_worth"}
"""Households save every week: their claims on the outside grow, and with them what they own."""

PLACES = [
    ("generic", 19, 2022),
    ("generic", 150, 2017),
    ("hickory", 60, 2022),
    ("high_point", 40, 2017),
    ("elkhart", 80, 2022),
    ("brooklyn", 50, 2022),
]


def assert_books_closed_every_week(model):
    """Every identity was checked, none was off by more than the tolerance, nothing is NaN."""
    assert set(model.invariants.worst) == CHECKS
    assert max(model.invariants.worst.values()) <= 1e-9
    assert np.isfinite(output_by_sector(model)).all()


@pytest.mark.parametrize(("place", "makers", "year"), PLACES)
@pytest.mark.parametrize("world", ["linear", "default"])
def test_books_close_every_week_without_and_with_extra_orders(place, makers, year, world):
    """T1: one quarter at rest, then a fifth more orders for a year's half, then their end."""
    model = district(place, makers, parameters=world_parameters(world), year=year, seed=11)
    more = tuple(0.2 * model.founding.flows_by_sector)
    model.programme = OrderProgramme(more, start=13, weeks=26)
    run(model, 52)
    assert_books_closed_every_week(model)


HARD = {"hv0": 0.3, "entry_rate": 20.0, "estate_weeks": 4.0, "recov": 0.05, "stock_resale": 0.05}
"""Makers leave and are born by the week, and their estates fetch little."""
GENEROUS = {"least_sales": 0.0, "least_fill": 0.0, "least_weeks": 0, "sales_share": 0.1}
"""Terms of partner equity that every maker with a large customer meets."""


@pytest.mark.parametrize("payer", ["levy", "outside"])
@pytest.mark.parametrize("changes", [{}, HARD], ids=["as it is", "hard times"])
def test_books_close_every_week_under_all_policies_and_shocks(payer, changes):
    """T1 with everything there is in force at once, from the week contracts can be signed on.

    The policies end before the run does: what they leave owing is settled under the same checks.
    """
    rates = world_parameters("default").replace(unchecked=True, **changes)
    model = district("hickory", 80, parameters=rates, seed=4)
    run(model, 66)
    policies = {name: {"payer": payer, "weeks": 26} for name in levers()}
    policies["placebo"]["payer"] = "levy"  # there must be a levy for it to return
    policies["partner_equity"] |= GENEROUS
    model.introduce(policies, {name: {"weeks": 26} for name in shocks()})
    moved = dict.fromkeys(OUTLAYS, 0.0)
    for _ in range(39):
        model.step()
        for name in moved:
            moved[name] += model.ledger.flows[name]
    assert_books_closed_every_week(model)
    paid = {"programme subsidy G>M", "programme rebate G>H", "programme pay G>H"}
    assert paid <= {name for name, usd in moved.items() if usd > 1.0}


@pytest.mark.parametrize("code", ["FURN", "FOOD", "PETR", "RET", "GOV"])
def test_books_close_every_week_when_one_sector_alone_gets_orders(code):
    """T1: orders of one week, worth a tenth of all sales of the sector's week."""
    model = district(seed=2)
    weekly = 0.1 * float(model.founding.flows_by_sector @ one_sector(code))
    model.programme = orders(one_sector(code), weekly, 1)
    run(model, 26)
    assert_books_closed_every_week(model)


def test_thirty_years_bring_no_drift():
    """T1: after 1,560 weeks every agent's output and balances are those of the start, to 1e-9.

    Thirty years are 120 quarters, so that taxes and draws, which are staggered over the quarter,
    stand where they stood. Only saving goes on: see the test below.
    """
    model = district(makers=100, parameters=linear())
    before = model.state()["populations"]
    run(model, 1560)
    assert_books_closed_every_week(model)
    for holder in HOLDERS.values():
        population = model.populations[holder.population]
        for name, declared in population.declared.items():
            if name in GROWS_BY_SAVING or not (declared.account or name == "output"):
                continue
            start, end = before[holder.population][name], getattr(population, name)
            scale = max(1.0, float(np.abs(start).max()))
            drift = float(np.abs(end - start).max()) / scale
            assert drift < 1e-9, f"{holder.name}: {name} drifted by {drift:.2g}"


def test_saving_grows_outside_wealth_at_a_constant_pace():
    """T1, row 'outside wealth': a year's saving in year one and in year three are the same."""
    model = district(makers=30)
    wealth = [0.0]
    for _ in range(3):
        run(model, 52)
        wealth.append(float(model.populations["households"].outside_wealth.sum()))
    yearly = np.diff(wealth)
    np.testing.assert_allclose(yearly, yearly[0], rtol=1e-9)


def test_identities_hold_at_the_nations_own_mix_of_orders():
    """T1 with the weights of T2: the programme that the multiplier tables are made with."""
    model = district("hickory", 60, seed=9)
    made = model.founding.flows_by_sector > 0.0
    weights = manufacturing(np.where(made, model.technology.national.output, 0.0))
    model.programme = orders(weights, 0.05 * float(model.founding.flows_by_sector.sum()), 26)
    run(model, 40)
    assert_books_closed_every_week(model)
