"""Synthetic firms add up to what is measured, and each firm's luck is its own."""

from functools import cache

import numpy as np
import pytest

from millworks.economy.national import national_accounts
from millworks.economy.places import list_places, load_place
from millworks.economy.sectors import MANUFACTURING, SECTORS, sector_index
from millworks.economy.size_gradient import receipts_per_employee_within, survey_by_size
from millworks.economy.size_mix import CLASS_BOUNDS
from millworks.errors import InputError
from millworks.start.firms import synthesise
from millworks.world.streams import Streams

PLACES = list_places()


@cache
def district(name, makers=None, seed=1):
    return synthesise(load_place(name), national_accounts(2022), Streams(seed), makers)


def margins(d, quantity):
    return [m for m in d.margins if m.quantity == quantity]


def produced(d):
    return MANUFACTURING & (d.sector_jobs > 0)


@pytest.mark.parametrize("name", PLACES)
def test_jobs_by_sector_come_out_to_the_job(name):
    d = district(name)
    dropped = 0.0
    for margin in margins(d, "jobs"):
        if margin.reproduced == 0:
            dropped += margin.target
        else:
            assert margin.reproduced == pytest.approx(margin.target, abs=1e-6)
    assert dropped < 0.03 * d.place.manufacturing_jobs
    assert (dropped > 0) == any("Too few jobs" in note for note in d.notes)


@pytest.mark.parametrize("name", PLACES)
def test_sales_by_sector_are_the_sectors_output(name):
    d = district(name)
    for margin in margins(d, "sales"):
        assert margin.reproduced == pytest.approx(margin.target, rel=1e-12)
    output = d.place.sector_output(national_accounts(2022))
    kept = produced(d) | ~MANUFACTURING
    assert np.array_equal(d.sector_output[kept], output[kept])


@pytest.mark.parametrize("name", PLACES)
def test_makers_by_sector_and_by_size_are_the_measured_ones_within_rounding(name):
    d = district(name)
    assert len(d.makers) == d.place.small_makers
    for margin in margins(d, "makers"):
        assert abs(margin.reproduced - margin.target) < 1.0


@pytest.mark.parametrize("name", PLACES)
def test_partners_are_large_firm_jobs_over_their_mean_size(name):
    d = district(name)
    expected = d.place.sizes.large_jobs.sum() / 1724.6
    assert len(d.partners) == max(1, round(expected))
    assert (d.partners.size_class == 5).all()


def test_the_generic_district_makes_something_in_every_sector():
    for makers in (19, 100, 1000):
        d = synthesise(load_place("generic", makers), national_accounts(2022), Streams(3))
        assert set(d.makers.sector) == set(np.flatnonzero(MANUFACTURING))
        assert len(d.makers) == makers


@pytest.mark.parametrize("name", ["hickory", "los_angeles", "generic"])
def test_firms_have_the_jobs_of_their_size_class(name):
    makers = district(name).makers
    low, high = CLASS_BOUNDS[makers.size_class].T
    assert (makers.employment >= 0.99 * low).all()
    # A few carry the jobs of large firms' plants for want of a partner in their sector.
    assert (makers.employment > high).sum() <= 5


def test_receipts_per_employee_are_the_surveys():
    """Thousand USD of 2017 per employee of firms under 5 and of 500 employees and more."""
    ratio = survey_by_size("receipts_kusd") / survey_by_size("employment")
    assert ratio[0] == pytest.approx(231.1, abs=0.1)
    assert ratio[5] == pytest.approx(631.6, abs=0.1)


def test_part_of_what_large_firms_sell_more_is_the_sectors_they_are_in():
    """Within a sector the smallest class lags less than in manufacturing as a whole."""
    within = receipts_per_employee_within(2022)
    assert within[5] == 1.0
    assert 231.1 / 631.6 < within[0] < 1.0
    assert (within[:5] < 1.0).all()


def test_large_firms_sell_more_per_employee_than_small_ones_of_their_sector():
    """Partners over makers of fabricated metal, by the mix of the makers' size classes."""
    d = district("los_angeles")
    sector = sector_index("FMET")
    small, large = d.makers.sector == sector, d.partners.sector == sector
    per_job = [
        rows.sales[of].sum() / rows.employment[of].sum()
        for rows, of in ((d.makers, small), (d.partners, large))
    ]
    jobs = d.makers.employment[small]
    within = receipts_per_employee_within(2022)
    expected = (jobs * within[d.makers.size_class[small]]).sum() / jobs.sum()
    assert per_job[0] / per_job[1] == pytest.approx(expected, rel=1e-9)


def test_retailers_sales_shares_sum_to_one():
    retailers = district("hickory").retailers
    assert len(retailers) == load_place("hickory").retail_firms
    assert retailers.sales_weight.sum() == pytest.approx(1.0)
    assert (retailers.sales_weight > 0).all()


def test_the_same_seed_gives_the_same_district():
    one, two = (
        synthesise(load_place("hickory"), national_accounts(2022), Streams(5)) for _ in range(2)
    )
    for kind in ("makers", "partners", "retailers"):
        for name, column in vars(getattr(one, kind)).items():
            assert np.array_equal(column, getattr(getattr(two, kind), name))


def test_another_seed_gives_other_firms_with_the_same_counts():
    one, two = district("hickory", seed=5), district("hickory", seed=6)
    assert np.array_equal(one.makers.key, two.makers.key)
    assert not np.array_equal(one.makers.employment, two.makers.employment)
    assert not np.array_equal(one.makers.x_miles, two.makers.x_miles)


@pytest.mark.parametrize("makers", [60, 255, 509])
def test_the_firms_of_a_scale_model_are_firms_of_the_full_district(makers):
    full, part = district("hickory"), district("hickory", makers)
    rows = {key: row for row, key in enumerate(full.makers.key)}
    at = np.array([rows[key] for key in part.makers.key])
    for column in ("sector", "size_class", "x_miles", "y_miles", "county"):
        assert np.array_equal(getattr(part.makers, column), getattr(full.makers, column)[at])


@pytest.mark.parametrize("makers", [60, 255])
def test_a_scale_model_keeps_the_mix_and_the_place(makers):
    full, part = district("hickory"), district("hickory", makers)
    assert part.place.slug == "hickory"
    assert part.scale == makers / 510
    assert len(part.makers) == makers
    for row in np.flatnonzero(MANUFACTURING):
        expected = (full.makers.sector == row).sum() * part.scale
        assert abs((part.makers.sector == row).sum() - expected) <= 1
    kept = produced(part) | ~MANUFACTURING
    assert part.sector_output[kept] == pytest.approx(full.sector_output[kept] * part.scale)
    assert len(part.retailers) == round(749 * part.scale)


def test_more_makers_than_the_place_has_is_an_error_naming_both_numbers():
    with pytest.raises(InputError, match=r"makers = 600: .* 510 makers"):
        district("hickory", 600)
    with pytest.raises(InputError, match="makers = 0"):
        district("hickory", 0)


def test_firms_stand_in_their_counties():
    d = district("hickory")
    assert np.hypot(d.makers.x_miles, d.makers.y_miles).max() < 80
    share = np.bincount(d.makers.county, minlength=4) / len(d.makers)
    measured = np.array([c.firms for c in d.place.counties])
    assert share == pytest.approx(measured / measured.sum(), abs=0.08)


def test_hickory_is_a_furniture_district_of_five_hundred_makers():
    d = district("hickory")
    furniture = sector_index("FURN")
    assert len(d.makers) == 510
    assert d.sector_jobs[furniture] == pytest.approx(15_776)
    assert d.sector_jobs[furniture] / d.sector_jobs[MANUFACTURING].sum() == pytest.approx(
        0.375, abs=0.001
    )
    assert SECTORS[np.bincount(d.makers.sector).argmax()] == "FURN"
