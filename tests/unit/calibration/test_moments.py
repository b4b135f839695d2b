"""Moments read off panels whose answers are known by hand (spec §13.1, §13.2)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_made_panel import panel, scaled, set_flow

from millworks.economy.sectors import sector_index
from millworks_calibration.moments import MOMENTS
from millworks_calibration.panel import NotMeasured
from millworks_calibration.targets import load_targets


def test_every_target_names_a_moment_or_says_what_it_waits_for():
    for target in load_targets():
        assert bool(target.measure) != bool(target.waits_for), target.id
        assert not target.measure or target.measure in MOMENTS


def test_every_moment_belongs_to_a_target():
    assert set(MOMENTS) == {target.measure for target in load_targets() if target.measure}


def test_days_of_outflow_are_mean_deposits_over_daily_outflow():
    made = panel(makers=1, retailers=0)
    set_flow(made.makers, "deposit_weeks", 13 * 700.0)  # 700 USD held in every week
    set_flow(made.makers, "outflow", 13 * 7 * 50.0)  # 50 USD a day
    assert MOMENTS["buffer_median"](made) == pytest.approx(14.0)


def test_buffers_count_retailers_and_leave_out_firms_that_came_during_the_year():
    made = panel(makers=2, retailers=1)
    for firms, days in ((made.makers, 10.0), (made.retailers, 30.0)):
        set_flow(firms, "outflow", 13 * 7.0)
        set_flow(firms, "deposit_weeks", 13 * days)
    made.makers.columns["generation"][2:, 1] = 1
    assert MOMENTS["buffer_lower_quartile"](made) == pytest.approx(15.0)
    assert MOMENTS["buffer_upper_quartile"](made) == pytest.approx(25.0)


def test_full_approval_is_an_offer_as_large_as_the_request():
    made = panel(makers=4)
    makers = made.makers.columns
    makers["tested"][:] = True
    makers["annual_sales"][:] = [5e4, 5e5, 5e6, 5e6]
    makers["request"][:] = makers["annual_sales"] * 0.1
    makers["offer"][:] = makers["request"] * [1.0, 0.999, 1.0, 0.0]
    assert MOMENTS["approved_below_100k"](made) == 1.0
    assert MOMENTS["approved_100k_to_1m"](made) == 0.0
    assert MOMENTS["approved_1m_to_10m"](made) == 0.5
    assert MOMENTS["approved_all"](made) == 0.5
    with pytest.raises(NotMeasured, match="application of that size"):
        MOMENTS["approved_above_10m"](made)


def test_only_makers_tested_in_the_quarter_apply():
    made = panel(makers=2)
    made.makers.columns["request"][:] = 1.0
    made.makers.columns["tested"][:, 0] = True
    assert MOMENTS["approved_all"](made) == 0.0
    made.makers.columns["offer"][:, 0] = 1.0
    assert MOMENTS["approved_all"](made) == 1.0


def test_days_to_collect_follow_littles_law():
    made = panel(receivable=500.0, invoiced=100.0)
    assert MOMENTS["days_to_collect"](made) == pytest.approx(35.0)


def test_inventories_are_months_of_sales():
    made = panel(makers=1, partners=1)
    for firms, held in ((made.makers, 200.0), (made.partners, 100.0)):
        firms.columns["inventories"][:] = held
        set_flow(firms, "invoiced", 300.0)  # 100 a month
    assert MOMENTS["inventories_to_sales"](made) == pytest.approx(1.5)
    with pytest.raises(NotMeasured, match="such maker"):
        MOMENTS["inventories_to_sales_misc"](made)
    made.makers.columns["sector"][:] = sector_index("MISC")
    assert MOMENTS["inventories_to_sales_misc"](made) == pytest.approx(2.0)


def test_utilisation_is_weighted_by_capacity():
    assert MOMENTS["utilisation"](panel(made=78.0, capacity=100.0)) == pytest.approx(0.78)


def test_net_margin_is_the_median_over_firms_of_income_over_invoices():
    made = panel(makers=3)
    set_flow(made.makers, "invoiced", 100.0)
    set_flow(made.makers, "income", [-50.0, 5.5, 6.0])
    assert MOMENTS["net_margin"](made) == pytest.approx(0.055)


def test_death_rate_counts_exits_of_a_year_over_makers_and_partners():
    made = panel(2, partners=10, exits=0.5, makers_active=250.0)
    assert MOMENTS["death_rate"](made) == pytest.approx(26.0 / 260.0)


def test_survival_follows_firms_less_than_a_year_old():
    made = panel(3, makers=4)
    makers = made.makers.columns
    # Rows 1 to 3 were taken by new firms in the weeks before snapshot 0; row 0 is of the start.
    makers["generation"][:, 1:] = 1
    makers["born"][:, 1:] = made.weeks[0] - 10
    makers["active"][3:, 1] = False  # gone within the first year
    makers["generation"][6:, 2] = 2  # followed by another firm in the second
    makers["born"][6:, 2] = made.weeks[0] - 60  # of no cohort
    # Cohorts of the first four quarters: 3, 3, 3 and 2 young firms.
    assert MOMENTS["maker_survival_1y"](made) == pytest.approx((2 + 2 + 1 + 1) / (3 + 3 + 3 + 2))
    assert MOMENTS["maker_survival_3y"](made) == pytest.approx(1 / 3)


def test_survival_needs_years_and_births():
    with pytest.raises(NotMeasured, match="needs 3 years of observation; this run has 2"):
        MOMENTS["maker_survival_3y"](panel(2))
    with pytest.raises(NotMeasured, match="birth early enough"):
        MOMENTS["maker_survival_1y"](panel(2))


def test_sizes_are_counted_at_the_end_over_makers_and_partners():
    made = panel(makers=3, partners=1)
    made.makers.columns["jobs"][-1] = [4.0, 19.0, 99.0]
    made.partners.columns["jobs"][-1] = 800.0
    made.makers.columns["active"][-1, 2] = False
    assert MOMENTS["firms_below_5"](made) == pytest.approx(1 / 3)
    assert MOMENTS["firms_below_20"](made) == pytest.approx(2 / 3)
    assert MOMENTS["firms_below_100"](made) == pytest.approx(2 / 3)


def test_a_national_mix_of_sizes_is_compared_only_where_one_was_founded():
    elsewhere = replace(panel(), national_mix=False)
    with pytest.raises(NotMeasured, match="is a national mix; this place was founded with another"):
        MOMENTS["firms_below_5"](elsewhere)
    with pytest.raises(NotMeasured, match="needs the place at its full number of makers"):
        MOMENTS["firms_below_5"](scaled(panel(), 0.5))


def test_job_flows_are_gains_and_losses_of_firms_that_stay():
    made = panel(makers=3, partners=1)
    made.makers.columns["jobs"][0] = [10.0, 10.0, 50.0]
    made.makers.columns["jobs"][-1] = [12.0, 9.0, 0.0]
    made.makers.columns["active"][-1, 2] = False  # its jobs go with it: not a continuing unit
    made.partners.columns["jobs"][:] = 100.0
    employed = (170.0 + 121.0) / 2.0
    assert MOMENTS["job_creation"](made) == pytest.approx(2.0 / employed)
    assert MOMENTS["job_destruction"](made) == pytest.approx(1.0 / employed)


def test_inaction_and_spikes_are_shares_of_maker_years():
    made = panel(makers=4)
    made.makers.columns["capital"][:] = 100.0
    set_flow(made.makers, "invested", [0.0, 2.0, 4.0, 6.0])  # 0, 8, 16, 24 % a year
    assert MOMENTS["inaction"](made) == 0.25
    assert MOMENTS["spikes"](made) == 0.25


def test_owners_not_interested_are_those_whose_test_finds_no_wish():
    made = panel(makers=4)
    made.makers.columns["tested"][:, :3] = True
    made.makers.columns["wants"][:, [0, 3]] = True
    assert MOMENTS["not_interested"](made) == pytest.approx(2 / 3)


def test_debt_is_measured_against_sales_in_sums():
    made = panel(makers=2)
    made.makers.columns["debt"][:] = [30.0, 5.0]
    made.makers.columns["annual_sales"][:] = [100.0, 100.0]
    assert MOMENTS["debt_to_sales"](made) == pytest.approx(0.175)


def test_turned_down_and_discouraged_are_told_apart_over_three_years():
    made = panel(3, makers=5)
    makers = made.makers.columns
    makers["tested"][:] = True
    makers["jobs"][:] = [10.0, 10.0, 10.0, 10.0, 300.0]
    for row in (0, 1, 2, 4):
        makers["wants"][5, row] = makers["constrained"][5, row] = True
    makers["discouraged"][5, 1] = True
    makers["discouraged"][5, 2] = True
    makers["constrained"][7, 2] = makers["wants"][7, 2] = True  # asked later, and was refused
    assert MOMENTS["turned_down"](made) == pytest.approx(2 / 4)
    assert MOMENTS["discouraged"](made) == pytest.approx(1 / 3)


def test_revenue_returned_is_a_share_of_sales():
    made = panel(retail_sales=100.0, retail_returned=40.0, chain_sales=10.0, chain_returned=1.0)
    assert MOMENTS["returned_by_independents"](made) == pytest.approx(0.4)
    assert MOMENTS["returned_by_chains"](made) == pytest.approx(0.1)


@pytest.mark.parametrize("name", sorted(MOMENTS))
def test_an_empty_district_is_not_measured_rather_than_divided_by_zero(name):
    made = panel(5, makers=0, partners=0, retailers=0)
    with pytest.raises(NotMeasured):
        MOMENTS[name](made)


def test_the_fixture_has_snapshots_at_every_quarter():
    assert np.all(np.diff(panel(2).weeks) == 13)
