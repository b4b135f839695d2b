"""T10: one loan, one maker on its own funds, one debt ratio; each has an answer in closed form.

    loan of n level payments: balance after n weeks = 0
    loan by cash flow:  coverage x (its payments + old payments) = cash flow
    growth on own funds: g = retained margin after tax and wear / (kc + wc)     per year
    debt over sales:     d' = (r - g) d - surplus

Reference: model specification §12 (T10), §7.13, §7.14.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from finance import LENDING, PROJECT, RULES, applicant, columns, owner
from millworks.agents.credit import (
    BANK,
    CASH_FLOW,
    ONLINE,
    level_payment,
    offer,
    weekly_interest,
)
from millworks.agents.growth import quarterly_decision
from millworks.week.invest import add_loans

EXACT = 1e-9


def balance_after(weeks, loan, rate, payment):
    """Balance of a loan after weeks of interest and payments, as `settle` books them."""
    for _ in range(weeks):
        loan += weekly_interest(loan, rate)
        loan -= min(loan, payment)
    return loan


@pytest.mark.parametrize("rate", [0.0, 0.08, 0.094, 0.35])
@pytest.mark.parametrize("weeks", [1, 52, 312])
def test_level_payments_end_a_loan_at_zero_on_the_last_day_and_not_before(weeks, rate):
    loan = 80_000.0
    payment = level_payment(loan, rate, float(weeks))
    assert balance_after(weeks, loan, rate, payment) == pytest.approx(0.0, abs=EXACT * loan)
    assert balance_after(weeks - 1, loan, rate, payment) == pytest.approx(
        payment / (1.0 + rate / 52.0), rel=1e-9
    )


def test_the_balance_on_the_way_is_that_of_the_annuity():
    """B_k = L ((1+r)^n - (1+r)^k) / ((1+r)^n - 1)."""
    loan, rate, weeks = 80_000.0, 0.094, 312
    growth = 1.0 + rate / 52.0
    payment = level_payment(loan, rate, float(weeks))
    for passed in (1, 100, 200, 311):
        known = loan * (growth**weeks - growth**passed) / (growth**weeks - 1.0)
        assert balance_after(passed, loan, rate, payment) == pytest.approx(known, rel=EXACT)


def test_two_loans_at_one_rate_joined_into_one_end_when_the_longer_one_would_at_the_latest():
    """Payments add up: with a loan of 100 weeks to go and a new one of 312 all is paid by then."""
    rate, payment = columns(0.094), columns(level_payment(80_000.0, 0.094, 312.0))
    half_way = balance_after(212, 80_000.0, 0.094, float(payment[0]))
    add_loans(columns(40_000.0), columns(half_way), 0.094, 312.0, rate, payment)
    both = half_way + 40_000.0
    assert balance_after(312, both, float(rate[0]), float(payment[0])) == 0.0
    assert balance_after(100, both, float(rate[0]), float(payment[0])) > 0.0


@pytest.mark.parametrize(("kind", "rate", "weeks"), [(BANK, 0.094, 312), (ONLINE, 0.35, 52)])
@pytest.mark.parametrize("service", [0.0, 11_000.0])
def test_the_cash_flow_covers_all_payments_of_the_largest_loan_exactly(kind, rate, weeks, service):
    open_rules = LENDING._replace(largest_of_sales=(1e9, 1e9, 1e9), smallest=(0.0, 0.0, 0.0))
    firm = applicant(cash_flow=70_000.0, service=service, capital=1e9)
    found = offer(kind, 1e9, firm, open_rules)
    assert found.term == CASH_FLOW
    paid = 52.0 * level_payment(found.amount, rate, float(weeks)) + service
    assert LENDING.coverage * paid == pytest.approx(70_000.0, rel=EXACT)


def grown(years, *, margin, working_capital):
    """Capacity over its start of a maker that keeps what it earns and always has the orders.

    Each week it earns `margin` of what it sells, after tax and wear, and decides by the rule of the
    model; sales rise as machines arrive, and with them receivables and stocks.
    """
    rules = RULES._replace(project=PROJECT._replace(lump=1e-4, smallest=0.0, delivery=1.0))
    capacity, deposits, on_order = 20_000.0, 0.0, 0.0
    for _ in range(years * 52):
        capacity += on_order
        deposits += margin * capacity - working_capital * 52.0 * on_order
        found = quarterly_decision(
            owner(
                capacity=capacity,
                potential=2.0 * capacity,
                own_money=max(0.0, deposits),
                working_capital=working_capital,
                contribution=0.3,
                soft=-9.0,
            ),
            rules,
        )
        assert found.loan == 0.0
        deposits -= found.cost
        on_order = found.capacity
    return capacity / 20_000.0


@pytest.mark.parametrize(("margin", "working_capital"), [(0.05, 0.17), (0.10, 0.17), (0.05, 0.05)])
def test_a_maker_on_its_own_funds_grows_by_retained_margin_over_capital_and_working_capital(
    margin, working_capital
):
    """g = margin / (kc + wc) a year, within 1 % of growth."""
    years = 10
    found = math.log(grown(years, margin=margin, working_capital=working_capital)) / years
    known = margin / (PROJECT.capital_cost + working_capital)
    assert found == pytest.approx(known, rel=0.01)


def test_without_earnings_a_maker_without_credit_does_not_grow():
    assert grown(3, margin=0.0, working_capital=0.17) == 1.0


@pytest.mark.parametrize("growth", [0.0, 0.03, 0.12])
def test_debt_over_sales_follows_interest_less_growth_less_surplus(growth):
    """d(t) = s/(r-g) + (d_0 - s/(r-g)) e^((r-g) t), here in weekly steps over ten years."""
    rate, surplus, sales, debt = 0.094, 0.02, 1e6, 200_000.0
    path = []
    for _ in range(520):
        debt += weekly_interest(debt, rate) - surplus * sales / 52.0
        sales *= math.exp(growth / 52.0)
        path.append(debt / sales)
    rest = surplus / (rate - growth)
    years = np.arange(1, 521) / 52.0
    known = rest + (0.2 - rest) * np.exp((rate - growth) * years)
    np.testing.assert_allclose(path, known, rtol=0.0, atol=0.01 * 0.2)
