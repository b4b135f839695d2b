"""The US input-output accounts of a year as coefficients over the 34 sectors, money in 2022 USD.

Each dollar of a sector's output is spent on domestic inputs A, imported inputs, pay, taxes and
surplus, and these add up to one:

    Σ_i A_ij + import_share_j + compensation_j + taxes_j + surplus_j = 1        for every sector j

A = D(U − M)/x with industry technology: D market shares (Make), U use, M imports, x output, all at
producers' prices before redefinitions. Used goods and scrap have no domestic producer at the
margin and count as imports; so do noncomparable imports (NCI). The published coefficients are
rounded, so columns miss one by up to 1.3e-4; that rounding is put into `surplus`, which makes the
identity exact to the last bit of a double.

Source: BEA Make, Use and Import matrix, Summary, 2017 and 2022, aggregated to 34 sectors
(`data/sources.csv`); Census BDS 2020 and SUSB 2022 for jobs. Left out: farms, railroads, private
households, the self-employed and government have output here but no jobs (`JOBS_COVERAGE_NOTE`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_column, read_matrix, read_rows
from millworks.economy.input_output import InputOutputTable
from millworks.economy.prices import general_price_ratio, sector_price_ratios
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS
from millworks.errors import InputError

YEARS: Final[tuple[int, ...]] = (2017, 2022)
"""Years with an embedded table."""

JOBS_COVERAGE_NOTE: Final[str] = (
    "Jobs are covered private jobs (payroll in the week of 12 March): government, farms, "
    "railroads, private households and the self-employed are not counted."
)
"""Must stand wherever a job figure stands."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class NationalAccounts:
    """One year's national accounts by sector; vectors are [34] in the order of `SECTORS`.

    Coefficients are ratios in the prices of `year`; levels and jobs per million are in USD of 2022.
    """

    year: int
    table: InputOutputTable
    """Domestic table, `regional_share` one, basket of domestic goods (sums to .935 / .937)."""
    A: Vector
    """[34, 34] domestic inputs of the column sector from the row sector, USD per USD of output."""
    import_by_commodity: Vector
    """[35, 34] imported inputs by commodity, USD per USD of output; last row NCI and scrap."""
    import_share: Vector
    """Imported inputs, noncomparable imports and scrap, share of output: the sum of the above."""
    compensation: Vector
    """Pay of employees with supplements, share of output."""
    taxes: Vector
    """Taxes on production and imports less subsidies, share of output (negative: subsidised)."""
    surplus: Vector
    """Gross operating surplus with proprietors' income, share of output; takes the rounding."""
    rounding: Vector
    """What was added to the published surplus to make each column sum to one."""
    basket: Vector
    """Domestic output bought per USD of residents' consumption, at producers' prices."""
    basket_imported: Vector
    """[35] imports per USD of residents' consumption; last entry noncomparable and used goods.

    With `basket` it adds up to one.
    """
    output: Vector
    """Gross output, USD of 2022 per year."""
    final_demand: Mapping[str, Vector]
    """Domestic final demand by column of the accounts, USD of 2022 per year."""
    final_demand_imported: Mapping[str, Vector]
    """[35] imported final goods by column, USD of the table's `year` per year (not deflated)."""
    employment: Vector
    """Covered private jobs of `year`; government has none."""
    pce: float
    """Residents' consumption, USD of 2022 per year (PCE price index)."""

    @property
    def jobs_per_million(self) -> Vector:
        """Covered private jobs per million USD of 2022 of output and year; 0 for government."""
        return self.employment / (self.output / 1e6)

    @property
    def value_added(self) -> Vector:
        """Share of value added in output: pay, taxes less subsidies and surplus."""
        return self.compensation + self.taxes + self.surplus

    @property
    def manufacturing_weights(self) -> Vector:
        """Share of each sector in manufacturing output, in prices of `year`; sums to one."""
        assert self.table.output is not None
        weights = np.where(MANUFACTURING, self.table.output, 0.0)
        return weights / weights.sum()

    def __deepcopy__(self, memo: dict[int, Any]) -> NationalAccounts:
        # They never change: the arms of a study share them.
        return self

    def __getstate__(self) -> dict[str, Any]:
        # A read-only view of a mapping cannot be pickled; it is made anew on the way back.
        return {
            name: dict(value) if isinstance(value, MappingProxyType) else value
            for name, value in vars(self).items()
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            is_mapping = isinstance(value, dict)
            object.__setattr__(self, name, MappingProxyType(value) if is_mapping else value)
        _freeze(self)


@cache
def national_accounts(year: int = 2022) -> NationalAccounts:
    """Return the national accounts of 2017 or 2022 (cached; arrays are read-only).

    InputError if there is no table of that year.
    """
    if year not in YEARS:
        raise InputError(f"no input-output table of {year}: the years are 2017 and 2022.")
    A = _square(f"compact_{year}_A_domestic.csv")
    import_by_commodity = _by_commodity(f"compact_{year}_import_coefficients.csv")
    column = _by_sector(f"compact_{year}_value_added.csv")
    import_by_commodity[-1] += column("scrap_inputs")
    import_share = import_by_commodity.sum(axis=0)
    compensation, taxes = column("compensation"), column("taxes_less_subsidies")
    surplus = 1.0 - A.sum(axis=0) - import_share - compensation - taxes
    rounding = surplus - column("gross_operating_surplus")

    basket, basket_imported = _basket(year)
    to_base = sector_price_ratios(year)
    output = column("output_musd") * 1e6 * to_base
    employment = _employment(year)
    totals = _totals(year)
    table = InputOutputTable(
        A,
        sectors=SECTORS,
        labour_income=compensation,
        value_added=compensation + taxes + surplus,
        taxes=taxes,
        jobs=employment / (output / 1e6),
        basket=basket,
        output=column("output_musd") * 1e6,
    )
    accounts = NationalAccounts(
        year=year,
        table=table,
        A=A,
        import_by_commodity=import_by_commodity,
        import_share=import_share,
        compensation=compensation,
        taxes=taxes,
        surplus=surplus,
        rounding=rounding,
        basket=basket,
        basket_imported=basket_imported,
        output=output,
        final_demand=_final_demand(year, "domestic", to_base),
        final_demand_imported=_final_demand(year, "imported", 1.0),
        employment=employment,
        pce=totals["pce_basket_total"] * 1e6 * general_price_ratio(year, index="pce"),
    )
    _freeze(accounts)
    return accounts


def _square(name: str) -> Vector:
    rows, columns, values = read_matrix(name)
    if rows != SECTORS or columns != SECTORS:
        raise InputError(f"{name}: rows and columns must be the {N_SECTORS} sectors in order.")
    return values


def _by_commodity(name: str) -> Vector:
    rows, columns, values = read_matrix(name)
    if rows != (*SECTORS, "NCI") or columns != SECTORS:
        raise InputError(f"{name}: rows must be the {N_SECTORS} sectors and NCI, in order.")
    return values


def _by_sector(name: str) -> Callable[[str], Vector]:
    """Return a reader of the columns of a table whose rows must be the sectors in order."""
    if tuple(row["sector"] for row in read_rows(name)) != SECTORS:
        raise InputError(f"{name}: rows must be the {N_SECTORS} sectors in order.")
    return partial(read_column, name)


def _totals(year: int) -> dict[str, float]:
    rows = read_rows(f"compact_{year}_households_and_totals.csv")
    return {row["item"]: float(row["value"]) for row in rows}


def _basket(year: int) -> tuple[Vector, Vector]:
    """Shares of residents' consumption by domestic sector [34] and imported commodity [35]."""
    total = _totals(year)["pce_basket_total"]
    domestic = _by_sector(f"compact_{year}_final_demand_domestic.csv")("pce_domestic")
    imported = read_column(f"compact_{year}_final_demand_imported.csv", "pce_imported") / total
    # Used goods and scrap have no domestic producer at the margin: they join the last entry.
    imported[-1] = 1.0 - domestic.sum() / total - imported[:-1].sum()
    return domestic / total, imported


FINAL_DEMAND_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "domestic": (
        "pce_domestic",
        "private_fixed_investment",
        "inventory_change",
        "exports",
        "government_consumption",
        "government_investment",
        "import_valuation_adj",
        "scrap_and_row_output",
    ),
    "imported": (
        "pce_imported",
        "investment_imported",
        "inventory_imported",
        "exports_reexported",
        "government_imported",
    ),
}
"""Final uses by column; together with intermediate sales the domestic ones make up output."""


def _final_demand(year: int, origin: str, to_base: Vector | float) -> Mapping[str, Vector]:
    name = f"compact_{year}_final_demand_{origin}.csv"
    columns = FINAL_DEMAND_COLUMNS[origin]
    return MappingProxyType({c: read_column(name, c) * 1e6 * to_base for c in columns})


def _employment(year: int) -> Vector:
    """Covered private jobs: BDS 2020 release for 2017; SUSB 2022, manufacturing split by BDS."""
    if year == 2017:
        jobs = read_column("employment_2017.csv", "employment_2017_bds")[:N_SECTORS]
    else:
        jobs = read_column(f"compact_{year}_value_added.csv", "employment_private")
    return np.nan_to_num(jobs, nan=0.0)


def _freeze(accounts: NationalAccounts) -> None:
    """Make every array read-only: the accounts are shared by all who ask for the year."""
    mappings = (accounts.final_demand, accounts.final_demand_imported)
    arrays = [v for v in vars(accounts).values() if isinstance(v, np.ndarray)]
    for array in arrays + [a for m in mappings for a in m.values()]:
        array.flags.writeable = False
