"""What a unit costs and how prices move; figures by hand.

Reference: model specification §7.7.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.pricing import (
    average_cost,
    block_price,
    move_prices,
    next_price,
    unit_cost,
)


def cost(**changes: object) -> np.ndarray:
    """Cost of a firm with 25, 40, 15, 1 and 3 cents a unit and 160 USD a week fixed on 2,500."""
    given: dict[str, object] = {
        "labour": 0.25,
        "goods": 0.40,
        "services": 0.15,
        "taxes": 0.01,
        "freight": 0.03,
        "fixed": 160.0,
        "capacity": 2500.0,
    }
    return unit_cost(**(given | changes))  # type: ignore[arg-type]


def test_fixed_cost_is_spread_over_four_fifths_of_capacity():
    """160 USD over .8 of 2,500 units is 8 cents a unit."""
    assert cost() == pytest.approx(0.25 + 0.40 + 0.15 + 0.01 + 0.03 + 0.08, rel=1e-15)


def test_the_cost_of_many_firms_is_that_of_each():
    together = cost(labour=np.array([0.25, 0.30]), capacity=np.array([2500.0, 5000.0]))
    assert together.tolist() == [cost(), cost(labour=0.30, capacity=5000.0)]


def test_a_firm_without_capacity_spreads_nothing():
    assert cost(capacity=0.0) == pytest.approx(cost(fixed=0.0), rel=1e-15)


def test_capacity_without_bound_carries_no_fixed_cost_per_unit():
    assert cost(capacity=np.inf) == pytest.approx(cost(fixed=0.0), rel=1e-15)


def test_a_price_closes_a_tenth_of_the_gap_to_cost_and_mark_up():
    """At cost .95 and mark-up .05 the aim is 1; from 1.10 a tenth of the way is 1.09."""
    assert next_price(1.10, 0.95, 0.05, 0.10, 1.0, 3.0) == pytest.approx(1.09, rel=1e-15)
    assert next_price(0.90, 0.95, 0.05, 0.10, 1.0, 3.0) == pytest.approx(0.91, rel=1e-15)


def test_nobody_cuts_its_price_while_its_book_is_full():
    assert next_price(1.10, 0.95, 0.05, 0.10, 3.5, 3.0) == 1.10


def test_a_full_book_does_not_keep_a_price_from_rising():
    assert next_price(0.90, 0.95, 0.05, 0.10, 3.5, 3.0) == pytest.approx(0.91, rel=1e-15)


def test_a_price_that_covers_cost_and_mark_up_stays():
    assert next_price(1.0, 0.95, 0.05, 0.10, 0.0, 3.0) == pytest.approx(1.0, rel=1e-15)


def test_with_speed_zero_no_price_moves_by_a_bit():
    price = np.array([1.0, 1.1, 0.7])
    before = price.tobytes()
    dear, low, book = np.full(3, 2.0), np.zeros(3), np.array([0.0, 5.0, 500.0])
    move_prices(np.ones(3, np.bool_), dear, low, book, np.full(3, 100.0), 0.0, 3.0, price)
    assert price.tobytes() == before


def test_only_firms_that_trade_and_can_produce_set_prices():
    price = np.ones(3)
    active = np.array([True, False, True])
    capacity = np.array([100.0, 100.0, 0.0])
    move_prices(active, np.full(3, 2.0), np.zeros(3), np.zeros(3), capacity, 0.5, 3.0, price)
    assert price.tolist() == [1.5, 1.0, 1.0]


def test_prices_settle_where_cost_and_mark_up_say():
    price = np.array([1.0])
    for _ in range(400):
        move_prices(
            np.ones(1, np.bool_),
            np.array([1.045]),
            np.array([0.05]),
            np.zeros(1),
            np.ones(1),
            0.10,
            3.0,
            price,
        )
    assert price[0] == pytest.approx(1.1, rel=1e-12)


def test_stock_is_worth_what_was_paid_for_it_on_average():
    cost_of_units = average_cost(np.array([120.0, 0.0, 1e-13]), np.array([100.0, 0.0, 1e-9]), 1.05)
    assert cost_of_units.tolist() == [1.2, 1.05, 1.05]


def test_services_get_dearer_by_the_share_of_pay_in_their_cost():
    """Pay of 40 cents a dollar and wages 5 % up: 2 % dearer."""
    assert block_price(0.4, 1.05) == pytest.approx(1.02, rel=1e-15)
    assert block_price(np.array([0.1, 0.9]), 1.0).tolist() == [1.0, 1.0]
