"""How plain agents take over the state of a district's columns, and hand it back.

This is done around the weeks of plain agents and is never part of what is timed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from millworks.economy.seasons import season_ahead
from millworks.economy.sectors import N_SECTORS
from millworks.economy.technology import RET
from millworks.week.plan import SEASON_WEEKS
from millworks.world.accounts import HOLDERS
from millworks.world.labour_market import hiring_factor
from millworks.world.rest_of_us import CARRIERS
from millworks.world.trade import OUTSIDE_SECTORS, TRANSIT_WEEKS

if TYPE_CHECKING:
    from benchmarks.plain_world import PlainDistrict

LINK_FACTS = (
    "share",
    "supply_share",
    "base_order",
    "terms",
    "late",
    "interval",
    "too_small",
    "backlog",
    "ready",
    "sector",
)


def load(district: PlainDistrict) -> None:
    """Take over the state of the columns."""
    world, trade = district.columns, district.columns.trade
    district.week, district.wage = world.week, world.wage
    district.slot_of_arrival = (world.week + int(district.rates.ship_weeks)) % TRANSIT_WEEKS
    district.hiring = hiring_factor(world.labour)
    ahead = season_ahead(world.week, SEASON_WEEKS) if district.rates.seasons > 0.0 else 1.0
    district.season_ahead = 1.0 + district.rates.seasons * (ahead - 1.0)
    district.service_price = world.service_price.tolist()
    district.commuter_pay = district.freight_outside = 0.0
    district.turned = [0.0] * (N_SECTORS + OUTSIDE_SECTORS)
    district.to_rivals = [0.0] * N_SECTORS
    district.services_paid = [0.0] * N_SECTORS
    district.services_taken = [0.0] * N_SECTORS
    district.basis_of_services = [0.0] * N_SECTORS
    streams = world.streams
    district.address = {
        name: (*streams.key, streams.code(name))
        for name in ("demand_shock", "order_lumpiness", "payment_lateness")
    }
    for letter, agents in district.holders.items():
        for name, values in world.population(letter).state().items():
            for agent, value in zip(agents, values.tolist(), strict=True):
                setattr(agent, name, value)
        if letter in "BX":
            continue
        for agent in agents:
            agent.bank = district.lenders[agent.lender]
    _load_links(district)
    per_trader = zip(
        district.traders,
        trade.transit_cost.T.tolist(),
        trade.us_price.tolist(),
        trade.abroad_price.tolist(),
        trade.market_share.tolist(),
        strict=True,
    )
    for trader, cost, us_price, abroad_price, market_share in per_trader:
        trader.transit_cost, trader.us_price = cost, us_price
        trader.abroad_price, trader.market_share = abroad_price, market_share
        trader.sourcing = []
    groups = (trade.group_buyer, trade.group_sector, trade.group_us)
    for buyer, sector, part in zip(*(g.tolist() for g in groups), strict=True):
        district.traders[buyer].sourcing.append((sector, part))


def _load_links(district: PlainDistrict) -> None:
    trade = district.columns.trade
    facts = [getattr(trade, name).tolist() for name in LINK_FACTS]
    rest = (trade.transit.T, trade.ring.T, trade.overdue, trade.seller)
    more = [values.tolist() for values in rest]
    for link, *values in zip(district.links, *facts, *more, strict=True):
        for name, value in zip(LINK_FACTS, values, strict=False):
            setattr(link, name, value)
        link.transit, link.ring, link.overdue = values[-4:-1]
        link.seller = district.traders[values[-1]]
    hauls = trade.hauls if trade.hauls[0].size else (np.ones(len(district.links)),) * 4
    for name, factors in zip(("parcel", "ltl", "truck", "rail"), hauls, strict=True):
        for link, factor in zip(district.links, factors.tolist(), strict=True):
            setattr(link, name, factor)
    for link, state in zip(district.customers, trade.demand_state.tolist(), strict=True):
        link.demand_state = state
    for number in trade.large_payers:
        district.links[number].lies = True
    for trader in district.traders:
        trader.customers = []
    for number in trade.by_seller.tolist():
        district.links[number].seller.customers.append(district.links[number])
    for us, abroad, trader in zip(trade.us_link, trade.abroad_link, district.traders, strict=True):
        trader.us_link = district.links[us] if us >= 0 else None
        if us >= 0:
            district.links[us].us = True
        if abroad >= 0:
            district.links[abroad].abroad = True


def store(district: PlainDistrict) -> None:
    """Hand the state back to the columns."""
    world, trade = district.columns, district.columns.trade
    state = world.state()
    for letter, agents in district.holders.items():
        columns = state["populations"][HOLDERS[letter].population]
        for name, values in columns.items():
            values[...] = [getattr(agent, name) for agent in agents]
    links = state["trade"]
    for name in ("backlog", "ready"):
        links[name][:] = [getattr(link, name) for link in district.links]
    links["too_small"][:] = [link.too_small for link in district.links]
    links["transit"][:] = np.array([link.transit for link in district.links]).T
    links["_ring"][:] = np.array([link.ring for link in district.links]).T
    links["_overdue"][:] = [link.overdue for link in district.links]
    links["demand_state"][:] = [link.demand_state for link in district.customers]
    links["transit_cost"][:] = np.array([trader.transit_cost for trader in district.traders]).T
    links["turned_outside"][:] = [trader.turned_outside for trader in district.traders]
    rest = state["rest_of_us"]
    rest["purchases"] += _orders_of_rest_of_us(district)
    rest[f"{world.rest_of_us.sales.name}: purchases"] += np.array(district.to_rivals)
    rest["scalars"][0] += district.commuter_pay
    world.load_state(state)
    trade.late[:] = [link.late for link in district.links]
    trade.shipped[:] = [link.shipped for link in district.links]


def _orders_of_rest_of_us(district: PlainDistrict) -> np.ndarray:
    """What the district asked of the rest of the US this week, by sector."""
    world = district.columns
    recipe = world.technology
    total = np.array(district.bought) + np.array(district.turned[:N_SECTORS])
    total += recipe.services_us @ np.array(district.basis_of_services)
    total[CARRIERS] += district.freight_outside
    for letter in "RC":
        ordered = sum(shop.goods_ordered for shop in district.holders[letter])
        supplies = sum(shop.supplies_used for shop in district.holders[letter])
        total += world.shop_margins_of_rest_of_us[letter] * ordered
        total += recipe.goods_us[:, RET] * supplies
    return total
