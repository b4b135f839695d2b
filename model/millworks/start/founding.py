"""Found a world: measured place, drawn firms and links, base year, opened books."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.agents.government import Government
from millworks.agents.households import Household
from millworks.agents.lender import Lender
from millworks.agents.maker import Maker
from millworks.agents.outside import Outside
from millworks.agents.partner import Partner
from millworks.agents.retailer import Chain, Retailer
from millworks.agents.services import ServiceBlock
from millworks.economy.national import NationalAccounts
from millworks.economy.places import Place
from millworks.economy.technology import RET, SERVICE_SECTORS
from millworks.parameters import Parameters
from millworks.start.balance_sheets import BANKS, open_books
from millworks.start.firms import SyntheticDistrict, synthesise
from millworks.start.links import build_links
from millworks.start.network import WorldNetwork, build_network, supply_shares
from millworks.start.steady_state import (
    AgentFlows,
    BaseYear,
    base_year,
    relieve_overloaded,
    solve_agents,
)
from millworks.world.accounts import HOLDERS
from millworks.world.averages import newest_weight
from millworks.world.columns import Population
from millworks.world.ledger import Ledger
from millworks.world.rest_of_us import RestOfUS
from millworks.world.streams import Streams
from millworks.world.sums import add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

AGENT_CLASSES = {
    "M": Maker,
    "P": Partner,
    "R": Retailer,
    "C": Chain,
    "S": ServiceBlock,
    "X": Outside,
    "H": Household,
    "G": Government,
    "B": Lender,
}
"""Kinds in the order of their ids; those that stand on links of the network come first."""


@dataclass(frozen=True)
class Founding:
    """What a world was founded from, for reports and checks."""

    place: Place
    district: SyntheticDistrict
    base: BaseYear
    network: WorldNetwork
    flows: AgentFlows

    @property
    def flows_by_sector(self) -> Floats:
        """Gross output of the base year by sector, [34] USD a week, as the agents make it."""
        sectors = self.network.sector_of
        firms = sectors >= 0
        return add_up(sectors[firms], self.flows.output[firms], len(self.base.output))


def found(
    world: World,
    place: Place,
    national: NationalAccounts,
    streams: Streams,
    parameters: Parameters,
    *,
    method: str,
    makers: int | None,
    shares: Floats | None = None,
    household_shares: Floats | None = None,
) -> Founding:
    """Fill an empty world.

    `method` of regionalisation, unless `shares` gives the regional purchase shares ([34] by seller
    or [34, 34] by seller and buyer). `makers` below the place's own number founds a scale model.
    """
    district = synthesise(place, national, streams, makers)
    # Local shares are those of the place at its true size, however small its model.
    base = base_year(
        national,
        district.sector_output,
        district.sector_jobs / district.scale,
        parameters,
        method,
        shares,
        household_shares,
    )
    network = build_network(
        district, build_links(district, national, streams), base.technology, parameters
    )
    flows = _solve(network, base, district, parameters)
    _register(world, network, district)
    world.parameters, world.technology, world.trade = parameters, base.technology, network.trade
    world.network = network.topology
    world.ledger = Ledger(world.populations, network.trade)
    world.rest_of_us = RestOfUS(
        national,
        respent=parameters.s_w,
        newest_weight=newest_weight(parameters.income_half_life),
    )
    _write_mixes(world, network)
    _write_identity(world, district)
    open_books(world, network, flows, base, streams)
    return Founding(place, district, base, network, flows)


def _register(world: World, network: WorldNetwork, district: SyntheticDistrict) -> None:
    """Make room for every kind, in the order of ids."""
    sizes = {letter: span.stop - span.start for letter, span in network.spans.items()}
    sizes |= {"H": 2, "G": 1, "B": BANKS + 2}
    for letter, agent_class in AGENT_CLASSES.items():
        population = Population(agent_class, sizes[letter], world)
        world.register(HOLDERS[letter].population, population)


def _solve(
    network: WorldNetwork, base: BaseYear, district: SyntheticDistrict, parameters: Parameters
) -> AgentFlows:
    """Base year agent by agent, after moving links away from overloaded sellers."""
    recipe, spans, trade = base.technology, network.spans, network.trade
    agents = spans["X"].stop
    founded = np.zeros(agents)
    founded[spans["M"]] = district.makers.sales / 52.0
    founded[spans["P"]] = district.partners.sales / 52.0
    spent_here = base.consumption * recipe.shop_spending * recipe.shop_local_part
    margin = spent_here * recipe.retail_margin / (1.0 + recipe.retail_margin)
    founded[spans["R"]] = margin * (1.0 - parameters.chain_share) * district.retailers.sales_weight
    founded[spans["C"]] = margin * parameters.chain_share
    blocks = base.output[SERVICE_SECTORS].copy()
    ret_row = int(np.searchsorted(SERVICE_SECTORS, RET))
    blocks[ret_row] = max(0.0, blocks[ret_row] - margin)
    founded[spans["S"]] = blocks
    shops = np.zeros(agents, dtype=np.bool_)
    shops[spans["R"]] = shops[spans["C"]] = True

    sales = np.full(agents, np.inf)
    for letter in "MP":
        sales[spans[letter]] = founded[spans[letter]]
    per_output = np.where(shops, 1.0 / recipe.retail_margin, recipe.goods_rate[network.sector_of])
    bought = np.where(network.sector_of >= 0, per_output * founded, 0.0)
    trade.share[:] = relieve_overloaded(trade.share, trade, network.group, bought, sales)
    trade.supply_share[:] = supply_shares(network, recipe)
    return solve_agents(
        trade,
        recipe,
        network.sector_of,
        founded,
        shops,
        base.consumption * recipe.direct_local,
        np.arange(spans["S"].start, spans["S"].stop),
        base.government,
    )


def _write_mixes(world: World, network: WorldNetwork) -> None:
    """How payments and orders to aggregates split over sectors, from the recipes."""
    recipe = world.technology
    local = recipe.services_local[SERVICE_SECTORS]
    world.block_mix = _columns_to_one(local)
    world.mix_of_rest_of_us = _columns_to_one(recipe.goods_us)
    world.shop_mix_of_rest_of_us = network.shop_mix


def _columns_to_one(matrix: Floats) -> Floats:
    total = matrix.sum(axis=0)
    return np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0.0)


def _write_identity(world: World, district: SyntheticDistrict) -> None:
    """What firms are, as drawn."""
    for letter, rows in (("M", district.makers), ("P", district.partners)):
        firms = world.population(letter)
        firms.size_class[:] = rows.size_class
        firms.employment[:] = rows.employment
        firms.annual_sales[:] = rows.sales
    retailers = world.population("R")
    retailers.employment[:] = district.retailers.employment
    retailers.sales_share[:] = district.retailers.sales_weight
    world.population("C").sales_share[:] = 1.0
