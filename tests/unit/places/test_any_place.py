"""Counties, areas and states: whose mix they have, and what withheld makers mean."""

import numpy as np
import pytest

from millworks.economy.areas import state_jobs, surroundings_of
from millworks.economy.counties import counties_of_area
from millworks.economy.embedded import read_rows, rows_by
from millworks.economy.place_names import all_places
from millworks.economy.places import is_withheld, load_place
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS
from millworks.economy.size_mix import (
    JOBS_PER_FIRM,
    fit_size_mix,
    independent_retail_sizes,
    national_mix,
    size_mix_of,
    size_mix_of_makers,
)
from millworks.errors import InputError

WITHHELD = "37109"
"""Lincoln County, NC: in the Charlotte area, its manufacturers withheld."""


def mix(jobs):
    return jobs[MANUFACTURING] / jobs[MANUFACTURING].sum()


def county(fips):
    return rows_by("places.csv", "fips")[fips][0]


def test_a_county_inside_a_metro_area_has_the_areas_mix_and_its_own_jobs():
    place, area = load_place("Catawba County, NC"), load_place("hickory")
    np.testing.assert_allclose(mix(place.sector_employment), mix(area.sector_employment))
    assert place.manufacturing_jobs == pytest.approx(23_323)
    assert place.sector_employment[SECTORS.index("RET")] == pytest.approx(11_911)
    assert place.covered_jobs == pytest.approx(87_267)
    assert place.mix_source == "area"
    assert "metro mix of Hickory" in place.notes[0]


def test_a_county_outside_areas_has_its_states_non_metro_mix_and_says_so():
    place = load_place("Arkansas County, AR")
    jobs, outside = state_jobs("AR")
    np.testing.assert_allclose(mix(place.sector_employment), mix(outside))
    assert not np.allclose(mix(place.sector_employment), mix(jobs), rtol=0.05)
    assert place.mix_source == "state"
    assert place.mix_estimated_share == pytest.approx(1.0)
    assert "non-metro mix" in place.mix_quality
    assert "estimate" in place.mix_quality
    assert "non-metro mix of Arkansas" in place.notes[0]


def test_where_the_remainder_contradicts_its_counties_the_whole_state_stands_in():
    adams = next(r for r in read_rows("places.csv") if r["state"] == "WA" and not r["cbsa_code"])
    around = surroundings_of(adams)
    assert around.kind == "state"
    assert "35 manufacturing jobs" in around.why
    np.testing.assert_allclose(mix(around.jobs), mix(state_jobs("WA")[0]))


def test_the_remainders_of_six_states_are_not_used():
    kinds = {r["state"]: surroundings_of(r) for r in read_rows("places.csv") if not r["cbsa_code"]}
    replaced = [s for s, around in kinds.items() if around.kind == "state" and around.why]
    assert sorted(replaced) == ["ME", "MT", "NY", "PA", "VT", "WA"]


def test_a_state_has_its_own_jobs_and_the_firms_of_its_counties():
    place = load_place("North Carolina")
    assert place.slug == "nc"
    assert place.manufacturing_jobs == pytest.approx(459_662, abs=20)
    assert len(place.counties) == 100
    assert place.population == sum(
        float(r["population_acs"]) for r in rows_by("places.csv", "state")["NC"]
    )
    assert "estimate" in place.mix_quality


def test_jobs_of_all_states_are_the_nations():
    """Margins of the fitted table: the sum over states by sector is the national total of 2019."""
    total = sum((state_jobs(s)[0] for s in rows_by("places.csv", "state")), np.zeros(N_SECTORS))
    made = {
        r["sector"]: float(r["employment_2019_bds"] or 0) for r in read_rows("employment_2017.csv")
    }
    for code, jobs in zip(SECTORS, total, strict=True):
        if code != "GOV":
            assert jobs == pytest.approx(made[code], rel=1e-3, abs=60), code


def test_every_withheld_county_is_known_as_such():
    counties = [p for p in all_places() if p.kind == "county"]
    withheld = [p for p in counties if is_withheld(p)]
    rows = read_rows("places.csv")
    assert len(withheld) == sum(r["mfg_suppressed"] in ("1", "absent") for r in rows)
    assert sum(county(p.code)["mfg_suppressed"] == "1" for p in withheld) == 1329


def test_a_withheld_county_runs_only_with_the_number_of_its_makers():
    with pytest.raises(InputError, match=r"Lincoln County, NC: .* does not mean .* --makers N"):
        load_place(WITHHELD)
    place = load_place(WITHHELD, 60)
    assert place.small_makers == 60
    assert place.makers_given
    assert place.counties[0].estimated
    assert any("60 makers are the number given by the user" in note for note in place.notes)
    assert "number of makers is the user's" in place.mix_quality
    assert "user" not in load_place("37035").mix_quality


def test_given_makers_have_the_jobs_per_maker_of_their_surroundings():
    few, many = load_place(WITHHELD, 20), load_place(WITHHELD, 40)
    assert many.manufacturing_jobs == pytest.approx(2 * few.manufacturing_jobs)
    around = surroundings_of(county(WITHHELD))
    assert many.manufacturing_jobs / many.firm_presences == pytest.approx(around.jobs_per_firm)
    assert many.sizes.small_firms == pytest.approx(40)


def test_more_makers_than_a_withheld_county_has_people_at_work_are_refused():
    with pytest.raises(InputError, match=r"makers = 5,000: .* at most \d+ makers"):
        load_place("Loving County, TX", 5000)
    with pytest.raises(InputError, match="at least one maker"):
        load_place(WITHHELD, 0)


def test_an_area_without_disclosed_counties_has_its_published_jobs_and_the_makers_given():
    with pytest.raises(InputError, match=r"Boone, NC: .* --makers N"):
        load_place("Boone, NC")
    place = load_place("Boone, NC", 25)
    row = rows_by("areas.csv", "cbsa_code")["14380"][0]
    assert place.manufacturing_jobs == pytest.approx(
        float(row["manufacturing_employment_2019"]), 1e-3
    )
    assert place.small_makers == 25
    assert sum(c.firms for c in place.counties) == pytest.approx(place.sizes.firms.sum())


def test_no_withheld_county_of_an_area_or_state_is_counted_as_zero():
    """California's disclosed counties of 2017 have more jobs than the whole state in 2019."""
    place = load_place("CA")
    assert sum(c.jobs for c in place.counties if not c.estimated) > place.manufacturing_jobs
    estimated = [c for c in place.counties if c.estimated]
    assert estimated
    assert all(c.jobs > 0 and c.firms > 0 for c in estimated)
    assert sum("are withheld" in note for note in place.notes) == 2


def test_estimated_counties_share_what_an_area_has_left_over():
    rows = rows_by("places.csv", "cbsa_code")["24340"]
    shown = sum(float(r["mfg_employment_2017"] or 0) for r in rows)
    counties, notes = counties_of_area(rows, shown + 100.0)
    assert sum(c.jobs for c in counties) == pytest.approx(shown + 100.0)
    assert len(notes) == sum(c.estimated for c in counties) == 1


def test_more_jobs_per_firm_than_the_classes_hold_are_in_larger_plants():
    place = load_place("18051")  # Gibson County, IN: 7,829 jobs in 38 firms
    assert place.manufacturing_jobs / place.firm_presences > JOBS_PER_FIRM[1]
    assert place.sizes.employment.sum() == pytest.approx(7829)
    assert place.sizes.firms.sum() == pytest.approx(38)
    plants = place.sizes.firms[:, 5].sum()
    assert place.sizes.large_jobs.sum() / plants > 204
    assert 10 < place.small_makers < 38


@pytest.mark.parametrize("per_firm", [1.2, 1.9, 45.0, 150.0, 400.0])
def test_any_number_of_jobs_per_firm_keeps_both_totals(per_firm):
    jobs = national_mix(0.001).employment.sum(axis=1)
    found = size_mix_of(jobs, jobs.sum() / per_firm)
    np.testing.assert_allclose(found.employment.sum(axis=1), jobs)
    assert found.firms.sum() == pytest.approx(jobs.sum() / per_firm)
    assert (found.employment >= 0).all()
    if per_firm == 45.0:
        np.testing.assert_array_equal(found.firms, fit_size_mix(jobs, jobs.sum() / 45.0).firms)


def test_makers_alone_fix_the_mix_as_all_firms_do():
    jobs = national_mix(0.001).employment.sum(axis=1)
    by_firms = fit_size_mix(jobs, jobs.sum() / 60.0)
    by_makers = size_mix_of_makers(jobs, by_firms.small_firms)
    np.testing.assert_allclose(by_makers.firms, by_firms.firms, rtol=1e-9)


def test_retailers_of_a_tiny_place_still_have_sizes():
    for jobs, firms in ((3.0, 12), (900.0, 1)):
        sizes = independent_retail_sizes(jobs, firms)
        assert sizes.sum() == pytest.approx(firms)
        assert (sizes >= 0).all()


def test_all_places_can_be_loaded():
    """Every tenth of four thousand: finite jobs, at least one maker and one retailer."""
    for who in all_places()[1::10]:
        place = load_place(who.slug, 3 if is_withheld(who) else None)
        assert place.slug == who.slug
        assert (place.sector_employment >= 0).all()
        assert np.isfinite(place.sector_employment).all()
        assert place.manufacturing_jobs == pytest.approx(place.sizes.employment.sum())
        assert place.small_makers >= 1 <= place.retail_firms
        assert place.area_km2 > 0
