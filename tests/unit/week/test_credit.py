"""What lenders offer, what a line reaches, what a loan costs: figures by hand, USD.

Reference: model specification §7.14; loans are annuities.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import LENDING, applicant, columns
from millworks.agents.credit import (
    ARREARS,
    BANK,
    CASH_FLOW,
    CDFI,
    CEILING,
    COLLATERAL,
    DOWN_PAYMENT,
    FINANCE_TERMS,
    KINDS,
    LENDERS_CAPITAL,
    NO_TERM,
    ONLINE,
    RATE,
    SCORE,
    SMALLEST_LOAN,
    approval_score,
    best_offer,
    blended_rate,
    credit_line,
    lender_strength,
    level_payment,
    loan_for_payment,
    offer,
    weekly_interest,
)
from millworks.agents.firm import ACTIVE
from millworks.week.invest import add_loans, set_limits

FROM_ANY = (1.0, 1.0, 1.0)


def test_a_week_of_interest_is_a_fifty_second_of_a_year():
    assert weekly_interest(5_200.0, 0.10) == pytest.approx(10.0)


def test_without_interest_a_loan_is_repaid_in_equal_parts():
    assert level_payment(520.0, 0.0, 52.0) == pytest.approx(10.0)
    assert loan_for_payment(10.0, 0.0, 52.0) == pytest.approx(520.0)


def test_two_payments_repay_a_loan_of_two_weeks_with_its_interest():
    """52 % a year is 1 % a week: 1/1.01 + 1/1.0201 = 1.970395 dollars for one a week."""
    assert loan_for_payment(1.0, 0.52, 2.0) == pytest.approx(1.0 / 1.01 + 1.0 / 1.0201)
    assert level_payment(1.970395059, 0.52, 2.0) == pytest.approx(1.0)


@given(loan=st.floats(1.0, 1e8), rate=st.floats(0.0, 0.6), weeks=st.integers(1, 520).map(float))
def test_the_payment_of_a_loan_and_the_loan_of_a_payment_are_inverse(loan, rate, weeks):
    payment = level_payment(loan, rate, weeks)
    assert loan_for_payment(payment, rate, weeks) == pytest.approx(loan, rel=1e-12)
    assert payment * weeks >= loan * (1.0 - 1e-12)


def test_two_loans_bear_the_rate_of_their_mix():
    assert blended_rate(300.0, 0.10, 100.0, 0.02) == pytest.approx(0.08)
    assert blended_rate(0.0, 0.35, 0.0, 0.05) == 0.05


def test_the_score_is_its_level_at_reference_sales_and_rises_with_their_logarithm():
    assert approval_score(1.5e6, 0.0, LENDING) == pytest.approx(0.2)
    assert approval_score(1.5e6 * math.e, 0.0, LENDING) == pytest.approx(0.37)
    assert approval_score(1.5e6, -0.5, LENDING._replace(tightness=0.23)) == pytest.approx(-0.53)


def test_a_firm_without_sales_has_no_chance():
    assert approval_score(0.0, 9.0, LENDING) == -math.inf


@pytest.mark.parametrize(
    ("equity", "loans", "part"),
    [(10, 100, 1), (8, 100, 1), (6, 100, 0.5), (4, 100, 0), (-3, 100, 0), (1, 0, 1), (-1, 0, 0)],
)
def test_a_lender_lends_less_below_eight_per_cent_capital_and_nothing_below_four(
    equity, loans, part
):
    assert lender_strength(float(equity), float(loans), 0.04, 0.08) == pytest.approx(part)


def test_a_good_customer_gets_what_it_asks_for():
    found = offer(BANK, 100_000.0, applicant(), LENDING)
    assert found == (100_000.0, NO_TERM)


@pytest.mark.parametrize(
    ("changes", "request_", "amount", "term"),
    [
        # z = .2 - .25 < 0
        ({"soft": -0.25}, 100_000, 0, SCORE),
        ({"late_weeks": 5}, 100_000, 0, ARREARS),
        # .55 x 400,000 - 150,000 = 70,000
        ({"debt": 150_000}, 100_000, 70_000, COLLATERAL),
        # 20,000 a year are left, 384.62 a week: times (1 - 1.0018077^-312) / .0018077 = 238.30
        ({"cash_flow": 30_000, "service": 4_000}, 150_000, 91_655.63, CASH_FLOW),
        ({"cash_flow": -30_000}, 100_000, 0, CASH_FLOW),
        # 80 % of 100,000
        ({"project": 100_000}, 100_000, 80_000, DOWN_PAYMENT),
        ({"strength": (0.75, 1, 1)}, 100_000, 75_000, LENDERS_CAPITAL),
        ({"strength": (0, 1, 1)}, 100_000, 0, LENDERS_CAPITAL),
        ({}, 49_000, 0, SMALLEST_LOAN),
        # what collateral leaves, 40,000, is below the smallest loan: collateral is what lacks
        ({"debt": 180_000}, 100_000, 0, COLLATERAL),
    ],
)
def test_each_term_of_a_bank_cuts_its_offer_by_the_formula_and_is_named(
    changes, request_, amount, term
):
    changed = {name: tuple(map(float, v)) if name == "strength" else float(v)
               for name, v in changes.items()}  # fmt: skip
    found = offer(BANK, float(request_), applicant(**changed), LENDING)
    assert found.amount == pytest.approx(amount, rel=1e-6)
    assert FINANCE_TERMS[found.term] == FINANCE_TERMS[term]


def test_a_community_lender_takes_weaker_firms_and_small_loans_up_to_its_ceiling():
    weak = applicant(soft=-0.5)
    assert offer(BANK, 20_000.0, weak, LENDING).term == SCORE
    assert offer(CDFI, 20_000.0, weak, LENDING) == (20_000.0, NO_TERM)
    large = applicant(sales=2e7, capital=8e6, cash_flow=2e6)
    assert offer(CDFI, 900_000.0, large, LENDING) == (500_000.0, CEILING)


def test_an_online_lender_lends_a_tenth_of_sales_to_those_whose_cash_flow_carries_a_year():
    rich = applicant(soft=-0.9, cash_flow=600_000.0)
    assert offer(ONLINE, 200_000.0, rich, LENDING) == (pytest.approx(150_000.0), CEILING)
    found = offer(ONLINE, 150_000.0, applicant(soft=-0.9, cash_flow=60_000.0), LENDING)
    assert found == (pytest.approx(loan_for_payment(48_000 / 52, 0.35, 52.0)), CASH_FLOW)


def test_the_best_offer_is_the_largest_of_those_at_whose_rate_the_project_pays():
    weak = applicant(soft=-0.5, cash_flow=600_000.0)
    assert best_offer(100_000.0, weak, LENDING, FROM_ANY).amount == 100_000.0
    none = best_offer(100_000.0, weak, LENDING, (1.0, 0.0, 0.0))
    assert none == (0.0, SCORE)
    assert best_offer(100_000.0, weak, LENDING, (0.0, 0.0, 0.0)) == (0.0, RATE)


amounts = st.floats(0.0, 1e8)


@given(
    kind=st.integers(0, KINDS - 1),
    request=amounts,
    soft=st.floats(-3.0, 3.0),
    sales=amounts,
    debt=amounts,
    cash_flow=st.floats(-1e7, 1e7),
    project=amounts,
    strength=st.floats(0.0, 1.0),
)
def test_no_offer_is_negative_or_above_the_request_and_a_smaller_one_has_its_reason(
    kind, request, soft, sales, debt, cash_flow, project, strength
):
    firm = applicant(
        soft=soft,
        sales=sales,
        debt=debt,
        cash_flow=cash_flow,
        project=project,
        strength=(strength, strength, strength),
    )
    found = offer(kind, request, firm, LENDING)
    assert 0.0 <= found.amount <= request
    assert (found.term == NO_TERM) <= (found.amount == request)
    assert (found.amount < request) <= (found.term != NO_TERM)


@given(request=amounts, soft=st.floats(-3.0, 3.0), less=st.floats(0.0, 1e6))
def test_more_debt_never_raises_an_offer(request, soft, less):
    before = best_offer(request, applicant(soft=soft), LENDING, FROM_ANY)
    after = best_offer(request, applicant(soft=soft, debt=less), LENDING, FROM_ANY)
    assert after.amount <= before.amount


@pytest.mark.parametrize(
    ("used", "lends", "limit"),
    [
        (0, True, 0.8 * 100_000 + 0.4 * 50_000),
        (0, False, 0.02 * 1_500_000),
        (64_000, False, 64_000),
        (120_000, True, 120_000),
    ],
)
def test_a_line_follows_receivables_and_stocks_and_is_frozen_but_never_called(used, lends, limit):
    found = credit_line(100_000.0, 50_000.0, 1.5e6, float(used), lends, LENDING)
    assert found == pytest.approx(limit)


def test_a_line_never_falls_below_what_cards_give():
    assert credit_line(1_000.0, 0.0, 1.5e6, 0.0, True, LENDING) == pytest.approx(30_000.0)


def test_limits_need_a_score_above_zero_and_a_bank_that_lends():
    """Four firms: approved, refused by score, at a bank without capital, closed."""
    limit = columns(-1.0, -1.0, -1.0, -1.0)
    set_limits(
        columns(ACTIVE, ACTIVE, ACTIVE, ACTIVE + 1) == ACTIVE,
        columns(1e5, 1e5, 1e5, 1e5),
        columns(0.0, 0.0, 0.0, 0.0),
        columns(1.5e6, 1.5e6, 1.5e6, 1.5e6),
        columns(0.0, -1.0, 0.0, 0.0),
        columns(0.0, 0.0, 0.0, 0.0),
        columns(1.0, 1.0, 0.0, 1.0),
        LENDING,
        limit,
    )
    assert limit.tolist() == [pytest.approx(80_000.0), 30_000.0, 30_000.0, -1.0]


def test_a_new_loan_joins_the_old_one_and_a_repaid_loan_leaves_no_payment_behind():
    rate, payment = columns(0.10, 0.10, 0.10), columns(7.0, 7.0, 7.0)
    lent, balance = columns(520.0, 520.0, 0.0), columns(520.0, 0.0, 520.0)
    add_loans(lent, balance, 0.0, 52.0, rate, payment)
    assert payment.tolist() == [17.0, 10.0, 7.0]
    assert rate.tolist() == [pytest.approx(0.05), 0.0, 0.10]
