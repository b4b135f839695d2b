"""Stage 6, order: makers, partners, blocks and outside customers ask for goods and services.

    û ← û + α (u - û)                          forecast of weekly use of stocked goods
    order = ((cover_in + L) û - position)⁺     producers hold a cover of inputs; makers order no
                                               more than their spare money pays for
    order = g_c x(t-1)                         blocks use goods as they come
    services = (recipe of c) x(t-1)            bought as used, one week after the output
    order of an outside customer = base · share of the market · e^g · ξ · season
    g ← g e^(-κΔ) - (σ²/4κ)(1 - e^(-κΔ)) + noise

L weeks under way, position: on hand, under way and on order, u use in units, x(t-1) last week's
output, g_c goods per unit of output of sector c. A buyer splits its order over its links by their
shares, which move in `adjust`; what has no local link goes to the rest of the US and abroad. An
outside customer's demand e^g wanders around one (an Ornstein-Uhlenbeck process, E[e^g] = 1), ξ is
the lumpiness of a week's orders: lognormal, mean one, CV cv_o / √(orders a week). A programme of
extra orders joins them in proportion to the sellers' output. Orders under contract take the place
of a part of a customer's own (`millworks.world.contracts`); a partner that does not place them pays
half their value, as far as its deposit reaches.

Source: model specification §7.4, §7.6, §7.17; order-up-to rule of inventory textbooks. Left out:
penalties carried forward.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.customers import weekly_step
from millworks.agents.firm import ACTIVE
from millworks.agents.liquidity import spare_money
from millworks.economy.technology import SERVICE_SECTORS
from millworks.kernels import compiled
from millworks.programmes.shared_overheads import pool_overheads
from millworks.world.accounts import FIRMS
from millworks.world.closure import ORDERS
from millworks.world.freight_terms import input_cover, weeks_under_way
from millworks.world.link_kernels import outside_orders, write_requests
from millworks.world.sums import add_up, times_vector
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PENALTY = 0.5
"""Part of the value of a committed order that a partner pays if it does not place it."""


@compiled
def order_inputs(
    used: Floats,
    position: Floats,
    affordable: Floats,
    status: Ints,
    forecast: Floats,
    ordered: Floats,
    short: npt.NDArray[np.bool_],
    alpha: float,
    cover: float,
) -> None:
    """Each producer updates its forecast and orders inputs up to its cover, in units.

    `short` says whether money cut the order.
    """
    for firm in range(used.shape[0]):
        ordered[firm] = 0.0
        short[firm] = False
        if status[firm] != ACTIVE:
            continue
        forecast[firm] += alpha * (used[firm] - forecast[firm])
        wanted = max(0.0, cover * forecast[firm] - position[firm])
        ordered[firm] = max(0.0, min(wanted, affordable[firm]))
        short[firm] = ordered[firm] < wanted


@compiled
def ask_for_services(
    sector: Ints,
    last_output: Floats,
    factor: Floats,
    local_rate: Floats,
    outside_rate: Floats,
    price: Floats,
    basis: Floats,
    local: Floats,
    outside: Floats,
) -> None:
    """Each firm asks for the services of its recipe, for last week's output; `basis` in units.

    `local_rate`, `outside_rate`: services per unit by sector, bought here at a `price` over the
    base year's and outside; `factor`: the firm's inputs over its sector's.
    """
    for firm in range(sector.shape[0]):
        basis[firm] = last_output[firm] * factor[firm]
        local[firm] = local_rate[sector[firm]] * basis[firm] * price[sector[firm]]
        outside[firm] = outside_rate[sector[firm]] * basis[firm]


def order(world: World) -> None:
    """Decide orders, write them on the links, and ask blocks for services."""
    if world.trade.contracts.open:
        world.trade.contracts.refresh()
    for letter in "MP":
        _order_inputs(world, letter)
    blocks = world.population("S")
    blocks.goods_ordered[:] = world.technology.goods_rate[blocks.sector] * blocks.last_output
    for letter in "MPS":
        firms = world.population(letter)
        own = firms.goods_ordered.copy()
        path = world.closure.path(ORDERS, f"goods {letter}", world.week, own)
        if path is own:
            firms.goods_diverted[:] = firms.goods_replaced[:] = 0.0
            continue
        firms.goods_ordered[:] = np.minimum(own, path)
        firms.goods_diverted[:] = np.maximum(0.0, own - path)
        firms.goods_replaced[:] = np.maximum(0.0, path - own)
    recipe = world.technology
    here, outside = recipe.services_local.sum(axis=0), recipe.services_us.sum(axis=0)
    outside += recipe.services_abroad
    for letter in FIRMS:
        _order_services(world, letter, here, outside)
    _write_links(world)
    _outside_demand(world)
    if world.trade.contracts.open:
        _pay_penalties(world)


def _order_inputs(world: World, letter: str) -> None:
    firms, rates, trade = world.population(letter), world.parameters, world.trade
    span = trade.spans[letter]
    position = firms.units_on_hand + trade.under_way[span] + trade.on_order[span]
    affordable = np.full(firms.size, np.inf)
    if letter == "M":
        affordable = spare_money(world, "M") / world.landed_cost("M")
    cover = input_cover(world, rates.cover_in, rates.z_s, rates.lead_sd)
    cover += weeks_under_way(world, rates.ship_weeks)
    order_inputs(
        firms.last_used,
        position,
        affordable,
        firms.status,
        firms.usage_forecast,
        firms.goods_ordered,
        firms.inputs_cut,
        rates.alpha,
        cover,
    )
    if (firms.input_supply < 1.0).any():
        # What can be had goes by what the firm needs for its orders, not by how much it asks for.
        usual = world.goods_per_unit(letter) * firms.potential_forecast
        most = np.where(firms.input_supply < 1.0, firms.input_supply * usual, np.inf)
        firms.goods_ordered[:] = np.minimum(firms.goods_ordered, most)


def _order_services(world: World, letter: str, here: Floats, outside: Floats) -> None:
    """Services and raw inputs for last week's output; `here`, `outside` per unit by sector."""
    firms, basis = world.population(letter), np.empty(world.population(letter).size)
    ask_for_services(
        firms.sector,
        firms.last_output,
        firms.input_factor if letter in "MP" else np.ones(firms.size),
        here,
        outside,
        world.service_price,
        basis,
        firms.services_local,
        firms.services_outside,
    )
    if letter == "M":
        pool_overheads(world)
    used = world.by_sector(letter, basis)
    used = world.closure.path(ORDERS, f"services outside {letter}", world.week, used)
    world.rest_of_us.purchases += times_vector(world.technology.services_us, used)


def _write_links(world: World) -> None:
    """Write every buyer's order on its links."""
    trade = world.trade
    ordered, supplies, diverted = (np.zeros(trade.agents) for _ in range(3))
    for letter in FIRMS:
        span, firms = trade.spans[letter], world.population(letter)
        ordered[span], diverted[span] = firms.goods_ordered, firms.goods_diverted
    for letter in "RC":
        supplies[trade.spans[letter]] = world.population(letter).supplies_used
    write_requests(
        ordered,
        supplies,
        diverted,
        trade.share,
        trade.supply_share,
        trade.is_sink,
        trade.buyer_start,
        trade.request,
    )
    if trade.contracts.open:
        world.rest_of_us.purchases += trade.contracts.ask_partners(trade, ordered)


def _outside_demand(world: World) -> None:
    """Outside customers: their own demand, its lumps and season, and a programme on top."""
    trade, rates = world.trade, world.parameters
    customers = trade.outside_customers
    extra = world.programme.orders(world.week, len(world.technology.regional_share))
    extra_orders = np.zeros(len(customers))
    if extra.any():
        world.programme.require_makers(extra, trade.sectors_made)
        shares = trade.programme_share if world.programme.shares is None else world.programme.shares
        extra_orders += shares * extra[trade.sector[customers]]
    lumps = weekly_step(world, rates.sigma0, rates.kappa_G, rates.cv_o, rates.order_size)
    lumps *= world.season * world.outside_demand
    from_abroad = world.outside_orders
    if (from_abroad != 1.0).any():
        lumps *= from_abroad[trade.sector[customers]]
    if world.others is not None:
        lumps, from_districts = world.others.split(trade, lumps)
        extra_orders += from_districts
    if any(world.population(letter).goods_replaced.any() for letter in "MPS"):
        extra_orders += _replaced_orders(world)
    outside_orders(
        customers,
        trade.seller,
        trade.base_order,
        trade.market_share,
        trade.demand_state,
        lumps,
        extra_orders,
        trade.request,
        trade.customer_demand,
    )
    if trade.contracts.open:
        trade.contracts.ask_outside(trade, world.season, lumps)
    blocks = world.population("S")
    usual = blocks.base_outside_sales * world.outside_demand
    if world.others is not None:
        usual = usual * (1.0 - world.others.sold_part[SERVICE_SECTORS])
        usual += world.others.orders[SERVICE_SECTORS]
    blocks.outside_sales[:] = usual + extra[SERVICE_SECTORS]


def _replaced_orders(world: World) -> Floats:
    """What a closure's sink orders in place of district buyers, at their suppliers, [customers].

    It comes from outside, in the proportions of each supplier's usual customers there; what falls
    to a supplier without any goes to the others of its sector.
    """
    trade = world.trade
    replaced = np.zeros(trade.agents)
    for letter in "MPS":
        replaced[trade.spans[letter]] = world.population(letter).goods_replaced
    on_links = np.where(trade.is_sink, 0.0, trade.share * replaced[trade.buyer])
    asked, usual = trade.of_seller(on_links), trade.of_seller(trade.base_order)
    per_unit = np.divide(asked, usual, out=np.zeros_like(asked), where=usual > 0.0)
    customers = trade.outside_customers
    sectors = int(trade.sector.max()) + 1
    without = add_up(trade.sector, np.where(usual[trade.seller] > 0.0, 0.0, on_links), sectors)
    others = add_up(trade.sector, trade.base_order, sectors)
    spread = np.divide(without, others, out=np.zeros(sectors), where=others > 0.0)
    rate = per_unit[trade.seller[customers]] + spread[trade.sector[customers]]
    return np.asarray(rate * trade.base_order[customers])


def _pay_penalties(world: World) -> None:
    """Partners pay for committed orders they do not place, as far as their deposits reach."""
    trade, contracts = world.trade, world.trade.contracts
    partners, span = world.population("P"), trade.spans["P"]
    price = np.ones(trade.agents)
    price[trade.spans["M"]] = world.population("M").price
    seller, buyer = trade.seller[contracts.links], trade.buyer[contracts.links]
    owed = PENALTY * price[seller] * contracts.shortfall()
    by_partner = add_up(buyer, owed, trade.agents)[span]
    partners.contract_penalty[:] = np.minimum(by_partner, np.maximum(0.0, partners.cleared))
    part = np.ones(trade.agents)
    np.divide(partners.contract_penalty, by_partner, out=part[span], where=by_partner > 0.0)
    received = add_up(seller, owed * part[buyer], trade.agents)
    world.ledger.book("contract penalty P>M", received[trade.spans["M"]])
