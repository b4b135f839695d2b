"""Storage by the pallet: what is asked for, who gets it, what it makes room for; figures by hand.

Reference: model specification §7.6, §7.11, §8.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.economy import space
from millworks.programmes import storage

PRICES = space.price_list()
FEE = 12.0 * 12.0 / 52.0
"""USD per pallet and week."""


def asked(
    *,
    floor=8_400.0,
    jobs=14.0,
    inputs=200_000.0,
    finished=50_000.0,
    stock=50_000.0,
    orders=25_000.0,
    money=1e9,
    contribution=0.15,
    fee=FEE,
    status=ACTIVE,
):
    """Pallets that one maker asks for: a pound a unit, 4 weeks of cover, all orders from stock.

    By default 14 people leave 1,400 sq ft of 8,400, room for 100 pallets; inputs fill 200, finished
    goods 50, and the stock aimed at is 4 x 25,000 units, another 50 pallets.
    """
    out = np.array([-1.0])
    columns = (fee, floor, jobs, inputs, finished, stock, orders, orders, 1.0, 0.8, money)
    storage.ask_for_storage(
        np.array([status]),
        *(np.array([float(value)]) for value in (*columns, contribution, 1.0)),
        0.1,
        4.0,
        1.0,
        PRICES,
        out,
    )
    return float(out[0])


def test_what_the_floor_has_no_room_for_is_asked_to_be_stored():
    assert asked() == pytest.approx(200 + 50 + 50 - 100)


def test_people_take_the_floor_before_goods_do():
    assert storage.own_pallets(8_400.0, 14.0, PRICES) == pytest.approx(100.0)
    assert storage.own_pallets(8_400.0, 20.0, PRICES) == 0.0
    assert asked(jobs=20) == pytest.approx(300.0)


def test_a_maker_with_room_asks_for_nothing():
    assert asked(floor=7_000 + 300 * 14) == 0.0
    assert asked(floor=7_000 + 299 * 14) == pytest.approx(1.0)


def test_stock_that_money_cannot_build_takes_no_space():
    """16,000 USD at .80 a unit is 20,000 units, 20 pallets of the 50 that are missing."""
    assert asked(money=16_000) == pytest.approx(170.0)
    assert asked(money=-5_000) == pytest.approx(150.0)


@pytest.mark.parametrize(("contribution", "pallets"), [(0.025, 200.0), (0.02, 0.0), (-0.1, 0.0)])
def test_storage_is_taken_only_if_the_sales_it_serves_pay_for_it(contribution, pallets):
    """200 pallets cost 553.85 a week and hold 100,000 units of finished goods, which serve sales of
    25,000 a week: they must leave 2.2 cents each."""
    assert asked(contribution=contribution) == pytest.approx(pallets)


def test_nobody_asks_who_closes_or_has_no_offer():
    assert asked(status=CLOSING) == 0.0
    assert asked(fee=0.0) == 0.0


@pytest.mark.parametrize(
    ("wish", "before", "capacity", "after"),
    [
        ((30, 20), (0, 0), 100, (30, 20)),  # room for all
        ((30, 20), (0, 0), 25, (15, 10)),  # all new: in proportion
        ((30, 20), (30, 0), 40, (30, 10)),  # who stores already keeps what it has
        ((60, 20), (30, 0), 40, (36, 4)),  # and asks for more like the others
        ((10, 20), (30, 0), 40, (10, 20)),  # what it gives up is free for others
        ((30, 20), (30, 20), 25, (15, 10)),  # a smaller warehouse: all give up the same part
        ((0, 0), (30, 20), 25, (0, 0)),
    ],
)
def test_space_is_kept_by_who_came_first_and_the_rest_is_shared(wish, before, capacity, after):
    stored = np.array(before, dtype=float)
    storage.grant_storage(np.array(wish, dtype=float), float(capacity), stored)
    assert stored == pytest.approx(after)


def test_goods_stored_outside_leave_room_for_as_much():
    """Room for 100 pallets, 150 stored outside, 200 held: 50,000 units more; others keep theirs."""
    room = np.array([7.0, 7.0, 7.0])
    storage.room_with_storage(
        np.array([8_400.0, 8_400.0, 5_000.0]),
        np.array([14.0, 14.0, 14.0]),
        np.array([150.0, 0.0, 210.0]),
        np.full(3, 200_000.0),
        np.ones(3),
        PRICES,
        room,
    )
    assert room == pytest.approx([50_000.0, 7.0, 10_000.0], rel=1e-4)
