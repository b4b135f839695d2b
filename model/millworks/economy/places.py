"""The measured districts: how many jobs, firms and people a place has, and in which sectors.

A place is a named district (`data/districts.csv`), any county, any metropolitan or micropolitan
area, or a state (`economy/place_names.py`). Jobs by sector are County Business Patterns 2019 for
areas (`data/area_sector_employment.csv`) and estimates from them for states; firms are the Annual
Business Survey 2017, by county (`economy/counties.py`), split into sizes by `economy/size_mix.py`.
A county has no published jobs by manufacturing sector: it takes the mix of its surroundings
(`economy/areas.py`), scaled to the county's own jobs in manufacturing, in retail trade and in
everything else. Every estimate is said in `Place.mix_quality` and `Place.notes`.

Where the survey withholds all manufacturers of a place, their number is unknown, which is not
zero: such a place can be loaded only with the number of makers that the user knows or supposes.

A place's output is its share of the nation's covered jobs, sector by sector, times national
output: jobs of 2019 over jobs of the table's year. Left out: differences in productivity between
places, growth of a place's share since 2019, the self-employed, and farms and railways, which the
jobs data do not cover.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.areas import JOBS_YEAR, area_jobs, state_jobs, withheld_part
from millworks.economy.counties import (
    FIRMS_YEAR,
    County,
    counties_of_area,
    describe_county,
    independent_retailers,
    national_residents,
    national_retail_firms,
)
from millworks.economy.county_jobs import county_jobs
from millworks.economy.embedded import read_rows, rows_by
from millworks.economy.place_names import PlaceName, find_place, named_places
from millworks.economy.sectors import MANUFACTURING, N_SECTORS
from millworks.economy.size_mix import (
    SizeMix,
    national_mix,
    national_sizes,
    size_mix_of,
    size_mix_of_makers,
)
from millworks.errors import InputError

if TYPE_CHECKING:
    from millworks.economy.national import NationalAccounts

GENERIC: Final[str] = "generic"
GENERIC_MAKERS: Final[int] = 1000
"""Makers of the generic district unless told otherwise."""

MIX_SOURCES: Final[dict[str, str]] = {
    "own": "its own jobs by sector",
    "area": "the mix of its metro or micro area",
    "state": "the mix of its state, outside areas where that is known",
    "nation": "the nation's mix",
}
"""Where a place's mix of sectors comes from."""


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
    estimated; `mix_estimated_share`: that share of manufacturing jobs; `mix_source`: whose mix it
    is, a key of `MIX_SOURCES`. `notes`: sentences on what else is estimated. `makers_given`: the
    survey withholds the makers, and `small_makers` is what the user said. `national_share`: for
    the generic district its share of the nation, else None.
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
    mix_source: str = "own"
    makers_given: bool = False
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
    """Return the short names of the named districts, `generic` first; `load_place` knows more."""
    return [place.slug for place in named_places()]


def load_place(name: str, makers: int | None = None, *, year: int = 2022) -> Place:
    """Return a place by name or code: a named district, a county, an area or a state.

    `makers` sizes the generic district (default 1,000, at least one for each manufacturing
    sector, at most the nation's 235,088). A measured place has the firms it has: there `makers`
    is only checked, and drawing fewer makes a scale model (`start.firms.synthesise`). Where the
    survey withholds the manufacturers, `makers` is needed and is taken as the place's number.
    `year` is that of the national table of whose jobs the generic district has a share; measured
    places have one year. InputError on a name that is unknown or means several places, with
    names that would do, or on an impossible number, with both numbers.
    """
    who = find_place(name)
    if who.slug == GENERIC:
        return _generic(who, GENERIC_MAKERS if makers is None else makers, year)
    if is_withheld(who):
        if makers is None:
            raise InputError(
                f"{who.name}: the survey does not disclose its manufacturers, which does not mean "
                f"that there are none; say how many makers it has with --makers N."
            )
        check_makers(who.name, makers)
    place = _LOADERS[who.kind](who, makers)
    if makers is not None:
        check_makers(place, makers)
    return place


def is_withheld(who: PlaceName) -> bool:
    """Whether the survey withholds the manufacturers of every county of a place."""
    return who.kind != "nation" and not any(r["mfg_firms_2017"] for r in _counties_in(who))


def _counties_in(who: PlaceName) -> tuple[dict[str, str], ...]:
    """Rows of `data/places.csv` of a place."""
    column = {"county": "fips", "state": "state"}.get(who.kind, "cbsa_code")
    return rows_by("places.csv", column)[who.code]


def check_makers(place: Place | str, makers: int) -> None:
    """Raise InputError if a place, or one known by name only, cannot have this many makers."""
    if makers < 1:
        raise InputError(f"makers = {makers}: at least one maker is needed.")
    if isinstance(place, Place) and makers > place.small_makers:
        raise InputError(
            f"makers = {makers:,}: {place.name} has only {place.small_makers:,} makers; ask for "
            f"that many or fewer, or for the district 'generic'."
        )


def _generic(who: PlaceName, makers: int, year: int) -> Place:
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
        name=who.name,
        latitude=nowhere,
        longitude=nowhere,
        area_km2=area,
        residents=residents,
        firms=float(makers),
        jobs=made,
        estimated=False,
    )
    return Place(
        slug=who.slug,
        name=who.name,
        known_for=who.known_for,
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
        mix_source="nation",
        national_share=share,
    )


def _area(who: PlaceName, makers: int | None) -> Place:
    """A metropolitan or micropolitan area: its own mix, the firms of its counties."""
    area = rows_by("areas.csv", "cbsa_code")[who.code][0]
    jobs, estimated = area_jobs(who.code)
    made = jobs[MANUFACTURING]
    if not made.sum() > 0:
        raise InputError(
            f"{who.name}: no manufacturing jobs are published for this area; name a county of it."
        )
    share = float(estimated[MANUFACTURING].sum())
    given = is_withheld(who)
    if given:
        assert makers is not None
        sizes = size_mix_of_makers(made, makers)
        counties, _ = counties_of_area(_counties_in(who), float(made.sum()), sizes.firms.sum())
        notes = [_given_sentence(who.name, makers)]
    else:
        counties, notes = counties_of_area(_counties_in(who), float(made.sum()))
        sizes = size_mix_of(made, sum(c.firms for c in counties))
    return _measured(
        who,
        jobs=jobs,
        sizes=sizes,
        counties=counties,
        notes=notes,
        estimated_share=share,
        mix_quality=(
            f"Of the area's manufacturing jobs by sector (County Business Patterns {JOBS_YEAR}), "
            f"{withheld_part(share)}."
        ),
        mix_source="own",
        makers_given=given,
        centre=(float(area["latitude_deg"]), float(area["longitude_deg"])),
        year=JOBS_YEAR,
    )


def _state(who: PlaceName, makers: int | None) -> Place:
    """A state: estimated jobs by sector, the firms of its counties."""
    jobs, outside = state_jobs(who.code)
    rows = _counties_in(who)
    made = float(jobs[MANUFACTURING].sum())
    counties, notes = counties_of_area(rows, made)
    share = float(outside[MANUFACTURING].sum()) / made
    people = [c.residents for c in counties]
    return _measured(
        who,
        jobs=jobs,
        sizes=size_mix_of(jobs[MANUFACTURING], sum(c.firms for c in counties)),
        counties=counties,
        notes=[*notes, "A firm with plants in several counties is counted in each of them."],
        estimated_share=share,
        mix_quality=(
            f"Jobs by sector are those of the state's metro and micro areas (County Business "
            f"Patterns {JOBS_YEAR}) and, for {100 * share:.1f} % of manufacturing jobs, a fitted "
            f"remainder; all of it is an estimate."
        ),
        mix_source="own",
        makers_given=False,
        centre=(
            float(np.average([c.latitude for c in counties], weights=people)),
            float(np.average([c.longitude for c in counties], weights=people)),
        ),
        year=JOBS_YEAR,
    )


def _county(who: PlaceName, makers: int | None) -> Place:
    """A county: the mix of its surroundings, scaled to the county's own totals."""
    (row,) = _counties_in(who)
    found = county_jobs(row, makers)
    made = found.jobs[MANUFACTURING]
    given = not row["mfg_firms_2017"]
    notes = list(found.notes)
    if given:
        assert makers is not None
        sizes = size_mix_of_makers(made, makers)
        firms = float(sizes.firms.sum())
        notes.append(_given_sentence(who.name, makers))
    else:
        firms = float(row["mfg_firms_2017"])
        sizes = size_mix_of(made, firms)
    county = describe_county(row, firms, found.manufacturing, estimated=given)
    return _measured(
        who,
        jobs=found.jobs,
        sizes=sizes,
        counties=(county,),
        notes=notes,
        estimated_share=found.estimated_share,
        mix_quality=found.quality,
        mix_source=found.mix_source,
        makers_given=given,
        centre=(county.latitude, county.longitude),
        year=FIRMS_YEAR,
    )


_LOADERS: Final[dict[str, Callable[[PlaceName, int | None], Place]]] = {
    "metro": _area,
    "micro": _area,
    "county": _county,
    "state": _state,
}


_GIVEN: Final[str] = " Its number of makers is the user's, because the survey withholds it."


def _given_sentence(name: str, makers: int) -> str:
    return (
        f"The survey withholds the manufacturers of {name}: its {makers:,} makers are the number "
        f"given by the user, not data, and sizes and large plants follow from it."
    )


def _measured(
    who: PlaceName,
    *,
    jobs: NDArray[np.float64],
    sizes: SizeMix,
    counties: tuple[County, ...],
    notes: list[str],
    estimated_share: float,
    mix_quality: str,
    mix_source: str,
    makers_given: bool,
    centre: tuple[float, float],
    year: int,
) -> Place:
    retail, retail_notes = independent_retailers(_counties_in(who))
    return Place(
        slug=who.slug,
        name=who.name,
        known_for=who.known_for,
        geography=f"{who.kind} {who.code}",
        year=year,
        sector_employment=jobs,
        sizes=sizes,
        small_makers=max(1, round(sizes.small_firms)),
        retail_firms=retail,
        firm_presences=sum(c.firms for c in counties),
        population=round(sum(c.residents for c in counties)),
        latitude=centre[0],
        longitude=centre[1],
        area_km2=sum(c.area_km2 for c in counties),
        counties=counties,
        mix_estimated_share=estimated_share,
        mix_quality=mix_quality + (_GIVEN if makers_given else ""),
        notes=tuple(notes + retail_notes),
        mix_source=mix_source,
        makers_given=makers_given,
    )
