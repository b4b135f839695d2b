"""Where firms stand: a county, then a spread around its centre."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.places import Place
from millworks.world.streams import Streams

KM_PER_MILE: Final[float] = 1.609344
MILES_PER_DEGREE: Final[float] = 69.05
"""Miles in a degree of latitude (mean of the earth's ellipsoid)."""


def county_centres(place: Place) -> NDArray[np.float64]:
    """Return x, y [counties, 2] of the counties' centres, miles from the place's centre."""
    if not np.isfinite(place.latitude):
        return np.zeros((len(place.counties), 2))
    east = MILES_PER_DEGREE * cos(radians(place.latitude))
    return np.array(
        [
            [
                (county.longitude - place.longitude) * east,
                (county.latitude - place.latitude) * MILES_PER_DEGREE,
            ]
            for county in place.counties
        ]
    )


def scatter_firms(
    place: Place, streams: Streams, purpose: str, keys: NDArray[np.int64], weights: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return x, y (miles from the place's centre) and county of firms.

    `weights`: how many such firms each county has, in any unit. Within a county the spread is
    normal with a standard deviation of half the radius of a circle of the county's area, so two
    thirds of its firms stand in the inner half of its radius. Left out: towns and roads.
    """
    county = streams.choice_index(purpose, keys, np.cumsum(weights), draw=2)
    radius = np.array([sqrt(c.area_km2 / pi) / KM_PER_MILE for c in place.counties])
    centre = county_centres(place)
    spread = 0.5 * radius[county]
    x = centre[county, 0] + spread * streams.normal(purpose, keys, draw=0)
    y = centre[county, 1] + spread * streams.normal(purpose, keys, draw=1)
    return x, y, county
