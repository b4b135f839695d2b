"""What is kept of one simulated world: a panel of firms each quarter, sums of the district weekly.

Everything a moment needs is in a `Panel`, so that moments are pure functions of it and can be
tested on panels made by hand. The columns are declared here, with unit and meaning; `record`
fills them from a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

WEEKS_OF_QUARTER, WEEKS_OF_YEAR, QUARTERS_OF_YEAR = 13, 52, 4

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

STATES: dict[str, str] = {
    "active": "whether it trades",
    "generation": "how many firms have held the row before",
    "born": "week of its birth",
    "sector": "index of its sector",
    "jobs": "employees",
    "annual_sales": "USD/year, sales of the last 52 weeks",
    "debt": "USD, term loans and credit line in use",
    "inventories": "USD, inputs and finished goods on hand at cost",
    "capital": "USD, plant and equipment at book value",
    "tested": "whether its quarterly test fell into this quarter",
    "wants": "found at the test: orders refused for want of means, or a project that pays",
    "constrained": "found at the test: wants, and money within reach does not suffice",
    "indivisible": "found at the test: a project would pay if machines came smaller",
    "discouraged": "found at the test: did not apply, expecting a refusal",
    "money_missing": "USD, found at the test: money out of reach",
    "missing_term": "index of `Panel.terms`: what binds the best offer, -1 nothing",
    "request": "USD, simulated application of the quarter",
    "offer": "USD, best offer to it",
}
"""Columns of a snapshot at the end of a quarter."""

FLOWS: dict[str, str] = {
    "deposit_weeks": "USD x weeks, deposits summed over the weeks of the quarter",
    "outflow": "USD, pay, taxes, services, goods, rent, freight and debt service paid",
    "income": "USD, income before owners' draws",
    "invoiced": "USD, goods invoiced",
    "invested": "USD, capital goods bought, replacement included",
}
"""Columns added up over the quarter that ends with a snapshot; zero at snapshot 0."""

KEPT: dict[str, tuple[str, ...]] = {
    "makers": (*STATES, *FLOWS),
    "partners": ("active", "generation", "sector", "jobs", "inventories", "invoiced"),
    "retailers": ("active", "generation", "born", "deposit_weeks", "outflow"),
}
"""Kind of firm -> columns kept of it."""

WEEKLY: dict[str, str] = {
    "output": "base USD/week, gross output of all firms of the district",
    "price": "ratio, makers' prices weighted by output",
    "made": "base USD/week, output of makers and partners",
    "capacity": "base USD/week, capacity of makers and partners",
    "maker_output": "base USD/week, output of makers",
    "maker_jobs": "jobs at makers",
    "partner_output": "base USD/week, output of partners",
    "partner_jobs": "jobs at partners",
    "receivable": "USD, invoices of makers not yet paid",
    "invoiced": "USD/week, goods invoiced by makers",
    "orders": "base USD/week, orders received by makers and partners",
    "refused": "base USD/week, orders refused, by reason",
    "lender_equity": "USD, capital of the lenders",
    "insured": "USD/week, holes in lenders' capital filled by deposit insurance",
    "insured_lenders": "lenders whose capital was filled up in the week",
    "makers_active": "makers that trade",
    "births": "makers born",
    "exits": "makers that stopped trading",
    "failures": "makers found unable to pay, before or after they stopped trading",
    "retail_sales": "USD/week, sales of independent retailers",
    "retail_returned": "USD/week, part of them paid to residents, local owners and firms",
    "chain_sales": "USD/week, sales of chains in the district",
    "chain_returned": "USD/week, part of them paid to residents and local firms",
}
"""Series of the district, one value a week (one per reason for `refused`)."""


class NotMeasured(Exception):
    """A panel cannot show this figure; the message says why."""


@dataclass(frozen=True, eq=False)
class Firms:
    """The snapshots of one kind of firm: `columns[name]` is [snapshots, rows]."""

    columns: Mapping[str, Column]

    def __getattr__(self, name: str) -> Column:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(f"the panel keeps no column {name!r}") from None

    @property
    def rows(self) -> int:
        """Rows of this kind."""
        return self.active.shape[1]

    def same_firm(self, first: int, last: int) -> Flags:
        """Return which rows [rows] hold the same trading firm at two snapshots."""
        return (
            self.active[first]
            & self.active[last]
            & (self.generation[first] == self.generation[last])
        )

    def over(self, name: str, first: int, last: int) -> Floats:
        """Return a flow [rows] summed over the quarters after `first` up to `last`."""
        return self.columns[name][first + 1 : last + 1].sum(axis=0)


@dataclass(frozen=True, eq=False)
class Panel:
    """What one seed's world left behind: `snapshots` at the end of each quarter, from the last
    week of the burn-in on, and `weekly` series of the weeks after it.

    `weeks` [snapshots]: week of each snapshot. `scale`: part of the place that is simulated, by
    which USD are divided. `national_mix`: whether the firms were founded with the nation's mix of
    sizes. `terms`: names of what can bind an offer; `reasons`: names of what
    makes a unit refused. `worst_residual`: largest residual of the accounting identities.
    """

    seed: int
    scale: float
    weeks: npt.NDArray[np.int64]
    makers: Firms
    partners: Firms
    retailers: Firms
    weekly: Mapping[str, Floats]
    terms: tuple[str, ...]
    reasons: tuple[str, ...]
    worst_residual: float = 0.0
    national_mix: bool = True

    @property
    def snapshots(self) -> int:
        """Number of snapshots, the one at the end of the burn-in included."""
        return len(self.weeks)

    def years(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of snapshots at the two ends of each whole year."""
        for end in range(QUARTERS_OF_YEAR, self.snapshots, QUARTERS_OF_YEAR):
            yield end - QUARTERS_OF_YEAR, end

    def yearly(self, name: str) -> Floats:
        """Return the mean of a weekly series in each whole year."""
        series = self.weekly[name]
        whole = len(series) // WEEKS_OF_YEAR
        return series[: whole * WEEKS_OF_YEAR].reshape(whole, WEEKS_OF_YEAR).mean(axis=1)

    def need_years(self, years: int) -> None:
        """Raise NotMeasured unless so many years were observed."""
        observed = (self.snapshots - 1) // QUARTERS_OF_YEAR
        if observed < years:
            count = "a year" if years == 1 else f"{years} years"
            raise NotMeasured(f"needs {count} of observation; this run has {observed}")
