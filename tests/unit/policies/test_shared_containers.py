"""Shared containers: who may join, who does, who pays whom, and what it does to sourcing.

Rules by hand: `tests/unit/world/test_shared_containers_by_hand.py`. Reference: model specification
§7.10, §8; T15.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from arms import arms, differences
from millworks.programmes.container_pool import ROW, imports_of_inputs

NAME = "shared_containers"
HARSH = {"buf": 6, "cards": 0.05, "arrears": 3, "hv0": 0.3, "hv1": 0.5, "estate_weeks": 4}
OFTEN = {"match_half": 0.5}


def followed(weeks, settings, **changes):
    """Run an arm; add up its flows and its cost, and members of each week."""
    study, total, members = arms(**changes), Counter(), []

    def add(model):
        makers = model.population("M")
        total.update(model.ledger.flows)
        total["cost"] += model.measures.cost[NAME]
        total["fees"] += float(makers.fees.sum())
        members.append(int(np.count_nonzero(makers.container_member)))

    study.follow(weeks, {NAME: settings}, each=add)
    return study.model, total, members


def test_only_makers_whose_imports_make_a_shipment_and_fill_no_container_may_join():
    model, _, _ = followed(1, {})
    makers = model.population("M")
    offered = makers.container_half > 0.0
    volume = 4.0 * imports_of_inputs(model)[2] / 439.0
    assert 0 < np.count_nonzero(offered) < makers.size
    assert (volume[offered] > 0.9).all()
    assert (volume[offered] < 75.0).all()
    large = np.argmax(volume)
    assert not offered[large]


def test_members_pay_less_for_imports_and_others_what_they_paid():
    model, _, members = followed(12, OFTEN)
    makers, trade = model.population("M"), model.trade
    member = makers.container_member
    assert members[-1] > 0
    price = trade.abroad_price[trade.spans["M"]]
    abroad = makers.import_saving > 0.0
    assert (abroad == member).all()
    assert (price[member] < 1.0).all()
    assert price[~member] == pytest.approx(1.0)
    assert price[member] == pytest.approx(1.0 - makers.import_saving[member])


def test_what_a_member_pays_for_goods_abroad_falls_by_what_it_saves():
    """The week after the first tick: the same units, at a lower price, paid to the outside."""
    study = arms()

    def invoiced(model):
        trade = model.trade
        links = trade.abroad_link[trade.spans["M"]]
        units, paid = trade.shipped[links].copy(), trade.invoiced[links].copy()
        return units, paid, model.population("M").import_saving.copy()

    units, paid, saving = study.follow(6, {NAME: OFTEN}, each=invoiced)[-1]
    bought = units > 0.0
    assert paid[bought] == pytest.approx((units * (1.0 - saving))[bought], rel=1e-9)
    assert (saving[bought] > 0.0).any()


def test_cheaper_imports_draw_members_abroad_and_away_from_suppliers_here_and_in_the_us():
    """The sign follows from the share rule."""
    study = arms()

    def abroad_part(model):
        trade = model.trade
        return trade.share[trade.abroad_link[trade.spans["M"]]].copy()

    alone = study.follow(60, each=abroad_part)[-1]
    shared = study.follow(60, {NAME: OFTEN}, each=abroad_part)[-1]
    member = study.model.population("M").container_member
    assert (shared[member] > alone[member]).mean() > 0.9


def test_members_pay_for_handling_and_the_programme_for_the_running():
    model, total, members = followed(26, OFTEN)
    spent = total["operator pay O>H"] + total["operator services O>S"]
    assert spent == pytest.approx(26 * 200e3 * model.scale / 52.0)
    assert total["operator fees M>O"] == pytest.approx(total["fees"])
    assert members[-1] > 0
    assert total["fees"] > 0.0
    kept = float(model.population("O").cleared[ROW])
    assert total["operator freight O>X"] == pytest.approx(total["fees"])
    outlays = spent + total["fees"]
    assert total["operator fees paid M>O"] + total["cost"] == pytest.approx(outlays + kept)
    assert total["cost"] == pytest.approx(spent, rel=0.3)
    assert total["programme support G>O"] == pytest.approx(total["cost"])
    assert total["levy withheld H>G"] > 0.0


def test_who_would_lose_by_handling_does_not_join():
    """500 USD a pallet are 220 a cubic metre, more than shared space costs alone."""
    assert followed(12, {"handling": 500.0})[2][-1] == 0


def test_with_a_place_for_everybody_more_strength_changes_no_bit():
    study = arms()
    once, twice = ({NAME: {"intensity": size}} for size in (1.0, 2.0))
    assert differences(study.end(20, once), study.end(20, twice)) == []


def test_half_the_places_take_half_of_those_who_want_one():
    model, _, members = followed(12, {"intensity": 0.25} | OFTEN)
    offered = np.count_nonzero(model.population("M").container_half > 0.0)
    assert members[-1] == pytest.approx(0.25 * offered, abs=1.0)


def test_when_it_ends_imports_cost_what_they_did():
    model, _, members = followed(20, {"weeks": 12} | OFTEN)
    assert members[11] > 0
    assert members[12:] == [0] * 8
    assert not model.trade.import_saving.any()
    assert model.trade.abroad_price == pytest.approx(1.0)
    assert not model.population("M").import_handling.any()


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sectors": ["PETR"], "sizes": ["<5"]}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(settings):
    study = arms()
    assert differences(study.end(20), study.end(20, {NAME: settings})) == []


def test_the_books_close_every_week_while_members_fail():
    model, _, members = followed(70, OFTEN, **HARSH)
    makers = model.population("M")
    assert max(model.invariants.worst.values()) < 1e-6
    assert max(members) > 0
    assert (makers.status != 0).any()
