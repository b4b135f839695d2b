"""Stage 10, ship: goods leave their makers, freight is charged, buyers are invoiced.

    made ready = spot orders served + min(backlog, output made to order + stock beyond its aim)
    a link ships what is ready every n weeks,  n ∈ {1, 2, 3, 4} of least freight and waiting cost
    freight of a shipment of W lb over D miles = f_s · lower envelope of parcel, LTL, truck, rail
    invoice = units · price of the seller;  due after the link's terms, plus the payer's lateness
    duty = tariff · price · units from abroad;  owed to the outside beside the invoice

f_s scales the tariff so that freight of the base year is what the table's TRN row says. Sellers pay
freight, and their price covers it. Large payers let invoices lie: with chance late_p, by whole
weeks of mean late_w, cut at six. Units are under way for the weeks that
`millworks.world.freight_terms` gives and belong to the buyer from shipment. What freight costs
above its list goes to carriers and fuel outside and sets nothing in motion there. Members of pools
share trucks and containers (`millworks.programmes.freight_pool`, `container_pool`). Finished goods
leave stock at average cost. Shops' margins are shipped by the wholesale and transport blocks with
the goods; the rest of the US ships what is asked of it, at a premium for what a district seller
refused, which makes it produce.

Source: model specification §7.10-11; prices in `data/price_list.csv`. Left out: discounts,
factoring.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.economy import freight
from millworks.economy.sectors import N_SECTORS
from millworks.economy.technology import RET
from millworks.kernels import compiled
from millworks.programmes.container_pool import run_containers
from millworks.programmes.freight_pool import merge_shipments, pool_is_open, wait_for_others
from millworks.world.accounts import FIRMS
from millworks.world.closure import ORDERS
from millworks.world.freight_terms import (
    cost_under_way,
    draw_weeks,
    freight_rate,
    offer_rail_by_pallet,
    put_under_way,
    rail_price,
    takes_pallets,
    weeks_under_way,
)
from millworks.world.keyed_draws import exponential_from_uniform, keyed_uniform
from millworks.world.link_kernels import price_shipments, ship_links
from millworks.world.sums import add_all
from millworks.world.trade import TRANSIT_WEEKS
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONGEST_DELAY = 6
"""Weeks beyond which nobody lets an invoice lie by habit."""
DUST = 1e-6
"""Units on a link that rounding leaves, and nobody ships."""
MEMORY = 0.05
"""Weight of the newest week in a maker's average freight per unit."""


@compiled
def part_to_ship(
    output: Floats,
    finished: Floats,
    ready: Floats,
    aim: Floats,
    order_part: Floats,
    spot_served: Floats,
    backlog: Floats,
    part: Floats,
) -> None:
    """Part of each producer's backlog that is made ready this week, 0 to 1."""
    for firm in range(backlog.shape[0]):
        part[firm] = 1.0
        to_order = backlog[firm] - spot_served[firm]
        # What was on hand before this week's output and the spot orders it served.
        stock = finished[firm] - ready[firm] - output[firm] - spot_served[firm]
        beyond = max(0.0, stock - aim[firm])
        made = order_part[firm] * output[firm]
        available = spot_served[firm] + min(to_order, made + beyond)
        if backlog[firm] > available:
            part[firm] = max(0.0, available / backlog[firm])


@compiled
def charge_freight(
    shipped: Floats,
    pounds_per_unit: Floats,
    scale: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    rail: Floats,
    tariff: freight.Tariff,
    sector: Ints,
    cost: Floats,
) -> None:
    """Freight of the week of each link, USD: one shipment per link that ships.

    `parcel`, `ltl`, `truck`, `rail` [links] distance factors; `pounds_per_unit` and `scale` by
    sector.
    """
    for link in range(cost.shape[0]):
        cost[link] = 0.0
        if shipped[link] > DUST and sector[link] < scale.shape[0]:
            pounds = shipped[link] * pounds_per_unit[sector[link]]
            cost[link] = scale[sector[link]] * freight.domestic_cost(
                pounds, parcel[link], ltl[link], truck[link], tariff, rail[link]
            )


@compiled
def remember_freight(cost: Floats, shipped: Floats, usual: Floats, per_unit: Floats) -> None:
    """Each firm's average freight per unit, USD, weighted with what it ships of its usual week."""
    for firm in range(cost.shape[0]):
        if usual[firm] > 0.0:
            error = cost[firm] - per_unit[firm] * shipped[firm]
            per_unit[firm] = max(0.0, per_unit[firm] + MEMORY * error / usual[firm])


@compiled
def split_freight(
    freight_cost: Floats,
    dearer: float,
    sector: Ints,
    local_part: Floats,
    surcharge: Floats,
    local: Floats,
    outside: Floats,
) -> float:
    """Freight of each firm by who earns it, USD; returns what carriers outside earn at list prices.

    `dearer`: its price over the list, one at least, which goes outside; `local_part` by sector.
    """
    hauled = 0.0
    for firm in range(freight_cost.shape[0]):
        listed = freight_cost[firm] / dearer
        surcharge[firm] = freight_cost[firm] - listed
        local[firm] = listed * local_part[sector[firm]]
        outside[firm] = freight_cost[firm] - local[firm]
        hauled += outside[firm] - surcharge[firm]
    return hauled


@compiled
def value_finished(
    value: Floats, added: Floats, shipped: Floats, units: Floats, change: Floats
) -> None:
    """What is shipped leaves each firm's finished goods at their average cost, USD.

    `value` on the books, `added` cost of this week's output; `units` on hand, which are written.
    """
    for firm in range(units.shape[0]):
        before, part = units[firm], 0.0
        units[firm] = max(0.0, before - shipped[firm])
        if before > 0.0:
            part = units[firm] / before
        change[firm] = (value[firm] + added[firm]) * part - value[firm]


@compiled
def weeks_late(u: float, mean: float) -> int:
    """Whole weeks, one at least, that an invoice lies; geometric with the given mean."""
    if mean <= 1.0:
        return 1
    # The exponential whose next whole number has that mean.
    return math.ceil(exponential_from_uniform(u, -1.0 / math.log(1.0 - 1.0 / mean)))


@compiled
def draw_delays(
    payers: Ints,
    late: Ints,
    week: int,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    chance: float,
    mean: float,
) -> None:
    """Whole weeks that each large payer lets this week's invoice lie, by link."""
    for row in range(payers.shape[0]):
        link = payers[row]
        late[link] = 0
        if keyed_uniform(key0, key1, purpose, link, 0, week, 0) < chance:
            u = keyed_uniform(key0, key1, purpose, link, 0, week, 1)
            late[link] = min(LONGEST_DELAY, weeks_late(u, mean))


def ship(world: World) -> None:
    """Ship, charge freight, invoice, and let the rest of the US produce for its part."""
    trade, ledger = world.trade, world.ledger
    part = np.ones(trade.agents)
    for letter in "MP":
        firms, span = world.population(letter), trade.spans[letter]
        part_to_ship(
            firms.output,
            firms.finished_units,
            trade.ready_at_seller[span],
            firms.finished_aim,
            firms.order_part,
            firms.spot_served,
            firms.backlog,
            part[span],
        )
        firms.backlog[:] -= part[span] * firms.backlog
    weeks = weeks_under_way(world, world.parameters.ship_weeks)
    slot = (world.week + int(weeks)) % TRANSIT_WEEKS
    pooling = pool_is_open(world)
    alike = weeks == int(weeks) and not pooling
    ship_links(
        part,
        trade.seller,
        trade.interval,
        world.week,
        trade.backlog,
        trade.ready,
        trade.made,
        trade.send(slot) if alike else np.zeros(len(trade.shipped)),
        trade.shipped,
    )
    if trade.contracts.open:
        makers, left = world.population("M"), trade.contracts.make(trade, part)
        makers.contract_stock[:] = left[trade.spans["M"]] * makers.unit_cost
    run_containers(world)
    _price(world)
    freight_cost = _freight_of_links(world)
    merged = merge_shipments(world, freight_cost) if pooling else None
    shipped, freight_of, invoiced = trade.three_of_seller(
        trade.shipped, freight_cost, trade.invoiced
    )
    received, by_buyer = trade.two_of_buyer(trade.shipped, trade.invoiced)
    _charge_freight(world, freight_of, shipped)
    duty = _charge_tariff(world)
    _invoice(world, by_buyer, invoiced)
    sent = by_buyer + duty
    if alike:
        trade.transit_cost[slot] += sent
    else:
        _send_apart(world, weeks, merged, duty)
    for letter in "MP":
        firms, span = world.population(letter), trade.spans[letter]
        firms.invoiced[:] = invoiced[span]
        firms.shipped[:] = shipped[span]
        _value_finished(world, letter)
    makers = world.population("M")
    makers.annual_sales[:] += makers.invoiced - makers.annual_sales / 52.0
    for letter in "MPRC":
        world.population(letter).inputs_shipped[:] = sent[trade.spans[letter]]
        ledger.book(f"inputs shipped {letter}")
    blocks = world.population("S")
    blocks.goods_used[:] = received[trade.spans["S"]]
    _buy_from_rest_of_us(world)


def _price(world: World) -> None:
    """Write what each link is invoiced for what was shipped, USD."""
    trade, rates = world.trade, world.parameters
    price = np.ones(trade.agents)
    for letter in "MP":
        price[trade.spans[letter]] = world.population(letter).price
    price_shipments(
        trade.shipped,
        price,
        trade.seller,
        trade.us_link,
        trade.abroad_link,
        trade.us_price,
        trade.abroad_price,
        trade.turned_outside,
        rates.prem,
        trade.invoiced,
    )


def _send_apart(world: World, weeks: float, merged: Flags | None, duty: Floats) -> None:
    """Put each link's shipment under way for its own number of weeks, with what it cost.

    `weeks` mean; `merged` [links]: shipments of pools, some of which take a week more; `duty`
    [agents] USD on what comes from abroad.
    """
    trade, streams = world.trade, world.streams
    of_link = np.empty(len(trade.shipped), dtype=np.int64)
    draw_weeks(world.week, *streams.key, streams.code("freight_lead"), weeks, of_link)
    if merged is not None:
        wait_for_others(world, merged, of_link)
    for ahead in np.unique(of_link):
        trade.send((world.week + int(ahead)) % TRANSIT_WEEKS)
    put_under_way(trade.shipped, of_link, world.week, trade.transit)
    landed, buyers = trade.invoiced.copy(), trade.abroad_link >= 0
    landed[trade.abroad_link[buyers]] += duty[buyers]
    cost_under_way(landed, trade.buyer_start, of_link, world.week, trade.transit_cost)


def _invoice(world: World, by_buyer: Floats, by_seller: Floats) -> None:
    """Draw who pays late and write the invoices; USD of the week by buyer and by seller."""
    trade, rates = world.trade, world.parameters
    if rates.late_p > 0.0:
        draw_delays(
            trade.large_payers,
            trade.late,
            world.week,
            *world.streams.key,
            world.streams.code("payment_lateness"),
            rates.late_p,
            rates.late_w,
        )
    world.ledger.invoice_goods(trade.invoiced, world.week, by_buyer, by_seller)


def _charge_tariff(world: World) -> Floats:
    """Buyers owe a duty on what is shipped to them from abroad; USD by buyer, [agents]."""
    trade = world.trade
    duty = np.zeros(trade.agents)
    in_force = bool(world.tariff.any())
    if in_force:
        buyers = trade.abroad_link >= 0
        units = trade.shipped[trade.abroad_link[buyers]]
        duty[buyers] = units * trade.duty_per_unit(world.tariff)[buyers]
    for letter in FIRMS:
        firms = world.population(letter)
        if in_force or firms.tariff.any():
            firms.tariff[:] = duty[trade.spans[letter]]
            world.ledger.book(f"tariffs charged {letter}>X")
    return duty


def _freight_of_links(world: World) -> Floats:
    """Freight of this week's shipment of each link, USD."""
    trade = world.trade
    cost = np.zeros(len(trade.shipped))
    if world.parameters.explicit_freight > 0.0:
        scale = world.freight_scale * freight_rate(world)
        charge_freight(
            trade.shipped,
            world.pounds_per_unit,
            scale,
            *trade.hauls[:3],
            rail_price(world),
            freight.price_list(),
            trade.sector,
            cost,
        )
        if takes_pallets(world):
            made = np.minimum(trade.sector, N_SECTORS - 1)
            pounds = np.where(cost > 0.0, trade.shipped * world.pounds_per_unit[made], 0.0)
            offer_rail_by_pallet(world, pounds, scale[made], cost)
    return cost


def _charge_freight(world: World, cost: Floats, shipped: Floats) -> None:
    """Makers and partners owe freight to local carriers and to those outside.

    `cost` USD and `shipped` units of each agent as seller, [agents].
    """
    rate = freight_rate(world)
    dearer, felt = max(1.0, rate), world.population("X").freight_felt
    before = float(felt[0])
    felt += MEMORY * (rate - felt)
    now = float(felt[0])
    for letter in "MP":
        firms, span = world.population(letter), world.trade.spans[letter]
        hauled = split_freight(
            cost[span],
            dearer,
            firms.sector,
            world.carriers_local,
            firms.freight_surcharge,
            firms.freight_local,
            firms.freight_outside,
        )
        world.ledger.book(f"freight charged {letter}>S")
        world.ledger.book(f"freight charged outside {letter}>X")
        # A dearer list is noticed on what is not shipped because of it, too: nobody waits for ever
        # for a price that covers it. Rivals elsewhere notice it as slowly.
        firms.freight_units *= now / before
        paid = cost[span] / rate * now
        remember_freight(
            paid + firms.pool_fee if letter == "M" else paid,
            shipped[span],
            firms.potential_forecast,
            firms.freight_units,
        )
        name, own = f"freight outside {letter}", np.array([hauled])
        world.rest_of_us.add_freight(float(world.closure.path(ORDERS, name, world.week, own)[0]))


def _value_finished(world: World, letter: str) -> None:
    """Finished goods rise by the cost of what was made and fall by the cost of what has left."""
    firms = world.population(letter)
    value_finished(
        firms.finished,
        firms.finished_cost,
        firms.shipped,
        firms.finished_units,
        firms.finished_change,
    )
    world.ledger.book(f"finished goods {letter}")


def _buy_from_rest_of_us(world: World) -> None:
    """Add what the district asks of the rest of the US to its orders, by selling sector."""
    trade, rest = world.trade, world.rest_of_us
    ordered = np.zeros(trade.agents)
    for letter in "MPRCS":
        firms = world.population(letter)
        ordered[trade.spans[letter]] = firms.goods_ordered + firms.goods_replaced
    rest.purchases += trade.bought_from_rest_of_us(ordered)
    rest.purchases += world.turned_outside_by_sector
    for letter in "RC":
        shops = world.population(letter)
        margins = world.shop_margins_of_rest_of_us[letter]
        rest.purchases += margins * add_all(shops.goods_ordered)
        rest.purchases += world.technology.goods_us[:, RET] * add_all(shops.supplies_used)
