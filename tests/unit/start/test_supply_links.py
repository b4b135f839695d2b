"""Who buys from whom: everybody is supplied, shares add up, nobody supplies itself."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from millworks.economy.national import national_accounts
from millworks.economy.places import load_place
from millworks.economy.sectors import MANUFACTURING
from millworks.start.firms import synthesise
from millworks.start.links import (
    BLOCK,
    CHAIN,
    FIRM,
    OUTSIDE,
    RETAIL,
    build_links,
    outside_customer_count,
)
from millworks.start.supplier_choice import Buyers, Sellers, draw_sellers
from millworks.world.streams import Streams

NATIONAL = national_accounts(2022)


@cache
def world(name, seed=1):
    place = load_place(name, 300) if name == "generic" else load_place(name)
    d = synthesise(place, NATIONAL, Streams(seed))
    return d, build_links(d, NATIONAL, Streams(seed))


PLACES = ["generic", "hickory", "warsaw", "brooklyn"]


def sellers_of(d):
    return np.concatenate([d.makers.sector, d.partners.sector])


@pytest.mark.parametrize("name", PLACES)
def test_every_buyer_has_a_supplier_in_every_sector_that_has_a_producer(name):
    d, links = world(name)
    inside = links.kind != OUTSIDE
    pairs = set(zip(links.buyer[inside].tolist(), links.sector[inside].tolist(), strict=True))
    sectors = set(sellers_of(d).tolist())
    assert len(pairs) == links.ids.outside * len(sectors)
    assert all(MANUFACTURING[s] for s in sectors)


@pytest.mark.parametrize("name", PLACES)
def test_shares_of_each_buyer_in_each_sector_sum_to_one(name):
    _, links = world(name)
    inside = links.kind != OUTSIDE
    group = links.buyer[inside] * 34 + links.sector[inside]
    total = np.bincount(group, links.weight[inside].astype(float))
    assert total[np.unique(group)] == pytest.approx(1.0, abs=1e-6)
    assert (links.weight > 0).all()


@pytest.mark.parametrize("name", PLACES)
def test_nobody_buys_from_itself_where_another_producer_exists(name):
    d, links = world(name)
    producers = np.bincount(sellers_of(d), minlength=34)
    own = links.buyer == links.seller
    assert (producers[links.sector[own]] == 1).all()


@pytest.mark.parametrize("name", PLACES)
def test_links_carry_the_sellers_sector_and_are_sorted(name):
    d, links = world(name)
    assert np.array_equal(links.sector, sellers_of(d)[links.seller])
    rows = np.column_stack([links.buyer, links.sector, links.seller])
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    assert np.array_equal(order, np.arange(len(links)))
    inside = links.kind != OUTSIDE
    assert len(np.unique(rows[inside], axis=0)) == inside.sum()


def test_ids_run_makers_partners_retailers_chain_blocks_outside():
    d, links = world("hickory")
    ids = links.ids
    assert ids.first_retailer == len(d.makers) + len(d.partners)
    assert ids.chain == ids.first_retailer + len(d.retailers)
    assert ids.blocks.tolist() == list(range(ids.chain + 1, ids.outside))
    assert ids.block("AGR") == ids.blocks[0]
    assert ids.block("GOV") == ids.blocks[-1]
    assert ids.total == ids.outside + 1
    for kind, low, high in (
        (FIRM, 0, ids.first_retailer),
        (RETAIL, ids.first_retailer, ids.chain),
        (CHAIN, ids.chain, ids.chain + 1),
        (BLOCK, ids.chain + 1, ids.outside),
        (OUTSIDE, ids.outside, ids.total),
    ):
        buyers = links.buyer[links.kind == kind]
        assert low <= buyers.min() <= buyers.max() < high


@pytest.mark.parametrize("name", PLACES)
def test_outside_customers_follow_the_formula_of_sales(name):
    d, links = world(name)
    sales = np.concatenate([d.makers.sales, d.partners.sales])
    outside = links.kind == OUTSIDE
    count = np.bincount(links.seller[outside], minlength=len(sales))
    assert np.array_equal(count, np.maximum(1, np.rint(2 * np.sqrt(sales / 250_000))))
    total = np.bincount(links.seller[outside], links.weight[outside].astype(float))
    assert total == pytest.approx(1.0, abs=1e-5)


def test_a_firm_of_a_quarter_million_has_two_customers_and_the_smallest_has_one():
    assert outside_customer_count(np.array([1e3, 250e3, 1e6, 25e6])).tolist() == [1, 2, 4, 20]


def test_only_makers_of_ten_or_more_have_one_large_customer():
    d, links = world("hickory")
    flagged = links.seller[links.large]
    assert (links.kind[links.large] == OUTSIDE).all()
    assert sorted(flagged) == np.flatnonzero(d.makers.employment >= 10).tolist()


def test_the_same_seed_gives_the_same_links_and_another_seed_others():
    (d, one), (_, other) = world("warsaw"), world("warsaw", seed=2)
    again = build_links(d, NATIONAL, Streams(1))
    for name in ("buyer", "seller", "sector", "weight", "kind", "distance", "large"):
        assert np.array_equal(getattr(one, name), getattr(again, name))
    assert not np.array_equal(one.seller[:100], other.seller[:100])


def test_a_buyers_suppliers_do_not_depend_on_how_many_other_buyers_there_are():
    d, links = world("hickory")
    few = replace(d.retailers, **{name: column[:40] for name, column in vars(d.retailers).items()})
    fewer = build_links(replace(d, retailers=few), NATIONAL, Streams(1))
    first, last = links.ids.first_retailer, links.ids.first_retailer + 40
    for name in ("seller", "sector", "weight", "distance"):
        kept = [getattr(t, name)[(t.buyer >= 0) & (t.buyer < last)] for t in (links, fewer)]
        assert np.array_equal(*kept)
    assert fewer.ids.first_retailer == first


def test_principal_suppliers_are_as_many_as_the_kind_of_buyer_has():
    d, links = world("hickory")
    sectors = len(np.unique(sellers_of(d)))
    count = np.bincount(links.buyer, minlength=links.ids.total)
    makers, partners = count[: links.ids.makers], count[links.ids.makers : links.ids.first_retailer]
    retailers = count[links.ids.first_retailer : links.ids.chain]
    # One for each sector, and principal ones beyond, some of which fall on the same seller.
    assert sectors <= makers.min() <= makers.max() <= sectors + 6
    assert sectors + 2 < partners.mean() <= sectors + 40
    assert sectors + 4 < retailers.mean() <= sectors + 15


def test_suppliers_are_drawn_by_size_and_nearness():
    n = 40_000
    sellers = Sellers(
        sector=np.zeros(3, dtype=np.int64),
        x=np.array([1.0, 1.0, 51.0]),
        y=np.array([1.0, 1.0, 1.0]),
        pull=np.array([2.0, 1.0, 1.0]),
        roster=[np.arange(3)],
        supplies_partners=np.ones(3, dtype=bool),
    )
    # All stand in the centre of a square, so distances are exact; the first is seller 0 itself.
    buyers = Buyers(
        ids=np.r_[0, np.arange(3, n + 2)],
        key=np.arange(n),
        x=np.ones(n),
        y=np.ones(n),
        sector_weights=np.ones((1, 1)),
        row=np.zeros(n, dtype=np.int64),
        range=(1, 1),
        count_purpose="test",
        choice_purpose="test",
        only=np.ones(3, dtype=bool),
    )
    u = (np.arange(n) + 0.5) / n
    _, drawn = draw_sellers(buyers, sellers, np.arange(3), np.arange(n), u)
    share = np.bincount(drawn) / n
    attraction = np.array([2.0, 1.0, np.exp(-1.0)])
    assert share == pytest.approx(attraction / attraction.sum(), abs=1e-3)
    _, own = draw_sellers(buyers, sellers, np.arange(3), np.zeros(n, dtype=np.int64), u)
    assert np.bincount(own, minlength=3)[0] == 0
    others = np.array([1.0, np.exp(-1.0)])
    assert np.bincount(own)[1:] / n == pytest.approx(others / others.sum(), abs=1e-3)


def test_distances_are_between_the_firms():
    d, links = world("hickory")
    x = np.concatenate([d.makers.x_miles, d.partners.x_miles])
    y = np.concatenate([d.makers.y_miles, d.partners.y_miles])
    of = links.kind == FIRM
    b, s = links.buyer[of], links.seller[of]
    assert links.distance[of] == pytest.approx(
        np.hypot(x[b] - x[s], y[b] - y[s]), rel=1e-5, abs=1e-5
    )
    assert (links.distance[links.kind == OUTSIDE] == 500).all()
