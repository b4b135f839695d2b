"""What cannot be a world of several districts is refused in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy.places import load_place
from millworks.economy.rings import ring_of
from millworks.economy.sectors import N_SECTORS
from millworks.errors import InputError
from millworks.multi_district_model import MultiDistrictModel

WRONG = [
    ((["hickory"],), {}, "a list of at least two places"),
    (("hickory",), {}, "a list of at least two places"),
    ((["hickory", "hickory"],), {}, "both contain"),
    ((["hickory", "37035"],), {}, "both contain Catawba County"),
    ((["NC", "hickory"],), {}, "must not overlap"),
    ((["hickory", "elkhrat"],), {}, "elkhart"),
    ((["hickory", "elkhart"],), {"makers": [40]}, "1 entries for 2 places"),
    ((["hickory", "elkhart"],), {"makers": [40, 0]}, "makers"),
    ((["hickory", "elkhart"],), {"makers": 40, "reach": 0.0}, "a number of miles above 0"),
    ((["hickory", "elkhart"],), {"makers": 400}, "has only 372 makers"),
    ((["hickory", "elkhart"],), {"makers": 40, "shares": np.zeros((2, 34))}, "its shape is"),
    (
        (["hickory", "elkhart"],),
        {"makers": 40, "shares": np.full((2, 2, N_SECTORS), 0.1)},
        "0 from a district to itself",
    ),
    (
        (["hickory", "elkhart"],),
        {"makers": 40, "rivals": np.full((2, 2, N_SECTORS), -0.1)},
        "parts must be 0 or more",
    ),
]


@pytest.mark.parametrize(("places", "settings", "says"), WRONG)
def test_a_wrong_world_is_refused_in_one_sentence(places, settings, says):
    with pytest.raises(InputError, match=says) as error:
        MultiDistrictModel(*places, **settings)
    assert "\n" not in str(error.value)


def test_a_ring_holds_the_counties_around_and_none_of_the_places_own():
    home = load_place("hickory")
    ring = ring_of(home)
    own, around = ({c.fips for c in place.counties} for place in (home, ring))
    assert not own & around
    assert {"37097", "37119"} <= around  # Iredell and Mecklenburg
    assert ring.small_makers > home.small_makers
    assert ring.sector_employment.sum() > home.sector_employment.sum()
    assert len(ring_of(home, 30.0).counties) < len(ring.counties)
    assert ring.manufacturing_jobs == pytest.approx(sum(c.jobs for c in ring.counties))


@pytest.mark.parametrize(
    ("name", "miles", "says"),
    [
        ("generic", 40.0, "nowhere on the map"),
        ("los_angeles", 40.0, "within 40 miles of one of Los Angeles"),
        ("honolulu_county_hi", 60.0, "raise ring_miles"),
    ],
)
def test_a_place_without_neighbours_has_no_ring(name, miles, says):
    place = load_place(name, 40 if name == "generic" else None)
    with pytest.raises(InputError, match=says):
        ring_of(place, miles)
