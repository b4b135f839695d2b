"""The end of a firm: why it closes, what its goods fetch, when its estate is settled.

An active firm closes for one of three reasons:

    arrears     something due went unpaid in each of the last `arrears` weeks
    insolvent   book equity below `insolvency` times a year's sales at two quarterly tests running
    voluntary   its owner gives up, with hazard h = hv0 + hv1 exp(-annual sales / exit_sales) a year

Capital fetches a part of its book value and stocks a part of their cost; the rest of the value is
lost (`goods_sold_off`). The estate waits for its customers to pay and pays what falls due; it is
over when nothing more can come in and either no debt or no money is left, and after
`estate_weeks` at the latest. USD throughout.

Source: model specification §7.15. Left out: reorganisation under protection from creditors, sale
of a firm as a whole, an owner's personal guarantee.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE, CLOSING
from millworks.kernels import compiled
from millworks.world.keyed_draws import keyed_uniform

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STAYS, ARREARS, INSOLVENT, VOLUNTARY = range(4)
"""What `decide_exits` finds of a firm: it goes on, or why it closes."""

QUARTER = 13
QUARTERS_INSOLVENT = 2
"""Quarterly tests of book equity that must fail one after another."""
CENT = 0.01
"""Below it a claim is a rounding error of weeks of additions, and nobody collects it; USD."""

SOLD_OFF = {
    "R": ("inventory_sold", "inventory_devalued"),
    "M": (
        "inventory_sold",
        "inventory_devalued",
        "capital_sold",
        "capital_devalued",
        "finished_sold",
        "finished_devalued",
        "orders_devalued",
        "deposit_forfeited",
        "technology_devalued",
    ),
}
"""What estates get for what they hold, and what they lose on it, by holder letter."""


@compiled
def exit_hazard(annual_sales: float, large: float, small: float, scale: float) -> float:
    """Yearly hazard that an owner gives up: `large` for large firms, plus `small` for the smallest.

    `scale`: sales in USD a year at which the extra hazard has fallen by a factor e.
    """
    return large + small * math.exp(-annual_sales / scale)


@compiled
def quarters_insolvent(before: int, equity: float, annual_sales: float, bound: float) -> int:
    """Quarterly tests failed in a row, this one included.

    A firm that has sold nothing in a year has no size to measure its equity by and passes.
    """
    if annual_sales > 0.0 and equity < bound * annual_sales:
        return before + 1
    return 0


@compiled
def decide_exits(
    week: int,
    status: Ints,
    identity: Ints,
    generation: Ints,
    late_weeks: Ints,
    equity: Floats,
    annual_sales: Floats,
    insolvent: Ints,
    arrears: float,
    insolvency: float,
    large_hazard: float,
    small_hazard: float,
    scale: float,
    key0: np.uint64,
    key1: np.uint64,
    purpose: int,
    reason: Ints,
) -> None:
    """Write for each firm why it closes this week; `insolvent` counts its failed tests."""
    for firm in range(status.shape[0]):
        reason[firm] = STAYS
        if status[firm] != ACTIVE:
            continue
        if (week + identity[firm]) % QUARTER == 0:
            insolvent[firm] = quarters_insolvent(
                insolvent[firm], equity[firm], annual_sales[firm], insolvency
            )
        if late_weeks[firm] >= arrears:
            reason[firm] = ARREARS
        elif insolvent[firm] >= QUARTERS_INSOLVENT:
            reason[firm] = INSOLVENT
        else:
            hazard = exit_hazard(annual_sales[firm], large_hazard, small_hazard, scale) / 52.0
            if hazard > 0.0:
                luck = keyed_uniform(key0, key1, purpose, identity[firm], generation[firm], week, 0)
                if luck < hazard:
                    reason[firm] = VOLUNTARY


@compiled
def goods_sold_off(status: Ints, book: Floats, part: float, sold: Floats, devalued: Floats) -> None:
    """Closing firms sell what they hold at `part` of its book value; the rest is lost.

    `sold` and minus `devalued` add up to the book value exactly, so that nothing stays on the
    books. Others sell nothing.
    """
    for firm in range(status.shape[0]):
        sold[firm] = 0.0
        devalued[firm] = 0.0
        if status[firm] == CLOSING:
            sold[firm] = part * book[firm]
            devalued[firm] = sold[firm] - book[firm]


@compiled
def estates_settled(
    status: Ints,
    weeks_closing: Ints,
    incoming: Floats,
    unfiled: Floats,
    debts: Floats,
    money: Floats,
    most_weeks: float,
    settled: Flags,
) -> None:
    """Mark the closing firms whose unpaid debts are lost.

    `incoming`: what customers owe them, what arrives and what has not cleared; `unfiled`: output
    on which taxes are still to be filed; `money`: deposits that can be spent.
    """
    for firm in range(status.shape[0]):
        settled[firm] = False
        if status[firm] == CLOSING:
            nothing_comes = incoming[firm] <= CENT and unfiled[firm] <= 0.0
            nothing_to_do = debts[firm] <= CENT or money[firm] <= CENT
            waited = weeks_closing[firm] >= most_weeks
            settled[firm] = waited or (nothing_comes and nothing_to_do)
