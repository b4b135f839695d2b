"""How much of what a district buys elsewhere in the US comes from each other district.

    φ_AB = O_B e^(-d_AB/500) / [Σ_C O_C e^(-d_AC/500) + U ē_A]        by sector
    ē_A  = Σ_m j_m e^(-d_Am/500) / Σ_m j_m                            metro and micro areas m

O_B what B sells outside in a week of the base year, d miles between centres, U output of the sector
in the rest of the US (the nation's less that of all districts), ē_A how near that is: areas outside
the districts, weighted by their manufacturing jobs j. Together the others serve at most `MOST_SOLD`
of what a district sells outside: exports and governments remain. What is left, 1 - Σ φ, is the rest
of the US, so a buyer's shares over its own place, the other districts, the rest of the US and
abroad still sum to one.

A place that is nowhere on the map (`generic`) is as far from all others as from the rest.

Source: model specification §5.4 ("other explicit districts split U by size and exp(-distance/500
mi)"). Left out: that services travel less far than goods, and that near neighbours trade more with
each other than size and this distance say (a φ that is rather too small for a ring).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, isnan

import numpy as np
import numpy.typing as npt

from millworks.economy.embedded import read_rows
from millworks.economy.nearby import miles_between
from millworks.economy.places import Place

Floats = npt.NDArray[np.float64]

REACH_MILES = 500.0
"""Distance over which trade falls by a factor of e (model specification, §5.4)."""
MOST_SOLD = 0.95
"""Largest part of what a district sells outside that goes to other districts."""


def located(place: Place) -> bool:
    """Whether a place is somewhere on the map."""
    return not (isnan(place.latitude) or isnan(place.longitude))


def nearness(places: Sequence[Place], reach: float = REACH_MILES) -> tuple[Floats, Floats]:
    """Return e^(-d/reach) between places [n, n], and the mean to the rest of the US [n].

    The first has zeros on its diagonal. Where one end is nowhere both are the same number.
    """
    size = len(places)
    between, rest = np.zeros((size, size)), np.ones(size)
    inside = {county.fips for place in places for county in place.counties}
    areas = [
        (float(row["latitude_deg"]), float(row["longitude_deg"]), float(jobs))
        for row in read_rows("areas.csv")
        if (jobs := row["manufacturing_employment_2019"]) and not inside & set(_counties(row))
    ]
    for a, here in enumerate(places):
        if located(here):
            total = sum(jobs for *_, jobs in areas)
            near = sum(
                jobs * exp(-miles_between(_centre(here), (latitude, longitude)) / reach)
                for latitude, longitude, jobs in areas
            )
            rest[a] = near / total if total > 0.0 else 1.0
        for b, there in enumerate(places):
            if a == b:
                continue
            if located(here) and located(there):
                miles = miles_between(_centre(here), _centre(there))
                between[a, b] = exp(-miles / reach)
            else:
                between[a, b] = rest[a]
    return between, rest


def shares_of_rivals(between: Floats, rest: Floats, sold: Floats, elsewhere: Floats) -> Floats:
    """Return φ [n, n, 34] before any limit: buyer's (or seller's) district, other district, sector.

    `sold` [n, 34] USD a week that districts sell outside, `elsewhere` [34] output of the rest of
    the US.
    """
    weight = between[:, :, None] * sold[None, :, :]
    total = weight.sum(axis=1) + rest[:, None] * elsewhere[None, :]
    total = np.broadcast_to(total[:, None, :], weight.shape)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)


def limited(shares: Floats, sought: Floats, sold: Floats, most: float = MOST_SOLD) -> Floats:
    """Return φ [n, n, 34] so that no district is asked for more than `most` of what it sells.

    `sought` [n, 34] USD a week that districts seek in the rest of the US. Where a sector of a
    district would be asked for more, all its buyers' shares shrink alike.
    """
    asked = (shares * sought[:, None, :]).sum(axis=0)
    room = np.divide(most * sold, asked, out=np.ones_like(asked), where=asked > 0.0)
    return np.asarray(shares * np.minimum(1.0, room)[None, :, :])


def _counties(row: dict[str, str]) -> list[str]:
    return row["counties"].split()


def _centre(place: Place) -> tuple[float, float]:
    return place.latitude, place.longitude
