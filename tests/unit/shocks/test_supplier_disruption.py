"""Supplier disruption: who stands still, what is rationed, and how it is felt downstream.

Reference: model specification §7.8, §8: 20 % of makers for 12 weeks, or an input rationed to 50 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms
from millworks.agents.producer import CAPACITY, INPUTS
from millworks.economy.sectors import SECTORS, sector_index
from millworks.shocks.registry import make_shocks
from millworks.world.measures import Conditions, State
from worlds import district, run, world_parameters

NAME = "supplier_disruption"
RATION = {"mode": "inputs"}
PMET, FURN = sector_index("PMET"), sector_index("FURN")


def write(week: int, **settings):
    """Let the shock write a week's conditions into the world; return the world."""
    shock = make_shocks({NAME: settings})[0]
    study = arms()
    study.follow(0)
    model = study.model
    shock.apply(State(model, model.week - week), Conditions(model), shock.strength(week))
    return model


def test_a_fifth_of_makers_is_drawn_and_the_same_in_every_week():
    first = write(0).population("M").stopped.copy()
    assert 0.1 <= first.mean() <= 0.3
    np.testing.assert_array_equal(first, write(11).population("M").stopped)
    assert not write(12).population("M").stopped.any()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_the_draw_is_by_key_so_that_a_larger_shock_hits_those_of_a_smaller_too(share):
    smaller = write(0, share=0.5 * share).population("M").stopped.copy()
    larger = write(0, share=share).population("M").stopped
    assert np.all(larger[smaller])
    assert larger.mean() == pytest.approx(share, abs=0.2)
    twice = write(0, share=0.5 * share, intensity=2.0).population("M").stopped
    np.testing.assert_array_equal(larger, twice)


def test_only_makers_of_the_sectors_named_stand_still():
    makers = write(0, share=1.0, sectors=["FURN"]).population("M")
    np.testing.assert_array_equal(makers.stopped, makers.sector == FURN)


def test_who_stands_still_makes_nothing_is_paid_for_and_says_capacity():
    study = arms()

    def seen(model):
        makers = model.population("M")
        still = makers.stopped & (makers.status == 0)
        pay = makers.wage_residents[still].sum()
        return makers.output[still].sum(), pay, set(makers.bind[still].tolist())

    for output, pay, bind in study.follow(6, shocks={NAME: {}}, each=seen):
        assert output == 0.0
        assert pay > 0.0
        assert bind == {CAPACITY}


def test_output_falls_at_once_and_more_than_comes_back_when_books_are_full():
    def seen(model):
        makers = model.population("M")
        return float(makers.output.sum()), float(makers.backlog.sum())

    study = arms()
    calm = study.follow(60, each=seen)
    hit = study.follow(60, shocks={NAME: {}}, each=seen)
    ratio = [h[0] / c[0] for h, c in zip(hit, calm, strict=True)]
    assert max(ratio[:12]) < 0.99
    assert hit[11][1] > 1.1 * calm[11][1]
    assert max(ratio[12:30]) > 1.0
    assert ratio[59] > ratio[11]


def test_customers_of_those_who_stand_still_run_out_of_inputs():
    """All makers of one sector, for half a year: more other producers than before lack inputs."""

    def seen(model):
        total = 0.0
        for letter in "MP":
            firms = model.population(letter)
            still = firms.stopped if letter == "M" else np.zeros(firms.size, np.bool_)
            total += float(((firms.bind == INPUTS) & ~still).sum())
            total += float((firms.refused[:, INPUTS] * ~still).sum() > 0.0)
        return total

    study = arms()
    shock = {NAME: {"share": 1.0, "weeks": 26, "sectors": ["FURN", "WOOD", "TEXT", "PLAS"]}}
    calm = sum(study.follow(26, each=seen))
    assert sum(study.follow(26, shocks=shock, each=seen)) > calm


def test_refused_orders_go_outside():
    study = arms()

    def turned(model):
        return float(model.trade.turned_outside.sum())

    shock = {NAME: {"share": 1.0, "weeks": 20}}
    calm = study.follow(20, each=turned)
    assert sum(study.follow(20, shocks=shock, each=turned)) > 2.0 * sum(calm)


def test_a_rationed_input_limits_whoever_cannot_do_without_it():
    """Half of what comes from outside; the part made here can be had in full."""
    model = write(0, **RATION, sectors=["PMET"])
    trade = model.trade
    supply = np.concatenate([model.population(letter).input_supply for letter in "MP"])
    for group in np.flatnonzero(trade.group_sector == PMET):
        buyer = trade.group_buyer[group]
        if buyer >= trade.spans["P"].stop:
            continue
        outside = trade.group_us_base[group] + trade.group_abroad_base[group]
        whole = outside + trade.group_local_base[group]
        wanted = 1.0 - 0.5 * outside / whole if whole >= 0.05 else 1.0
        assert supply[buyer] == pytest.approx(wanted, rel=1e-12)
    assert 0.0 < (supply < 1.0).mean() < 1.0


def test_without_a_name_the_input_most_bought_outside_is_rationed():
    model = write(0, **RATION, critical=0.0)
    trade, bought = model.trade, np.zeros(model.trade.agents)
    for letter in "MP":
        firms = model.population(letter)
        bought[trade.spans[letter]] = firms.base_output * firms.input_factor
    units = (trade.group_us_base + trade.group_abroad_base) * bought[trade.group_buyer]
    largest = int(np.argmax(np.bincount(trade.group_sector, weights=units)))
    found = model.population("M").input_supply.copy()
    by_name = write(0, **RATION, critical=0.0, sectors=[SECTORS[largest]])
    assert (found < 1.0).all()
    np.testing.assert_array_equal(found, by_name.population("M").input_supply)


def test_firms_order_no_more_than_the_ration_of_what_they_need():
    study = arms()

    def seen(model):
        makers = model.population("M")
        short = makers.input_supply < 1.0
        most = makers.input_supply * model.goods_per_unit("M") * makers.potential_forecast
        return makers.goods_ordered[short], most[short]

    # The forecast moves after the order of the same week: an eighth more at the very most.
    for ordered, most in study.follow(6, shocks={NAME: RATION | {"missing": 0.9}}, each=seen):
        assert len(ordered) > 0
        assert np.all(ordered <= 1.5 * most + 1.0)


def test_stocks_bridge_the_first_weeks_then_inputs_bind_and_later_all_comes_back():
    def seen(model):
        makers = model.population("M")
        return float(makers.output.sum()), int((makers.bind == INPUTS).sum())

    study = arms()
    calm = study.follow(70, each=seen)
    hit = study.follow(70, shocks={NAME: RATION}, each=seen)
    ratio = [h[0] / c[0] for h, c in zip(hit, calm, strict=True)]
    assert ratio[0] > 0.95 > ratio[3] > ratio[8] > ratio[11]
    assert ratio[11] < 0.8
    assert hit[11][1] > calm[11][1] + 10
    assert max(ratio[12:30]) > 1.0
    assert ratio[69] > 0.9


@pytest.mark.parametrize(
    "settings", [{}, {"intensity": 4.0, "weeks": 26}, RATION, RATION | {"intensity": 2.0}]
)
def test_books_close_for_sixty_weeks(settings):
    hard = world_parameters("default").replace(unchecked=True, hv0=0.2)
    model = district("hickory", 60, parameters=hard, seed=17)
    run(model, 3)
    model.introduce({}, {NAME: settings})
    run(model, 65)
    assert max(model.invariants.worst.values()) <= 1e-9
