"""Pay and migration answer to unemployment; figures by hand.

Reference: model specification §7.9.
"""

from __future__ import annotations

import math

import pytest

from millworks.world.labour_market import LabourMarket, hiring_factor, next_force, next_wage


def test_normal_unemployment_leaves_four_in_a_hundred_without_work():
    labour = LabourMarket(960.0, 0.04)
    assert labour.force == pytest.approx(1000.0, rel=1e-15)
    assert labour.unemployment == pytest.approx(0.04, rel=1e-12)


def test_when_all_hands_are_taken_unemployment_is_zero_and_not_less():
    labour = LabourMarket(960.0, 0.04)
    labour.employed = 1010.0
    assert labour.unemployment == 0.0


def test_pay_stays_where_unemployment_is_normal():
    assert next_wage(1.0, 0.04, 0.04, 0.10, 0.1, 4.0) == 1.0


def test_half_of_the_answer_of_pay_has_come_after_a_year():
    """Unemployment halved at an elasticity of .1: pay goes to 2^.1, half of it in a year."""
    wage = 1.0
    for _ in range(13):
        wage = next_wage(wage, 0.02, 0.04, 0.10, 0.1, 4.0)
    assert math.log(wage) == pytest.approx(0.5 * 0.10 * math.log(2.0), rel=1e-12)


def test_pay_falls_where_work_is_scarce():
    wage = 1.0
    for _ in range(1000):
        wage = next_wage(wage, 0.08, 0.04, 0.10, 0.1, 4.0)
    assert wage == pytest.approx(2.0**-0.10, rel=1e-9)


def test_an_empty_pool_raises_pay_by_a_bounded_amount():
    wage = 1.0
    for _ in range(1000):
        wage = next_wage(wage, 0.0, 0.04, 0.10, 0.1, 4.0)
    assert wage == pytest.approx(10.0**0.10, rel=1e-9)


@pytest.mark.parametrize("unemployment", [0.0, 0.013, 0.04, 0.2])
def test_without_a_wage_curve_and_migration_nothing_moves_by_a_bit(unemployment):
    assert next_wage(1.0, unemployment, 0.04, 0.0, 0.1, 4.0) == 1.0
    assert next_force(1234.5, unemployment, 0.04, 0.0, 4.0) == 1234.5


def test_a_point_of_low_unemployment_brings_three_in_a_thousand_a_year():
    force = 1000.0
    for _ in range(13):
        force = next_force(force, 0.03, 0.04, 0.30, 4.0)
    assert force == pytest.approx(1000.0 * (1.0 + 0.003 / 13) ** 13, rel=1e-12)


def test_people_leave_where_work_is_scarce():
    assert next_force(1000.0, 0.06, 0.04, 0.30, 4.0) < 1000.0


def test_hiring_slows_in_proportion_to_the_missing_unemployed():
    labour = LabourMarket(960.0, 0.04)
    assert hiring_factor(labour) == pytest.approx(1.0, rel=1e-12)
    labour.employed = 980.0
    assert hiring_factor(labour) == pytest.approx(0.5, rel=1e-12)
    labour.employed = 900.0
    assert hiring_factor(labour) == 1.0


def test_a_labour_market_put_back_is_the_same():
    labour, other = LabourMarket(960.0, 0.04), LabourMarket(1.0, 0.04)
    labour.employed = 950.0
    other.load_state(labour.state())
    assert other.unemployment == labour.unemployment
