"""How many firms of each size a place has in each manufacturing sector.

Nobody publishes firms by sector and size for a metro area. Three things are known: the jobs of
each sector J_s there (County Business Patterns 2019), the number of manufacturing firms present F
(Annual Business Survey 2017) and the national mix of sizes in each sector N_sk (Statistics of US
Businesses 2022, `data/size_by_sector.csv`). The nearest table that agrees with all three is

    n_sk = a_s N_sk e_k^theta,    sum_k n_sk e_sk = J_s,    sum_sk n_sk = F

with e_k the mean jobs of a firm of class k. a_s scales the sector to its jobs; the one theta tilts
all sectors toward larger or smaller firms until the count is met. The same log-size tilt made the
national table: there it put 7 % of manufacturing firms in a wrong class when only margins were
given, a linear tilt 20 %.

The last class, 500 and more employees, counts *plants*. A firm that large is present in many
counties and the survey counts it in each, so its unit here is the national mean of its
establishments (7,203,660 jobs in 35,367 establishments, 204 jobs each).

A small place may have more jobs per firm than such plants can hold, or fewer than the smallest
class has (`size_mix_of`): then the counts are those at the nearest bound, and large plants take the
remaining jobs, or all firms are smaller alike.

Left out: sector differences in the size of a large firm's plant; multi-county firms below 500
employees, which the survey counts once in each county.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_rows
from millworks.economy.sectors import MANUFACTURING_SECTORS
from millworks.errors import InputError

SIZE_CLASSES: Final[tuple[str, ...]] = ("<5", "5-9", "10-19", "20-99", "100-499", "500+")
"""Classes by employees of the whole firm; the first five are makers, the last is partners."""

CLASS_BOUNDS: Final[NDArray[np.float64]] = np.array(
    [[1, 5], [5, 10], [10, 20], [20, 100], [100, 500]], dtype=float
)
"""Employees [lower, upper) of the five classes below 500."""

N_SMALL: Final[int] = 5
LARGE: Final[int] = 5
"""Number of classes below 500 employees, and the index of the class above."""

JOBS_PER_FIRM: Final[tuple[float, float]] = (1.9, 150.0)
"""Jobs per firm between which the tilt alone sets the mix; outside, nearly all firms would be in
the first or in the last class. 51 counties of 1,619 lie outside. Assumption."""

_TABLE: Final[str] = "size_by_sector.csv"


@dataclass(frozen=True, eq=False)
class NationalSizes:
    """The nation's manufacturing firms by sector [19] and size class [6], SUSB 2022.

    `firms`: firms, but plants of large firms in the last column. `employment`: jobs.
    `mean_employment` [19, 6]: jobs per firm (per plant in the last column).
    `class_mean` [6]: the same over all sectors, the e_k of the tilt.
    `small_firms`: firms below 500 employees (235,088). `large_firm_jobs`: mean jobs of a whole
    firm with 500 or more (1,725).
    """

    firms: NDArray[np.float64]
    employment: NDArray[np.float64]
    mean_employment: NDArray[np.float64]
    class_mean: NDArray[np.float64]
    small_firms: int
    large_firm_jobs: float


@dataclass(frozen=True, eq=False)
class SizeMix:
    """Firms and jobs of a place by manufacturing sector [19] and size class [6].

    Fractional; plants in the last column, as in `NationalSizes`. `tilt` is theta: positive where
    firms are larger than the nation's.
    """

    firms: NDArray[np.float64]
    employment: NDArray[np.float64]
    tilt: float

    @property
    def small_firms(self) -> float:
        """Firms below 500 employees."""
        return float(self.firms[:, :N_SMALL].sum())

    @property
    def large_jobs(self) -> NDArray[np.float64]:
        """Jobs [19] in plants of firms with 500 and more employees."""
        return self.employment[:, LARGE]


def _published(sector: str, name: str) -> NDArray[np.float64]:
    """A column [6] of the published rows of a sector, by size class."""
    rows = {r["size_class"]: r for r in read_rows(_TABLE) if r["sector"] == sector}
    return np.array([float(rows[k][name]) for k in SIZE_CLASSES])


@cache
def national_sizes() -> NationalSizes:
    """Return the nation's manufacturing firms by sector and size (see `NationalSizes`)."""
    cells = {(r["sector"], r["size_class"]): r for r in read_rows(_TABLE)}

    def column(name: str) -> NDArray[np.float64]:
        return np.array(
            [[float(cells[s, k][name]) for k in SIZE_CLASSES] for s in MANUFACTURING_SECTORS]
        )

    firms, employment = column("firms"), column("employment")
    jobs, counts = _published("MFG_TOTAL", "employment"), _published("MFG_TOTAL", "firms")
    # Only the national total has establishments: one plant size for all sectors.
    plant_jobs = jobs[LARGE] / _published("MFG_TOTAL", "establishments")[LARGE]
    firms[:, LARGE] = employment[:, LARGE] / plant_jobs
    class_mean = np.append(jobs[:LARGE] / counts[:LARGE], plant_jobs)
    return NationalSizes(
        firms=firms,
        employment=employment,
        mean_employment=employment / firms,
        class_mean=class_mean,
        small_firms=round(counts[:LARGE].sum()),
        large_firm_jobs=jobs[LARGE] / counts[LARGE],
    )


def national_mix(share: float) -> SizeMix:
    """Return the nation's mix scaled by `share`: what the generic district has (no tilt)."""
    national = national_sizes()
    return SizeMix(firms=national.firms * share, employment=national.employment * share, tilt=0.0)


def fit_size_mix(sector_jobs: NDArray[np.float64], firms: float) -> SizeMix:
    """Return the mix nearest to the nation's with these jobs by sector and this many firms.

    `sector_jobs` [19]: jobs. `firms`: firms present, counting a large firm once per plant.
    InputError if no mix can meet both, which takes fewer than 1.8 or more than 204 jobs a firm.
    """
    national = national_sizes()
    table, tilt = _tilted(
        national.firms, national.mean_employment, national.class_mean, sector_jobs, firms
    )
    return SizeMix(firms=table, employment=table * national.mean_employment, tilt=tilt)


def size_mix_of(sector_jobs: NDArray[np.float64], firms: float) -> SizeMix:
    """Return the mix of any place with jobs and firms, also where no tilt can meet both.

    As `fit_size_mix` within `JOBS_PER_FIRM`. Above, the counts are those at its upper bound and
    plants of large firms hold the jobs that remain; below, those at its lower bound, with jobs in
    proportion.
    """
    per_firm = float(sector_jobs.sum()) / firms
    within = min(max(per_firm, JOBS_PER_FIRM[0]), JOBS_PER_FIRM[1])
    mix = fit_size_mix(sector_jobs * (within / per_firm), firms)
    if per_firm == within:
        return mix
    employment = mix.employment * min(1.0, per_firm / within)
    if per_firm > within:
        employment[:, LARGE] += sector_jobs - employment.sum(axis=1)
    return SizeMix(firms=mix.firms, employment=employment, tilt=mix.tilt)


def size_mix_of_makers(sector_jobs: NDArray[np.float64], makers: float) -> SizeMix:
    """Return the mix nearest to the nation's with these jobs and this many firms below 500.

    For places whose makers are known and whose firms in all are not. InputError beyond what the
    jobs can be divided among.
    """
    national = national_sizes()
    most = float((sector_jobs / national.mean_employment[:, 0]).sum())
    if not 0 < makers < most:
        raise InputError(
            f"makers = {makers:,.0f}: {sector_jobs.sum():,.0f} manufacturing jobs are enough for "
            f"at most {math.ceil(most) - 1:,} makers."
        )
    table, tilt = _solved(
        national.firms,
        national.mean_employment,
        national.class_mean,
        sector_jobs,
        makers,
        slice(N_SMALL),
    )
    return SizeMix(firms=table, employment=table * national.mean_employment, tilt=tilt)


def independent_retail_sizes(retail_jobs: float, firms: int) -> NDArray[np.float64]:
    """Return retail firms [5] by size class for a place, fractional.

    `retail_jobs`: all jobs in retail trade; the nation's share of firms below 500 employees in
    them (34 %, SUSB 2022) is the independents'. `firms`: independent retailers. The same tilt as
    in manufacturing; where the jobs do not fit so many firms, the nearest number of jobs that does.
    """
    jobs, counts = _published("RET", "employment"), _published("RET", "firms")
    mean = (jobs / counts)[:N_SMALL]
    own_jobs = retail_jobs * jobs[:N_SMALL].sum() / jobs.sum()
    # A margin of a twentieth keeps every class from being empty.
    own_jobs = min(max(own_jobs, 1.05 * mean[0] * firms), 0.95 * mean[-1] * firms)
    table, _ = _tilted(counts[None, :N_SMALL], mean[None], mean, np.array([own_jobs]), firms)
    return table[0]


def retail_class_means() -> NDArray[np.float64]:
    """Return mean jobs [5] of an independent retailer by size class, nation, SUSB 2022."""
    return (_published("RET", "employment") / _published("RET", "firms"))[:N_SMALL]


def _tilted(
    national_firms: NDArray[np.float64],
    mean_employment: NDArray[np.float64],
    class_mean: NDArray[np.float64],
    jobs: NDArray[np.float64],
    firms: float,
) -> tuple[NDArray[np.float64], float]:
    """The table n_sk = a_s N_sk e_k^theta with these jobs by row and this total, and theta."""
    jobs = np.asarray(jobs, dtype=float)
    if not class_mean[0] < jobs.sum() / firms < class_mean[-1]:
        raise InputError(
            f"size mix: {jobs.sum():,.0f} jobs in {firms:,.0f} firms; jobs per firm must lie "
            f"between {class_mean[0]:.1f} and {class_mean[-1]:.0f}."
        )
    return _solved(national_firms, mean_employment, class_mean, jobs, firms, slice(None))


def _solved(
    national_firms: NDArray[np.float64],
    mean_employment: NDArray[np.float64],
    class_mean: NDArray[np.float64],
    jobs: NDArray[np.float64],
    firms: float,
    counted: slice,
) -> tuple[NDArray[np.float64], float]:
    """The tilted table whose `counted` classes have this many firms, and theta."""

    def at(tilt: float) -> NDArray[np.float64]:
        # Relative to the largest class, so that no power overflows.
        weight = national_firms * (class_mean / class_mean[-1]) ** tilt
        return weight * (jobs / (weight * mean_employment).sum(axis=1))[:, None]

    # The count falls steadily as theta rises, so halving the bracket always finds it.
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if at(middle)[:, counted].sum() > firms:
            low = middle
        else:
            high = middle
    tilt = 0.5 * (low + high)
    return at(tilt), tilt
