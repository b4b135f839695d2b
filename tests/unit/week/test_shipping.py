"""What leaves a maker, what the freight costs and when it is paid: stage ship; figures by hand.

Reference: model specification §7.10, §7.11.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy import freight
from millworks.week.ship import (
    LONGEST_DELAY,
    charge_freight,
    draw_delays,
    part_to_ship,
    remember_freight,
)
from millworks.world.link_kernels import price_shipments, ship_links
from millworks.world.streams import Streams


def made_ready(output, backlog, *, finished=None, ready=0.0, aim=0.0, order_part=1.0, spot=0.0):
    """Part of one maker's backlog made ready; `finished`: stock with this week's output in it."""
    finished = output if finished is None else finished
    part = np.array([-1.0])
    part_to_ship(
        *(np.array([float(v)]) for v in (output, finished, ready, aim, order_part, spot, backlog)),
        part,
    )
    return float(part[0])


@pytest.mark.parametrize(("output", "backlog", "part"), [(50, 100, 0.5), (80, 80, 1), (0, 0, 1)])
def test_what_is_made_is_shipped_and_spread_over_all_orders(output, backlog, part):
    assert made_ready(output, backlog) == part


def test_spot_orders_leave_from_stock_even_when_nothing_is_made():
    """30 of a backlog of 100 were promised from stock."""
    assert made_ready(0, 100, finished=30, spot=30) == pytest.approx(0.3)


def test_stock_beyond_its_aim_goes_to_those_who_wait():
    """60 in stock of which 45 are aimed at: 15 more than the 40 that were made."""
    assert made_ready(40, 100, finished=100, aim=45) == pytest.approx(0.55)


def test_stock_up_to_its_aim_is_kept_for_spot_orders():
    assert made_ready(40, 100, finished=85, aim=45) == pytest.approx(0.4)


def test_output_meant_for_stock_does_not_go_to_those_who_wait():
    """Of 40 made a quarter was meant for stock, which is at its aim."""
    assert made_ready(40, 100, finished=85, aim=45, order_part=0.75) == pytest.approx(0.3)


def test_goods_that_are_packed_for_others_are_not_shipped_twice():
    """100 in stock, 90 of them ready for earlier orders, nothing made."""
    assert made_ready(0, 50, finished=100, ready=90) == pytest.approx(0.2)


def test_nobody_ships_more_than_was_ordered():
    assert made_ready(500, 100, finished=500) == 1.0


def test_a_link_ships_what_is_ready_in_its_own_weeks():
    """Links 0 and 1 ship every two weeks, in turn; link 2 every week."""
    backlog, ready, made, transit, shipped = (np.zeros(3) for _ in range(5))
    seller, interval = np.zeros(3, dtype=np.int64), np.array([2, 2, 1])
    sent = []
    for week in range(4):
        backlog += 10.0
        ship_links(np.array([0.5]), seller, interval, week, backlog, ready, made, transit, shipped)
        sent.append(shipped.tolist())
    assert [row[0] > 0.0 for row in sent] == [True, False, True, False]
    assert [row[1] > 0.0 for row in sent] == [False, True, False, True]
    assert [row[2] for row in sent] == [5.0, 7.5, 8.75, 9.375]
    assert sent[1][1] == pytest.approx(5.0 + 7.5)
    np.testing.assert_allclose(backlog + ready + np.sum(sent, axis=0), 40.0)


def freight_of(shipped, *, scale=1.0, pounds=2.0, sector=0):
    """Freight, USD, of two links of 500 and 100 miles."""
    tariff = freight.price_list()
    parcel, ltl, truck = freight.distance_factors([500.0, 100.0], tariff)
    cost = np.zeros(2)
    charge_freight(
        np.array(shipped, dtype=float),
        np.array([pounds]),
        np.array([scale]),
        parcel,
        ltl,
        truck,
        freight.rail_costs([500.0, 100.0], tariff),
        tariff,
        np.full(2, sector),
        cost,
    )
    return cost


def test_each_link_that_ships_pays_for_one_shipment_of_its_weight():
    """100 lb over 500 miles by parcel: 5.5 + .71 · 100, in dollars of 2022."""
    tariff = freight.price_list()
    by_hand = tariff.parcel_fixed + 100.0 * tariff.parcel_per_pound
    assert freight_of([50.0, 0.0]).tolist() == [pytest.approx(by_hand), 0.0]
    both = freight_of([50.0, 50.0]).sum()
    assert by_hand < both < 2.0 * by_hand


def test_dust_on_a_link_and_goods_of_no_sector_cost_nothing():
    assert freight_of([1e-7, 0.0])[0] == 0.0
    assert freight_of([50.0, 50.0], sector=1)[0] == 0.0


def test_the_tariff_is_scaled_by_sector():
    assert freight_of([50.0, 80.0], scale=0.5)[0] == 0.5 * freight_of([50.0, 80.0])[0]


def test_freight_per_unit_is_remembered_and_settles_at_what_is_paid():
    per_unit = np.array([0.05, 0.05])
    cost, shipped, usual = np.array([8.0, 8.0]), np.array([100.0, 100.0]), np.array([100.0, 0.0])
    remember_freight(cost, shipped, usual, per_unit)
    assert per_unit.tolist() == [pytest.approx(0.05 + 0.05 * 0.03), 0.05]
    for _ in range(500):
        remember_freight(cost, shipped, usual, per_unit)
    assert per_unit[0] == pytest.approx(0.08, rel=1e-9)


def test_a_shipment_every_fourth_week_counts_as_much_as_four_weekly_ones():
    """Lumpy weeks: 400 units for 20 USD, then nothing three times; the mean is .05."""
    per_unit, usual = np.array([0.05]), np.array([100.0])
    mean = []
    for week in range(400):
        goes = week % 4 == 0
        remember_freight(np.array([20.0 * goes]), np.array([400.0 * goes]), usual, per_unit)
        mean.append(per_unit[0])
    assert np.mean(mean[-40:]) == pytest.approx(0.05, rel=0.02)


def delays(chance, mean, week=3, payers=4000):
    late = np.full(payers + 10, 9)
    streams = Streams(5)
    draw_delays(
        np.arange(payers), late, week, *streams.key, streams.code("payment_lateness"), chance, mean
    )
    assert (late[payers:] == 9).all()  # who is no large payer has no delay drawn
    return late[:payers]


def test_large_payers_let_as_many_invoices_lie_as_the_chance_says():
    late = delays(0.38, 1.2)
    assert (late > 0).mean() == pytest.approx(0.38, abs=0.03)


def test_invoices_that_lie_lie_for_whole_weeks_of_the_mean_and_no_longer_than_six():
    """Geometric from one week on: the mean is the parameter, a little less for the cut."""
    late = delays(1.0, 1.2, payers=20_000)
    assert late.min() == 1
    assert late.max() == LONGEST_DELAY
    assert late.mean() == pytest.approx(1.2, abs=0.02)


def test_with_chance_zero_everybody_pays_in_time():
    assert (delays(0.0, 1.2) == 0).all()


def test_delays_of_another_week_are_others():
    assert (delays(0.38, 1.2, week=3) != delays(0.38, 1.2, week=4)).any()


def test_an_invoice_is_units_at_the_sellers_price_and_at_a_premium_where_a_refusal_led():
    """Agent 0 buys over three links: from maker 1 at 1.1, outside at 1.2, abroad at .9.

    Of 50 units from the rest of the US 10 were refused elsewhere; the premium is 8 %.
    """
    amount = np.zeros(3)
    price_shipments(
        np.array([100.0, 50.0, 20.0]),
        np.array([1.0, 1.1]),
        np.array([1, 1, 1]),
        np.array([1, -1]),
        np.array([2, -1]),
        np.array([1.2, 1.0]),
        np.array([0.9, 1.0]),
        np.array([10.0, 0.0]),
        0.08,
        amount,
    )
    np.testing.assert_allclose(amount, [110.0, (50.0 + 0.8) * 1.2, 18.0])
