"""Storage by the pallet: how much of it a maker asks for, and who gets it.

    goods    = (inputs + finished stock on hand + (F* - F)⁺) in pallets
    own room = (floor - 500 sq ft · people)⁺ / 14 sq ft                              pallets
    asked    = (goods - own room)⁺     if what it makes possible is worth more than it costs:
               contribution · units of finished stock it holds / cover_f  >  fee · asked

F* stock aimed at as far as money reaches, F stock on hand; a unit of stock kept for `cover_f` weeks
of sales serves 1/cover_f of a sale a week. Who stores already keeps what it still asks for; what is
left of the space goes to the others and to those who ask for more, all getting the same part of it:

    stored ← k + (asked - k) · min(1, (Q - Σ k) / Σ (asked - k)),    k = min(asked, stored)

Source: model specification §7.6 (the build is cut to leased space), §7.11, §8. Left out: the way to
the warehouse, handling by the maker's own people, damage.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.economy import space
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDING = 1e-9
"""Part of a space by which goods may exceed it and still count as fitting."""


@compiled
def own_pallets(floor: float, jobs: float, prices: space.SpacePrices) -> float:
    """Pallets that a floor in sq ft has room for beside the people who work there."""
    left = floor - prices.square_feet_per_worker * jobs
    return max(0.0, left / prices.square_feet_per_pallet)


@compiled
def worth_storing(
    units: float, contribution: float, cover: float, pallets: float, fee: float
) -> bool:
    """Whether finished stock of so many units earns more in sales than its storage costs.

    `contribution` USD per unit sold, `cover` weeks of sales held in stock, `fee` USD per pallet and
    week.
    """
    if cover <= 0.0:
        return False
    return units * contribution / cover > fee * pallets


@compiled
def ask_for_storage(
    status: Ints,
    fee: Floats,
    floor: Floats,
    jobs: Floats,
    inputs: Floats,
    finished: Floats,
    stock: Floats,
    orders: Floats,
    forecast: Floats,
    spot_share: Floats,
    unit_cost: Floats,
    money: Floats,
    contribution: Floats,
    pounds_per_unit: Floats,
    alpha: float,
    cover: float,
    season: float,
    prices: space.SpacePrices,
    asked: Floats,
) -> None:
    """Write the pallets that each maker asks for; units of goods, money in USD.

    `finished` units on hand, `stock` those of them free for spot orders, `forecast` orders a week
    expected before this week's `orders` are known.
    """
    for firm in range(status.shape[0]):
        asked[firm] = 0.0
        if status[firm] != ACTIVE or fee[firm] <= 0.0:
            continue
        expected = forecast[firm] + alpha * (orders[firm] - forecast[firm])
        growth = max(0.0, cover * spot_share[firm] * expected * season - stock[firm])
        growth = min(growth, max(0.0, money[firm] / unit_cost[firm]))
        kept = finished[firm] + growth
        goods = space.pallets_of((inputs[firm] + kept) * pounds_per_unit[firm], prices)
        over = goods - own_pallets(floor[firm], jobs[firm], prices)
        if over <= 0.0:
            continue
        made_possible = min(kept, over * prices.pounds_per_pallet / pounds_per_unit[firm])
        if worth_storing(made_possible, contribution[firm], cover, over, fee[firm]):
            asked[firm] = over


@compiled
def grant_storage(asked: Floats, capacity: float, stored: Floats) -> None:
    """Hand out `capacity` pallets: who stores keeps its space, the rest is shared in proportion."""
    kept, more = 0.0, 0.0
    for firm in range(asked.shape[0]):
        stored[firm] = min(asked[firm], stored[firm])
        kept += stored[firm]
        more += asked[firm] - stored[firm]
    if kept > capacity:
        # Less space than is let: everybody gives up the same part.
        for firm in range(asked.shape[0]):
            stored[firm] *= capacity / kept
        return
    part = 1.0
    if more > capacity - kept:
        part = (capacity - kept) / more
    for firm in range(asked.shape[0]):
        stored[firm] += part * (asked[firm] - stored[firm])


@compiled
def room_with_storage(
    floor: Floats,
    jobs: Floats,
    stored: Floats,
    held: Floats,
    pounds_per_unit: Floats,
    prices: space.SpacePrices,
    room: Floats,
) -> None:
    """Units of finished goods that makers who store outside still have room for.

    `held` units of goods on hand; `room` [makers] is kept for those who store nothing.
    """
    for firm in range(stored.shape[0]):
        if stored[firm] > 0.0:
            pallets = own_pallets(floor[firm], jobs[firm], prices) + stored[firm]
            fits = pallets * prices.pounds_per_pallet / pounds_per_unit[firm]
            # What was asked for exactly must not fall short by a rounding error.
            room[firm] = fits * (1.0 + ROUNDING) - held[firm]
