"""What a project is worth, whether its owner wants it, who lends; figures by hand.

Reference: model specification §7.13, §10.2.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import PROJECT, RULES, owner
from millworks.agents.credit import (
    ADVANCE,
    BANK,
    CDFI,
    COLLATERAL,
    DISCOURAGED,
    DOWN_PAYMENT,
    NO_TERM,
    ONLINE,
    RATE,
    SCORE,
    SMALLEST_LOAN,
)
from millworks.agents.growth import NO_LENDER, quarterly_decision, simulated_offer
from millworks.agents.project import (
    annuity_factor,
    contribution,
    discount,
    expansion_gap,
    lumps_wanted,
    net_present_value,
    project_cost,
    smallest_step,
    working_capital,
)


def decide(rules=RULES, **changes):
    return quarterly_decision(owner(**changes), rules)


def test_a_dollar_a_year_is_worth_the_sum_of_its_discounted_years():
    assert annuity_factor(0.25, 2.0) == pytest.approx(0.8 + 0.64)
    assert annuity_factor(0.0, 7.0) == 7.0
    assert discount(0.25, 2.0) == pytest.approx(0.64)


def test_the_gap_is_demand_above_the_used_part_of_capacity_and_of_what_is_on_order():
    assert expansion_gap(20_000.0, 20_000.0, 0.0, PROJECT) == pytest.approx(2_400.0)
    assert expansion_gap(20_000.0, 20_000.0, 2_000.0, PROJECT) == pytest.approx(640.0)
    assert expansion_gap(17_000.0, 20_000.0, 0.0, PROJECT) == 0.0


def test_the_smallest_machine_makes_its_price_over_annual_capital_cost():
    """50,000 USD buy 50,000 / (52 x .4) = 2,403.8 units a week, and those cost 50,000 USD."""
    assert smallest_step(PROJECT) == pytest.approx(2_403.846154)
    assert project_cost(smallest_step(PROJECT), PROJECT) == pytest.approx(50_000.0)


@pytest.mark.parametrize(
    ("gap", "lumps"), [(10, 1), (49, 1), (149, 1), (150, 2), (249, 2), (1_000, 10)]
)
def test_capacity_comes_in_whole_steps_the_nearest_number_and_at_least_one(gap, lumps):
    assert lumps_wanted(float(gap), 100.0) == lumps


def test_a_unit_leaves_its_price_less_inputs_and_the_pay_that_varies():
    assert contribution(1.0, 0.55, 0.30, 0.75) == pytest.approx(1.0 - 0.55 - 0.225)


def test_working_capital_is_receivables_and_cover_less_payables():
    """5 weeks receivable, 2 payable, 4.5 weeks of inputs at .4 and 1.5 weeks of goods at .9."""
    found = working_capital(1.1, 5 / 52, 2 / 52, 4.5 * 0.4 + 1.5 * 0.9)
    assert found == pytest.approx((1.1 * 3 + 1.8 + 1.35) / 52)
    assert working_capital(1.0, 0.0, 5 / 52, 0.0) == 0.0


def test_the_worth_of_a_project_is_the_formula_worked_out_term_by_term():
    """100 units a week, .2 USD each, wc .15, cost 2,080 USD, 15 %, life 1/.07 = 14.2857 years.

    a(.15, 14.2857) = 5.761359, a(.15, 7) = 4.160420, 1.15^-.25 = .965663, 1.15^-14.2857 = .135796.
    """
    earned = 0.74 * 1_040.0 * 5.761359 * 0.965663
    taxes = 0.26 * 2_080.0 / 7.0 * 4.160420
    tied_up = 0.15 * 5_200.0 * (0.135796 - 1.0)
    found = net_present_value(100.0, 0.2, 0.15, 2_080.0, 0.15, PROJECT)
    assert found == pytest.approx(earned + taxes + tied_up - 2_080.0, abs=0.02)


def test_at_full_use_a_project_turns_profitable_at_a_contribution_of_twelve_per_cent():
    """Model specification §7.13: .118, with wc .17 and the usual figures."""
    capacity = 1_000.0
    cost = project_cost(capacity, PROJECT)
    worth = [net_present_value(capacity, c, 0.17, cost, 0.15, PROJECT) for c in (0.117, 0.119)]
    assert worth[0] < 0.0 < worth[1]


def test_without_ambition_an_owner_wants_nothing():
    found = decide(ambition=False, refused=1e5, own_money=1e6)
    assert not found.wants
    assert (found.capacity, found.cost, found.term) == (0.0, 0.0, NO_TERM)
    assert found.gap == pytest.approx(2_400.0)


def test_a_gap_below_a_twentieth_of_capacity_is_not_worth_a_thought():
    """.05 x 20,000 = 1,000 above .88 x 20,000 = 17,600."""
    rules = RULES._replace(project=PROJECT._replace(smallest=0.0, lump=0.05))
    assert not decide(rules, potential=18_590.0, own_money=1e6).wants
    assert decide(rules, potential=18_610.0, own_money=1e6).capacity == pytest.approx(1_000.0)


def test_an_owner_with_enough_money_buys_with_it_and_borrows_nothing():
    found = decide(own_money=1e6)
    assert found.wants
    assert not found.constrained
    assert found.cost == pytest.approx(50_000.0)
    assert found.capacity == pytest.approx(2_403.846154)
    assert (found.lender, found.loan) == (NO_LENDER, 0.0)


def test_the_money_needed_is_the_machine_and_the_working_capital_of_what_it_sells():
    found = decide(own_money=1e6)
    assert found.needed == pytest.approx(50_000.0 + 0.15 * 52.0 * 2_400.0)


def test_what_own_money_lacks_is_borrowed_from_the_cheapest_who_lends_all_of_it():
    """20,000 of 50,000 own: 30,000 is below the bank's smallest loan, a community lender gives it.

    Of two machines' 100,000, 40,000 own, both give 60,000, and the bank asks more.
    """
    small = decide(own_money=20_000.0)
    assert (small.lender, small.loan) == (CDFI, pytest.approx(30_000.0))
    large = decide(potential=22_300.0, own_money=40_000.0)
    assert (large.lender, large.loan) == (CDFI, pytest.approx(60_000.0))
    cheap = RULES.lending._replace(rate=(0.07, 0.08, 0.35))
    bank = decide(RULES._replace(lending=cheap), potential=22_300.0, own_money=40_000.0)
    assert (bank.lender, bank.loan) == (BANK, pytest.approx(60_000.0))


def test_if_nobody_lends_the_whole_project_fewer_steps_are_bought():
    """Own money of 20,000 is a fifth of 100,000: four steps of 25,000, not six."""
    rules = RULES._replace(project=PROJECT._replace(smallest=25_000.0, lump=0.01))
    steps = 25_000.0 / (52.0 * 0.4)
    found = decide(rules, potential=17_600.0 + 6.0 * steps, own_money=20_000.0, cash_flow=3e5)
    assert found.capacity == pytest.approx(4.0 * steps)
    assert found.loan == pytest.approx(80_000.0)


def test_an_owner_short_of_a_single_step_buys_nothing_and_is_constrained():
    found = decide(own_money=49_000.0, soft=-2.0)
    assert found.wants
    assert found.constrained
    assert (found.capacity, found.cost, found.loan) == (0.0, 0.0, 0.0)
    assert found.term == SCORE
    assert found.missing == pytest.approx(50_000.0 + 18_720.0 - 49_000.0)


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"soft": -2.0}, SCORE),
        ({"debt": 240_000.0}, COLLATERAL),
        ({"own_money": 0.0}, DOWN_PAYMENT),
        ({"sales": 8_000.0, "soft": 2.0}, DISCOURAGED),
    ],
)
def test_the_term_that_stands_between_an_owner_and_the_money_is_named(changes, term):
    found = decide(**({"own_money": 1_000.0} | changes))
    assert found.constrained
    assert found.term == term


def test_a_request_below_the_smallest_loan_of_the_only_lender_is_refused_for_its_size():
    only_bank = RULES.lending._replace(shift=(0.0, 9.0, 9.0))
    found = decide(RULES._replace(lending=only_bank), own_money=30_000.0)
    assert found.constrained
    assert found.term == SMALLEST_LOAN


def test_a_project_that_does_not_pay_at_the_lenders_rate_is_not_financed():
    """Only the online lender says yes, and at 35 % a contribution of .17 does not pay."""
    only_online = RULES.lending._replace(shift=(9.0, 9.0, -9.0))
    rules = RULES._replace(lending=only_online)
    asked = {"own_money": 45_000.0, "cash_flow": 1e6}
    poor = decide(rules, contribution=0.17, **asked)
    assert poor.wants
    assert poor.constrained
    assert poor.cost == 0.0
    assert poor.term in (RATE, SCORE)
    rich = decide(rules, contribution=0.40, **asked)
    assert (rich.lender, rich.loan) == (ONLINE, pytest.approx(5_000.0))


def test_a_discouraged_owner_does_not_ask_but_spends_its_own_money():
    """Sales of 8,000: Φ(.2 - .17 ln 187.5) = Φ(-.69) is below .25, whatever lenders would say."""
    small = {"sales": 8_000.0, "soft": 3.0, "cash_flow": 1e6}
    short = decide(own_money=49_000.0, **small)
    assert short.discouraged
    assert short.cost == 0.0
    rich = decide(own_money=60_000.0, **small)
    assert not rich.discouraged
    assert rich.cost == pytest.approx(50_000.0)


def test_a_project_that_would_pay_if_machines_came_smaller_is_indivisible_and_no_want():
    """A gap of 120 of 1,000 units: the machine of 2,404 stands idle, one of 120 would pay."""
    found = decide(capacity=1_000.0, potential=1_000.0)
    assert found.indivisible
    assert not found.wants
    assert decide(capacity=1_000.0, potential=1_000.0, contribution=0.01).indivisible is False


def test_refused_orders_are_a_want_only_from_three_per_cent_on_and_if_a_unit_leaves_something():
    slack = {"potential": 15_000.0, "own_money": 1e6, "refused_stock": 3e4}
    assert decide(refused=3e4, **slack).wants
    assert not decide(refused=2.9e4, **slack).wants
    assert not decide(refused=3e4, contribution=-0.01, **slack).wants
    assert not decide(refused=0.0, orders=0.0, **slack).wants


def test_orders_refused_for_want_of_stock_need_the_money_for_stock_alone():
    """30,000 units a year at .15: 4,500 USD, which the credit line carries or not."""
    refused = {"potential": 15_000.0, "refused": 3e4, "refused_stock": 3e4, "soft": -2.0}
    served = decide(undrawn=4_500.0, **refused)
    assert served.needed == pytest.approx(4_500.0)
    assert not served.constrained
    short = decide(undrawn=4_000.0, **refused)
    assert short.constrained
    assert short.missing == pytest.approx(500.0)
    assert short.term == SCORE
    assert short.cost == 0.0


def test_where_lenders_say_yes_the_advance_limits_the_stock_that_can_be_held():
    refused = {"potential": 15_000.0, "refused": 3e5, "refused_stock": 3e5, "debt": 2.2e5}
    found = decide(**refused)
    assert found.constrained
    assert found.term == ADVANCE


def test_orders_refused_for_capacity_that_no_project_pays_for_do_not_want_for_money():
    found = decide(contribution=0.05, refused=1e5, refused_stock=0.0)
    assert found.wants
    assert not found.constrained
    assert found.needed == 0.0


def test_with_expansion_off_owners_want_but_buy_nothing():
    found = decide(RULES._replace(expansion=0.0), own_money=1e6)
    assert found.wants
    assert (found.capacity, found.cost, found.loan, found.lender) == (0.0, 0.0, 0.0, NO_LENDER)


def test_capacity_without_bound_leaves_no_gap():
    found = decide(capacity=float("inf"))
    assert found.gap == 0.0
    assert not found.wants
    assert found.cost == 0.0


def test_the_simulated_application_asks_a_tenth_of_sales_of_line_and_lenders():
    assert simulated_offer(owner(), RULES) == pytest.approx(120_000.0)  # .55 x 400,000 - 100,000
    assert simulated_offer(owner(soft=-2.0, undrawn=70_000.0), RULES) == 70_000.0
    assert simulated_offer(owner(soft=-2.0, undrawn=1e6), RULES) == pytest.approx(150_000.0)


@given(
    potential=st.floats(0.0, 1e6),
    capacity=st.floats(1.0, 1e5),
    own=st.floats(0.0, 1e7),
    soft=st.floats(-3.0, 3.0),
    contribution=st.floats(-1.0, 1.0),
    debt=st.floats(0.0, 1e6),
    cash_flow=st.floats(-1e6, 1e6),
)
def test_what_is_bought_is_paid_by_own_money_and_one_loan_to_the_last_cent(
    potential, capacity, own, soft, contribution, debt, cash_flow
):
    found = decide(
        potential=potential,
        capacity=capacity,
        own_money=own,
        soft=soft,
        contribution=contribution,
        debt=debt,
        cash_flow=cash_flow,
    )
    assert 0.0 <= found.loan <= found.cost
    assert found.cost - found.loan <= own * (1.0 + 1e-12)
    assert (found.loan > 0.0) == (found.lender != NO_LENDER)
    assert found.cost == pytest.approx(project_cost(found.capacity, PROJECT))
    assert (found.term != NO_TERM) == found.constrained == (found.missing > 0.0)
    assert found.missing <= found.needed
    if found.cost > 0.0:
        assert found.loan <= 0.8 * found.cost
        assert found.wants
