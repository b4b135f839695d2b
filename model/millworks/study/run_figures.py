"""From weekly sums to the quantities of a study: one formula each, for any window of weeks.

A formula sees sums over a window and gives the figure of the whole place: flows per year, stocks
and counts as means over the weeks, shares as one sum over another (so that a week with few tests
counts for little). The same formula serves the horizon, a quarter, a week and a size class.

Source: model specification §10.2 (who is constrained), §10.3 (fill), §10.4 (cost).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.agents.producer import REASONS
from millworks.economy.sectors import MANUFACTURING_SECTORS
from millworks.study.producer_sums import AGES, BY_GROUP, BY_SECTOR, OF_GROUP, OF_SECTOR
from millworks.study.quantities import (
    BY_SIZE,
    PATHS,
    RUN_QUANTITIES,
    SIZE_CLASSES,
    SURVIVAL_OF_NEWCOMERS,
    SURVIVAL_YEARS,
)
from millworks.study.run_measures import COST, DISCOUNT, FLOW, WEEKS_OF_YEAR

Floats = npt.NDArray[np.float64]

WEEKS_OF_PERIOD = 13
"""Weeks over which what a run leaves is added up."""


@dataclass(frozen=True, eq=False)
class Window:
    """Sums over `weeks` weeks of each column: `sums` [..., columns]; `scale`: part simulated.

    With `group` only that group of manufacturers is looked at, else the whole place.
    """

    sums: Floats
    columns: Mapping[str, int]
    weeks: Floats | float
    scale: float
    group: str = ""

    def of(self, name: str) -> Floats:
        """Return a sum [...] over the manufacturers of the group, or over all of them."""
        if name not in BY_GROUP:
            return self.sums[..., self.columns[name]]
        groups = [self.group] if self.group else SIZE_CLASSES
        places = [self.columns[f"{name}{OF_GROUP}{group}"] for group in groups]
        return self.sums[..., places].sum(axis=-1)

    def place(self, name: str) -> Floats:
        """Return a sum over all firms of the district, or of the group if one is looked at."""
        return self.of(name if self.group else f"district_{name}")

    def a_year(self, sums: Floats) -> Floats:
        """Return a flow of the whole place per year."""
        return sums * WEEKS_OF_YEAR / (self.weeks * self.scale)

    def mean(self, sums: Floats) -> Floats:
        """Return the mean over the weeks of a stock or a count of the whole place."""
        return sums / (self.weeks * self.scale)

    def present(self, sums: Floats) -> Floats:
        """Return the present value in the first week of flows [..., periods] of the whole place.

        For a window of the periods of a horizon: each is discounted by the mean of its weeks.
        """
        weeks = np.asarray(self.weeks, dtype=np.int64)
        weekly = (1.0 + DISCOUNT) ** (-np.arange(weeks.sum()) / WEEKS_OF_YEAR)
        starts = np.cumsum(weeks) - weeks
        return sums @ (np.add.reduceat(weekly, starts) / weeks) / self.scale

    def refused(self) -> Floats:
        """Return orders refused for any reason."""
        parts = [self.of(f"refused_{reason}") for reason in REASONS]
        return np.sum(parts, axis=0)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """Return `top` over `bottom`; nan where there is nothing to divide by."""
    nothing = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.divide(top, bottom, out=nothing, where=np.asarray(bottom) > 0.0)


FEWEST_NEWCOMERS = 10.0
"""Newcomers seen through a band of age, or their weeks in all, without which none is told."""


def survival(window: Window) -> Floats:
    """Return the part of the makers trading when the study began that the window did not lose."""
    started = window.of("started") / window.weeks
    return ratio(started - window.of("lost"), started)


def survival_of_newcomers(window: Window, years: int) -> Floats:
    """Return the part of newcomers that reaches an age: the product of weekly chances to stay.

    A band of age has one chance, from all newcomers seen at that age, however long they are
    followed: makers born late count for the weeks they are seen, so the end of the horizon biases
    nothing (Kaplan and Meier 1958, in bands). nan where fewer than `FEWEST_NEWCOMERS` were seen
    through a band: a power of a chance from a handful of firms says nothing.
    """
    part = np.ones(1)
    for band, last in enumerate(SURVIVAL_YEARS[: SURVIVAL_YEARS.index(years) + 1]):
        weeks = AGES[band] - (AGES[band - 1] if band else 0)
        at_risk, lost = (window.of(f"newcomers_{what}_{last}") for what in ("at_risk", "lost"))
        enough = np.where(at_risk >= FEWEST_NEWCOMERS * weeks, at_risk, 0.0)
        part = part * (1.0 - ratio(lost, enough)) ** weeks
    return part.reshape(window.sums.shape[:-1])


def _of_newcomers(years: int) -> Callable[[Window], Floats]:
    return lambda window: survival_of_newcomers(window, years)


FORMULAS: dict[str, Callable[[Window], Floats]] = {
    "value_added": lambda w: w.a_year(w.place("value_added")),
    "output": lambda w: w.a_year(w.place("output")),
    "jobs": lambda w: w.mean(w.place("jobs")),
    "income": lambda w: w.a_year(w.of("income")),
    "constrained_now": lambda w: ratio(w.of("constrained"), w.of("tested")),
    "constrained_any": lambda w: ratio(w.of("constrained_any"), w.of("tested")),
    "constrained_of_wanting": lambda w: ratio(w.of("constrained_any"), w.of("wanted_any")),
    "constrained_always": lambda w: ratio(w.of("constrained_always"), w.of("tested")),
    "want_share": lambda w: ratio(w.of("wants"), w.of("tested")),
    "finance_gap": lambda w: w.mean(w.of("money_missing")),
    "public_cost": lambda w: w.of("cost_present") / w.scale,
    "resource_cost": lambda w: w.of("resource_cost_present") / w.scale,
    "job_years": lambda w: w.place("jobs") / (WEEKS_OF_YEAR * w.scale),
    "labour_income": lambda w: w.a_year(w.place("labour_income")),
    "investment": lambda w: w.a_year(w.of("investment")),
    "fill_rate": lambda w: ratio(w.of("fill_orders"), w.of("orders")),
    "lead_time": lambda w: ratio(w.of("waiting"), w.of("shipped")),
    "refused": lambda w: ratio(w.refused(), w.of("orders")),
    "makers_active": lambda w: w.mean(w.of("active")),
    "births": lambda w: w.a_year(w.of("births")),
    "exits": lambda w: w.a_year(w.of("exits")),
    "survival": survival,
    **{
        name: _of_newcomers(years)
        for name, years in zip(SURVIVAL_OF_NEWCOMERS, SURVIVAL_YEARS, strict=True)
    },
    "retention": lambda w: ratio(w.of("district_value_added"), w.of("final_sales")),
    "utilisation": lambda w: ratio(w.of("output"), w.of("capacity")),
    "price": lambda w: ratio(w.of("price_output"), w.of("output")),
    "outlay": lambda w: w.a_year(w.of("cost")),
    "levy": lambda w: w.a_year(w.of("levy")),
}
"""Quantity -> its figure in a window. Job-years per million, ratios of two effects, have none."""

FLOWS = frozenset(
    key
    for key, quantity in RUN_QUANTITIES.items()
    if quantity.unit.endswith("a year") and key in FORMULAS
)
"""Quantities that are flows: smoothed where they are followed week by week."""


@dataclass(frozen=True, eq=False)
class ArmRecord:
    """What is kept of one arm of one seed.

    `periods` [periods, columns]: sums over 13 weeks each (the last may be shorter); `paths`
    [weeks, PATHS]: quantities of each week; `start` its first week.
    """

    periods: Floats
    paths: Floats

    @property
    def weeks(self) -> int:
        """Weeks of the horizon."""
        return len(self.paths)


def reduced(values: Floats, columns: tuple[str, ...], scale: float) -> ArmRecord:
    """Return what is kept of a table [weeks, columns] of weekly sums."""
    starts = np.arange(0, len(values), WEEKS_OF_PERIOD)
    places = {name: number for number, name in enumerate(columns)}
    weekly = Window(values, places, 1.0, scale)
    paths = np.stack([FORMULAS[name](weekly) for name in PATHS], axis=-1)
    return ArmRecord(np.add.reduceat(values, starts, axis=0), paths)


def weeks_of_periods(weeks: int) -> Floats:
    """Return how many weeks each period of a horizon has."""
    starts = np.arange(0, weeks, WEEKS_OF_PERIOD)
    return np.diff(np.append(starts, weeks)).astype(float)


def figures(window: Window) -> dict[tuple[str, str], Floats]:
    """Return every quantity of the place and those of its size classes: (quantity, size) -> [...].

    The size of figures of the whole place is 'all'.
    """
    found = {(name, "all"): formula(window) for name, formula in FORMULAS.items()}
    for group in SIZE_CLASSES:
        part = Window(window.sums, window.columns, window.weeks, window.scale, group)
        for name in BY_SIZE:
            found[name, group] = FORMULAS[name](part)
    return found


def by_sector(window: Window) -> dict[tuple[str, str], Floats]:
    """Return figures of manufacturers by sector: (quantity, sector) -> [...], of those that make.

    Quantities are those of `BY_SECTOR`, flows per year and mean jobs; small makers and large are
    together in a sector, so that sectors add up to the size classes.
    """
    found = {}
    for sector in MANUFACTURING_SECTORS:
        if not window.of(f"output{OF_SECTOR}{sector}").any():
            continue
        for name in BY_SECTOR:
            sums = window.of(f"{name}{OF_SECTOR}{sector}")
            found[name, sector] = window.mean(sums) if name == "jobs" else window.a_year(sums)
    return found


def costs(window: Window) -> dict[str, Floats]:
    """Return what each policy paid out over the window, USD of the whole place."""
    return _marked(window, COST)


def flows(window: Window) -> dict[str, Floats]:
    """Return what each posting of programmes moved over the window, USD of the whole place."""
    return _marked(window, FLOW)


def _marked(window: Window, mark: str) -> dict[str, Floats]:
    return {
        name.removeprefix(mark): window.of(name) / window.scale
        for name in window.columns
        if name.startswith(mark)
    }
