"""How pay and receipts per employee differ by size of firm *within* a sector of manufacturing.

The Annual Business Survey gives payroll, receipts and employees by size for manufacturing as a
whole. Part of their gradient is composition: furniture makers are small, refineries are large. So
each class's ratio is divided by what its mix of sectors alone would give,

    within_k = (observed_k / expected_k) / (observed_6 / expected_6)
    expected_k = Σ_s w_sk (national coefficient of s),    w_sk weight of sector s in class k

with the national pay or output per job of each sector and weights from jobs by sector and size.
Only ratios between the six classes (<5, 5-9, 10-19, 20-99, 100-499, 500+) are used.

Sources: Annual Business Survey 2017 by size; size_by_sector.csv (estimated margins); BEA tables.
Left out: gradients that differ between sectors, for which no table was found.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from millworks.economy.embedded import read_rows
from millworks.economy.national import national_accounts
from millworks.economy.sectors import MANUFACTURING
from millworks.economy.size_mix import national_sizes

Floats = npt.NDArray[np.float64]

CLASSES = (
    ("1 to 4",), ("5 to 9",), ("10 to 19",), ("20 to 49", "50 to 99"),
    ("100 to 249", "250 to 499"), ("500",),
)  # fmt: skip
"""Size classes as the survey names its rows."""


@cache
def survey_by_size(column: str, naics: str = "31-33") -> Floats:
    """Return a column of the survey by size class [6], such as receipts_kusd or employment."""
    table = read_rows("abs_2017_sector_by_size_and_age.csv")
    rows = [row for row in table if row["naics"] == naics]
    return np.array(
        [
            sum(
                float(row[column])
                for row in rows
                if any(row["class"].startswith(f"Firms with {name} employees") for name in names)
            )
            for names in CLASSES
        ]
    )


@cache
def _receipts_by_sector_and_size(year: int) -> Floats:
    """Receipts [19, 6] if every job of a sector sold alike, in any unit."""
    national = national_accounts(year)
    per_job = 1.0 / national.jobs_per_million[MANUFACTURING]
    return np.asarray(national_sizes().employment * per_job[:, None], np.float64)


@cache
def receipts_per_employee_within(year: int) -> Floats:
    """Return receipts per employee [6] over those of the largest class, within a sector.

    `year`: of the national accounts whose coefficients stand for a sector.
    """
    observed = survey_by_size("receipts_kusd") / survey_by_size("employment")
    expected = _receipts_by_sector_and_size(year).sum(axis=0) / national_sizes().employment.sum(
        axis=0
    )
    ratio = observed / expected
    return np.asarray(ratio / ratio[-1], np.float64)


@cache
def pay_per_receipts_within(year: int) -> Floats:
    """Return payroll per USD of receipts [6] over that of the largest class, within a sector.

    `year`: of the national accounts whose coefficients stand for a sector.
    """
    observed = survey_by_size("annual_payroll_kusd") / survey_by_size("receipts_kusd")
    receipts = _receipts_by_sector_and_size(year)
    pay = national_accounts(year).compensation[MANUFACTURING]
    expected = (receipts * pay[:, None]).sum(axis=0) / receipts.sum(axis=0)
    ratio = observed / expected
    return np.asarray(ratio / ratio[-1], np.float64)
