"""Grants for projects: how much, what they are worth, what they change for the owner; by hand.

Reference: model specification §7.13, §8.
"""

from __future__ import annotations

import pytest

from finance import PROJECT, RULES, owner
from millworks.agents.grant import NO_GRANT, GrantTerms, grant_for, worth_of_grant
from millworks.agents.growth import NO_LENDER, quarterly_decision, without_grant, worth
from millworks.agents.project import net_present_value

TERMS = GrantTerms(share=0.3, most=150_000.0, fund=1e15)
NOBODY_LENDS = {"soft": -9.0}


def decide(**changes):
    return quarterly_decision(owner(**changes), RULES)


def test_a_grant_is_a_part_of_the_cost_up_to_a_cap():
    assert grant_for(100_000.0, TERMS) == pytest.approx(30_000.0)
    assert grant_for(500_000.0, TERMS) == 150_000.0
    assert grant_for(900_000.0, TERMS) == 150_000.0
    assert grant_for(100_000.0, NO_GRANT) == 0.0


def test_a_fund_that_has_less_than_the_grant_gives_none_of_it():
    assert grant_for(100_000.0, TERMS._replace(fund=29_999.0)) == 0.0
    assert grant_for(100_000.0, TERMS._replace(fund=30_000.0)) == pytest.approx(30_000.0)


def test_a_grant_is_worth_what_the_tax_on_profit_leaves_of_it():
    assert worth_of_grant(100_000.0, 0.26, TERMS) == pytest.approx(0.74 * 30_000.0)
    plain = net_present_value(2_400.0, 0.2, 0.15, 50_000.0, 0.15, PROJECT)
    found = worth(owner(grant=TERMS), 2_400.0, 50_000.0, 0.0, PROJECT)
    assert found == pytest.approx(plain + 0.74 * 15_000.0)


def test_without_taxes_a_grant_counts_in_full():
    free = PROJECT._replace(profit_tax=0.0)
    plain = net_present_value(2_400.0, 0.2, 0.15, 50_000.0, 0.15, free)
    assert worth(owner(grant=TERMS), 2_400.0, 50_000.0, 0.0, free) == pytest.approx(plain + 15_000)


def test_a_project_that_does_not_pay_is_carried_out_if_the_grant_makes_it_pay():
    poor = {"contribution": 0.06, "working_capital": 0.0, "own_money": 1e6}
    assert decide(**poor).capacity == 0.0
    helped = decide(**poor, grant=TERMS._replace(share=0.5))
    assert helped.cost == pytest.approx(50_000.0)
    assert helped.grant == pytest.approx(25_000.0)


def test_a_grant_lowers_the_money_that_must_be_found():
    """50,000 less 15,000: own money of 35,000 is enough, and without the grant it is not."""
    assert decide(own_money=35_000.0, **NOBODY_LENDS).capacity == 0.0
    found = decide(own_money=35_000.0, grant=TERMS, **NOBODY_LENDS)
    assert (found.cost, found.grant) == (pytest.approx(50_000.0), pytest.approx(15_000.0))
    assert (found.lender, found.loan) == (NO_LENDER, 0.0)
    assert found.needed == pytest.approx(decide(own_money=35_000.0).needed - 15_000.0)


def test_the_loan_is_smaller_by_the_grant():
    alone, helped = decide(own_money=10_000.0), decide(own_money=10_000.0, grant=TERMS)
    assert alone.loan == pytest.approx(40_000.0)
    assert helped.loan == pytest.approx(25_000.0)


def test_an_owner_without_the_grant_is_the_same_owner():
    plain = owner(own_money=60_000.0)
    helped = plain._replace(grant=TERMS)
    assert without_grant(helped) == plain
    assert quarterly_decision(without_grant(helped), RULES) == quarterly_decision(plain, RULES)
