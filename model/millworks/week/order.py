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
extra orders joins them in proportion to the sellers' output.

Source: model specification §7.4, §7.6; order-up-to rule of inventory textbooks. Left out:
committed orders, which come with contracts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.customers import weekly_step
from millworks.agents.firm import ACTIVE
from millworks.agents.liquidity import spare_money
from millworks.economy.technology import SERVICE_SECTORS
from millworks.kernels import compiled
from millworks.world.accounts import FIRMS
from millworks.world.closure import ORDERS
from millworks.world.link_kernels import outside_orders, write_requests
from millworks.world.sums import times_vector
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


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


def order(world: World) -> None:
    """Decide orders, write them on the links, and ask blocks for services."""
    for letter in "MP":
        _order_inputs(world, letter)
    blocks = world.population("S")
    blocks.goods_ordered[:] = world.technology.goods_rate[blocks.sector] * blocks.last_output
    for letter in "MPS":
        firms = world.population(letter)
        normal, diverted = world.closure.route(
            ORDERS, f"goods {letter}", world.week, firms.goods_ordered
        )
        firms.goods_ordered[:], firms.goods_diverted[:] = normal.copy(), diverted
    for letter in FIRMS:
        _order_services(world, letter)
    _write_links(world)
    _outside_demand(world)


def _order_inputs(world: World, letter: str) -> None:
    firms, rates, trade = world.population(letter), world.parameters, world.trade
    span = trade.spans[letter]
    position = firms.units_on_hand + trade.under_way[span] + trade.on_order[span]
    affordable = np.full(firms.size, np.inf)
    if letter == "M":
        affordable = spare_money(world, "M") / world.landed_cost("M")
    order_inputs(
        firms.last_used,
        position,
        affordable,
        firms.status,
        firms.usage_forecast,
        firms.goods_ordered,
        firms.inputs_cut,
        rates.alpha,
        rates.cover_in + rates.ship_weeks,
    )


def _order_services(world: World, letter: str) -> None:
    """Services and raw inputs for last week's output, from blocks and outside."""
    firms, recipe = world.population(letter), world.technology
    basis, diverted = world.closure.route(
        ORDERS, f"services {letter}", world.week, firms.last_output
    )
    if letter in "MP":
        basis, diverted = basis * firms.input_factor, diverted * firms.input_factor
    price = world.service_price[firms.sector]
    local = recipe.services_local.sum(axis=0)[firms.sector]
    outside = recipe.services_us.sum(axis=0)[firms.sector] + recipe.services_abroad[firms.sector]
    firms.services_local[:] = local * basis * price
    firms.services_outside[:] = outside * basis + (local + outside) * diverted
    bought = times_vector(recipe.services_us, world.by_sector(letter, basis))
    world.rest_of_us.purchases += bought


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


def _outside_demand(world: World) -> None:
    """Outside customers: their own demand, its lumps and season, and a programme on top."""
    trade, rates = world.trade, world.parameters
    customers = trade.outside_customers
    extra = world.programme.orders(world.week, len(world.technology.regional_share))
    world.programme.require_makers(extra, trade.sectors_made)
    lumps = weekly_step(world, rates.sigma0, rates.kappa_G, rates.cv_o, rates.order_size)
    outside_orders(
        customers,
        trade.seller,
        trade.base_order,
        trade.market_share,
        trade.demand_state,
        lumps * world.season,
        trade.programme_share * extra[trade.sector[customers]],
        trade.request,
    )
    blocks = world.population("S")
    blocks.outside_sales[:] = blocks.base_outside_sales + extra[SERVICE_SECTORS]
