"""From drawn links to the supply network of a world: every buyer can place its whole order.

Each buyer's order is one composite of goods. Its links carry fixed parts of it: the local part of
input j goes to the buyer's local suppliers of j by their weights, and two links lead outside, to
the rest of the US and abroad. Shops also have links to the wholesale and transport blocks, whose
margins their goods carry. Parts sum to one for every buyer. A last link, to a sink, is used in
closure runs only (`millworks.world.closure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.technology import RET, SERVICE_SECTORS, TRN, WHL, Technology
from millworks.errors import MillworksError
from millworks.parameters import Parameters
from millworks.start.firms import SyntheticDistrict
from millworks.start.links import LinkTable
from millworks.world import trade as kinds
from millworks.world.accounts import HOLDERS
from millworks.world.network import SupplyNetwork
from millworks.world.trade import Sourcing, TradeBook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Columns = dict[str, npt.NDArray[Any]]

OUTSIDE_SECTORS = {
    kinds.REST_OF_US: N_SECTORS,
    kinds.ABROAD: N_SECTORS + 1,
    kinds.SINK: N_SECTORS + 2,
}
"""Pseudo-sectors of the links to the outside, so that they sort behind the others."""


@dataclass(frozen=True)
class WorldNetwork:
    """Who trades with whom, and the book of their trade, links in the same order.

    `spans`: slice of global ids by holder letter. `sector_of` [agents]: recipe each agent uses, -1
    for the outside. `group` [links]: number of the buyer and sector of a local supply link, or of
    the link itself. `weight` [links]: share of a customer in its seller's outside sales.
    """

    topology: SupplyNetwork
    trade: TradeBook
    spans: dict[str, slice]
    sector_of: Ints
    group: Ints
    weight: Floats
    shop_mix: dict[str, Floats]


def build_network(
    district: SyntheticDistrict, links: LinkTable, recipe: Technology, parameters: Parameters
) -> WorldNetwork:
    """Return the network with the parts of orders that each link carries.

    MillworksError if a buyer lacks a local supplier of something it buys locally.
    """
    spans = agent_spans(district)
    sector_of = _sectors(district, spans)
    shop_mix = {letter: _shop_part(recipe, parameters, letter) for letter in "RC"}
    local = _local_part(links, recipe, parameters, sector_of)
    outside = _outside_links(recipe, parameters, spans, sector_of)
    columns = {
        "buyer": np.concatenate([links.buyer, outside["buyer"]]),
        "seller": np.concatenate([links.seller, outside["seller"]]),
        "sector": np.concatenate([links.sector, outside["sector"]]),
        "kind": np.concatenate([links.kind, outside["kind"]]).astype(np.int8),
        "share": np.concatenate([local, outside["share"]]),
        "weight": np.concatenate([_customer_weight(links), np.zeros(len(outside["buyer"]))]),
        "distance": np.concatenate([links.distance, np.zeros(len(outside["buyer"]), np.float32)]),
        "large": np.concatenate([links.large, np.zeros(len(outside["buyer"]), np.bool_)]),
    }
    agents = spans["X"].stop
    columns["terms"] = _terms(columns, spans, parameters)
    topology = SupplyNetwork(
        columns["buyer"],
        columns["seller"],
        columns["sector"],
        columns["kind"],
        columns["weight"],
        columns["distance"],
        columns["terms"],
        columns["large"],
        agents,
        groups={
            HOLDERS[letter].population: np.arange(span.start, span.stop)
            for letter, span in spans.items()
        },
        aggregates=("chains", "services", "outside"),
    )
    columns = {
        name: np.ascontiguousarray(values[topology.order]) for name, values in columns.items()
    }
    _check_complete(columns, agents, spans)
    return WorldNetwork(
        topology=topology,
        trade=_trade_book(
            columns, topology, spans, _sourcing(columns, spans, sector_of, recipe, parameters)
        ),
        spans=spans,
        sector_of=sector_of,
        group=_groups(columns),
        weight=columns["weight"],
        shop_mix=shop_mix,
    )


def agent_spans(district: SyntheticDistrict) -> dict[str, slice]:
    """Slices of global ids by holder letter, in the order of ids."""
    sizes = {
        "M": len(district.makers),
        "P": len(district.partners),
        "R": len(district.retailers),
        "C": 1,
        "S": len(SERVICE_SECTORS),
        "X": 1,
    }
    spans, start = {}, 0
    for letter, size in sizes.items():
        spans[letter] = slice(start, start + size)
        start += size
    return spans


def _sectors(district: SyntheticDistrict, spans: dict[str, slice]) -> Ints:
    sectors = np.full(spans["X"].stop, -1, dtype=np.int64)
    sectors[spans["M"]] = district.makers.sector
    sectors[spans["P"]] = district.partners.sector
    sectors[spans["R"]] = RET
    sectors[spans["C"]] = RET
    sectors[spans["S"]] = SERVICE_SECTORS
    return sectors


def _local_part(
    links: LinkTable, recipe: Technology, parameters: Parameters, sector_of: Ints
) -> Floats:
    """Part of its buyer's order that each drawn link carries."""
    buyer_sector = np.maximum(sector_of[links.buyer], 0)
    bought = recipe.goods_local[links.sector, buyer_sector]
    bought = np.where(links.kind == kinds.TO_RETAILER, recipe.shop_local[links.sector], bought)
    chain = recipe.shop_local[links.sector] * parameters.chain_local
    bought = np.where(links.kind == kinds.TO_CHAIN, chain, bought)
    customers = links.kind == kinds.OUTSIDE_CUSTOMER
    line = links.buyer * N_SECTORS + links.sector
    weight = links.weight.astype(np.float64)
    # Weights are stored short; they are made to sum to one again in full precision.
    total = np.bincount(line, weights=weight)
    return np.where(customers, 0.0, bought * weight / total[line])


def _customer_weight(links: LinkTable) -> Floats:
    """Share of each outside customer in its seller's outside sales, in full precision."""
    weight = np.where(links.kind == kinds.OUTSIDE_CUSTOMER, links.weight.astype(np.float64), 0.0)
    total = np.bincount(links.seller, weights=weight)[links.seller]
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)


def _shop_part(recipe: Technology, parameters: Parameters, letter: str) -> Floats:
    """[34] part of shops' goods that comes from each sector of the rest of the US."""
    mix = recipe.shop_us.copy()
    if letter == "C":
        missing = np.where(MANUFACTURING, recipe.shop_local, 0.0) * (1.0 - parameters.chain_local)
        mix += missing
    return mix


def _outside_links(
    recipe: Technology, parameters: Parameters, spans: dict[str, slice], sector_of: Ints
) -> Columns:
    """Links of every buyer to the outside, and of shops to the blocks whose margins they pay."""
    outside = spans["X"].start
    rows: list[tuple[Ints, int, int, int, Floats]] = []
    for letter in "MPSRC":
        buyers = np.arange(spans[letter].start, spans[letter].stop)
        sectors = sector_of[buyers]
        if letter in "RC":
            us = np.full(len(buyers), _shop_part(recipe, parameters, letter).sum())
            abroad = np.full(len(buyers), recipe.shop_abroad)
            for margin in (WHL, TRN):
                block = spans["S"].start + int(np.searchsorted(SERVICE_SECTORS, margin))
                kind = kinds.TO_RETAILER if letter == "R" else kinds.TO_CHAIN
                part = np.full(len(buyers), recipe.shop_local[margin])
                rows.append((buyers, block, margin, kind, part))
        else:
            us = recipe.goods_us.sum(axis=0)[sectors]
            abroad = recipe.goods_abroad[sectors]
        for kind, share in (
            (kinds.REST_OF_US, us),
            (kinds.ABROAD, abroad),
            (kinds.SINK, np.zeros(len(buyers))),
        ):
            rows.append((buyers, outside, OUTSIDE_SECTORS[kind], kind, share))
    return {
        "buyer": np.concatenate([r[0] for r in rows]),
        "seller": np.concatenate([np.full(len(r[0]), r[1]) for r in rows]),
        "sector": np.concatenate([np.full(len(r[0]), r[2]) for r in rows]),
        "kind": np.concatenate([np.full(len(r[0]), r[3]) for r in rows]),
        "share": np.concatenate([r[4] for r in rows]),
    }


def _check_complete(columns: Columns, agents: int, spans: dict[str, slice]) -> None:
    """Every buyer's parts must sum to one, or some of its order would reach nobody."""
    total = np.bincount(columns["buyer"], weights=columns["share"], minlength=agents)
    total = total[: spans["X"].start]
    worst = int(np.argmax(np.abs(total - 1.0)))
    if abs(total[worst] - 1.0) > 1e-9:
        raise MillworksError(
            f"agent {worst} places only {total[worst]:.6f} of its order: it lacks a supplier of"
            " something it buys in the place."
        )


def supply_shares(network: WorldNetwork, recipe: Technology) -> Floats:
    """Part of its supplies for own use that each link of a shop carries, [links].

    A shop buys its supplies where it buys goods of the same sector for sale.
    """
    trade, group = network.trade, network.group
    line = np.bincount(group, weights=trade.share)[group]
    links = np.bincount(group)[group]
    part = np.divide(trade.share, line, out=1.0 / links, where=line > 0.0)
    shops = (trade.buyer >= network.spans["R"].start) & (trade.buyer < network.spans["C"].stop)
    made = trade.sector < N_SECTORS
    local = np.zeros(len(part))
    local[made] = recipe.goods_local[trade.sector[made], RET]
    local = np.where(trade.kind == kinds.REST_OF_US, recipe.goods_us[:, RET].sum(), local * part)
    local = np.where(trade.kind == kinds.ABROAD, recipe.goods_abroad[RET], local)
    return np.where(shops & ~trade.is_sink, local, 0.0)


def _groups(columns: Columns) -> Ints:
    """Number links by buyer and sector; links to the outside stand alone."""
    line = columns["buyer"] * (N_SECTORS + 3) + columns["sector"]
    customers = columns["kind"] == kinds.OUTSIDE_CUSTOMER
    line = np.where(customers, line.max() + 1 + np.arange(len(line)), line)
    return np.unique(line, return_inverse=True)[1].astype(np.int64)


def _terms(columns: Columns, spans: dict[str, slice], parameters: Parameters) -> Ints:
    """Weeks of trade credit: long for partners, chains and large customers."""
    buyer = columns["buyer"]
    long_terms = (columns["kind"] == kinds.TO_CHAIN) | columns["large"]
    long_terms |= (buyer >= spans["P"].start) & (buyer < spans["P"].stop)
    terms = np.where(long_terms, int(parameters.terms_large), int(parameters.terms_small))
    return terms.astype(np.int64)


def _sourcing(
    columns: Columns,
    spans: dict[str, slice],
    sector_of: Ints,
    recipe: Technology,
    parameters: Parameters,
) -> Sourcing:
    """Groups of each buyer's goods by sector, with what comes from the rest of US and abroad."""
    made = np.flatnonzero(MANUFACTURING)
    agents = spans["X"].stop
    static_us, static_abroad = np.zeros(agents), np.zeros(agents)
    buyers, us, abroad = [], [], []
    for letter in "MPRCS":
        span = spans[letter]
        ids = np.arange(span.start, span.stop)
        if letter in "RC":
            from_us = np.tile(_shop_part(recipe, parameters, letter), (len(ids), 1))
            from_abroad = np.tile(recipe.shop_abroad_of, (len(ids), 1))
        else:
            from_us = recipe.goods_us.T[sector_of[ids]]
            from_abroad = recipe.goods_abroad_of.T[sector_of[ids]]
        buyers.append(ids)
        us.append(from_us[:, made])
        abroad.append(from_abroad[:, made])
        static_us[ids] = np.delete(from_us, made, axis=1).sum(axis=1)
    order = np.argsort(np.concatenate(buyers), kind="stable")
    buyer = np.repeat(np.concatenate(buyers)[order], len(made))
    sector = np.tile(made, len(order)).astype(np.int64)
    code = columns["buyer"].astype(np.int64) * (N_SECTORS + 3) + columns["sector"]
    wanted = buyer * (N_SECTORS + 3) + sector
    start = np.searchsorted(code, wanted, side="left")
    return Sourcing(
        buyer=buyer.astype(np.int64),
        sector=sector,
        start=start.astype(np.int64),
        end=np.searchsorted(code, wanted, side="right").astype(np.int64),
        us=np.concatenate(us)[order].ravel(),
        abroad=np.concatenate(abroad)[order].ravel(),
        static_us=static_us,
        static_abroad=static_abroad,
        us_link=_only_link(columns, kinds.REST_OF_US, agents),
        abroad_link=_only_link(columns, kinds.ABROAD, agents),
    )


def _only_link(columns: Columns, kind: int, agents: int) -> Ints:
    """Each buyer's one link of a kind, -1 for none."""
    link = np.full(agents, -1, dtype=np.int64)
    links = np.flatnonzero(columns["kind"] == kind)
    link[columns["buyer"][links]] = links
    return link


def _trade_book(
    columns: Columns, topology: SupplyNetwork, spans: dict[str, slice], sourcing: Sourcing
) -> TradeBook:
    customers = columns["kind"] == kinds.OUTSIDE_CUSTOMER
    links = len(columns["buyer"])
    return TradeBook(
        buyer=columns["buyer"],
        seller=columns["seller"],
        sector=columns["sector"].astype(np.int64),
        buyer_start=topology.buyer_start,
        by_seller=topology.by_seller,
        seller_start=topology.seller_start,
        share=columns["share"],
        supply_share=np.zeros(links),
        base_order=np.zeros(links),
        programme_share=np.zeros(int(customers.sum())),
        kind=columns["kind"].astype(np.int8),
        terms=columns["terms"],
        large=columns["large"].astype(np.bool_),
        distance=columns["distance"].astype(np.float64),
        sourcing=sourcing,
        spans=spans,
    )
