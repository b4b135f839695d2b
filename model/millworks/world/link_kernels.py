"""Loops over the links of the supply network, compiled: each agent adds up its own links.

A buyer's links stand together, a seller's lie apart. Both are added up in the order of the links,
which a loop therefore meets one after the other: that order gives the sums their bits, and memory
is read fastest in it. All amounts are per link unless said otherwise; units are base USD, money is
USD.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@compiled
def sum_by_buyer(values: Floats, buyer_start: Ints, total: Floats) -> None:
    """Add up each buyer's own links, in link order."""
    for buyer in range(total.shape[0]):
        amount = 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            amount += values[link]
        total[buyer] = amount


@compiled
def sum_two_by_buyer(one: Floats, two: Floats, buyer_start: Ints, totals: Floats) -> None:
    """Add up two amounts of each buyer's own links at once, in link order; [2, buyers]."""
    for buyer in range(totals.shape[1]):
        first, second = 0.0, 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            first += one[link]
            second += two[link]
        totals[0, buyer], totals[1, buyer] = first, second


@compiled
def list_by_seller(seller: Ints, seller_start: Ints, by_seller: Ints) -> None:
    """List the links of each seller in their order; `seller_start` [agents + 1] is written too."""
    seller_start[:] = 0
    for link in range(seller.shape[0]):
        seller_start[seller[link] + 1] += 1
    for agent in range(seller_start.shape[0] - 1):
        seller_start[agent + 1] += seller_start[agent]
    place = seller_start.copy()
    for link in range(seller.shape[0]):
        by_seller[place[seller[link]]] = link
        place[seller[link]] += 1


@compiled
def receive_shipments(
    arriving: Floats,
    transit: Floats,
    slots: Ints,
    backlog: Floats,
    ready: Floats,
    buyer_start: Ints,
    arrived: Floats,
    under_way: Floats,
    on_order: Floats,
) -> None:
    """Add up what arrives for each buyer, and what is still under way and on order, in link order.

    `transit` [weeks, links], of which `slots` hold anything; the sums are [buyers], in units.
    """
    for buyer in range(arrived.shape[0]):
        units, moving, ordered, made = 0.0, 0.0, 0.0, 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            units += arriving[link]
            ordered += backlog[link]
            made += ready[link]
        if slots.shape[0] > 0:
            for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
                on_link = 0.0
                for slot in slots:
                    on_link += transit[slot, link]
                moving += on_link
        arrived[buyer], under_way[buyer], on_order[buyer] = units, moving, ordered + made


@compiled
def sum_due_ahead(
    ring: Floats,
    overdue: Floats,
    buyer_start: Ints,
    first: int,
    week: int,
    weeks: int,
    total: Floats,
) -> None:
    """Add up what the buyers from `first` on must pay in the next `weeks` weeks, overdue included.

    `ring` [weeks, links]; `total` [buyers from `first`] in USD.
    """
    slots = ring.shape[0]
    start, buyers = buyer_start[first], total.shape[0]
    due = np.zeros(buyer_start[first + buyers] - start)
    # Week after week, not link after link: the ring is stored by week.
    for ahead in range(1, weeks + 1):
        of_week = ring[(week + ahead) % slots]
        for link in range(due.shape[0]):
            due[link] += of_week[start + link]
    for row in range(buyers):
        amount = 0.0
        for link in range(buyer_start[first + row], buyer_start[first + row + 1]):
            amount += due[link - start] + overdue[link]
        total[row] = amount


@compiled
def sum_due(due: Floats, overdue: Floats, buyer_start: Ints, first: int, total: Floats) -> None:
    """Add up what each buyer from `first` on must pay on its own links, in link order."""
    for row in range(total.shape[0]):
        amount = 0.0
        for link in range(buyer_start[first + row], buyer_start[first + row + 1]):
            amount += due[link] + overdue[link]
        total[row] = amount


@compiled
def sum_by_seller(values: Floats, seller: Ints, total: Floats) -> None:
    """Add up each seller's own links, in link order."""
    total[:] = 0.0
    for link in range(values.shape[0]):
        total[seller[link]] += values[link]


@compiled
def sum_three_by_seller(
    one: Floats,
    two: Floats,
    three: Floats,
    seller: Ints,
    totals: Floats,
) -> None:
    """Add up three amounts of each seller's own links at once, in link order; [3, sellers]."""
    totals[:, :] = 0.0
    for link in range(one.shape[0]):
        who = seller[link]
        totals[0, who] += one[link]
        totals[1, who] += two[link]
        totals[2, who] += three[link]


@compiled
def sum_asked(
    request: Floats,
    too_small: Flags,
    ready: Floats,
    seller: Ints,
    asked: Floats,
    unshippable: Floats,
    waiting: Floats,
) -> None:
    """Add up what each seller is asked for, the part `too_small` to ship, and what waits, ready."""
    asked[:], unshippable[:], waiting[:] = 0.0, 0.0, 0.0
    for link in range(request.shape[0]):
        who = seller[link]
        asked[who] += request[link]
        waiting[who] += ready[link]
        # A product, not a branch: which orders are too small is as good as random.
        unshippable[who] += request[link] * too_small[link]


@compiled
def write_requests(
    ordered: Floats,
    supplies: Floats,
    diverted: Floats,
    share: Floats,
    supply_share: Floats,
    sink: npt.NDArray[np.bool_],
    buyer_start: Ints,
    request: Floats,
) -> None:
    """Each buyer splits its orders over its links; what a closure run diverts goes to the sink.

    Shops order goods for sale and supplies for their own use, in different mixes.
    """
    for buyer in range(ordered.shape[0]):
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            if sink[link]:
                request[link] = diverted[buyer]
            else:
                request[link] = share[link] * ordered[buyer] + supply_share[link] * supplies[buyer]


@compiled
def outside_orders(
    customers: Ints,
    seller: Ints,
    base_order: Floats,
    market_share: Floats,
    state: Floats,
    lumps: Floats,
    extra: Floats,
    request: Floats,
    demand: Floats,
) -> None:
    """Each outside customer asks its seller: base order, market share, its own demand, lumpiness.

    `customers`: the links; `state`, `lumps`, `extra` [customers]: log demand, factor of the week,
    units of a programme; `market_share` [agents]. `demand` [customers]: what it wants in all, from
    this seller or from rivals.
    """
    for row in range(customers.shape[0]):
        link = customers[row]
        usual = base_order[link] * market_share[seller[link]]
        request[link] = usual * math.exp(state[row]) * lumps[row] + extra[row]
        demand[row] = base_order[link] * math.exp(state[row]) * lumps[row] + extra[row]


@compiled
def left_to_rivals(
    customers: Ints, demand: Floats, taken: Floats, sector: Ints, total: Floats
) -> None:
    """Add up by sector what outside customers want and district sellers do not take on.

    `demand` [customers] in units, `total` [sectors]; negative where the district has won customers.
    """
    for row in range(customers.shape[0]):
        link = customers[row]
        total[sector[link]] += demand[row] - taken[link]


@compiled
def collect_grants(
    request: Floats,
    granted: Floats,
    too_small: Flags,
    seller: Ints,
    sector: Ints,
    buyer_start: Ints,
    us_link: Ints,
    backlog: Floats,
    taken: Floats,
    turned_outside: Floats,
    turned_by_sector: Floats,
) -> None:
    """Each buyer reads what part of its request was granted; that joins the link's backlog.

    Orders `too_small` for their freight are refused whole. What was refused it asks of the rest of
    the US the same week; `turned_outside` [buyers] in units, `turned_by_sector` in units by the
    sector that refused. Buyers without such a link are outside customers: rivals serve them.
    """
    turned_by_sector[:] = 0.0
    for buyer in range(us_link.shape[0]):
        refused = 0.0
        buys_outside = us_link[buyer] >= 0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            part = 0.0 if too_small[link] else granted[seller[link]]
            taken[link] = request[link] * part
            backlog[link] += taken[link]
            if part < 1.0:
                units = request[link] * (1.0 - part)
                refused += units
                if buys_outside:
                    turned_by_sector[sector[link]] += units
        turned_outside[buyer] = 0.0
        if buys_outside and refused > 0.0:
            turned_outside[buyer] = refused
            backlog[us_link[buyer]] += refused


@compiled
def refused_by_sector(
    request: Floats,
    granted: Floats,
    too_small: Flags,
    seller: Ints,
    sector: Ints,
    us_link: Ints,
    buyer: Ints,
    total: Floats,
) -> None:
    """Add up what explicit buyers were refused, by sector of the seller."""
    for link in range(request.shape[0]):
        part = 0.0 if too_small[link] else granted[seller[link]]
        if part < 1.0 and us_link[buyer[link]] >= 0:
            total[sector[link]] += request[link] * (1.0 - part)


@compiled
def bought_from_us(
    group_us: Floats, group_buyer: Ints, group_sector: Ints, ordered: Floats, total: Floats
) -> None:
    """Add up what buyers ask of the rest of the US, by sector; `ordered` [agents] in units."""
    for group in range(group_us.shape[0]):
        total[group_sector[group]] += group_us[group] * ordered[group_buyer[group]]


@compiled
def refresh_outside(
    group_us: Floats,
    group_abroad: Floats,
    group_buyer: Ints,
    group_sector: Ints,
    static_us: Floats,
    static_abroad: Floats,
    price_us: Floats,
    price_abroad: Floats,
    us_share: Floats,
    abroad_share: Floats,
    us_price: Floats,
    abroad_price: Floats,
) -> None:
    """Parts of each buyer's orders that go outside, and what a unit of them costs; [agents].

    A cell of negative imports lowers what is bought abroad, at most to nothing, and not its price.
    """
    bought = np.empty(us_share.shape[0])
    for agent in range(us_share.shape[0]):
        us_share[agent], us_price[agent] = static_us[agent], static_us[agent]
        abroad_share[agent] = static_abroad[agent]
        bought[agent] = max(0.0, static_abroad[agent])
        abroad_price[agent] = bought[agent]
    for group in range(group_us.shape[0]):
        agent, sector = group_buyer[group], group_sector[group]
        us_share[agent] += group_us[group]
        us_price[agent] += group_us[group] * price_us[sector]
        abroad_share[agent] += group_abroad[group]
        if group_abroad[group] > 0.0:
            bought[agent] += group_abroad[group]
            abroad_price[agent] += group_abroad[group] * price_abroad[sector]
    for agent in range(us_share.shape[0]):
        us_price[agent] = us_price[agent] / us_share[agent] if us_share[agent] > 0.0 else 1.0
        if abroad_share[agent] > 0.0:
            abroad_price[agent] = abroad_price[agent] / bought[agent]
        else:
            us_share[agent] += abroad_share[agent]
            abroad_share[agent], abroad_price[agent] = 0.0, 1.0


@compiled
def ships_now(interval: int, count: int) -> bool:
    """Whether a shipment is due that leaves every `interval` weeks: `count` is a multiple of it."""
    if interval == 3:
        return count % 3 == 0
    if interval > 4:
        return count % interval == 0
    # Division takes long where the compiler does not know by what; 1, 2 and 4 are powers of two.
    return count & (interval - 1) == 0


@compiled
def ship_links(
    part: Floats,
    seller: Ints,
    interval: Ints,
    week: int,
    backlog: Floats,
    ready: Floats,
    made: Floats,
    transit_slot: Floats,
    shipped: Floats,
) -> None:
    """Make ready part of each link's backlog; what is ready leaves when its shipment is due.

    A link ships every `interval` weeks; between, goods wait with their maker.
    """
    for link in range(backlog.shape[0]):
        units = backlog[link] * part[seller[link]]
        made[link] = units
        backlog[link] -= units
        waiting = ready[link] + units
        # Without branches: which links ship is as good as random, and guessing wrong takes long.
        leaves = ships_now(interval[link], week + link)
        shipped[link] = waiting if leaves else 0.0
        ready[link] = 0.0 if leaves else waiting
        transit_slot[link] += shipped[link]


@compiled
def price_shipments(
    shipped: Floats,
    price: Floats,
    seller: Ints,
    us_link: Ints,
    abroad_link: Ints,
    us_price: Floats,
    abroad_price: Floats,
    turned_outside: Floats,
    premium: float,
    amount: Floats,
) -> None:
    """Invoice of each link, USD: units at the seller's price, or at the outside's.

    What a district seller refused costs a premium in the rest of the US.
    """
    for link in range(shipped.shape[0]):
        amount[link] = shipped[link] * price[seller[link]]
    for buyer in range(us_link.shape[0]):
        from_us, from_abroad = us_link[buyer], abroad_link[buyer]
        if from_us >= 0:
            units = shipped[from_us] + premium * turned_outside[buyer]
            amount[from_us] = units * us_price[buyer]
        if from_abroad >= 0:
            amount[from_abroad] = shipped[from_abroad] * abroad_price[buyer]


@compiled
def write_invoices(amount: Floats, terms: Ints, late: Ints, week: int, ring: Floats) -> None:
    """Put each link's invoice into the week in which its buyer means to pay it."""
    slots = ring.shape[0]
    now = week % slots
    for link in range(amount.shape[0]):
        slot = now + terms[link] + late[link]
        if slot >= slots:
            slot -= slots
        ring[slot, link] += amount[link]


@compiled
def pay_links(
    paid_part: Floats, buyer: Ints, due_slot: Floats, overdue: Floats, paid: Floats
) -> None:
    """Pay a part of what is due or overdue on each link; the rest is overdue."""
    for link in range(paid.shape[0]):
        due = due_slot[link] + overdue[link]
        amount = due * paid_part[buyer[link]]
        paid[link] = amount
        overdue[link] = due - amount
        due_slot[link] = 0.0


@compiled
def sum_pairs(
    values: Floats, buyer_kind: Ints, seller_kind: Ints, buyer: Ints, seller: Ints, pairs: Floats
) -> None:
    """Add up links by kind of buyer and kind of seller."""
    pairs[:, :] = 0.0
    for link in range(values.shape[0]):
        pairs[buyer_kind[buyer[link]], seller_kind[seller[link]]] += values[link]
