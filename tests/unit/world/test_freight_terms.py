"""Terms of transport: weeks under way, spread, cover of inputs, and who takes rail by the pallet.

Reference: model specification §7.2, §7.6, §8. Worlds are small; columns are written as a policy
would.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.economy import freight
from millworks.world.freight_terms import (
    cost_under_way,
    draw_weeks,
    input_cover,
    put_under_way,
    served_by_pallet,
    spread,
    take_pallets_to_rail,
    weeks_under_way,
)

KEY = (np.uint64(3), np.uint64(5))


@pytest.fixture
def world():
    study = arms()
    study.follow(0)
    yield study.model
    study.model.measures.begin(study.model)


@pytest.mark.parametrize(
    ("added", "part", "weeks"),
    [(0.0, 1.0, 1.0), (2.0, 1.0, 3.0), (2.0, 0.85, 2.55), (0.0, 0.85, 1.0), (9.0, 1.0, 7.0)],
)
def test_goods_are_under_way_for_a_week_at_least_and_seven_at_most(world, added, part, weeks):
    terms = world.population("X")
    terms.lead_added[:], terms.lead_part[:] = added, part
    assert weeks_under_way(world, world.parameters.ship_weeks) == pytest.approx(weeks)


def test_less_spread_lets_makers_hold_less(world):
    """3.5 weeks, less 1.645 · .3 · .7 of them."""
    rates = world.parameters
    assert spread(world, rates.lead_sd) == rates.lead_sd
    assert input_cover(world, rates.cover_in, rates.z_s, rates.lead_sd) == rates.cover_in
    world.population("X").lead_sd_part[:] = 0.7
    assert spread(world, rates.lead_sd) == pytest.approx(0.7 * rates.lead_sd)
    less = rates.z_s * 0.3 * rates.lead_sd
    assert input_cover(world, rates.cover_in, rates.z_s, rates.lead_sd) == pytest.approx(
        rates.cover_in - less
    )


def test_where_the_weeks_are_not_whole_shipments_take_one_or_the_other_with_that_mean():
    weeks = np.zeros(20_000, dtype=np.int64)
    draw_weeks(9, *KEY, 102, 2.55, weeks)
    assert set(weeks.tolist()) == {2, 3}
    assert weeks.mean() == pytest.approx(2.55, abs=0.01)
    draw_weeks(9, *KEY, 102, 2.0, weeks)
    assert (weeks == 2).all()


def test_each_shipment_arrives_with_its_cost_after_its_own_weeks():
    transit, cost = np.zeros((8, 3)), np.zeros((8, 2))
    weeks, shipped = np.array([1, 2, 1]), np.array([5.0, 7.0, 0.0])
    put_under_way(shipped, weeks, 6, transit)
    cost_under_way(np.array([10.0, 21.0, 0.0]), np.array([0, 2, 3]), weeks, 6, cost)
    assert transit[7].tolist() == [5.0, 0.0, 0.0]
    assert transit[0].tolist() == [0.0, 7.0, 0.0]
    assert cost[7].tolist() == [10.0, 0.0]
    assert cost[0].tolist() == [21.0, 0.0]
    assert transit.sum() == 12.0


def test_the_same_places_take_rail_by_the_pallet_in_every_week():
    served = [served_by_pallet(*KEY, 112, link, 0.3) for link in range(5_000)]
    assert np.mean(served) == pytest.approx(0.3, abs=0.03)
    more = [served_by_pallet(*KEY, 112, link, 0.6) for link in range(5_000)]
    assert all(later for now, later in zip(served, more, strict=True) if now)


def test_a_shipment_goes_by_the_pallet_where_that_is_cheaper():
    """1,000 lb over 500 miles: 320 by shared truck; to a terminal 75 miles away 283."""
    tariff, terminal = freight.price_list(), 0.15**0.5
    cost = np.array([320.0, 9.0, 320.0, 0.0])
    take_pallets_to_rail(
        np.array([1_000.0, 5.0, 1_000.0, 0.0]), np.ones(4),
        np.array([1_040.0, 1_040.0, np.inf, 1_040.0]), terminal, 0.9, tariff, *KEY, 112, 1.0, cost,
    )  # fmt: skip
    assert cost == pytest.approx([0.9 * (640.0 * terminal + 11.0 + 24.0), 9.0, 320.0, 0.0])
