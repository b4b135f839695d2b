"""The base year as a steady state: flows that repeat themselves week after week.

The place's output by sector is measured; what its own firms and residents buy there follows from
the recipes; outside customers buy the rest. Makers are linked at random, so a maker's local sales
can exceed what it was founded with; shares are first moved away from overloaded sellers (within
each buyer and sector), and what still exceeds a seller's sales raises them:

    outside orders of i = (x_i / a_i - local orders of i)⁺
    demand of i = local orders + outside orders · mood of its customers,   output = a_i demand

x_i what it was founded with, a_i the part of its orders that its capacity can make, mood the
present demand of its customers over their base; solved for all agents at once, since every output
is also a demand for inputs. Local purchase shares are limited by what the place makes
(supply-demand pool; Miller and Blair 2009, §8.2).

Everything here is USD of 2022 per week at base-year prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.economy.national import NationalAccounts
from millworks.economy.regional import regional_shares, supply_limited
from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.technology import GOV, SERVICE_SECTORS, Technology, make_technology
from millworks.errors import InputError, MillworksError
from millworks.parameters import Parameters
from millworks.world.trade import TradeBook

Floats = npt.NDArray[np.float64]

POOL_LIMIT = 0.95
"""Largest part of a sector's output that the place itself may buy; the rest serves outside."""

GOVERNMENT_HERE = 0.5
"""Part of the local government's receipts that it spends on the government block; assumption."""


@dataclass(frozen=True)
class BaseYear:
    """Sector flows of the base year, USD a week; vectors [34]."""

    technology: Technology
    output: Floats
    consumption: float
    resident_pay: float
    government: float
    """What the local government buys of the government block."""


def base_year(
    national: NationalAccounts,
    sector_output: Floats,
    sector_jobs: Floats,
    parameters: Parameters,
    method: str,
    shares: Floats | None = None,
    household_shares: Floats | None = None,
) -> BaseYear:
    """Recipes of the place and its flows by sector.

    `sector_output` [34] USD a year and `sector_jobs` [34] of the district; `method` of
    regionalisation, unless `shares` [34] gives the regional purchase shares (then not limited).
    """
    output = sector_output / 52.0
    pay = float(national.compensation @ output) * (1.0 - parameters.commuter_share)
    # Residents spend what they spend nationally per dollar of pay.
    consumption = pay * national.pce / float(national.compensation @ national.output)
    if shares is None:
        local = regional_shares(
            sector_jobs, national.employment, method, delta=parameters.flq_delta
        )
        requirement = national.A @ output + national.basket * consumption
        local = supply_limited(local, POOL_LIMIT * output, requirement)
        technology = make_technology(national, local)
    else:
        _refuse_unmade(shares, output)
        technology = make_technology(national, shares, household_shares)
    receipts = parameters.tax_local_share * (
        float(national.taxes @ output) + parameters.tau_w * pay
    )
    return BaseYear(
        technology=technology,
        output=output,
        consumption=consumption,
        resident_pay=pay,
        government=max(0.0, min(GOVERNMENT_HERE * receipts, GOVERNMENT_HERE * output[GOV])),
    )


def _refuse_unmade(shares: Floats, output: Floats) -> None:
    """Shares that send buyers to a sector nobody makes here are an InputError."""
    wanted = shares if np.ndim(shares) == 1 else np.max(shares, axis=1)
    lost = np.flatnonzero(MANUFACTURING & (output <= 0.0) & (wanted > 0.0))
    if len(lost):
        code = SECTORS[int(lost[0])]
        raise InputError(
            f"shares: {wanted[lost[0]]:g} of {code} is bought in the district, but nobody makes it"
            " there; its share must be 0."
        )


def relieve_overloaded(
    share: Floats,
    trade: TradeBook,
    group: npt.NDArray[np.int64],
    bought: Floats,
    sales: Floats,
    limit: float = 0.8,
    rounds: int = 30,
) -> Floats:
    """Move link shares from sellers whose local orders exceed `limit` of their sales.

    `group` numbers the links of one buyer and sector, within which shares keep their sum; `bought`
    [agents] USD a week each buyer orders; `sales` [agents], infinite where there is no limit.
    """
    share = share.copy()
    total = np.bincount(group, weights=share)
    for _ in range(rounds):
        load = trade.of_seller(share * bought[trade.buyer])
        factor = np.minimum(
            1.0, np.divide(limit * sales, load, out=np.ones_like(load), where=load > 0.0)
        )
        if np.all(factor >= 1.0 - 1e-9):
            break
        share = share * factor[trade.seller]
        now = np.bincount(group, weights=share)
        share = share * np.divide(total, now, out=np.ones_like(now), where=now > 0.0)[group]
    return share


@dataclass(frozen=True)
class AgentFlows:
    """Weekly flows of each agent in the base year; vectors over global ids, USD a week.

    `demand`: all orders a producer gets, of which it makes `output`; `outside_orders`: base orders
    of its customers outside.
    """

    output: Floats
    demand: Floats
    goods: Floats
    supplies: Floats
    local_orders: Floats
    outside_orders: Floats


def solve_agents(
    trade: TradeBook,
    recipe: Technology,
    sector: npt.NDArray[np.int64],
    founded: Floats,
    shops: npt.NDArray[np.bool_],
    household_direct: Floats,
    block_of: npt.NDArray[np.int64],
    government: float,
    served: Floats,
    mood: Floats,
    factor: Floats,
    explicit: Floats,
) -> AgentFlows:
    """Solve the base year agent by agent.

    `sector` [agents] recipe of each agent; `founded` [agents] output a week it is meant to have;
    `shops` marks shops, whose `founded` is their margin; `household_direct` [34] what residents buy
    directly from each block; `block_of` [blocks] global ids of the blocks; `served` [agents] part
    of its orders that an agent can make; `mood` [agents] present demand of its outside customers
    over their base; `factor` [agents] its inputs over its sector's. What a seller cannot make its
    local buyers get from the rest of the US. MillworksError if the flows do not settle.
    """
    margin = recipe.retail_margin
    output = founded.copy()
    goods_rate = np.where(shops, 1.0 / margin, recipe.goods_rate[sector] * factor)
    firms = np.flatnonzero(sector >= 0)
    for _ in range(500):
        goods, supplies = np.zeros_like(output), np.zeros_like(output)
        goods[firms] = (goods_rate * output)[firms]
        supplies[shops] = (recipe.goods_rate[sector] * output)[shops]
        orders = trade.of_seller(
            trade.share * goods[trade.buyer] + trade.supply_share * supplies[trade.buyer]
        )
        by_sector = np.bincount(
            sector[firms], weights=(factor * output)[firms], minlength=len(household_direct)
        )
        orders[block_of] += (recipe.services_local @ by_sector)[SERVICE_SECTORS] + household_direct[
            SERVICE_SECTORS
        ]
        orders[block_of] += explicit
        orders[block_of[np.searchsorted(SERVICE_SECTORS, GOV)]] += government
        outside = np.where(shops, 0.0, np.maximum(0.0, founded / served - orders))
        demand = np.where(shops, founded, orders + outside * mood)
        new = served * demand
        new[sector < 0] = 0.0
        change = float((np.abs(new - output) / (1.0 + output)).max())
        output = new
        if change <= 1e-14:
            break
    else:
        raise MillworksError("the flows of the base year did not settle within 500 rounds.")
    return AgentFlows(output, demand, goods, supplies, orders, outside)
