"""Terms of transport in force this week: what freight costs, how long goods are under way.

    weeks under way   L = min(7, max(1, (ship_weeks + added) · part))
    spread            σ = lead_sd · part of it
    cover of inputs   cover_in + z_s (σ - lead_sd), not below zero                     weeks

`ship_weeks`, `lead_sd`, `z_s`, `cover_in` are parameters; the rest is what shocks and policies
offer on the outside (`Outside.freight_rate` and its neighbours), neutral by default. Goods that
leave in one week are at hand in the next at the soonest, so L is one week at least. Where L is not
whole, each shipment takes the whole weeks below it or one more, by a keyed draw with that mean.

Buyers believe what is offered: shops by L and σ in their reorder points, makers, partners and
chains by L in what they order and makers and partners by σ in their cover.

Source: model specification §7.2, §7.6, §8. Left out: learning of lead times by experience.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.economy import freight
from millworks.kernels import compiled
from millworks.world.keyed_draws import keyed_uniform
from millworks.world.trade import TRANSIT_WEEKS
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONGEST: Final[float] = TRANSIT_WEEKS - 1.0
"""Weeks that goods are under way at most."""
ALWAYS: Final[int] = 0
"""Stands for the week in draws that hold for all weeks."""


def weeks_under_way(world: World, ship_weeks: float) -> float:
    """Mean weeks that a shipment of this week is under way, 1 to 7."""
    terms = world.population("X")
    weeks = (ship_weeks + terms.lead_added[0]) * terms.lead_part[0]
    return float(min(LONGEST, max(1.0, weeks)))


def spread(world: World, lead_sd: float) -> float:
    """Standard deviation of the time of delivery that buyers reckon with, weeks."""
    return float(lead_sd * world.population("X").lead_sd_part[0])


def input_cover(world: World, cover_in: float, z_s: float, lead_sd: float) -> float:
    """Weeks of use that makers and partners hold in inputs, on top of what is under way."""
    return float(max(0.0, cover_in + z_s * (spread(world, lead_sd) - lead_sd)))


def freight_rate(world: World) -> float:
    """Price of freight over its list."""
    return float(world.population("X").freight_rate[0])


def rail_price(world: World) -> Floats:
    """Price of a container by rail on each link, USD, [links]; inf where rail does not go."""
    rate, rail = float(world.population("X").rail_rate[0]), world.trade.hauls[3]
    return rail if rate == 1.0 else rail * rate


def rail_price_factor(world: World) -> tuple[float, float]:
    """Price of rail over its list, and the LTL factor of the haul from a terminal to its users."""
    terms = world.population("X")
    factor = freight.distance_factors([float(terms.rail_terminal[0])])[1]
    return float(terms.rail_rate[0]), float(factor[0])


def takes_pallets(world: World) -> bool:
    """Whether there is rail by the pallet anywhere."""
    return bool(world.population("X").rail_reach[0] > 0.0)


@compiled
def served_by_pallet(
    key0: np.uint64, key1: np.uint64, purpose: int, link: int, reach: float
) -> bool:
    """Whether the far end of a link takes rail by the pallet: the same links in every week."""
    return bool(keyed_uniform(key0, key1, purpose, link, 0, ALWAYS, 0) < reach)


@compiled
def take_pallets_to_rail(
    pounds: Floats,
    scale: Floats,
    rail: Floats,
    terminal: float,
    rate: float,
    tariff: freight.Tariff,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    reach: float,
    cost: Floats,
) -> None:
    """Lower the cost of each shipment that is cheaper by rail, by the pallet; USD, [links].

    `pounds` of the shipment (0: none), `scale` factor of the tariff and `rail` price of a container
    before its `rate`, [links]; `terminal` LTL factor of the haul to a terminal.
    """
    for link in range(cost.shape[0]):
        if pounds[link] > 0.0 and not math.isinf(rail[link]):
            by_rail = freight.rail_by_pallet(pounds[link], terminal, rail[link], tariff)
            by_rail *= scale[link] * rate
            if by_rail < cost[link] and served_by_pallet(key0, key1, purpose, link, reach):
                cost[link] = by_rail


def offer_rail_by_pallet(world: World, pounds: Floats, scale: Floats, cost: Floats) -> None:
    """Let shipments of `pounds` [links] go by rail where that is cheaper; `cost` USD, [links]."""
    rate, terminal = rail_price_factor(world)
    take_pallets_to_rail(
        pounds,
        scale,
        world.trade.hauls[3],
        terminal,
        rate,
        freight.price_list(),
        *world.streams.key,
        world.streams.code("rail_access"),
        float(world.population("X").rail_reach[0]),
        cost,
    )


@compiled
def draw_weeks(
    week: int, key0: np.uint64, key1: np.uint64, purpose: int, mean: float, weeks: Ints
) -> None:
    """Whole weeks that this week's shipment of each link is under way, with the given mean."""
    least = math.floor(mean)
    part = mean - least
    for link in range(weeks.shape[0]):
        weeks[link] = least
        if part > 0.0 and keyed_uniform(key0, key1, purpose, link, 0, week, 0) < part:
            weeks[link] = least + 1


@compiled
def put_under_way(shipped: Floats, weeks: Ints, week: int, transit: Floats) -> None:
    """Add each link's shipment to the slot in which it arrives; `transit` [weeks, links]."""
    slots = transit.shape[0]
    for link in range(shipped.shape[0]):
        if shipped[link] > 0.0:
            transit[(week + weeks[link]) % slots, link] += shipped[link]


@compiled
def cost_under_way(amount: Floats, buyer_start: Ints, weeks: Ints, week: int, cost: Floats) -> None:
    """Add what each link's shipment cost its buyer to the slot in which it arrives.

    `amount` USD, `weeks` [links]; `cost` [weeks, agents].
    """
    slots = cost.shape[0]
    for agent in range(cost.shape[1]):
        for link in range(buyer_start[agent], buyer_start[agent + 1]):
            if amount[link] != 0.0:
                cost[(week + weeks[link]) % slots, agent] += amount[link]
