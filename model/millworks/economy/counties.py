"""The counties of a place: their manufacturers and retailers, with withheld ones estimated.

The Annual Business Survey of 2017 withholds the manufacturers of 1,329 counties and the retailers
of 799 (`data/places.csv`). Where a district contains one:

* its manufacturing jobs are what the metro area has left over (jobs of 2019 less those disclosed
  for 2017), but at most its jobs in all industries times the manufacturing share of the disclosed
  counties; its firms follow at the disclosed counties' jobs per firm;
* its retailers follow its residents at the national rate.

The survey counts a retail chain once in every county where it has a shop. The nation has 643,115
retail firms below 500 employees and the counties add up to more, so every place is scaled down by
that ratio. Left out: that chains are a larger part of the count in some counties than in others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from millworks.economy.embedded import read_rows

Row = Mapping[str, str]


@dataclass(frozen=True)
class County:
    """A county of a place.

    `latitude`, `longitude`: degrees, centre of its area. `area_km2`: km². `residents`: people.
    `firms`, `jobs`: manufacturing firms present in 2017 and their jobs, estimated from the rest of
    the metro area where `estimated`.
    """

    fips: str
    name: str
    latitude: float
    longitude: float
    area_km2: float
    residents: float
    firms: float
    jobs: float
    estimated: bool


def describe_county(row: Row, firms: float, jobs: float, *, estimated: bool = False) -> County:
    """Return the county of a row of `data/places.csv` with these manufacturers."""
    return County(
        fips=row["fips"],
        name=row["county"],
        latitude=float(row["latitude_deg"]),
        longitude=float(row["longitude_deg"]),
        area_km2=float(row["area_km2_approx"]),
        residents=float(row["population_acs"]),
        firms=firms,
        jobs=jobs,
        estimated=estimated,
    )


def counties_of_area(rows: Sequence[Row], area_jobs: float) -> tuple[tuple[County, ...], list[str]]:
    """Return the counties of an area, and a sentence for each estimate.

    `rows`: its rows of `data/places.csv`. `area_jobs`: its manufacturing jobs of 2019.
    """
    shown = [r for r in rows if r["mfg_firms_2017"]]
    withheld = [r for r in rows if not r["mfg_firms_2017"]]
    counties = {
        r["fips"]: describe_county(r, float(r["mfg_firms_2017"]), float(r["mfg_employment_2017"]))
        for r in shown
    }
    notes = []
    if withheld:
        disclosed = sum(c.jobs for c in counties.values())
        jobs_per_firm = disclosed / sum(c.firms for c in counties.values())
        made_share = disclosed / sum(float(r["all_employment_2017"]) for r in shown)
        most = {r["fips"]: made_share * float(r["all_employment_2017"] or 0) for r in withheld}
        left_over = max(area_jobs - disclosed, 0.0)
        fits = min(1.0, left_over / sum(most.values()))
        for r in withheld:
            jobs = fits * most[r["fips"]]
            firms = jobs / jobs_per_firm
            counties[r["fips"]] = describe_county(r, firms, jobs, estimated=True)
            notes.append(
                f"The manufacturers of {r['county']} are withheld: {firms:.0f} firms with "
                f"{jobs:,.0f} jobs are an estimate."
            )
    return tuple(counties[r["fips"]] for r in rows), notes


@cache
def national_retail_firms() -> int:
    """Return the nation's retail firms below 500 employees (643,115; SUSB 2022)."""
    rows = [r for r in read_rows("size_by_sector.csv") if r["sector"] == "RET"]
    return round(sum(float(r["firms"]) for r in rows if r["size_class"] != "500+"))


@cache
def national_residents() -> float:
    """Return the residents of all counties (American Community Survey)."""
    return sum(float(r["population_acs"]) for r in read_rows("places.csv"))


@cache
def _retail_presences_per_resident() -> float:
    """Retail firms that the disclosed counties count, per resident of those counties."""
    shown = [r for r in read_rows("places.csv") if r["retail_firms_2017"]]
    counted = sum(float(r["retail_firms_2017"]) for r in shown)
    return counted / sum(float(r["population_acs"]) for r in shown)


def independent_retailers(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """Return the retail firms below 500 employees of some counties, and notes on estimates."""
    per_resident = _retail_presences_per_resident()
    independent = national_retail_firms() / (per_resident * national_residents())
    present, notes = 0.0, []
    for r in rows:
        if r["retail_firms_2017"]:
            present += float(r["retail_firms_2017"])
            continue
        estimate = per_resident * float(r["population_acs"])
        present += estimate
        notes.append(
            f"The retailers of {r['county']} are withheld: {estimate:.0f} firms, chains included, "
            f"are an estimate by residents."
        )
    return round(present * independent), notes
