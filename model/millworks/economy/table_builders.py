"""Input-output tables from the accounts a user holds: flows, Make and Use matrices, fewer sectors.

    from flows       A = Z / x
    from Make, Use   A = D B,   D = V / q,   B = (U − M) / x,   h = D (c − m) / Σ c
    aggregation      Z* = S Z S',  x* = S x,  A* = Z* / x*   (S sums old sectors into new ones)

with Z flows in money between sectors, x gross output, V Make (industry makes commodity), U Use
(industry uses commodity), M the imported part of U, q commodity output, c household purchases by
commodity, m the imported part of c. D holds market shares: an industry keeps its share of a
commodity's market whoever buys, and needs the same inputs whatever it makes (the industry
technology assumption). Left out: that a by-product may be made in another way.

Commodities without a producer (in BEA's tables scrap and second-hand goods, "Used", and
noncomparable imports, "Other") answer to no order: buying them sets nobody to work, so their use is
a leakage, whatever Make says of who sells them. Reference: Miller and Blair, Input-Output Analysis,
2nd ed., 2009, chapters 2.2, 4.9 and 5.
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
    make: ArrayLike,
    use: ArrayLike,
    imports: ArrayLike | None = None,
    *,
    sectors: Sequence[str],
    commodities: Sequence[str] | None = None,
    no_producer: Sequence[str] = (),
    household_use: ArrayLike | None = None,
    household_imports: ArrayLike | None = None,
    negative_use: str = "refuse",
    **accounts: Any,
) -> InputOutputTable:
    """Return the domestic industry-by-industry table of Make, Use and import matrices.

    All flows are money per year in one unit. Output is the row sum of `make`.

    make : [industries, commodities]. Its columns are the rows of `use`.
    use : [commodities, industries].
    imports : the imported part of `use`, [commodities, industries]; or one share [commodities] of
        every use of a commodity; or None where `use` has domestic goods only.
    sectors, commodities : codes; `commodities` are only needed to name those of `no_producer`.
    no_producer : codes of commodities that nobody makes to order, whose use is a leakage.
    household_use : [commodities] what households buy, for the basket. Of a commodity without
        producer the larger of use and imports counts as spent, because BEA nets the spending of
        foreign visitors from "Other".
    household_imports : [commodities] the imported part, needed beside an import matrix.
    negative_use : "refuse", or "zero" to count a negative domestic use (BEA's table has one: sales
        of farm surpluses by the government) as none.
    accounts : labour_income, value_added and others as in `from_flows`, by industry.

    InputError in one sentence if shapes, codes or signs do not fit.
    """
    codes = check.checked_sectors(sectors)
    V, U = check.numbers("make", make), check.numbers("use", use)
    M = np.zeros_like(U) if imports is None else check.numbers("imports", imports)
    share = check.import_shares(M, len(U)) if M.ndim == 1 else None
    if share is not None:
        M = share[:, None] * U
    if V.ndim != 2 or U.shape != V.shape[::-1] or M.shape != U.shape:
        raise InputError(
            f"make is {V.shape}, use {U.shape}, imports {M.shape}: use and imports must have the "
            f"commodities of make as rows and its industries as columns."
        )
    if len(V) != len(codes):
        raise InputError(f"make: it has {len(V)} industries as rows for {len(codes)} sectors.")
    goods = check.checked_commodities(commodities, V.shape[1], no_producer)
    produced = np.array([good not in no_producer for good in goods])
    D = _market_shares(V, goods, produced, named=commodities is not None)
    domestic = _domestic("use", U, M, goods, produced, codes)
    if negative_use == "zero":
        domestic = np.maximum(domestic, 0.0)
    elif negative_use != "refuse":
        raise InputError(f"negative_use: {negative_use!r} is neither 'refuse' nor 'zero'.")
    elif (domestic < 0).any():
        row, column = np.argwhere(domestic < 0)[0]
        raise InputError(
            f"use: {codes[column]} uses {domestic[row, column]:.6g} of domestic commodity "
            f"{goods[row]}; correct it, or give negative_use='zero' to count it as none."
        )
    if household_use is not None:
        bought = check.vector("household_use", household_use, len(goods), "commodities")
        if share is not None or imports is None:
            brought = np.zeros_like(bought) if share is None else share * bought
        elif household_imports is None:
            raise InputError(
                "household_imports: give it beside household_use and an import matrix; without it "
                "all that households buy would count as made at home."
            )
        else:
            brought = check.vector(
                "household_imports", household_imports, len(goods), "commodities"
            )
        own = _domestic("household_use", bought, brought, goods, produced, ["households"])
        spent = np.where(produced, bought, np.maximum(bought, brought)).sum()
        if not spent > 0:
            raise InputError("household_use: it must add up to more than zero.")
        accounts |= {"household_purchases": D @ own, "household_spending": float(spent)}
    return from_flows(D @ domestic, V.sum(axis=1), sectors=codes, **accounts)


def _market_shares(V: Vector, goods: Sequence[str], produced: Vector, *, named: bool) -> Vector:
    """D [industries, commodities]: who serves each commodity's market; nobody if not produced."""
    made = V.sum(axis=0)
    idle = produced & (made <= 0)
    if idle.any():
        at = int(np.argmax(idle))
        which = f"{goods[at]!r}; leave it out or name it in no_producer" if named else None
        raise InputError(
            f"make: nobody makes commodity {which or f'number {at + 1}; leave it out'}."
        )
    shares = np.zeros_like(V)
    shares[:, produced] = V[:, produced] / made[produced]
    return shares


def _domestic(
    name: str,
    use: Vector,
    imports: Vector,
    goods: Sequence[str],
    produced: Vector,
    buyers: Sequence[str],
) -> Vector:
    """Return use less imports, zero for what has no producer; imports may not exceed a use."""
    kept = produced.reshape(-1, *[1] * (use.ndim - 1))
    domestic = np.where(kept, use - imports, 0.0)
    over = (domestic < -check.COLUMN_TOLERANCE * np.abs(use)) & (use > 0)
    if over.any():
        at = tuple(np.argwhere(over)[0])
        buyer = buyers[at[1]] if use.ndim == 2 else buyers[0]
        raise InputError(
            f"{name}: the imports of commodity {goods[at[0]]} by {buyer} are {imports[at]:.6g}, "
            f"more than the {use[at]:.6g} bought in all."
        )
    return domestic


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
