"""Who shares trucks and containers, and what each then pays: rules over shipments, compiled.

    match    = 1 - 2^(-others/m_half)                chance to meet others, by a keyed draw
    trucks     f_s · c(W) · w/W + price · w/1,000 + stop (1 - w/W)
                                                     w lb of a member's part, W of all that met
    ocean      o(V) · v/V + price · w/1,000          v m3 of its part, V of all that are expected

c(W) domestic, o(V) ocean freight of the whole (`millworks.economy.freight`), f_s factor of the
sector. What others a shipment may meet: those of members to the same zone in the same week.

A truck that takes n shipments stops at n doors in the zone. One stop is in the freight of any
shipment, so n - 1 are paid besides, shared like the first by weight: Σ stop (1 - w/W). A member's
own door is one stop more, in a week in which any of its shipments is merged. Who would pay more
than alone, with the stop at its door, withdraws; what the others then pay is asked again until
nobody does.

Whose world: `millworks.programmes.freight_pool`, `millworks.programmes.container_pool`.

Source: model specification §7.10; that stops cost and that nobody shares at a loss is ours. Left
out: routes.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.economy import freight
from millworks.kernels import compiled
from millworks.world.keyed_draws import keyed_uniform

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RINGS: Final[tuple[float, float]] = (10.0, 25.0)
"""Miles from the centre at which the rings end; the last has no end."""
DIRECTIONS: Final[int] = 8
LOCAL_ZONES: Final[int] = 3 * DIRECTIONS


@compiled
def match(others: float, half: float) -> float:
    """Chance that a shipment meets others, of which there are so many; half of them at `half`."""
    if others <= 0.0:
        return 0.0
    return 1.0 - 2.0 ** (-others / half)


@compiled
def fill_matches(others: Floats, half: float, chance: Floats) -> None:
    """Write the chance of each shipment to meet others, of which there are so many."""
    for row in range(others.shape[0]):
        chance[row] = match(others[row], half)


@compiled
def fill_stops(merged: Floats, chance: Floats) -> None:
    """Write the chance of a stop at each door: so many shipments a week are merged, Poisson."""
    for row in range(merged.shape[0]):
        chance[row] = -math.expm1(-merged[row])


@compiled
def gains_in_a_truck(
    pounds: float,
    own: float,
    truck_cost: float,
    handling: float,
    stop: float,
    tariff: freight.Tariff,
) -> bool:
    """Whether a shipment below a truckload would be cheaper as part of a full truck.

    `own`, `truck_cost` USD with their factor, `handling` USD a pallet, `stop` USD at a door.
    """
    if pounds >= tariff.truck_pounds:
        return False
    filled = pounds / tariff.truck_pounds
    due = handling * (pounds / tariff.pounds_per_pallet) + stop * (1.0 - filled)
    return truck_cost * filled + due < own


@compiled
def merged_part(
    pounds: float,
    together: float,
    scale: float,
    handling: float,
    stop: float,
    parcel: float,
    ltl: float,
    truck: float,
    tariff: freight.Tariff,
    rail: float,
) -> float:
    """Cost in USD of a member's part of a shipment of `together` lb, but for the stop at its door.

    `scale` factor of the tariff; `handling` USD a pallet; `stop` USD at each other door in the
    zone; the others as for `freight.domestic_cost`.
    """
    whole = freight.domestic_cost(together, parcel, ltl, truck, tariff, rail)
    due = handling * (pounds / tariff.pounds_per_pallet) + stop * (1.0 - pounds / together)
    return scale * whole * (pounds / together) + due


@compiled
def zone_of(
    link: int,
    outside: bool,
    east: float,
    north: float,
    zones: int,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
) -> int:
    """Zone of a link's customer, who stands `east` and `north` of the centre or outside."""
    if outside:
        u = keyed_uniform(key0, key1, purpose, link, 0, 0, 0)
        return LOCAL_ZONES + int(u * zones)
    miles = math.sqrt(east * east + north * north)
    ring = 0 if miles < RINGS[0] else (1 if miles < RINGS[1] else 2)
    turn = (math.atan2(north, east) / (2.0 * math.pi) + 1.0) % 1.0
    return ring * DIRECTIONS + min(DIRECTIONS - 1, int(turn * DIRECTIONS))


@compiled
def fill_zones(
    links: Ints,
    outside: Flags,
    east: Floats,
    north: Floats,
    zones: int,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    zone: Ints,
) -> None:
    """Write the zone of each of the `links`; the other arrays are [of them]."""
    for row in range(links.shape[0]):
        zone[row] = zone_of(
            links[row], outside[row], east[row], north[row], zones, key0, key1, purpose
        )


@compiled
def count_shipments(
    kind: Ints, often: Floats, pounds: Floats, counted: Flags, number: Floats, weight: Floats
) -> None:
    """Add up by kind of zone the shipments a week of those `counted`, and their mean weight, lb.

    `often` shipments a week of each row, of `pounds`; `number`, `weight` [kinds].
    """
    number[:] = 0.0
    weight[:] = 0.0
    for row in range(kind.shape[0]):
        if counted[row]:
            number[kind[row]] += often[row]
            weight[kind[row]] += often[row] * pounds[row]
    for index in range(number.shape[0]):
        if number[index] > 0.0:
            weight[index] /= number[index]


@compiled
def weigh_together(
    zone: Ints,
    kind: Ints,
    zones: Floats,
    pounds: Floats,
    merged: Flags,
    simulated: float,
    by_zone: Floats,
    together: Floats,
) -> None:
    """Write the weight that each merged shipment shares, lb; arrays are [shipments].

    Makers that are not simulated do as those that are, spread evenly over the zones of a kind.
    `by_zone` [zones] is written too.
    """
    by_zone[:] = 0.0
    by_kind = np.zeros(zones.shape[0])
    for row in range(zone.shape[0]):
        if merged[row]:
            by_zone[zone[row]] += pounds[row]
            by_kind[kind[row]] += pounds[row]
    for row in range(zone.shape[0]):
        unseen = by_kind[kind[row]] * (1.0 / simulated - 1.0) / zones[kind[row]]
        together[row] = by_zone[zone[row]] + unseen


@compiled
def share_trucks(
    links: Ints,
    maker: Ints,
    zone: Ints,
    kind: Ints,
    zones: Floats,
    pounds: Floats,
    own: Floats,
    scale: Floats,
    handling: Floats,
    stop: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    rail: Floats,
    tariff: freight.Tariff,
    half: float,
    simulated: float,
    week: int,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    cost: Floats,
    handled: Floats,
    delivered: Floats,
    merged: Flags,
) -> None:
    """Members' shipments of a week: which share a truck, and what each owes for it.

    All arrays are [shipments]: `links` and `maker` theirs, `kind` of their zone, `pounds`, `own`
    USD alone, `handling` USD a pallet, `stop` USD at a door; but `zones` [kinds], how many there
    are. Written: `cost` USD to carriers, what is owed for handling, `handled`, and for stops in the
    zone, `delivered`, both USD, and whether it was `merged`. The stop at a member's own door is not
    in them. Makers that are not simulated are met as often as those that are.
    """
    last, makers = 0, 0
    for row in range(zone.shape[0]):
        last, makers = max(last, zone[row]), max(makers, maker[row])
    shipments, weight = np.zeros(last + 1), np.zeros(last + 1)
    unseen = np.zeros(zones.shape[0])
    able = np.zeros(zone.shape[0], dtype=np.bool_)
    for row in range(zone.shape[0]):
        cost[row], handled[row], delivered[row], merged[row] = own[row], 0.0, 0.0, False
        able[row] = gains_in_a_truck(
            pounds[row], own[row], scale[row] * truck[row], handling[row], stop[row], tariff
        )
        if able[row]:
            shipments[zone[row]] += 1.0
            unseen[kind[row]] += (1.0 / simulated - 1.0) / zones[kind[row]]
    for row in range(zone.shape[0]):
        if able[row]:
            chance = match(shipments[zone[row]] - 1.0 + unseen[kind[row]], half)
            merged[row] = keyed_uniform(key0, key1, purpose, links[row], 0, week, 0) < chance
    together, saved = np.zeros(zone.shape[0]), np.zeros(makers + 1)
    more = True
    while more:
        more = False
        weigh_together(zone, kind, zones, pounds, merged, simulated, weight, together)
        saved[:] = 0.0
        for row in range(zone.shape[0]):
            if merged[row]:
                part = merged_part(
                    pounds[row], together[row], scale[row], handling[row], stop[row], parcel[row],
                    ltl[row], truck[row], tariff, rail[row],
                )  # fmt: skip
                # Who was to meet others and is the only one ships alone.
                merged[row] = together[row] > pounds[row] * (1.0 + 1e-12) and part < own[row]
                if merged[row]:
                    saved[maker[row]] += own[row] - part
                else:
                    more = True
        for row in range(zone.shape[0]):
            if merged[row] and saved[maker[row]] <= stop[row]:
                merged[row] = False
                more = True
    for row in range(zone.shape[0]):
        if merged[row]:
            handled[row] = handling[row] * (pounds[row] / tariff.pounds_per_pallet)
            delivered[row] = stop[row] * (1.0 - pounds[row] / together[row])
            cost[row] = merged_part(
                pounds[row], together[row], scale[row], 0.0, 0.0, parcel[row], ltl[row],
                truck[row], tariff, rail[row],
            )  # fmt: skip


@compiled
def expected_cost(
    pounds: float,
    own: float,
    others: float,
    weight: float,
    half: float,
    scale: float,
    handling: float,
    stop: float,
    door: float,
    parcel: float,
    ltl: float,
    truck: float,
    tariff: freight.Tariff,
    rail: float,
) -> float:
    """Cost in USD that a member expects for a shipment, with so many others to its zone.

    `weight` mean of the others, lb; `own` cost alone, which may be infinite; `stop` USD at a door
    in the zone, `door` USD for what this shipment adds to the stops at its own.
    """
    chance = match(others, half)
    if pounds <= 0.0 or chance <= 0.0 or pounds >= tariff.truck_pounds:
        return own
    together = pounds + chance * others * weight
    merged = door + merged_part(
        pounds, together, scale, handling, stop, parcel, ltl, truck, tariff, rail
    )
    if math.isinf(own) or merged >= own:
        # Nobody waits for others at a loss; where alone it is not shipped, all depends on them.
        return min(own, merged / chance)
    return chance * merged + (1.0 - chance) * own


@compiled
def cost_alone(
    pounds: Floats,
    scale: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    rail: Floats,
    tariff: freight.Tariff,
    cost: Floats,
) -> None:
    """Cost in USD of each shipment, sent alone."""
    for row in range(pounds.shape[0]):
        cost[row] = scale[row] * freight.domestic_cost(
            pounds[row], parcel[row], ltl[row], truck[row], tariff, rail[row]
        )


@compiled
def expect_costs(
    pounds: Floats,
    own: Floats,
    others: Floats,
    weight: Floats,
    half: float,
    scale: Floats,
    handling: Floats,
    stop: Floats,
    door: Floats,
    parcel: Floats,
    ltl: Floats,
    truck: Floats,
    tariff: freight.Tariff,
    rail: Floats,
    cost: Floats,
) -> None:
    """Cost in USD that a member expects for each shipment."""
    for row in range(pounds.shape[0]):
        cost[row] = expected_cost(
            pounds[row], own[row], others[row], weight[row], half, scale[row], handling[row],
            stop[row], door[row], parcel[row], ltl[row], truck[row], tariff, rail[row],
        )  # fmt: skip


@compiled
def share_containers(
    volume: Floats,
    counted: Flags,
    often: Floats,
    half: Floats,
    price: Floats,
    ocean_rate: float,
    simulated: float,
    tariff: freight.Tariff,
    saved: Floats,
    handling: Floats,
) -> None:
    """What each importer's shipment of `volume` m3 saves on freight and pays for handling, USD.

    `counted` whose shipments there are to meet; `often` shipments a week of each; `half` m_half, 0
    for those who may not join; `price` USD a pallet; `saved`, `handling` a shipment.
    """
    loads, cubic = 0.0, 0.0
    for row in range(volume.shape[0]):
        if counted[row] and volume[row] > 0.0:
            loads += often[row] / simulated
            cubic += often[row] * volume[row] / simulated
    for row in range(volume.shape[0]):
        saved[row], handling[row] = 0.0, 0.0
        if half[row] <= 0.0 or volume[row] <= 0.0:
            continue
        own_load = often[row] if counted[row] else 0.0
        others = loads - own_load
        chance = match(others, half[row])
        if chance <= 0.0:
            continue
        together = volume[row] + chance * (cubic - own_load * volume[row])
        alone = freight.ocean_cost(volume[row], tariff)
        merged = freight.ocean_cost(together, tariff) * (volume[row] / together)
        pallets = volume[row] * tariff.pounds_per_cubic_metre / tariff.pounds_per_pallet
        saved[row] = chance * ocean_rate * max(0.0, alone - merged)
        handling[row] = chance * price[row] * pallets
