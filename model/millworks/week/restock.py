"""Stage 5, restock: shops order goods by a reorder point and an order-up-to level.

    s = d̂ (L + 1) + z √((L + 1) σ² + d̂² σ_L²)      reorder point
    S = s + Q,   Q = √(2 K_o 52 d̂ c / h_c) / c       order-up-to level, lot of least cost
    order = S - position  if position ≤ s            position: on hand, under way and on order
    order ≤ spare money / c

d̂ forecast of weekly sales in units (EWMA with weight α), σ = 1.25 times its mean absolute error, L
lead time in weeks, c landed cost of a unit, K_o cost of placing an order (USD), h_c holding cost a
year; spare money as in `millworks.agents.liquidity`. With K_o and z at zero a shop replaces each
week what it sold (lot for lot). Chains keep a cover of weeks on top of what is under way and have
no limit of money. Supplies for own use are replaced as they are used.

Source: model specification §7.2; Wilson's lot size; Silver, Pyke and Thomas (2017) for the reorder
point. Left out: rebates for large lots; opportunity of own delivery.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.liquidity import spare_money
from millworks.kernels import compiled
from millworks.world.freight_terms import spread, weeks_under_way
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def reorder_point(
    demand: float, deviation: float, lead: float, lead_sd: float, service: float
) -> float:
    """Stock position at which a shop reorders, in units."""
    sigma = 1.25 * deviation
    spread = math.sqrt((lead + 1.0) * sigma * sigma + demand * demand * lead_sd * lead_sd)
    return demand * (lead + 1.0) + service * spread


@compiled
def economic_lot(demand: float, order_cost: float, holding_rate: float, cost: float) -> float:
    """Lot in units that balances the cost of ordering and of holding; `cost` USD a unit."""
    if demand <= 0.0:
        return 0.0
    return math.sqrt(2.0 * order_cost * 52.0 * demand * cost / holding_rate) / cost


@compiled
def order_up_to(position: float, point: float, level: float) -> float:
    """Order that lifts the position to the level, if the position is at the point or below."""
    # A position that differs from the point only by rounding is at the point.
    if position > point * (1.0 + 1e-12):
        return 0.0
    return max(0.0, level - position)


@compiled
def restock_shops(
    used: Floats,
    supplies: Floats,
    position: Floats,
    cost: Floats,
    money: Floats,
    status: Ints,
    forecast: Floats,
    deviation: Floats,
    ordered: Floats,
    alpha: float,
    lead: float,
    lead_sd: float,
    service: float,
    order_cost: float,
    holding_rate: float,
) -> None:
    """Each shop updates its forecast and orders what it needs and can pay for."""
    for shop in range(used.shape[0]):
        ordered[shop] = 0.0
        if status[shop] != ACTIVE:
            continue
        error = used[shop] - forecast[shop]
        deviation[shop] += alpha * (abs(error) - deviation[shop])
        forecast[shop] += alpha * error
        point = reorder_point(forecast[shop], deviation[shop], lead, lead_sd, service)
        lot = economic_lot(forecast[shop], order_cost, holding_rate, cost[shop])
        before_supplies = position[shop] + supplies[shop]
        wanted = order_up_to(before_supplies, point, point + lot)
        ordered[shop] = max(0.0, min(wanted, money[shop] / cost[shop]))


@compiled
def restock_cover(
    used: Floats,
    supplies: Floats,
    position: Floats,
    forecast: Floats,
    ordered: Floats,
    alpha: float,
    cover: float,
) -> None:
    """Each chain keeps its position at a cover of weeks of sales."""
    for chain in range(used.shape[0]):
        forecast[chain] += alpha * (used[chain] - forecast[chain])
        ordered[chain] = max(0.0, cover * forecast[chain] - position[chain] - supplies[chain])


def restock(world: World) -> None:
    """Retailers and chains decide what to order; the request goes out with all others."""
    rates = world.parameters
    shops, position = world.population("R"), _position(world, "R")
    demanded = shops.demanded / ((1.0 + world.technology.retail_margin) * shops.price)
    restock_shops(
        demanded,
        shops.supplies_used,
        position,
        world.landed_cost("R"),
        spare_money(world, "R"),
        shops.status,
        shops.usage_forecast,
        shops.forecast_deviation,
        shops.goods_ordered,
        rates.alpha,
        weeks_under_way(world, rates.ship_weeks),
        spread(world, rates.lead_sd),
        rates.z_s,
        rates.K_o,
        rates.h_c,
    )
    chains = world.population("C")
    restock_cover(
        chains.units_sold,
        chains.supplies_used,
        _position(world, "C"),
        chains.usage_forecast,
        chains.goods_ordered,
        rates.alpha,
        rates.chain_cover + weeks_under_way(world, rates.ship_weeks),
    )


def _position(world: World, letter: str) -> Floats:
    """Goods on hand, under way and on order of each retailer (R) or chain (C), units."""
    trade, span = world.trade, world.trade.spans[letter]
    position = world.population(letter).units_on_hand + trade.under_way[span]
    position += trade.on_order[span]
    return np.asarray(position, np.float64)
