"""Links close and open at the tick; small markets, figures by hand.

Reference: model specification §7.3.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_market import SmallMarket


def test_a_seller_that_has_left_loses_its_links_and_others_take_them_over():
    market = SmallMarket(theta=[0.15, 0.10, 0.05])
    market.trading[1] = False
    assert market.close() == 1
    np.testing.assert_allclose(market.share_base, [0.0, 0.20, 0.10], atol=1e-15)
    np.testing.assert_allclose(market.share, [0.0, 0.20, 0.10], atol=1e-15)
    assert market.totals()[0] == pytest.approx(1.0, rel=1e-15)


def test_without_another_local_supplier_the_rest_of_the_us_serves():
    market = SmallMarket(links=1, sellers=1)
    market.trading[1] = False
    market.close()
    assert market.share.tolist() == [0.0]
    assert market.group_us[0] == pytest.approx(0.9)
    market.move(0.5)
    assert market.group_us[0] == pytest.approx(0.9, rel=1e-14)


def test_a_supplier_that_has_lost_nearly_all_orders_loses_the_link():
    market = SmallMarket()
    market.share[0], market.group_us[0] = 0.015, 0.685
    assert market.close() == 1
    assert market.share_base[0] == 0.0
    assert market.totals()[0] == pytest.approx(1.0, rel=1e-15)


def test_a_small_supplier_keeps_its_link_as_long_as_it_keeps_its_orders():
    """Both 1 % of what the buyer spends there, but one from the start."""
    market = SmallMarket(theta=[0.01, 0.10, 0.19])
    assert market.close() == 0


def test_supplies_for_a_shops_own_use_move_with_its_links():
    market = SmallMarket(theta=[0.15, 0.10, 0.05])
    market.supply_share[:] = [0.3, 0.2, 0.1]
    market.trading[1] = False
    market.close()
    np.testing.assert_allclose(market.supply_share, [0.0, 0.4, 0.2], atol=1e-15)


def closed_market(**settings: int) -> SmallMarket:
    """Every buyer's first seller has left, others could supply."""
    market = SmallMarket(sellers=6, **settings)
    market.trading[market.buyers] = False
    market.close()
    return market


def test_a_closed_link_finds_a_supplier_with_the_mean_share_of_the_others():
    market = closed_market()
    assert market.open(1.0) == 1
    np.testing.assert_allclose(market.share_base, [0.1, 0.1, 0.1], rtol=1e-14)
    np.testing.assert_allclose(market.share, [0.1, 0.1, 0.1], rtol=1e-14)
    assert market.seller[0] in {4, 5, 6}
    assert market.totals()[0] == pytest.approx(1.0, rel=1e-14)


def test_where_nobody_supplied_the_local_part_comes_back_from_the_rest_of_the_us():
    market = SmallMarket(links=1, sellers=2)
    market.trading[1] = False
    market.close()
    assert market.open(1.0) == 1
    assert market.seller.tolist() == [2]
    assert market.share[0] == pytest.approx(0.3)
    assert market.group_us[0] == pytest.approx(0.6)


def test_with_chance_zero_no_link_opens():
    assert closed_market(buyers=50).open(0.0) == 0


def test_links_open_as_often_as_their_chance_says():
    """3,000 buyers that look at a chance of .05: 150 find, within four standard deviations."""
    market = SmallMarket(buyers=3000, links=1, sellers=2)
    market.trading[3000] = False
    market.close()
    empty = int((market.share_base == 0.0).sum())
    assert market.open(0.05) == pytest.approx(0.05 * empty, abs=4 * (0.05 * 0.95 * empty) ** 0.5)


@pytest.mark.parametrize("book", ["backlog", "ready", "overdue", "transit", "ring"])
def test_a_link_on_which_something_is_open_is_not_given_away(book):
    market = closed_market()
    getattr(market, book)[..., 0] = 1.0
    assert market.open(1.0) == 0


def test_nobody_is_found_where_all_are_full():
    market = closed_market()
    market.spare[:] = 0.0
    before = market.share.tobytes()
    assert market.open(1.0) == 0
    assert market.share.tobytes() == before


def test_a_buyer_that_no_longer_trades_looks_for_nobody():
    market = closed_market()
    market.trading[0] = False
    assert market.open(1.0) == 0


def test_near_makers_with_spare_capacity_are_found_more_often():
    """Two candidates: one with twice the capacity, one nearer by 50 ln 2 miles: even chances."""
    market = SmallMarket(buyers=4000, links=1, sellers=3)
    gone, large, near = 4000, 4001, 4002
    market.seller[:] = gone
    market.trading[gone] = False
    market.close()
    market.spare[large], market.spare[near] = 2.0, 1.0
    market.x[large] = 50.0 * np.log(2.0)
    assert market.open(1.0) == 4000
    assert (market.seller == near).mean() == pytest.approx(0.5, abs=4 * 0.5 / 4000**0.5)


def test_no_supplier_is_found_twice_by_the_same_buyer():
    market = closed_market(buyers=40)
    market.open(1.0)
    for group in range(40):
        held = market.seller[group * 3 : group * 3 + 3]
        assert len(set(held.tolist())) == 3


def test_the_luck_of_a_buyer_does_not_hang_on_others():
    many, few = closed_market(buyers=40), closed_market(buyers=40)
    few.trading[1:40] = False
    many.open(0.5)
    few.open(0.5)
    assert many.seller[:3].tolist() == few.seller[:3].tolist()
