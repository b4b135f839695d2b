"""Inventory finance: how far a line reaches, which part is whose, who bears what is lost.

Reference: model specification §7.14, §8; T15 for it stands in tests/limits. Figures by hand, USD.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from arms import Arms, arms, differences
from finance import LENDING, columns
from millworks.agents.estate import QUARTERS_INSOLVENT
from millworks.agents.firm import ACTIVE, CLOSING
from millworks.agents.producer import CASH
from millworks.agents.programme_credit import (
    extend_lines,
    follow_lines,
    line_interest,
    programme_part,
)
from millworks.policies.registry import make_policies
from millworks.programmes.guarantees import losses_borne

NAME = "inventory_finance"
ON: dict[str, dict[str, Any]] = {NAME: {}}
PRIVATE_RATE = 0.10

TIGHT = {"a0": 3.0, "buf": 1.0, "adv_AR": 0.2, "debt_sales": 0.3, "stock_resale": 0.2, "recov": 0.2}
"""Everybody passes the score; little cash, much debt, little to be had from what is sold off."""


def line(
    *, stock: float = 100.0, receivable: float = 50.0, used: float = 0.0, credit: float = 0.0,
    advance: float = 0.75, rate: float = 0.11, soft: float = 0.0, contracts: float = 0.0,
    programme_limit: float = 0.0, status: int = ACTIVE,
) -> dict[str, float]:  # fmt: skip
    """Limits of a firm with sales of 1,000 (cards 20): 80 % of receivables, 40 % of stocks."""
    found = {
        "credit": columns(credit),
        "private_limit": columns(-1.0),
        "programme_limit": columns(programme_limit),
        "limit": columns(-1.0),
    }
    extend_lines(
        np.array([status]), columns(receivable), columns(stock), columns(contracts),
        columns(1_000.0), columns(soft), columns(used), columns(1.0), columns(advance),
        LENDING._replace(score_level=5.0), PRIVATE_RATE, columns(rate), *found.values(),
    )  # fmt: skip
    return {name: float(values[0]) for name, values in found.items()}


# --- how far the line reaches


def test_a_programme_adds_to_the_private_limit_what_it_advances_on_stocks():
    """Private .8 x 50 + .4 x 100 = 80; the programme (.75 - .4) x 100 = 35."""
    found = line()
    assert found["private_limit"] == pytest.approx(80.0)
    assert found["programme_limit"] == pytest.approx(35.0)
    assert found["limit"] == pytest.approx(115.0)


def test_orders_under_contract_are_advanced_on_by_the_programme_only():
    """.75 x 40 = 30 more, none of it private."""
    found = line(contracts=40.0)
    assert found["private_limit"] == pytest.approx(80.0)
    assert found["programme_limit"] == pytest.approx(65.0)


def test_where_cards_reach_further_than_stocks_the_programme_adds_only_the_rest():
    """Cards 20; stocks .75 x 30 = 22.5, of which 20 are had anyway."""
    found = line(stock=30.0, receivable=0.0)
    assert found["private_limit"] == pytest.approx(20.0)
    assert found["programme_limit"] == pytest.approx(2.5)


def test_who_fails_the_score_has_cards_and_no_programme():
    found = line(soft=-9.0)
    assert found["limit"] == pytest.approx(20.0)
    assert found["programme_limit"] == 0.0


def test_a_closed_firm_keeps_its_limits():
    found = line(status=CLOSING, programme_limit=7.0)
    assert found == {"credit": 0.0, "private_limit": -1.0, "programme_limit": 7.0, "limit": -1.0}


# --- whose part is whose


@pytest.mark.parametrize(
    ("used", "dear", "part"),
    [(70.0, True, 0.0), (90.0, True, 10.0), (30.0, False, 30.0), (90.0, False, 35.0)],
)
def test_the_cheaper_part_of_a_line_is_used_first(used, dear, part):
    """Private limit 80, programme limit 35."""
    assert programme_part(used, 80.0, 35.0, dear) == pytest.approx(part)


def test_interest_in_arrears_beyond_both_limits_is_no_programme_credit():
    assert programme_part(120.0, 80.0, 35.0, True) == pytest.approx(35.0)


def test_without_a_programme_no_credit_is_under_it():
    assert programme_part(100.0, 80.0, 0.0, True) == 0.0


def test_an_owner_refinances_private_credit_where_the_programme_is_cheaper():
    assert line(used=60.0, rate=0.08)["credit"] == pytest.approx(35.0)
    assert line(used=60.0, rate=0.11)["credit"] == 0.0


def test_each_part_bears_its_own_rate():
    """80 at 10 % and 10 at 11 %."""
    yearly = line_interest(columns(90.0), columns(10.0), PRIVATE_RATE, columns(0.11))
    assert yearly[0] == pytest.approx(9.1)


def test_when_the_programme_ends_its_credit_stays_and_can_only_fall():
    """Used 100, 20 of it under the programme: the line is frozen at 100, private at 80."""
    ended = line(used=100.0, credit=20.0, programme_limit=35.0, advance=0.0)
    assert ended == {
        "credit": pytest.approx(20.0),
        "private_limit": pytest.approx(80.0),
        "programme_limit": pytest.approx(20.0),
        "limit": pytest.approx(100.0),
    }
    repaid = line(used=70.0, credit=0.0, programme_limit=20.0, advance=0.0)
    assert repaid["programme_limit"] == 0.0
    assert repaid["limit"] == pytest.approx(80.0)


def test_a_line_is_frozen_and_never_called_when_stocks_shrink_or_the_score_fails():
    """Stocks fall to 10: private 44, programme 3.5; 100 are used, 20 under the programme."""
    shrunk = line(stock=10.0, used=100.0, credit=20.0, programme_limit=35.0)
    assert shrunk["private_limit"] == pytest.approx(80.0)
    assert shrunk["programme_limit"] == pytest.approx(20.0)
    assert shrunk["limit"] == pytest.approx(100.0)
    failed = line(soft=-9.0, used=100.0, credit=20.0, programme_limit=35.0)
    assert failed["limit"] == pytest.approx(100.0)
    assert failed["credit"] == pytest.approx(20.0)


def test_when_the_private_limit_rises_programme_credit_is_refinanced():
    """Receivables of 100: private 120 covers all 100 that are used."""
    found = line(receivable=100.0, used=100.0, credit=20.0, programme_limit=35.0)
    assert found["credit"] == 0.0
    assert found["limit"] == pytest.approx(155.0)


def test_a_firm_repays_the_dear_part_first_and_an_estate_pays_both_alike():
    credit = columns(20.0, 20.0)
    follow_lines(
        np.array([ACTIVE, CLOSING]), columns(100.0, 100.0), columns(90.0, 50.0),
        columns(80.0, 80.0), columns(35.0, 35.0), PRIVATE_RATE, columns(0.11, 0.11), credit,
    )  # fmt: skip
    np.testing.assert_allclose(credit, [10.0, 10.0])


# --- who bears what is lost


def test_the_programme_bears_losses_up_to_a_tenth_of_what_is_out():
    """1,000 are out: 60, then what is left of 100, then nothing."""
    out, share = columns(1_000.0), columns(0.1)
    assert losses_borne(columns(60.0), out, columns(0.0), share)[0] == pytest.approx(60.0)
    assert losses_borne(columns(60.0), out, columns(60.0), share)[0] == pytest.approx(40.0)
    assert losses_borne(columns(60.0), out, columns(100.0), share)[0] == 0.0


def test_the_account_of_a_lender_never_gives_money_back():
    """Credit fell to 100 after 60 were borne: nothing more, and nothing back."""
    borne = losses_borne(columns(5.0), columns(100.0), columns(60.0), columns(0.1))
    assert borne[0] == 0.0


# --- the offer


def test_the_advance_grows_with_intensity_and_is_saturated_at_nine_tenths():
    policy: Any = make_policies(ON)[0]
    assert policy.advance(0.4, 0.5) == pytest.approx(0.575)
    assert policy.advance(0.4, 1.0) == pytest.approx(0.75)
    assert policy.advance(0.4, 4.0) == pytest.approx(0.90)
    assert not policy.saturated(0.4, 1.4)
    assert policy.saturated(0.4, 1.5)


def test_beyond_saturation_more_intensity_changes_no_bit():
    study = arms()
    twice = study.end(9, {NAME: {"intensity": 2.0}})
    assert differences(twice, study.end(9, {NAME: {"intensity": 4.0}})) == []


def test_all_makers_and_retailers_that_trade_are_offered_it_and_nobody_else():
    study = arms()
    study.follow(1, ON)
    for letter in "MR":
        firms = study.model.population(letter)
        np.testing.assert_array_equal(firms.stock_advance > 0.0, firms.status == ACTIVE)
    offered = [
        letter for letter in "PCS" if "stock_advance" in study.model.population(letter).declared
    ]
    assert offered == []


def test_sizes_narrow_who_is_offered_it_among_makers_and_retailers():
    study = arms()
    study.follow(1, {NAME: {"sizes": ["20-99"]}})
    makers, shops = study.model.population("M"), study.model.population("R")
    np.testing.assert_array_equal(
        makers.stock_advance > 0.0, (makers.status == ACTIVE) & (makers.size_class == 3)
    )
    fits = (shops.employment >= 20.0) & (shops.employment < 100.0)
    np.testing.assert_array_equal(shops.stock_advance > 0.0, (shops.status == ACTIVE) & fits)


# --- in a district


def seen(model: Any) -> dict[str, Any]:
    """What a week looks like."""
    makers, lenders = model.population("M"), model.population("B")
    return {
        "cash": int((makers.stock_bind == CASH).sum()),
        "stock": float((makers.inventory + makers.finished).sum()),
        "credit": makers.programme_credit.copy(),
        "limit": makers.programme_limit.copy(),
        "line": makers.revolver.copy(),
        "private": makers.private_limit.copy(),
        "status": makers.status.copy(),
        "borne": float(lenders.guaranteed.sum()),
        "cost": dict(model.measures.cost),
        "failed": model.turnover["failed M"],
        "flow": model.ledger.flows["programme guarantee G>B"],
        "week": model.week,
    }


def tight() -> Arms:
    return arms(**TIGHT)


@cache
def with_and_without() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """80 weeks of a district that is short of cash, without the programme and with it."""
    study = tight()
    return study.follow(80, each=seen), study.follow(80, ON, each=seen)


def test_it_lets_makers_short_of_cash_build_stock():
    without, with_it = with_and_without()
    cut = [sum(week["cash"] for week in arm) for arm in (without, with_it)]
    assert cut[1] < 0.95 * cut[0]
    stock = [sum(week["stock"] for week in arm[26:]) for arm in (without, with_it)]
    assert stock[1] > 1.01 * stock[0]


def test_a_maker_whose_stock_was_cut_for_cash_holds_more_of_it():
    """The maker that draws most under the programme had less finished stock without it."""
    study = tight()
    at = 30
    _, with_it = with_and_without()
    row = int(np.argmax(with_it[at]["credit"]))
    finished = {}
    for name, policies in (("without", None), ("with", ON)):
        study.follow(at + 1, policies)
        makers = study.model.population("M")
        finished[name] = float(makers.finished[row] + makers.inventory[row])
    assert finished["with"] > finished["without"]


def test_private_credit_is_used_up_before_the_programme():
    for week in with_and_without()[1]:
        under = (week["credit"] > 0.0) & (week["status"] == ACTIVE)
        assert (week["line"][under] >= week["private"][under]).all()
        assert (week["credit"] <= week["limit"])[week["status"] == ACTIVE].all()


def test_firms_fail_while_they_owe_programme_credit_and_the_programme_bears_first_losses():
    """Books are checked in every one of these weeks."""
    _, with_it = with_and_without()
    before = with_it[:-1]
    closing = [
        bool(np.any((now["status"] == ACTIVE) & (then["status"] == CLOSING) & (now["credit"] > 0)))
        for now, then in zip(before, with_it[1:], strict=True)
    ]
    assert any(closing)
    assert sum(week["borne"] for week in with_it) > 0.0


def test_what_is_borne_is_its_cost_with_what_running_it_takes():
    overhead = tight().model.base_parameters.programme_overhead
    for week in with_and_without()[1]:
        assert week["flow"] == pytest.approx(week["borne"], abs=1e-9)
        assert week["cost"].get(NAME, 0.0) == pytest.approx((1.0 + overhead) * week["borne"])


def test_the_programme_never_bears_more_than_its_share_of_what_was_out():
    """All lenders together, so the largest sum that was ever out bounds what was borne."""
    _, with_it = with_and_without()
    most = max(float(week["credit"].sum()) for week in with_it)
    assert sum(week["borne"] for week in with_it) <= 0.1 * most * 1.5


def test_a_levy_pays_for_it_and_the_outside_only_if_it_is_the_payer():
    study = tight()
    paid = {}
    for payer in ("levy", "outside"):
        flows = [
            (
                model["programme funded X>G"],
                sum(v for k, v in model.items() if k.startswith(("levy paid", "levy withheld"))),
                model["programme guarantee G>B"],
            )
            for model in study.follow(
                80, {NAME: {"payer": payer}}, each=lambda m: dict(m.ledger.flows)
            )
        ]
        paid[payer] = np.array(flows).sum(axis=0)
    assert paid["levy"][2] > 0.0
    assert paid["levy"][0] == 0.0
    assert paid["levy"][1] > 0.0
    assert paid["outside"][0] == pytest.approx(1.08 * paid["outside"][2])
    assert paid["outside"][1] == 0.0


def test_a_write_off_costs_the_lender_what_the_programme_does_not_bear():
    """A maker that owes programme credit closes; nothing is borne if the first loss is zero."""
    study = tight()
    losses = {}
    for share in (0.0, 1.0):
        study.follow(30, {NAME: {"first_loss": share}})
        model = study.model
        makers, lenders = model.population("M"), model.population("B")
        row = int(np.argmax(np.where(makers.status == ACTIVE, makers.programme_credit, 0.0)))
        makers.insolvent_quarters[row] = QUARTERS_INSOLVENT
        if (model.week + 1 + makers.identity[row]) % 13 == 0:
            model.step()
            makers.insolvent_quarters[row] = QUARTERS_INSOLVENT
        model.step()
        assert makers.status[row] == CLOSING
        lost = borne = 0.0
        owed = float(makers.programme_credit[row])
        for _ in range(60):
            before = float(makers.programme_credit[row])
            line_before = float(makers.revolver[row])
            model.step()
            if makers.revolver_written_off[row] > 0.0:
                lost = before * float(makers.revolver_written_off[row]) / line_before
                borne = float(lenders.guaranteed[makers.lender[row]])
                break
        losses[share] = (owed, lost, borne)
    owed, lost, borne = losses[1.0]
    # A year of interest at most joins it until the estate is over.
    assert 0.0 < lost < 1.11 * owed
    assert borne == pytest.approx(lost, rel=0.05)
    assert losses[0.0][2] == 0.0


def test_credit_of_a_programme_that_has_ended_is_paid_back_and_its_losses_are_still_borne():
    study = tight()
    weeks = study.follow(80, {NAME: {"weeks": 24}}, each=seen)
    _, without_end = with_and_without()
    at_end = float(weeks[23]["credit"].sum())
    assert at_end > 0.0
    # Lines are set every four weeks; from then on nothing is drawn any more.
    fixed = next(i for i, week in enumerate(weeks) if i >= 24 and week["week"] % 4 == 0)
    totals = [float(week["limit"].sum()) for week in weeks[fixed:]]
    assert all(later <= now * (1.0 + 1e-9) for now, later in pairwise(totals))
    assert float(weeks[-1]["credit"].sum()) < 0.5 * float(without_end[-1]["credit"].sum())
    assert float(study.model.population("B").first_loss[0]) == pytest.approx(0.1)


def test_where_credit_lines_have_no_limit_it_changes_nothing_but_what_is_written_about_it():
    """Nobody is short of cash: there is nothing that the programme could do."""
    study = arms(cards=1e9)
    changed = differences(study.end(26), study.end(26, ON))
    about = ("stock_advance", "stock_credit_rate", "first_loss", "private_limit", "programme_rate")
    assert [path for path in changed if not path.endswith(about)] == []


def test_a_cheaper_programme_crowds_out_private_credit():
    study = arms()
    under = {}
    for rate in (0.08, 0.11):
        study.follow(20, {NAME: {"rate": rate}})
        makers = study.model.population("M")
        under[rate] = float(makers.programme_credit.sum() / makers.revolver.sum())
    assert under[0.08] > 5.0 * under[0.11]
