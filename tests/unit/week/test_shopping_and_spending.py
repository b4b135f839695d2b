"""What shops sell from stock and what the local government spends: stage consume; by hand.

Reference: model specification §7.1, §7.18.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.week.consume import next_purchases, sell_from_stock
from worlds import district, run, world_parameters


def sell(demanded, stock, *, price=1.0, margin=0.5, goods_rate=0.0, last_output=0.0, status=ACTIVE):
    """(supplies used, units sold, sales in USD, stock left) of one shop."""
    left, supplies, sold, sales = (np.array([v]) for v in (float(stock), -1.0, -1.0, -1.0))
    sell_from_stock(
        np.array([float(demanded)]),
        np.array([status]),
        np.array([price]),
        margin,
        np.array([goods_rate]),
        np.array([last_output]),
        left,
        supplies,
        sold,
        sales,
    )
    return tuple(float(column[0]) for column in (supplies, sold, sales, left))


def test_a_shop_sells_units_at_landed_cost_plus_its_margin():
    """300 USD at 1.50 a unit: 200 units."""
    assert sell(300, 1000) == (0.0, 200.0, 300.0, 800.0)


def test_a_dearer_shop_sells_fewer_units_for_the_same_money():
    assert sell(300, 1000, price=1.25) == (0.0, 160.0, 300.0, 840.0)


def test_a_shop_sells_no_more_than_it_has_and_the_rest_of_the_money_is_not_spent_there():
    assert sell(300, 150) == (0.0, 150.0, 225.0, 0.0)
    assert sell(300, 0) == (0.0, 0.0, 0.0, 0.0)


def test_supplies_for_own_use_come_out_of_stock_first():
    """A tenth of last week's margin of 400 is used up: 40 units; 110 of 150 are left to sell."""
    assert sell(300, 150, goods_rate=0.1, last_output=400.0) == (40.0, 110.0, 165.0, 0.0)
    assert sell(300, 30, goods_rate=0.1, last_output=400.0) == (30.0, 0.0, 0.0, 0.0)


def test_a_shop_that_closes_sells_nothing():
    assert sell(300, 150, status=CLOSING, goods_rate=0.1, last_output=400.0) == (0, 0, 0, 150)


def test_what_independents_lack_is_bought_at_the_chain_and_what_it_lacks_outside():
    """A district whose shops are empty: all money still leaves the households."""
    model = district(makers=30, parameters=world_parameters("default"), seed=4)
    run(model, 3)
    households, shops, chains = (model.population(letter) for letter in "HRC")
    before = np.array(households.spent_shops_outside)
    usual = float(chains.sales.sum())
    shops.units_on_hand[:] = 0.0
    chains.units_on_hand[:] *= 100.0
    model.ledger.open_week()
    model.stages[3](model)
    assert shops.sales.sum() == 0.0
    assert float(chains.sales.sum()) > 1.2 * usual
    np.testing.assert_allclose(households.spent_shops_outside, before, rtol=0.2)
    chains.units_on_hand[:] = 0.0
    model.stages[3](model)
    assert chains.sales.sum() == 0.0
    assert (households.spent_shops_outside > 2.0 * before).all()
    spent = households.spent_services + households.spent_services_outside
    np.testing.assert_allclose(
        spent + households.spent_shops_outside, households.consumption, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("receipts", "deposit", "spending"),
    [
        (100, 400, 100),  # receipts as before, four weeks of it in hand
        (150, 404, 101),  # a fiftieth of the rise a week
        (100, 1050, 101),  # 650 too much, a thirteenth of it over, a fiftieth of that a week
        (100, 30, 30),  # no more than the deposit
        (0, 0, 0),
    ],
)
def test_a_government_spends_what_it_receives_and_slowly_what_it_has_too_much(
    receipts, deposit, spending
):
    found = next_purchases(100.0, float(receipts), float(deposit), 4.0, 0.02)
    assert found == pytest.approx(spending)


def test_with_speed_zero_a_government_spends_what_it_spent_to_the_bit():
    assert next_purchases(123.456, 999.0, 0.0, 4.0, 0.0) == 123.456
