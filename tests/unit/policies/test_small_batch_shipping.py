"""Small-batch shipping: who may join, who does, who pays whom, and when it is full.

Rules by hand: `tests/unit/world/test_shared_freight.py`. Reference: model specification §7.10, §8;
T15.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from arms import arms, differences
from millworks.programmes.freight_pool import ROW, merge_shipments
from millworks.week import ship

NAME = "small_batch_shipping"
HARSH = {"buf": 6, "cards": 0.05, "arrears": 3, "hv0": 0.3, "hv1": 0.5, "estate_weeks": 4}


def followed(weeks, settings, shocks=None, **changes):
    """Run an arm; add up its flows, its cost, and members of each week."""
    study, total = arms(**changes), Counter()
    members, handling = [], []

    def add(model):
        makers = model.population("M")
        total.update(model.ledger.flows)
        total["cost"] += model.measures.cost[NAME]
        total["freight"] += float((makers.freight_local + makers.freight_outside).sum())
        members.append(int(np.count_nonzero(makers.pool_member)))
        handling.append(float(makers.pool_fee.sum()))

    study.follow(weeks, {NAME: settings} if settings is not None else {}, shocks, each=add)
    return study.model, total, members, handling


def test_makers_join_at_the_first_tick_and_pay_less_freight():
    _, alone, _, _ = followed(30, None)
    model, total, members, _ = followed(30, {})
    makers = model.population("M")
    assert members[0] in (0, members[-1])
    assert members[-1] > 0.5 * np.count_nonzero(makers.pool_half > 0.0)
    assert not makers.pool_member[makers.pool_half <= 0.0].any()
    assert total["freight"] < 0.97 * alone["freight"]


def test_only_shippers_below_a_truckload_may_join():
    model, _, _, _ = followed(2, {})
    trade, makers = model.trade, model.population("M")
    offered = makers.pool_half > 0.0
    assert 0 < np.count_nonzero(offered) < makers.size
    largest = np.argmax(makers.potential_forecast * model.pounds_per_unit[makers.sector])
    assert not offered[largest]
    assert trade.spans["M"].start == 0


def test_nobody_joins_a_pool_whose_handling_eats_the_saving():
    _, _, members, _ = followed(12, {"handling": 200.0, "match_half": 100.0, "zones": 5000})
    few = members[-1]
    _, _, members, _ = followed(12, {"handling": 0.0})
    assert few < members[-1]


def test_members_pay_for_handling_and_stops_and_the_programme_for_setting_up_and_running():
    """2,500 USD for each place once filled, 1,500 a year for each member."""
    model, total, members, handling = followed(40, {})
    most = max(members)
    running = 1_500.0 / 52.0 * sum(members[:-1])
    spent = total["operator pay O>H"] + total["operator services O>S"]
    # The members of a week are those whom the last tick of the week before left.
    last = 1_500.0 / 52.0 * (members[0] - members[-1])
    assert spent == pytest.approx(2_500.0 * most + running + max(0.0, last), rel=0.02)
    assert total["operator fees M>O"] == pytest.approx(sum(handling))
    # Stops in zones outside are made by carriers there.
    carried = total["operator freight O>S"], total["operator freight O>X"]
    assert sum(carried) == pytest.approx(sum(handling))
    assert min(carried) > 0.05 * sum(handling)
    operator = model.population("O")
    received = total["operator fees paid M>O"]
    assert total["cost"] == pytest.approx(total["programme support G>O"])
    kept = float(operator.cleared[ROW])
    assert received + total["cost"] == pytest.approx(spent + sum(handling) + kept)
    # Fees come in a week after the handling they are for, and the operator keeps no fund.
    owed = float(operator.fees_receivable[ROW])
    assert total["cost"] == pytest.approx(spent + owed + kept, rel=1e-6)
    assert total["levy withheld H>G"] > 0.0
    assert total["programme pay G>H"] == 0.0


def test_the_dearer_a_stop_the_less_is_shared_and_saved():
    alone = followed(20, None)[1]["freight"]
    saved, members = [], []
    for stop in (0.0, 40.0, 75.0, 150.0, 500.0):
        _, total, joined, fees = followed(20, {"stop_fee": stop})
        saved.append(1.0 - (total["freight"] + sum(fees)) / alone)
        members.append(joined[-1])
    assert saved == sorted(saved, reverse=True)
    assert saved[0] > 1.3 * saved[2] > 0.0
    assert members[0] >= members[2] > members[4]


def test_where_stops_are_free_members_owe_handling_by_the_pallet_and_nothing_else():
    model, _, _, fees = followed(12, {"stop_fee": 0.0, "handling": 0.0})
    assert model.population("M").pool_member.any()
    assert fees == [0.0] * 12


def test_nobody_pays_more_in_any_week_than_it_would_alone(monkeypatch):
    """Freight, handling and stops of each maker against what its shipments cost alone."""
    saved = []

    def watched(world, cost):
        alone = world.trade.three_of_seller(cost, cost, cost)[0].copy()
        merged = merge_shipments(world, cost)
        carriers = world.trade.three_of_seller(cost, cost, cost)[0]
        span = world.trade.spans["M"]
        saved.append((alone - carriers)[span] - world.population("M").pool_fee)
        return merged

    monkeypatch.setattr(ship, "merge_shipments", watched)
    arms().follow(20, {NAME: {}})
    assert min(float(week.min()) for week in saved) > -1e-6
    assert sum(float(week.sum()) for week in saved) > 1_000.0


def test_a_pool_that_is_full_takes_nobody_more():
    places = 20
    model, _, members, _ = followed(30, {"places": round(places / arms().model.scale)})
    assert max(members) == places
    assert np.count_nonzero(model.population("M").pool_half > 0.0) > places


def test_with_a_place_for_everybody_more_strength_changes_no_bit():
    study = arms()
    once, twice = ({NAME: {"intensity": size}} for size in (1.0, 2.0))
    assert differences(study.end(20, once), study.end(20, twice)) == []


def test_the_more_shipments_go_to_a_zone_the_more_are_shared():
    def handled(zones):
        return sum(followed(12, {"zones": zones, "handling": 1.0})[3])

    assert handled(5000) < 0.8 * handled(179) < 0.8 * handled(5)


def test_a_pool_with_more_members_saves_each_of_them_more():
    """Members of a small pool, drawn by lot, pay less once everybody has joined."""
    small = round(12 / arms().model.scale)
    model, few, _, _ = followed(12, {"places": small, "zones": 1000})
    first = model.population("M").pool_member.copy()
    alone = freight_of(first, {})
    saved = [
        1.0 - freight_of(first, {NAME: {"zones": 1000, **more}}) / alone
        for more in ({"places": small}, {})
    ]
    assert few["cost"] > 0.0
    assert 0.0 < saved[0] < saved[1]


def freight_of(rows, policies):
    """Freight of some makers over twelve weeks, USD."""
    study = arms()

    def paid(model):
        makers = model.population("M")
        return float((makers.freight_local + makers.freight_outside)[rows].sum())

    return sum(study.follow(12, policies, each=paid))


def test_shared_shipments_take_longer():
    study = arms()

    def under_way(model):
        return float(model.trade.transit.sum() / model.trade.shipped.sum())

    fast = np.mean(study.follow(30, {NAME: {"days": 0.0}}, each=under_way)[-12:])
    slow = np.mean(study.follow(30, {NAME: {"days": 7.0}}, each=under_way)[-12:])
    assert fast == pytest.approx(1.0)
    assert slow > 1.01


def test_lower_freight_lowers_the_unit_cost_of_members():
    study = arms()

    def freight_of(model):
        return model.population("M").freight_units.copy()

    alone = study.follow(40, each=freight_of)[-1]
    pooled = study.follow(40, {NAME: {}}, each=freight_of)[-1]
    members = study.model.population("M").pool_member
    assert pooled[members].mean() < 0.97 * alone[members].mean()


def test_orders_too_small_to_be_shipped_alone_may_be_worth_taking():
    study = arms()

    def refused(model):
        return float(model.population("M").refused[:, 5].sum())

    dear = {"freight_spike": {"freight": 4.0, "lead": 0.0, "ocean": 1.0}}
    alone = sum(study.follow(40, shocks=dear, each=refused)[-20:])
    pooled = sum(study.follow(40, {NAME: {}}, dear, each=refused)[-20:])
    assert alone > 0.0
    assert pooled < alone


def test_when_it_ends_all_ship_alone_again():
    model, _, members, handling = followed(20, {"weeks": 12})
    assert members[10] > 0
    assert members[12:] == [0] * 8
    assert handling[12:] == [0.0] * 8
    assert not model.population("M").pool_fee.any()


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"sectors": ["PETR"], "sizes": ["<5"]}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(settings):
    study = arms()
    assert differences(study.end(20), study.end(20, {NAME: settings})) == []


def test_the_books_close_every_week_while_members_fail():
    model, _, members, _ = followed(70, {}, **HARSH)
    makers = model.population("M")
    assert max(model.invariants.worst.values()) < 1e-6
    assert members[-1] > 0
    assert (makers.status != 0).any()
    assert not (makers.pool_member & (makers.status == 2)).any()
