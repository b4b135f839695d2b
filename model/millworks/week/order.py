"""Stage 6, order: makers, partners, blocks and outside customers ask for goods and services.

    û ← û + α (u - û)                          forecast of weekly use of stocked goods
    order = ((cover_in + L) û - position)⁺     producers hold a cover of inputs
    order = g_c x(t-1)                         blocks use goods as they come
    services = (recipe of c) x(t-1)            bought as used, one week after the output

L weeks under way, position: on hand, under way and on order, u use at cost, x(t-1) last week's
output, g_c goods per USD of output of sector c; USD a week. A
buyer splits its order over its links by their shares (market shares move in `adjust`); what has no
local link goes to the rest of the US and abroad. Outside customers repeat the orders of the base
year; a programme of extra orders joins them in proportion to the sellers' output.

Source: model specification §7.4, §7.6; order-up-to rule of inventory textbooks. Left out so far:
lumpiness and drift of outside orders, cash limits of stocks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.errors import InputError
from millworks.world.accounts import FIRMS
from millworks.world.closure import ORDERS
from millworks.world.kernels import compiled
from millworks.world.trade import write_requests
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def order_inputs(
    used: Floats, position: Floats, forecast: Floats, ordered: Floats, alpha: float, cover: float
) -> None:
    """Each producer updates its forecast and orders inputs up to its cover."""
    for firm in range(used.shape[0]):
        forecast[firm] += alpha * (used[firm] - forecast[firm])
        ordered[firm] = max(0.0, cover * forecast[firm] - position[firm])


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
    _outside_demand_for_services(world)


def _order_inputs(world: World, letter: str) -> None:
    firms, rates = world.population(letter), world.parameters
    on_order = world.trade.by_holder(world.trade.on_order)[letter]
    position = firms.units_on_hand + firms.in_transit + on_order
    order_inputs(
        firms.last_used,
        position,
        firms.usage_forecast,
        firms.goods_ordered,
        rates.alpha,
        rates.cover_in + rates.ship_weeks,
    )


def _order_services(world: World, letter: str) -> None:
    """Services and raw inputs for last week's output, from blocks and outside."""
    firms, recipe = world.population(letter), world.technology
    basis, diverted = world.closure.route(
        ORDERS, f"services {letter}", world.week, firms.last_output
    )
    local = recipe.services_local.sum(axis=0)[firms.sector]
    outside = recipe.services_us.sum(axis=0)[firms.sector] + recipe.services_abroad[firms.sector]
    firms.services_local[:] = local * basis
    firms.services_outside[:] = outside * basis + (local + outside) * diverted
    world.rest_of_us.purchases += recipe.services_us @ world.by_sector(letter, basis)


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
    extra = world.programme.orders(world.week, len(world.technology.regional_share))
    _refuse_unmade(world, extra)
    customers = trade.outside_customers
    trade.request[customers] = (
        trade.base_order[customers] + trade.programme_share * extra[trade.sector[customers]]
    )


def _outside_demand_for_services(world: World) -> None:
    """Outside buyers of services repeat the base year; extra orders join them."""
    blocks = world.population("S")
    extra = world.programme.orders(world.week, len(world.technology.regional_share))
    blocks.outside_sales[:] = blocks.base_outside_sales + extra[SERVICE_SECTORS]


def _refuse_unmade(world: World, extra: Floats) -> None:
    """Orders for a manufacture that nobody makes here would be lost: InputError."""
    made = ~MANUFACTURING
    made[world.trade.sectors_made] = True
    if lost := [SECTORS[sector] for sector in np.flatnonzero((extra > 0.0) & ~made)]:
        raise InputError(f"orders of {', '.join(lost)}: nobody makes that in this district.")
