"""Stage 7, accept: sellers grant a part of what is asked, buyers collect what was granted.

    spot orders ψ D        served from finished stock F:            min(ψ D, F)
    the others (1 - ψ) D   accepted with exp(-(ℓ - ℓ_0)⁺ / τ),      ℓ = backlog / K  (weeks of work)
    granted part           (spot served + accepted) / D             the same for every customer

so that demand above capacity settles at ℓ = ℓ_0 + τ ln(D/K). ℓ_0 lead time nobody minds, τ
patience, both in weeks; ψ the part of a sector's orders that must come from stock. A unit refused
is booked once, at the first maker asked, with one reason. Orders to be made: the limit that bound
the last plan. Spot orders: the limit that cut the stock aimed at (cash, space), else the limit that
kept it from being made, else `forecast`: more was asked than was aimed at. `shipping` where freight
exceeds what an order contributes. A district
buyer turns a refused unit outside the same week; outside customers turn to rivals. Blocks and the
outside grant everything.

Source: model specification §7.5; reasons are declared in `millworks.agents.producer`. Left out:
customers who wait rather than go; contracts, which come first once they exist.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.producer import CAPACITY, FORECAST, SHIPPING
from millworks.kernels import compiled
from millworks.world.link_kernels import collect_grants
from millworks.world.world import World

STOCK_REACHED = 0.02
"""Part of its aim that a stock may lack and still count as made."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def accepted_part(weeks_of_work: float, patience_from: float, patience: float) -> float:
    """Part of orders that a maker with so many weeks of work in hand still gets, 0 to 1."""
    excess = weeks_of_work - patience_from
    if excess <= 0.0:
        return 1.0
    return math.exp(-excess / patience)


@compiled
def weeks_of_work(backlog: float, capacity: float) -> float:
    """Weeks that the order book keeps a maker busy at full use."""
    if backlog <= 0.0:
        return 0.0
    if capacity <= 0.0:
        return math.inf
    return backlog / capacity


@compiled
def grant(
    orders: Floats,
    status: Ints,
    spot_share: Floats,
    unshippable: Floats,
    free_stock: Floats,
    aim: Floats,
    backlog: Floats,
    capacity: Floats,
    bind: Ints,
    stock_bind: Ints,
    accepted: Floats,
    spot_served: Floats,
    refused: Floats,
    orders_year: Floats,
    refused_year: Floats,
    patience_from: float,
    patience: float,
) -> None:
    """Each producer decides what part of this week's orders it takes, and why not the rest.

    `refused` [firms, reasons] units; column 0 of `orders_year` and `refused_year` is the running
    quarter.
    """
    for firm in range(backlog.shape[0]):
        for reason in range(refused.shape[1]):
            refused[firm, reason] = 0.0
        accepted[firm] = 1.0
        spot_served[firm] = 0.0
        if status[firm] != ACTIVE:
            accepted[firm] = 0.0
            continue
        if orders[firm] <= 0.0:
            continue
        unshipped = unshippable[firm] * orders[firm]
        wanted = orders[firm] - unshipped
        spot = spot_share[firm] * wanted
        made = wanted - spot
        served = min(spot, max(0.0, free_stock[firm]))
        weeks = weeks_of_work(backlog[firm], capacity[firm])
        part = accepted_part(weeks, patience_from, patience)
        taken = served + part * made
        accepted[firm] = 1.0 if taken >= orders[firm] else taken / orders[firm]
        spot_served[firm] = served
        if taken < orders[firm]:
            why_made = CAPACITY if bind[firm] < 0 else bind[firm]
            why_spot = stock_bind[firm]
            if why_spot < 0:
                short = free_stock[firm] < (1.0 - STOCK_REACHED) * aim[firm]
                why_spot = why_made if short and bind[firm] >= 0 else FORECAST
            refused[firm, SHIPPING] += unshipped
            refused[firm, why_spot] += spot - served
            refused[firm, why_made] += made - part * made
        orders_year[firm, 0] += orders[firm]
        for reason in range(refused.shape[1]):
            refused_year[firm, 0, reason] += refused[firm, reason]
        backlog[firm] += accepted[firm] * orders[firm]


def accept(world: World) -> None:
    """Producers grant, buyers collect; blocks serve the margins that shops ask for."""
    trade, rates = world.trade, world.parameters
    orders = trade.by_holder(trade.of_seller(trade.request))
    ready = trade.by_holder(trade.of_seller(trade.ready))
    granted = np.ones(trade.agents)
    by_holder = trade.by_holder(granted)
    for letter in "MP":
        firms = world.population(letter)
        firms.orders[:] = orders[letter]
        grant(
            firms.orders,
            firms.status,
            firms.spot_share,
            firms.shipping_refused,
            firms.finished_units - ready[letter],
            firms.finished_aim,
            firms.backlog,
            firms.capacity,
            firms.bind,
            firms.stock_bind,
            firms.accepted,
            firms.spot_served,
            firms.refused,
            firms.orders_year,
            firms.refused_year,
            rates.ell0,
            rates.tau_l,
        )
        by_holder[letter][:] = firms.accepted
    collect_grants(
        trade.request,
        granted,
        trade.seller,
        trade.buyer_start,
        trade.us_link,
        trade.backlog,
        trade.taken,
        trade.turned_outside,
    )
    world.turned_outside_by_sector = trade.refused_by_sector(granted)
    world.population("S").margin_orders[:] = orders["S"]
