"""Credit: what a lender offers, what a credit line reaches, and what a loan costs a week.

One offer rule serves every lender. For a request q of a firm

    z     = a_0 + a_1 ln(sales / $1.5M) + u - κ_c - shift           the lender's score
    offer = min(q, ceiling, collateral, cash flow, (1 - down) cost) · strength     if z > 0
    collateral = adv_K K(after) - L
    cash flow  = present value, at the offered rate, of (EBITDA + ½ project's) / dscr - service
    strength   = clip((capital ratio - .04) / (.08 - .04), 0, 1)

zero below the lender's smallest loan, after four weeks overdue, or without strength. u is what the
lender knows beyond the books (mean 0, s.d. 1), L debt, K fixed capital at book. A credit line is

    limit = max(cards · sales, adv_AR receivables + adv_IN stocks [if z > 0 and strength > 0], used)

so a line is frozen, never called. Loans are annuities: n level weekly payments at rate r / 52.

Source: model specification §7.14; the score's level and slope are fitted to the approvals of the
Fed's Small Business Credit Survey. Left out: prices of risk (losses are realised, not priced),
fees, collateral of third parties, and the insured part of an SBA loan.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

KINDS = 3
BANK, CDFI, ONLINE = range(KINDS)
"""Kinds of lender, as in `Lender.lender_kind`."""

FINANCE_TERMS = (
    "score",
    "arrears",
    "ceiling",
    "collateral",
    "cash flow",
    "down payment",
    "smallest loan",
    "lender's capital",
    "rate",
    "advance",
    "discouraged",
)
"""What keeps an offer below the request; `Maker.missing_term` counts in this order.

Ceiling: the most a kind of lender lends to one firm. Rate: the project does not pay at the
lender's rate. Advance: stocks and receivables carry no larger line. Discouraged: the owner expects
a refusal and does not ask.
"""
(
    SCORE,
    ARREARS,
    CEILING,
    COLLATERAL,
    CASH_FLOW,
    DOWN_PAYMENT,
    SMALLEST_LOAN,
    LENDERS_CAPITAL,
    RATE,
    ADVANCE,
    DISCOURAGED,
) = range(len(FINANCE_TERMS))
NO_TERM = -1

Triple = tuple[float, float, float]
"""A number for each kind of lender, in the order BANK, CDFI, ONLINE."""


class LendingRules(NamedTuple):
    """What lenders go by; USD unless said otherwise."""

    score_level: float
    score_slope: float
    """Score per log point of sales."""
    reference_sales: float
    """Sales a year at which the score is its level."""
    tightness: float
    """Score taken off in a tight year (κ_c)."""
    shift: Triple
    rate: Triple
    """Interest, 1/year."""
    weeks: Triple
    """Length of a loan."""
    smallest: Triple
    largest: Triple
    largest_of_sales: Triple
    """Largest loan over the sales of a year."""
    late_weeks: float
    """Weeks overdue beyond which nobody lends."""
    advance_fixed: float
    """Debt over fixed capital at book that is lent against."""
    coverage: float
    """Least cash flow over debt service."""
    down: float
    """Borrower's own part of a project."""
    advance_receivable: float
    advance_stock: float
    cards: float
    """Least line over the sales of a year."""


class Applicant(NamedTuple):
    """A firm as a lender sees it; USD unless said otherwise."""

    sales: float
    """Over the last 52 weeks."""
    soft: float
    """Soft information u, score."""
    late_weeks: float
    capital: float
    """Fixed capital at book, the project included."""
    debt: float
    """Term loans outstanding."""
    cash_flow: float
    """EBITDA a year, and half of what the project adds."""
    service: float
    """Payments on present loans, a year."""
    project: float
    """Cost of the project; 0 for a loan without one."""
    strength: Triple
    """Part of an offer that each lender's capital allows, 0 to 1."""


class Offer(NamedTuple):
    """What a lender lends, USD, and the term of `FINANCE_TERMS` that keeps it below the request."""

    amount: float
    term: int


@compiled
def weekly_interest(balance: float, rate: float) -> float:
    """Interest of a week on a balance, USD, at a rate a year."""
    return balance * rate / 52.0


@compiled
def level_payment(loan: float, rate: float, weeks: float) -> float:
    """Payment, USD a week, that repays a loan with interest in `weeks`: the annuity.

    `loan · r / (1 - (1 + r)^-weeks)` with r the rate a year over 52; without interest, equal parts.
    """
    weekly = rate / 52.0
    if weekly == 0.0:
        return loan / weeks
    return loan * weekly / -math.expm1(-weeks * math.log1p(weekly))


@compiled
def loan_for_payment(payment: float, rate: float, weeks: float) -> float:
    """Loan, USD, that `weeks` level payments repay: the inverse of `level_payment`."""
    weekly = rate / 52.0
    if weekly == 0.0:
        return payment * weeks
    return payment * -math.expm1(-weeks * math.log1p(weekly)) / weekly


@compiled
def blended_rate(balance: float, rate: float, lent: float, new_rate: float) -> float:
    """Rate a year of an old balance and a new loan together, weighted by their size."""
    if balance + lent <= 0.0:
        return new_rate
    return (balance * rate + lent * new_rate) / (balance + lent)


@compiled
def approval_score(sales: float, soft: float, rules: LendingRules) -> float:
    """Score of a firm before a lender's shift; a lender lends above zero.

    `sales` USD of the last 52 weeks; a firm without sales has no chance.
    """
    if sales <= 0.0:
        return -math.inf
    size = math.log(sales / rules.reference_sales)
    return rules.score_level + rules.score_slope * size + soft - rules.tightness


@compiled
def lender_strength(equity: float, loans: float, stop: float, full: float) -> float:
    """Part of an offer that a lender's capital allows: none below `stop`, all from `full` on.

    `stop` and `full` are ratios of capital to loans; a lender without loans lends while its
    capital is not negative.
    """
    if loans <= 0.0:
        return 1.0 if equity >= 0.0 else 0.0
    part = (equity / loans - stop) / (full - stop)
    return min(max(part, 0.0), 1.0)


@compiled
def fill_strengths(
    equity: Floats, term_loans: Floats, lines: Floats, stop: float, full: float, strength: Floats
) -> None:
    """Write `lender_strength` of each lender; loans and credit lines in use in USD."""
    for row in range(equity.shape[0]):
        strength[row] = lender_strength(equity[row], term_loans[row] + lines[row], stop, full)


@compiled
def serviceable_loan(
    cash_flow: float, service: float, coverage: float, rate: float, weeks: float
) -> float:
    """Largest loan, USD, whose payments the cash flow covers `coverage` times, old debt first."""
    left = cash_flow / coverage - service
    return loan_for_payment(max(left, 0.0) / 52.0, rate, weeks)


@compiled
def offer(kind: int, request: float, firm: Applicant, rules: LendingRules) -> Offer:
    """Offer of one kind of lender to a request, USD; the rule of the module's first lines."""
    if approval_score(firm.sales, firm.soft, rules) - rules.shift[kind] <= 0.0:
        return Offer(0.0, SCORE)
    if firm.late_weeks > rules.late_weeks:
        return Offer(0.0, ARREARS)
    if firm.strength[kind] <= 0.0:
        return Offer(0.0, LENDERS_CAPITAL)
    amount, term = request, NO_TERM
    ceiling = min(rules.largest[kind], rules.largest_of_sales[kind] * firm.sales)
    if ceiling < amount:
        amount, term = ceiling, CEILING
    collateral = rules.advance_fixed * firm.capital - firm.debt
    if collateral < amount:
        amount, term = max(collateral, 0.0), COLLATERAL
    carried = serviceable_loan(
        firm.cash_flow, firm.service, rules.coverage, rules.rate[kind], rules.weeks[kind]
    )
    if carried < amount:
        amount, term = carried, CASH_FLOW
    if firm.project > 0.0 and (1.0 - rules.down) * firm.project < amount:
        amount, term = (1.0 - rules.down) * firm.project, DOWN_PAYMENT
    if firm.strength[kind] < 1.0:
        amount *= firm.strength[kind]
        if term == NO_TERM:
            term = LENDERS_CAPITAL
    if amount < rules.smallest[kind]:
        if request < rules.smallest[kind] or term == NO_TERM:
            term = SMALLEST_LOAN
        amount = 0.0
    return Offer(amount, term)


@compiled
def best_offer(request: float, firm: Applicant, rules: LendingRules, pays: Triple) -> Offer:
    """Largest offer of all kinds of lender, and what keeps it below the request.

    `pays`: 1 for kinds at whose rate the project pays, else 0. Where nobody offers anything, the
    term is the bank's.
    """
    best = Offer(0.0, RATE)
    for kind in range(KINDS):
        found = offer(kind, request, firm, rules) if pays[kind] > 0.0 else Offer(0.0, RATE)
        if kind == BANK or found.amount > best.amount:
            best = found
    return best


@compiled
def borrowing_base(
    receivable: float, stock: float, sales: float, lends: bool, rules: LendingRules
) -> float:
    """What a credit line reaches by itself, USD; arguments as for `credit_line`."""
    base = rules.cards * sales
    if lends:
        advances = rules.advance_receivable * receivable + rules.advance_stock * stock
        base = max(base, advances)
    return base


@compiled
def credit_line(
    receivable: float,
    stock: float,
    sales: float,
    used: float,
    lends: bool,
    rules: LendingRules,
) -> float:
    """Limit of a credit line, USD: advances on receivables and stocks at cost, cards at least.

    `receivable` not yet overdue; `lends`: whether the score is positive and the lender has capital.
    """
    return max(borrowing_base(receivable, stock, sales, lends, rules), used)


@compiled
def add_loans(
    lent: Floats, balance: Floats, new_rate: float, weeks: float, rate: Floats, payment: Floats
) -> None:
    """Each new loan joins the borrower's balance of its kind: payments add up, rates blend."""
    for firm in range(lent.shape[0]):
        if lent[firm] > 0.0:
            if balance[firm] <= 0.0:
                payment[firm] = 0.0
            payment[firm] += level_payment(lent[firm], new_rate, weeks)
            rate[firm] = blended_rate(balance[firm], rate[firm], lent[firm], new_rate)


@compiled
def set_limits(
    active: Flags,
    receivable: Floats,
    stock: Floats,
    sales: Floats,
    soft: Floats,
    used: Floats,
    strength: Floats,
    rules: LendingRules,
    limit: Floats,
) -> None:
    """Each bank sets the limits of its customers' credit lines; closed firms keep theirs."""
    for firm in range(limit.shape[0]):
        if active[firm]:
            lends = strength[firm] > 0.0 and approval_score(sales[firm], soft[firm], rules) > 0.0
            limit[firm] = credit_line(
                receivable[firm], stock[firm], sales[firm], used[firm], lends, rules
            )
