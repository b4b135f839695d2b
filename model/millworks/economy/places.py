"""The measured districts: how many jobs, firms and people a place has, and in which sectors.

Jobs by sector are County Business Patterns 2019 for metropolitan and micropolitan areas
(`data/area_sector_employment.csv`); firms are the Annual Business Survey 2017, by county
(`economy/counties.py`), split into sizes by `economy/size_mix.py`. The named districts and the
generic one stand in `data/districts.csv`. A county has no published jobs by manufacturing sector:
it takes its metro area's mix, scaled to the county's own jobs in manufacturing, in retail trade
and in everything else. Every estimate is said in `Place.mix_quality` and `Place.notes`.

A place's output is its share of the nation's covered jobs, sector by sector, times national
output: jobs of 2019 over jobs of the table's year. Left out: differences in productivity between
places, growth of a place's share since 2019, the self-employed, and farms and railways, which the
jobs data do not cover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.counties import (
    County,
    counties_of_area,
    describe_county,
    independent_retailers,
    national_residents,
    national_retail_firms,
)
from millworks.economy.embedded import read_rows
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS, sector_index
from millworks.economy.size_mix import SizeMix, fit_size_mix, national_mix, national_sizes
from millworks.errors import InputError, nearest

if TYPE_CHECKING:
    from millworks.economy.national import NationalAccounts

GENERIC: Final[str] = "generic"
GENERIC_MAKERS: Final[int] = 1000
"""Makers of the generic district unless told otherwise."""

JOBS_YEAR: Final[int] = 2019
FIRMS_YEAR: Final[int] = 2017

_RETAIL: Final[int] = sector_index("RET")
_DISTRICTS: Final[str] = "districts.csv"


@dataclass(frozen=True, eq=False)
class Place:
    """A district as the statistics see it, before any firm is drawn.

    `sector_employment` [34]: covered private jobs by sector, 2019 (zero for government).
    `sizes`: its manufacturing firms by sector and size (`SizeMix`).
    `small_makers`: manufacturing firms below 500 employees, the makers of a model at full scale.
    `retail_firms`: independent retailers, below 500 employees.
    `firm_presences`: manufacturing firms counted in its counties in 2017, large ones included.
    `population`: residents. `latitude`, `longitude`: degrees, nan for the generic district.
    `area_km2`: km². `mix_quality`: a sentence on how much of the sector mix was withheld and is
    estimated; `mix_estimated_share`: that share of manufacturing jobs. `notes`: sentences on what
    else is estimated. `national_share`: for the generic district its share of the nation, else
    None.
    """

    slug: str
    name: str
    known_for: str
    geography: str
    year: int
    sector_employment: NDArray[np.float64]
    sizes: SizeMix
    small_makers: int
    retail_firms: int
    firm_presences: float
    population: int
    latitude: float
    longitude: float
    area_km2: float
    counties: tuple[County, ...]
    mix_estimated_share: float
    mix_quality: str
    notes: tuple[str, ...]
    national_share: float | None = None

    @property
    def manufacturing_jobs(self) -> float:
        """Covered jobs in the 19 manufacturing sectors."""
        return float(self.sector_employment[MANUFACTURING].sum())

    @property
    def covered_jobs(self) -> float:
        """Covered private jobs in all sectors."""
        return float(self.sector_employment.sum())

    @property
    def manufacturing_mix(self) -> NDArray[np.float64]:
        """Shares [34] of the sectors in manufacturing jobs; zero outside manufacturing."""
        return np.where(MANUFACTURING, self.sector_employment, 0.0) / self.manufacturing_jobs

    def output_share(self, national: NationalAccounts) -> NDArray[np.float64]:
        """Return the place's share [34] of national output, by sector.

        Its share of the sector's covered jobs. Government has none that are covered: its share is
        the place's share of all covered jobs. The generic district has one share for all.
        """
        if self.national_share is not None:
            return np.full(N_SECTORS, self.national_share)
        jobs = national.employment
        covered = jobs > 0
        share = np.full(N_SECTORS, self.covered_jobs / jobs.sum())
        share[covered] = self.sector_employment[covered] / jobs[covered]
        return share

    def sector_output(self, national: NationalAccounts) -> NDArray[np.float64]:
        """Return gross output [34], USD of 2022 a year."""
        return self.output_share(national) * national.output


def list_places() -> list[str]:
    """Return the names under which `load_place` knows the districts, `generic` first."""
    return [row["slug"] for row in read_rows(_DISTRICTS)]


def load_place(name: str, makers: int | None = None, *, year: int = 2022) -> Place:
    """Return a district by name.

    `makers` sizes the generic district (default 1,000, at least one for each manufacturing
    sector, at most the nation's 235,088). A measured district has the firms it has: there `makers`
    is only checked, and drawing fewer makes a scale model (`start.firms.synthesise`). `year` is
    that of the national table of whose jobs the generic district has a share; measured districts
    have one year. InputError on an unknown name, with the nearest one, or an impossible number,
    with both numbers.
    """
    slug = name.strip().lower().replace("-", "_").replace(" ", "_")
    rows = {row["slug"]: row for row in read_rows(_DISTRICTS)}
    if slug not in rows:
        raise InputError(
            f"no district {name!r}.{nearest(slug, rows)} The districts are {', '.join(rows)}."
        )
    row = rows[slug]
    if slug == GENERIC:
        return _generic(row, GENERIC_MAKERS if makers is None else makers, year)
    place = _county(row) if row["geography_kind"] == "county" else _area(row)
    if makers is not None:
        check_makers(place, makers)
    return place


def check_makers(place: Place, makers: int) -> None:
    """Raise InputError if a place cannot be simulated with this many makers."""
    if makers < 1:
        raise InputError(f"makers = {makers}: at least one maker is needed.")
    if makers > place.small_makers:
        raise InputError(
            f"makers = {makers:,}: {place.name} has only {place.small_makers:,} makers; ask for "
            f"that many or fewer, or for the district 'generic'."
        )


def _generic(row: dict[str, str], makers: int, year: int) -> Place:
    from millworks.economy.national import national_accounts

    nation = national_sizes().small_firms
    sectors = int(MANUFACTURING.sum())
    if not sectors <= makers <= nation:
        raise InputError(
            f"makers = {makers:,}: the generic district takes {sectors} (one for each "
            f"manufacturing sector) to {nation:,} (the nation's makers)."
        )
    share = makers / nation
    areas = [r for r in read_rows("areas.csv") if r["cbsa_type"] == "metro"]
    area = float(np.median([float(r["area_km2_approx"]) for r in areas]))
    sizes = national_mix(share)
    jobs = national_accounts(year).employment * share
    made = float(jobs[MANUFACTURING].sum())
    residents = national_residents() * share
    nowhere = float("nan")
    whole = County(
        fips="US",
        name=row["name"],
        latitude=nowhere,
        longitude=nowhere,
        area_km2=area,
        residents=residents,
        firms=float(makers),
        jobs=made,
        estimated=False,
    )
    return Place(
        slug=row["slug"],
        name=row["name"],
        known_for=row["known_for"],
        geography="nation, scaled",
        year=year,
        sector_employment=jobs,
        sizes=sizes,
        small_makers=makers,
        retail_firms=round(share * national_retail_firms()),
        firm_presences=float(sizes.firms.sum()),
        population=round(residents),
        latitude=nowhere,
        longitude=nowhere,
        area_km2=area,
        counties=(whole,),
        mix_estimated_share=0.0,
        mix_quality="The sector mix is the nation's, so nothing local is withheld or estimated.",
        notes=("Its area is that of the median metropolitan area, whatever its number of makers.",),
        national_share=share,
    )


def _area(row: dict[str, str]) -> Place:
    """A metropolitan or micropolitan area: its own mix, the firms of its counties."""
    code = row["geography_code"]
    area = next(r for r in read_rows("areas.csv") if r["cbsa_code"] == code)
    jobs, estimated = _area_jobs(code)
    rows = [r for r in read_rows("places.csv") if r["cbsa_code"] == code]
    counties, notes = counties_of_area(rows, float(jobs[MANUFACTURING].sum()))
    return _measured(
        row,
        jobs=jobs,
        estimated=estimated,
        source="the area's manufacturing jobs by sector",
        counties=counties,
        rows=rows,
        notes=notes,
        population=int(area["population_acs"]),
        latitude=float(area["latitude_deg"]),
        longitude=float(area["longitude_deg"]),
    )


def _county(row: dict[str, str]) -> Place:
    """A county: the mix of its metro area, scaled to the county's own totals."""
    county = next(r for r in read_rows("places.csv") if r["fips"] == row["geography_code"])
    metro, estimated = _area_jobs(row["mix_source"])
    made = float(county["mfg_employment_2017"])
    sold = float(county["retail_employment_2017"])
    other = float(county["all_employment_2017"]) - made - sold
    is_retail = np.arange(N_SECTORS) == _RETAIL
    is_other = ~MANUFACTURING & ~is_retail
    jobs = np.zeros(N_SECTORS)
    for mask, total in ((MANUFACTURING, made), (is_retail, sold), (is_other, other)):
        jobs[mask] = metro[mask] * (total / metro[mask].sum())
    notes = [
        f"Jobs by sector are the metro mix of {county['cbsa_title']}, scaled to the county's jobs "
        f"of {FIRMS_YEAR} in manufacturing, in retail trade and in all else."
    ]
    return _measured(
        row,
        jobs=jobs,
        estimated=estimated,
        source="the metro mix, not the county's own: its manufacturing jobs by sector",
        counties=(describe_county(county, float(county["mfg_firms_2017"]), made),),
        rows=[county],
        notes=notes,
        population=int(county["population_acs"]),
        latitude=float(county["latitude_deg"]),
        longitude=float(county["longitude_deg"]),
    )


def _measured(
    row: dict[str, str],
    *,
    jobs: NDArray[np.float64],
    estimated: NDArray[np.float64],
    source: str,
    counties: tuple[County, ...],
    rows: list[dict[str, str]],
    notes: list[str],
    population: int,
    latitude: float,
    longitude: float,
) -> Place:
    presences = sum(c.firms for c in counties)
    sizes = fit_size_mix(jobs[MANUFACTURING], presences)
    share = float(estimated[MANUFACTURING].sum())
    retail, retail_notes = independent_retailers(rows)
    return Place(
        slug=row["slug"],
        name=row["name"],
        known_for=row["known_for"],
        geography=f"{row['geography_kind']} {row['geography_code']}",
        year=JOBS_YEAR if row["geography_kind"] != "county" else FIRMS_YEAR,
        sector_employment=jobs,
        sizes=sizes,
        small_makers=round(sizes.small_firms),
        retail_firms=retail,
        firm_presences=presences,
        population=population,
        latitude=latitude,
        longitude=longitude,
        area_km2=sum(c.area_km2 for c in counties),
        counties=counties,
        mix_estimated_share=share,
        mix_quality=(f"Of {source} (County Business Patterns {JOBS_YEAR}), {_withheld(share)}."),
        notes=tuple(notes + retail_notes),
    )


def _withheld(share: float) -> str:
    if share == 0:
        return "none were withheld"
    part = "less than 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"
    return f"{part} were withheld and are estimated"


def _area_jobs(code: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Jobs [34] of an area, and the estimated part of each as a share of manufacturing jobs."""
    jobs, estimated = np.zeros(N_SECTORS), np.zeros(N_SECTORS)
    for r in read_rows("area_sector_employment.csv"):
        if r["cbsa_code"] == code and r["sector"] in SECTORS and r["sector"] != "GOV":
            at = sector_index(r["sector"])
            jobs[at] = float(r["employment"] or 0)
            estimated[at] = float(r["employment_estimated_part"] or 0)
    return jobs, estimated / jobs[MANUFACTURING].sum()
