"""What shops and producers order: stages restock and order; figures by hand.

Reference: model specification §7.1, §7.2, §7.6; T6 and T7 give the answers.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.week.order import order_inputs
from millworks.week.restock import (
    economic_lot,
    order_up_to,
    reorder_point,
    restock_cover,
    restock_shops,
)
from millworks.world.averages import newest_weight


def one(*values: float) -> tuple[np.ndarray, ...]:
    return tuple(np.array([float(value)]) for value in values)


def test_without_memory_the_newest_week_is_all_that_counts():
    assert newest_weight(0.0) == 1.0


@pytest.mark.parametrize("weeks", [1.0, 4.0, 13.0])
def test_after_one_half_life_half_of_an_income_step_has_reached_spending(weeks):
    smoothed = 0.0
    for _ in range(int(weeks)):
        smoothed += newest_weight(weeks) * (1.0 - smoothed)
    assert smoothed == pytest.approx(0.5, rel=1e-12)


def test_reorder_point_covers_demand_over_the_lead_time_and_the_week_of_review():
    """Certain demand of 10 a week, one week under way: reorder at 20."""
    assert reorder_point(10.0, 0.0, 1.0, 0.0, 1.645) == 20.0


def test_safety_stock_grows_with_uncertain_demand_and_uncertain_delivery():
    """s = d(L+1) + z sqrt((L+1) σ² + d² σ_L²), σ = 1.25 times the mean absolute error."""
    by_hand = 10 * 3 + 1.645 * math.sqrt(3 * (1.25 * 4) ** 2 + 10**2 * 0.7**2)
    assert reorder_point(10.0, 4.0, 2.0, 0.7, 1.645) == pytest.approx(by_hand, rel=1e-15)


def test_the_reorder_point_leaves_stock_in_the_promised_share_of_weeks():
    """T7: with normal demand and base stock, P(no stock-out) = Φ(z), within a point."""
    service, lead, demand, spread = 1.645, 2, 100.0, 15.0
    # The mean absolute error of a normal draw is σ sqrt(2/π), which the rule takes as σ / 1.25.
    deviation = spread * math.sqrt(2.0 / math.pi)
    level = reorder_point(demand, deviation, float(lead), 0.0, service)
    draws = np.random.default_rng(7).normal(demand, spread, (200_000, lead + 1))
    assert (draws.sum(axis=1) <= level).mean() == pytest.approx(NormalDist().cdf(service), abs=0.01)


def test_the_economic_lot_balances_ordering_and_holding():
    """T6: Q = sqrt(2 K_o 52 d c / h) / c; at the lot both costs of a year are equal."""
    order_cost, weekly, holding = 60.0, 830.0, 0.25
    lot = economic_lot(weekly, order_cost, holding, 1.0)
    assert lot == pytest.approx(math.sqrt(2 * 60 * 52 * 830 / 0.25), rel=1e-15)
    assert order_cost * 52 * weekly / lot == pytest.approx(holding * lot / 2, rel=1e-12)


def test_goods_four_times_as_dear_are_ordered_in_lots_half_as_large():
    """What is held costs in proportion to its price, what is ordered does not."""
    lot = economic_lot(830.0, 60.0, 0.25, 1.0)
    assert economic_lot(830.0, 60.0, 0.25, 4.0) == pytest.approx(lot / 2.0, rel=1e-15)


def test_without_sales_or_ordering_costs_there_is_no_lot():
    assert economic_lot(0.0, 60.0, 0.25, 1.0) == 0.0
    assert economic_lot(830.0, 0.0, 0.25, 1.0) == 0.0


def test_a_shop_orders_up_to_its_level_only_when_the_point_is_reached():
    assert order_up_to(21.0, 20.0, 50.0) == 0.0
    assert order_up_to(20.0, 20.0, 50.0) == 30.0
    assert order_up_to(12.0, 20.0, 50.0) == 38.0


def test_rounding_does_not_put_off_an_order():
    assert order_up_to(20.0 + 1e-12, 20.0, 50.0) > 0.0


def restock(used, position, *, supplies=0.0, cost=1.0, money=1e9, status=ACTIVE, forecast=100.0,
            alpha=0.0, lead=1.0, order_cost=0.0):  # fmt: skip
    """Units that one shop orders, and its new forecast; no uncertainty, no safety stock."""
    firm_forecast, deviation, ordered = one(forecast, 0.0, -1.0)
    restock_shops(
        *one(used, supplies, position, cost, money),
        np.array([status]),
        firm_forecast,
        deviation,
        ordered,
        alpha,
        lead,
        0.7,
        0.0,
        order_cost,
        0.25,
    )
    return float(ordered[0]), float(firm_forecast[0])


def test_lot_for_lot_a_shop_replaces_exactly_what_it_sold():
    """Spec §9.4: K_o = z = 0 and a fixed forecast: order = sales of the week."""
    assert restock(130.0, 2.0 * 100.0 - 130.0)[0] == pytest.approx(130.0)


def test_supplies_for_own_use_are_not_ordered_twice():
    """Supplies are replaced on their own; the order of goods for sale leaves them out."""
    assert restock(100.0, 2.0 * 100.0 - 100.0 - 20.0, supplies=20.0)[0] == pytest.approx(100.0)


def test_a_shop_orders_no_more_than_its_money_pays_for():
    """100 wanted at 1.25 USD each; 50 USD buy 40."""
    assert restock(100.0, 100.0, cost=1.25, money=50.0)[0] == pytest.approx(40.0)
    assert restock(100.0, 100.0, money=-5.0)[0] == 0.0


def test_a_shop_that_closes_orders_nothing_and_its_forecast_rests():
    assert restock(100.0, 0.0, status=CLOSING, alpha=0.5, forecast=60.0) == (0.0, 60.0)


@pytest.mark.parametrize(
    ("position", "ordered"), [(500.0, 0.0), (420.0, 80.0), (0.0, 500.0), (600.0, 0.0)]
)
def test_a_chain_keeps_five_weeks_of_sales_and_never_sends_goods_back(position, ordered):
    used, supplies, at, forecast, order = one(100.0, 0.0, position, 100.0, 0.0)
    restock_cover(used, supplies, at, forecast, order, 0.15, 5.0)
    assert order[0] == ordered


def ask(used, position, *, affordable=np.inf, status=ACTIVE, forecast=100.0, alpha=0.0,
        cover=3.5):  # fmt: skip
    """(units ordered, forecast, whether money cut the order) of one producer."""
    use, ordered = one(forecast, -1.0)
    short = np.array([False])
    order_inputs(
        *one(used, position, affordable), np.array([status]), use, ordered, short, alpha, cover
    )
    return float(ordered[0]), float(use[0]), bool(short[0])


def test_forecasts_move_by_their_weight_toward_what_happened():
    ordered, forecast, _ = ask(200.0, 0.0, alpha=0.15)
    assert forecast == pytest.approx(115.0)
    assert ordered == pytest.approx(3.5 * 115.0)


def test_a_steady_forecast_answers_a_step_in_sales_once_and_for_all():
    """With α = 0 the order of each week is what was used the week before."""
    position = 3.5 * 100.0
    for used in (100.0, 130.0, 130.0, 90.0):
        position -= used
        ordered, *_ = ask(used, position)
        assert ordered == pytest.approx(used)
        position += ordered


def test_inputs_that_money_cannot_buy_are_not_ordered_and_the_shortage_is_remembered():
    assert ask(100.0, 250.0, affordable=60.0) == (60.0, 100.0, True)
    assert ask(100.0, 250.0, affordable=100.0) == (100.0, 100.0, False)
    assert ask(100.0, 250.0, affordable=-20.0) == (0.0, 100.0, True)


def test_a_producer_that_closes_orders_no_inputs():
    assert ask(200.0, 0.0, status=CLOSING, alpha=0.5) == (0.0, 100.0, False)
