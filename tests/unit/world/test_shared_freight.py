"""Pools of shippers by hand: who meets, what each pays, what is expected. USD and lb.

Reference: model specification §7.10, T14 (cost → full truck / n). At 500 miles a shared truck costs
120 + .20 w, a whole one 1,130/.833, handling 12 a pallet of 1,000 lb.
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
    pounds, *, half=SURE, simulated=1.0, handling=12.0, zones=None, scale=1.0, week=3, many=1
):
    """Shipments over 500 miles: what each costs, owes for handling, and whether it was merged."""
    pounds = np.asarray(pounds, np.float64)
    count = len(pounds)
    own = np.array([scale * freight.domestic_cost(w, 1.0, 1.0, TRUCK, TARIFF) for w in pounds])
    cost, fee, merged = np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.bool_)
    ones = np.ones(count)
    share_trucks(
        np.arange(count),
        np.zeros(count, np.int64) if zones is None else np.asarray(zones),
        np.zeros(count, np.int64), np.array([float(many)]),
        pounds, own, scale * ones, handling * ones, ones, ones, TRUCK * ones, np.inf * ones,
        TARIFF, half, simulated, week, *KEY, 110, cost, fee, merged,
    )  # fmt: skip
    return own, cost, fee, merged


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
            1_000.0, 320.0, others, 1_000.0, 4.0, 1.0, 12.0, 1.0, 1.0, TRUCK, TARIFF, math.inf
        )
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
    assert not gains_in_a_truck(36_000.0, TRUCK, TRUCK, 12.0, TARIFF)
    assert gains_in_a_truck(20_000.0, TRUCK, TRUCK, 12.0, TARIFF)


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
        1_000.0, 2_000.0, 3.0, 12.0, 1.0, 1.0, TRUCK, TARIFF, math.inf
    ) == pytest.approx(3.0 * 260.0 + 12.0)


def test_orders_that_are_not_shipped_alone_count_on_the_pool_only():
    expected = expected_cost(
        1_000.0, math.inf, 4.0, 1_000.0, 4.0, 1.0, 12.0, 1.0, 1.0, TRUCK, TARIFF, math.inf
    )
    together = 1_000.0 + 0.5 * 4.0 * 1_000.0
    assert expected == pytest.approx(((120.0 + 0.2 * together) / 3.0 + 12.0) / 0.5)


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
