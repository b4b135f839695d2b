"""Places by distance."""

import pytest

from millworks.economy.nearby import QUALITY, miles_between, nearby
from millworks.economy.place_names import find_place
from millworks.economy.places import load_place
from millworks.errors import InputError


def test_a_degree_of_latitude_is_sixty_nine_miles_and_the_poles_are_half_the_earth_apart():
    assert miles_between((40.0, -90.0), (41.0, -90.0)) == pytest.approx(69.09, abs=0.01)
    assert miles_between((90.0, 0.0), (-90.0, 0.0)) == pytest.approx(12_437, abs=1)
    assert miles_between((35.0, -81.0), (35.0, -81.0)) == 0.0
    assert miles_between((60.0, 0.0), (60.0, 1.0)) == pytest.approx(34.55, abs=0.02)


def test_places_come_nearest_first_and_the_place_itself_leads():
    found = nearby("Hickory", first=30)
    assert found[0].place.slug == "hickory"
    assert found[0].miles == 0
    assert [row.miles for row in found] == sorted(row.miles for row in found)
    assert {"37035", "37027", "37023", "37003"} <= {row.place.code for row in found[:6]}
    assert len(found) == 30


def test_figures_are_those_of_the_place():
    row = next(row for row in nearby("37035", first=4) if row.place.slug == "hickory")
    place = load_place("hickory")
    assert (row.makers, row.manufacturing_jobs) == (place.small_makers, place.manufacturing_jobs)
    assert (row.leading_sector, row.quality) == ("FURN", "own")


def test_withheld_makers_are_listed_as_unknown_and_never_as_zero():
    withheld = [row for row in nearby("Bath County, VA", first=40) if row.quality == "withheld"]
    assert len(withheld) > 5
    assert all(row.makers is None for row in withheld)
    assert not any(row.manufacturing_jobs == 0 for row in withheld)
    area = next(row for row in nearby("Boone, NC", first=1))
    assert area.quality == "withheld"
    assert area.manufacturing_jobs > 100


def test_every_mark_is_explained():
    marks = {row.quality for place in ("hickory", "AR", "ME") for row in nearby(place, first=60)}
    assert marks == set(QUALITY)


def test_distance_from_a_state_is_from_where_its_people_are():
    assert find_place("nc").kind == "state"
    assert all("NC" in row.place.name for row in nearby("NC", first=5))


def test_the_generic_district_has_no_neighbours():
    with pytest.raises(InputError, match="nowhere on the map"):
        nearby("generic")
    with pytest.raises(InputError, match="first = 0"):
        nearby("hickory", first=0)
