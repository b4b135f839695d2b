"""Adopting a technology, learning from others, forgetting: each formula by hand.

Reference: model specification §7.17.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import RULES, columns, owner
from millworks.agents.credit import CDFI
from millworks.agents.grant import GrantTerms
from millworks.agents.growth import NO_LENDER
from millworks.agents.stakes import EquityTerms
from millworks.agents.technology import (
    AdoptionRules,
    Gain,
    adoption_decision,
    gain_in_full,
    move_technology,
    present_factor,
    see_others,
    worth_of_adoption,
)

NEW = AdoptionRules(
    cost=80_000.0, productivity=0.05, quality=0.05, years=3.0, fading=0.05, elasticity=3.0
)
LARGE = Gain(saved=20_000.0, sold=1_000.0)
NOBODY_LENDS = {"soft": -9.0}
TICKS = 39
"""Three years in steps of four weeks."""


def decide(gain=LARGE, rules=RULES, **changes):
    return adoption_decision(owner(**changes), gain, rules, NEW)


# --- what it brings


def test_what_is_saved_is_the_pay_that_varies_of_the_hours_no_longer_needed():
    """20,000 units a week at .3 USD of pay, three quarters of it, 1 - exp(-.05) = 4.877 %."""
    found = gain_in_full(0.3, 20_000.0, 0.0, 0.75, NEW)
    assert found.saved == pytest.approx(52 * 0.75 * 0.3 * 20_000 * 0.0487706, rel=1e-6)
    assert found.sold == 0.0


def test_better_goods_sell_more_as_far_as_capacity_reaches():
    """3 x .05 x 20,000 = 3,000 units a week."""
    assert gain_in_full(0.3, 20_000.0, 5_000.0, 0.75, NEW).sold == pytest.approx(3_000.0)
    assert gain_in_full(0.3, 20_000.0, 800.0, 0.75, NEW).sold == pytest.approx(800.0)
    assert gain_in_full(0.3, 20_000.0, -1.0, 0.75, NEW).sold == 0.0


def test_the_present_value_of_a_gain_is_its_path_discounted_day_by_day():
    """Rises over three years, fades at 5 % all the while; the sum over 200 years in small steps."""
    step, level, value = 0.001, 0.0, 0.0
    for number in range(200_000):
        now = number * step
        value += level * math.exp(-math.log(1.15) * now) * step
        level += ((1.0 / 3.0 if now < 3.0 else 0.0) - 0.05 * level) * step
    assert present_factor(0.15, NEW) == pytest.approx(value, rel=1e-3)


def test_at_no_discount_a_gain_is_worth_one_over_its_fading():
    assert present_factor(0.0, NEW) == pytest.approx(20.0)


def test_the_worth_of_an_adoption_is_the_formula_worked_out_term_by_term():
    """cm .2, wc .15, 15 %: ρ = .139762, f = .816826 / .189762 = 4.304477, a(.15, 7) = 4.160420."""
    after_tax = 0.74 * (20_000.0 + 52.0 * 0.2 * 1_000.0)
    tied_up = 0.139762 * 0.15 * 52_000.0
    taxes = 0.26 * 80_000.0 / 7.0 * 4.160420
    found = worth_of_adoption(owner(), LARGE, 0.0, NEW, RULES.project)
    assert found == pytest.approx((after_tax - tied_up) * 4.304477 + taxes - 80_000.0, abs=1.0)


def test_the_worth_falls_with_the_rate_above_the_hurdle_and_not_below_it():
    worth = [worth_of_adoption(owner(), LARGE, r, NEW, RULES.project) for r in (0.0, 0.15, 0.35)]
    assert worth[0] == worth[1] > worth[2]


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e4), st.floats(0.0, 0.3))
def test_a_larger_gain_is_never_worth_less(saved, sold, more):
    low = worth_of_adoption(owner(), Gain(saved, sold), 0.0, NEW, RULES.project)
    high = worth_of_adoption(owner(), Gain(saved * (1.0 + more), sold), 0.0, NEW, RULES.project)
    assert high >= low - 1e-6


# --- taking it up


def test_an_owner_adopts_what_pays_with_own_money():
    found = decide(own_money=80_000.0, **NOBODY_LENDS)
    assert found == (80_000.0, NO_LENDER, 0.0, 0.0, 0.0)


def test_what_does_not_pay_is_not_adopted_however_much_money_there_is():
    assert decide(Gain(5_000.0, 0.0), own_money=1e7).cost == 0.0


def test_without_the_money_it_is_not_adopted():
    assert decide(own_money=79_999.0, **NOBODY_LENDS).cost == 0.0


def test_what_own_money_lacks_is_borrowed_from_the_cheapest():
    found = decide(own_money=50_000.0)
    assert (found.cost, found.lender, found.loan) == (80_000.0, CDFI, pytest.approx(30_000.0))


def test_nobody_lends_at_a_rate_at_which_it_does_not_pay():
    """At 15 % it pays; the community lender lends at 40 %, the bank not below 50,000."""
    dear = RULES._replace(lending=RULES.lending._replace(rate=(0.4, 0.4, 0.4)))
    small = Gain(23_000.0, 0.0)
    assert decide(small, dear, own_money=80_000.0).cost == 80_000.0
    assert decide(small, dear, own_money=50_000.0).cost == 0.0
    assert decide(small, own_money=50_000.0).cost == 80_000.0


def test_a_buyers_equity_comes_before_a_loan():
    terms = EquityTerms(share=0.5, most=1e9, stake=0.0, owners=1e7)
    found = decide(own_money=50_000.0, equity=terms, cash_flow=20_000.0)
    assert (found.equity, found.loan) == (pytest.approx(30_000.0), 0.0)


def test_a_grant_makes_an_adoption_pay_and_lowers_its_price():
    small = Gain(18_000.0, 0.0)
    grant = GrantTerms(0.3, 150_000.0, 1e15)
    assert decide(small, own_money=1e6).cost == 0.0
    found = decide(small, own_money=56_000.0, grant=grant, **NOBODY_LENDS)
    assert (found.cost, found.grant) == (80_000.0, pytest.approx(24_000.0))


def test_where_nobody_may_expand_nobody_adopts():
    assert decide(rules=RULES._replace(expansion=0.0), own_money=1e6).cost == 0.0


def test_a_reluctant_owner_adopts_all_the_same():
    """Ambition is about growth; a technology also pays for those who want to stay as they are."""
    assert decide(own_money=1e6, ambition=False).cost == 80_000.0


# --- how it comes in, and fades


def moved(ticks, left=0.0, productivity=1.0, quality=1.0, best=0.0, **changes):
    rules = {"gain": 0.1, "part": 0.5, "years": 3.0, "speed": 0.03, "fading": 0.05} | changes
    a, q, rest = columns(productivity), columns(quality), columns(left)
    for _ in range(ticks):
        move_technology(np.array([True]), columns(best), *rules.values(), 4.0, rest, a, q)
    return math.log(a[0]), math.log(q[0]), rest[0]


def test_the_gain_comes_in_evenly_over_three_years_half_of_it_as_quality():
    assert moved(13, left=0.1, fading=0.0) == pytest.approx((1 / 60, 1 / 60, 0.2 / 3))
    assert moved(TICKS, left=0.1, fading=0.0) == pytest.approx((0.05, 0.05, 0.0))
    assert moved(TICKS, left=0.1)[2] == 0.0
    assert moved(TICKS + 50, left=0.1, fading=0.0) == pytest.approx((0.05, 0.05, 0.0))


def test_what_is_quality_and_what_productivity_is_a_matter_of_the_share():
    assert moved(TICKS, left=0.1, fading=0.0, part=0.0)[:2] == pytest.approx((0.1, 0.0))
    assert moved(TICKS, left=0.1, fading=0.0, part=1.0)[:2] == pytest.approx((0.0, 0.1))


def test_what_was_acquired_halves_in_the_half_life_of_its_fading():
    """ln 2 / .0533190 = 13 years, or 169 steps of four weeks; both sink toward the start."""
    fading = math.log(2.0) / 13.0
    found = moved(169, productivity=math.exp(0.08), quality=math.exp(0.04), fading=fading)
    assert found[:2] == pytest.approx((0.04, 0.02))


def test_a_maker_catches_up_with_the_best_it_sees_at_a_speed_a_year():
    """One step: .03 x .05 x 4/52."""
    assert moved(1, best=0.05)[0] == pytest.approx(0.03 * 0.05 * 4.0 / 52.0)
    assert moved(1, best=0.05)[1] == 0.0
    assert moved(1, productivity=math.exp(0.06), best=0.05, fading=0.0)[0] == pytest.approx(0.06)


def test_in_the_long_run_it_stands_where_learning_and_forgetting_are_equal():
    """.03 (.05 - a) = .05 a."""
    assert moved(2_000, best=0.05)[0] == pytest.approx(0.03 / 0.08 * 0.05, rel=2e-3)


def test_with_all_off_not_a_bit_moves():
    found = moved(100, best=0.05, speed=0.0)
    assert found == (0.0, 0.0, 0.0)


def test_a_firm_that_has_closed_neither_learns_nor_forgets():
    a, q, left = columns(1.1), columns(1.2), columns(0.05)
    move_technology(np.array([False]), columns(0.5), 0.1, 0.5, 3.0, 0.03, 0.05, 4.0, left, a, q)
    assert (a[0], q[0], left[0]) == (1.1, 1.2, 0.05)


# --- whom it learns from

MAKERS = 4
PARTNERS = (4, 6)


def seen(links=(), adopted=(), stakes=(), circle=None, closed=(), level=(0.0, 0.01, 0.02, 0.03)):
    """Makers 0 to 3, partners 4 and 5 at .05, a shop 6; (buyer, seller, share) by agent."""
    trading = np.array([i not in closed for i in range(MAKERS)])
    ids = np.array([link[:2] for link in links], np.int64).reshape(-1, 2)
    share = np.array([link[2] for link in links], np.float64)
    group = np.array(circle if circle is not None else [-1] * MAKERS, np.int64)
    best, linked = np.zeros(MAKERS), np.zeros(MAKERS, np.bool_)
    see_others(
        np.ascontiguousarray(ids[:, 0]),
        np.ascontiguousarray(ids[:, 1]),
        share,
        0,
        *PARTNERS,
        trading,
        np.array([i in adopted for i in range(MAKERS)]),
        np.array([i in stakes for i in range(MAKERS)]),
        group,
        int(group.max()) + 1,
        0.05,
        np.exp(np.array(level)),
        best,
        linked,
    )
    return best, linked.tolist()


def test_alone_it_sees_nobody():
    best, linked = seen(adopted=(1,))
    assert best == pytest.approx([0.0, 0.01, 0.02, 0.03])
    assert linked == [False] * MAKERS


def test_a_supplier_learns_from_its_partner_as_long_as_the_link_is_open():
    best, linked = seen(links=[(4, 1, 0.2), (5, 2, 0.0)])
    assert best == pytest.approx([0.0, 0.05, 0.02, 0.03])
    assert linked == [False, True, False, False]


def test_what_one_buys_from_a_partner_or_a_maker_or_sells_to_a_shop_teaches_nothing():
    best, linked = seen(links=[(0, 4, 0.5), (0, 3, 0.5), (6, 0, 0.5)], adopted=(3,))
    assert best[0] == 0.0
    assert linked == [False] * MAKERS


def test_a_partners_stake_is_a_link_without_any_trade():
    best, linked = seen(stakes=(3,))
    assert best[3] == pytest.approx(0.05)
    assert linked == [False, False, False, True]


def test_members_of_a_circle_learn_from_the_best_of_them_and_of_no_other():
    best, linked = seen(circle=[0, 0, 1, 1], adopted=(3,))
    assert best == pytest.approx([0.01, 0.01, 0.03, 0.03])
    assert linked == [False, False, True, False]


def test_a_member_that_has_closed_teaches_nobody():
    best, linked = seen(circle=[0, 0, 0, 0], adopted=(3,), closed=(3,))
    assert best[:3] == pytest.approx([0.02, 0.02, 0.02])
    assert linked[:3] == [False] * 3
