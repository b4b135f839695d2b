"""Draw who buys from whom.

Every buyer has a supplier in the district for each manufacturing sector that has a producer there,
so that a measured local share of purchases can be met exactly. Beyond that one:

* a maker has 2-6 principal suppliers, their sectors drawn as its inputs are (column of A);
* a partner has 10-40, among makers with ten or more employees, sectors likewise;
* a retailer has 8-15, sectors as households buy (basket);
* the chain and each service block know the forty nearest and largest producers of a sector.

A supplier of a sector is drawn with probability proportional to sales^.7 exp(-d/50 miles)
(`start/supplier_choice.py`). Nobody buys from itself where another producer exists. Each draw is
an equal part of what the buyer spends on the sector in the district; the chain and the blocks
split by sales^.7 exp(-d/50).

Outside customers: a maker or partner has n = max(1, round(2 (sales/$250,000)^.5)) of them, and
their parts of its outside sales are exponential draws. Its largest is flagged `large` where a
maker has ten or more employees.

Sources: all counts, the .7 and the 50 miles are assumptions. Left out: suppliers in common among
buyers that know each other; contracts, which are made in the running week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.national import NationalAccounts
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, sector_index
from millworks.start.firms import SyntheticDistrict
from millworks.start.supplier_choice import (
    REACH_MILES,
    SIZE_EXPONENT,
    Buyers,
    Sellers,
    choose_in_row,
    draw_sellers,
)
from millworks.world.streams import Streams

MAKER_SUPPLIERS: Final[tuple[int, int]] = (2, 6)
PARTNER_SUPPLIERS: Final[tuple[int, int]] = (10, 40)
RETAIL_SUPPLIERS: Final[tuple[int, int]] = (8, 15)
BLOCK_SUPPLIERS: Final[int] = 40
PARTNER_MINIMUM: Final[float] = 10.0
"""Employees below which a maker is not a principal supplier of a partner. Assumption."""

OUTSIDE_UNIT_USD: Final[float] = 250_000.0
OUTSIDE_EXPONENT: Final[float] = 0.5
LARGE_CUSTOMER_MINIMUM: Final[float] = 10.0
OUTSIDE_MILES: Final[float] = 500.0
"""Distance to an outside customer: the haul for which the freight table is stated."""

KINDS: Final[tuple[str, ...]] = ("firm", "retail", "chain", "block", "outside")
"""What a link supplies, by the number in `LinkTable.kind`."""
FIRM, RETAIL, CHAIN, BLOCK, OUTSIDE = range(5)

_MADE: Final[NDArray[np.int64]] = np.flatnonzero(MANUFACTURING)
_BLOCKS: Final[NDArray[np.int64]] = np.flatnonzero(~MANUFACTURING)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class AgentIds:
    """Global ids of a district: makers, partners, retailers, one chain, the blocks, the outside."""

    makers: int
    partners: int
    retailers: int

    @property
    def first_retailer(self) -> int:
        """Id of the first retailer; makers and partners, the sellers, come before it."""
        return self.makers + self.partners

    @property
    def chain(self) -> int:
        """Id of the chain."""
        return self.first_retailer + self.retailers

    @property
    def blocks(self) -> Integers:
        """Ids of the 15 service blocks, in sector order of the sectors outside manufacturing."""
        return self.chain + 1 + np.arange(len(_BLOCKS))

    def block(self, sector: str) -> int:
        """Id of the block of a sector, e.g. `"TRN"`."""
        return self.chain + 1 + int(np.searchsorted(_BLOCKS, sector_index(sector)))

    @property
    def outside(self) -> int:
        """Id that stands for all customers outside."""
        return self.chain + 1 + len(_BLOCKS)

    @property
    def total(self) -> int:
        """Number of ids."""
        return self.outside + 1


@dataclass(frozen=True, eq=False)
class LinkTable:
    """Supply links as columns, sorted by buyer, sector, seller.

    `buyer`, `seller`: global ids (`AgentIds`). `sector`: the seller's, index into the 34. `weight`:
    share of the buyer's local purchases of that sector, sums to one per buyer and sector; of links
    to the outside, share of the seller's outside sales, sums to one per seller. `kind`: index into
    `KINDS`. `distance`: miles. `large`: the customer is large to the seller.
    """

    ids: AgentIds
    buyer: Integers
    seller: Integers
    sector: Integers
    weight: NDArray[np.float32]
    kind: NDArray[np.int8]
    distance: NDArray[np.float32]
    large: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.buyer)


def build_links(
    district: SyntheticDistrict, national: NationalAccounts, streams: Streams
) -> LinkTable:
    """Return the supply links of a district. Deterministic from the seed of `streams`."""
    ids = AgentIds(len(district.makers), len(district.partners), len(district.retailers))
    sellers = _sellers(district)
    parts = [
        _chosen(buyers, sellers, streams) for buyers in _groups(district, national, ids, sellers)
    ]
    parts.append(_aggregate_buyers(sellers, ids))
    parts.append(_outside_customers(district, streams, ids))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    buyer, seller, weight, distance, large = columns
    sector = sellers.sector[seller]
    order = np.lexsort((seller, sector, buyer))
    buyer, seller, sector = buyer[order], seller[order], sector[order]
    return LinkTable(
        ids=ids,
        buyer=buyer,
        seller=seller,
        sector=sector,
        weight=weight[order].astype(np.float32),
        kind=_kind(buyer, ids),
        distance=distance[order].astype(np.float32),
        large=large[order].astype(bool),
    )


def _sellers(district: SyntheticDistrict) -> Sellers:
    makers, partners = district.makers, district.partners
    sector = np.concatenate([makers.sector, partners.sector])
    sales = np.concatenate([makers.sales, partners.sales])
    return Sellers(
        sector=sector,
        x=np.concatenate([makers.x_miles, partners.x_miles]),
        y=np.concatenate([makers.y_miles, partners.y_miles]),
        pull=(sales / OUTSIDE_UNIT_USD) ** SIZE_EXPONENT,
        roster=[np.flatnonzero(sector == s) for s in _MADE],
        supplies_partners=np.concatenate(
            [makers.employment >= PARTNER_MINIMUM, np.zeros(len(partners), dtype=bool)]
        ),
    )


def _groups(
    district: SyntheticDistrict, national: NationalAccounts, ids: AgentIds, sellers: Sellers
) -> Iterator[Buyers]:
    inputs = national.A[np.ix_(_MADE, _MADE)].T
    anyone = np.ones(len(sellers.sector), dtype=bool)
    makers, partners, retailers = district.makers, district.partners, district.retailers
    for firms, first, bounds, name, only in (
        (makers, 0, MAKER_SUPPLIERS, "supplier", anyone),
        (partners, ids.makers, PARTNER_SUPPLIERS, "partner_supplier", sellers.supplies_partners),
    ):
        yield Buyers(
            ids=first + np.arange(len(firms)),
            key=firms.key,
            x=firms.x_miles,
            y=firms.y_miles,
            sector_weights=inputs,
            row=np.searchsorted(_MADE, firms.sector),
            range=bounds,
            count_purpose=f"{name}_count",
            choice_purpose=f"{name}_choice",
            only=only,
        )
    yield Buyers(
        ids=ids.first_retailer + np.arange(len(retailers)),
        key=retailers.key,
        x=retailers.x_miles,
        y=retailers.y_miles,
        sector_weights=national.basket[_MADE][None],
        row=np.zeros(len(retailers), dtype=np.int64),
        range=RETAIL_SUPPLIERS,
        count_purpose="retail_supplier_count",
        choice_purpose="retail_supplier_choice",
        only=anyone,
    )


def _chosen(buyers: Buyers, sellers: Sellers, streams: Streams) -> tuple[NDArray, ...]:
    """Links of buyers that draw their suppliers: one for each sector and the principal ones."""
    n = len(buyers.ids)
    least, most = buyers.range
    available = np.array([buyers.only[r].any() for r in sellers.roster])
    weights = buyers.sector_weights * available
    count = least + np.floor(
        streams.uniform(buyers.count_purpose, buyers.key) * (most - least + 1)
    ).astype(np.int64)
    count[weights.sum(axis=1)[buyers.row] <= 0] = 0
    # One row per principal supplier; even draws say its sector, odd ones who it is.
    who = np.repeat(np.arange(n), count)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    u_sector = streams.uniform(buyers.choice_purpose, buyers.key[who], draw=2 * nth)
    u_seller = streams.uniform(buyers.choice_purpose, buyers.key[who], draw=2 * nth + 1)
    wanted = choose_in_row(np.cumsum(weights, axis=1), buyers.row[who], u_sector)

    pairs = []
    everyone = np.arange(n)
    for s, roster in enumerate(sellers.roster):
        if not len(roster):
            continue
        u = streams.uniform("sector_supplier", buyers.key, draw=s)
        pairs.append(draw_sellers(buyers, sellers, roster, everyone, u))
        mine = wanted == s
        if mine.any():
            eligible = roster[buyers.only[roster]]
            pairs.append(draw_sellers(buyers, sellers, eligible, who[mine], u_seller[mine]))
    buyer = np.concatenate([p[0] for p in pairs])
    seller = np.concatenate([p[1] for p in pairs])
    code, parts = np.unique(buyer * len(sellers.sector) + seller, return_counts=True)
    buyer, seller = np.divmod(code, len(sellers.sector))
    group = buyer * N_SECTORS + sellers.sector[seller]
    total = np.bincount(group, parts)
    distance = np.hypot(buyers.x[buyer] - sellers.x[seller], buyers.y[buyer] - sellers.y[seller])
    return (
        buyers.ids[buyer],
        seller,
        parts / total[group],
        distance,
        np.zeros(len(buyer), dtype=bool),
    )


def _aggregate_buyers(sellers: Sellers, ids: AgentIds) -> tuple[NDArray, ...]:
    """Links of the chain and the blocks, which stand at the centre."""
    distance = np.hypot(sellers.x, sellers.y)
    attraction = sellers.pull * np.exp(-distance / REACH_MILES)
    known, share = [], []
    for roster in sellers.roster:
        if not len(roster):
            continue
        best = roster[np.argsort(-attraction[roster], kind="stable")[:BLOCK_SUPPLIERS]]
        known.append(best)
        share.append(attraction[best] / attraction[best].sum())
    seller, weight = np.concatenate(known), np.concatenate(share)
    buyers = np.append(ids.chain, ids.blocks)
    n = len(buyers)
    return (
        np.repeat(buyers, len(seller)),
        np.tile(seller, n),
        np.tile(weight, n),
        np.tile(distance[seller], n),
        np.zeros(n * len(seller), dtype=bool),
    )


def outside_customer_count(sales: Floats) -> Integers:
    """Return customers outside of firms with `sales` (USD of 2022 a year): 1 at least."""
    return np.maximum(1, np.rint(2.0 * (sales / OUTSIDE_UNIT_USD) ** OUTSIDE_EXPONENT)).astype(
        np.int64
    )


def _outside_customers(
    district: SyntheticDistrict, streams: Streams, ids: AgentIds
) -> tuple[NDArray, ...]:
    makers, partners = district.makers, district.partners
    key = np.concatenate([makers.key, partners.key])
    count = outside_customer_count(np.concatenate([makers.sales, partners.sales]))
    seller = np.repeat(np.arange(len(key)), count)
    first = np.cumsum(count) - count
    nth = np.arange(len(seller)) - first[seller]
    part = streams.exponential("outside_customer_weight", key[seller], draw=nth)
    weight = part / np.bincount(seller, part)[seller]
    largest = weight >= np.maximum.reduceat(weight, first)[seller]
    flagged = np.append(
        makers.employment >= LARGE_CUSTOMER_MINIMUM, np.zeros(len(partners), dtype=bool)
    )
    return (
        np.full(len(seller), ids.outside),
        seller,
        weight,
        np.full(len(seller), OUTSIDE_MILES),
        largest & flagged[seller],
    )


def _kind(buyer: Integers, ids: AgentIds) -> NDArray[np.int8]:
    edges = [ids.first_retailer, ids.chain, ids.chain + 1, ids.outside]
    return np.searchsorted(edges, buyer, side="right").astype(np.int8)
