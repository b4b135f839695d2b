"""The ring of a place: its neighbouring counties as one district.

The ring of radius d holds every county whose centre lies within d miles of the centre of a county
of the place. Their jobs by sector are those of the single counties (`economy/county_jobs.py`), of
2017; counties whose manufacturers the survey withholds have what withheld counties usually have
(`economy/counties.py`). Firms are those of all counties, sized so that they hold these jobs.

Left out: neighbours beyond the border of the country, and that counties are of unequal size, so
that a ring of so many miles holds many small counties in the East and none in parts of the West.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from millworks.economy.counties import (
    FIRMS_YEAR,
    counties_of_area,
    independent_retailers,
)
from millworks.economy.county_jobs import county_jobs
from millworks.economy.embedded import read_rows
from millworks.economy.nearby import miles_between
from millworks.economy.places import Place
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.size_mix import size_mix_of
from millworks.errors import InputError

RING_MILES: Final[float] = 40.0
"""Default radius: counties that touch a place have their centres about this far from its own."""


def ring_of(home: Place, miles: float = RING_MILES) -> Place:
    """Return the counties around a place as one district.

    InputError for a place that is nowhere on the map, or without a county (with manufacturers)
    within that distance.
    """
    if np.isnan(home.latitude):
        raise InputError(f"ring: {home.name} is nowhere on the map and has no neighbours.")
    centres = [(county.latitude, county.longitude) for county in home.counties]
    own = {county.fips for county in home.counties}
    rows = [
        row
        for row in read_rows("places.csv")
        if row["fips"] not in own
        and min(miles_between(centre, _centre(row)) for centre in centres) <= miles
    ]
    shown = [row for row in rows if row["mfg_firms_2017"]]
    if not shown:
        raise InputError(
            f"ring: no county with known manufacturers has its centre within {miles:g} miles of "
            f"one of {home.name}; raise ring_miles or run without a ring."
        )
    disclosed = sum(float(row["mfg_employment_2017"]) for row in shown)
    counties, notes = counties_of_area(rows, disclosed)
    jobs, estimated = np.zeros(N_SECTORS), 0.0
    for row, county in zip(rows, counties, strict=True):
        found = county_jobs(row, None, county.jobs)
        jobs += found.jobs
        estimated += found.estimated_share * county.jobs
    made = float(jobs[MANUFACTURING].sum())
    sizes = size_mix_of(jobs[MANUFACTURING], sum(county.firms for county in counties))
    retail, retail_notes = independent_retailers(rows)
    people = [county.residents for county in counties]
    return Place(
        slug=f"{home.slug}_ring",
        name=f"{len(rows)} counties around {home.name}",
        known_for="",
        geography=f"counties within {miles:g} miles",
        year=FIRMS_YEAR,
        sector_employment=jobs,
        sizes=sizes,
        small_makers=max(1, round(sizes.small_firms)),
        retail_firms=retail,
        firm_presences=sum(county.firms for county in counties),
        population=round(sum(people)),
        latitude=float(np.average([county.latitude for county in counties], weights=people)),
        longitude=float(np.average([county.longitude for county in counties], weights=people)),
        area_km2=sum(county.area_km2 for county in counties),
        counties=counties,
        mix_estimated_share=estimated / made,
        mix_quality=(
            "Each county of the ring has the sector mix of its metro or micro area, or of its "
            "state outside such areas, scaled to its own jobs."
        ),
        notes=tuple([*notes, *retail_notes]),
        mix_source="area",
    )


def _centre(row: dict[str, str]) -> tuple[float, float]:
    return float(row["latitude_deg"]), float(row["longitude_deg"])
