"""Draw the firms of a district so that they add up to what is measured.

Counts come first and are not random: makers by sector and size are the place's fractional mix
(`economy/size_mix.py`) rounded with both margins kept. What is drawn is who they are:

* employment within a size class [a, b) is a (b/a)^(u^g), u uniform. With g = 1 that is
  log-uniform; one g per sector is solved so that the sector's jobs come out exactly, which leaves
  every firm inside its class;
* sales are employment times the class's receipts per employee within a sector
  (`millworks.economy.size_gradient`) times one factor per sector, so that makers and partners
  together sell exactly the sector's output;
* places: a county, by its manufacturing firms (partners: jobs; retailers: residents), then a
  normal spread around its centre with half the county's radius.

Firms with 500 and more employees become partners: their jobs over 1,725, the mean of such firms.
A partner is a bundle of plants of large firms. Sectors whose large plants are too few for a
partner leave those jobs with their own makers of the largest size present.

A scale model of fewer makers keeps the mix: counts, jobs, output and retailers are multiplied by
makers/place's makers; every partner stays, at a volume multiplied by the same. The firms that
remain are a subset of the full district's, because each firm's draws are addressed by its `key`:
sector, size class and rank.

Left out: sales per employee that differ within a sector and size class (productivity does, and is
drawn with the start of the books); firms that cluster beyond what counties show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.national import NationalAccounts
from millworks.economy.places import Place, check_makers
from millworks.economy.rounding import Contents, controlled_rounding, largest_remainder
from millworks.economy.sectors import MANUFACTURING, sector_index
from millworks.economy.size_gradient import receipts_per_employee_within, survey_by_size
from millworks.economy.size_mix import (
    CLASS_BOUNDS,
    LARGE,
    N_SMALL,
    independent_retail_sizes,
    national_sizes,
    retail_class_means,
)
from millworks.start.margins import Margin, margins_of, notes_on
from millworks.start.scatter import scatter_firms
from millworks.world.streams import Streams

PARTNER_CV: Final[float] = 0.5
"""Coefficient of variation of the sizes of a sector's partners. Assumption."""

_MADE: Final[NDArray[np.int64]] = np.flatnonzero(MANUFACTURING)
_RETAIL: Final[int] = sector_index("RET")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FirmRows:
    """Firms as columns, one row each.

    `key`: address of the firm's draws (sector, size class, rank), the same in every scale model.
    `sector`: index into the 34. `size_class`: 0..4 for <5, 5-9, 10-19, 20-99, 100-499 employees, 5
    above. `employment`: jobs. `sales`: USD of 2022 a year. `x_miles`, `y_miles`: miles east and
    north of the place's centre. `county`: index into `Place.counties`.
    """

    key: Integers
    sector: Integers
    size_class: Integers
    employment: Floats
    sales: Floats
    x_miles: Floats
    y_miles: Floats
    county: Integers

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class RetailerRows:
    """Independent retailers as columns, one row each; `sales_weight` (share) sums to one."""

    key: Integers
    size_class: Integers
    employment: Floats
    sales_weight: Floats
    x_miles: Floats
    y_miles: Floats
    county: Integers

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class SyntheticDistrict:
    """The firms of a district.

    `scale`: makers over the place's makers, 1 at full scale; every volume is multiplied by it.
    `sector_jobs`, `sector_output` [34]: covered jobs and gross output (USD of 2022 a year) of the
    synthetic district, zero in a manufacturing sector without a producer. `margins`: targets and
    what was reached. `notes`: sentences on what rounding dropped or moved.
    """

    place: Place
    scale: float
    makers: FirmRows
    partners: FirmRows
    retailers: RetailerRows
    sector_jobs: Floats
    sector_output: Floats
    margins: list[Margin]
    notes: list[str]


def synthesise(
    place: Place, national: NationalAccounts, streams: Streams, makers: int | None = None
) -> SyntheticDistrict:
    """Return the firms of `place`, or of a scale model of it with fewer `makers`.

    Deterministic from the seed of `streams`. InputError if the place has fewer makers than asked.
    """
    if makers is None:
        makers = place.small_makers
    check_makers(place, makers)
    scale = makers / place.small_makers
    jobs = place.sector_employment[_MADE] * scale
    large_jobs = place.sizes.large_jobs * scale
    # A scale model keeps every partner, at a smaller volume: dropping some would hand their part
    # of the sector to small makers and change what kind of district it is.
    partner_counts = _partner_counts(place.sizes.large_jobs)
    has_partner = partner_counts > 0
    counts = _maker_counts(place, makers, np.where(has_partner, jobs - large_jobs, jobs))
    has_makers = counts.sum(axis=1) > 0
    produced = has_makers | has_partner
    jobs = np.where(produced, jobs, 0.0)
    partner_jobs = np.where(has_partner, np.where(has_makers, large_jobs, jobs), 0.0)
    # Large plants without a partner stay with the sector's makers of the largest size present.
    moved = np.where(has_makers & ~has_partner, large_jobs, 0.0)

    key, sector, size = _rows_of(counts)
    u = streams.uniform("maker_employment", key)
    employment = _employment_within_class(u, sector, size, jobs - partner_jobs - moved)
    employment += _to_largest_makers(sector, size, moved)

    partner_key, partner_sector, partner_size = _rows_of(partner_counts[:, None], LARGE)
    weight = streams.lognormal("partner_employment", partner_key, cv=PARTNER_CV)
    weight /= np.bincount(partner_sector, weight, len(_MADE))[partner_sector]
    partner_employment = weight * partner_jobs[partner_sector]

    output = place.sector_output(national) * scale
    output[_MADE[~produced]] = 0.0
    per_employee = receipts_per_employee_within(national.year)
    volume = employment * per_employee[size]
    partner_volume = partner_employment * per_employee[LARGE]
    total = np.bincount(sector, volume, len(_MADE))
    total += np.bincount(partner_sector, partner_volume, len(_MADE))
    per_volume = np.divide(output[_MADE], total, out=np.zeros_like(total), where=total > 0)

    maker_rows = FirmRows(
        key,
        _MADE[sector],
        size,
        employment,
        volume * per_volume[sector],
        *scatter_firms(place, streams, "maker_location", key, [c.firms for c in place.counties]),
    )
    partner_rows = FirmRows(
        partner_key,
        _MADE[partner_sector],
        partner_size,
        partner_employment,
        partner_volume * per_volume[partner_sector],
        *scatter_firms(
            place, streams, "partner_location", partner_key, [c.jobs for c in place.counties]
        ),
    )
    sector_jobs = place.sector_employment * scale
    sector_jobs[_MADE] = jobs
    district = SyntheticDistrict(
        place=place,
        scale=scale,
        makers=maker_rows,
        partners=partner_rows,
        retailers=_retailers(place, streams, scale),
        sector_jobs=sector_jobs,
        sector_output=output,
        margins=[],
        notes=[],
    )
    district.margins.extend(margins_of(district))
    district.notes.extend(notes_on(district, float(moved.sum())))
    return district


def _maker_counts(place: Place, makers: int, jobs: Floats) -> Integers:
    """Makers [19, 5] by sector and size: whole numbers with the place's margins and room for jobs.

    `jobs` [19]: what they have to hold. A scale model is rounded from the full district's whole
    numbers, so it never has a kind of firm which the full district lacks. The generic district
    keeps a producer in every sector.
    """
    minimum = 0 if place.national_share is None else 1
    means = national_sizes().class_mean[:N_SMALL]
    scale = makers / place.small_makers
    least, most = CLASS_BOUNDS.T
    contents = Contents(rows=jobs / scale, least=least, mean=means, most=most)
    mix = place.sizes.firms[:, :N_SMALL]
    full = controlled_rounding(mix, place.small_makers, minimum, contents)
    if makers == place.small_makers:
        return full
    contents = Contents(rows=jobs, least=least, mean=means, most=most)
    keep = minimum if makers >= len(_MADE) else 0
    return controlled_rounding(full * scale, makers, keep, contents)


def _partner_counts(large_jobs: Floats) -> Integers:
    total = max(1, round(large_jobs.sum() / national_sizes().large_firm_jobs))
    return largest_remainder(large_jobs, total)


def _rows_of(counts: Integers, first_class: int = 0) -> tuple[Integers, Integers, Integers]:
    """Keys, sectors (0..18) and size classes of the firms counted in a table [19, classes]."""
    flat = counts.ravel()
    cell = np.repeat(np.arange(flat.size), flat)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(flat) - flat, flat)
    sector, size = np.divmod(cell, counts.shape[1])
    size += first_class
    return _key(_MADE[sector], size, rank), sector, size


def _key(sector: Integers | int, size: Integers, rank: Integers) -> Integers:
    """Address of a firm's draws: sector, size class and rank in 32 bits."""
    return np.asarray((np.int64(sector) << 26) | (size << 23) | rank, dtype=np.int64)


def _retail_receipts() -> Floats:
    """Receipts per employee [6] of retailers by size, thousand USD of 2017; only ratios count."""
    return survey_by_size("receipts_kusd", "44-45") / survey_by_size("employment", "44-45")


def _employment_within_class(u: Floats, sector: Integers, size: Integers, jobs: Floats) -> Floats:
    """Employment a (b/a)^(u^g) with the exponent g of each sector that meets its `jobs`.

    Where no exponent can (a sector whose few firms all have the wrong size), the remainder is met
    by one factor for the sector.
    """
    n = len(jobs)
    low, span = CLASS_BOUNDS[size, 0], np.log(CLASS_BOUNDS[size, 1] / CLASS_BOUNDS[size, 0])
    log_u = np.log(u)

    def drawn(exponent: Floats) -> Floats:
        return low * np.exp(span * np.exp(log_u * exponent[sector]))

    # Larger exponents draw firms toward the lower end of their class.
    least, most = np.full(n, 0.02), np.full(n, 50.0)
    for _ in range(60):
        middle = np.sqrt(least * most)
        too_many = np.bincount(sector, drawn(middle), n) > jobs
        least, most = np.where(too_many, middle, least), np.where(too_many, most, middle)
    employment = drawn(np.sqrt(least * most))
    reached = np.bincount(sector, employment, n)
    factor = np.divide(jobs, reached, out=np.ones(n), where=reached > 0)
    return employment * factor[sector]


def _to_largest_makers(sector: Integers, size: Integers, moved: Floats) -> Floats:
    """Jobs of large plants without a partner, in equal parts to the largest makers present."""
    largest = np.full(len(moved), -1)
    np.maximum.at(largest, sector, size)
    takes = size == largest[sector]
    takers = np.maximum(np.bincount(sector, takes, len(moved)), 1.0)
    return np.where(takes, (moved / takers)[sector], 0.0)


def _retailers(place: Place, streams: Streams, scale: float) -> RetailerRows:
    """Independent retailers: the nation's sizes tilted to the place's retail jobs."""
    total = max(1, round(place.retail_firms * scale))
    mix = independent_retail_sizes(float(place.sector_employment[_RETAIL]), place.retail_firms)
    counts = largest_remainder(mix, total)
    size = np.repeat(np.arange(N_SMALL), counts)
    rank = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    key = _key(_RETAIL, size, rank)
    u = streams.uniform("retailer_employment", key)
    jobs = np.array([(counts * retail_class_means()).sum()])
    employment = _employment_within_class(u, np.zeros(total, dtype=np.int64), size, jobs)
    sales = employment * _retail_receipts()[size]
    people = [c.residents for c in place.counties]
    return RetailerRows(
        key,
        size,
        employment,
        sales / sales.sum(),
        *scatter_firms(place, streams, "retailer_location", key, people),
    )
