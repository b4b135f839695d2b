"""Pools of shippers by hand: who meets, what each pays, what is expected. USD and lb.

Reference: model specification §7.10, T14 (cost → full truck / n, where stops cost nothing). At 500
miles a shared truck costs 120 + .20 w, a whole one 1,130/.833, handling 12 a pallet of 1,000 lb.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from millworks.economy import freight
from millworks.world.shared_freight import (
    LOCAL_ZONES,
    expected_cost,
    gains_in_a_truck,
    match,
    merged_part,
    share_trucks,
    zone_of,
)

TARIFF = freight.price_list()
TRUCK = 1_130.0 / 0.833
KEY = (np.uint64(7), np.uint64(11))
SURE = 1e-6
"""m_half at which any other shipment is met."""


def shared(
    pounds,
    *,
    half=SURE,
    simulated=1.0,
    handling=12.0,
    stop=0.0,
    zones=None,
    makers=None,
    scale=1.0,
    week=3,
    many=1,
):
    """Shipments over 500 miles: what each costs, owes the pool, and whether it was merged."""
    pounds = np.asarray(pounds, np.float64)
    count = len(pounds)
    own = np.array([scale * freight.domestic_cost(w, 1.0, 1.0, TRUCK, TARIFF) for w in pounds])
    cost, handled, delivered = (np.zeros(count) for _ in range(3))
    ones, merged = np.ones(count), np.zeros(count, dtype=np.bool_)
    share_trucks(
        np.arange(count),
        np.arange(count) if makers is None else np.asarray(makers),
        np.zeros(count, np.int64) if zones is None else np.asarray(zones),
        np.zeros(count, np.int64), np.array([float(many)]),
        pounds, own, scale * ones, handling * ones, stop * ones, ones, ones, TRUCK * ones,
        np.inf * ones, TARIFF, half, simulated, week, *KEY, 110, cost, handled, delivered, merged,
    )  # fmt: skip
    return own, cost, handled + delivered, merged


@pytest.mark.parametrize(
    ("others", "chance"), [(0.0, 0.0), (-1.0, 0.0), (4.0, 0.5), (8.0, 0.75), (40.0, 1 - 2**-10)]
)
def test_half_of_all_shipments_meet_others_where_there_are_m_half_of_them(others, chance):
    assert match(others, 4.0) == pytest.approx(chance, abs=1e-12)


def test_two_shipments_by_shared_truck_save_exactly_one_fixed_part():
    """1,000 and 2,000 lb: 320 + 520 apart, 120 + 600 together, by weight 240 and 480."""
    own, cost, fee, merged = shared([1_000.0, 2_000.0])
    assert own == pytest.approx([320.0, 520.0])
    assert cost == pytest.approx([240.0, 480.0])
    assert own.sum() - cost.sum() == pytest.approx(120.0)
    assert fee == pytest.approx([12.0, 24.0])
    assert merged.all()


def test_what_a_pool_saves_is_the_fixed_part_times_the_match():
    """Expected: match (120 - 120 w/W) less handling, for shipments that stay in a shared truck."""
    for others in (1.0, 2.0, 4.0):
        chance = match(others, 4.0)
        together = 1_000.0 + chance * others * 1_000.0
        expected = expected_cost(
            1_000.0, 320.0, others, 1_000.0, 4.0, 1.0, 12.0, 0.0, 0.0, 1.0, 1.0, TRUCK, TARIFF,
            math.inf,
        )  # fmt: skip
        saved = chance * (120.0 - 120.0 * 1_000.0 / together - 12.0)
        assert 320.0 - expected == pytest.approx(saved)


@pytest.mark.parametrize("n", [8, 20, 40])
def test_the_cost_of_each_of_n_goes_to_a_nth_of_a_full_truck(n):
    _, cost, fee, merged = shared(np.full(n, 1_000.0))
    assert merged.all()
    assert cost == pytest.approx(np.full(n, TRUCK / n), abs=1e-9)
    assert fee == pytest.approx(np.full(n, 12.0), abs=1e-9)


def test_a_pool_whose_trucks_are_full_saves_no_more():
    paid = [float(shared(np.full(n, 1_000.0))[1][0]) for n in (10, 20, 40, 80, 160)]
    assert paid[0] > paid[1] > paid[2]
    assert paid[2:] == pytest.approx([TRUCK / 40.0] * 3, abs=1e-9)


def test_more_members_meet_more_often():
    met = [shared(np.full(n, 500.0), half=4.0)[3].mean() for n in (2, 5, 20, 400)]
    assert met[0] < 0.6
    assert met[-1] == 1.0
    assert sorted(met) == met


def test_who_is_alone_in_a_zone_pays_its_own_freight_and_no_handling():
    own, cost, fee, merged = shared([1_000.0, 1_000.0], zones=[0, 1])
    assert cost == pytest.approx(own)
    assert not fee.any()
    assert not merged.any()


def test_a_truckload_and_a_shipment_that_would_not_gain_stay_out_of_the_pool():
    """36,000 lb in a full truck: 1,221 and handling 432, against 1,357 alone."""
    own, cost, _, merged = shared([40_000.0, 36_000.0, 1_000.0, 1_000.0])
    assert merged.tolist() == [False, False, True, True]
    assert cost[:2] == pytest.approx(own[:2])
    assert not gains_in_a_truck(36_000.0, TRUCK, TRUCK, 12.0, 0.0, TARIFF)
    assert gains_in_a_truck(20_000.0, TRUCK, TRUCK, 12.0, 0.0, TARIFF)


def test_in_a_scale_model_makers_that_are_not_simulated_are_met_too():
    """One of 1,000 lb in a fifth of the place meets four more: a fifth of 120 + 1,000 each."""
    _, cost, _, merged = shared([1_000.0], simulated=0.2)
    assert merged.all()
    assert cost == pytest.approx([(120.0 + 1_000.0) / 5.0])
    # Spread over four zones one is expected in each: half of 120 + 400.
    _, cost, _, _ = shared([1_000.0], simulated=0.2, many=4)
    assert cost == pytest.approx([(120.0 + 400.0) / 2.0])


def test_the_factor_of_a_sector_scales_freight_and_not_handling():
    assert merged_part(
        1_000.0, 2_000.0, 3.0, 12.0, 0.0, 1.0, 1.0, TRUCK, TARIFF, math.inf
    ) == pytest.approx(3.0 * 260.0 + 12.0)


def test_orders_that_are_not_shipped_alone_count_on_the_pool_only():
    expected = expected_cost(
        1_000.0, math.inf, 4.0, 1_000.0, 4.0, 1.0, 12.0, 0.0, 0.0, 1.0, 1.0, TRUCK, TARIFF,
        math.inf,
    )  # fmt: skip
    together = 1_000.0 + 0.5 * 4.0 * 1_000.0
    assert expected == pytest.approx(((120.0 + 0.2 * together) / 3.0 + 12.0) / 0.5)


# --- stops at doors


@pytest.mark.parametrize("n", [2, 4, 10])
def test_n_shipments_to_a_zone_pay_for_n_minus_one_doors_there(n):
    """The first stop is in the freight of any shipment. In parts of 4,000 lb, so that all gain."""
    _, cost, due, merged = shared(np.full(n, 4_000.0), stop=30.0, handling=0.0)
    assert merged.all()
    assert due.sum() == pytest.approx(30.0 * (n - 1))
    together = min(120.0 + 0.2 * n * 4_000.0, TRUCK)
    assert cost == pytest.approx(np.full(n, together / n))


def test_a_heavy_part_pays_less_of_the_other_doors_than_a_light_one():
    """3,000 and 9,000 lb: 3/4 and 1/4 of a stop."""
    assert shared([3_000.0, 9_000.0], stop=40.0, handling=0.0)[2] == pytest.approx([30.0, 10.0])


def test_who_would_pay_more_than_alone_withdraws_and_the_others_are_asked_again():
    """Nine of 4,000 lb share a truck, 151 each and 30 (1 - w/W); one of 200 lb, 160 alone, not."""
    own, cost, due, merged = shared([*[4_000.0] * 9, 200.0], stop=200.0, handling=0.0)
    assert merged.tolist() == [True] * 9 + [False]
    assert cost[9] == own[9]
    assert cost[:9] == pytest.approx([TRUCK / 9.0] * 9)
    assert due.sum() == pytest.approx(200.0 * 8.0)


def test_two_who_fill_no_truck_share_none_where_stops_cost_more_than_they_save():
    """Of 1,000 lb: sharing saves 60 each, and costs 12 and half a stop, and one at the door."""
    assert not shared([1_000.0, 1_000.0], stop=75.0)[3].any()
    assert not shared([1_000.0, 1_000.0], stop=35.0)[3].any()
    assert shared([1_000.0, 1_000.0], stop=30.0)[3].all()


def test_one_stop_at_its_door_serves_all_of_a_makers_shipments_of_the_week():
    """To two zones 60 - 12 - 20 = 28 is saved on each, against 40 at the door; its partners' 28."""
    pounds, zones = [1_000.0] * 4, [0, 0, 1, 1]
    assert not shared(pounds, zones=zones, stop=40.0)[3].any()
    both = shared(pounds, zones=zones, makers=[0, 1, 0, 1], stop=40.0)
    assert both[3].all()
    assert both[2] == pytest.approx([12.0 + 20.0] * 4)


def test_what_is_expected_holds_the_stops():
    """1,000 of 3,000 lb: two thirds of a stop in the zone, and the stop at its own door."""
    expected = expected_cost(
        1_000.0, 1_000.0, 4.0, 1_000.0, 4.0, 1.0, 12.0, 60.0, 50.0, 1.0, 1.0, TRUCK, TARIFF,
        math.inf,
    )  # fmt: skip
    merged = (120.0 + 600.0) / 3.0 + 12.0 + 40.0 + 50.0
    assert expected == pytest.approx(0.5 * merged + 0.5 * 1_000.0)


def test_zones_are_three_rings_of_eight_directions_and_markets_outside():
    def local(east, north):
        return zone_of(0, False, east, north, 50, *KEY, 113)

    assert [local(5.0, 1.0), local(15.0, 1.0), local(30.0, 1.0)] == [0, 8, 16]
    assert [local(1.0, 5.0), local(-5.0, -1.0), local(1.0, -5.0)] == [1, 4, 6]
    far = [zone_of(link, True, 0.0, 0.0, 50, *KEY, 113) for link in range(4_000)]
    assert min(far) == LOCAL_ZONES
    assert max(far) == LOCAL_ZONES + 49
    assert np.bincount(far)[LOCAL_ZONES:].min() > 40
    assert far == [zone_of(link, True, 9.0, 9.0, 50, *KEY, 113) for link in range(4_000)]
