"""Trade along the links of the supply network: orders, backlogs, goods under way, invoices.

One row per link, stored by buyer. Every agent sums its own links in a fixed order and none writes
another's: a buyer writes what it asks, the seller what part it grants and ships, each side adds up
its own links. So any number of threads gives the same bits.

Trade credit is a ring of weeks per link, `ring[week mod 20, link]` in USD due that week, and an
overdue bucket; both are money, kept here and moved only by the ledger.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.kernels import compiled

RING_WEEKS = 20
"""Terms up to 13 weeks and lateness up to 6, and the week itself."""
TRANSIT_WEEKS = 8

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

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def sum_by_buyer(values: Floats, buyer_start: Ints, total: Floats) -> None:
    """Add up each buyer's own links, in link order."""
    for buyer in range(total.shape[0]):
        amount = 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            amount += values[link]
        total[buyer] = amount


@compiled
def sum_due(due: Floats, overdue: Floats, buyer_start: Ints, total: Floats) -> None:
    """Add up what each buyer must pay on its own links, in link order."""
    for buyer in range(total.shape[0]):
        amount = 0.0
        for link in range(buyer_start[buyer], buyer_start[buyer + 1]):
            amount += due[link] + overdue[link]
        total[buyer] = amount


@compiled
def sum_by_seller(values: Floats, by_seller: Ints, seller_start: Ints, total: Floats) -> None:
    """Add up each seller's own links, in link order."""
    for seller in range(total.shape[0]):
        amount = 0.0
        for position in range(seller_start[seller], seller_start[seller + 1]):
            amount += values[by_seller[position]]
        total[seller] = amount


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
def collect_grants(request: Floats, granted: Floats, seller: Ints, backlog: Floats) -> None:
    """Each buyer reads what part of its request was granted; that joins the link's backlog."""
    for link in range(request.shape[0]):
        backlog[link] += request[link] * granted[seller[link]]


@compiled
def ship_links(
    part: Floats, seller: Ints, backlog: Floats, transit_slot: Floats, shipped: Floats
) -> None:
    """Ship part of each link's backlog: units leave the seller and are under way to the buyer."""
    for link in range(backlog.shape[0]):
        units = backlog[link] * part[seller[link]]
        shipped[link] = units
        backlog[link] -= units
        transit_slot[link] += units


@compiled
def write_invoices(amount: Floats, terms: Ints, week: int, ring: Floats) -> None:
    """Put each link's invoice into the week in which it falls due."""
    slots = ring.shape[0]
    now = week % slots
    for link in range(amount.shape[0]):
        slot = now + terms[link]
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


class TradeBook:
    """The state of all links; arrays are [links] unless said otherwise.

    `spans` gives the slice of global ids of each holder letter, in the order of ids.
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
        sector: Ints,
        programme_share: Floats,
        spans: dict[str, slice],
    ) -> None:
        links, agents = len(buyer), len(buyer_start) - 1
        self.buyer = np.ascontiguousarray(buyer, dtype=np.int64)
        self.seller = np.ascontiguousarray(seller, dtype=np.int64)
        self.buyer_start, self.by_seller, self.seller_start = buyer_start, by_seller, seller_start
        self.share, self.base_order, self.terms = share, base_order, terms
        self.supply_share = supply_share
        self.kind = kind
        self.is_sink = kind == SINK
        self.to_rest_of_us = np.flatnonzero(kind == REST_OF_US)
        self.outside_customers = np.flatnonzero(kind == OUTSIDE_CUSTOMER)
        self.sector = sector
        self.programme_share = programme_share
        self.sectors_made = np.unique(sector[self.outside_customers])
        self.spans = spans
        self.holder_of = np.zeros(agents, dtype=np.int64)
        for number, span in enumerate(spans.values()):
            self.holder_of[span] = number
        self.request = np.zeros(links)
        self.backlog = np.zeros(links)
        self.shipped = np.zeros(links)
        self.arriving = np.zeros(links)
        self.on_order = np.zeros(agents)
        self.paid = np.zeros(links)
        self.transit = np.zeros((TRANSIT_WEEKS, links))
        self._ring = np.zeros((RING_WEEKS, links))
        self._overdue = np.zeros(links)
        self._pairs = np.zeros((len(spans), len(spans)))

    STATE = ("share", "supply_share", "base_order", "backlog", "transit", "_ring", "_overdue")
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
        sum_due(self._ring[week % RING_WEEKS], self._overdue, self.buyer_start, total)
        return total

    def outstanding(self) -> Floats:
        """USD per link that the buyer owes the seller."""
        return self._ring.sum(axis=0) + self._overdue

    def by_buyer(self, values: Floats) -> Floats:
        """Sum over each agent's links as buyer, [agents]."""
        total = np.zeros(self.agents)
        sum_by_buyer(values, self.buyer_start, total)
        return total

    def of_seller(self, values: Floats) -> Floats:
        """Sum over each agent's links as seller, [agents]."""
        total = np.zeros(self.agents)
        sum_by_seller(values, self.by_seller, self.seller_start, total)
        return total

    def bought_from_rest_of_us(self, values: Floats) -> Floats:
        """What each agent's link to the rest of the US carries of `values` per link, [agents]."""
        bought = np.zeros(self.agents)
        bought[self.buyer[self.to_rest_of_us]] = values[self.to_rest_of_us]
        return bought

    def by_holder(self, per_agent: Floats) -> dict[str, Floats]:
        """Split a vector over agents into one array per holder letter."""
        return {letter: per_agent[span] for letter, span in self.spans.items()}

    def pairs(self, values: Floats) -> dict[tuple[str, str], float]:
        """Sum over links by (holder of the buyer, holder of the seller)."""
        sum_pairs(values, self.holder_of, self.holder_of, self.buyer, self.seller, self._pairs)
        letters = list(self.spans)
        return {
            (a, b): float(self._pairs[i, j])
            for i, a in enumerate(letters)
            for j, b in enumerate(letters)
            if self._pairs[i, j] != 0.0
        }

    def state(self) -> dict[str, npt.NDArray[np.float64]]:
        """Copies of the arrays that make up the state."""
        return {name: getattr(self, name).copy() for name in self.STATE}

    def load_state(self, state: dict[str, npt.NDArray[np.float64]]) -> None:
        """Put back what `state` returned."""
        for name in self.STATE:
            getattr(self, name)[...] = state[name]


def _read_only(array: Floats) -> Floats:
    view = array.view()
    view.flags.writeable = False
    return view
