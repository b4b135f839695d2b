"""The supply network as a networkx graph, and back.

For pictures, for the algorithms of networkx, and for districts whose links a user has measured.
Edges run from seller to buyer. An edge carries `sector` (index of the seller's), `kind` (name),
`weight` (share), `distance` (miles), `terms` (weeks) and `large`; a node carries `group`.

What this leaves out: undirected graphs (who buys from whom must be known).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import networkx as nx
import numpy as np

from millworks.errors import InputError
from millworks.world.network import SupplyNetwork, _kind_code
from millworks.world.trade import LINK_KINDS, OUTSIDE_CUSTOMER

#: Weights of a group whose sum is this close to one are taken as they are (float32 rounding).
_ROUNDING = 1e-5


def graph_of(
    network: SupplyNetwork, rows: Iterable[int] | None, hops: int, kind: Any
) -> nx.MultiDiGraph:
    """Return all agents and links, or those around `rows` (see `SupplyNetwork.to_networkx`)."""
    if rows is None:
        nodes, links = np.arange(network.n_firms), np.arange(len(network))
    else:
        nodes = network.neighbourhood(rows, hops, kind)
        links = network.links_among(nodes)
    links = network.links_of_kind(links, kind)
    graph = nx.MultiDiGraph(n_firms=network.n_firms, aggregates=network.aggregates)
    for node in nodes.tolist():
        graph.add_node(node, group=network.group_names[network.group_of[node]])
        if network.labels is not None:
            graph.nodes[node]["label"] = network.labels[node]
    columns = [
        getattr(network, name)[links].tolist()
        for name in ("seller", "buyer", "sector", "kind", "weight", "distance", "terms", "large")
    ]
    graph.add_edges_from(
        (seller, buyer, link, {
            "sector": sector, "kind": LINK_KINDS[code], "weight": weight,
            "distance": distance, "terms": terms, "large": large,
        })
        for link, seller, buyer, sector, code, weight, distance, terms, large in zip(
            links.tolist(), *columns, strict=True
        )
    )  # fmt: skip
    return graph


def network_of(graph: nx.DiGraph, terms: int = 5) -> SupplyNetwork:
    """Return the network of a directed graph whose edges run from seller to buyer.

    Nodes that are whole numbers from 0 keep them as ids; others are numbered in the graph's order
    and become labels. An edge without `sector` takes its seller's node attribute `sector`, else 0;
    without `distance`, the miles between `x_miles, y_miles` of its nodes, else 0; without `terms`,
    `terms` weeks. `weight` may be any amount bought: it is turned into a share within the buyer's
    purchases of the sector (of the seller's outside sales, for customers outside); edges without
    it count equally. Raises `InputError` for an undirected graph or an attribute that does not fit.
    """
    if not isinstance(graph, nx.Graph) or not graph.is_directed():
        raise InputError(
            "A supply network needs a directed networkx graph with edges from seller to buyer;"
            f" got {type(graph).__name__}."
        )
    nodes = list(graph.nodes)
    numbered = all(isinstance(n, int | np.integer) and n >= 0 for n in nodes)
    ids = {node: int(node) if numbered else i for i, node in enumerate(nodes)}
    count = max([graph.graph.get("n_firms", 0), *(number + 1 for number in ids.values())])
    edges = [
        (seller, buyer, graph.nodes[seller], graph.nodes[buyer], data)
        for seller, buyer, data in graph.edges(data=True)
    ]
    buyer = np.array([ids[b] for _, b, *_ in edges], np.int64)
    seller = np.array([ids[s] for s, *_ in edges], np.int64)
    try:
        sector = np.array([d.get("sector", s.get("sector", 0)) for _, _, s, _, d in edges], int)
        kind = np.array([_kind_code(d.get("kind", 0)) for *_, d in edges], int)
        amount = np.array([d.get("weight", 1.0) for *_, d in edges], float)
        distance = np.array([_miles(s, b, d) for _, _, s, b, d in edges], float)
        weeks = np.array([d.get("terms", terms) for *_, d in edges], int)
        large = np.array([d.get("large", False) for *_, d in edges], bool)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"An edge of the graph has an attribute that does not fit: {error}."
        ) from None
    if np.any(~np.isfinite(amount)) or np.any(amount < 0):
        raise InputError("The weights of the graph's edges must be finite and 0 or more.")
    outside = kind == OUTSIDE_CUSTOMER
    groups: dict[str, list[int]] = {}
    for node, number in ids.items():
        name = graph.nodes[node].get("group")
        if name not in (None, "agent"):
            groups.setdefault(name, []).append(number)
    return SupplyNetwork(
        buyer,
        seller,
        sector,
        kind,
        _shares(amount, np.where(outside, -1 - seller, buyer), np.where(outside, -1, sector)),
        distance,
        weeks,
        large,
        count,
        groups=groups,
        aggregates=[name for name in graph.graph.get("aggregates", ()) if name in groups],
        labels=None if numbered else nodes,
    )


def _miles(seller: dict[str, Any], buyer: dict[str, Any], edge: dict[str, Any]) -> float:
    if "distance" in edge:
        return float(edge["distance"])
    if all("x_miles" in end and "y_miles" in end for end in (seller, buyer)):
        return math.hypot(
            seller["x_miles"] - buyer["x_miles"], seller["y_miles"] - buyer["y_miles"]
        )
    return 0.0


def _shares(amount: np.ndarray, owner: np.ndarray, sector: np.ndarray) -> np.ndarray:
    """Return amounts as shares of the sum over the same owner and sector."""
    if not amount.size:
        return amount
    _, group = np.unique(np.stack([owner, sector]), axis=1, return_inverse=True)
    group = group.ravel()
    total = np.bincount(group, weights=amount)
    if np.any(total <= 0.0):
        raise InputError("Some buyer's links of a sector have weights that sum to nothing.")
    total[np.abs(total - 1.0) < _ROUNDING] = 1.0
    return amount / total[group]
