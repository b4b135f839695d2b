"""How much is made, with how many hands and from what: stages plan and produce; figures by hand.

Reference: model specification §7.6, §7.8, §7.9.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.agents.producer import CAPACITY, CASH, INPUTS, LABOUR, SPACE
from millworks.week.plan import least_limit, next_hands, plan_week, stock_aimed_at
from millworks.week.produce import make_goods, producible


@pytest.mark.parametrize(
    ("held", "money", "room", "aim", "why"),
    [
        (40, 1e9, 1e9, 100, -1),  # nothing cuts it
        (40, 60, 1e9, 70, CASH),  # 60 USD add 30 units at 2 USD
        (40, 1e9, 25, 65, SPACE),  # floor for 25 units more
        (40, 60, 25, 65, SPACE),  # both; the floor is the tighter
        (40, 20, 25, 50, CASH),  # both; money is the tighter
        (40, -60, 1e9, 40, CASH),  # without money nothing is added, nothing given up
        (40, 1e9, -25, 40, SPACE),
        (120, -60, -25, 100, -1),  # stock above the aim needs neither
    ],
)
def test_stock_is_built_up_as_far_as_money_and_floor_allow(held, money, room, aim, why):
    """100 units aimed at, at 2 USD each."""
    found = stock_aimed_at(100.0, float(held), 2.0, float(money), float(room))
    assert found == (pytest.approx(aim), why)


@pytest.mark.parametrize(
    ("want", "capacity", "hands", "inputs", "payable", "cut", "made", "why"),
    [
        (80, 100, 100, 1e9, 1e9, False, 80, -1),
        (130, 100, 200, 1e9, 1e9, False, 100, CAPACITY),
        (130, 100, 99, 1e9, 1e9, False, 99, CAPACITY),  # hands within 2 % of capacity
        (130, 100, 60, 1e9, 1e9, False, 60, LABOUR),
        (80, 100, 100, 50, 1e9, False, 50, INPUTS),
        (80, 100, 100, 50, 1e9, True, 50, CASH),  # money kept the inputs from being ordered
        (80, 100, 60, 50, 20, False, 20, CASH),
        (80, 100, 60, 50, 0, False, 0, CASH),
    ],
)
def test_output_is_the_least_of_all_limits_and_the_last_to_cut_it_is_named(
    want, capacity, hands, inputs, payable, cut, made, why
):
    values = (float(v) for v in (want, capacity, hands, inputs, payable))
    assert least_limit(*values, cut) == (made, why)


def test_hiring_closes_part_of_the_gap_each_week_and_slows_where_labour_is_scarce():
    assert next_hands(60.0, 100.0, 0.15, 1.0) == pytest.approx(66.0)
    assert next_hands(60.0, 100.0, 0.15, 0.5) == pytest.approx(63.0)


def test_hands_leave_at_two_thirds_of_the_speed_of_hiring():
    assert next_hands(100.0, 40.0, 0.15, 1.0) == pytest.approx(94.0)
    assert next_hands(100.0, 40.0, 0.15, 0.0) == pytest.approx(94.0)


def test_at_the_speed_of_linear_mode_hands_are_what_is_wanted_to_the_bit():
    for wanted in (17.3, 170.3):
        assert next_hands(100.0, wanted, 1.5, 1.0) == pytest.approx(wanted, rel=1e-15)


class Plant:
    """One maker that plans a week; amounts in units, money in USD, changes by keyword."""

    def __init__(self, **changes: float) -> None:
        usual = dict(
            status=ACTIVE, moving=False, orders=100, accepted=1, backlog=100, spot_served=0,
            spot_share=0, free_stock=0, capacity=200, inputs=math.inf, pay_per_unit=0.3,
            unit_cost=0.8, money=math.inf, payable=math.inf, room=math.inf, inputs_cut=False,
            staff=100, demand_forecast=100, potential_forecast=100,
        )  # fmt: skip
        kinds = {"status": np.int64, "moving": np.bool_, "inputs_cut": np.bool_}
        given = usual | changes
        self.columns = {
            name: np.array([value], dtype=kinds.get(name, np.float64))
            for name, value in given.items()
        }
        for name in ("finished_aim", "order_part", "planned", "hours"):
            self.columns[name] = np.array([-1.0])
        for name in ("bind", "stock_bind"):
            self.columns[name] = np.array([9])

    def week(self, *, alpha=0.15, cover=2.0, season=1.0, work_weeks=2.0, speed=1.5, hiring=1.0):
        plan_week(
            **self.columns,
            alpha=alpha,
            cover=cover,
            season=season,
            work_weeks=work_weeks,
            speed=speed,
            hiring=hiring,
        )
        return {name: column[0] for name, column in self.columns.items()}


def test_an_order_book_is_worked_off_over_the_weeks_of_work():
    """A backlog of 100 over two weeks: 50 a week, nothing for stock."""
    found = Plant().week()
    assert found["planned"] == pytest.approx(50.0)
    assert found["bind"] == -1


def test_what_will_be_sold_from_stock_is_made_and_a_gap_closed_over_four_weeks():
    """Half of 100 from stock, two weeks of cover: aim 100, of which 20 are there.

    50 for the orders in hand over two weeks: 25; 50 sold from stock; (100 - 20) / 4 = 20.
    """
    plant = Plant(spot_share=0.5, backlog=50, free_stock=20)
    found = plant.week()
    assert found["finished_aim"] == pytest.approx(100.0)
    assert found["planned"] == pytest.approx(25.0 + 50.0 + 20.0)
    assert found["order_part"] == pytest.approx(25.0 / 95.0)


def test_stock_is_built_before_the_season():
    assert Plant(spot_share=0.5).week(season=1.2)["finished_aim"] == pytest.approx(120.0)


def test_surplus_stock_lowers_what_is_made_but_orders_in_hand_are_not_given_up():
    assert Plant(spot_share=0.5, free_stock=1e6).week()["planned"] == pytest.approx(50.0)


def test_forecasts_follow_what_was_taken_and_potential_what_was_asked():
    found = Plant(orders=200, accepted=0.7).week()
    assert found["demand_forecast"] == pytest.approx(106.0)
    assert found["potential_forecast"] == pytest.approx(115.0)


def test_hands_that_cannot_be_paid_next_week_are_sent_home():
    """15 USD pay 50 units' worth of hands at .30; 100 are employed and stay employed."""
    found = Plant(payable=15, backlog=200).week(speed=0.15)
    assert found["hours"] == pytest.approx(50.0)
    assert found["planned"] == pytest.approx(50.0)
    assert found["bind"] == CASH
    assert found["staff"] == pytest.approx(100.0)


def test_a_maker_that_is_moving_makes_nothing_but_pays_its_hands():
    found = Plant(moving=True).week(speed=0.15)
    assert found["planned"] == 0.0
    assert found["hours"] == pytest.approx(found["staff"])
    assert found["staff"] > 0.0


def test_a_firm_that_closes_plans_nothing_and_lets_its_hands_go():
    found = Plant(status=CLOSING).week()
    assert (found["planned"], found["hours"], found["staff"]) == (0.0, 0.0, 0.0)
    assert (found["bind"], found["stock_bind"]) == (-1, -1)


@pytest.mark.parametrize(
    ("planned", "on_hand", "rate", "made"), [(100, 40, 0.4, 100), (100, 20, 0.4, 50), (9, 0, 0, 9)]
)
def test_inputs_are_needed_in_fixed_proportion(planned, on_hand, rate, made):
    assert producible(float(planned), float(on_hand), float(rate)) == pytest.approx(made)


def test_what_is_made_uses_the_recipe_and_draws_inputs_at_their_average_cost():
    """500 units that cost 600 USD: 40 units cost 48. The second firm's inputs run out."""
    output, used, cost = np.zeros(2), np.zeros(2), np.zeros(2)
    stock, inventory = np.array([500.0, 20.0]), np.array([600.0, 24.0])
    rates = np.array([0.4, 0.4])
    make_goods(np.array([100.0, 200.0]), rates, output, used, cost, stock, inventory)
    np.testing.assert_allclose(output, [100.0, 50.0])
    np.testing.assert_allclose(used, [40.0, 20.0])
    np.testing.assert_allclose(cost, [48.0, 24.0])
    np.testing.assert_allclose(stock, [460.0, 0.0])


def test_inputs_are_never_drawn_below_nothing():
    draws = np.random.default_rng(3)
    planned, rates, stock = (draws.exponential(scale, 1000) for scale in (100.0, 0.5, 60.0))
    inventory = stock * 1.1
    output, used, cost = np.zeros(1000), np.zeros(1000), np.zeros(1000)
    left = stock.copy()
    make_goods(planned, rates, output, used, cost, left, inventory)
    assert (left >= 0.0).all()
    assert (cost <= inventory).all()
    np.testing.assert_allclose(used, stock - left, atol=1e-9)
