"""Stage 7, accept: sellers grant a part of what is asked, buyers collect what was granted.

    spot orders ψ D        served from finished stock F:            min(ψ D, F)
    the others (1 - ψ) D   accepted with exp(-(ℓ - ℓ_0)⁺ / τ),      ℓ = backlog / K  (weeks of work)
    granted part           (spot served + accepted) / D             the same for every customer

so that demand above capacity settles at ℓ = ℓ_0 + τ ln(D/K). ℓ_0 lead time nobody minds, τ
patience, both in weeks; ψ the part of a sector's orders that must come from stock. A unit refused
is booked once, at the first maker asked, with one reason. Orders to be made: the limit that bound
the last plan. Spot orders: the limit that cut the stock aimed at (cash, space), else the limit that
kept it from being made, else `forecast`: more was asked than was aimed at. `shipping` where freight
exceeds what a customer's orders of four weeks contribute (price less inputs, taxes and the part of
pay that varies with output); sellers look at that every four weeks. Where a firm has left, nobody
is there to make what is asked of it: `capacity`. A district
buyer turns a refused unit outside the same week; outside customers turn to rivals. Blocks and the
outside grant everything.

Orders under contract come first: they are taken whole, have the first claim on finished stock, and
are made where it does not reach; the rest is granted as above.

Source: model specification §7.5; reasons are declared in `millworks.agents.producer`. Left out:
customers who wait rather than go.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.contribution import contribution_before_freight
from millworks.agents.firm import ACTIVE
from millworks.agents.producer import CAPACITY, FORECAST, SHIPPING
from millworks.economy import freight
from millworks.economy.sectors import N_SECTORS
from millworks.kernels import compiled
from millworks.programmes.freight_pool import expect_merged, pool_is_open
from millworks.world.freight_terms import (
    freight_rate,
    offer_rail_by_pallet,
    rail_price,
    takes_pallets,
)
from millworks.world.link_kernels import collect_grants, sum_asked
from millworks.world.trade import OUTSIDE_SECTORS
from millworks.world.world import World

STOCK_REACHED = 0.02
"""Part of its aim that a stock may lack and still count as made."""

TICK_WEEKS = 4

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
    too_small: Floats,
    free_stock: Floats,
    aim: Floats,
    backlog: Floats,
    capacity: Floats,
    bind: Ints,
    stock_bind: Ints,
    accepted: Floats,
    granted: Floats,
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
        granted[firm] = 1.0
        spot_served[firm] = 0.0
        if status[firm] != ACTIVE:
            # Nobody is there to make it: no capacity.
            accepted[firm] = 0.0
            granted[firm] = 0.0
            refused[firm, CAPACITY] = orders[firm]
            continue
        if orders[firm] <= 0.0:
            continue
        wanted = orders[firm] - too_small[firm]
        spot = spot_share[firm] * wanted
        made = wanted - spot
        served = min(spot, max(0.0, free_stock[firm]))
        weeks = weeks_of_work(backlog[firm], capacity[firm])
        part = accepted_part(weeks, patience_from, patience)
        taken = served + part * made
        accepted[firm] = 1.0 if taken >= orders[firm] else taken / orders[firm]
        # The same part of every order that is large enough to be shipped.
        granted[firm] = 1.0 if taken >= wanted else taken / wanted
        spot_served[firm] = served
        if taken < orders[firm]:
            why_made = CAPACITY if bind[firm] < 0 else bind[firm]
            why_spot = stock_bind[firm]
            if why_spot < 0:
                short = free_stock[firm] < (1.0 - STOCK_REACHED) * aim[firm]
                why_spot = why_made if short and bind[firm] >= 0 else FORECAST
            refused[firm, SHIPPING] += too_small[firm]
            refused[firm, why_spot] += spot - served
            refused[firm, why_made] += made - part * made
        orders_year[firm, 0] += orders[firm]
        for reason in range(refused.shape[1]):
            refused_year[firm, 0, reason] += refused[firm, reason]
        backlog[firm] += accepted[firm] * orders[firm]


@compiled
def take_committed(
    committed: Floats,
    served: Floats,
    orders: Floats,
    accepted: Floats,
    spot_served: Floats,
    orders_year: Floats,
    backlog: Floats,
) -> None:
    """Orders under contract join those that `grant` has answered; what stock lacks is made."""
    for firm in range(committed.shape[0]):
        if committed[firm] > 0.0:
            taken = committed[firm] + accepted[firm] * orders[firm]
            orders[firm] += committed[firm]
            accepted[firm] = 1.0 if taken >= orders[firm] else taken / orders[firm]
            spot_served[firm] += served[firm]
            orders_year[firm, 0] += committed[firm]
            backlog[firm] += committed[firm]


@compiled
def find_too_small(
    request: Floats,
    seller: Ints,
    sector: Ints,
    contribution: Floats,
    pounds_per_unit: Floats,
    scale: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    rail: Floats,
    tariff: freight.Tariff,
    weeks: int,
    too_small: npt.NDArray[np.bool_],
) -> None:
    """Mark links whose freight exceeds what their orders contribute, even gathered for `weeks`.

    `contribution` [agents] USD per unit; infinite for those who do not pay freight.
    """
    for link in range(request.shape[0]):
        too_small[link] = False
        who = seller[link]
        if request[link] <= 0.0 or math.isinf(contribution[who]):
            continue
        units = weeks * request[link]
        cost = scale[sector[link]] * freight.domestic_cost(
            units * pounds_per_unit[sector[link]],
            parcel[link],
            ltl[link],
            truck[link],
            tariff,
            rail[link],
        )
        too_small[link] = cost > units * contribution[who]


def _find_too_small(world: World) -> None:
    """Every four weeks sellers look at which customers' orders do not pay their freight."""
    trade, rates = world.trade, world.parameters
    if rates.explicit_freight <= 0.0:
        return
    contribution = np.full(trade.agents, np.inf)
    scale = world.freight_scale * freight_rate(world)
    for letter in "MP":
        contribution[trade.spans[letter]] = contribution_before_freight(world, letter, rates.vshare)
    find_too_small(
        trade.request,
        trade.seller,
        trade.sector,
        contribution,
        world.pounds_per_unit,
        scale,
        *trade.hauls[:3],
        rail_price(world),
        freight.price_list(),
        freight.MOST_WEEKS,
        trade.too_small,
    )
    if trade.too_small.any():
        _look_for_cheaper_ways(world, contribution, scale)


def _look_for_cheaper_ways(world: World, contribution: Floats, scale: Floats) -> None:
    """Orders too small for a shipment of their own may pay by the pallet, or in a pool."""
    trade = world.trade
    pooling = pool_is_open(world)
    if not (pooling or takes_pallets(world)):
        return
    made = np.minimum(trade.sector, N_SECTORS - 1)
    units = np.where(trade.too_small, freight.MOST_WEEKS * trade.request, 0.0)
    pounds, cost = units * world.pounds_per_unit[made], np.full(len(units), np.inf)
    if takes_pallets(world):
        offer_rail_by_pallet(world, pounds, scale[made], cost)
    if pooling:
        expect_merged(world, pounds, cost)
    # On the links that stay marked nothing was cheaper: infinity exceeds any contribution.
    left = np.where(trade.too_small, contribution[trade.seller], 0.0)
    trade.too_small &= cost > units * left


def _take_committed(world: World, committed: Floats, served: Floats) -> None:
    """Orders under contract are taken whole; `committed`, `served` from stock [makers], units."""
    makers = world.population("M")
    world.trade.contracts.join(world.trade)
    take_committed(
        committed,
        served,
        makers.orders,
        makers.accepted,
        makers.spot_served,
        makers.orders_year,
        makers.backlog,
    )


def accept(world: World) -> None:
    """Producers grant, buyers collect; blocks serve the margins that shops ask for."""
    trade, rates = world.trade, world.parameters
    if world.week % TICK_WEEKS == 0:
        _find_too_small(world)
    committed = None
    if trade.contracts.open:
        committed = trade.by_holder(trade.contracts.set_apart(trade))
    asked, unshippable = np.empty(trade.agents), np.empty(trade.agents)
    sum_asked(
        trade.request,
        trade.too_small,
        trade.ready,
        trade.seller,
        asked,
        unshippable,
        trade.ready_at_seller,
    )
    granted = np.ones(trade.agents)
    served_first: dict[str, Floats] = {}
    for letter in "MP":
        firms, span = world.population(letter), trade.spans[letter]
        firms.orders[:] = asked[span]
        free_stock = firms.finished_units - trade.ready_at_seller[span]
        if committed is not None:
            # Contracts have the first claim on the stock as well.
            served = np.minimum(firms.spot_share * committed[letter], np.maximum(0.0, free_stock))
            free_stock -= served
            served_first[letter] = served
        grant(
            firms.orders,
            firms.status,
            firms.spot_share,
            unshippable[span],
            free_stock,
            firms.finished_aim,
            firms.backlog,
            world.capacity_at_hand(letter),
            firms.bind,
            firms.stock_bind,
            firms.accepted,
            granted[span],
            firms.spot_served,
            firms.refused,
            firms.orders_year,
            firms.refused_year,
            rates.ell0,
            rates.tau_l,
        )
    turned_by_sector = np.zeros(N_SECTORS + OUTSIDE_SECTORS)
    collect_grants(
        trade.request,
        granted,
        trade.too_small,
        trade.seller,
        trade.sector,
        trade.buyer_start,
        trade.us_link,
        trade.backlog,
        trade.taken,
        trade.turned_outside,
        turned_by_sector,
    )
    world.turned_outside_by_sector = turned_by_sector[:N_SECTORS]
    if committed is not None:
        _take_committed(world, committed["M"], served_first["M"])
    world.rest_of_us.sales.purchases += trade.left_to_rivals()
    world.population("S").margin_orders[:] = asked[trade.spans["S"]]
