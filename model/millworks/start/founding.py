"""Found a world: measured place, drawn firms and links, base year, opened books."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from millworks.agents.government import Government
from millworks.agents.households import Household
from millworks.agents.lender import BANKS, Lender
from millworks.agents.maker import Maker
from millworks.agents.operator import Operator
from millworks.agents.outside import Outside
from millworks.agents.partner import Partner
from millworks.agents.retailer import Chain, Retailer
from millworks.agents.services import ServiceBlock
from millworks.economy.national import NationalAccounts
from millworks.economy.places import Place
from millworks.economy.sectors import MANUFACTURING
from millworks.economy.technology import RET, SERVICE_SECTORS
from millworks.parameters import Parameters
from millworks.start.balance_sheets import open_books
from millworks.start.costs import set_costs, without_explicit_rows
from millworks.start.firms import SyntheticDistrict, synthesise
from millworks.start.flows import write_production
from millworks.start.links import build_links
from millworks.start.network import WorldNetwork, build_network, supply_shares
from millworks.start.producers import customers_state, draw_overload, reliability
from millworks.start.steady_state import (
    AgentFlows,
    BaseYear,
    base_year,
    relieve_overloaded,
    solve_agents,
)
from millworks.world.accounts import CARRIER, FIRMS, HOLDERS, LANDLORD, OPERATORS
from millworks.world.averages import newest_weight
from millworks.world.columns import Population
from millworks.world.labour_market import LabourMarket
from millworks.world.ledger import Ledger
from millworks.world.rest_of_us import RestOfUS
from millworks.world.streams import Streams
from millworks.world.sums import add_all, add_up
from millworks.world.trade import TradeBook
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
    "O": Operator,
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
    whole = base.technology
    base = replace(base, technology=without_explicit_rows(whole, parameters))
    network = build_network(
        district, build_links(district, national, streams), base.technology, parameters
    )
    _register(world, network, district)
    world.base_parameters = world.parameters = parameters
    world.technology, world.trade = base.technology, network.trade
    world.streams, world.network = streams, network.topology
    world.chain_share = parameters.chain_share
    world.service_price = np.ones(len(base.output))
    world.turned_outside_by_sector = np.zeros(len(base.output))
    world.place_x, world.place_y = _places(district, network)
    _write_identity(world, district)
    overload = _draw_producers(world, network)
    solve = _Solver(network, base, district, parameters, overload)
    flows = solve.flows(np.ones(network.spans["X"].stop), np.zeros(len(SERVICE_SECTORS)))
    write_production(world, network, flows, overload)
    set_costs(world, flows, whole)
    factor = np.ones(network.spans["X"].stop)
    for letter in "MP":
        factor[network.spans[letter]] = world.population(letter).input_factor
    flows = solve.flows(factor, _explicit_sales(world))
    write_production(world, network, flows, overload)
    _conserve_outside_market(network.trade, len(base.output))
    for letter in "MP":
        share = network.trade.market_share[network.spans[letter]]
        world.population(letter).market_share[:] = share
    world.ledger = Ledger(world.populations, network.trade)
    world.rest_of_us = RestOfUS(
        national,
        respent=parameters.s_w,
        newest_weight=newest_weight(parameters.income_half_life),
    )
    _write_mixes(world, network)
    open_books(world, network, flows, base, overload, solve.usual)
    world.labour = _labour_market(world)
    world.outside_market_us = _rivals_sales(world, national, district.scale)
    return Founding(place, district, base, network, flows)


def _register(world: World, network: WorldNetwork, district: SyntheticDistrict) -> None:
    """Make room for every kind, in the order of ids."""
    sizes = {letter: span.stop - span.start for letter, span in network.spans.items()}
    sizes |= {"H": 2, "G": 1, "B": BANKS + 2, "O": len(OPERATORS)}
    for letter, agent_class in AGENT_CLASSES.items():
        population = Population(agent_class, sizes[letter], world)
        world.register(HOLDERS[letter].population, population)


def _draw_producers(world: World, network: WorldNetwork) -> dict[str, Floats]:
    """Draw how orders compare with capacity, and how each outside customer feels at the start."""
    trade, rates = network.trade, world.parameters
    sectors = {letter: network.sector_of[network.spans[letter]] for letter in "MP"}
    for letter in "MP":
        world.population(letter).sector[:] = sectors[letter]
    keys = {letter: world.population(letter).identity for letter in "MP"}
    trade.demand_state[:] = customers_state(trade.outside_customers, rates, world.streams)
    return draw_overload(sectors, keys, rates, world.streams)


class _Solver:
    """The base year agent by agent, after links were moved away from overloaded sellers."""

    def __init__(
        self,
        network: WorldNetwork,
        base: BaseYear,
        district: SyntheticDistrict,
        parameters: Parameters,
        overload: dict[str, Floats],
    ) -> None:
        recipe, spans, trade = base.technology, network.spans, network.trade
        agents = spans["X"].stop
        self.network, self.base = network, base
        self.founded = _founded(network, base, district, parameters)
        self.shops = np.zeros(agents, dtype=np.bool_)
        self.shops[spans["R"]] = self.shops[spans["C"]] = True
        self.served, self.mood = np.ones(agents), np.ones(agents)
        for letter in "MP":
            self.served[spans[letter]] = np.exp(-np.maximum(0.0, overload[letter]))
        customers = trade.outside_customers
        felt = np.zeros(len(trade.seller))
        felt[customers] = network.weight[customers] * np.exp(trade.demand_state)
        fill = {letter: reliability(x, parameters) for letter, x in overload.items()}
        self.usual = _usual_reliability(fill, self.founded, spans, parameters.beta_rel)
        for letter in "MP":
            # Reliability has moved each maker's share of the outside market before the start.
            pull = (fill[letter] / self.usual) ** parameters.beta_rel
            trade.market_share[spans[letter]] = pull
            self.mood[spans[letter]] = pull * trade.of_seller(felt)[spans[letter]]

        sales = np.full(agents, np.inf)
        for letter in "MP":
            sales[spans[letter]] = self.founded[spans[letter]]
        per_output = np.where(
            self.shops, 1.0 / recipe.retail_margin, recipe.goods_rate[network.sector_of]
        )
        bought = np.where(network.sector_of >= 0, per_output * self.founded, 0.0)
        trade.share[:] = relieve_overloaded(trade.share, trade, network.group, bought, sales)
        trade.supply_share[:] = supply_shares(network, recipe)
        trade.set_base()

    def flows(self, factor: Floats, explicit: Floats) -> AgentFlows:
        """Solve, with each agent's inputs `factor` times its sector's."""
        network, base = self.network, self.base
        recipe, spans = base.technology, network.spans
        return solve_agents(
            network.trade,
            recipe,
            network.sector_of,
            self.founded,
            self.shops,
            base.consumption * recipe.direct_local,
            np.arange(spans["S"].start, spans["S"].stop),
            base.government,
            self.served,
            self.mood,
            factor,
            explicit,
        )


def _usual_reliability(
    fill: dict[str, Floats], founded: Floats, spans: dict[str, slice], reliance: float
) -> float:
    """Reliability at which the output-weighted mean of (fill / usual)^reliance is one."""
    total = sum(float(founded[spans[letter]].sum()) for letter in fill)
    pull = sum(float((founded[spans[x]] * fill[x] ** reliance).sum()) for x in fill)
    return (pull / total) ** (1.0 / reliance) if total > 0.0 else 1.0


def _conserve_outside_market(trade: TradeBook, sectors: int) -> None:
    """What reliability takes from one maker's customers outside, others of its sector have."""
    customers = trade.outside_customers
    seller, sector = trade.seller[customers], trade.sector[customers]
    orders = trade.base_order[customers]
    base = add_up(sector, orders, sectors)
    pulled = add_up(sector, orders * trade.market_share[seller], sectors)
    factor = np.divide(base, pulled, out=np.ones(sectors), where=pulled > 0.0)
    scaled = np.ones(trade.agents)
    scaled[seller] = factor[sector]
    trade.market_share *= scaled


def _founded(
    network: WorldNetwork, base: BaseYear, district: SyntheticDistrict, parameters: Parameters
) -> Floats:
    """Output a week that each agent is meant to have, [agents] USD."""
    recipe, spans = base.technology, network.spans
    founded = np.zeros(spans["X"].stop)
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
    return founded


def _explicit_sales(world: World) -> Floats:
    """Freight and rent that makers and partners pay to each block, [blocks] USD a week."""
    sales = np.zeros(len(SERVICE_SECTORS))
    for letter in "MP":
        firms = world.population(letter)
        freight = firms.freight_units * firms.output * world.carriers_local[firms.sector]
        sales[CARRIER] += add_all(freight)
        sales[LANDLORD] += add_all(firms.rent)
    return sales


def _places(district: SyntheticDistrict, network: WorldNetwork) -> tuple[Floats, Floats]:
    """Miles east and north of the centre, [agents]; aggregates stand at the centre."""
    x, y = np.zeros(network.spans["X"].stop), np.zeros(network.spans["X"].stop)
    for letter, rows in (
        ("M", district.makers),
        ("P", district.partners),
        ("R", district.retailers),
    ):
        x[network.spans[letter]], y[network.spans[letter]] = rows.x_miles, rows.y_miles
    return x, y


def _rivals_sales(world: World, national: NationalAccounts, scale: float) -> Floats:
    """What the rest of the US makes of each sector, [34] units a week, at the model's scale."""
    here = world.by_sector("M", world.population("M").output)
    here = here + world.by_sector("P", world.population("P").output)
    return np.maximum(0.0, national.output / 52.0 * scale - here)


def _labour_market(world: World) -> LabourMarket:
    """Residents at work at the start, and normal unemployment beside them."""
    jobs = sum(add_all(world.population(letter).jobs) for letter in FIRMS)
    return LabourMarket(jobs * (1.0 - world.parameters.commuter_share), world.parameters.u0)


def _write_mixes(world: World, network: WorldNetwork) -> None:
    """How payments and orders to aggregates split over sectors, from the recipes."""
    recipe = world.technology
    local = recipe.services_local[SERVICE_SECTORS]
    world.block_mix = _columns_to_one(local)
    world.shop_margins_of_rest_of_us = {
        letter: np.where(MANUFACTURING, 0.0, mix) for letter, mix in network.shop_mix.items()
    }


def _columns_to_one(matrix: Floats) -> Floats:
    total = matrix.sum(axis=0)
    return np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0.0)


def _write_identity(world: World, district: SyntheticDistrict) -> None:
    """What firms are, as drawn."""
    for letter, rows in (("M", district.makers), ("P", district.partners)):
        firms = world.population(letter)
        firms.size_class[:] = rows.size_class
        firms.employment[:] = rows.employment
    retailers = world.population("R")
    retailers.employment[:] = district.retailers.employment
    retailers.sales_share[:] = district.retailers.sales_weight
    world.population("C").sales_share[:] = 1.0
