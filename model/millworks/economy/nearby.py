"""What lies around a place: districts, areas and counties in order of distance.

Distances are great-circle miles between centres, that of an area or state being the mean of its
counties weighted by residents. Where the survey withholds a place's makers they are None, never
zero, and so are a county's jobs; an area's jobs are published all the same. Left out: roads,
water and mountains.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

import numpy as np

from millworks.economy.areas import area_jobs
from millworks.economy.embedded import rows_by
from millworks.economy.place_names import PlaceName, all_places, find_place
from millworks.economy.places import GENERIC, is_withheld, load_place
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS
from millworks.errors import InputError

EARTH_MILES: Final[float] = 3958.8
"""Mean radius of the earth."""

QUALITY: Final[dict[str, str]] = {
    "own": "its own jobs by sector, at most a twentieth of them estimated",
    "own, est.": "its own, more than a twentieth of manufacturing jobs estimated",
    "area mix": "the mix of its metro or micro area, scaled",
    "state mix": "the mix of its state outside such areas (or of the state), scaled",
    "withheld": "makers withheld by the survey: not zero; runs with --makers N",
}
"""Mark -> what it says about a place's mix of sectors."""


@dataclass(frozen=True)
class Neighbour:
    """A place as seen from another.

    `miles`: distance. `makers`: firms below 500 employees, `manufacturing_jobs`, `leading_sector`
    by jobs: None where not known. `quality`: a key of `QUALITY`.
    """

    place: PlaceName
    miles: float
    makers: int | None
    manufacturing_jobs: float | None
    leading_sector: str | None
    quality: str


def nearby(name: str, first: int = 15) -> list[Neighbour]:
    """Return the `first` districts, areas and counties nearest to a place, itself included.

    InputError for a name that is unknown or means several places, and for the generic district.
    """
    who = find_place(name)
    if who.slug == GENERIC:
        raise InputError(f"{GENERIC!r} is nowhere on the map: name a place that is.")
    if first < 1:
        raise InputError(f"first = {first}: at least one place must be asked for.")
    here = _centre(who)
    around = [p for p in all_places() if p.kind in ("county", "metro", "micro")]
    distances = {p.slug: miles_between(here, _centre(p)) for p in around}
    # A state has no row of its own, and an area comes before its county at the same centre.
    around.sort(key=lambda p: (p.slug != who.slug, distances[p.slug], p.kind == "county", p.slug))
    return [_described(p, distances[p.slug]) for p in around[:first]]


def miles_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return great-circle miles between two points (latitude, longitude in degrees)."""
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (here, there))
    chord = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2.0 * EARTH_MILES * asin(sqrt(min(1.0, chord)))


def _centre(who: PlaceName) -> tuple[float, float]:
    if who.kind == "state":
        rows = rows_by("places.csv", "state")[who.code]
        people = [float(r["population_acs"]) for r in rows]
        latitude, longitude = (
            float(np.average([float(r[c]) for r in rows], weights=people))
            for c in ("latitude_deg", "longitude_deg")
        )
        return latitude, longitude
    file, column = ("places.csv", "fips") if who.kind == "county" else ("areas.csv", "cbsa_code")
    (row,) = rows_by(file, column)[who.code]
    return float(row["latitude_deg"]), float(row["longitude_deg"])


def _described(who: PlaceName, miles: float) -> Neighbour:
    if is_withheld(who):
        jobs = np.zeros(N_SECTORS) if who.kind == "county" else area_jobs(who.code)[0]
        made = float(jobs[MANUFACTURING].sum())
        leading = SECTORS[int(np.where(MANUFACTURING, jobs, 0.0).argmax())]
        known = made > 0
        return Neighbour(
            who, miles, None, made if known else None, leading if known else None, "withheld"
        )
    place = load_place(who.slug)
    quality = f"{place.mix_source} mix"
    if place.mix_source == "own":
        quality = "own" if place.mix_estimated_share <= 0.05 else "own, est."
    jobs = np.where(MANUFACTURING, place.sector_employment, 0.0)
    return Neighbour(
        place=who,
        miles=miles,
        makers=place.small_makers,
        manufacturing_jobs=place.manufacturing_jobs,
        leading_sector=SECTORS[int(jobs.argmax())],
        quality=quality,
    )
