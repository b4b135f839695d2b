"""T13 in a running world: demand wanders as theory says, and so do makers with one customer.

    κ → 0:   ln demand has variance σ² t after t years, E[demand] stays one
    κ > 0:   ln demand keeps the variance σ² / 2κ it has at the start, E[demand] stays one

Followed on the links of a world, not on the rule alone: draws, the loop over links and the state
that is kept are part of it. In linear mode no plant, staff or money bounds a maker; with one
customer and nobody else to buy from it, its output is that customer's demand. Reference: model
specification §12 (T13), §7.3.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.district_model import DistrictModel
from worlds import district, run, world_parameters

SIGMA, KAPPA, WEEKS = 0.35, 0.15, 104
MAKERS = 400


def wandering(kappa: float) -> DistrictModel:
    """A district without local buyers whose customers' demand wanders."""
    parameters = world_parameters("linear").replace(
        unchecked=True, sigma0=SIGMA, kappa_G=kappa, cover_in=30.0
    )
    return district(
        "hickory", MAKERS, parameters=parameters, seed=3, check_every=26, shares=np.zeros(34)
    )


def give_each_maker_one_customer(model: DistrictModel) -> np.ndarray:
    """Let a maker's first customer order all it sells; return these links, by maker."""
    trade = model.trade
    sellers = trade.seller[trade.outside_customers]
    first = {int(seller): row for row, seller in reversed(list(enumerate(sellers)))}
    rows = np.array([first[maker] for maker in range(MAKERS)])
    links = trade.outside_customers
    of_makers = sellers < MAKERS
    trade.base_order[links[of_makers]] = 0.0
    trade.base_order[links[rows]] = model.population("M").base_output
    return rows


def assert_fair(log_demand: np.ndarray, variance: float) -> None:
    """Variance and mean of demand within four standard errors."""
    count = len(log_demand)
    assert log_demand.var() == pytest.approx(variance, rel=4.0 * math.sqrt(2.0 / count))
    error = 4.0 * math.sqrt(math.expm1(variance) / count)
    assert np.exp(log_demand).mean() == pytest.approx(1.0, abs=error)


@pytest.mark.parametrize(("kappa", "variance"), [(0.0, SIGMA**2 * 2.0), (KAPPA, SIGMA**2 / 0.3)])
def test_demand_on_the_links_of_a_world_has_the_variance_of_theory_after_two_years(kappa, variance):
    model = wandering(kappa)
    run(model, WEEKS)
    assert len(model.trade.demand_state) > 4_000
    assert_fair(model.trade.demand_state, variance)


def test_a_maker_with_one_customer_and_no_limits_has_the_size_of_its_demand():
    """κ → 0: after two years the variance of log size is σ² t, and sizes are fair in the mean."""
    model = wandering(0.0)
    rows = give_each_maker_one_customer(model)
    run(model, WEEKS)
    makers = model.population("M")
    size = np.log(makers.output / makers.base_output)
    np.testing.assert_allclose(size, model.trade.demand_state[rows], rtol=0.0, atol=1e-9)
    assert_fair(size, SIGMA**2 * 2.0)
