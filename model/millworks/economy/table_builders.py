"""Input-output tables from the accounts a user holds: flows, Make and Use matrices, fewer sectors.

    from flows       A = Z / x
    from Make, Use   A = D (U − M) / x,   D = V / q   (industry technology)
    aggregation      Z* = S Z S',  x* = S x,  A* = Z* / x*   (S sums old sectors into new ones)

with Z flows in money between sectors, x gross output, V Make (industry makes commodity), U Use
(industry uses commodity), M the imported part of U, q commodity output. Reference: Miller and
Blair, Input-Output Analysis, 2nd ed., 2009, chapters 2.2, 4.9 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from millworks.economy import table_checks as check
from millworks.economy.input_output import InputOutputTable
from millworks.economy.sectors import nearest_sector
from millworks.errors import InputError

Vector = NDArray[np.float64]


def from_flows(
    Z: ArrayLike,
    x: ArrayLike,
    *,
    sectors: Sequence[str],
    labour_income: ArrayLike | None = None,
    value_added: ArrayLike | None = None,
    taxes: ArrayLike | None = None,
    jobs: ArrayLike | None = None,
    household_purchases: ArrayLike | None = None,
    household_spending: float | None = None,
    basket: ArrayLike | None = None,
    usd_per_unit: float = 1.0,
    **shares: Any,
) -> InputOutputTable:
    """Return the table of inter-sector flows Z [n, n] (row sells, column buys) and output x [n].

    All flows are money per year in one unit, worth `usd_per_unit` USD (1e6 for a table in million
    USD); `labour_income`, `value_added`, `taxes` are flows [n] too, `jobs` are heads [n].
    `household_purchases` [n] over `household_spending` (their sum if not given; imports included
    if it is) is the basket, unless `basket` is given as shares already. `shares` go to
    `InputOutputTable` as they are. InputError if a sector has no output: it has no coefficients.
    """
    codes = check.checked_sectors(sectors)
    flows = check.square("Z", Z, codes)
    output = _given("x", x, codes)
    if (output <= 0).any():
        idle = codes[int(np.argmax(output <= 0))]
        raise InputError(
            f"x: sector {idle!r} has no output, so its coefficients are undefined; leave it out."
        )
    purchases = check.by_sector("household_purchases", household_purchases, codes)
    if purchases is not None:
        if basket is not None:
            raise InputError("basket: give either the basket or household_purchases, not both.")
        total = purchases.sum() if household_spending is None else household_spending
        if not total > 0:
            raise InputError("household_purchases: they must add up to more than zero.")
        basket = purchases / total

    def per_output(name: str, flow: ArrayLike | None, unit: float = 1.0) -> Vector | None:
        vector = check.by_sector(name, flow, codes)
        return None if vector is None else vector / (output * unit)

    return InputOutputTable(
        flows / output,
        sectors=codes,
        labour_income=per_output("labour_income", labour_income),
        value_added=per_output("value_added", value_added),
        taxes=per_output("taxes", taxes),
        jobs=per_output("jobs", jobs, usd_per_unit / 1e6),
        basket=basket,
        output=output,
        **shares,
    )


def from_make_use(
    make: ArrayLike, use: ArrayLike, imports: ArrayLike, **accounts: Any
) -> InputOutputTable:
    """Return the domestic industry-by-industry table of Make, Use and import matrices.

    `make` [industries, commodities]; `use` and its imported part `imports` [commodities,
    industries]; money per year in one unit. Each industry keeps its share of a commodity's market
    whatever the buyer, and output is the row sum of `make`. `accounts` as in `from_flows`.
    """
    V, U, M = (np.array(matrix, dtype=np.float64) for matrix in (make, use, imports))
    if V.ndim != 2 or U.shape != V.shape[::-1] or M.shape != U.shape:
        raise InputError(
            f"make is {V.shape}, use {U.shape}, imports {M.shape}: use and imports must have the "
            f"commodities of make as rows and its industries as columns."
        )
    made = V.sum(axis=0)
    if (made <= 0).any():
        column = int(np.argmax(made <= 0)) + 1
        raise InputError(f"make: nobody makes commodity number {column}; leave it out.")
    return from_flows((V / made) @ (U - M), V.sum(axis=1), **accounts)


def aggregate(
    table: InputOutputTable, mapping: Mapping[str, str], output: ArrayLike | None = None
) -> InputOutputTable:
    """Return `table` with its sectors merged; `mapping` names the new sector of each old one.

    Coefficients are averaged with gross output as weight (`output`, or the table's own), so that
    the new table reproduces the old totals at the base year's final demand, and only there: that
    difference is the aggregation error. New sectors stand in order of first appearance.
    """
    unknown = [old for old in mapping if old not in table.sectors]
    if unknown:
        names = {code: code for code in table.sectors}
        raise InputError(f"mapping: no sector {unknown[0]!r}.{nearest_sector(unknown[0], names)}")
    missing = [code for code in table.sectors if code not in mapping]
    if missing:
        raise InputError(f"mapping: sector {missing[0]!r} is not given a new sector.")
    weight = table.output if output is None else _given("output", output, table.sectors)
    if weight is None:
        raise InputError("aggregate needs gross output as weight: give output=….")
    new = tuple(dict.fromkeys(mapping[code] for code in table.sectors))
    S = np.array([[float(mapping[code] == name) for code in table.sectors] for name in new])
    total = S @ weight
    if (total <= 0).any():
        raise InputError(f"output: sector {new[int(np.argmax(total <= 0))]!r} has no output.")

    def merged(matrix: Vector) -> Vector:
        return S @ (matrix * weight) @ S.T / total

    def averaged(vector: Vector | None) -> Vector | None:
        return None if vector is None else S @ (vector * weight) / total

    technical, regional = merged(table.technical), merged(table.regional)
    basket, household = None, None
    if table.basket is not None:
        basket = S @ table.basket
        household = _ratio(S @ (table.household_regional_share * table.basket), basket)
    return InputOutputTable(
        technical,
        sectors=new,
        regional_share=_ratio(regional, technical),
        household_regional_share=household,
        labour_income=averaged(table.labour_income),
        value_added=averaged(table.value_added),
        taxes=averaged(table.taxes),
        jobs=averaged(table.jobs),
        basket=basket,
        resident_share=table.resident_share,
        household_tax=table.household_tax,
        saving=table.saving,
        output=total,
    )


def _given(name: str, values: ArrayLike, sectors: Sequence[str]) -> Vector:
    vector = check.by_sector(name, values, sectors)
    assert vector is not None
    return vector


def _ratio(part: Vector, whole: Vector) -> Vector:
    """Return part / whole within [0, 1], one where there is nothing to share."""
    share = np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)
    return np.clip(share, 0.0, 1.0)
