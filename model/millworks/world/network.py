"""The supply network: who buys from whom, stored by buyer and by seller.

A link is a customer relation: `buyer` takes goods of `sector` from `seller` and gives it the share
`weight` of what it buys of that sector in the district; for a customer outside, the weight is its
share of the seller's outside sales. Links stand sorted by (buyer, sector, seller), so a buyer's
suppliers are the slice `buyer_start[b]:buyer_start[b + 1]`; `by_seller` lists the same links
grouped by seller. So each side can add up its own links in a fixed order and nobody writes
another's row.

Ids are stored in 32 bits and weights in float32 because a nation has five million links. Cast them
(`np.int64(buyer[link])`, `float(weight[link])`) before arithmetic: `uint32 - 7` and float32 times
a Python float differ between compiled and plain code.

What this leaves out: orders, goods and money on the links (`millworks.world.trade`), and the
opening and closing of links in the running economy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError, nearest

if TYPE_CHECKING:
    import networkx as nx

Kinds = str | int | Iterable[str | int]

#: How each whole number of a link is stored, and with it the largest there can be.
WHOLE: dict[str, Any] = {
    "buyer": np.uint32, "seller": np.uint32, "sector": np.int16, "kind": np.int8, "terms": np.int8,
}  # fmt: skip
_STORED = {**WHOLE, "weight": np.float32, "distance": np.float32, "large": np.bool_}


class SupplyNetwork:
    """Links between numbered agents, each array one value per link.

    `buyer`, `seller`: ids below `n_firms`; `sector`: the seller's, as index; `kind`: code of
    `trade.LINK_KINDS`; `weight`: share, 0 or more; `distance`: miles; `terms`: weeks of trade
    credit; `large`: whether the buyer is a large customer; `groups`: name of each kind of agent ->
    its ids (a range or an array); `aggregates`: groups whose members stand for many agents (the
    outside, a service block): neighbourhoods end there; `labels`: names of the agents.

    The arrays are copied and sorted; `order[link]` says where a link stood in the input. All but
    `weight`, `terms` and `large` are read-only. Raises `InputError` for ids out of range, unequal
    lengths, or weights and distances that are negative or not finite.
    """

    buyer: npt.NDArray[np.uint32]
    seller: npt.NDArray[np.uint32]
    sector: npt.NDArray[np.int16]
    kind: npt.NDArray[np.int8]
    weight: npt.NDArray[np.float32]
    distance: npt.NDArray[np.float32]
    terms: npt.NDArray[np.int8]
    large: npt.NDArray[np.bool_]

    _FROZEN = ("buyer", "seller", "sector", "kind", "distance", "order",
               "buyer_start", "by_seller", "seller_start", "group_of")  # fmt: skip

    def __init__(
        self,
        buyer: npt.ArrayLike,
        seller: npt.ArrayLike,
        sector: npt.ArrayLike,
        kind: npt.ArrayLike,
        weight: npt.ArrayLike,
        distance: npt.ArrayLike,
        terms: npt.ArrayLike,
        large: npt.ArrayLike,
        n_firms: int,
        *,
        groups: Mapping[str, Any] | None = None,
        aggregates: Iterable[str] = (),
        labels: Sequence[Any] | None = None,
    ) -> None:
        given = {
            "buyer": buyer, "seller": seller, "sector": sector, "kind": kind, "weight": weight,
            "distance": distance, "terms": terms, "large": large,
        }  # fmt: skip
        arrays = {name: np.asarray(value) for name, value in given.items()}
        _check(arrays, np.size(buyer), n_firms)
        self.n_firms = int(n_firms)
        self.order = np.lexsort((arrays["seller"], arrays["sector"], arrays["buyer"]))
        for name, dtype in _STORED.items():
            setattr(self, name, arrays[name][self.order].astype(dtype))
        self.buyer_start = _starts(self.buyer, self.n_firms)
        # stable, so that a seller's links keep the order of their buyers
        self.by_seller = np.argsort(self.seller, kind="stable").astype(np.int64)
        self.seller_start = _starts(self.seller, self.n_firms)
        self._name_groups(groups or {}, tuple(aggregates))
        if labels is not None and len(labels) != self.n_firms:
            raise InputError(f"The network has {n_firms} agents and {len(labels)} labels.")
        self.labels = None if labels is None else list(labels)
        self._freeze()

    def _name_groups(self, groups: Mapping[str, Any], aggregates: tuple[str, ...]) -> None:
        self.group_names = (*groups, "agent")  # the last for ids in no group
        self.group_of = np.full(self.n_firms, len(groups), np.int16)
        for number, ids in enumerate(groups.values()):
            self.group_of[np.asarray(ids, np.int64)] = number
        for name in aggregates:
            if name not in groups:
                raise InputError(
                    f"No group of agents is called {name!r}.{nearest(name, self.group_names)}"
                )
        self.aggregates = aggregates

    def _freeze(self) -> None:
        for name in self._FROZEN:
            getattr(self, name).flags.writeable = False

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()  # copies and pickles of read-only arrays come back writable

    def __len__(self) -> int:
        return self.buyer.size

    def __repr__(self) -> str:
        return f"<SupplyNetwork of {self.n_firms} agents and {len(self)} links>"

    def links_of_buyer(self, buyer: int) -> npt.NDArray[np.int64]:
        """Return the links on which an agent buys, sorted by sector and seller."""
        return np.arange(self.buyer_start[buyer], self.buyer_start[buyer + 1])

    def links_of_seller(self, seller: int) -> npt.NDArray[np.int64]:
        """Return the links on which an agent sells, in ascending order."""
        return self.by_seller[self.seller_start[seller] : self.seller_start[seller + 1]]

    def suppliers(self, buyer: int) -> list[int]:
        """Return the ids an agent buys from, ascending."""
        return np.unique(self.seller[self.links_of_buyer(buyer)]).tolist()

    def customers(self, seller: int) -> list[int]:
        """Return the ids an agent sells to, ascending."""
        return np.unique(self.buyer[self.links_of_seller(seller)]).tolist()

    def is_aggregate(self) -> npt.NDArray[np.bool_]:
        """Return for each id whether it stands for many agents."""
        numbers = [self.group_names.index(name) for name in self.aggregates]
        return np.isin(self.group_of, numbers)

    def worst_share(self) -> float:
        """Return the largest distance from one of the weights' sums.

        They must sum to one over a buyer's links of one sector, and over a seller's links to
        customers outside.
        """
        from millworks.world.trade import OUTSIDE_CUSTOMER

        outside = self.kind == OUTSIDE_CUSTOMER
        sectors = int(self.sector.max(initial=0)) + 1
        worst = 0.0
        for mine, key in (
            (~outside, self.buyer.astype(np.int64) * sectors + self.sector),
            (outside, self.seller.astype(np.int64)),
        ):
            _, group = np.unique(key[mine], return_inverse=True)
            sums = np.bincount(group, weights=self.weight[mine])
            worst = max(worst, float(np.abs(sums - 1.0).max(initial=0.0)))
        return worst

    def links_of_kind(
        self, links: npt.NDArray[np.int64], kind: Kinds | None
    ) -> npt.NDArray[np.int64]:
        """Return those of `links` of a kind, by name or code, or of several (None: all)."""
        if kind is None:
            return links
        wanted = [kind] if isinstance(kind, str | int) else list(kind)
        return links[np.isin(self.kind[links], [_kind_code(one) for one in wanted])]

    def links_among(self, agents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the links whose buyer and seller are both among `agents`, ascending."""
        inside = np.zeros(self.n_firms, bool)
        inside[agents] = True
        links = _slices(self.buyer_start, np.flatnonzero(inside))
        return links[inside[self.seller[links]]]

    def neighbourhood(
        self, rows: Iterable[int], hops: int = 1, kind: Kinds | None = None
    ) -> npt.NDArray[np.int64]:
        """Return the ids within `hops` links of `rows`, in either direction, ascending.

        `kind`: follow only links of these kinds. An aggregate is reached but not passed through:
        behind the outside stands everybody.
        """
        found = np.zeros(self.n_firms, bool)
        front = np.unique(np.asarray(list(rows), np.int64))
        if front.size and not 0 <= front[0] <= front[-1] < self.n_firms:
            raise InputError(
                f"The network has agents 0 to {self.n_firms - 1}; {front[0]} to {front[-1]} asked."
            )
        found[front] = True
        ends = self.is_aggregate()
        for _ in range(hops):
            bought = self.links_of_kind(_slices(self.buyer_start, front), kind)
            sold = self.by_seller[_slices(self.seller_start, front)]
            reached = np.zeros(self.n_firms, bool)
            reached[self.seller[bought]] = True
            reached[self.buyer[self.links_of_kind(sold, kind)]] = True
            front = np.flatnonzero(reached & ~found & ~ends)
            found |= reached
        return np.flatnonzero(found)

    def to_networkx(
        self, rows: Iterable[int] | None = None, hops: int = 1, kind: Kinds | None = None
    ) -> nx.MultiDiGraph:
        """Return the network, or the neighbourhood of `rows`, as a networkx graph.

        Edges run from seller to buyer, as goods do; their key is the link. The graph of a
        thousand firms takes some milliseconds, that of a nation many seconds.
        """
        from millworks.world.network_graphs import graph_of

        return graph_of(self, rows, hops, kind)

    @classmethod
    def from_networkx(cls, graph: nx.DiGraph, terms: int = 5) -> SupplyNetwork:
        """Return the network of a directed networkx graph (see `network_graphs.network_of`)."""
        from millworks.world.network_graphs import network_of

        return network_of(graph, terms)

    def measures(self) -> dict[str, float]:
        """Return figures that describe the network (see `network_measures.MEASURES`)."""
        from millworks.world.network_measures import measure

        return measure(self)


def _check(arrays: Mapping[str, np.ndarray], links: int, n_firms: int) -> None:
    for name, array in arrays.items():
        if array.shape != (links,):
            raise InputError(
                f"The network has {links} links, and '{name}' has the shape {array.shape}."
            )
        if array.dtype.kind not in "iufb" or not np.all(np.isfinite(array)):
            raise InputError(f"'{name}' of the network's links must hold finite numbers only.")
        if np.any(array < 0):
            raise InputError(f"'{name}' of the network's links must be 0 or more.")
        if name in WHOLE and np.any(array.astype(WHOLE[name]) != array):
            raise InputError(
                f"'{name}' of the network's links must be a whole number"
                f" up to {np.iinfo(WHOLE[name]).max}."
            )
    for name in ("buyer", "seller"):
        if links and arrays[name].max() >= n_firms:
            raise InputError(
                f"A link names {name} {arrays[name].max()}, and the last agent is {n_firms - 1}."
            )


def _starts(ids: np.ndarray, n_firms: int) -> npt.NDArray[np.int64]:
    """Return where each id's links begin among links grouped by id, and at the end where all do."""
    start = np.zeros(n_firms + 1, np.int64)
    np.cumsum(np.bincount(ids, minlength=n_firms), out=start[1:])
    return start


def _slices(start: np.ndarray, ids: np.ndarray) -> npt.NDArray[np.int64]:
    """Return start[i], ..., start[i + 1] - 1 for each id, one after the other."""
    length = start[ids + 1] - start[ids]
    before = np.cumsum(length) - length
    return np.repeat(start[ids] - before, length) + np.arange(length.sum())


def _kind_code(kind: str | int) -> int:
    from millworks.world.trade import LINK_KINDS

    if isinstance(kind, str):
        if kind not in LINK_KINDS:
            raise InputError(f"No kind of link is called {kind!r}.{nearest(kind, LINK_KINDS)}")
        return LINK_KINDS.index(kind)
    return int(kind)
