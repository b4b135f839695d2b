"""Places answer to codes and to names as people write them."""

import re

import pytest

from millworks.economy.embedded import read_rows
from millworks.economy.place_names import all_places, find_place
from millworks.errors import InputError


def test_every_county_area_and_state_has_a_place_and_a_short_name_of_its_own():
    kinds = [place.kind for place in all_places()]
    assert kinds.count("county") == len(read_rows("places.csv")) == 3142
    assert kinds.count("metro") + kinds.count("micro") == len(read_rows("areas.csv")) == 933
    assert kinds.count("state") == 51
    slugs = [place.slug for place in all_places()]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9_]+", slug) for slug in slugs)


def test_every_place_is_found_by_short_name_code_and_full_name():
    for place in all_places():
        assert find_place(place.slug) == place
        assert find_place(place.code) == place
        if place.name != "Carson City, NV":  # a county and a metro area
            assert find_place(place.name) == place


CATAWBA = [
    "37035", "Catawba County, NC", "Catawba County, North Carolina", "catawba county nc",
    "catawba_county_nc", "Catawba County", "Catawba, NC", "Catawba", " CATAWBA  COUNTY, N.C. ",
]  # fmt: skip


@pytest.mark.parametrize("name", CATAWBA)
def test_a_county_is_found_however_it_is_written(name):
    if "N.C." in name:
        with pytest.raises(InputError, match="Did you mean 'Catawba County, NC'"):
            find_place(name)
    else:
        assert find_place(name).code == "37035"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hickory-Lenoir-Morganton, NC", "25860"),
        ("Morganton, NC", "25860"),
        ("Morganton, North Carolina", "25860"),
        ("hickory", "25860"),
        ("1001", "01001"),
        ("Dona Ana County, NM", "35013"),
        ("Doña Ana County, New Mexico", "35013"),
        ("Cañon City", "15860"),
        ("Saint Louis County, Missouri", "29189"),
        ("St. Louis, MO-IL", "41180"),
        ("Prince George's County, MD", "24033"),
        ("Prince Georges County, MD", "24033"),
        ("Kansas City, MO", "28140"),
        ("Orleans Parish, Louisiana", "22071"),
        ("Richmond, VA", "40060"),
        ("Richmond city, VA", "51760"),
        ("West Virginia", "WV"),
        ("nc", "NC"),
        ("State of New York", "NY"),
        ("New York", "NY"),
        ("Kings County, NY", "36047"),
    ],
)
def test_names_lead_to_codes(name, code):
    assert find_place(name).code == code


def test_a_named_district_is_the_same_place_under_its_code():
    assert find_place("25860").slug == "hickory"
    assert find_place("36047").slug == "brooklyn"


def test_a_name_of_several_places_lists_at_most_five_and_says_how_many_more():
    with pytest.raises(InputError) as caught:
        find_place("Washington County")
    assert str(caught.value) == (
        "'Washington County' names 30 places: say which by its full name or code, Washington "
        "County, AL (01129), Washington County, AR (05143), Washington County, CO (08121), "
        "Washington County, FL (12133), Washington County, GA (13303) or 25 more."
    )


def test_candidates_that_are_offered_are_understood():
    for name in ("Orange County", "Carson City, NV", "Los Angeles, CA", "Richmond"):
        with pytest.raises(InputError) as caught:
            find_place(name)
        codes = re.findall(r"\((\d{5})\)", str(caught.value))
        assert len(codes) > 1
        assert {find_place(code).code for code in codes} == set(codes)
