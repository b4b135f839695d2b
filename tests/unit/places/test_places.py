"""Districts as measured: their jobs, firms and output."""

import numpy as np
import pytest

from millworks.economy.counties import independent_retailers, national_retail_firms
from millworks.economy.embedded import read_rows
from millworks.economy.national import national_accounts
from millworks.economy.places import list_places, load_place
from millworks.economy.sectors import MANUFACTURING, SECTORS, sector_index
from millworks.errors import InputError

NAMED = [name for name in list_places() if name != "generic"]


def test_thirteen_districts_and_the_generic_one_are_known():
    assert len(NAMED) == 13
    assert list_places()[0] == "generic"


def test_furniture_is_three_eighths_of_hickorys_manufacturing_jobs():
    mix = load_place("hickory").manufacturing_mix
    assert mix[sector_index("FURN")] == pytest.approx(0.375, abs=0.0005)
    assert mix.sum() == pytest.approx(1.0)


def test_furniture_is_a_smaller_part_in_the_metro_area_named_high_point():
    mix = load_place("high_point").manufacturing_mix
    assert mix[sector_index("FURN")] == pytest.approx(0.14, abs=0.005)


@pytest.mark.parametrize(
    ("name", "sector"),
    [("dalton", "TEXT"), ("elkhart", "MOTV"), ("warsaw", "MISC"), ("wichita", "OTRN")],
)
def test_each_district_leads_in_what_it_is_known_for(name, sector):
    assert SECTORS[int(load_place(name).manufacturing_mix.argmax())] == sector


@pytest.mark.parametrize("name", NAMED)
def test_manufacturing_jobs_of_an_area_are_the_published_total(name):
    place = load_place(name)
    kind, code = place.geography.split()
    if kind == "county":
        row = next(r for r in read_rows("places.csv") if r["fips"] == code)
        published = float(row["mfg_employment_2017"])
    else:
        row = next(r for r in read_rows("areas.csv") if r["cbsa_code"] == code)
        published = float(row["manufacturing_employment_2019"])
    assert place.manufacturing_jobs == pytest.approx(published, abs=1.0)


@pytest.mark.parametrize("name", NAMED)
def test_makers_and_plants_of_large_firms_are_the_firms_counted_in_the_counties(name):
    place = load_place(name)
    assert place.sizes.firms.sum() == pytest.approx(place.firm_presences)
    assert place.small_makers == round(place.sizes.small_firms)
    assert place.sizes.employment.sum() == pytest.approx(place.manufacturing_jobs)


def test_a_county_takes_its_metro_areas_mix_and_says_so():
    brooklyn = load_place("brooklyn")
    jobs = {
        r["sector"]: float(r["employment"] or 0)
        for r in read_rows("area_sector_employment.csv")
        if r["cbsa_code"] == "35620"
    }
    metro = np.array([jobs[s] for s in SECTORS])
    mix = metro[MANUFACTURING] / metro[MANUFACTURING].sum()
    assert brooklyn.manufacturing_mix[MANUFACTURING] == pytest.approx(mix)
    assert brooklyn.manufacturing_jobs == pytest.approx(15_329)
    assert "metro mix" in brooklyn.mix_quality


def test_a_place_of_small_shops_has_fewer_jobs_in_large_firms_than_its_mix_alone_suggests():
    brooklyn, elkhart = load_place("brooklyn"), load_place("elkhart")
    assert brooklyn.sizes.tilt < 0 < elkhart.sizes.tilt
    share = [p.sizes.large_jobs.sum() / p.manufacturing_jobs for p in (brooklyn, elkhart)]
    assert share[0] < 0.40 < 0.70 < share[1]


def test_mix_quality_says_how_much_was_withheld():
    assert "15.9 % were withheld" in load_place("rockford").mix_quality
    assert "less than 0.1 % were withheld" in load_place("hickory").mix_quality
    assert "none were withheld" in load_place("los_angeles").mix_quality


def test_withheld_counties_are_estimated_and_said():
    place = load_place("grand_rapids")
    montcalm = next(c for c in place.counties if c.fips == "26117")
    assert montcalm.estimated
    assert 0 < montcalm.jobs < 15_402
    assert any("Montcalm" in note for note in place.notes)
    assert any("Boone County" in note for note in load_place("rockford").notes)


def test_independent_retailers_of_all_counties_are_the_nations():
    total, _ = independent_retailers(read_rows("places.csv"))
    assert total == pytest.approx(national_retail_firms(), abs=1)


@pytest.mark.parametrize("makers", [19, 1000, 2000, 235_088])
def test_the_generic_district_is_a_share_of_the_nation_in_every_sector(makers):
    national = national_accounts(2022)
    place = load_place("generic", makers)
    share = makers / 235_088
    assert place.small_makers == makers
    assert place.sector_employment == pytest.approx(national.employment * share, rel=1e-14)
    assert np.array_equal(place.sector_output(national), national.output * share)


def test_the_generic_district_follows_the_table_of_its_year():
    national = national_accounts(2017)
    place = load_place("generic", 1000, year=2017)
    assert place.sector_employment == pytest.approx(national.employment * 1000 / 235_088)
    assert np.array_equal(place.sector_output(national), national.output * (1000 / 235_088))


def test_the_generic_district_has_the_nations_retailers_per_maker():
    place = load_place("generic")
    assert place.small_makers == 1000
    assert place.retail_firms / place.small_makers == pytest.approx(2.7, abs=0.05)


def test_output_is_the_places_share_of_covered_jobs_times_national_output():
    national, place = national_accounts(2022), load_place("hickory")
    output = place.sector_output(national)
    furniture, government = sector_index("FURN"), sector_index("GOV")
    share = place.sector_employment[furniture] / national.employment[furniture]
    assert output[furniture] == pytest.approx(share * national.output[furniture])
    covered = place.covered_jobs / national.employment.sum()
    assert place.sector_employment[government] == 0
    assert output[government] == pytest.approx(covered * national.output[government])
    assert (output > 0).all()


def test_an_unknown_district_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match=r"no district 'hickry'\. Did you mean 'hickory'"):
        load_place("hickry")


def test_names_are_read_as_people_write_them():
    assert load_place("High Point").slug == "high_point"
    assert load_place("los-angeles").slug == "los_angeles"


def test_more_makers_than_the_district_has_is_an_error_with_both_numbers():
    with pytest.raises(InputError, match=r"511: Hickory.* has only 510 makers"):
        load_place("hickory", 511)
    with pytest.raises(InputError, match=r"235,089.*235,088"):
        load_place("generic", 235_089)


def test_the_generic_district_has_at_least_one_maker_for_each_sector():
    with pytest.raises(InputError, match=r"makers = 18: .* 19"):
        load_place("generic", 18)


def test_asking_for_makers_never_changes_a_measured_place():
    whole, part = load_place("hickory"), load_place("hickory", 100)
    assert part.small_makers == whole.small_makers
    assert np.array_equal(part.sector_employment, whole.sector_employment)
