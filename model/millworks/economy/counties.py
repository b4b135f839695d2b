"""The counties of a place: their manufacturers and retailers, with withheld ones estimated.

The Annual Business Survey of 2017 withholds the manufacturers of 1,329 counties and the retailers
of 799 (`data/places.csv`), and has no row of manufacturers for 194. Where a district contains one:

* its manufacturing jobs are what the area has left over (jobs of 2019 less those disclosed for
  2017), but at most its jobs in all industries times the manufacturing share of the disclosed
  counties; where nothing is left over, the part of that which withheld counties have in the nation;
* its firms follow at the disclosed counties' jobs per firm;
* its retailers follow its residents at the national rate; jobs in all industries, withheld in 170
  counties, do so too.

The survey counts a retail chain once in every county where it has a shop. The nation has 643,115
retail firms below 500 employees and the counties add up to more, so every place is scaled down by
that ratio. Left out: that chains are a larger part of the count in some counties than in others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from millworks.economy.embedded import read_rows

Row = Mapping[str, str]

FIRMS_YEAR: Final[int] = 2017
MOST_NOTES: Final[int] = 5
"""Withheld counties up to which each has a sentence of its own."""


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
        area_km2=float(row["area_km2_approx"] or _smallest_area()),
        residents=float(row["population_acs"]),
        firms=firms,
        jobs=jobs,
        estimated=estimated,
    )


@cache
def _smallest_area() -> float:
    """Area of the smallest county, km²: given to Falls Church, whose outline is too small."""
    return min(float(r["area_km2_approx"]) for r in read_rows("places.csv") if r["area_km2_approx"])


def counties_of_area(
    rows: Sequence[Row], area_jobs: float, firms: float | None = None
) -> tuple[tuple[County, ...], list[str]]:
    """Return the counties of an area or state, and a sentence for each estimate.

    `rows`: its rows of `data/places.csv`. `area_jobs`: its manufacturing jobs of 2019. `firms`: its
    manufacturing firms, needed where no county discloses any; they and the jobs are then spread
    over its counties by jobs in all industries.
    """
    shown = [r for r in rows if r["mfg_firms_2017"]]
    withheld = [r for r in rows if not r["mfg_firms_2017"]]
    found = {
        r["fips"]: describe_county(r, float(r["mfg_firms_2017"]), float(r["mfg_employment_2017"]))
        for r in shown
    }
    estimates = []
    if shown:
        disclosed = sum(c.jobs for c in found.values())
        per_firm = disclosed / sum(c.firms for c in found.values())
        most = _most_jobs(withheld, shown)
        left_over = area_jobs - disclosed
        if left_over > 0:
            part = min(1.0, left_over / sum(most)) if withheld else 0.0
        else:
            # Two sources and two years: a negative rest says nothing about who is withheld.
            part = _usual_part()
        estimates = [(part * jobs, part * jobs / per_firm) for jobs in most]
    else:
        assert firms is not None
        weights = [workers(r) for r in withheld]
        shares = [weight / sum(weights) for weight in weights]
        estimates = [(area_jobs * share, firms * share) for share in shares]
    for r, (jobs, count) in zip(withheld, estimates, strict=True):
        found[r["fips"]] = describe_county(r, count, jobs, estimated=True)
    return tuple(found[r["fips"]] for r in rows), _notes_on([found[r["fips"]] for r in withheld])


def workers(row: Row) -> float:
    """Return a county's jobs in all industries; where withheld, by residents at the usual rate."""
    if row["all_employment_2017"]:
        return float(row["all_employment_2017"])
    return float(row["population_acs"]) * _workers_per_resident()


def _most_jobs(withheld: Sequence[Row], shown: Sequence[Row]) -> list[float]:
    """Manufacturing jobs of withheld counties at the share that disclosed counties have."""
    made = sum(float(r["mfg_employment_2017"]) for r in shown)
    share = made / sum(workers(r) for r in shown)
    return [share * workers(r) for r in withheld]


def _notes_on(estimated: Sequence[County]) -> list[str]:
    """A sentence for each estimated county; one for all of them where they are many."""
    if len(estimated) > MOST_NOTES:
        firms, jobs = sum(c.firms for c in estimated), sum(c.jobs for c in estimated)
        return [
            f"The manufacturers of {len(estimated)} counties are withheld: {firms:,.0f} firms with "
            f"{jobs:,.0f} jobs in all are an estimate."
        ]
    return [
        f"The manufacturers of {c.name} are withheld: {c.firms:.0f} firms with {c.jobs:,.0f} jobs "
        f"are an estimate."
        for c in estimated
    ]


@cache
def _usual_part() -> float:
    """Manufacturing jobs of the nation's withheld counties over what `_most_jobs` gives them."""
    rows = read_rows("places.csv")
    shown = [r for r in rows if r["mfg_firms_2017"]]
    withheld = [r for r in rows if not r["mfg_firms_2017"]]
    survey = read_rows("abs_2017_sector_by_size_and_age.csv")
    total = next(r for r in survey if (r["naics"], r["class"]) == ("31-33", "All firms"))
    left = float(total["employment"]) - sum(float(r["mfg_employment_2017"]) for r in shown)
    return left / sum(_most_jobs(withheld, shown))


@cache
def _workers_per_resident() -> float:
    """Jobs in all industries per resident in the counties that disclose them."""
    shown = [r for r in read_rows("places.csv") if r["all_employment_2017"]]
    jobs = sum(float(r["all_employment_2017"]) for r in shown)
    return jobs / sum(float(r["population_acs"]) for r in shown)


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
    present = sum(float(r["retail_firms_2017"] or 0) for r in rows)
    withheld = [r for r in rows if not r["retail_firms_2017"]]
    estimates = [per_resident * float(r["population_acs"]) for r in withheld]
    if len(withheld) > MOST_NOTES:
        whose = [(f"{len(withheld)} counties", sum(estimates))]
    else:
        whose = [(r["county"], estimate) for r, estimate in zip(withheld, estimates, strict=True)]
    notes = [
        f"The retailers of {name} are withheld: {estimate:,.0f} firms, chains included, are an "
        f"estimate by residents."
        for name, estimate in whose
    ]
    return max(1, round((present + sum(estimates)) * independent)), notes
