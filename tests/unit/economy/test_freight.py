"""The price list as data, hauls, ocean freight, weights of goods and the wait for a fuller load."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millworks.economy import freight, space
from millworks.economy.embedded import read_rows
from millworks.economy.prices import general_price_ratio, sector_price_ratio
from millworks.economy.sectors import GOODS, sector_index
from millworks.errors import InputError

TARIFF = freight.price_list()
AT_500_MILES = (1.0, 1.0, 1_130.0 / 0.833)


def gather(pounds, value, holding=0.25, rail=math.inf, haul=AT_500_MILES):
    return freight.weeks_between_shipments(pounds, value, holding, *haul, TARIFF, rail)


def test_every_row_of_the_price_list_is_used_and_says_where_it_is_from():
    rows = read_rows(freight.PRICE_LIST)
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(freight.Tariff._fields) | set(space.SpacePrices._fields)
    for row in rows:
        low, high = row["low"] or row["value"], row["high"] or row["value"]
        assert float(low) <= float(row["value"]) <= float(high), row["key"]
        assert row["unit"], row["key"]
        assert row["meaning"], row["key"]
        assert row["confidence"] in {"high", "medium", "low"}
        assert row["source"].startswith(("F:", "assumption", "convention")), row["key"]
        assert bool(row["dollar_year"]) == row["unit"].startswith("USD"), row["key"]


def test_prices_of_other_years_become_dollars_of_2022():
    assert freight.listed("truck_per_mile") == 2.26
    assert freight.listed("rent_mean") == pytest.approx(9.12 * general_price_ratio(2025))
    assert freight.listed("rent_small_premium") == 0.31


def test_an_unknown_price_is_answered_with_the_nearest():
    with pytest.raises(InputError, match=r"price_list.csv: no key 'ltl_fix'. .*'ltl_fixed'"):
        freight.listed("ltl_fix")


def test_factors_of_distance_by_hand():
    parcel, ltl, truck = freight.distance_factors([125.0, 500.0, 2_000.0])
    np.testing.assert_allclose(parcel, [0.25**0.2, 1.0, 4.0**0.2])
    np.testing.assert_allclose(ltl, [0.5, 1.0, 2.0])
    np.testing.assert_allclose(truck, [450.0, 1_130.0 / 0.833, 4_520.0 / 0.833])


def test_a_delivery_next_door_costs_as_much_as_one_across_town():
    near, town = freight.distance_factors([0.0]), freight.distance_factors([10.0])
    assert [float(a[0]) for a in near] == [float(a[0]) for a in town]
    assert near[1][0] == pytest.approx(math.sqrt(0.02))


@pytest.mark.parametrize("miles", [[-1.0], [100.0, math.nan], [math.inf]])
def test_a_distance_that_is_none_is_refused(miles):
    for rule in (freight.distance_factors, freight.rail_costs):
        with pytest.raises(InputError, match="distance is negative or not a number"):
            rule(miles)


def test_rail_is_offered_from_500_miles_on():
    np.testing.assert_allclose(
        freight.rail_costs([499.9, 500.0, 1_000.0]), [math.inf, 1_040.0, 1_480.0]
    )


def test_nothing_shipped_costs_nothing():
    assert freight.domestic_cost(0.0, *AT_500_MILES, TARIFF) == 0.0
    assert freight.ocean_cost(0.0, TARIFF) == 0.0
    assert freight.merged_cost(np.array([0.0, 0.0]), *AT_500_MILES, TARIFF).sum() == 0.0


@pytest.mark.parametrize(
    ("cubic_metres", "known"),
    [
        # A shared container up to 2,133/140 = 15.24 m3, a whole one to 68, then parts of one.
        (1.0, 175.0),
        (15.2, 2_163.0),
        (15.3, 2_168.0),
        (68.0, 2_168.0),
        (102.0, 3_252.0),
    ],
)
def test_ocean_freight_by_hand(cubic_metres, known):
    assert freight.ocean_cost(cubic_metres, TARIFF) == pytest.approx(known, abs=1e-9)


@given(volume=st.floats(0.001, 300.0), more=st.floats(0.0, 50.0))
def test_ocean_freight_never_falls_and_never_jumps(volume, more):
    rise = freight.ocean_cost(volume + more, TARIFF) - freight.ocean_cost(volume, TARIFF)
    assert -1e-9 <= rise <= 140.0 * more + 1e-9


def test_a_cubic_metre_of_goods_weighs_what_carriers_assume():
    """139 cubic inches count as a pound: 61,023.7 cubic inches a cubic metre."""
    assert freight.cubic_metres_of(61_023.7 / 139.0, TARIFF) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("holding_a_week", "known"),
    # 150 lb a week at 500 miles cost 112, 90, 70, 60 USD a week when sent every 1, 2, 3, 4 weeks.
    [(0.0, 4), (9.0, 4), (10.0, 3), (15.0, 3), (21.0, 2), (22.0, 1), (30.0, 1)],
)
def test_the_dearer_the_goods_the_more_often_they_are_sent(holding_a_week, known):
    """Saved 42 by n = 3 and 10 more by n = 4; equal costs (at 10 USD) go to the shorter wait."""
    assert gather(150.0, holding_a_week * 104.0 / 0.25) == known


def test_who_ships_nothing_or_full_loads_at_no_holding_cost_ships_every_week():
    assert gather(0.0, 0.0) == 1
    assert gather(40_000.0, 0.0) == 1
    assert gather(3.0 * 40_000.0, 1e5, holding=0.0, rail=1_040.0) == 1
    # Full trucks cost the same per pound in any number; rounding must not make anybody wait.
    assert {gather(pounds, 0.0) for pounds in np.linspace(4e4, 2e5, 97)} == {1}


def test_rail_makes_it_worth_while_to_gather_containers():
    """30,000 lb a week at no holding cost: by truck any n ≥ 2 is as good, by rail only more."""
    assert gather(30_000.0, 0.0) == 2
    assert gather(25_000.0, 0.0, rail=1_040.0) == 3


@given(
    pounds=st.floats(0.1, 60_000.0),
    value=st.floats(0.0, 1e5),
    miles=st.floats(0.0, 3_000.0),
)
def test_no_other_wait_is_cheaper(pounds, value, miles):
    haul = tuple(float(factor[0]) for factor in freight.distance_factors([miles]))
    rail = float(freight.rail_costs([miles])[0])

    def weekly(n):
        shipped = freight.domestic_cost(n * pounds, *haul, TARIFF, rail)
        return shipped / n + n * value * 0.25 / 104.0

    chosen = gather(pounds, value, rail=rail, haul=haul)
    assert weekly(chosen) <= min(weekly(n) for n in (1, 2, 3, 4)) * (1.0 + 1e-11)


@given(pounds=st.lists(st.floats(0.1, 20_000.0), min_size=1, max_size=12))
def test_parts_of_a_merged_shipment_add_up_to_it(pounds):
    weights = np.array(pounds)
    costs = freight.merged_cost(weights, *AT_500_MILES, TARIFF)
    whole = freight.domestic_cost(float(weights.sum()), *AT_500_MILES, TARIFF)
    assert costs.sum() == pytest.approx(whole + 0.012 * weights.sum())
    np.testing.assert_allclose(costs / weights, costs[0] / weights[0])


def test_goods_weigh_what_the_commodity_flow_survey_says_at_prices_of_2022():
    pounds = freight.pounds_per_dollar()
    assert pounds.shape == (34,)
    furniture = 1.0 / (1.548 * sector_price_ratio("FURN", 2017))
    assert pounds[sector_index("FURN")] == pytest.approx(furniture)
    assert 0.4 < furniture < 0.6
    assert pounds[sector_index("NMET")] == pounds.max() > 8.0


def test_goods_without_a_value_count_at_the_assumed_one_and_services_weigh_nothing():
    pounds = freight.pounds_per_dollar()
    for code in ("TEXT", "APPL", "PRNT", "AGR", "MIN"):
        assert pounds[sector_index(code)] == 0.4
    assert not pounds[~GOODS].any()
    assert (pounds[GOODS] > 0.0).all()


def test_compiled_and_plain_prices_have_the_same_bits():
    plain = getattr(freight.domestic_cost, "py_func", freight.domestic_cost)
    for pounds in np.geomspace(0.01, 2e5, 400):
        for rail in (math.inf, 1_040.0):
            same = freight.domestic_cost(pounds, *AT_500_MILES, TARIFF, rail)
            assert plain(pounds, *AT_500_MILES, TARIFF, rail) == same
