"""Ports and rail: what terminals offer, who builds and pays, and that imports come in as well.

Rules by hand: `tests/limits/test_freight_tariff.py`, `tests/unit/world/test_freight_terms.py`.
Reference: model specification §8; T15.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from arms import arms, differences
from millworks.programmes.terminals import ROW

NAME = "ports_and_rail"
COST = 25e6
ONLY_RAIL = {"imports": 0.0, "lead_sd": 0.0, "lead": 0.0}
NO_FREIGHT = {"rates": 0.0, "reach": 0.0}
HARSH = {"buf": 6, "cards": 0.05, "arrears": 3, "hv0": 0.3, "hv1": 0.5, "estate_weeks": 4}


def flows(weeks, settings, **changes):
    """Add up the flows, the public cost and its charge over the weeks."""
    study, total = arms(**changes), Counter()

    def add(model):
        total.update(model.ledger.flows)
        total["cost"] += model.measures.cost[NAME]
        total["public"] += model.measures.public_cost(NAME)

    study.follow(weeks, {NAME: settings}, each=add)
    return study.model, total


def freight_paid(model):
    makers = model.population("M")
    return float((makers.freight_local + makers.freight_outside).sum())


def test_terminals_lower_freight_and_nobody_pays_more_for_a_shipment():
    """In the first week the same shipments are made, and each goes the cheapest way."""
    study = arms()

    def of_makers(model):
        makers = model.population("M")
        return makers.freight_local + makers.freight_outside

    alone = study.follow(1, each=of_makers)[0]
    offered = study.follow(1, {NAME: ONLY_RAIL}, each=of_makers)[0]
    assert (offered <= alone + 1e-9).all()
    assert offered.sum() < 0.999 * alone.sum()


def test_with_more_strength_more_places_are_reached_until_all_are():
    """Rates alone would fall on; what goes by the pallet is saturated at full reach."""
    study = arms()

    def paid(strength):
        settings = {**ONLY_RAIL, "intensity": strength, "rates": 0.0}
        return study.follow(1, {NAME: settings}, each=freight_paid)[0]

    found = [paid(strength) for strength in (0.0, 0.3, 1.0, 2.0, 4.0)]
    assert found[0] > found[1] > found[2]
    assert found[2] == found[3] == found[4]


def test_half_is_built_by_the_programme_and_half_by_the_outside_and_stands_for_thirty_years():
    model, total = flows(8, {})
    built = COST * model.scale
    assert total["operator capital O>S"] + total["operator capital O>X"] == pytest.approx(built)
    local = model.parameters.capital_local
    assert total["operator capital O>S"] == pytest.approx(local * built)
    assert total["operator granted X>O"] == pytest.approx(0.5 * built)
    assert total["programme support G>O"] == pytest.approx(0.5 * built)
    assert total["cost"] == pytest.approx(0.5 * built)
    annuity = 0.5 * built * 0.03 / (1.0 - 1.03**-30) / 52.0
    assert total["public"] == pytest.approx(8 * annuity)
    worn = -total["capital worn O"]
    assert worn == pytest.approx(8 * built / (52 * 30))
    assert model.population("O").fixed_capital[ROW] == pytest.approx(built - worn)
    assert total["levy withheld H>G"] > 0.0
    assert total["programme pay G>H"] == 0.0


def test_somebody_outside_may_pay_the_rest():
    _, total = flows(8, {"payer": "outside"})
    assert total["programme funded X>G"] == pytest.approx(total["cost"])
    assert total["levy withheld H>G"] == 0.0


def test_it_is_built_as_it_grows_and_only_once():
    model, total = flows(12, {"ramp": 4})
    built = total["operator capital O>S"] + total["operator capital O>X"]
    assert built == pytest.approx(COST * model.scale)


def test_imports_become_cheaper_for_everybody():
    study = arms()
    study.follow(1, {NAME: {}})
    assert study.model.trade.price_abroad.tolist() == [0.98] * 34
    study.follow(3, {NAME: {"weeks": 2}})
    assert study.model.trade.price_abroad.tolist() == [1.0] * 34


def test_cheaper_imports_alone_take_orders_from_makers():
    """The sign follows from the share rule: with nothing but imports, makers sell less."""
    study = arms()

    def output(model):
        return float(model.population("M").orders.sum())

    nothing = sum(study.follow(78, each=output)[-26:])
    only = {**NO_FREIGHT, "lead": 0.0, "lead_sd": 0.0, "imports": 0.1}
    assert sum(study.follow(78, {NAME: only}, each=output)[-26:]) < nothing


def test_smaller_spread_lets_makers_and_shops_hold_less():
    study = arms()

    def held(model):
        return [float(model.population(letter).units_on_hand.sum()) for letter in "MR"]

    usual = np.sum(study.follow(40, each=held)[-10:], axis=0)
    only = {**NO_FREIGHT, "imports": 0.0, "lead": 0.0, "lead_sd": 0.9}
    less = np.sum(study.follow(40, {NAME: only}, each=held)[-10:], axis=0)
    assert (less < 0.98 * usual).all()


def test_faster_transport_shows_when_a_spike_has_made_it_slow():
    """Three weeks less 15 %: 2.55 on average; a single week cannot be less than one."""
    study = arms()

    def under_way(model):
        return float(model.population("M").in_transit.sum())

    spike = {"freight_spike": {"freight": 1.0, "ocean": 1.0}}
    slow = study.follow(30, shocks=spike, each=under_way)
    only = {**NO_FREIGHT, "imports": 0.0, "lead_sd": 0.0}
    fast = study.follow(30, {NAME: only}, spike, each=under_way)
    assert sum(fast[-8:]) == pytest.approx(0.85 * sum(slow[-8:]), rel=0.05)
    usual = study.end(12)["populations"]["makers"]
    alone = study.end(12, {NAME: {**only, "capital": 0.0}})["populations"]["makers"]
    assert differences(usual, alone) == []


@pytest.mark.parametrize("settings", [{"intensity": 0.0}, {"start": 1000}])
def test_of_size_zero_or_before_its_start_it_changes_no_bit(settings):
    study = arms()
    assert differences(study.end(20), study.end(20, {NAME: settings})) == []


def test_the_books_close_every_week_while_firms_fail():
    model, total = flows(70, {"intensity": 2.0}, **HARSH)
    assert max(model.invariants.worst.values()) < 1e-6
    assert (model.population("M").status != 0).any()
    assert total["cost"] > 0.0
