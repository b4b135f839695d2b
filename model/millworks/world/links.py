"""Links close and open: who buys from whom changes at the 4-week tick.

A link closes when its seller has left, or when the buyer has nearly left the seller: it carries
less than `floor` of what the buyer spends on the sector's goods, and less than `part` of what it
did at its base. What it carried passes to the buyer's other local suppliers of the sector in
proportion to their base shares, or to the rest of the US if there is none. A buyer with a closed
and empty link finds a new supplier with probability q a tick: an active maker of the sector, with a
chance in proportion to

    spare capacity x exp(-distance / near)

near 50 miles. It starts with the mean base share of the buyer's local suppliers of the sector. The
local part of the base shares of a buyer and sector stays what it is, so no link is opened or closed
at another buyer's cost. Links keep their place in the books: a closed one has base share 0.

Source: model specification §7.3. Left out: search that looks at prices, and trials at two suppliers
at a time.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.keyed_draws import keyed_uniform

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@compiled
def spread_supplies(
    first: int, last: int, local_base: float, share_base: Floats, supply_share: Floats
) -> None:
    """Supplies for a shop's own use follow the base shares of its local links of a sector."""
    supplies = 0.0
    for link in range(first, last):
        supplies += supply_share[link]
    for link in range(first, last):
        supply_share[link] = supplies * share_base[link] / local_base


@compiled
def close_links(
    group_start: Ints,
    group_end: Ints,
    group_local_base: Floats,
    group_us_base: Floats,
    group_abroad_base: Floats,
    seller: Ints,
    trading: Flags,
    floor: float,
    part: float,
    share: Floats,
    share_base: Floats,
    supply_share: Floats,
    group_us: Floats,
) -> int:
    """Close links whose seller has left or hardly sells; return how many.

    `trading` [agents]: whether one can be bought from. See `markets.move_shares` for groups.
    """
    closed = 0
    for group in range(group_us.shape[0]):
        first, last = group_start[group], group_end[group]
        local_base = group_local_base[group]
        total = local_base + group_us_base[group] + group_abroad_base[group]
        freed, kept, closing = 0.0, 0.0, 0
        for link in range(first, last):
            if share_base[link] > 0.0:
                least = min(floor * total, part * share_base[link])
                if trading[seller[link]] and share[link] >= least:
                    kept += share_base[link]
                else:
                    freed += share[link]
                    share[link] = 0.0
                    share_base[link] = 0.0
                    closing += 1
        if closing > 0:
            closed += closing
            if kept > 0.0:
                for link in range(first, last):
                    part_of_local = share_base[link] / kept
                    share_base[link] = part_of_local * local_base
                    share[link] += part_of_local * freed
                spread_supplies(first, last, local_base, share_base, supply_share)
            else:
                group_us[group] += freed
    return closed


@compiled
def nearness(ax: float, ay: float, bx: float, by: float, near: float) -> float:
    """Factor by which distance lowers the chance of a link, 0 to 1; places and `near` in miles."""
    east, north = ax - bx, ay - by
    return math.exp(-math.sqrt(east * east + north * north) / near)


@compiled
def chance_to_supply(
    candidate: int,
    buyer: int,
    first: int,
    last: int,
    seller: Ints,
    share_base: Floats,
    spare: Floats,
    x: Floats,
    y: Floats,
    near: float,
) -> float:
    """Weight of a candidate as new supplier: 0 for the buyer itself and its suppliers."""
    if candidate == buyer or spare[candidate] <= 0.0:
        return 0.0
    for link in range(first, last):
        if share_base[link] > 0.0 and seller[link] == candidate:
            return 0.0
    return spare[candidate] * nearness(x[buyer], y[buyer], x[candidate], y[candidate], near)


@compiled
def choose_supplier(
    luck: float,
    buyer: int,
    first: int,
    last: int,
    candidates: Ints,
    seller: Ints,
    share_base: Floats,
    spare: Floats,
    x: Floats,
    y: Floats,
    near: float,
) -> int:
    """The candidate that a uniform number picks, -1 if nobody can supply."""
    total = 0.0
    for candidate in candidates:
        total += chance_to_supply(
            candidate, buyer, first, last, seller, share_base, spare, x, y, near
        )
    if total <= 0.0:
        return -1
    mark, reached, chosen = luck * total, 0.0, -1
    for candidate in candidates:
        weight = chance_to_supply(
            candidate, buyer, first, last, seller, share_base, spare, x, y, near
        )
        if weight > 0.0:
            reached += weight
            chosen = candidate
            if reached > mark:
                break
    return chosen


@compiled
def nothing_open(
    link: int, backlog: Floats, ready: Floats, transit: Floats, ring: Floats, overdue: Floats
) -> bool:
    """Whether nothing is on order, ready, under way or owed on a link; no amount is negative."""
    amount = backlog[link] + ready[link] + overdue[link]
    for slot in range(transit.shape[0]):
        amount += transit[slot, link]
    for slot in range(ring.shape[0]):
        amount += ring[slot, link]
    return amount == 0.0


@compiled
def any_closed(first: int, last: int, share_base: Floats) -> bool:
    """Whether a link of a group is closed."""
    for link in range(first, last):  # noqa: SIM110
        if share_base[link] == 0.0:
            return True
    return False


@compiled
def free_link(
    first: int,
    last: int,
    share_base: Floats,
    backlog: Floats,
    ready: Floats,
    transit: Floats,
    ring: Floats,
    overdue: Floats,
) -> int:
    """The first closed and empty link of a group, -1 if there is none."""
    for link in range(first, last):
        if share_base[link] == 0.0 and nothing_open(link, backlog, ready, transit, ring, overdue):
            return link
    return -1


@compiled
def welcome_supplier(
    link: int,
    first: int,
    last: int,
    local_base: float,
    share: Floats,
    share_base: Floats,
    supply_share: Floats,
    us_share: float,
) -> float:
    """Give an opened link its share, and return that of the rest of the US.

    It gets the mean of the other open local links, which make room for it; where there is none, the
    local part comes back from the rest of the US.
    """
    others = 0
    for other in range(first, last):
        if share_base[other] > 0.0:
            others += 1
    if others == 0:
        share_base[link] = local_base
        share[link] = min(local_base, us_share)
        us_share -= share[link]
    else:
        carried = 0.0
        kept = others / (others + 1.0)
        for other in range(first, last):
            carried += share[other]
            share[other] *= kept
            share_base[other] *= kept
        share[link] = carried / (others + 1.0)
        share_base[link] = local_base / (others + 1.0)
    spread_supplies(first, last, local_base, share_base, supply_share)
    return us_share


@compiled
def open_links(  # type: ignore[no-untyped-def]
    key0,
    key1,
    purpose,
    week,
    identity,
    group_buyer,
    group_sector,
    group_start,
    group_end,
    group_local_base,
    trading,
    seller,
    backlog,
    ready,
    transit,
    ring,
    overdue,
    candidates,
    candidate_start,
    spare,
    x,
    y,
    near,
    chance,
    share,
    share_base,
    supply_share,
    group_us,
    found_links,
    found_sellers,
):
    """Buyers with a closed and empty link look for a supplier; return how many found one.

    Whether and whom is drawn for the buyer's `identity`, draws 2 x sector and 2 x sector + 1.
    `candidates[candidate_start[s]:candidate_start[s + 1]]`: who may supply sector s; `spare`, `x`,
    `y`, `trading`, `identity` [agents]: units a week, miles, whether it trades. The links found and
    their new sellers are written to `found_links` and `found_sellers` [groups]; `seller` stays as
    it is until all have chosen.
    """
    found = 0
    for group in range(group_us.shape[0]):
        buyer, sector = group_buyer[group], group_sector[group]
        first, last = group_start[group], group_end[group]
        searches = group_local_base[group] > 0.0 and trading[buyer]
        if searches and any_closed(first, last, share_base):
            who = identity[buyer]
            # The draw before the look at the link: whether nothing is open on it takes long.
            if keyed_uniform(key0, key1, purpose, who, 0, week, 2 * sector) < chance:
                link = free_link(first, last, share_base, backlog, ready, transit, ring, overdue)
                if link >= 0:
                    luck = keyed_uniform(key0, key1, purpose, who, 0, week, 2 * sector + 1)
                    able = candidates[candidate_start[sector] : candidate_start[sector + 1]]
                    chosen = choose_supplier(
                        luck, buyer, first, last, able, seller, share_base, spare, x, y, near
                    )
                    if chosen >= 0:
                        group_us[group] = welcome_supplier(
                            link,
                            first,
                            last,
                            group_local_base[group],
                            share,
                            share_base,
                            supply_share,
                            group_us[group],
                        )
                        found_links[found] = link
                        found_sellers[found] = chosen
                        found += 1
    return found
