"""How the demand of customers outside wanders, and how lumpy their orders are.

Reference: model specification §7.4; the moments of an Ornstein-Uhlenbeck process are exact.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents.customers import (
    next_state,
    stationary_mean,
    stationary_sd,
    step_customers,
)
from millworks.start.producers import customers_state
from millworks.world.streams import Streams
from worlds import world_parameters

SIGMA, KAPPA = 0.35, 0.15


def test_demand_without_shocks_returns_to_its_mean_at_the_speed_of_reversion():
    """κ = 0: it stays. κ = .15: half of a gap is closed after ln 2/.15 years."""
    assert next_state(0.7, 0.0, 0.0, 0.0, 1.0) == 0.7
    years = math.log(2.0) / KAPPA
    assert next_state(0.8, 0.0, 0.0, KAPPA, years) == pytest.approx(0.4, rel=1e-12)


def test_two_half_steps_without_shocks_are_a_whole_step():
    half = next_state(0.8, 0.0, SIGMA, KAPPA, 0.5)
    whole = next_state(0.8, 0.0, SIGMA, KAPPA, 1.0)
    assert next_state(half, 0.0, SIGMA, KAPPA, 0.5) == pytest.approx(whole, rel=1e-12)


def test_the_stationary_law_is_kept_by_a_step():
    """m' = m and s² e^(-2κt) + shock² = s²."""
    mean, sd = stationary_mean(SIGMA, KAPPA), stationary_sd(SIGMA, KAPPA)
    assert next_state(mean, 0.0, SIGMA, KAPPA, 2.0) == pytest.approx(mean, rel=1e-12)
    shock = next_state(mean, 1.0, SIGMA, KAPPA, 2.0) - mean
    kept = sd * math.exp(-KAPPA * 2.0)
    assert math.hypot(kept, shock) == pytest.approx(sd, rel=1e-12)


def test_mean_demand_in_the_long_run_is_the_base():
    """E[e^g] = exp(m + s²/2) = 1."""
    mean, sd = stationary_mean(SIGMA, KAPPA), stationary_sd(SIGMA, KAPPA)
    assert mean + sd * sd / 2.0 == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("years", [1 / 52, 10.0])
def test_without_reversion_mean_demand_stays_the_base(years):
    noise = np.random.default_rng(2).standard_normal(40_000)
    demand = np.exp([next_state(0.0, float(z), SIGMA, 0.0, years) for z in noise])
    assert demand.mean() == pytest.approx(1.0, abs=4.0 * demand.std() / 200.0)


def test_without_reversion_the_stationary_law_is_not_asked_for():
    assert (stationary_mean(SIGMA, 0.0), stationary_sd(SIGMA, 0.0)) == (0.0, 0.0)


def step(state, *, usual, sigma=SIGMA, cv=0.6, week=5, seed=1, size=2500.0):
    """One week of customers on links 0, 1, …; their lumps."""
    streams, lumps = Streams(seed), np.full(len(state), -1.0)
    step_customers(
        np.arange(len(state)),
        usual,
        state,
        np.zeros((3, len(state))),
        lumps,
        week,
        *streams.key,
        streams.code("demand_shock"),
        streams.code("order_lumpiness"),
        sigma,
        KAPPA,
        cv,
        size,
    )
    return lumps


def test_with_shocks_and_lumps_off_nothing_moves_by_a_bit():
    state = np.array([0.3, -0.2])
    lumps = step(state, usual=np.array([100.0, 1e6]), sigma=0.0, cv=0.0)
    assert state.tolist() == [0.3, -0.2]
    assert lumps.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("orders", "spread"), [(1.0, 0.6), (4.0, 0.3), (0.25, 1.2), (0.01, 1.2)])
def test_lumps_have_mean_one_and_are_smaller_for_who_orders_more_often(orders, spread):
    """CV .6 over the root of orders a week; below one order a month it rises no further."""
    count = 60_000
    lumps = step(np.zeros(count), usual=np.full(count, orders * 2500.0))
    assert lumps.mean() == pytest.approx(1.0, abs=5.0 * spread / math.sqrt(count))
    assert lumps.std() == pytest.approx(spread, rel=0.1)


def test_who_orders_nothing_has_no_lumps():
    assert step(np.zeros(1), usual=np.zeros(1)).tolist() == [1.0]


def test_the_demand_of_a_customer_does_not_hang_on_how_many_others_there_are():
    few, many = np.zeros(3), np.zeros(10)
    lumps = step(few, usual=np.full(3, 5e3)), step(many, usual=np.full(10, 5e3))
    assert few.tolist() == many[:3].tolist()
    assert lumps[0].tolist() == lumps[1][:3].tolist()


def test_weeks_and_seeds_bring_other_shocks():
    states = [np.zeros(5) for _ in range(3)]
    for state, (week, seed) in zip(states, [(5, 1), (6, 1), (5, 2)], strict=True):
        step(state, usual=np.full(5, 5e3), week=week, seed=seed)
    assert (states[0] != states[1]).all()
    assert (states[0] != states[2]).all()


def test_customers_start_from_the_law_they_keep():
    rates = world_parameters("default")
    state = customers_state(np.arange(50_000), rates, Streams(4))
    mean, sd = (law(rates.sigma0, rates.kappa_G) for law in (stationary_mean, stationary_sd))
    assert state.mean() == pytest.approx(mean, abs=5.0 * sd / math.sqrt(50_000))
    assert state.std() == pytest.approx(sd, rel=0.02)
    assert np.exp(state).mean() == pytest.approx(1.0, abs=0.03)


def test_in_linear_mode_every_customer_starts_and_stays_at_its_base():
    assert (customers_state(np.arange(9), world_parameters("linear"), Streams(4)) == 0.0).all()
