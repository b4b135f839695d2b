"""The book of links: outside shares after a tick, empty links, links given to other sellers."""

from __future__ import annotations

import numpy as np
import pytest

from worlds import district, run, world_parameters


@pytest.fixture
def model():
    model = district(makers=30, parameters=world_parameters("default"), seed=3)
    run(model, 6)
    return model


def test_what_leaves_the_district_moves_the_buyers_two_links_outside(model):
    """A tenth of one maker's goods of a sector moves from the rest of the US to abroad."""
    trade = model.trade
    buyer = trade.spans["M"].start + 3
    group = int(np.flatnonzero(trade.group_buyer == buyer)[np.argmax(
        trade.group_us[trade.group_buyer == buyer])])  # fmt: skip
    us, abroad = trade.us_link[buyer], trade.abroad_link[buyer]
    before = trade.share.copy()
    moved = 0.1 * trade.group_us[group]
    trade.group_us[group] -= moved
    trade.group_abroad[group] += moved
    trade.refresh_outside_shares()
    assert moved > 0.0
    assert trade.share[us] == pytest.approx(before[us] - moved, abs=1e-15)
    assert trade.share[abroad] == pytest.approx(before[abroad] + moved, abs=1e-15)
    others = np.ones(len(before), dtype=bool)
    others[[us, abroad]] = False
    np.testing.assert_allclose(trade.share[others], before[others], rtol=1e-12)


def test_refreshing_outside_shares_twice_changes_nothing(model):
    trade = model.trade
    trade.refresh_outside_shares()
    share, price = trade.share.copy(), trade.us_price.copy()
    trade.refresh_outside_shares()
    assert np.array_equal(trade.share, share)
    assert np.array_equal(trade.us_price, price)


def test_what_a_buyer_pays_outside_is_the_mean_of_prices_weighted_with_what_it_buys(model):
    """Only one sector gets dearer, by a fifth; static parts stay at the base price."""
    trade = model.trade
    buyer = trade.spans["M"].start + 3
    mine = trade.group_buyer == buyer
    sector = int(trade.group_sector[mine][np.argmax(trade.group_us[mine])])
    trade.price_us[:] = 1.0
    trade.price_abroad[:] = 1.0
    trade.price_us[sector] = 1.2
    trade.refresh_outside_shares()
    of_sector = trade.group_us[mine & (trade.group_sector == sector)].sum()
    whole = trade.group_us[mine].sum() + trade.sourcing.static_us[buyer]
    assert trade.us_price[buyer] == pytest.approx(1.0 + 0.2 * of_sector / whole, rel=1e-12)
    assert trade.us_price[buyer] > 1.0
    assert trade.abroad_price[buyer] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("book", ["backlog", "ready", "_overdue", "transit", "_ring"])
def test_a_link_is_empty_only_when_nothing_is_open_in_any_of_its_books(model, book):
    trade = model.trade
    link = int(trade.buyer_start[trade.spans["M"].start])
    for name in ("backlog", "ready", "_overdue", "transit", "_ring"):
        getattr(trade, name)[..., link] = 0.0
    assert trade.link_is_empty()[link]
    getattr(trade, book)[..., link] = 1e-9
    assert not trade.link_is_empty()[link]


def test_a_link_given_to_another_seller_is_listed_with_that_seller(model):
    trade = model.trade
    buyer = trade.spans["M"].start + 2
    link = int(trade.buyer_start[buyer])
    old = int(trade.seller[link])
    new = trade.spans["M"].start + (5 if old != trade.spans["M"].start + 5 else 6)
    value = np.zeros(len(trade.seller))
    value[link] = 7.0
    assert trade.of_seller(value)[old] == 7.0
    trade.reassign(np.array([link]), np.array([new]))
    assert trade.of_seller(value)[old] == 0.0
    assert trade.of_seller(value)[new] == 7.0
    assert trade.by_buyer(value)[buyer] == 7.0


def test_after_reassigning_every_link_still_stands_once_with_its_seller(model):
    trade = model.trade
    links = np.array([0, 5, 9])
    makers = trade.spans["M"].start
    trade.reassign(links, np.array([makers + 1, makers + 1, makers + 2]))
    assert np.array_equal(np.sort(trade.by_seller), np.arange(len(trade.seller)))
    for seller in (makers + 1, makers + 2):
        own = trade.by_seller[trade.seller_start[seller] : trade.seller_start[seller + 1]]
        assert np.array_equal(own, np.flatnonzero(trade.seller == seller))


def test_ring_and_overdue_can_be_read_and_not_written(model):
    with pytest.raises(ValueError, match="read-only"):
        model.trade.ring[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        model.trade.overdue[0] = 1.0
