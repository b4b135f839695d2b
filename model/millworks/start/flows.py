"""Decision columns as the week before the first would have left them: output, orders, pay, plans.

What a firm makes, orders, uses and owes in a week of unchanging business follows from the flows of
the base year (`start/steady_state.py`). Manufacturers' part is written first, for their costs need
it (`start/costs.py`); the rest once all is known. USD a week at base-year prices.

Source: model specification §5. Left out: seasons, which turn from the first week on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.start.network import WorldNetwork
from millworks.start.producers import reliability, weeks_in_hand
from millworks.start.steady_state import AgentFlows, BaseYear
from millworks.world.accounts import FIRMS
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

QUARTER = 13
SHOPS = "RC"
LONGEST_LEAD = 52.0
"""Weeks of work that an order book holds at most at the start."""
LINKS_AS_STOCK = "MPRC"
"""Firms that hold stocks of goods."""


def write_production(
    world: World, network: WorldNetwork, flows: AgentFlows, overload: dict[str, Floats]
) -> None:
    """Output, capacity, capital, forecasts and stocks aimed at of manufacturers at the start."""
    rates = world.parameters
    for letter in "MP":
        firms, span = world.population(letter), network.spans[letter]
        firms.output[:] = flows.output[span]
        demand = flows.demand[span]
        firms.orders[:] = firms.potential_forecast[:] = demand
        firms.demand_forecast[:] = firms.staff[:] = firms.hours[:] = firms.output
        firms.accepted[:] = np.exp(-np.maximum(0.0, overload[letter]))
        firms.bind[:] = firms.stock_bind[:] = -1
        firms.capacity[:] = demand * np.exp(-overload[letter])
        bounded = np.isfinite(firms.capacity)
        firms.capital_per_unit[:] = np.where(bounded, rates.kc * 52.0, 0.0)
        sized = np.where(bounded, firms.capacity, firms.output)
        firms.base_capital[:] = rates.kc * sized * 52.0
        firms.finished_units[:] = rates.cover_f * firms.spot_share * demand
        firms.units_on_hand[:] = (
            rates.cover_in * world.technology.goods_rate[firms.sector] * firms.output
        )
    trade, customers = network.trade, network.trade.outside_customers
    outside = flows.outside_orders[trade.seller[customers]]
    trade.base_order[customers] = outside * network.weight[customers]


def write_flows(
    world: World,
    network: WorldNetwork,
    flows: AgentFlows,
    base: BaseYear,
    overload: dict[str, Floats],
    usual: float,
) -> None:
    """Decision columns as the week before the first would have left them.

    `overload`: ln(D/K) by holder letter; `usual`: reliability that customers are used to.
    """
    recipe, rates = world.technology, world.parameters
    for letter in FIRMS:
        firms, span = world.population(letter), network.spans[letter]
        firms.sector[:] = network.sector_of[span]
        firms.output[:] = firms.last_output[:] = firms.base_output[:] = flows.output[span]
        firms.goods_ordered[:] = flows.goods[span]
        firms.goods_used[:] = flows.goods[span] + flows.supplies[span]
        factor, labour = 1.0, 1.0
        if letter in "MP":
            factor, labour = firms.input_factor, firms.labour_factor
            firms.shipped[:] = firms.invoiced[:] = firms.output
            local = world.carriers_local[firms.sector]
            freight = firms.freight_units * firms.output
            firms.freight_local[:] = freight * local
            firms.freight_outside[:] = freight - firms.freight_local
            lead = weeks_in_hand(overload[letter], rates)
            firms.fill[:] = reliability(overload[letter], rates)
            firms.fill_base[:] = usual
            # Where customers wait for ever there is no lead at which orders settle.
            lead = np.minimum(lead, LONGEST_LEAD)
            full = lead * np.where(np.isfinite(firms.capacity), firms.capacity, 0.0)
            normal = (rates.work_weeks - 1.0) * (1.0 - firms.spot_share) * firms.output
            firms.backlog[:] = np.maximum(full, normal)
        pay = recipe.wage[firms.sector] * labour * firms.output
        firms.wage_residents[:] = pay * (1.0 - rates.commuter_share)
        firms.wage_commuters[:] = pay - firms.wage_residents
        used = factor * firms.output
        firms.services_local[:] = recipe.services_local.sum(axis=0)[firms.sector] * used
        outside = recipe.services_us.sum(axis=0) + recipe.services_abroad
        firms.services_outside[:] = outside[firms.sector] * used
        if letter not in "MP":
            firms.jobs[:] = recipe.jobs[firms.sector] * firms.output * 52.0
        firms.revolver_limit[:] = np.inf
        if letter in LINKS_AS_STOCK:
            firms.usage_forecast[:] = firms.goods_ordered
            firms.last_used[:] = firms.goods_used
        if letter in SHOPS:
            firms.sales[:] = firms.demanded[:] = firms.output + firms.goods_ordered
            firms.units_sold[:] = firms.goods_ordered
        if letter in "MR":
            sales = firms.output if letter == "M" else firms.sales
            firms.annual_sales[:] = 52.0 * sales
            firms.revolver_limit[:] = rates.cards * firms.annual_sales
            firms.soft_information[:] = world.streams.normal(
                "maker_soft_information", firms.identity
            )
        firms.tax_base[:] = weeks_since_filing(world, letter) * firms.output
    blocks = world.population("S")
    blocks.base_outside_sales[:] = flows.outside_orders[network.spans["S"]]
    trade = network.trade
    customers = trade.outside_customers
    seller = trade.seller[customers]
    makes = np.bincount(
        trade.sector[customers],
        weights=flows.output[seller] * network.weight[customers],
        minlength=len(base.output),
    )
    trade.programme_share[:] = (
        flows.output[seller] * network.weight[customers] / makes[trade.sector[customers]]
    )


def weeks_since_filing(world: World, letter: str) -> npt.NDArray[np.int64]:
    """Weeks of output not yet filed at the start: quarterly filers are staggered by identity."""
    firms = world.population(letter)
    if letter not in "MR":
        return np.zeros(firms.size, dtype=np.int64)
    return (firms.identity - 1) % QUARTER
