"""Money of different years in dollars of one year: 2022.

Two kinds of index move a sum between years. A *sector's own* gross output price (BEA chain
index, 2017 = 100, chained Fisher for the 34 sectors) turns sales or output of that sector into
base dollars, that is quantities worth 1 USD at base-year producers' prices. A *general* index
(consumer prices, GDP deflator, PCE index) turns a sum of money into purchasing power.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_rows
from millworks.economy.sectors import SECTORS, nearest_sector
from millworks.errors import InputError, nearest

BASE_YEAR: Final[int] = 2022
"""The dollar-year of every amount of money in Millworks."""

GENERAL_INDICES: Final[dict[str, str]] = {
    "cpi": "cpi_u_1982_84_100",
    "gdp": "gdp_deflator_2017_100",
    "pce": "pce_price_index_2017_100",
}
"""General price indices by short name, and their column in `data/dollar_year.csv`."""


@cache
def _sector_indices() -> dict[tuple[str, int], float]:
    return {
        (row["code"], int(row["year"])): float(row["price_index_2017_100"])
        for row in read_rows("deflators.csv")
    }


@cache
def _general_indices() -> dict[tuple[str, int], float]:
    return {
        (name, int(row["year"])): float(row[column])
        for row in read_rows("dollar_year.csv")
        for name, column in GENERAL_INDICES.items()
        if row[column]
    }


def _level(table: dict[tuple[str, int], float], key: str, year: int) -> float:
    level = table.get((key, year))
    if level is None:
        years = sorted(y for k, y in table if k == key)
        raise InputError(
            f"no price index {key!r} for the year {year}: it covers {years[0]} to {years[-1]}."
        )
    return level


def sector_price_ratio(code: str, year: int, base_year: int = BASE_YEAR) -> float:
    """Return P(base_year)/P(year) of a sector's output: USD of `year` times it = base dollars.

    `code` is one of the 34 sectors or an aggregate: MFG, DUR, NON, ALL. Years 1997 to 2023.
    Source: BEA gross output and chain-type price indexes, release of 2024-09.
    """
    table = _sector_indices()
    if not any(key == code for key, _ in table):
        raise InputError(f"no price index for sector {code!r}.{nearest_sector(code)}")
    return _level(table, code, base_year) / _level(table, code, year)


def sector_price_ratios(year: int, base_year: int = BASE_YEAR) -> NDArray[np.float64]:
    """Return `sector_price_ratio` of all 34 sectors, array [34] in the order of `SECTORS`."""
    return np.array([sector_price_ratio(code, year, base_year) for code in SECTORS])


def general_price_ratio(year: int, base_year: int = BASE_YEAR, index: str = "gdp") -> float:
    """Return P(base_year)/P(year) of a general index: "cpi", "gdp" or "pce" (1997 to 2025).

    Sources: BLS CPI-U annual average; BEA GDP deflator and PCE price index, mean of quarters.
    """
    if index not in GENERAL_INDICES:
        raise InputError(f"no price index {index!r}.{nearest(index, GENERAL_INDICES)}")
    table = _general_indices()
    return _level(table, index, base_year) / _level(table, index, year)


def in_base_dollars(amount: float, year: int, index: str = "gdp") -> float:
    """Return an amount of USD of `year` in USD of 2022; `index` is general or a sector's code."""
    if index in GENERAL_INDICES:
        return amount * general_price_ratio(year, index=index)
    return amount * sector_price_ratio(index, year)
