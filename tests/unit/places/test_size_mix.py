"""Firms by sector and size: fitted to margins, then made whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millworks.economy.rounding import Contents, controlled_rounding, largest_remainder
from millworks.economy.size_mix import (
    fit_size_mix,
    independent_retail_sizes,
    national_mix,
    national_sizes,
)
from millworks.errors import InputError


def test_the_nation_has_235088_makers_and_large_firms_of_1725_jobs():
    national = national_sizes()
    assert national.small_firms == 235_088
    assert national.large_firm_jobs == pytest.approx(1725, abs=1)
    assert national.firms[:, :5].sum() == pytest.approx(235_088, abs=2)
    assert national.employment[:, 5].sum() / national.employment.sum() == pytest.approx(0.591, 1e-3)


def test_the_nations_own_margins_give_the_nations_mix():
    national = national_sizes()
    fitted = fit_size_mix(national.employment.sum(axis=1), national.firms.sum())
    assert fitted.tilt == pytest.approx(0, abs=1e-9)
    assert fitted.firms == pytest.approx(national.firms, rel=1e-9)


@pytest.mark.parametrize("jobs_per_firm", [5.0, 20.0, 45.0, 120.0])
def test_jobs_by_sector_and_the_count_of_firms_are_both_met(jobs_per_firm):
    jobs = national_mix(0.01).employment.sum(axis=1)
    firms = jobs.sum() / jobs_per_firm
    mix = fit_size_mix(jobs, firms)
    assert mix.employment.sum(axis=1) == pytest.approx(jobs)
    assert mix.firms.sum() == pytest.approx(firms)


def test_fewer_jobs_per_firm_mean_fewer_large_firms():
    jobs = national_mix(0.01).employment.sum(axis=1)
    shares = [
        fit_size_mix(jobs, jobs.sum() / per_firm).large_jobs.sum() for per_firm in (10, 45, 100)
    ]
    assert shares[0] < shares[1] < shares[2]


def test_a_mean_size_that_no_mix_can_have_is_refused():
    with pytest.raises(InputError, match=r"jobs per firm must lie between 1\.8 and 204"):
        fit_size_mix(np.full(19, 100.0), 5)


def test_independent_retailers_have_their_share_of_the_places_retail_jobs():
    sizes = independent_retail_sizes(16_944.0, 749)
    assert sizes.sum() == pytest.approx(749)
    assert (sizes > 0).all()


def test_largest_remainder_keeps_the_total_and_lifts_small_sectors():
    assert largest_remainder(np.array([0.4, 0.4, 0.2]), 1).tolist() == [1, 0, 0]
    assert largest_remainder(np.array([97.9, 1.9, 0.2]), 100, minimum=1).tolist() == [97, 2, 1]
    with pytest.raises(InputError, match="2 firms cannot give each of 3 sectors"):
        largest_remainder(np.ones(3), 2, minimum=1)


tables = st.lists(
    st.lists(st.floats(0.0, 30.0), min_size=4, max_size=4), min_size=2, max_size=7
).filter(lambda t: sum(map(sum, t)) > 1)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_rounding_a_table_keeps_cells_rows_and_columns(table):
    table = np.array(table)
    total = round(table.sum())
    whole = controlled_rounding(table, total)
    assert whole.sum() == total
    assert (whole >= 0).all()
    assert (np.abs(whole.sum(axis=1) - table.sum(axis=1)) < 1 + 0.5).all()
    assert (np.abs(whole.sum(axis=0) - table.sum(axis=0)) < 2).all()
    assert (whole[table == 0] == 0).all()


def test_a_sector_with_one_firm_and_ninety_jobs_gets_a_firm_of_fitting_size():
    table = np.array([[0.5, 0.3, 0.2], [3.5, 2.7, 1.8]])
    contents = Contents(
        rows=np.array([90.0, 150.0]),
        least=np.array([1.0, 5.0, 20.0]),
        mean=np.array([2.0, 7.0, 60.0]),
        most=np.array([5.0, 20.0, 100.0]),
    )
    assert controlled_rounding(table, 9, contents=contents)[0].tolist() == [0, 0, 1]
    assert controlled_rounding(table, 9)[0].tolist() == [1, 0, 0]
