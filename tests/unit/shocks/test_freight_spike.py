"""Freight spike: its path and recovery, who pays and who is paid, and what follows in prices.

Reference: model specification §8: freight x 2, ocean x 3, two weeks more, 104 weeks.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms, differences
from millworks.economy.freight import ocean_share
from millworks.policies.registry import levers
from millworks.shocks.registry import make_shocks
from millworks.world.freight_terms import freight_rate, weeks_under_way

NAME = "freight_spike"


def seen(model):
    makers, trade = model.population("M"), model.trade
    trades = makers.status == 0
    return {
        "rate": freight_rate(model),
        "lead": weeks_under_way(model, model.parameters.ship_weeks),
        "abroad": trade.price_abroad.copy(),
        "us": trade.price_us.copy(),
        "price": float(makers.price[trades].mean()),
        "freight": float((makers.freight_local + makers.freight_outside).sum()),
        "local": float(makers.freight_local.sum()),
        "surcharge": float(makers.freight_surcharge.sum()),
        "stock": float(makers.units_on_hand.sum()),
        "arriving": float(trade.arriving.sum()),
    }


@pytest.mark.parametrize(
    ("settings", "week", "rate", "lead"),
    [
        ({}, 0, 2.0, 3.0),
        ({"freight": 1.3}, 0, 1.3, 3.0),
        ({"intensity": 0.5}, 0, 1.5, 2.0),
        ({"start": 2}, 1, 1.0, 1.0),
        ({"start": 2}, 2, 2.0, 3.0),
        ({"weeks": 3}, 2, 2.0, 3.0),
        ({"weeks": 3}, 3, 1.0, 1.0),
        ({"weeks": 3, "half_life": 2.0}, 4, 1.5, 2.0),
        ({"ramp": 4}, 1, 1.5, 2.0),
        ({"lead": 5.0, "intensity": 4.0}, 0, 5.0, 7.0),
    ],
)
def test_freight_and_weeks_under_way_follow_its_path(settings, week, rate, lead):
    last = arms().follow(week + 1, shocks={NAME: settings}, each=seen)[-1]
    assert last["rate"] == pytest.approx(rate)
    assert last["lead"] == pytest.approx(lead)


def test_imports_become_dearer_by_what_ships_cost_of_them():
    weeks = arms().follow(5, shocks={NAME: {"weeks": 3}}, each=seen)
    assert weeks[0]["abroad"] == pytest.approx(1.0 + 2.0 * ocean_share())
    assert weeks[3]["abroad"].tolist() == [1.0] * 34


def test_shippers_pay_twice_the_list_and_what_is_above_it_leaves_the_district():
    """In its first week the same shipments are made as without it, if they take no longer."""
    study = arms()
    calm = study.follow(1, each=seen)[0]
    dear = study.follow(1, shocks={NAME: {"lead": 0.0}}, each=seen)[0]
    assert dear["freight"] == pytest.approx(2.0 * calm["freight"])
    assert dear["local"] == pytest.approx(calm["local"])
    assert dear["surcharge"] == pytest.approx(calm["freight"])
    assert calm["surcharge"] == 0.0


def test_prices_of_makers_and_of_rivals_follow_the_cost_and_come_back():
    study = arms()
    calm = study.follow(150, each=seen)
    dear = study.follow(150, shocks={NAME: {"weeks": 60}}, each=seen)
    assert dear[59]["price"] > calm[59]["price"] + 0.01
    assert dear[149]["price"] - calm[149]["price"] < 0.5 * (dear[59]["price"] - calm[59]["price"])
    made = calm[59]["us"] != 1.0
    assert made.sum() > 5
    assert (dear[59]["us"][made] > calm[59]["us"][made]).mean() > 0.9
    assert dear[59]["us"].mean() > dear[149]["us"].mean()


def test_goods_arrive_two_weeks_later_and_buyers_order_for_the_longer_way():
    study = arms()
    calm = study.follow(30, each=seen)
    late = study.follow(30, shocks={NAME: {"freight": 1.0, "ocean": 1.0}}, each=seen)
    # What left before it sets in still arrives; then nothing for two weeks.
    assert late[0]["arriving"] == pytest.approx(calm[0]["arriving"])
    assert late[1]["arriving"] == 0.0
    assert late[2]["arriving"] == 0.0
    assert late[3]["arriving"] > 1.2 * calm[1]["arriving"]
    on_the_way = [sum(week["arriving"] for week in weeks[15:]) for weeks in (calm, late)]
    assert on_the_way[1] == pytest.approx(on_the_way[0], rel=0.1)


def test_when_the_weeks_under_way_fall_again_two_weeks_goods_arrive_at_once():
    weeks = arms().follow(8, shocks={NAME: {"weeks": 4, "freight": 1.0}}, each=seen)
    usual = arms().follow(8, each=seen)[6]["arriving"]
    assert weeks[6]["arriving"] > 1.5 * usual
    assert weeks[7]["arriving"] == pytest.approx(usual, rel=0.4)


@pytest.mark.parametrize("settings", [{"intensity": 0.0}, {"start": 1000}])
def test_a_spike_of_size_zero_or_before_its_start_changes_no_bit(settings):
    study = arms()
    assert differences(study.end(20), study.end(20, shocks={NAME: settings})) == []


def test_it_can_be_crossed_with_every_lever():
    study = arms()
    for name in levers():
        study.follow(6, {name: {}}, {NAME: {"weeks": 4}})
        assert max(study.model.invariants.worst.values()) < 1e-6


def test_its_strength_never_falls_below_nothing():
    shock = make_shocks({NAME: {"weeks": 10, "half_life": 4.0, "ramp": 5}})[0]
    path = [shock.strength(week) for week in range(60)]
    assert np.diff(path[:5]).min() > 0.0
    assert np.diff(path[9:]).max() < 0.0
    assert min(path) > 0.0
