"""Trade along the links of the supply network: orders, backlogs, goods under way, invoices.

One row per link, stored by buyer. Every agent sums its own links in their order and none writes
another's: a buyer writes what it asks, the seller what part it grants and ships, each side adds up
its own links.

Trade credit is a ring of weeks per link, `ring[week mod 20, link]` in USD due that week, and an
overdue bucket; both are money, kept here and moved only by the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS
from millworks.world import link_kernels as loops
from millworks.world.contracts import ContractBook
from millworks.world.sums import add_up

RING_WEEKS = 20
"""Terms up to 13 weeks and lateness up to 6, and the week itself."""
TRANSIT_WEEKS = 8
OF_THE_START = -1
"""`TradeBook.opened` of a link that is older than the world; else the week it was opened."""

SUPPLY, TO_RETAILER, TO_CHAIN, TO_SERVICES, OUTSIDE_CUSTOMER, REST_OF_US, ABROAD, SINK = range(8)
"""Kinds of link; a sink takes orders only in a closure run (`millworks.study.closures`)."""

LINK_KINDS = (
    "maker or partner",
    "retailer",
    "chain",
    "services",
    "outside customer",
    "rest of US",
    "abroad",
    "sink",
)

OUTSIDE_SECTORS = 3
"""Sectors of the table are followed by three pseudo-sectors: rest of US, abroad, sink."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sourcing:
    """Where each buyer's goods come from: one group per (buyer, manufacturing sector).

    `buyer`, `sector` [groups]; `start`, `end` [groups]: its local links stand together, there may
    be none; `us`, `abroad` [groups]: parts of the buyer's goods of this sector that come from
    the rest of the US and from abroad at the base; `static_us`, `static_abroad` [agents]: parts
    that no group covers (margins and services); `us_link`, `abroad_link` [agents]: the buyer's one
    link to either, -1 for none. Local links, groups and static parts sum to one for each buyer.
    """

    buyer: Ints
    sector: Ints
    start: Ints
    end: Ints
    us: Floats
    abroad: Floats
    static_us: Floats
    static_abroad: Floats
    us_link: Ints
    abroad_link: Ints


class TradeBook:
    """The state of all links; arrays are [links] unless said otherwise.

    `import_saving` [agents]: part of the price abroad that those who share containers save.
    By sector [34]: `price_us`, `price_abroad` (before duty) over the base year's; `us_cost`: what
    inputs have done to prices in the rest of the US; `kept_from_imports`: part of the home market
    that imports leave to domestic sellers, over the base year's.

    `spans` gives the slice of global ids of each holder letter, in the order of ids. Links keep
    their place for ever: one whose customer has left it carries no share, and once it is empty it
    may be given to another seller (`reassign`).
    """

    def __init__(
        self,
        *,
        buyer: Ints,
        seller: Ints,
        buyer_start: Ints,
        by_seller: Ints,
        seller_start: Ints,
        share: Floats,
        supply_share: Floats,
        base_order: Floats,
        kind: npt.NDArray[np.int8],
        terms: Ints,
        large: npt.NDArray[np.bool_],
        distance: Floats,
        sector: Ints,
        programme_share: Floats,
        sourcing: Sourcing,
        spans: dict[str, slice],
    ) -> None:
        links, agents = len(buyer), len(buyer_start) - 1
        self.buyer = np.ascontiguousarray(buyer, dtype=np.int64)
        self.seller = np.array(seller, dtype=np.int64)
        self.buyer_start = buyer_start
        self.by_seller, self.seller_start = by_seller.copy(), seller_start.copy()
        self.share, self.base_order, self.terms = share, base_order, terms
        self.share_base = share.copy()
        self.supply_share = supply_share
        self.large, self.distance = large, distance
        self.kind = kind
        self.is_sink = kind == SINK
        self.outside_customers = np.flatnonzero(kind == OUTSIDE_CUSTOMER)
        self.sector = sector
        self.programme_share = programme_share
        self.spans = spans
        self.holder_of = np.zeros(agents, dtype=np.int64)
        for number, span in enumerate(spans.values()):
            self.holder_of[span] = number
        partner = spans["P"]
        pays_late = (kind == TO_CHAIN) | large
        pays_late |= (self.buyer >= partner.start) & (self.buyer < partner.stop)
        self.large_payers = np.flatnonzero(pays_late & (sector < N_SECTORS))
        self.sectors_made = np.unique(sector[self.outside_customers])
        self._open_sourcing(sourcing, agents)
        self.demand_state = np.zeros(len(self.outside_customers))
        self.customer_demand = np.zeros(len(self.outside_customers))
        self.lumpiness = np.zeros((3, len(self.outside_customers)))
        self.market_share = np.ones(agents)
        self.opened = np.full(links, OF_THE_START, dtype=np.int64)
        self.late = np.zeros(links, dtype=np.int64)
        self.interval = np.ones(links, dtype=np.int64)
        self.too_small = np.zeros(links, dtype=np.bool_)
        self.request = np.zeros(links)
        self.backlog = np.zeros(links)
        self.ready = np.zeros(links)
        self.made = np.zeros(links)
        self.taken = np.zeros(links)
        self.cancelled = np.zeros(links)
        self.shipped = np.zeros(links)
        self.invoiced = np.zeros(links)
        self.arriving = np.zeros(links)
        self.turned_outside = np.zeros(agents)
        self.on_order = np.zeros(agents)
        self.under_way = np.zeros(agents)
        self.ready_at_seller = np.zeros(agents)
        self.paid = np.zeros(links)
        self.transit = np.zeros((TRANSIT_WEEKS, links))
        self.transit_cost = np.zeros((TRANSIT_WEEKS, agents))
        self.reassigned = 0
        self.hauls: tuple[Floats, Floats, Floats, Floats] = (np.zeros(0),) * 4
        self._ring = np.zeros((RING_WEEKS, links))
        self._overdue = np.zeros(links)
        self._pairs = np.zeros((len(spans), len(spans)))
        self._slots_in_use: set[int] | None = None
        self.contracts = ContractBook(self)

    def _open_sourcing(self, sourcing: Sourcing, agents: int) -> None:
        """Shares outside by group and buyer, at their base; prices outside at one."""
        self.sourcing = sourcing
        self.group_buyer, self.group_sector = sourcing.buyer, sourcing.sector
        self.group_start, self.group_end = sourcing.start, sourcing.end
        self.us_link, self.abroad_link = sourcing.us_link, sourcing.abroad_link
        self.group_us, self.group_us_base = sourcing.us.copy(), sourcing.us.copy()
        self.group_abroad, self.group_abroad_base = sourcing.abroad.copy(), sourcing.abroad.copy()
        self.group_local_base = np.zeros(len(sourcing.buyer))
        self.price_us = np.ones(N_SECTORS)
        self.price_abroad = np.ones(N_SECTORS)
        self.us_price, self.abroad_price = np.ones(agents), np.ones(agents)
        self.import_saving = np.zeros(agents)
        self.us_cost, self.kept_from_imports = np.ones(N_SECTORS), np.ones(N_SECTORS)
        # Other districts among the sellers elsewhere in the US, over the rest of the US.
        self.pull_elsewhere, self.price_elsewhere = np.ones(N_SECTORS), np.ones(N_SECTORS)

    def set_base(self) -> None:
        """Take the present shares as those of the base year."""
        self.share_base[:] = self.share
        running = np.concatenate([[0.0], np.cumsum(self.share)])
        self.group_local_base[:] = running[self.group_end] - running[self.group_start]

    STATE = (
        "seller",
        "opened",
        "by_seller",
        "seller_start",
        "share",
        "share_base",
        "supply_share",
        "distance",
        "terms",
        "interval",
        "too_small",
        "group_us",
        "group_us_base",
        "group_abroad",
        "group_abroad_base",
        "group_local_base",
        "us_price",
        "abroad_price",
        "price_us",
        "price_abroad",
        "us_cost",
        "import_saving",
        "kept_from_imports",
        "base_order",
        "demand_state",
        "market_share",
        "backlog",
        "ready",
        "transit",
        "transit_cost",
        "turned_outside",
        "_ring",
        "_overdue",
    )
    """Arrays that make up the state; the others are written anew every week."""

    @property
    def ring(self) -> Floats:
        """Invoices by week due and link, USD; read-only."""
        return _read_only(self._ring)

    @property
    def overdue(self) -> Floats:
        """Invoices past their week, USD per link; read-only."""
        return _read_only(self._overdue)

    @property
    def agents(self) -> int:
        """Number of agents that can stand at an end of a link."""
        return len(self.buyer_start) - 1

    def due_by_buyer(self, week: int) -> Floats:
        """USD each agent must pay on its links this week, due now or overdue, [agents]."""
        total = np.zeros(self.agents)
        loops.sum_due(self._ring[week % RING_WEEKS], self._overdue, self.buyer_start, 0, total)
        return total

    def due_from(self, letter: str, week: int) -> Floats:
        """USD each buyer of a holder letter must pay in a week, due then or overdue."""
        span = self.spans[letter]
        total = np.zeros(span.stop - span.start)
        loops.sum_due(
            self._ring[week % RING_WEEKS], self._overdue, self.buyer_start, span.start, total
        )
        return total

    def send(self, slot: int) -> Floats:
        """Return the transit slot that shipments of this week go into, [links] units."""
        self._in_use().add(slot)
        return self.transit[slot]

    def receive(self, slot: int) -> Floats:
        """Empty a transit slot into `arriving`; return what arrives for each buyer, [agents] units.

        `under_way` and `on_order` [agents] then say what is still to come.
        """
        in_use = self._in_use()
        in_use.discard(slot)
        self.arriving[:] = self.transit[slot]
        self.transit[slot] = 0.0
        arrived = np.zeros(self.agents)
        loops.receive_shipments(
            self.arriving,
            self.transit,
            np.array(sorted(in_use), dtype=np.int64),
            self.backlog,
            self.ready,
            self.buyer_start,
            arrived,
            self.under_way,
            self.on_order,
        )
        return arrived

    def _in_use(self) -> set[int]:
        """Slots of `transit` that may hold something."""
        if self._slots_in_use is None:
            self._slots_in_use = set(np.flatnonzero(self.transit.any(axis=1)).tolist())
        return self._slots_in_use

    def due_ahead(self, letter: str, week: int, weeks: int) -> Floats:
        """USD each buyer of a holder letter must pay in the `weeks` after `week`, or is overdue."""
        span = self.spans[letter]
        total = np.zeros(span.stop - span.start)
        loops.sum_due_ahead(
            self._ring, self._overdue, self.buyer_start, span.start, week, weeks, total
        )
        return total

    def outstanding(self) -> Floats:
        """USD per link that the buyer owes the seller."""
        return self._ring.sum(axis=0) + self._overdue

    def by_buyer(self, values: Floats) -> Floats:
        """Sum over each agent's links as buyer, [agents]."""
        total = np.zeros(self.agents)
        loops.sum_by_buyer(values, self.buyer_start, total)
        return total

    def of_seller(self, values: Floats) -> Floats:
        """Sum over each agent's links as seller, [agents]."""
        total = np.zeros(self.agents)
        loops.sum_by_seller(values, self.seller, total)
        return total

    def three_of_seller(self, one: Floats, two: Floats, three: Floats) -> Floats:
        """Sums of three amounts over each agent's links as seller, [3, agents]."""
        totals = np.zeros((3, self.agents))
        loops.sum_three_by_seller(one, two, three, self.seller, totals)
        return totals

    def two_of_buyer(self, one: Floats, two: Floats) -> Floats:
        """Sums of two amounts over each agent's links as buyer, [2, agents]."""
        totals = np.zeros((2, self.agents))
        loops.sum_two_by_buyer(one, two, self.buyer_start, totals)
        return totals

    def bought_from_rest_of_us(self, ordered: Floats) -> Floats:
        """What buyers ask of the rest of the US by sector [34], from their orders [agents]."""
        total = np.zeros(N_SECTORS)
        loops.bought_from_us(self.group_us, self.group_buyer, self.group_sector, ordered, total)
        return total

    def refused_by_sector(self, granted: Floats) -> Floats:
        """What district buyers were refused and turned to the rest of the US, by sector [34]."""
        total = np.zeros(N_SECTORS + OUTSIDE_SECTORS)
        loops.refused_by_sector(
            self.request,
            granted,
            self.too_small,
            self.seller,
            self.sector,
            self.us_link,
            self.buyer,
            total,
        )
        return total[:N_SECTORS]

    def left_to_rivals(self) -> Floats:
        """What outside customers want and district sellers do not take on, units by sector [34]."""
        total = np.zeros(N_SECTORS)
        loops.left_to_rivals(
            self.outside_customers, self.customer_demand, self.taken, self.sector, total
        )
        return total

    def duty_per_unit(self, tariff: Floats) -> Floats:
        """Duty on a unit that each buyer gets from abroad, USD, [agents]; `tariff` [34]."""
        bought = np.maximum(0.0, self.group_abroad)  # three cells of the table are negative
        duty = bought * (self.price_abroad * tariff)[self.group_sector]
        paid = add_up(self.group_buyer, duty, self.agents)
        units = add_up(self.group_buyer, bought, self.agents)
        return np.divide(paid, units, out=np.zeros_like(paid), where=units > 0.0)

    def refresh_outside_shares(self) -> None:
        """After shares have moved: what part of its goods each buyer gets outside, at what cost."""
        us, abroad = np.zeros(self.agents), np.zeros(self.agents)
        loops.refresh_outside(
            self.group_us,
            self.group_abroad,
            self.group_buyer,
            self.group_sector,
            self.sourcing.static_us,
            self.sourcing.static_abroad,
            self.price_us * self.price_elsewhere,
            self.price_abroad,
            us,
            abroad,
            self.us_price,
            self.abroad_price,
        )
        if self.import_saving.any():
            self.abroad_price *= 1.0 - self.import_saving
        buyers = self.us_link >= 0
        self.share[self.us_link[buyers]] = us[buyers]
        self.share[self.abroad_link[buyers]] = abroad[buyers]

    def links_at(self, agents: Ints) -> Ints:
        """Links at whose one or other end one of the agents stands, in their order."""
        found = [np.zeros(0, dtype=np.int64)]
        for agent in agents:
            found.append(np.arange(self.buyer_start[agent], self.buyer_start[agent + 1]))
            found.append(self.by_seller[self.seller_start[agent] : self.seller_start[agent + 1]])
        return np.unique(np.concatenate(found))

    def link_is_empty(self) -> npt.NDArray[np.bool_]:
        """Whether nothing is on order, ready, under way or owed on a link, [links]."""
        return (
            (self.backlog == 0.0)
            & (self.ready == 0.0)
            & (self.transit.sum(axis=0) == 0.0)
            & (self._overdue == 0.0)
            & (self._ring.sum(axis=0) == 0.0)
        )

    def reassign(self, links: Ints, sellers: Ints) -> None:
        """Give empty links to other sellers [links], and list the links by seller anew."""
        self.contracts.forget(self, links)
        self.seller[links] = sellers
        loops.list_by_seller(self.seller, self.seller_start, self.by_seller)
        self.reassigned += 1

    def by_holder(self, per_agent: Floats) -> dict[str, Floats]:
        """Split a vector over agents into one array per holder letter."""
        return {letter: per_agent[span] for letter, span in self.spans.items()}

    def pairs(self, values: Floats) -> dict[tuple[str, str], float]:
        """Sum over links by (holder of the buyer, holder of the seller)."""
        loops.sum_pairs(
            values, self.holder_of, self.holder_of, self.buyer, self.seller, self._pairs
        )
        letters = list(self.spans)
        return {
            (a, b): float(self._pairs[i, j])
            for i, a in enumerate(letters)
            for j, b in enumerate(letters)
            if self._pairs[i, j] != 0.0
        }

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Copies of the arrays that make up the state."""
        state = {name: getattr(self, name).copy() for name in self.STATE}
        return state | {"hauls": np.array(self.hauls)} | self.contracts.state()

    def load_state(self, state: dict[str, npt.NDArray[Any]]) -> None:
        """Put back what `state` returned."""
        for name in self.STATE:
            getattr(self, name)[...] = state[name]
        for held, was in zip(self.hauls, state["hauls"], strict=True):
            held[...] = was
        self._slots_in_use = None
        self.contracts.load_state(state)


def _read_only(array: Floats) -> Floats:
    view = array.view()
    view.flags.writeable = False
    return view
