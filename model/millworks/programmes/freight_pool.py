"""Shippers who share trucks: who joins a pool, which shipments meet, and what each then pays.

    n         = members' shipments to a zone this week
    match     = 1 - 2^(-(n - 1)/m_half)                  chance to meet others, by a keyed draw
    cost      = f_s · c(W) · w/W + price · w/1,000       w lb of a member's part, W of all that met
                + stop (1 - w/W)                         its part of the other doors in the zone
    door      = stop in a week in which any of a member's shipments is merged
    gain      = Σ 1/interval (own cost - expected cost) - stop (1 - exp(-m))           USD a week

m shipments of a member that are expected to be merged in a week, taken to be Poisson.

A zone is a ring around the centre (10, 25 miles, beyond) and one of eight directions for customers
in the district, and one of `zones` markets, drawn once for each link, for those outside. A member
gives the pool what is below a truckload and would gain in a full truck, and withdraws what the
truck that comes together would make dearer. Handling and stops are paid to the operator, who has
them done by carriers for the same money: stops in zones outside by carriers there. A merged
shipment is some days longer under way: with that part of a week as its chance it arrives a week
later. Who meets nobody ships alone at its own cost.

Every four weeks owners look at what a pool would save with as many shipments as members now have,
or, while it has none, all who may join, and leave out those who would not gain, until nobody is
left who would not. They join or stay if that is more than nothing; if there are too few places,
who has one keeps it and the others are drawn by lot.

In a scale model the makers that are not simulated are met as often as those that are: to n and W
come their expected number and weight, spread evenly over the zones of a ring, or outside.

Source: model specification §7.10, §8; T14 by hand in `tests/unit/world/test_shared_freight.py`.
Stops are ours. Weeks between shipments stay what they were. Left out: routes, so that a stop costs
the same wherever the next one is; what two days cost the customer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.shared_equipment import NOBODY, hand_out_places, in_turn
from millworks.economy import freight
from millworks.economy.sectors import N_SECTORS
from millworks.programmes import operators
from millworks.world.freight_terms import freight_rate, rail_price
from millworks.world.shared_freight import (
    DIRECTIONS,
    cost_alone,
    count_shipments,
    expect_costs,
    fill_matches,
    fill_stops,
    fill_zones,
    share_trucks,
)
from millworks.world.sums import add_all
from millworks.world.trade import OUTSIDE_CUSTOMER
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

POLICY: Final[str] = "small_batch_shipping"
ROW: Final[int] = operators.row_of(POLICY)
KINDS: Final[int] = 4
"""Kinds of zone: the three rings, and outside."""
OUTSIDE: Final[int] = 3
PAY: Final[float] = 0.6
"""Part of the cost of running a pool that is pay; the rest buys services here. Assumption."""


def pool_is_open(world: World) -> bool:
    """Whether somebody shares trucks this week; who is no longer offered it has left the pool."""
    makers = world.population("M")
    if makers.pool_member.any():
        makers.pool_member[:] &= makers.pool_half > 0.0
        if makers.pool_member.any():
            return True
    if makers.pool_fee.any():
        makers.pool_fee[:] = 0.0
    return False


class _Shipments:
    """Shipments on links of some makers, with all that their cost rests on; arrays are [rows]."""

    def __init__(self, world: World, links: Ints) -> None:
        trade, makers = world.trade, world.population("M")
        self.links = links
        self.maker = trade.seller[links] - trade.spans["M"].start
        self.sector = trade.sector[links]
        self.per_unit = world.pounds_per_unit[self.sector]
        self.scale = world.freight_scale[self.sector] * freight_rate(world)
        self.handling = makers.pool_price[self.maker]
        self.stop = makers.pool_stop[self.maker]
        self.parcel, self.ltl, self.truck = (held[links] for held in trade.hauls[:3])
        self.rail = rail_price(world)[links]
        self.half = float(makers.pool_half.max())
        buyer, zones = trade.buyer[links], int(world.population("O").pool_zones[ROW])
        self.zone = np.zeros(len(links), dtype=np.int64)
        fill_zones(
            links,
            trade.kind[links] == OUTSIDE_CUSTOMER,
            world.place_x[buyer],
            world.place_y[buyer],
            zones,
            *world.streams.key,
            world.streams.code("pool_zone"),
            self.zone,
        )
        self.kind = np.minimum(OUTSIDE, self.zone // DIRECTIONS)
        self.zones = np.array([DIRECTIONS] * OUTSIDE + [zones], np.float64)

    def alone(self, pounds: Floats) -> Floats:
        """What shipments of `pounds` cost alone, USD."""
        cost, tariff = np.zeros(len(pounds)), freight.price_list()
        cost_alone(pounds, self.scale, self.parcel, self.ltl, self.truck, self.rail, tariff, cost)
        return cost

    def able(self, pounds: Floats, own: Floats) -> Flags:
        """Which of them a member would give to the pool."""
        tariff = freight.price_list()
        filled = pounds / tariff.truck_pounds
        part = self.scale * self.truck * filled + self.stop * (1.0 - filled)
        part += self.handling * (pounds / tariff.pounds_per_pallet)
        return np.asarray((pounds > 0.0) & (pounds < tariff.truck_pounds) & (part < own))

    def expected(
        self, pounds: Floats, own: Floats, number: Floats, weight: Floats, door: Floats
    ) -> Floats:
        """What each is expected to cost with `number` shipments a week, by kind of zone.

        `door` USD that a shipment adds to the stops at its maker's door.
        """
        cost, others = np.zeros(len(pounds)), (number / self.zones)[self.kind]
        expect_costs(
            pounds,
            own,
            others,
            weight[self.kind],
            self.half,
            self.scale,
            self.handling,
            self.stop,
            door,
            self.parcel,
            self.ltl,
            self.truck,
            freight.price_list(),
            self.rail,
            cost,
        )
        return cost

    def chances(self, number: Floats) -> Floats:
        """Chance of each to meet others, with `number` shipments a week by kind of zone."""
        chance = np.zeros(len(self.links))
        fill_matches((number / self.zones)[self.kind], self.half, chance)
        return chance


def _links_of(world: World, chosen: Flags) -> Ints:
    """Links on which the makers chosen sell goods."""
    trade = world.trade
    span = trade.spans["M"]
    first = trade.seller < span.stop
    picked = np.zeros(trade.agents, dtype=np.bool_)
    picked[span] = chosen
    return np.flatnonzero(first & picked[trade.seller] & (trade.sector < N_SECTORS))


def merge_shipments(world: World, cost: Floats) -> Flags:
    """Let members' shipments of this week share trucks; return which were merged, [links].

    `cost` [links] USD alone becomes what carriers get; handling and stops are owed to the operator.
    """
    trade, makers = world.trade, world.population("M")
    merged = np.zeros(len(cost), dtype=np.bool_)
    links = _links_of(world, makers.pool_member)
    links = links[cost[links] > 0.0]
    sent = _Shipments(world, links)
    paid, handled, delivered = (np.zeros(len(links)) for _ in range(3))
    met = np.zeros(len(links), dtype=np.bool_)
    share_trucks(
        links,
        sent.maker,
        sent.zone,
        sent.kind,
        sent.zones,
        trade.shipped[links] * sent.per_unit,
        cost[links],
        sent.scale,
        sent.handling,
        sent.stop,
        sent.parcel,
        sent.ltl,
        sent.truck,
        sent.rail,
        freight.price_list(),
        sent.half,
        world.scale,
        world.week,
        *world.streams.key,
        world.streams.code("pool_match"),
        paid,
        handled,
        delivered,
        met,
    )
    cost[links], merged[links] = paid, met
    collected = np.zeros(makers.size, dtype=np.bool_)
    collected[sent.maker[met]] = True
    makers.pool_fee[:] = np.bincount(
        sent.maker, weights=handled + delivered, minlength=makers.size
    ) + np.where(collected, makers.pool_stop, 0.0)
    operators.charge_fees(world, POLICY, makers.pool_fee)
    # Those who move the pallets and stop at doors get what members pay for it.
    elsewhere = add_all(np.where(sent.kind == OUTSIDE, delivered, 0.0))
    operators.incur(
        world,
        POLICY,
        freight_local=add_all(makers.pool_fee) - elsewhere,
        freight_outside=elsewhere,
    )
    run_pool(world)
    return merged


def run_pool(world: World) -> None:
    """Running the pool takes people and services for each member, and more when it grows."""
    pool = world.population("O")
    members = float(np.count_nonzero(world.population("M").pool_member))
    grown = max(0.0, members - pool.members_most[ROW])
    pool.members_most[ROW] += grown
    cost = members * pool.member_running[ROW] + grown * pool.member_setup[ROW]
    operators.incur(world, POLICY, pay=PAY * cost, services=(1.0 - PAY) * cost)


def wait_for_others(world: World, merged: Flags, weeks: Ints) -> None:
    """Merged shipments take some days: by their part of a week as chance, a week more."""
    links = np.flatnonzero(merged)
    makers = world.population("M")
    chance = makers.pool_wait[world.trade.seller[links]]
    luck = world.streams.uniform("pool_delay", links, week=world.week)
    weeks[links] += (luck < chance).astype(np.int64)


def expect_merged(world: World, pounds: Floats, cost: Floats) -> None:
    """Lower what shipments of `pounds` are expected to `cost`, USD, where members sell; [links]."""
    pool, makers = world.population("O"), world.population("M")
    links = _links_of(world, makers.pool_member)
    links = links[pounds[links] > 0.0]
    asked = _Shipments(world, links)
    own = np.minimum(cost[links], asked.alone(pounds[links]))
    # A truck stops at the door for it only if it does not come anyway.
    comes = np.zeros(makers.size)
    fill_stops(makers.pool_merged, comes)
    door = asked.stop * (1.0 - comes[asked.maker])
    expected = asked.expected(
        pounds[links], own, pool.pool_shipments[ROW], pool.pool_pounds[ROW], door
    )
    cost[links] = np.minimum(cost[links], expected)


def review_pool(world: World) -> None:
    """Every four weeks: owners join the pool, stay or leave, and it grows to fit its members."""
    makers, pool = world.population("M"), world.population("O")
    if not (makers.pool_half.any() or makers.pool_member.any()):
        return
    offered = (makers.pool_half > 0.0) & (makers.status == ACTIVE)
    if not offered.any():
        makers.pool_member[:] = False
        return
    trade = world.trade
    links = _links_of(world, offered)
    every = trade.interval[links]
    usual = _Shipments(world, links)
    pounds = trade.taken[links] * every * usual.per_unit
    own = usual.alone(pounds)
    able, often = usual.able(pounds, own), 1.0 / every
    inside = makers.pool_member & offered
    asked = inside if inside.any() else offered
    shared, number, weight = able.copy(), np.zeros(KINDS), np.zeros(KINDS)
    gain, stops, more = np.zeros(makers.size), np.zeros(makers.size), True
    while more:
        # To the weight that is met only those add that gain; others are asked and withdraw.
        counted = able & asked[usual.maker]
        given = np.where(shared, pounds, 0.0)
        count_shipments(usual.kind, often, given, counted, number, weight)
        number /= world.scale
        expected = usual.expected(pounds, own, number, weight, np.zeros(len(pounds)))
        saved = np.where(shared, often * (own - expected), 0.0)
        chance = np.where(shared, often * usual.chances(number), 0.0)
        met: Floats = np.bincount(usual.maker, chance, makers.size).astype(np.float64)
        fill_stops(met, stops)
        gain[:] = np.bincount(usual.maker, weights=saved, minlength=makers.size)
        gain -= makers.pool_stop * stops
        still, stay = shared & (saved > 0.0), asked & (gain > 0.0)
        more = bool((still != shared).any() or (stay != asked).any())
        shared, asked = still, stay
    pool.pool_shipments[ROW], pool.pool_pounds[ROW] = number, weight
    makers.pool_merged[:] = met
    _admit(world, offered & (gain > 0.0))


def _admit(world: World, wishes: Flags) -> None:
    """Members who still gain keep their place; the others who would gain get one by lot."""
    makers, pool = world.population("M"), world.population("O")
    stays = wishes & makers.pool_member
    lots = world.streams.uniform("facility_place", makers.identity, generation=makers.generation)
    place = np.full(makers.size, NOBODY)
    hand_out_places(
        in_turn(stays, lots, makers.identity),
        np.where(wishes, 0, NOBODY),
        np.array([int(pool.places[ROW])]),
        place,
    )
    makers.pool_member[:] = place != NOBODY
