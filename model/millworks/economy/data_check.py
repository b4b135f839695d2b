"""`millworks data check`: do the embedded tables satisfy the identities that define them?

Every check compares a residual with a tolerance fixed beforehand; published values are read from
the files as they stand in the package. `WHAT_DOES_NOT_BALANCE` says in words which identities fail
by construction and why, because a check that hides them would be worth nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy import embedded
from millworks.economy.margins import BUYERS, margins
from millworks.economy.national import FINAL_DEMAND_COLUMNS, YEARS, national_accounts
from millworks.economy.sectors import MANUFACTURING_SECTORS, N_SECTORS, SECTORS
from millworks.errors import InputError

SOURCES: Final[str] = "sources.csv"

WHAT_DOES_NOT_BALANCE: Final[tuple[str, ...]] = (
    "Published coefficients are rounded, so columns miss one by up to 1.3e-4; Millworks puts the "
    "rounding into the surplus, which moves GDP by up to 22 million USD in 2022.",
    "BEA books duties, freight and insurance on imports as negative imports of wholesale trade, "
    "transport and insurance (62 billion USD in 2017, 136 in 2022); without the column "
    "import_valuation_adj the rows of WHL and TRN would not close.",
    "Used goods, scrap and noncomparable imports have no domestic producer at the margin; they "
    "count as imports, which makes imports larger than BEA's figure.",
    "Consumption by nonresidents is a negative entry of BEA's accounts and is left out of the "
    "basket, so the basket's total exceeds BEA's consumption by 0.8 % in 2022 and 1.5 % in 2017.",
    "Imports are spread over users of a commodity in proportion to use (BEA's own assumption): "
    "import shares of single sectors inherit it.",
    "Jobs of government, farms, railroads, private households and the self-employed are not in "
    "the sources: those sectors have output without jobs, or too few.",
    "Jobs by manufacturing sector in 2022 are the published total split by the shares of 2020, and "
    "local jobs are of 2019; firms by sector and size are estimated from their margins.",
    "Metro areas publish no cell with fewer than three establishments: 5 % of manufacturing jobs "
    "are estimated, single cells with errors of a factor of two.",
)
"""Plain statements of what does not balance by itself, printed with the checks."""


@dataclass(frozen=True)
class DataCheck:
    """One identity: it holds if `value`, the largest residual, is at most `tolerance`."""

    id: str
    passed: bool
    value: float
    tolerance: float
    note: str


@dataclass(frozen=True)
class _Published:
    """One year's accounts as published, in USD of that year, before any repair."""

    A: NDArray[np.float64]
    imports: NDArray[np.float64]
    value_added: NDArray[np.float64]
    output: NDArray[np.float64]
    final: dict[str, NDArray[np.float64]]
    totals: dict[str, float]


def _published(year: int) -> _Published:
    def value_added(name: str) -> NDArray[np.float64]:
        return embedded.read_column(f"compact_{year}_value_added.csv", name)

    final = {
        name: embedded.read_column(f"compact_{year}_final_demand_{origin}.csv", name) * 1e6
        for origin, names in FINAL_DEMAND_COLUMNS.items()
        for name in names
    }
    totals = embedded.read_rows(f"compact_{year}_households_and_totals.csv")
    imports = embedded.read_matrix(f"compact_{year}_import_coefficients.csv")[2]
    shares = ("compensation", "taxes_less_subsidies", "gross_operating_surplus")
    return _Published(
        A=embedded.read_matrix(f"compact_{year}_A_domestic.csv")[2],
        imports=imports.sum(axis=0) + value_added("scrap_inputs"),
        value_added=sum((value_added(name) for name in shares), np.zeros(N_SECTORS)),
        output=value_added("output_musd") * 1e6,
        final=final,
        totals={row["item"]: float(row["value"]) for row in totals},
    )


def check_data() -> list[DataCheck]:
    """Run every check and return them in order; none raises, a broken file is a failed check."""
    return [check for group in _groups() for check in _guarded(group)]


def _groups() -> Iterator[Callable[[], Iterator[DataCheck]]]:
    yield _files
    for year in YEARS:
        for group in (_columns, _rows, _gdp, _households, _multipliers):
            yield partial(group, year)
    yield from (_margins, _areas, _firms, _prices)


def _guarded(group: Callable[[], Iterator[DataCheck]]) -> Iterator[DataCheck]:
    try:
        yield from group()
    except (InputError, ValueError, KeyError, IndexError, np.linalg.LinAlgError) as error:
        function = getattr(group, "func", group)
        year = "".join(f" {a}" for a in getattr(group, "args", ()))
        name = f"{function.__name__.strip('_')}{year} readable"
        yield DataCheck(name, False, float("nan"), 0.0, f"could not be read: {error}")


def _check(id: str, residual: object, tolerance: float, note: str) -> DataCheck:
    value = float(np.max(np.abs(np.asarray(residual, dtype=np.float64))))
    return DataCheck(id, bool(value <= tolerance), value, tolerance, note)


def _files() -> Iterator[DataCheck]:
    listed = {row["file"]: row["sha256"] for row in embedded.read_rows(SOURCES)}
    present = [name for name in embedded.data_names() if name != SOURCES]
    unlisted = sorted(set(present) ^ set(listed))
    note = f"without a counterpart: {', '.join(unlisted)}" if unlisted else "one row per file"
    yield _check("files listed in sources.csv", len(unlisted), 0, note)
    changed = [
        name
        for name in present
        if name in listed and hashlib.sha256(embedded.data_bytes(name)).hexdigest() != listed[name]
    ]
    note = f"changed: {', '.join(changed)}" if changed else "SHA-256 of every file as listed"
    yield _check("files unchanged", len(changed), 0, note)


def _columns(year: int) -> Iterator[DataCheck]:
    data = _published(year)
    total = data.A.sum(axis=0) + data.imports + data.value_added
    note = "inputs, imports, pay, taxes and surplus per USD of output, as published"
    yield _check(f"{year} columns sum to one", total - 1.0, 5e-4, note)
    used = national_accounts(year)
    exact = used.A.sum(axis=0) + used.import_share + used.value_added - 1.0
    yield _check(f"{year} columns as used", exact, 1e-12, "the rounding is put into the surplus")


def _domestic_final(data: _Published) -> NDArray[np.float64]:
    columns = FINAL_DEMAND_COLUMNS["domestic"]
    return sum((data.final[name] for name in columns), np.zeros(N_SECTORS))


def _rows(year: int) -> Iterator[DataCheck]:
    data = _published(year)
    final = _domestic_final(data)
    gap = (data.output - data.A @ data.output - final) / data.output
    yield _check(f"{year} rows balance", gap, 1e-3, "x = Ax + f, residual over output")
    solved = np.linalg.solve(np.eye(N_SECTORS) - data.A, final) / data.output - 1.0
    yield _check(f"{year} inverse returns output", solved, 1e-3, "x = (I - A)^-1 f")


def _gdp(year: int) -> Iterator[DataCheck]:
    data = _published(year)
    published = data.totals["gdp"] * 1e6
    income = float(data.value_added @ data.output)
    # Imported final goods enter demand and are taken out again, so they cancel.
    expenditure = float(_domestic_final(data).sum() - data.imports @ data.output)
    yield _check(
        f"{year} GDP by income", (income - published) / 1e6, 60.0, "million USD, against BEA"
    )
    note = "million USD: domestic final demand less imported inputs, against BEA"
    yield _check(f"{year} GDP by expenditure", (expenditure - published) / 1e6, 60.0, note)


def _households(year: int) -> Iterator[DataCheck]:
    data = _published(year)
    basket = data.final["pce_domestic"] / (data.totals["pce_basket_total"] * 1e6)
    gap = basket.sum() + data.totals["pce_import_share_direct"] - 1.0
    yield _check(f"{year} basket sums to one", gap, 1e-6, "domestic goods and imports")
    used = national_accounts(year)
    exact = used.basket.sum() + used.basket_imported.sum() - 1.0
    yield _check(f"{year} basket as used", exact, 1e-12, "with imports by commodity")


REPORTED: Final[dict[int, dict[str, float]]] = {
    2017: {"type_i": 1.908, "type_ii_80": 2.656, "share_for_2.68": 0.816},
    2022: {"type_i": 1.882, "type_ii_80": 2.565, "share_for_2.68": 0.884},
}
"""Manufacturing total (output weights of the year), recorded when the tables were made."""


def _multipliers(year: int) -> Iterator[DataCheck]:
    accounts = national_accounts(year)
    table, weights = accounts.table, accounts.manufacturing_weights
    found = {
        "type_i": float(table.type_i("output", weights).sum()),
        "type_ii_80": float(table.type_ii("output", weights, respent=0.8).sum()),
        "share_for_2.68": table.respending_share(2.68, weights),
    }
    for name, reported in REPORTED[year].items():
        note = f"found {found[name]:.4f}, reported {reported}"
        yield _check(f"{year} manufacturing {name}", found[name] - reported, 6e-4, note)
    rows = f"compact_{year}_multipliers.csv"
    for column, respent in (("T1_output", None), ("T2_wage_s80", 0.8), ("T2_wage_s100", 1.0)):
        gap = table.multipliers("output", respent) - embedded.read_column(rows, column)
        yield _check(f"{year} sectors {column}", gap, 1e-4, "34 sectors against the record")


def _margins() -> Iterator[DataCheck]:
    for row_buyer in BUYERS:
        shares = margins(row_buyer)
        total = shares.producer + shares.transport + shares.wholesale + shares.retail
        yield _check(f"margins {row_buyer} as used", total - 1.0, 1e-12, "shares sum to one")
    parts = ("ProducersValue", "Transportation", "Wholesale", "Retail")
    rows = [
        row
        for row in embedded.read_rows("margins_2017_manufactured_goods.csv")
        if row["buyer"] in BUYERS
    ]
    gap = [sum(float(r[p]) for p in parts) / float(r["PurchasersValue"]) - 1.0 for r in rows]
    yield _check("margins make the purchaser's price", gap, 0.02, "cells rounded to 1 million USD")


def _areas() -> Iterator[DataCheck]:
    jobs = dict.fromkeys((r["cbsa_code"] for r in embedded.read_rows("areas.csv")), 0.0)
    for row in embedded.read_rows("area_sector_employment.csv"):
        if row["sector"] in SECTORS or row["sector"] == "UNC":
            jobs[row["cbsa_code"]] += float(row["employment"] or 0.0)
    gap = [
        jobs[r["cbsa_code"]] - float(r["employment_2019"]) for r in embedded.read_rows("areas.csv")
    ]
    yield _check("areas: jobs by sector make the total", gap, 1.0, "jobs; UNC is unclassified")


def _firms() -> Iterator[DataCheck]:
    rows = embedded.read_rows("size_by_sector.csv")
    for column in ("firms", "employment"):
        by_class: dict[str, float] = {}
        for row in rows:
            if row["sector"] in MANUFACTURING_SECTORS:
                size = row["size_class"]
                by_class[size] = by_class.get(size, 0.0) + float(row[column])
        total = {r["size_class"]: float(r[column]) for r in rows if r["sector"] == "MFG_TOTAL"}
        gap = [by_class[size] / total[size] - 1.0 for size in by_class if size in total]
        note = "19 sectors by size class against the published total, relative"
        yield _check(f"sizes: {column} make the total", gap, 1e-3, note)


def _prices() -> Iterator[DataCheck]:
    rows = embedded.read_rows("deflators.csv")
    base = [float(r["price_index_2017_100"]) - 100.0 for r in rows if r["year"] == "2017"]
    yield _check("prices: 2017 = 100", base, 1e-9, "34 sectors and 4 aggregates")
    for year in YEARS:
        by_code = {r["code"]: r for r in rows if r["year"] == str(year)}
        published = _published(year).output / 1e6
        gap = [
            float(by_code[c]["gross_output_musd"]) / x - 1.0
            for c, x in zip(SECTORS, published, strict=True)
        ]
        note = "gross output of the price file against the table, relative"
        yield _check(f"prices: {year} output", gap, 1e-3, note)
