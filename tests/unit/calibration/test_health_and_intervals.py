"""Monte-Carlo intervals, trends, and the health of a baseline."""

from __future__ import annotations

import numpy as np
import pytest
from hand_made_panel import panel, scaled

from millworks_calibration.health import VITALS, output_per_job_ratio, refused_by_reason
from millworks_calibration.intervals import over_seeds, slope

READ = {vital.name: vital.read for vital in VITALS}


def test_the_interval_over_seeds_is_students():
    interval = over_seeds([1.0, 2.0, 3.0, 4.0])
    half = 3.182446 * np.std([1, 2, 3, 4], ddof=1) / 2.0  # t at .975 and 3 degrees of freedom
    assert (interval.mean, interval.seeds) == (2.5, 4)
    assert (interval.low, interval.high) == pytest.approx((2.5 - half, 2.5 + half), rel=1e-6)
    assert not interval.covers_zero


def test_one_seed_has_no_width_and_none_no_interval():
    assert over_seeds([2.0, None]) == over_seeds([2.0])
    assert over_seeds([2.0]).seeds == 1
    assert over_seeds([2.0]).low == over_seeds([2.0]).high == 2.0
    assert over_seeds([None, None]) is None


def test_the_slope_is_that_of_least_squares():
    assert slope([1.0, 3.0, 5.0]) == pytest.approx(2.0)
    assert slope([1.0, 4.0, 1.0]) == pytest.approx(0.0)
    assert slope([1.0]) is None


def test_a_district_that_grows_shows_a_trend_and_a_still_one_does_not():
    made = panel(4, output=100.0, price=1.0, lender_equity=50.0)
    assert READ["output_trend"](made) == pytest.approx(0.0)
    made.weekly["output"][:] = 100.0 + np.arange(4 * 52) / 52.0
    assert READ["output_trend"](made) == pytest.approx(1.0 / made.weekly["output"].mean())


def test_capital_that_passes_below_zero_still_has_a_trend():
    made = panel(2)
    made.weekly["lender_equity"][:52], made.weekly["lender_equity"][52:] = 30.0, -10.0
    assert READ["lender_equity_trend"](made) == pytest.approx(-4.0)


def test_one_year_has_no_trend():
    assert READ["output_trend"](panel(1, output=1.0)) is None


def test_draws_on_deposit_insurance_are_counted_and_summed_at_full_scale():
    made = panel(2, insured=10.0)
    made.weekly["insured_lenders"][:26] = 1.0
    assert READ["insurance_draws"](made) == pytest.approx(13.0)
    assert READ["insurance_paid"](scaled(made, 0.5)) == pytest.approx(1040.0)


def test_orders_refused_are_listed_by_reason_and_add_up():
    made = panel(1, orders=100.0)
    made.weekly["refused"][:] = [3.0, 1.0]
    assert refused_by_reason(made) == pytest.approx({"capacity": 0.03, "cash": 0.01})
    assert READ["refused"](made) == pytest.approx(sum(refused_by_reason(made).values()))


def test_births_and_exits_are_yearly_rates_of_makers_that_trade():
    made = panel(1, births=0.1, exits=0.2, makers_active=100.0)
    assert READ["births"](made) == pytest.approx(0.052)
    assert READ["exits"](made) == pytest.approx(0.104)


def test_output_per_job_is_compared_where_there_are_partners():
    made = panel(maker_output=10.0, maker_jobs=2.0, partner_output=50.0, partner_jobs=5.0)
    assert output_per_job_ratio(made) == pytest.approx(0.5)
    assert output_per_job_ratio(panel(maker_output=10.0, maker_jobs=2.0)) is None
