"""Which floor a maker takes when others than the usual lease are on offer.

    need        = (500 sq ft · people + 14 sq ft · pallets) (1 + reserve)
    usual       rent · floor + interest · deposit + (stop of a move) / (years of a lease)
    with part   the same for a smaller floor, + fee · (need - floor) / 14 sq ft
    flexible    (1 + premium) rent · floor, floor in steps of 500 sq ft: no deposit     USD a year

The usual floor comes in the usual steps; a maker moves to a larger one as soon as it needs it and
has the deposit, to a smaller one when its lease ends (`millworks.week.overhead`). Offered storage,
it looks at each smaller usual floor that has room for its people, and takes the cheapest. Offered a
flexible floor, it compares once a quarter: in it, it may leave or change its size at any of these
dates; from a usual lease it comes when that has ended or has become too small. A floor is either
usual or flexible, never both. A move to or within usual leases stops production, and the owner
reckons with the sales of that time; into a flexible one goods and machines move as they can. When a
flexible floor is no longer offered, its tenant leaves at the end of the term for a usual lease and
pays as much of the deposit as it has.

Who comes first in `order` chooses first among what is vacant. Source: model specification §7.11,
§8. Left out: rents by place, a floor split between two buildings, sublets.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.economy import space
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

YEAR: Final[int] = 52
FLEXIBLE_WEEKS: Final[int] = 13
"""Term of a flexible lease."""
FLEXIBLE_STEP: Final[float] = 500.0
"""Smallest piece of a flexible lease, sq ft."""


class LeaseRules(NamedTuple):
    """What all makers go by: `reserve` share of need, `interest` on a deposit 1/year."""

    reserve: float
    interest: float


@compiled
def usual_cost(floor: float, interest: float, prices: space.SpacePrices) -> float:
    """USD a year of a usual lease in which one stays: rent, and interest on the deposit."""
    rate = space.rent_rate(floor, prices)
    return floor * rate + interest * space.deposit(floor, rate, prices)


@compiled
def flexible_cost(floor: float, ratio: float, prices: space.SpacePrices) -> float:
    """USD a year of a flexible floor whose rent is `ratio` times the usual one."""
    return floor * space.rent_rate(floor, prices) * ratio


@compiled
def flexible_floor(need: float) -> float:
    """Floor in sq ft that covers a need in flexible steps."""
    return space.leased(need, FLEXIBLE_STEP)


@compiled
def affordable_floor(floor: float, held: float, cash: float, prices: space.SpacePrices) -> bool:
    """Whether `cash` and the deposit that is returned reach for the deposit of a usual floor."""
    return space.deposit(floor, space.rent_rate(floor, prices), prices) - held <= cash


@compiled
def cheapest_usual(
    people: float,
    pallets: float,
    floor: float,
    may_shrink: bool,
    cash: float,
    held: float,
    move: float,
    fee: float,
    vacant: float,
    rules: LeaseRules,
    prices: space.SpacePrices,
) -> tuple[float, float, float]:
    """Usual floor that suits best; its cost in USD a year; pallets it has no room for.

    `people` sq ft; `floor` the usual floor now, 0 for a tenant who comes from a flexible one;
    `move` USD a year that a move costs; `fee` USD a year of a pallet stored outside, `vacant`
    pallets that it could store. Without storage: what fits if it can be had, else the floor now.
    """
    need = (people + space_of(pallets, prices)) * (1.0 + rules.reserve)
    fits = space.fitting(need, prices)
    best, stored = floor, 0.0
    wanted = fits > floor or (fits < floor and may_shrink)
    if wanted and affordable_floor(fits, held, cash, prices):
        best = fits
    cost = usual_cost(best, rules.interest, prices)
    if best != floor:
        cost += move
    if fee <= 0.0 or vacant <= 0.0:
        return best, cost, stored
    option = space.fitting(people * (1.0 + rules.reserve), prices)
    while option < fits:
        # Like for like: what it has in reserve it reckons to store as well.
        over = max(0.0, need - option) / prices.square_feet_per_pallet
        allowed = over <= vacant and (option >= floor or may_shrink)
        if allowed and affordable_floor(option, held, cash, prices):
            price = usual_cost(option, rules.interest, prices) + fee * over
            if option != floor:
                price += move
            if price < cost:
                best, cost, stored = option, price, over
        option = space.fitting(option + 1.0, prices)
    return best, cost, stored


@compiled
def space_of(pallets: float, prices: space.SpacePrices) -> float:
    """Sq ft that pallets take."""
    return pallets * prices.square_feet_per_pallet


@compiled
def chooses_flexible(
    need: float,
    size: float,
    ratio: float,
    floor: float,
    leased_flexibly: bool,
    lease_over: bool,
    vacant: float,
    usual: float,
    usual_price: float,
    move: float,
    interest: float,
    prices: space.SpacePrices,
) -> bool:
    """Whether a maker takes, or keeps, a flexible floor of `size` sq ft.

    `usual` sq ft and `usual_price` USD a year: the best usual lease within its means.
    """
    if ratio <= 0.0 or size <= 0.0:
        return False
    fits = space.fitting(need, prices)
    if leased_flexibly:
        if size < need and usual >= fits:
            return False
        return usual <= 0.0 or flexible_cost(size, ratio, prices) <= usual_price
    grows = fits > floor
    if size > vacant or not (grows or lease_over):
        return False
    if grows and usual == floor and usual_price <= usual_cost(floor, interest, prices):
        # No larger usual floor is within its means now: it weighs the one that it lacks.
        usual_price = usual_cost(fits, interest, prices) + move
    return flexible_cost(size, ratio, prices) < usual_price


@compiled
def review_all_leases(
    week: int,
    order: Ints,
    identity: Ints,
    status: Ints,
    jobs: Floats,
    pallets: Floats,
    cash: Floats,
    stop: Floats,
    storage_fee: Floats,
    ratio: Floats,
    vacant: Floats,
    rules: LeaseRules,
    prices: space.SpacePrices,
    floor: Floats,
    flexible_rate: Floats,
    held: Floats,
    lease_end: Ints,
    moving_until: Ints,
    stored: Floats,
    paid: Floats,
    returned: Floats,
) -> None:
    """Makers whose date it is choose their floor in `order`, which may leave out the others.

    `stop` USD of sales that a move to a usual lease would cost; `storage_fee` USD per pallet and
    week, 0 where none is offered; `ratio` flexible rent over the usual, 0 where none is offered;
    `vacant` [2] pallets and flexible sq ft that are free, which is used up.
    """
    for firm in range(paid.shape[0]):
        paid[firm] = 0.0
        returned[firm] = 0.0
    for turn in range(order.shape[0]):
        firm = order[turn]
        if status[firm] != ACTIVE:
            continue
        flexible = flexible_rate[firm] > 0.0
        yearly = (week + identity[firm]) % YEAR == 0
        quarterly = (week + identity[firm]) % FLEXIBLE_WEEKS == 0
        if not (yearly or (quarterly and (flexible or ratio[firm] > 0.0))):
            continue
        people = prices.square_feet_per_worker * jobs[firm]
        need = (people + space_of(pallets[firm], prices)) * (1.0 + rules.reserve)
        lease_over = week >= lease_end[firm]
        move = stop[firm] / prices.lease_years
        now = 0.0 if flexible else floor[firm]
        # Who loses a flexible floor gets a usual one for what deposit it has.
        must_leave = flexible and ratio[firm] <= 0.0
        usual, usual_price, over = cheapest_usual(
            people,
            pallets[firm],
            now,
            lease_over,
            math.inf if must_leave else cash[firm],
            held[firm],
            move,
            52.0 * storage_fee[firm],
            vacant[0] + stored[firm],
            rules,
            prices,
        )
        size = flexible_floor(need)
        if flexible:
            # What is let stays let; only what is vacant can be added.
            added = math.floor(max(0.0, vacant[1]) / FLEXIBLE_STEP) * FLEXIBLE_STEP
            size = min(size, floor[firm] + added)
        if chooses_flexible(
            need,
            size,
            ratio[firm],
            floor[firm],
            flexible,
            lease_over,
            vacant[1],
            usual,
            usual_price,
            move,
            rules.interest,
            prices,
        ):
            if flexible:
                vacant[1] += floor[firm]
            vacant[1] -= size
            returned[firm] = held[firm]
            floor[firm] = size
            flexible_rate[firm] = space.rent_rate(size, prices) * ratio[firm]
            lease_end[firm] = week + FLEXIBLE_WEEKS
            continue
        if (usual <= 0.0) if flexible else (not yearly or usual == floor[firm]):
            continue
        if flexible:
            vacant[1] += floor[firm]
            flexible_rate[firm] = 0.0
        if over > stored[firm]:
            vacant[0] -= over - stored[firm]
            stored[firm] = over
        deposit = space.deposit(usual, space.rent_rate(usual, prices), prices)
        if must_leave:
            deposit = min(deposit, held[firm] + max(0.0, cash[firm]))
        paid[firm] = max(0.0, deposit - held[firm])
        returned[firm] = max(0.0, held[firm] - deposit)
        floor[firm] = usual
        lease_end[firm] = week + int(prices.lease_years * YEAR)
        moving_until[firm] = week + 1 + int(prices.moving_weeks)


@compiled
def start_on_flexible(
    need: float, usual: float, ratio: float, vacant: float, prices: space.SpacePrices
) -> float:
    """Flexible floor in sq ft of a newcomer who needs `need` sq ft; 0 if the usual one is better.

    A newcomer's usual lease takes no deposit and no move.
    """
    size = flexible_floor(need)
    if ratio <= 0.0 or size > vacant:
        return 0.0
    if flexible_cost(size, ratio, prices) < usual_cost(usual, 0.0, prices):
        return size
    return 0.0
