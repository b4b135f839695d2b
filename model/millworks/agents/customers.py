"""Customers outside the district: how the demand of each wanders, and how lumpy its orders are.

    g ← ḡ + (g - ḡ) e^(-κΔ) + s z,   ḡ = -σ²/4κ,   s² = σ² (1 - e^(-2κΔ)) / 2κ

g is the logarithm of a customer's demand over its base, an Ornstein-Uhlenbeck process taken in
exact weekly steps (Δ = 1/52 year): reversion κ a year, shocks σ per root year, z standard normal.
In its stationary state g ~ N(-σ²/4κ, σ²/2κ), so E[e^g] = 1 in every week. κ → 0 gives a random walk
without drift in E[e^g]. The lump of a week's order is lognormal with mean one and CV cv / √n, n
orders a week.

Source: model specification §7.4; a stock-and-flow view of customer demand after the literature on
firm dynamics, from memory. Left out: customers that move together (recessions are shocks).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.keyed_draws import fill_normal, keyed_uniform

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WEEK_OF_YEAR = 1.0 / 52.0
CV, SD, BELOW = range(3)
"""Rows of `TradeBook.lumpiness`, see `follow_lumpiness`."""
LEAST_ORDERS = 0.25
"""Orders a week below which a customer gathers its needs: no order is lumpier than that."""


@compiled
def stationary_mean(sigma: float, kappa: float) -> float:
    """Mean of the log of demand in the long run; without reversion, zero."""
    if kappa <= 0.0:
        return 0.0
    return -sigma * sigma / (4.0 * kappa)


@compiled
def stationary_sd(sigma: float, kappa: float) -> float:
    """Standard deviation of the log of demand in the long run; without reversion, zero."""
    if kappa <= 0.0:
        return 0.0
    return sigma / math.sqrt(2.0 * kappa)


@compiled
def next_state(state: float, noise: float, sigma: float, kappa: float, years: float) -> float:
    """Log demand `years` later; `noise` standard normal."""
    kept, mean, spread = step_of(sigma, kappa, years)
    if kappa <= 0.0:
        # Without reversion the level drifts down just so much that its mean stays one.
        return state - 0.5 * sigma * sigma * years + spread * noise
    return mean + (state - mean) * kept + spread * noise


@compiled
def step_of(sigma: float, kappa: float, years: float) -> tuple[float, float, float]:
    """Part of a gap from the mean that a step leaves, the mean, and the s.d. of its noise."""
    if kappa <= 0.0:
        return 1.0, 0.0, sigma * math.sqrt(years)
    kept = math.exp(-kappa * years)
    spread = sigma * math.sqrt((1.0 - kept * kept) / (2.0 * kappa))
    return kept, stationary_mean(sigma, kappa), spread


@compiled
def step_customers(
    links: Ints,
    usual: Floats,
    state: Floats,
    lumpiness: Floats,
    lumps: Floats,
    week: int,
    key0: np.uint64,
    key1: np.uint64,
    shock: int,
    lump: int,
    sigma: float,
    kappa: float,
    cv: float,
    order_size: float,
) -> None:
    """Move every customer's demand one week on and draw the lump of its order.

    `lumpiness` [3, customers]: see `follow_lumpiness`.
    """
    customers = links.shape[0]
    noise = np.empty(customers)
    if sigma > 0.0:
        fill_noise(noise, links, week, key0, key1, shock)
        kept, mean, spread = step_of(sigma, kappa, WEEK_OF_YEAR)
        for row in range(customers):
            if kappa > 0.0:
                state[row] = mean + (state[row] - mean) * kept + spread * noise[row]
            else:
                state[row] = next_state(state[row], noise[row], sigma, kappa, WEEK_OF_YEAR)
    lumps[:] = 1.0
    if cv > 0.0:
        fill_noise(noise, links, week, key0, key1, lump)
        follow_lumpiness(links, usual, cv, order_size, lumpiness)
        for row in range(customers):
            lumps[row] = math.exp(lumpiness[SD, row] * noise[row] - lumpiness[BELOW, row])


@compiled
def fill_noise(
    noise: Floats, links: Ints, week: int, key0: np.uint64, key1: np.uint64, purpose: int
) -> None:
    """Write each customer's standard normal number for a purpose in this week."""
    luck = np.empty(links.shape[0])
    for row in range(links.shape[0]):
        luck[row] = keyed_uniform(key0, key1, purpose, links[row], 0, week, 0)
    fill_normal(noise, luck)


@compiled
def follow_lumpiness(
    links: Ints, usual: Floats, cv: float, order_size: float, lumpiness: Floats
) -> None:
    """Work out anew how lumpy a week's order is where the base order has changed.

    `lumpiness` [3, customers]: CV of the order, standard deviation of its logarithm, and how far
    the mean of that lies below zero (`lognormal_from_uniform`). Nothing ordered is not lumpy.
    """
    for row in range(links.shape[0]):
        orders = max(LEAST_ORDERS, usual[links[row]] / order_size)
        of_week = cv / math.sqrt(orders) if usual[links[row]] > 0.0 else 0.0
        if lumpiness[CV, row] != of_week:
            variance = math.log(1.0 + of_week * of_week)
            lumpiness[CV, row] = of_week
            lumpiness[SD, row], lumpiness[BELOW, row] = math.sqrt(variance), 0.5 * variance


def weekly_step(world: World, sigma: float, kappa: float, cv: float, order_size: float) -> Floats:
    """Move the demand of all outside customers; return the lump of each one's order."""
    trade, streams = world.trade, world.streams
    lumps = np.ones(len(trade.outside_customers))
    step_customers(
        trade.outside_customers,
        trade.base_order,
        trade.demand_state,
        trade.lumpiness,
        lumps,
        world.week,
        *streams.key,
        streams.code("demand_shock"),
        streams.code("order_lumpiness"),
        sigma,
        kappa,
        cv,
        order_size,
    )
    return lumps
