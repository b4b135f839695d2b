"""T14: the freight tariff by hand at both sides of every break; it is continuous, never falls, and
is concave up to a full truck; merging is worth what it must be.

    e(w) = min((5.5 + .71 w)(D/500)^.2, (120 + .20 w)(D/500)^.5, max(450, 2.26 D/.833))

Every known cost is worked out here with the figures of the specification, not with the price list.
Reference: model specification §7.10, §12 (T14); breaks at 225 and 6,180 lb at 500 miles.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millworks.economy import freight

EXACT = 1e-9
FULL = 40_000.0
TARIFF = freight.price_list()

hauls = st.floats(0.0, 3_500.0)
loads = st.floats(0.01, FULL)
any_weights = st.floats(0.01, 10.0 * FULL)


def modes(pounds: float, miles: float) -> tuple[float, float, float]:
    """Parcel, LTL and truck by the specification's table."""
    return (
        (5.5 + 0.71 * pounds) * (miles / 500.0) ** 0.2,
        (120.0 + 0.20 * pounds) * (miles / 500.0) ** 0.5,
        max(450.0, 2.26 * miles / (1.0 - 0.167)),
    )


def set_up(miles: float) -> tuple[float, float, float]:
    parcel, ltl, truck = freight.distance_factors([miles])
    return float(parcel[0]), float(ltl[0]), float(truck[0])


def cost(pounds: float, miles: float, rail: bool = False) -> float:
    by_rail = float(freight.rail_costs([miles])[0]) if rail else math.inf
    return freight.domestic_cost(pounds, *set_up(miles), TARIFF, by_rail)


@pytest.mark.parametrize(
    ("pounds", "miles", "known"),
    [
        # 500 miles: parcel below 114.5/.51 = 224.5 lb, LTL to 6,182.7 lb, then the truck.
        (1.0, 500.0, 6.21),
        (5.0, 500.0, 9.05),
        (224.0, 500.0, 164.54),
        (225.0, 500.0, 165.0),
        (500.0, 500.0, 220.0),
        (5_000.0, 500.0, 1_120.0),
        (6_180.0, 500.0, 1_356.0),
        (6_182.0, 500.0, 1_356.4),
        (6_183.0, 500.0, 1_130.0 / 0.833),
        (40_000.0, 500.0, 1_130.0 / 0.833),
        # 125 miles: the truck at its minimum, LTL at half, so the break is at 3,900 lb.
        (3_899.0, 125.0, 449.9),
        (3_900.0, 125.0, 450.0),
        (3_901.0, 125.0, 450.0),
        # 2,000 miles: LTL doubled; the truck for 4,520/.833 = 5,426.2 from 12,965 lb.
        (12_965.0, 2_000.0, 5_426.0),
        (12_966.0, 2_000.0, 4_520.0 / 0.833),
    ],
)
def test_a_shipment_costs_what_the_table_says_at_both_sides_of_every_break(pounds, miles, known):
    assert cost(pounds, miles) == pytest.approx(known, abs=EXACT)


@pytest.mark.parametrize(
    ("pounds", "miles", "known"),
    [
        # A container costs 600 + .88 D: at 500 miles 1,040, and two are worth 1.3 truckloads.
        (40_000.0, 500.0, 1_130.0 / 0.833),
        (50_000.0, 500.0, 1_130.0 / 0.833),
        (52_174.0, 500.0, 1_130.0 / 0.833),
        (52_175.0, 500.0, 1_040.0 * 52_175.0 / 40_000.0),
        (80_000.0, 500.0, 2_080.0),
        (80_000.0, 1_000.0, 2_960.0),
        # One mile short of rail: two trucks.
        (80_000.0, 499.0, 2.0 * 2.26 * 499.0 / 0.833),
    ],
)
def test_rail_carries_whole_containers_from_500_miles_on(pounds, miles, known):
    assert cost(pounds, miles, rail=True) == pytest.approx(known, abs=EXACT)


@given(pounds=loads, miles=st.floats(10.0, 3_500.0), rail=st.booleans())
def test_up_to_a_full_truck_the_cost_is_the_lower_envelope(pounds, miles, rail):
    assert cost(pounds, miles, rail) == pytest.approx(min(modes(pounds, miles)), abs=EXACT)


@given(pounds=any_weights, more=st.floats(0.0, FULL), miles=hauls, rail=st.booleans())
def test_more_weight_never_costs_less(pounds, more, miles, rail):
    assert cost(pounds + more, miles, rail) >= cost(pounds, miles, rail) - EXACT


@given(pounds=any_weights, step=st.floats(0.0, 100.0), miles=hauls, rail=st.booleans())
def test_the_cost_has_no_jump_at_any_positive_weight(pounds, step, miles, rail):
    """An extra pound costs at most a pound by the dearest mode: parcel, LTL or part of a truck."""
    parcel, ltl, truck = set_up(miles)
    steepest = max(0.71 * parcel, 0.20 * ltl, truck / FULL)
    rise = cost(pounds + step, miles, rail) - cost(pounds, miles, rail)
    assert rise <= steepest * step + EXACT


@given(miles=hauls, rail=st.booleans())
def test_the_cost_has_no_jump_where_a_mode_takes_over(miles, rail):
    parcel, ltl, truck = set_up(miles)
    breaks = [(truck / ltl - 120.0) / 0.20, FULL]
    if 0.71 * parcel > 0.20 * ltl:
        breaks.append((120.0 * ltl - 5.5 * parcel) / (0.71 * parcel - 0.20 * ltl))
    if rail and miles >= 500.0:
        breaks.append(FULL * truck / (600.0 + 0.88 * miles))
    for pounds in breaks:
        below, above = np.nextafter(pounds, 0.0), np.nextafter(pounds, math.inf)
        assert cost(above, miles, rail) == pytest.approx(cost(below, miles, rail), abs=EXACT)


@given(light=loads, heavy=loads, part=st.floats(0.0, 1.0), miles=hauls)
def test_up_to_a_full_truck_the_cost_is_concave(light, heavy, part, miles):
    between = part * light + (1.0 - part) * heavy
    chord = part * cost(light, miles) + (1.0 - part) * cost(heavy, miles)
    assert cost(between, miles) >= chord - EXACT


@given(pounds=any_weights, other=any_weights, miles=hauls, rail=st.booleans())
def test_one_shipment_never_costs_more_than_its_parts(pounds, other, miles, rail):
    """What consolidation and pools rest on; it holds beyond a full truck too."""
    apart = cost(pounds, miles, rail) + cost(other, miles, rail)
    assert cost(pounds + other, miles, rail) <= apart + EXACT


@given(shippers=st.integers(2, 40), filled=st.floats(0.16, 1.0), miles=st.floats(200.0, 500.0))
def test_n_equal_shippers_who_fill_a_truck_pay_a_nth_of_it_each(shippers, filled, miles):
    """T14: cost → full truck / n, and 12 USD per 1,000 lb of handling on top.

    Stops at doors are free here (`stop_fee` 0 of the policy): they do not shrink with n.
    """
    pounds = np.full(shippers, filled * FULL / shippers)
    costs = freight.merged_cost(pounds, *set_up(miles), TARIFF)
    known = 2.26 * miles / 0.833 / shippers + 0.012 * pounds[0]
    np.testing.assert_allclose(costs, known, rtol=0.0, atol=EXACT)


def test_the_more_join_the_less_each_pays_until_the_truck_is_full():
    """1,000 lb each at 500 miles: alone 320, together a share of LTL, then of one truck."""
    paid = [
        float(freight.merged_cost(np.full(n, 1_000.0), *set_up(500.0), TARIFF)[0]) - 12.0
        for n in range(1, 61)
    ]
    assert paid[0] == pytest.approx(320.0, abs=EXACT)
    assert paid[5] == pytest.approx(120.0 / 6.0 + 200.0, abs=EXACT)
    assert paid[6] == pytest.approx(1_130.0 / 0.833 / 7.0, abs=EXACT)
    assert paid[39] == pytest.approx(1_130.0 / 0.833 / 40.0, abs=EXACT)
    assert (np.diff(paid[:40]) < 0.0).all()
    np.testing.assert_allclose(paid[39:], paid[39], rtol=0.0, atol=EXACT)


# --- rail by the pallet, and pools


def pallet(pounds: float, miles: float, terminal: float) -> float:
    """By hand: two hauls by shared truck, the line haul by weight, handling at both ends."""
    charged = max(pounds, 1_000.0)
    trucks = 2.0 * (120.0 + 0.20 * charged) * (max(terminal, 10.0) / 500.0) ** 0.5
    return trucks + 20.0 * 0.044 * miles * charged / FULL + 24.0 * charged / 1_000.0


def by_pallet(pounds: float, miles: float, terminal: float) -> float:
    factor = float(freight.distance_factors([terminal])[1][0])
    rail = float(freight.rail_costs([miles])[0])
    return freight.rail_by_pallet(pounds, factor, rail, TARIFF)


@pytest.mark.parametrize(
    ("pounds", "known"),
    [
        # 75 miles of 500: a factor of .3873. A pallet at least: 247.87 + 11 + 24.
        (10.0, 2.0 * 320.0 * 0.15**0.5 + 35.0),
        (1_000.0, 2.0 * 320.0 * 0.15**0.5 + 35.0),
        (5_000.0, 2.0 * 1_120.0 * 0.15**0.5 + 175.0),
    ],
)
def test_rail_by_the_pallet_costs_two_short_hauls_a_line_haul_and_handling(pounds, known):
    assert by_pallet(pounds, 500.0, 75.0) == pytest.approx(known, abs=EXACT)
    assert by_pallet(pounds, 500.0, 75.0) == pytest.approx(pallet(pounds, 500.0, 75.0), abs=EXACT)


@given(
    pounds=any_weights,
    more=st.floats(0.0, FULL),
    miles=st.floats(500.0, 3_500.0),
    terminal=st.floats(0.0, 300.0),
)
def test_with_rail_by_the_pallet_cost_never_falls_and_cost_per_pound_never_rises(
    pounds, more, miles, terminal
):
    def either(weight: float) -> float:
        return min(cost(weight, miles, rail=True), by_pallet(weight, miles, terminal))

    assert either(pounds + more) >= either(pounds) - EXACT
    assert either(pounds + more) / (pounds + more) <= either(pounds) / pounds + EXACT


def test_rail_by_the_pallet_does_not_go_where_rail_does_not():
    assert by_pallet(1_000.0, 499.0, 75.0) == math.inf


def test_the_ocean_part_of_an_import_is_a_containers_price_over_its_content():
    """2,168 USD over 68 cubic metres of 439 lb: 7.26 cents a lb; at most a tenth."""
    share = freight.ocean_share()
    expected = np.minimum(0.10, 2_168.0 / (68.0 * 439.0) * freight.pounds_per_dollar())
    np.testing.assert_allclose(share, expected, rtol=0.0, atol=EXACT)
    assert share.max() == pytest.approx(0.10)
