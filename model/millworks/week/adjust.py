"""Stage 12, adjust: what slow experience and the state of the books do to prices and shares.

Every week
    fill ← fill + w (accepted · min(1, ℓ_0/ℓ) - fill)     reliability, half-life h_rep
    employment of residents, and so unemployment          labour market

Every 4 weeks, for all at once
    p ← p + γ (p* - p)                                    prices of makers and shops
    p = price of the rest of the US                       partners
    p = 1 + comp (w - 1)                                  service blocks
    ln w → -b ln(u/u0); labour force grows at mig (u0-u)  pay and migration
    links whose seller has left or hardly sells close; others open
    share → θ v / Σ θ v                                   every market, with speed q

p* cost and mark-up; ℓ weeks of work in the book, w wage index, u unemployment, θ base share, v pull
of a supplier. The equations stand beside their functions: `millworks.agents.pricing`,
`millworks.world.markets`, `millworks.world.links`, `millworks.world.labour_market`. Makers learn
and forget (`millworks.agents.technology`). Contracts end and are signed
(`millworks.agents.commitment`); what is committed does not move with the shares.

Source: model specification §6, §7.3, §7.7, §7.9, §7.17. Left out: contracts with fixed prices,
bargaining and tariffs within a price.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.adoption import best_seen
from millworks.agents.commitment import review_contracts
from millworks.agents.firm import ACTIVE
from millworks.agents.pricing import average_cost, block_price, move_prices, unit_cost
from millworks.agents.technology import move_technology
from millworks.economy import freight
from millworks.economy.imports import import_share
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.programmes.container_pool import (
    abroad_edge,
    handling_per_unit,
    review_containers,
)
from millworks.programmes.freight_pool import review_pool
from millworks.programmes.shared_equipment import spread_over, usual_fees
from millworks.world.accounts import FIRMS
from millworks.world.averages import newest_weight
from millworks.world.closure import INVESTMENT
from millworks.world.columns import Population
from millworks.world.labour_market import next_force, next_wage
from millworks.world.links import close_links, open_links
from millworks.world.markets import (
    kept_from_imports,
    move_market_shares,
    move_shares,
    remember_reliability,
    rivals_cost,
    rivals_price,
    split_between,
    write_outside_pull,
    write_pull,
)
from millworks.world.pooled_overheads import saved_per_unit
from millworks.world.rest_of_us import CARRIERS
from millworks.world.sums import add_all, add_up
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TICK_WEEKS = 4
"""Weeks between changes of prices, shares and links, which come at once for all."""


def adjust(world: World) -> None:
    """Remember, and in the week of a tick let prices, pay, links and shares move."""
    for letter in "MP":
        _remember_reliability(world, letter)
    if world.week % TICK_WEEKS == 0:
        _move_technology(world)
    _count_workers(world)
    review_contracts(world)
    if world.week % TICK_WEEKS == 0:
        review_pool(world)
        review_containers(world)
        _move_wage(world)
        _move_prices(world)
        _move_retail_split(world)
        _move_markets(world)


def _trading(firms: Population) -> Flags:
    return np.asarray(firms.status == ACTIVE)


def _remember_reliability(world: World, letter: str) -> None:
    firms, rates = world.population(letter), world.parameters
    remember_reliability(
        _trading(firms),
        firms.accepted,
        firms.backlog,
        world.capacity_at_hand(letter),
        rates.ell0,
        newest_weight(rates.h_rep),
        firms.fill,
    )


def _move_technology(world: World) -> None:
    """Makers' productivity and quality rise with what they adopt and learn, and fade."""
    makers, rates = world.population("M"), world.parameters
    move_technology(
        _trading(makers),
        best_seen(world, (1.0 - rates.q_share) * rates.theta_own),
        rates.theta_own,
        rates.q_share,
        rates.adoption_years,
        rates.theta_sp,
        rates.dep_A,
        TICK_WEEKS,
        makers.technology_left,
        makers.productivity,
        makers.quality,
    )
    own = np.array([makers.productivity, makers.quality])
    path = world.closure.path(INVESTMENT, "technology", world.week, own)
    makers.productivity[:], makers.quality[:] = path


def _count_workers(world: World) -> None:
    """Residents employed by all local employers."""
    jobs = 0.0
    for letter in FIRMS:
        jobs += add_all(world.population(letter).jobs)
    world.labour.employed = jobs * (1.0 - world.parameters.commuter_share)


def _move_wage(world: World) -> None:
    """The wage curve and migration, over the weeks since the last tick."""
    labour, rates = world.labour, world.parameters
    idle, base = labour.unemployment, labour.base_unemployment
    world.wage = next_wage(world.wage, idle, base, rates.b_w, rates.u_least, TICK_WEEKS)
    labour.force = next_force(labour.force, idle, base, rates.mig, TICK_WEEKS)


def _move_prices(world: World) -> None:
    """Prices of blocks, shops, makers and partners, in the order of what they cost each other."""
    rates = world.parameters
    blocks = world.population("S")
    world.set_block_prices(block_price(world.technology.wage[blocks.sector], world.wage))
    for letter, level in (("R", 1.0), ("C", rates.p_chain)):
        shops = world.population(letter)
        landed = average_cost(shops.inventory, shops.units_on_hand, otherwise=shops.price / level)
        aim = np.where(_trading(shops), level * landed, shops.price)
        shops.price[:] += rates.gamma_p * (aim - shops.price)
    for letter in "MP":
        _write_unit_cost(world, letter)
    makers, partners = world.population("M"), world.population("P")
    move_prices(
        _trading(makers),
        makers.unit_cost,
        makers.markup,
        makers.backlog,
        world.capacity_at_hand("M"),
        rates.gamma_p,
        rates.ell0,
        makers.price,
    )
    partners.price[:] = world.trade.price_us[partners.sector]


def _write_unit_cost(world: World, letter: str) -> None:
    """Cost of a unit at this week's pay, stock, services, freight and fixed cost."""
    firms = world.population(letter)
    fixed = firms.rent - firms.capital_worn
    landed = world.landed_cost(letter)
    saved: Floats | float = 0.0
    capacity = firms.capacity
    if letter == "M":
        landed = landed + handling_per_unit(world)
        saved, capacity = saved_per_unit(world), spread_over(firms)
        fixed = fixed + usual_fees(firms) + firms.space_fees
        fixed = fixed + firms.revolver_interest + firms.bank_interest
        fixed = fixed + firms.cdfi_interest + firms.online_interest - firms.technology_worn
    cost = unit_cost(
        labour=world.pay_after_subsidy(letter),
        goods=world.goods_per_unit(letter) * landed,
        services=_services_per_unit(world)[firms.sector] * firms.input_factor - saved,
        taxes=world.technology.tax[firms.sector],
        freight=firms.freight_units,
        fixed=fixed,
        capacity=capacity,
    )
    firms.unit_cost[:] = np.where(_trading(firms), cost, firms.unit_cost)


def _services_per_unit(world: World) -> Floats:
    """What a unit of each sector costs in services and raw inputs, USD, [34]."""
    recipe = world.technology
    local = recipe.services_local.sum(axis=0) * world.service_price
    return np.asarray(local + recipe.services_us.sum(axis=0) + recipe.services_abroad)


def _move_retail_split(world: World) -> None:
    """Chains' part of local shopping, from their prices and those of independents."""
    rates = world.parameters
    shops, chains = world.population("R"), world.population("C")
    open_part = np.where(_trading(shops), shops.sales_share, 0.0)
    served = add_all(open_part)
    if served > 0.0:
        independents = add_all(open_part * shops.price) / served
        chain_price = float(chains.price[0])
        aim = split_between(rates.chain_share, chain_price, independents, rates.eps_r)
        world.chain_share += rates.q_sw * (aim - world.chain_share)


def _move_markets(world: World) -> None:
    """Links close and open; shares move in the district and outside; rivals answer."""
    trade, rates = world.trade, world.parameters
    trading = np.ones(trade.agents, dtype=np.bool_)
    pull, spare = np.zeros(trade.agents), np.zeros(trade.agents)
    for letter in FIRMS:
        trading[trade.spans[letter]] = _trading(world.population(letter))
    for letter in "MP":
        firms, span = world.population(letter), trade.spans[letter]
        write_pull(
            trading[span],
            firms.fill,
            firms.fill_base,
            firms.price,
            firms.quality,
            rates.beta_rel,
            rates.eps,
            pull[span],
        )
        spare[span] = np.maximum(0.0, firms.capacity - firms.potential_forecast)
    us_pull, abroad_pull = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    write_outside_pull(trade.price_us, rates.eps, us_pull)
    with_duty = trade.price_abroad * (1.0 + world.tariff)
    write_outside_pull(with_duty, rates.eps, abroad_pull)
    _close_links(world, trading)
    _open_links(world, trading, spare)
    edge, abroad_base = abroad_edge(world, rates.eps), trade.group_abroad_base
    if edge is not None:
        # What is no purchase (see `move_shares`) is drawn nowhere.
        abroad_base = np.where(
            abroad_base > 0.0, abroad_base * edge[trade.group_buyer], abroad_base
        )
    move_shares(
        trade.group_start,
        trade.group_end,
        trade.group_sector,
        trade.group_local_base,
        trade.group_us_base,
        abroad_base,
        trade.seller,
        trade.share_base,
        pull,
        us_pull * trade.pull_elsewhere,
        abroad_pull,
        rates.q_sw,
        trade.share,
        trade.group_us,
        trade.group_abroad,
    )
    _move_outside_market(world, trading, pull, us_pull, abroad_pull)
    trade.refresh_outside_shares()


def _close_links(world: World, trading: Flags) -> None:
    trade, rates = world.trade, world.parameters
    close_links(
        trade.group_start,
        trade.group_end,
        trade.group_local_base,
        trade.group_us_base,
        trade.group_abroad_base,
        trade.seller,
        trading,
        rates.link_floor,
        rates.link_part,
        trade.share,
        trade.share_base,
        trade.supply_share,
        trade.group_us,
    )


def _open_links(world: World, trading: Flags, spare: Floats) -> None:
    """Buyers with a closed and empty link find a maker of the sector, and the link is its own."""
    trade, streams = world.trade, world.streams
    makers = world.population("M")
    able = np.flatnonzero(_trading(makers))
    # In the order of ids, not of rows: whoever stands where, the same maker is found.
    candidates = able[np.lexsort((makers.identity[able], makers.sector[able]))]
    links, sellers = (np.zeros(len(trade.group_us), dtype=np.int64) for _ in range(2))
    key0, key1 = streams.key
    found = open_links(
        key0,
        key1,
        streams.code("new_link"),
        world.week,
        np.concatenate([world.population(letter).identity for letter in trade.spans]),
        trade.group_buyer,
        trade.group_sector,
        trade.group_start,
        trade.group_end,
        trade.group_local_base,
        trading,
        trade.seller,
        trade.backlog,
        trade.ready,
        trade.transit,
        trade.ring,
        trade.overdue,
        trade.spans["M"].start + candidates,
        np.searchsorted(makers.sector[candidates], np.arange(N_SECTORS + 1)),
        spare,
        world.place_x,
        world.place_y,
        world.parameters.near_miles,
        world.parameters.q_sw,
        trade.share,
        trade.share_base,
        trade.supply_share,
        trade.group_us,
        links,
        sellers,
    )
    if found > 0:
        links, sellers = links[:found], sellers[:found]
        buyers = trade.buyer[links]
        trade.reassign(links, sellers)
        trade.opened[links] = world.week
        east = world.place_x[buyers] - world.place_x[sellers]
        north = world.place_y[buyers] - world.place_y[sellers]
        trade.distance[links] = np.sqrt(east * east + north * north)
        miles = trade.distance[links]
        hauls = (*freight.distance_factors(miles), freight.rail_costs(miles))
        for held, now in zip(trade.hauls, hauls, strict=True):
            held[links] = now


def _move_outside_market(
    world: World, trading: Flags, pull: Floats, us_pull: Floats, abroad_pull: Floats
) -> None:
    """Makers' shares of the markets outside, and the answer of rivals in the rest of the US."""
    trade, rates = world.trade, world.parameters
    base_sales = trade.of_seller(trade.base_order)
    us_sales = np.zeros(N_SECTORS)
    producers = slice(trade.spans["M"].start, trade.spans["P"].stop)
    makers, partners = world.population("M"), world.population("P")
    move_market_shares(
        np.concatenate([makers.sector, partners.sector]),
        base_sales[producers],
        trading[producers],
        pull[producers],
        world.outside_market_us,
        us_pull,
        rates.q_sw,
        trade.market_share[producers],
        us_sales,
    )
    makers.market_share[:] = trade.market_share[trade.spans["M"]]
    partners.market_share[:] = trade.market_share[trade.spans["P"]]
    sellers = np.concatenate([makers.sector, partners.sector])
    sold = base_sales[producers] * np.where(trading[producers], 1.0, 0.0)
    offered = add_up(sellers, sold, N_SECTORS) + world.outside_market_us
    drawn = add_up(sellers, sold * pull[producers], N_SECTORS) + world.outside_market_us * us_pull
    domestic_pull = np.divide(drawn, offered, out=np.ones(N_SECTORS), where=offered > 0.0)
    _answer_abroad(world, domestic_pull, abroad_pull)
    us_sales *= world.outside_orders
    rivals_price(us_sales, world.outside_market_us, rates.zeta, trade.us_cost, trade.price_us)


def _answer_abroad(world: World, domestic_pull: Floats, abroad_pull: Floats) -> None:
    """What prices of imports do to the home market, and to rivals' costs; both take their time."""
    trade, rates, national = world.trade, world.parameters, world.technology.national
    share = import_share(national)
    # Terminals of the district make imports cheaper here, not for the nation.
    here = float(world.population("X").import_price[0])
    aim = kept_from_imports(share, domestic_pull, abroad_pull * here**rates.eps)
    trade.kept_from_imports += rates.q_sw * (aim - trade.kept_from_imports)
    goods = MANUFACTURING
    cost = rivals_cost(
        national.A[goods],
        national.import_by_commodity[:N_SECTORS][goods],
        trade.us_cost[goods],
        (trade.price_abroad / here * (1.0 + world.tariff))[goods],
        rates.m_bar,
    )
    carried = world.population("X").freight_felt[0] - 1.0
    if carried != 0.0:
        carriers = national.A[CARRIERS] * rates.explicit_freight / (1.0 - rates.m_bar)
        cost = cost + carriers * carried
    dearer = np.where(goods, cost - trade.us_cost, 0.0)
    trade.us_cost += rates.gamma_p * dearer
