"""Equity of a maker's buyer: what it gets, what is offered, when an owner takes it; by hand.

Reference: model specification §7.13, §7.17, §10.2.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import RULES, columns, owner
from millworks.agents.growth import NO_LENDER, quarterly_decision
from millworks.agents.stakes import (
    NO_EQUITY,
    EquityTerms,
    equity_offer,
    owners_gain,
    share_out,
    stake_share,
)

TERMS = EquityTerms(share=0.5, most=1e9, stake=0.0, owners=1e6)
NO_LENDERS = {"soft": -9.0}
ANY = st.floats(0.0, 1e8)

PLAIN = quarterly_decision(owner(own_money=1e9), RULES)
COST = PLAIN.cost
"""Price of the project that an owner with all the money carries out, USD."""


def decide(**changes):
    return quarterly_decision(owner(**changes), RULES)


def test_a_stake_gets_its_part_of_the_equity_at_book():
    assert stake_share(100_000.0, 300_000.0) == pytest.approx(0.25)
    assert stake_share(0.0, 300_000.0) == 0.0


def test_a_stake_gets_all_where_the_owners_have_no_equity_left():
    assert stake_share(100_000.0, 0.0) == 1.0
    assert stake_share(100_000.0, -50_000.0) == 1.0


def test_a_buyer_offers_its_part_of_the_cost_and_neither_more_than_it_has_nor_than_is_lacking():
    terms = TERMS._replace(most=70_000.0)
    assert equity_offer(100_000.0, 100_000.0, terms) == 50_000.0
    assert equity_offer(100_000.0, 20_000.0, terms) == 20_000.0
    assert equity_offer(200_000.0, 200_000.0, terms) == 70_000.0
    assert equity_offer(100_000.0, -20_000.0, terms) == 0.0


def test_owners_keep_their_part_of_a_project_where_equity_enters_at_the_worth_of_the_firm():
    """100,000 beside 400,000: a fifth of a project worth 50,000 goes to the buyer."""
    terms = TERMS._replace(owners=400_000.0)
    assert owners_gain(50_000.0, 400_000.0, 100_000.0, terms) == pytest.approx(40_000.0)
    assert owners_gain(50_000.0, 0.0, 100_000.0, terms) == pytest.approx(40_000.0)


def test_owners_of_a_firm_worth_more_than_its_book_value_give_away_part_of_what_is_there():
    """A fifth of the 500,000 above book is more than four fifths of 50,000."""
    terms = TERMS._replace(owners=400_000.0)
    assert owners_gain(50_000.0, 900_000.0, 100_000.0, terms) == pytest.approx(-60_000.0)


def test_a_second_purchase_counts_only_what_it_adds_to_the_first():
    """100,000 beside 300,000 become 200,000 beside 300,000: from a quarter to two fifths."""
    terms = TERMS._replace(stake=100_000.0, owners=300_000.0)
    found = owners_gain(50_000.0, 500_000.0, 100_000.0, terms)
    assert found == pytest.approx(0.6 * 50_000.0 - 0.15 * 100_000.0)


@given(project=ANY, present=ANY, sold=ANY, stake=ANY, owners=st.floats(-1e8, 1e8))
def test_owners_never_gain_more_than_the_project_is_worth(project, present, sold, stake, owners):
    terms = TERMS._replace(stake=stake, owners=owners)
    assert owners_gain(project, present, sold, terms) <= project * (1.0 + 1e-12)


def test_an_owner_without_an_offer_decides_as_ever():
    assert owner().equity == NO_EQUITY
    assert PLAIN.equity == 0.0
    assert COST > 0.0


def test_an_owner_with_half_the_money_and_no_lender_grows_with_the_buyers_equity():
    half = {"own_money": 0.5 * COST + 1.0} | NO_LENDERS
    alone, helped = decide(**half), decide(**half, equity=TERMS)
    assert alone.equity == 0.0
    assert alone.cost < COST
    assert helped.cost == pytest.approx(COST)
    assert helped.equity == pytest.approx(0.5 * COST - 1.0)
    assert helped.loan == 0.0
    assert helped.lender == NO_LENDER


def test_equity_comes_before_the_loan_which_pays_the_rest():
    found = decide(equity=TERMS)
    assert found.equity == pytest.approx(0.5 * found.cost)
    assert found.loan == pytest.approx(0.5 * found.cost)
    assert found.lender != NO_LENDER


def test_an_owner_whose_own_money_suffices_sells_nothing():
    assert decide(own_money=COST, equity=TERMS).equity == 0.0


def test_an_owner_declines_equity_that_costs_more_than_the_project_brings_and_borrows():
    """He earns 500,000 a year on a book value of 1,000 USD: nearly all would be the buyer's."""
    dear = TERMS._replace(owners=1_000.0)
    found = decide(cash_flow=500_000.0, equity=dear)
    assert found.equity == 0.0
    assert found.loan == pytest.approx(found.cost)
    assert decide(cash_flow=500_000.0, equity=TERMS).equity > 0.0


def test_owners_without_equity_at_book_would_get_nothing_and_decline():
    assert decide(equity=TERMS._replace(owners=0.0)).equity == 0.0


def test_equity_offered_counts_as_money_within_reach():
    """The cost is half own, half offered, and working capital takes nothing."""
    half = {"own_money": 0.5 * COST, "working_capital": 0.0} | NO_LENDERS
    alone, helped = decide(**half), decide(**half, equity=TERMS)
    assert alone.constrained
    assert alone.missing == pytest.approx(0.5 * COST)
    assert not helped.constrained
    assert helped.missing == 0.0
    assert helped.needed == alone.needed


def test_equity_is_for_the_project_and_not_for_working_capital():
    own = {"own_money": COST, "working_capital": 0.2} | NO_LENDERS
    assert decide(**own, equity=TERMS).missing == decide(**own).missing > 0.0


def test_what_is_left_of_the_years_money_bounds_the_offer():
    short = TERMS._replace(most=0.25 * COST)
    found = decide(own_money=0.75 * COST + 1.0, **NO_LENDERS, equity=short)
    assert found.equity == pytest.approx(0.25 * COST - 1.0)
    poorer = decide(own_money=0.70 * COST, **NO_LENDERS, equity=short)
    assert poorer.cost < COST


@given(project=st.floats(1.0, 1e8), sold=st.floats(1.0, 1e8), owners=st.floats(1.0, 1e8))
def test_owners_of_a_firm_worth_no_more_than_its_book_value_gain_from_what_pays(
    project, sold, owners
):
    assert owners_gain(project, owners, sold, TERMS._replace(owners=owners)) > 0.0


def shared(stake, owners, leaves, local, outside):
    columns_out = [columns(local), columns(outside), columns(0.0), columns(0.0)]
    share_out(columns(stake), columns(owners), np.array([leaves]), *columns_out)
    return [float(column[0]) for column in columns_out]


def test_a_dividend_is_taken_from_all_owners_alike():
    """A quarter of 1,000 USD; 700 of it was the local owners'."""
    local, outside, dividend, repaid = shared(100.0, 300.0, False, 700.0, 300.0)
    assert (local, outside) == pytest.approx((525.0, 225.0))
    assert (dividend, repaid) == (250.0, 0.0)


def test_a_firm_without_a_stake_or_a_draw_shares_nothing_out():
    assert shared(0.0, 300.0, False, 700.0, 300.0) == [700.0, 300.0, 0.0, 0.0]
    assert shared(100.0, 300.0, False, 0.0, 0.0) == [0.0, 0.0, 0.0, 0.0]


def test_what_a_closed_firm_leaves_repays_the_stake_at_most_once():
    """400 left of 100 and 300 at book: the stake is whole. 60 left: owners have lost first."""
    assert shared(100.0, 300.0, True, 400.0, 0.0) == pytest.approx([300.0, 0.0, 0.0, 100.0])
    assert shared(100.0, -40.0, True, 60.0, 0.0) == pytest.approx([0.0, 0.0, 0.0, 60.0])
    assert shared(100.0, -40.0, True, 160.0, 0.0) == pytest.approx([60.0, 0.0, 0.0, 100.0])
