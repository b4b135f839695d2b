"""The constrained share in four nested definitions, and the gap in dollars (spec §10.2)."""

from __future__ import annotations

import pytest
from hand_made_panel import TERMS, panel, scaled

from millworks_calibration.constrained import Figure, constrained_figures
from millworks_calibration.health import yearly_constrained_share


def everybody_tested(makers: int = 4):
    made = panel(1, makers=makers)
    made.makers.columns["tested"][:] = True
    made.makers.columns["jobs"][:] = 10.0
    return made


def test_definitions_are_nested_as_the_specification_says():
    made = everybody_tested()
    makers = made.makers.columns
    makers["wants"][:, :3] = True
    makers["constrained"][:, 0] = True  # at every test
    makers["constrained"][4, 1] = True  # at the last test only
    figures = constrained_figures(made)
    # Five snapshots of four makers; the last two end a run of four tests.
    assert figures[Figure("D1")] == pytest.approx(6 / 20)
    assert figures[Figure("D2")] == pytest.approx((1 + 2) / 8)
    assert figures[Figure("D3")] == pytest.approx((1 + 2) / 6)
    assert figures[Figure("D4")] == pytest.approx((1 + 1) / 8)
    assert figures[Figure("D4")] <= figures[Figure("D2")] <= figures[Figure("D3")]
    assert figures[Figure("want_share")] == pytest.approx(15 / 20)


def test_tests_of_the_firm_before_do_not_count_for_the_one_that_follows():
    made = everybody_tested(makers=1)
    made.makers.columns["constrained"][:4] = True
    made.makers.columns["generation"][4] = 1
    figures = constrained_figures(made)
    assert figures[Figure("D2")] == pytest.approx(1 / 2)
    assert figures[Figure("D4")] == pytest.approx(1 / 2)


def test_the_gap_is_the_money_missing_at_a_date_at_full_scale():
    made = everybody_tested()
    makers = made.makers.columns
    makers["constrained"][:, :2] = True
    makers["missing_term"][:] = -1
    makers["missing_term"][:, 0], makers["missing_term"][:, 1] = 0, 1
    makers["money_missing"][:] = [100.0, 300.0, 9e9, 9e9]  # the last two are not constrained
    makers["jobs"][:, 1] = 50.0
    figures = constrained_figures(scaled(made, 0.5))
    assert figures[Figure("gap")] == pytest.approx(800.0)
    assert figures[Figure("gap", "5-19")] == pytest.approx(200.0)
    assert figures[Figure("gap", "20-99")] == pytest.approx(600.0)
    by_term = {term: figures[Figure("gap", "all", term)] for term in TERMS}
    assert by_term == pytest.approx({"score": 200.0, "collateral": 600.0})
    assert figures[Figure("bound_by", "all", "score")] == pytest.approx(0.5)


def test_indivisible_and_discouraged_are_shares_of_all_makers_tested():
    made = everybody_tested()
    made.makers.columns["indivisible"][:, 0] = True
    made.makers.columns["discouraged"][:, :2] = True
    made.makers.columns["wants"][:, 1] = True
    figures = constrained_figures(made)
    assert figures[Figure("indivisible")] == pytest.approx(0.25)
    assert figures[Figure("discouraged_share")] == pytest.approx(0.25)


def test_a_size_class_without_makers_has_no_figures():
    figures = constrained_figures(everybody_tested())
    assert Figure("D1", "5-19") in figures
    assert not [key for key in figures if key.size_class == "100-499"]


def test_the_yearly_share_leaves_out_years_in_which_nobody_was_tested():
    made = panel(2, makers=2)
    made.makers.columns["tested"][1:5] = True
    made.makers.columns["constrained"][1:3, 0] = True
    assert list(yearly_constrained_share(made)) == pytest.approx([0.25])
