"""The contract book: volumes that large customers have bound themselves to buy from makers.

    V = delivered in the last four full quarters / 52            volume of a link, units a week
    an outside customer asks      c · season + (1 - f) · its usual order
    a partner asks on a link      c' + (1 - f) · its usual order

f the part of last year's volume under contract and c = f V at signing, in units a week. On c the
customer's demand neither wanders nor comes in lumps, and a recession does not touch it; the season,
which both sides know, does. What replaces an order is not ordered elsewhere: an outside customer's
orders from rivals stay what they were, and where a partner's c exceeds f times its usual order, it
asks that much less of the rest of the US, sector by sector:

    c' = c · min(1, (Σ f · usual orders + orders from the rest of the US) / Σ c)

so that it asks c as long as it orders that much in all. c - c' is its shortfall.

Contracts are made on links from a maker to a partner or to a large outside customer. They end after
their weeks, or when the maker closes; the links' terms of trade are then what they were.

Source: model specification §7.4, §7.17. Left out: prices fixed for years (they follow the
seller's), advances of customers, renegotiation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS
from millworks.kernels import compiled
from millworks.world.sums import add_up

if TYPE_CHECKING:
    from millworks.world.trade import TradeBook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUARTER, QUARTERS = 13, 4
HISTORY = QUARTER * (QUARTERS + 1)
"""Weeks after which four full quarters are known, whenever a seller began."""
NO_ROW = -1
DUST = 1e-6
"""Units of contract orders that rounding leaves, and nobody waits for."""


@compiled
def remember_deliveries(
    links: Ints,
    seller: Ints,
    first_maker: int,
    status: Ints,
    active: int,
    week: int,
    delivered: Floats,
    known: Ints,
    quarters: Floats,
    volume: Floats,
) -> None:
    """Add up what each link delivers by quarter; as one begins, look back on the four before.

    A maker that does not trade is no supplier, and whoever takes its row begins anew. `delivered`
    [all links] units this week; `status` [makers]; `known`, `volume` [links]; `quarters` [links,
    5] units in the quarter that runs and the four before it.
    """
    now = (week // QUARTER) % (QUARTERS + 1)
    for place in range(links.shape[0]):
        link = links[place]
        row = seller[link] - first_maker
        if 0 <= row < status.shape[0] and status[row] != active:
            known[place] = 0
        known[place] += 1
        if known[place] == 1:
            volume[place] = 0.0
            for quarter in range(QUARTERS + 1):
                quarters[place, quarter] = 0.0
        if week % QUARTER == 0:
            quarters[place, now] = 0.0
            total = 0.0
            for quarter in range(QUARTERS + 1):
                total += quarters[place, quarter]
            volume[place] = total / (QUARTER * QUARTERS)
        quarters[place, now] += delivered[link]


@compiled
def ask_outside(
    links: Ints,
    row: Ints,
    committed: Floats,
    part: Floats,
    season: float,
    seller: Ints,
    base_order: Floats,
    market_share: Floats,
    state: Floats,
    factor: Floats,
    request: Floats,
    demand: Floats,
    asked: Floats,
) -> None:
    """Committed orders of outside customers take the place of part of their usual ones.

    `row` [links]: place among outside customers, -1 for partners' links; `state`, `factor` [outside
    customers]: log demand, and lump times season times shock; `request` [all links] and `demand`
    [outside customers] as `link_kernels.outside_orders` left them.
    """
    for place in range(links.shape[0]):
        if row[place] >= 0 and committed[place] > 0.0:
            link, who = links[place], row[place]
            usual = base_order[link] * market_share[seller[link]]
            replaced = part[place] * (usual * math.exp(state[who]) * factor[who])
            asked[place] = season * committed[place]
            request[link] += asked[place] - replaced
            demand[who] += asked[place] - replaced


@compiled
def ask_partners(
    links: Ints,
    group: Ints,
    committed: Floats,
    part: Floats,
    group_buyer: Ints,
    group_sector: Ints,
    group_us: Floats,
    us_link: Ints,
    share: Floats,
    ordered: Floats,
    request: Floats,
    asked: Floats,
    from_us: Floats,
) -> None:
    """Partners ask what they committed themselves to, and so much less or more of the rest of US.

    `group` [links]: the buyer and sector of a link, -1 for outside customers; links of a group
    stand together. `ordered` [agents] units; `from_us` [sectors]: what is asked there more.
    """
    first = 0
    while first < links.shape[0]:
        last = first + 1
        while last < links.shape[0] and group[last] == group[first]:
            last += 1
        total, usual = 0.0, 0.0
        buyer = group_buyer[max(group[first], 0)]
        if group[first] >= 0:
            for place in range(first, last):
                if committed[place] > 0.0:
                    total += committed[place]
                    usual += part[place] * share[links[place]] * ordered[buyer]
        if total > 0.0:
            swing = group_us[group[first]] * ordered[buyer]
            placed = min(1.0, (usual + swing) / total)
            change = usual
            for place in range(first, last):
                if committed[place] > 0.0:
                    asked[place] = placed * committed[place]
                    replaced = part[place] * share[links[place]] * ordered[buyer]
                    request[links[place]] += asked[place] - replaced
                    change -= asked[place]
            # Rounding must not leave an order below nothing.
            before = request[us_link[buyer]]
            request[us_link[buyer]] = max(0.0, before + change)
            from_us[group_sector[group[first]]] += request[us_link[buyer]] - before
        first = last


class ContractBook:
    """Contracts on the links that can carry one; arrays are [such links] unless said otherwise.

    `links`: their numbers. `known`: weeks since the seller took the link over; `volume`: what it
    delivered, units a week, from `quarters` [links, 5]; `committed`: units a week under contract, 0
    for none; `part`: f; `ends`: week in which the contract is over; `due`: committed units accepted
    and not yet made; `asked`: committed units asked this week.
    """

    STATE = ("known", "quarters", "volume", "committed", "part", "ends", "due", "asked")

    def __init__(self, trade: TradeBook) -> None:
        partners = trade.spans["P"]
        buyer, start, end = trade.group_buyer, trade.group_start, trade.group_end
        mine = np.flatnonzero((buyer >= partners.start) & (buyer < partners.stop))
        of_partners = [np.arange(start[group], end[group]) for group in mine]
        outside = np.flatnonzero(trade.large)
        self.links = np.concatenate([*of_partners, outside]).astype(np.int64)
        size = len(self.links)
        self.group = np.full(size, NO_ROW, dtype=np.int64)
        self.group[: size - len(outside)] = np.repeat(mine, (end - start)[mine])
        self.customer = np.full(size, NO_ROW, dtype=np.int64)
        self.customer[size - len(outside) :] = np.searchsorted(trade.outside_customers, outside)
        self._place = np.full(len(trade.buyer), NO_ROW, dtype=np.int64)
        self._place[self.links] = np.arange(size)
        self.usual_terms = trade.terms[self.links].copy()
        self.known, self.ends = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.quarters = np.zeros((size, QUARTERS + 1))
        self.volume, self.committed = np.zeros(size), np.zeros(size)
        self.part, self.due, self.asked = np.zeros(size), np.zeros(size), np.zeros(size)
        self.from_us = np.zeros(N_SECTORS)
        self.open = False
        """Whether a contract runs, or did until last week; no rule looks further if not."""

    def refresh(self) -> None:
        """Find out whether the book is still open: nothing runs, waits or was asked last week."""
        self.open = bool(self.committed.any() or self.due.any() or self.asked.any())

    def remember(
        self, trade: TradeBook, status: Ints, active: int, week: int, delivered: Floats
    ) -> None:
        """Note what this week delivered; `status` [makers], `delivered` [all links] in units."""
        remember_deliveries(
            self.links,
            trade.seller,
            trade.spans["M"].start,
            status,
            active,
            week,
            delivered,
            self.known,
            self.quarters,
            self.volume,
        )

    def sign(
        self, trade: TradeBook, places: Ints, volumes: Floats, part: Floats, ends: Ints, terms: Ints
    ) -> None:
        """Enter contracts on the links `places`; terms of 0 weeks leave those of the link."""
        self.committed[places], self.part[places], self.ends[places] = volumes, part, ends
        links = self.links[places]
        shorter = (terms > 0) & (terms < trade.terms[links])
        trade.terms[links] = np.where(shorter, terms, trade.terms[links])
        self.open = self.open or bool(places.size)

    def expire(self, trade: TradeBook, week: int) -> None:
        """End contracts whose weeks are over."""
        self._end(trade, (self.committed > 0.0) & (self.ends <= week))

    def end_of_closed(self, trade: TradeBook, closed: Flags) -> None:
        """End the contracts of sellers that close, and strike what waits; `closed` [agents]."""
        gone = closed[trade.seller[self.links]]
        self._end(trade, gone & (self.committed > 0.0))
        self.due[gone] = 0.0

    def forget(self, trade: TradeBook, links: Ints) -> None:
        """Links that go to other sellers have no past with them."""
        places = self._place[links]
        chosen = np.zeros(len(self.links), dtype=np.bool_)
        chosen[places[places >= 0]] = True
        self._end(trade, chosen & (self.committed > 0.0))
        self.known[chosen], self.volume[chosen], self.due[chosen] = 0, 0.0, 0.0
        self.quarters[chosen] = 0.0

    def _end(self, trade: TradeBook, over: Flags) -> None:
        trade.terms[self.links[over]] = self.usual_terms[over]
        self.committed[over] = self.part[over] = 0.0

    def ask_partners(self, trade: TradeBook, ordered: Floats) -> Floats:
        """Write partners' committed orders on their links; units more asked of U, by sector."""
        self.asked[:] = 0.0
        self.from_us[:] = 0.0
        ask_partners(
            self.links,
            self.group,
            self.committed,
            self.part,
            trade.group_buyer,
            trade.group_sector,
            trade.group_us,
            trade.us_link,
            trade.share,
            ordered,
            trade.request,
            self.asked,
            self.from_us,
        )
        return self.from_us

    def ask_outside(self, trade: TradeBook, season: float, factor: Floats) -> None:
        """Write outside customers' committed orders on their links."""
        ask_outside(
            self.links,
            self.customer,
            self.committed,
            self.part,
            season,
            trade.seller,
            trade.base_order,
            trade.market_share,
            trade.demand_state,
            factor,
            trade.request,
            trade.customer_demand,
            self.asked,
        )

    def shortfall(self) -> Floats:
        """Units that partners were bound to order this week and did not."""
        return np.where(self.group >= 0, self.committed - self.asked, 0.0)

    def set_apart(self, trade: TradeBook) -> Floats:
        """Take committed orders out of what is asked; units asked of each agent, [agents]."""
        free = trade.request[self.links] - self.asked
        trade.request[self.links] = np.maximum(0.0, free)
        return add_up(trade.seller[self.links], self.asked, trade.agents)

    def join(self, trade: TradeBook) -> None:
        """Put committed orders back: they are granted whole and join the links' backlogs."""
        for orders in (trade.request, trade.taken, trade.backlog):
            orders[self.links] += self.asked
        self.due += self.asked

    def make(self, trade: TradeBook, part: Floats) -> Floats:
        """Sellers have made `part` [agents] of their backlogs; committed units left, [agents]."""
        self.due *= 1.0 - part[trade.seller[self.links]]
        np.minimum(self.due, trade.backlog[self.links], out=self.due)
        self.due[self.due < DUST] = 0.0
        return add_up(trade.seller[self.links], self.due, trade.agents)

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Copies of the arrays that make up the state."""
        return {f"contracts.{name}": getattr(self, name).copy() for name in self.STATE}

    def load_state(self, state: dict[str, npt.NDArray[Any]]) -> None:
        """Put back what `state` returned."""
        for name in self.STATE:
            getattr(self, name)[...] = state[f"contracts.{name}"]
        self.refresh()
