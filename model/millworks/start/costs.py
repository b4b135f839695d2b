"""What a unit costs each manufacturer at the start: pay, inputs, freight, space, wear, interest.

Prices are one at the start: a unit is a base dollar's worth. A maker's inputs per unit are what is
left of that dollar after its mark-up, pay, taxes and overheads at normal use (.8 of capacity):

    f_i = (1 - m_i - l_i - t - freight_i - (rent + wear + interest)_i / .8 K_i) / (goods + services)

within bounds, beyond which the mark-up gives way. Partners take the complement, so that makers and
partners of a sector together use what its column says. Freight of each link follows the tariff at
the link's flow and distance; one factor per sector makes its mean what the table pays carriers
(row TRN), and each link ships every n weeks, n of least cost. With `cost_spread`,
`explicit_freight` and `explicit_space` at zero every firm uses its sector's pooled column whole.

Source: model specification §5.2, §5.3, §7.10, §7.11. Left out: rent of shops (row RRE of their
column); insurance and bank fees, which stay in row FIN.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.agents.newcomer import LEAST_INPUTS, MOST_INPUTS, ambitions, markups
from millworks.agents.pricing import unit_cost
from millworks.economy import freight, space
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, sector_index
from millworks.economy.technology import TRN, Technology
from millworks.kernels import compiled
from millworks.parameters import Parameters
from millworks.start.producers import cost_factors, spot_share
from millworks.start.steady_state import AgentFlows
from millworks.world.trade import TradeBook
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RRE: Final[int] = sector_index("RRE")
ROUNDS = 3
"""Rounds in which freight factors and weeks between shipments find each other."""


def without_explicit_rows(recipe: Technology, rates: Parameters) -> Technology:
    """Take freight and rent out of manufacturers' columns where they are paid explicitly."""
    local, us = recipe.services_local.copy(), recipe.services_us.copy()
    for row, explicit in ((TRN, rates.explicit_freight), (RRE, rates.explicit_space)):
        for matrix in (local, us):
            matrix[row] = np.where(MANUFACTURING, (1.0 - explicit) * matrix[row], matrix[row])
    return replace(recipe, services_local=local, services_us=us)


def set_costs(world: World, flows: AgentFlows, whole: Technology) -> None:
    """Set what makers and partners need per unit; `whole` is the recipe before rows were taken out.

    Their output, capacity and capital stand already.
    """
    rates = world.parameters
    firms = {letter: world.population(letter) for letter in "MP"}
    factors = cost_factors(
        {letter: firm.output for letter, firm in firms.items()},
        {letter: firm.sector for letter, firm in firms.items()},
        {letter: firm.size_class for letter, firm in firms.items()},
        {letter: firm.identity for letter, firm in firms.items()},
        rates,
        world.streams,
        world.technology.national.year,
    )
    for letter, firm in firms.items():
        firm.labour_factor[:], firm.jobs_factor[:] = factors[letter]
        firm.spot_share[:] = spot_share(firm.sector, rates)
        firm.jobs[:] = world.technology.jobs[firm.sector] * firm.jobs_factor * firm.output * 52.0
    _set_freight(world, flows, whole)
    _set_space(world)
    _set_inputs(world)


def _set_freight(world: World, flows: AgentFlows, whole: Technology) -> None:
    """Factor of the tariff by sector, weeks between shipments by link, freight per unit by firm."""
    trade, rates = world.trade, world.parameters
    carriers = whole.services_local[TRN] + whole.services_us[TRN]
    local = np.divide(
        whole.services_local[TRN], carriers, out=np.zeros(N_SECTORS), where=carriers > 0.0
    )
    world.carriers_local = local
    world.pounds_per_unit = freight.pounds_per_dollar()
    world.freight_scale = np.zeros(N_SECTORS)
    trade.hauls = (
        *freight.distance_factors(trade.distance),
        freight.rail_costs(trade.distance),
    )
    sold = weekly_flow(trade, flows)
    made = np.zeros(N_SECTORS)
    for letter in "MP":
        made += world.by_sector(letter, world.population(letter).output)
    world.freight_scale[:] = rates.explicit_freight
    if rates.explicit_freight <= 0.0:
        return
    per_link = np.zeros(len(sold))
    for _ in range(ROUNDS):
        _choose_intervals(world, sold, per_link)
        paid = np.bincount(trade.sector, weights=per_link, minlength=N_SECTORS + 3)[:N_SECTORS]
        target = carriers * made * rates.explicit_freight
        world.freight_scale *= np.divide(
            target, paid, out=np.ones(N_SECTORS), where=(paid > 0.0) & (target > 0.0)
        )
    _choose_intervals(world, sold, per_link)
    by_seller = trade.by_holder(trade.of_seller(per_link))
    for letter in "MP":
        firm = world.population(letter)
        firm.freight_units[:] = np.divide(
            by_seller[letter], firm.output, out=np.zeros(firm.size), where=firm.output > 0.0
        )


def weekly_flow(trade: TradeBook, flows: AgentFlows) -> Floats:
    """Units that each link asks for in a week of the start, [links]."""
    flow = trade.share * flows.goods[trade.buyer] + trade.supply_share * flows.supplies[trade.buyer]
    customers = trade.outside_customers
    pull = trade.market_share[trade.seller[customers]]
    flow[customers] = trade.base_order[customers] * pull * np.exp(trade.demand_state)
    return flow


def _choose_intervals(world: World, flow: Floats, per_link: Floats) -> None:
    """Write weeks between shipments and freight a week of each link that a manufacturer serves."""
    trade = world.trade
    sells = np.zeros(trade.agents, dtype=np.bool_)
    for letter in "MP":
        sells[trade.spans[letter]] = True
    choose_intervals(
        flow,
        sells[trade.seller],
        trade.sector,
        world.pounds_per_unit,
        world.freight_scale,
        *trade.hauls,
        freight.price_list(),
        world.parameters.h_c,
        trade.interval,
        per_link,
    )


@compiled
def choose_intervals(
    flow: Floats,
    sold: npt.NDArray[np.bool_],
    sector: Ints,
    pounds_per_unit: Floats,
    scale: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    rail: Floats,
    tariff: freight.Tariff,
    holding_rate: float,
    interval: Ints,
    cost: Floats,
) -> None:
    """Each link ships every n weeks, n of least freight and waiting; `cost` USD a week."""
    for link in range(flow.shape[0]):
        interval[link] = 1
        cost[link] = 0.0
        if not sold[link] or flow[link] <= 0.0:
            continue
        s = scale[sector[link]]
        pounds = flow[link] * pounds_per_unit[sector[link]]
        weeks = freight.weeks_between_shipments(
            pounds, flow[link] / s, holding_rate, parcel[link], ltl[link], truck[link], tariff,
            rail[link],
        )  # fmt: skip
        interval[link] = weeks
        shipment = freight.domestic_cost(
            weeks * pounds, parcel[link], ltl[link], truck[link], tariff, rail[link]
        )
        cost[link] = s * shipment / weeks


def _set_space(world: World) -> None:
    """Floors fit the people and stocks of full use; deposits and leases of random age."""
    prices, explicit = space.price_list(), world.parameters.explicit_space
    for letter in "MP":
        firms = world.population(letter)
        if explicit <= 0.0:
            continue
        bounded = np.isfinite(firms.capacity) & (firms.output > 0.0)
        full = np.divide(firms.capacity, firms.output, out=np.ones(firms.size), where=bounded)
        stock = (firms.units_on_hand + firms.finished_units) * world.pounds_per_unit[firms.sector]
        pallets = stock / prices.pounds_per_pallet
        need = prices.square_feet_per_worker * firms.jobs * np.maximum(1.0, full)
        need += prices.square_feet_per_pallet * pallets
        need *= 1.0 + world.parameters.floor_reserve
        firms.floor_space[:] = [space.fitting(size, prices) for size in need]
        years = prices.lease_years * world.streams.uniform("stage_start", firms.identity)
        firms.lease_end[:] = (52.0 * years).astype(np.int64)
        rent = np.array([space.rent_rate(size, prices) for size in firms.floor_space])
        firms.rent[:] = firms.floor_space * rent / 52.0


def _set_inputs(world: World) -> None:
    """Makers' inputs cover price one less the rest; partners take the complement of a sector."""
    rates, recipe = world.parameters, world.technology
    services = recipe.services_local.sum(axis=0) + recipe.services_us.sum(axis=0)
    inputs = recipe.goods_rate + services + recipe.services_abroad
    wanted, used = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    makers, partners = world.population("M"), world.population("P")
    makers.markup[:] = markups(
        world.streams, makers.identity, makers.generation, rates.m_bar, rates.m_sd
    )
    makers.ambition[:] = ambitions(
        world.streams, makers.identity, makers.generation, makers.size_class, rates.noamb
    )
    interest = rates.debt_sales * makers.output * 52.0 * rates.rate_bank
    others = _unit_cost(world, "M", inputs * 0.0, interest)
    fitting = np.clip(
        (1.0 - makers.markup - others) / inputs[makers.sector], LEAST_INPUTS, MOST_INPUTS
    )
    makers.input_factor[:] = 1.0 + rates.cost_spread * (fitting - 1.0)
    wanted = world.by_sector("M", makers.output) + world.by_sector("P", partners.output)
    used = world.by_sector("M", makers.output * makers.input_factor)
    left = world.by_sector("P", partners.output)
    rest = np.divide(wanted - used, left, out=np.ones(N_SECTORS), where=left > 0.0)
    rest = 1.0 + rates.cost_spread * (rest - 1.0)
    partners.input_factor[:] = np.clip(rest, LEAST_INPUTS, MOST_INPUTS)[partners.sector]
    makers.unit_cost[:] = _unit_cost(world, "M", inputs, interest)
    partners.unit_cost[:] = _unit_cost(world, "P", inputs, np.zeros(partners.size))
    for firms in (makers, partners):
        firms.markup[:] = 1.0 - firms.unit_cost


def _unit_cost(world: World, letter: str, inputs: Floats, interest: Floats) -> Floats:
    """Full cost of a unit at normal use, USD; `interest` USD a year, `inputs` by sector."""
    firms, recipe = world.population(letter), world.technology
    wear = world.parameters.dep * firms.base_capital
    return unit_cost(
        labour=recipe.wage[firms.sector] * firms.labour_factor,
        goods=inputs[firms.sector] * firms.input_factor,
        services=0.0,
        taxes=recipe.tax[firms.sector],
        freight=firms.freight_units,
        fixed=firms.rent + (wear + interest) / 52.0,
        capacity=np.where(np.isfinite(firms.capacity), firms.capacity, firms.output),
    )
