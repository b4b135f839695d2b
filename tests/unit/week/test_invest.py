"""What the stage `invest` does to a district: tests of owners, orders, loans and lines.

Reference: model specification §7.13, §7.14, §10.2.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from millworks.agents.maker import LOANS
from millworks.district_model import DistrictModel
from millworks.parameters import Parameters
from millworks.world.accounts import CDFI_ROW, ONLINE_ROW
from worlds import district, world_parameters

WEEKS = 40
NOBODY_LEAVES = {"arrears": 1e9, "insolvency": -1e9, "hv0": 0.0, "hv1": 0.0}


def rates(**changes: float) -> Parameters:
    """The world as it is, but that no firm closes."""
    changed = NOBODY_LEAVES | changes
    return world_parameters("default").replace(unchecked=True, **changed)


@cache
def history() -> list[dict[str, np.ndarray]]:
    """What a district of 120 makers looked like at the end of each of 40 weeks."""
    model = district(makers=120, parameters=rates(), seed=7)
    return [week_of(model) for _ in range(WEEKS)]


def week_of(model: DistrictModel) -> dict[str, np.ndarray]:
    """Let a week pass; copies of what the makers and lenders show then."""
    before = model.population("M").cleared.copy()
    model.step()
    makers = model.population("M")
    seen = {name: np.array(getattr(makers, name)) for name in makers.declared}
    return seen | {"week": np.array(model.week), "before": before}


def test_every_maker_is_tested_once_a_quarter():
    for now in history():
        due = (now["week"] + now["identity"]) % 13 == 0
        np.testing.assert_array_equal(now["tested"] == now["week"], due)
    assert (history()[12]["tested"] >= 0).all()


def test_some_owners_want_to_grow_some_do_and_only_ambitious_ones_want():
    assert sum(float(now["capital_ordered_outside"].sum()) for now in history()) > 0.0
    last = history()[-1]
    assert last["wants"].any()
    assert not (last["wants"] & ~last["ambition"]).any()
    assert not (last["constrained"] & ~last["wants"]).any()


def test_money_is_missing_exactly_where_an_owner_is_constrained_and_a_term_is_named():
    for now in history():
        np.testing.assert_array_equal(now["money_missing"] > 0.0, now["constrained"])
        np.testing.assert_array_equal(now["missing_term"] >= 0, now["constrained"])


def test_capital_on_order_is_what_the_weeks_to_come_will_deliver():
    for now in history():
        pending = now["pending_capital"].sum(axis=1)
        np.testing.assert_allclose(now["capital_on_order"], pending, rtol=0.0, atol=1e-6)


def test_what_is_ordered_is_installed_after_the_weeks_of_delivery():
    weeks = int(world_parameters("default").deliv)
    weekly = history()
    found = 0
    for ordered, arrived in zip(weekly, weekly[weeks:], strict=False):
        cost = ordered["capital_ordered_local"] + ordered["capital_ordered_outside"]
        np.testing.assert_allclose(arrived["capital_installed"], cost, rtol=1e-12)
        found += int((cost > 0.0).sum())
    assert found > 0


def test_a_fifth_of_every_project_is_paid_to_local_builders():
    part = rates().capital_local
    for now in history():
        cost = now["capital_ordered_local"] + now["capital_ordered_outside"]
        np.testing.assert_allclose(now["capital_ordered_local"], part * cost)


def test_a_loan_never_exceeds_the_project_less_the_down_payment():
    down = rates().down
    for now in history():
        cost = now["capital_ordered_local"] + now["capital_ordered_outside"]
        lent = np.sum([now[f"{kind}_lent"] for kind in LOANS], axis=0)
        assert (lent <= (1.0 - down) * cost * (1.0 + 1e-12)).all()


def test_lines_hold_what_cards_give_and_never_less_than_what_is_used():
    given = rates()
    for now in history():
        if now["week"] % 4 == 0:
            assert (now["revolver_limit"] >= now["revolver"] - 1e-9).all()
            cards = given.cards * now["annual_sales"]
            assert (now["revolver_limit"] >= cards * (1.0 - 1e-9)).all()


def test_soft_information_moves_every_four_weeks_and_stays_within_its_spread():
    for before, now in zip(history(), history()[1:], strict=False):
        moved = now["soft_information"] != before["soft_information"]
        assert moved.all() == moved.any() == (now["week"] % 4 == 0)
    assert 0.6 < float(history()[-1]["soft_information"].std()) < 1.4


def test_the_simulated_application_asks_for_a_tenth_of_sales_and_is_measured():
    last = history()[-1]
    rows = last["tested"] == last["week"]
    np.testing.assert_allclose(last["request"][rows], 0.1 * last["annual_sales"][rows], rtol=0.05)
    assert 0.0 < float((last["offer"] >= last["request"]).mean()) < 1.0
    assert (last["offer"] <= last["request"]).all()


def test_histories_of_four_quarters_move_on_by_one_at_each_test():
    for before, now in zip(history(), history()[1:], strict=False):
        rows = now["tested"] == now["week"]
        for past, present in (("wanted_year", "wants"), ("constrained_year", "constrained")):
            np.testing.assert_array_equal(now[past][rows, 1:], before[past][rows, :-1])
            np.testing.assert_array_equal(now[past][rows, 0], now[present][rows])
        assert not now["orders_year"][rows, 0].any()


def test_lenders_short_of_capital_lend_nothing_and_grant_cards_only():
    """Banks open with a tenth of their loans; here they stop below a half."""
    given = rates(capital_stop=0.5, capital_full=0.6)
    model = district(makers=120, parameters=given, seed=7)
    makers = model.population("M")
    for _ in range(17):
        model.step()
        assert not makers.bank_lent.any()
        if model.week % 4 == 0:
            cards = np.maximum(given.cards * makers.annual_sales, makers.revolver)
            np.testing.assert_allclose(makers.revolver_limit, cards, rtol=1e-9)


def test_what_the_other_lenders_lent_in_a_year_is_remembered():
    model = district(makers=120, parameters=rates(), seed=7)
    lenders, makers = model.population("B"), model.population("M")
    expected = np.zeros(2)
    for _ in range(20):
        before = lenders.lent_year[[CDFI_ROW, ONLINE_ROW]].copy()
        model.step()
        lent = np.array([makers.cdfi_lent.sum(), makers.online_lent.sum()])
        expected = before + lent - before / 52.0
        np.testing.assert_allclose(lenders.lent_year[[CDFI_ROW, ONLINE_ROW]], expected)
    assert lenders.lent_year.sum() > 0.0
