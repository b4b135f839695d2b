"""What is ordered, accepted, made and shipped: stages restock to ship; figures by hand.

Reference: model specification §7.1, §7.2, §7.5, §7.6, §7.8, §7.13; T6, T7 and T9 give the answers.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from millworks.week.accept import accepted_part, grant
from millworks.week.order import order_inputs
from millworks.week.overhead import wear_and_replace
from millworks.week.produce import make_goods
from millworks.week.restock import (
    economic_lot,
    order_up_to,
    reorder_point,
    restock_cover,
    restock_shops,
)
from millworks.week.ship import part_to_ship
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


def test_every_order_is_accepted_within_the_lead_time_nobody_minds():
    assert accepted_part(0.0, 3.0, 6.0) == 1.0
    assert accepted_part(3.0, 3.0, 6.0) == 1.0


def test_acceptance_falls_by_a_factor_e_for_each_patience_of_further_waiting():
    assert accepted_part(9.0, 3.0, 6.0) == pytest.approx(math.exp(-1.0), rel=1e-15)


@pytest.mark.parametrize("excess", [1.05, 1.3, 2.0])
def test_demand_above_capacity_settles_at_the_lead_time_customers_bear(excess):
    """T9: ℓ* = ℓ_0 + τ ln(D/K), weeks of work after orders are in; 1 %."""
    capacity, patience_from, patience = 100.0, 3.0, 40.0
    orders, backlog, limit, accepted = one(excess * capacity, 0.0, capacity, 0.0)
    for _ in range(2000):
        grant(orders, backlog, limit, accepted, patience_from, patience)
        before_work = backlog[0]
        backlog[0] -= min(capacity, backlog[0])
    lead = (before_work - capacity) / capacity
    assert lead == pytest.approx(patience_from + patience * math.log(excess), rel=0.01)


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
    """T6: Q = sqrt(2 K_o 52 d / h); at the lot both costs of a year are equal."""
    order_cost, weekly, holding = 60.0, 830.0, 0.25
    lot = economic_lot(weekly, order_cost, holding)
    assert lot == pytest.approx(math.sqrt(2 * 60 * 52 * 830 / 0.25), rel=1e-15)
    assert order_cost * 52 * weekly / lot == pytest.approx(holding * lot / 2, rel=1e-12)


def test_without_sales_or_ordering_costs_there_is_no_lot():
    assert economic_lot(0.0, 60.0, 0.25) == 0.0
    assert economic_lot(830.0, 0.0, 0.25) == 0.0


def test_a_shop_orders_up_to_its_level_only_when_the_point_is_reached():
    assert order_up_to(21.0, 20.0, 50.0) == 0.0
    assert order_up_to(20.0, 20.0, 50.0) == 30.0
    assert order_up_to(12.0, 20.0, 50.0) == 38.0


def test_rounding_does_not_put_off_an_order():
    assert order_up_to(20.0 + 1e-12, 20.0, 50.0) > 0.0


def test_lot_for_lot_a_shop_replaces_exactly_what_it_sold():
    """Spec §9.4: K_o = z = 0 and a fixed forecast: order = sales of the week."""
    used, supplies, forecast, deviation, ordered = one(130.0, 0.0, 100.0, 0.0, 0.0)
    position = np.array([2.0 * 100.0 - 130.0])
    restock_shops(
        used, supplies, position, forecast, deviation, ordered, 0.0, 1.0, 0.7, 0.0, 0.0, 0.25
    )
    assert ordered[0] == pytest.approx(130.0)


def test_supplies_for_own_use_are_not_ordered_twice():
    """Supplies are replaced on their own; the order of goods for sale leaves them out."""
    used, supplies, forecast, deviation, ordered = one(100.0, 20.0, 100.0, 0.0, 0.0)
    position = np.array([2.0 * 100.0 - 100.0 - 20.0])
    restock_shops(
        used, supplies, position, forecast, deviation, ordered, 0.0, 1.0, 0.7, 0.0, 0.0, 0.25
    )
    assert ordered[0] == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("position", "ordered"), [(500.0, 0.0), (420.0, 80.0), (0.0, 500.0), (600.0, 0.0)]
)
def test_a_chain_keeps_five_weeks_of_sales_and_never_sends_goods_back(position, ordered):
    used, supplies, at, forecast, order = one(100.0, 0.0, position, 100.0, 0.0)
    restock_cover(used, supplies, at, forecast, order, 0.15, 5.0)
    assert order[0] == ordered


def test_forecasts_move_by_their_weight_toward_what_happened():
    used, position, forecast, ordered = one(200.0, 0.0, 100.0, 0.0)
    order_inputs(used, position, forecast, ordered, 0.15, 3.5)
    assert forecast[0] == pytest.approx(115.0)
    assert ordered[0] == pytest.approx(3.5 * 115.0)


def test_a_steady_forecast_answers_a_step_in_sales_once_and_for_all():
    """With α = 0 the order of each week is what was used the week before."""
    forecast, ordered = one(100.0, 0.0)
    position = 3.5 * 100.0
    for used in (100.0, 130.0, 130.0, 90.0):
        position -= used
        order_inputs(np.array([used]), np.array([position]), forecast, ordered, 0.0, 3.5)
        assert ordered[0] == pytest.approx(used)
        position += ordered[0]


def test_output_is_what_is_planned_up_to_capacity_and_uses_the_recipe():
    output, used = np.zeros(2), np.zeros(2)
    stock = np.array([500.0, 500.0])
    make_goods(
        np.array([100.0, 300.0]),
        np.array([200.0, 200.0]),
        np.array([0.4, 0.4]),
        output,
        used,
        stock,
    )
    assert output.tolist() == [100.0, 200.0]
    assert used.tolist() == [40.0, 80.0]
    assert stock.tolist() == [460.0, 420.0]


def test_what_is_made_is_shipped_and_spread_over_all_orders():
    part = np.zeros(3)
    part_to_ship(np.array([50.0, 80.0, 0.0]), np.array([100.0, 80.0, 0.0]), part)
    assert part.tolist() == [0.5, 1.0, 1.0]


def test_capital_that_wears_is_replaced_as_far_as_cash_reaches():
    """7 % a year of 52,000 is 70 a week; the second firm has only 30, the third lags behind."""
    worn, replaced = np.zeros(3), np.zeros(3)
    wear_and_replace(
        np.array([52_000.0, 52_000.0, 51_000.0]),
        np.full(3, 52_000.0),
        np.array([1e6, 30.0, 1e6]),
        0.07,
        worn,
        replaced,
    )
    np.testing.assert_allclose(worn, [-70.0, -70.0, -0.07 * 51_000 / 52])
    np.testing.assert_allclose(replaced, [70.0, 30.0, 1000.0 + 0.07 * 51_000 / 52])


def test_a_firm_without_cash_replaces_nothing():
    worn, replaced = np.zeros(1), np.zeros(1)
    wear_and_replace(*one(52_000.0, 52_000.0, 0.0), 0.07, worn, replaced)
    assert replaced[0] == 0.0
