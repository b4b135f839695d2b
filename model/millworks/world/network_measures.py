"""Figures that describe a supply network, for tables and for comparing districts.

Only links between single firms count: aggregates (chains, service blocks, the outside) touch
everybody and would make any district look like one knot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from millworks.world.network import SupplyNetwork


class Measure(NamedTuple):
    """Unit and meaning of one figure."""

    unit: str
    meaning: str


#: Every figure of `measure`, in order.
MEASURES: dict[str, Measure] = {
    "firms": Measure("firms", "agents that stand for one firm"),
    "links": Measure("links", "customer relations between such firms"),
    "suppliers": Measure("firms", "mean number of suppliers of a firm that buys here"),
    "customers": Measure("firms", "mean number of customers of a firm that sells here"),
    "most_customers": Measure("firms", "customers of the firm with the most"),
    "connected": Measure("share", "firms in the largest part that hangs together"),
    "circular": Measure("share", "firms in the largest part where goods can go in circles"),
    "mutual": Measure("share", "pairs of seller and buyer that also trade the other way"),
    "concentration": Measure(
        "Herfindahl index", "mean sum of squared shares in a buyer's purchases of a sector"
    ),
    "distance": Measure("miles", "mean length of a link, weighted by its share"),
}


def measure(network: SupplyNetwork) -> dict[str, float]:
    """Return the figures of `MEASURES`; 0 where there is nothing to measure."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    single = ~network.is_aggregate()
    n = network.n_firms
    inner = single[network.buyer] & single[network.seller]
    buyer = network.buyer[inner].astype(np.int64)
    seller = network.seller[inner].astype(np.int64)
    pairs = np.unique(seller * n + buyer)
    from_seller, to_buyer = pairs // max(n, 1), pairs % max(n, 1)
    suppliers = np.bincount(to_buyer, minlength=n)
    customers = np.bincount(from_seller, minlength=n)
    graph = coo_array((np.ones(pairs.size), (from_seller, to_buyer)), shape=(n, n)).tocsr()

    def largest_part(connection: str) -> float:
        if not single.any():
            return 0.0
        _, part = connected_components(graph, directed=True, connection=connection)
        return float(np.bincount(part[single]).max() / single.sum())

    weight = network.weight[inner].astype(np.float64)
    market = buyer * (int(network.sector.max(initial=0)) + 1) + network.sector[inner]
    _, group = np.unique(market, return_inverse=True)
    concentration = np.bincount(group, weights=weight**2)
    values = {
        "firms": single.sum(),
        "links": inner.sum(),
        "suppliers": _mean(suppliers[suppliers > 0]),
        "customers": _mean(customers[customers > 0]),
        "most_customers": customers.max(initial=0),
        "connected": largest_part("weak"),
        "circular": largest_part("strong"),
        "mutual": _mean(np.isin(to_buyer * n + from_seller, pairs)),
        "concentration": _mean(concentration),
        "distance": _mean(network.distance[inner], weight),
    }
    return {name: float(values[name]) for name in MEASURES}


def _mean(values: np.ndarray, weights: np.ndarray | None = None) -> float:
    if not values.size or (weights is not None and weights.sum() <= 0.0):
        return 0.0
    return float(np.average(values.astype(np.float64), weights=weights))
