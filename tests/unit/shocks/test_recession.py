"""Recession: the path of demand from outside, and what follows from it alone.

Reference: model specification §8: -15 %, 52 weeks, then half-life 26 weeks.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from arms import arms
from millworks.shocks.registry import make_shocks
from millworks.world.measures import Conditions, State

DEPTH = 0.15


def path(how_many: int, **settings: float) -> list[float]:
    """Demand from outside over the base, in each of the first weeks of a study."""
    shock = make_shocks({"recession": settings})[0]
    model = arms().model
    found = []
    for week in range(how_many):
        conditions = Conditions(model)
        shock.apply(State(model, model.week - week), conditions, shock.strength(week))
        found.append(conditions.outside_demand)
        assert conditions.parameters == {}
    return found


def test_demand_from_outside_falls_by_fifteen_per_cent_for_a_year():
    assert path(52) == pytest.approx([1.0 - DEPTH] * 52)


def test_then_half_of_the_fall_is_made_good_every_half_year():
    found = path(52 + 53)
    assert found[51 + 26] == pytest.approx(1.0 - DEPTH / 2)
    assert found[51 + 52] == pytest.approx(1.0 - DEPTH / 4)
    after = found[52:]
    assert all(now < later < 1.0 for now, later in pairwise(after))


@pytest.mark.parametrize(
    ("settings", "week", "demand"),
    [
        ({"fall": 0.25}, 0, 0.75),
        ({"intensity": 2.0}, 0, 0.70),
        ({"intensity": 4.0, "fall": 0.5}, 0, 0.0),
        ({"start": 3}, 2, 1.0),
        ({"start": 3}, 3, 0.85),
        ({"weeks": 2, "half_life": 0.0}, 1, 0.85),
        ({"weeks": 2, "half_life": 0.0}, 2, 1.0),
        ({"weeks": 2, "half_life": 1.0}, 2, 0.925),
        ({"weeks": None}, 80, 0.85),
        ({"ramp": 3}, 0, 0.95),
        ({"ramp": 3}, 2, 0.85),
    ],
)
def test_depth_start_length_and_recovery_can_be_set(settings, week, demand):
    assert path(week + 1, **settings)[week] == pytest.approx(demand)


def test_a_recession_cut_short_while_it_deepens_recovers_from_where_it_was():
    """Two of four weeks of the ramp: half the depth, 7.5 %, then half of that after a week."""
    found = path(3, ramp=4, weeks=2, half_life=1.0)
    assert found == pytest.approx([1 - DEPTH / 4, 1 - DEPTH / 2, 1 - DEPTH / 4])


def test_orders_from_outside_jobs_and_output_fall_and_come_back():
    """Paired with the same weeks without it."""

    def seen(model):
        trade = model.trade
        asked = float(trade.request[trade.outside_customers].sum())
        firms = [model.population(letter) for letter in "MPRCS"]
        return asked, sum(float(f.output.sum()) for f in firms), model.labour.employed

    study = arms()
    nothing = study.follow(156, each=seen)
    recession = study.follow(156, shocks={"recession": {"half_life": 4.0}}, each=seen)
    relative = [
        [r / n for r, n in zip(hit, calm, strict=True)]
        for hit, calm in zip(recession, nothing, strict=True)
    ]
    # Customers ask sellers for what they order: in the first week exactly a share less.
    assert relative[0][0] == pytest.approx(1.0 - DEPTH, rel=1e-6)
    assert relative[51][1] < 0.97
    assert relative[51][2] < 0.99
    assert relative[155][1] > relative[51][1] + 0.02


def test_services_sold_outside_fall_too():
    study = arms()
    sold = [
        study.follow(4, shocks=shock, each=lambda m: m.ledger.flows["services sold outside X>S"])
        for shock in ({}, {"recession": {}})
    ]
    assert sold[1][-1] == pytest.approx((1.0 - DEPTH) * sold[0][-1], rel=1e-3)
