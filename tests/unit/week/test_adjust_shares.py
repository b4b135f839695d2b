"""The share rule: pull, reliability, prices of rivals; figures by hand.

Reference: model specification §7.3.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_market import SmallMarket

from millworks.world.markets import (
    move_market_shares,
    pull,
    remember_reliability,
    rivals_price,
    split_between,
    write_outside_pull,
    write_pull,
)


def test_a_supplier_as_at_the_start_pulls_one():
    assert pull(0.9, 0.9, 1.0, 1.0, 2.0, 3.0) == 1.0


def test_dearer_suppliers_pull_less_and_better_ones_as_if_they_were_cheaper():
    """10 % dearer at elasticity 3: 1.1^-3; as much better: no difference."""
    assert pull(0.9, 0.9, 1.1, 1.0, 2.0, 3.0) == pytest.approx(1.1**-3, rel=1e-14)
    assert pull(0.9, 0.9, 1.1, 1.1, 2.0, 3.0) == pytest.approx(1.0, rel=1e-14)


def test_half_as_reliable_pulls_a_quarter():
    assert pull(0.45, 0.9, 1.0, 1.0, 2.0, 3.0) == pytest.approx(0.25, rel=1e-14)


def test_a_supplier_that_has_left_pulls_nobody():
    out = np.ones(2)
    ones = np.ones(2)
    write_pull(np.array([True, False]), ones, ones, ones, ones, 2.0, 3.0, out)
    assert out.tolist() == [1.0, 0.0]


def test_dearer_imports_pull_less():
    out = np.zeros(2)
    write_outside_pull(np.array([1.0, 1.25]), 3.0, out)
    np.testing.assert_allclose(out, [1.0, 1.25**-3])


def remembered(accepted: float, backlog: float, capacity: float, weight: float) -> float:
    fill = np.array([0.8])
    given = (np.array([value]) for value in (accepted, backlog, capacity))
    remember_reliability(np.ones(1, np.bool_), *given, 3.0, weight, fill)
    return float(fill[0])


def test_what_is_accepted_and_delivered_within_the_time_nobody_minds_counts():
    assert remembered(0.9, 300.0, 100.0, 1.0) == pytest.approx(0.9)


def test_a_queue_twice_as_long_halves_what_is_in_time():
    assert remembered(0.9, 600.0, 100.0, 1.0) == pytest.approx(0.45)


def test_reliability_is_remembered_with_the_weight_of_the_week():
    assert remembered(1.0, 0.0, 100.0, 0.25) == pytest.approx(0.8 + 0.25 * 0.2)


def test_without_capacity_or_bound_on_time_reliability_has_its_limits():
    assert remembered(1.0, 0.0, 0.0, 1.0) == 0.8
    assert remembered(1.0, 5.0, np.inf, 1.0) == 1.0


def test_shares_go_where_the_rule_says():
    """Three of .1 each, one 10 % dearer; U .6, W .1 at a tariff of 25 %."""
    market = SmallMarket()
    market.pull[1] = 1.1**-3
    market.move(1.0, abroad_pull=1.25**-3)
    weight = 0.1 * 1.1**-3 + 0.2 + 0.6 + 0.1 * 1.25**-3
    np.testing.assert_allclose(market.share, np.array([0.1 * 1.1**-3, 0.1, 0.1]) / weight)
    assert market.group_us[0] == pytest.approx(0.6 / weight)
    assert market.group_abroad[0] == pytest.approx(0.1 * 1.25**-3 / weight)


def test_a_tick_closes_a_twentieth_of_the_gap():
    market, aim = SmallMarket(), SmallMarket()
    market.pull[1] = aim.pull[1] = 0.5
    market.move(0.05)
    aim.move(1.0)
    np.testing.assert_allclose(market.share, 0.1 + 0.05 * (aim.share - 0.1), rtol=1e-14)


def test_with_speed_zero_no_share_moves_by_a_bit():
    market = SmallMarket(theta=[0.1, 0.07, 0.13])
    market.pull[:] = [1.0, 0.3, 2.0, 1.7]
    before = market.share.tobytes() + market.group_us.tobytes() + market.group_abroad.tobytes()
    market.move(0.0, 0.9, 0.8)
    after = market.share.tobytes() + market.group_us.tobytes() + market.group_abroad.tobytes()
    assert before == after


def test_rivals_raise_their_price_with_their_own_sales():
    price = np.ones(3)
    rivals_price(np.array([1.1, 1.0, 5.0]), np.array([1.0, 1.0, 0.0]), 0.05, np.ones(3), price)
    np.testing.assert_allclose(price, [1.1**0.05, 1.0, 1.0])


def test_rivals_without_a_response_keep_their_price_to_the_bit():
    price = np.ones(2)
    rivals_price(np.array([1.3, 0.2]), np.ones(2), 0.0, np.ones(2), price)
    assert price.tolist() == [1.0, 1.0]


def test_dearer_chains_lose_shoppers_to_independents():
    """.6 at 5 % dearer and elasticity 3."""
    aim = split_between(0.6, 1.05, 1.0, 3.0)
    assert aim == pytest.approx(0.6 * 1.05**-3 / (0.6 * 1.05**-3 + 0.4), rel=1e-14)
    assert split_between(0.6, 1.0, 1.0, 3.0) == pytest.approx(0.6, rel=1e-15)


def outside_market(
    pulls: list[float], trading: list[bool], speed: float
) -> tuple[list[float], float]:
    """Shares of two makers with 10 and 20 units a week beside rivals with 70, and rivals' sales."""
    share, us_sales = np.ones(2), np.zeros(1)
    move_market_shares(
        np.zeros(2, dtype=np.int64),
        np.array([10.0, 20.0]),
        np.array(trading),
        np.array(pulls),
        np.array([70.0]),
        np.ones(1),
        speed,
        share,
        us_sales,
    )
    return share.tolist(), float(us_sales[0])


def test_in_the_market_outside_makers_win_from_each_other_and_from_rivals():
    share, us_sales = outside_market([2.0, 1.0], [True, True], 1.0)
    assert share == pytest.approx([2.0 / 1.1, 1.0 / 1.1])
    assert us_sales == pytest.approx(70.0 / 1.1)


def test_rivals_serve_the_customers_of_a_maker_that_has_left():
    share, us_sales = outside_market([0.0, 1.0], [False, True], 1.0)
    assert share == pytest.approx([1.0, 1.0])
    assert us_sales == pytest.approx(80.0)


def test_with_speed_zero_the_market_outside_stands_still_to_the_bit():
    assert outside_market([2.0, 0.3], [True, True], 0.0) == ([1.0, 1.0], 70.0)
