"""Demand is conserved: what one supplier gains, others lose, and noise alone wins nobody a market.

Reference: model specification §7.3, §7.4, invariant I10, limit T13.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents.customers import (
    WEEK_OF_YEAR,
    next_state,
    stationary_mean,
    stationary_sd,
)
from millworks.world.links import close_links
from millworks.world.markets import move_market_shares, move_shares
from millworks.world.streams import Streams

YEARS = 30
TICKS = 13 * YEARS
BUYERS, LOCAL, SELLERS = 60, 5, 40


class DrawnMarket:
    """Buyers with five local suppliers each, of 40, and drawn base parts; all in one sector."""

    def __init__(self, seed: int) -> None:
        streams = Streams(seed)
        links = BUYERS * LOCAL
        parts = streams.uniform("test", np.arange(BUYERS)[:, None], draw=np.arange(LOCAL + 2))
        parts /= parts.sum(axis=1)[:, None]
        self.start = np.arange(BUYERS) * LOCAL
        self.end = self.start + LOCAL
        self.base = parts[:, :LOCAL].ravel().copy()
        self.us_base, self.abroad_base = parts[:, LOCAL].copy(), parts[:, LOCAL + 1].copy()
        self.local_base = parts[:, :LOCAL].sum(axis=1)
        self.share = self.base.copy()
        self.us, self.abroad = self.us_base.copy(), self.abroad_base.copy()
        offset = np.repeat(np.arange(BUYERS), LOCAL) * 7
        self.seller = (offset + np.tile(np.arange(LOCAL), BUYERS)) % SELLERS
        self.pull = np.ones(SELLERS)
        self.trading = np.ones(SELLERS, dtype=np.bool_)
        self.supplies = np.zeros(links)

    def tick(self, speed: float, us_pull: float, abroad_pull: float) -> None:
        close_links(
            self.start,
            self.end,
            self.local_base,
            self.us_base,
            self.abroad_base,
            self.seller,
            self.trading,
            0.02,
            0.5,
            self.share,
            self.base,
            self.supplies,
            self.us,
        )
        move_shares(
            self.start,
            self.end,
            np.zeros(BUYERS, dtype=np.int64),
            self.local_base,
            self.us_base,
            self.abroad_base,
            self.seller,
            self.base,
            self.pull,
            np.array([us_pull]),
            np.array([abroad_pull]),
            speed,
            self.share,
            self.us,
            self.abroad,
        )

    def totals(self) -> np.ndarray:
        return self.share.reshape(BUYERS, LOCAL).sum(axis=1) + self.us + self.abroad


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_buyer_places_its_whole_order_whatever_prices_do_and_whoever_leaves(seed):
    """Σ shares = 1 per buyer and the local base part stays, over 30 years of upheaval; 1e-12."""
    market, streams = DrawnMarket(seed), Streams(seed + 100)
    for tick in range(TICKS):
        market.pull[:] = streams.lognormal("test", np.arange(SELLERS), cv=0.8, week=tick)
        if tick % 20 == 10:
            gone = (tick // 20) % SELLERS
            market.trading[gone], market.pull[gone] = False, 0.0
        us_pull, abroad_pull = streams.lognormal("test", [0, 1], cv=0.3, week=tick, draw=1)
        market.tick(0.15, us_pull, abroad_pull)
        np.testing.assert_allclose(market.totals(), 1.0, rtol=0.0, atol=1e-12)
    open_part = market.base.reshape(BUYERS, LOCAL).sum(axis=1)
    served = open_part > 0.0
    assert not market.trading.all()
    np.testing.assert_allclose(open_part[served], market.local_base[served], rtol=1e-12)
    assert (market.share >= 0.0).all()


def test_what_one_supplier_loses_the_others_gain():
    market = DrawnMarket(4)
    market.pull[3] = 0.5
    hit = market.seller == 3
    before, outside = market.share.copy(), market.us + market.abroad
    market.tick(0.05, 1.0, 1.0)
    lost = (before - market.share)[hit].sum()
    gained = (market.share - before)[~hit].sum() + (market.us + market.abroad - outside).sum()
    assert lost > 0.0
    assert gained == pytest.approx(lost, rel=1e-12)
    with_it = np.isin(np.arange(BUYERS), np.flatnonzero(hit) // LOCAL)
    assert ((market.us > market.us_base) == with_it).all()


def test_a_cell_of_negative_imports_is_moved_by_no_price_and_upsets_no_share():
    """The table of 2022 has three: with imports at half their price shares must not explode."""
    market = DrawnMarket(5)
    market.abroad_base[:] = -0.2 * market.us_base
    market.abroad[:] = market.abroad_base
    placed = market.totals()
    for _ in range(TICKS):
        market.tick(0.05, 1.0, 8.0)
    np.testing.assert_allclose(market.totals(), placed, rtol=1e-12)
    np.testing.assert_allclose(market.abroad, market.abroad_base, rtol=1e-9)
    assert (market.share >= 0.0).all()


def outside_market(makers: int, pull_of_tick: object) -> np.ndarray:
    """The district's share of a market outside of which it has .3 at the start, tick by tick."""
    base = np.full(makers, 0.3 / makers)
    share, us_sales = np.ones(makers), np.zeros(1)
    path = []
    for tick in range(TICKS):
        move_market_shares(
            np.zeros(makers, dtype=np.int64),
            base,
            np.ones(makers, dtype=np.bool_),
            pull_of_tick(tick),  # type: ignore[operator]
            np.array([0.7]),
            np.ones(1),
            0.05,
            share,
            us_sales,
        )
        assert (base * share).sum() + us_sales[0] == pytest.approx(1.0, rel=1e-12)
        path.append((base * share).sum())
    return np.array(path)


def test_a_district_as_good_as_its_rivals_keeps_its_share_for_thirty_years():
    """.300 to rounding without noise, within .001 with noise in prices and reliability."""
    still = outside_market(400, lambda tick: np.ones(400))
    np.testing.assert_allclose(still, 0.3, rtol=1e-12)
    streams = Streams(11)
    noisy = outside_market(
        400, lambda tick: streams.lognormal("test", np.arange(400), cv=0.1, week=tick)
    )
    assert np.abs(noisy - 0.3).max() < 0.001
    assert noisy.std() > 0.0


def test_a_district_ten_per_cent_cheaper_settles_at_the_share_of_the_rule():
    """At elasticity 3: .3 x .9^-3 over itself + .7."""
    path = outside_market(50, lambda tick: np.full(50, 0.9**-3))
    assert path[-1] == pytest.approx(0.3 * 0.9**-3 / (0.3 * 0.9**-3 + 0.7), rel=1e-6)
    assert (np.diff(path) > -1e-15).all()


def demand_after(weeks: int, sigma: float, kappa: float, start: np.ndarray) -> np.ndarray:
    """Log demand of many customers after some weeks of shocks of their own."""
    streams, state = Streams(13), start.copy()
    for week in range(weeks):
        noise = streams.normal("demand_shock", np.arange(len(state)), week=week)
        state = np.array(
            [
                next_state(x, z, sigma, kappa, WEEK_OF_YEAR)
                for x, z in zip(state, noise, strict=True)
            ]
        )
    return state


CUSTOMERS = 4000


@pytest.mark.parametrize("years", [1, 2])
def test_without_reversion_the_variance_of_log_demand_grows_with_time(years):
    """T13, κ → 0: σ²t, within four standard errors of a variance; E[e^g] stays one."""
    sigma = 0.35
    state = demand_after(52 * years, sigma, 0.0, np.zeros(CUSTOMERS))
    error = 4.0 * math.sqrt(2.0 / CUSTOMERS)
    assert state.var() == pytest.approx(sigma**2 * years, rel=error)
    mean_error = 4.0 * math.sqrt(math.expm1(sigma**2 * years) / CUSTOMERS)
    assert np.exp(state).mean() == pytest.approx(1.0, abs=mean_error)


def test_with_reversion_demand_keeps_its_spread_and_its_mean_of_one():
    """T13: log variance σ²/2κ and E[e^g] = 1 after two years as at the start."""
    sigma, kappa = 0.35, 0.15
    shocks = Streams(17).normal("demand_state_start", np.arange(CUSTOMERS))
    start = stationary_mean(sigma, kappa) + stationary_sd(sigma, kappa) * shocks
    state = demand_after(104, sigma, kappa, start)
    variance = sigma**2 / (2.0 * kappa)
    error = 4.0 * math.sqrt(2.0 / CUSTOMERS)
    assert state.var() == pytest.approx(variance, rel=error)
    mean_error = 4.0 * math.sqrt(math.expm1(variance) / CUSTOMERS)
    assert np.exp(state).mean() == pytest.approx(1.0, abs=mean_error)


@pytest.mark.parametrize("steps", [2, 52])
def test_the_step_of_demand_is_exact_whatever_its_length(steps):
    """Mean and variance after a year are the same in one step and in many; 1e-12."""
    sigma, kappa, state = 0.35, 0.15, 0.4
    spread = next_state(0.0, 1.0, sigma, kappa, 1.0) - next_state(0.0, 0.0, sigma, kappa, 1.0)
    years = 1.0 / steps
    mean, variance = state, 0.0
    for _ in range(steps):
        kept = next_state(1.0, 0.0, sigma, kappa, years) - next_state(0.0, 0.0, sigma, kappa, years)
        own = next_state(0.0, 1.0, sigma, kappa, years) - next_state(0.0, 0.0, sigma, kappa, years)
        mean, variance = next_state(mean, 0.0, sigma, kappa, years), variance * kept**2 + own**2
    assert mean == pytest.approx(next_state(state, 0.0, sigma, kappa, 1.0), rel=1e-12)
    assert variance == pytest.approx(spread**2, rel=1e-12)
