"""The moments: each a pure function of a recorded panel, named as in `targets/moments.csv`.

A function returns one figure of one seed in the unit of its target, or raises `NotMeasured` with
the reason. Definitions stand in the table of targets; here is how they are computed. Ratios pool
firms and years of a seed before dividing; medians are over firm-years.

Source: model specification §13.1, §13.2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from millworks.economy.sectors import sector_index
from millworks_calibration.panel import (
    QUARTERS_OF_YEAR,
    WEEKS_OF_YEAR,
    Firms,
    Flags,
    Floats,
    NotMeasured,
    Panel,
)

Moment = Callable[[Panel], float]

MOMENTS: dict[str, Moment] = {}
"""Name of a measure -> the function that reads it off a panel."""

DAYS_OF_YEAR = 7.0 * WEEKS_OF_YEAR
INACTIVE, SPIKE = 0.01, 0.20
"""Capital bought in a year over capital at its start: below is inaction, above a spike."""
THREE_YEARS = 12
"""Quarterly tests in three years."""
SURVEYED = 250.0
"""Employees below which a maker belongs to the survey of H6."""


def moment(name: str) -> Callable[[Moment], Moment]:
    """Enter a function in `MOMENTS`."""

    def enter(function: Moment) -> Moment:
        MOMENTS[name] = function
        return function

    return enter


def _quotient(top: float, bottom: float, what: str) -> float:
    if bottom <= 0.0:
        raise NotMeasured(f"there is no {what} in this run")
    return top / bottom


# --- money (M1, M4, M7, M14, H7)


def buffer_days(panel: Panel) -> Floats:
    """Days of outflow held, [firm-years] of makers and retailers."""
    panel.need_years(1)
    days = []
    for firms in (panel.makers, panel.retailers):
        for first, last in panel.years():
            outflow = firms.over("outflow", first, last)
            there = firms.same_firm(first, last) & (outflow > 0.0)
            held = firms.over("deposit_weeks", first, last)[there] / WEEKS_OF_YEAR
            days.append(held / (outflow[there] / DAYS_OF_YEAR))
    found = np.concatenate(days)
    if not found.size:
        raise NotMeasured("no firm traded through a year")
    return found


def _buffer_quantile(part: float) -> Moment:
    return lambda panel: float(np.quantile(buffer_days(panel), part))


moment("buffer_lower_quartile")(_buffer_quantile(0.25))
moment("buffer_median")(_buffer_quantile(0.50))
moment("buffer_upper_quartile")(_buffer_quantile(0.75))


@moment("days_to_collect")
def days_to_collect(panel: Panel) -> float:
    """Days of invoices that are unpaid (Little's law over the whole observation)."""
    panel.need_years(1)
    invoiced = float(panel.weekly["invoiced"].mean())
    return 7.0 * _quotient(float(panel.weekly["receivable"].mean()), invoiced, "invoice")


@moment("net_margin")
def net_margin(panel: Panel) -> float:
    """Median over maker-years of income over invoices."""
    panel.need_years(1)
    margins = []
    for first, last in panel.years():
        sales = panel.makers.over("invoiced", first, last)
        there = panel.makers.same_firm(first, last) & (sales > 0.0)
        margins.append(panel.makers.over("income", first, last)[there] / sales[there])
    found = np.concatenate(margins)
    if not found.size:
        raise NotMeasured("no maker traded through a year")
    return float(np.median(found))


@moment("debt_to_sales")
def debt_to_sales(panel: Panel) -> float:
    """Debt of makers over their annual sales, sums over snapshots."""
    active = panel.makers.active
    sales = float(panel.makers.annual_sales[active].sum())
    return _quotient(float(panel.makers.debt[active].sum()), sales, "maker with sales")


def _returned(kind: str) -> Moment:
    def share(panel: Panel) -> float:
        panel.need_years(1)
        sales = float(panel.weekly[f"{kind}_sales"].sum())
        returned = float(panel.weekly[f"{kind}_returned"].sum())
        return _quotient(returned, sales, "such shop")

    return share


moment("returned_by_independents")(_returned("retail"))
moment("returned_by_chains")(_returned("chain"))


# --- credit, from simulated applications (M2, M3), and the wish for it (M13, H6)


def _approved(low: float, high: float) -> Moment:
    """Share of applications of makers with annual sales in [low, high) that get all they ask."""

    def share(panel: Panel) -> float:
        makers = panel.makers
        asked = makers.tested & (makers.request > 0.0)
        asked &= (makers.annual_sales >= low) & (makers.annual_sales < high)
        # A request met to the last bit is met; the offer is a minimum that contains it.
        full = asked & (makers.offer >= makers.request * (1.0 - 1e-9))
        return _quotient(float(full.sum()), float(asked.sum()), "application of that size")

    return share


moment("approved_below_100k")(_approved(0.0, 1e5))
moment("approved_100k_to_1m")(_approved(1e5, 1e6))
moment("approved_1m_to_10m")(_approved(1e6, 1e7))
moment("approved_above_10m")(_approved(1e7, np.inf))
moment("approved_all")(_approved(0.0, np.inf))


@moment("not_interested")
def not_interested(panel: Panel) -> float:
    """Share of tests that find no wish to grow."""
    tested = panel.makers.tested
    idle = tested & ~panel.makers.wants
    return _quotient(float(idle.sum()), float(tested.sum()), "quarterly test")


def _credit_history(panel: Panel) -> tuple[Flags, Flags, Flags]:
    """Of makers that traded for three years, [makers]: wanted, turned down, discouraged, ever."""
    panel.need_years(3)
    makers = panel.makers
    history = []
    for first in range(0, panel.snapshots - THREE_YEARS, THREE_YEARS):
        tests = slice(first + 1, first + THREE_YEARS + 1)
        there = makers.same_firm(first, first + THREE_YEARS) & (makers.jobs[first] < SURVEYED)
        discouraged = makers.discouraged[tests] & makers.tested[tests]
        refused = makers.constrained[tests] & makers.tested[tests] & ~discouraged
        wanted = makers.wants[tests] & makers.tested[tests]
        history.append([np.any(ever[:, there], axis=0) for ever in (wanted, refused, discouraged)])
    wanted, refused, discouraged = (np.concatenate(parts) for parts in zip(*history, strict=True))
    return wanted, refused, discouraged


@moment("turned_down")
def turned_down(panel: Panel) -> float:
    """Share of makers offered less than they needed at any test of three years."""
    _, refused, _ = _credit_history(panel)
    return _quotient(float(refused.sum()), float(refused.size), "maker that traded three years")


@moment("discouraged")
def discouraged(panel: Panel) -> float:
    """Share of those that wanted money which never asked, expecting a refusal."""
    wanted, refused, shy = _credit_history(panel)
    silent = wanted & shy & ~refused
    return _quotient(float(silent.sum()), float(wanted.sum()), "maker that wanted money")


# --- stocks, capacity, capital (M5, M6, M12, H3)


def _inventories_to_sales(panel: Panel, sector: int | None) -> float:
    panel.need_years(1)
    held = sold = 0.0
    for firms in (panel.makers, panel.partners):
        mine = np.full(firms.sector.shape, True)
        if sector is not None:
            mine = np.isin(firms.sector, [sector])
        # Snapshot 0 ends no quarter of the observation: its invoices are not in the panel.
        held += float(firms.inventories[1:][mine[1:]].sum())
        sold += float(firms.invoiced[1:][mine[1:]].sum())
    # Each quarter brings one snapshot of stocks and three months of sales.
    return _quotient(held, sold / 3.0, "such maker")


@moment("inventories_to_sales")
def inventories_to_sales(panel: Panel) -> float:
    """Months of sales on hand, makers and partners."""
    return _inventories_to_sales(panel, None)


@moment("inventories_to_sales_misc")
def inventories_to_sales_misc(panel: Panel) -> float:
    """Months of sales on hand, miscellaneous manufacturing."""
    return _inventories_to_sales(panel, sector_index("MISC"))


@moment("utilisation")
def utilisation(panel: Panel) -> float:
    """Output over capacity of makers and partners, over all weeks."""
    panel.need_years(1)
    capacity = float(panel.weekly["capacity"].sum())
    return _quotient(float(panel.weekly["made"].sum()), capacity, "capacity")


def _investment_rates(panel: Panel) -> Floats:
    """Capital bought in a year over capital at its start, [maker-years]."""
    panel.need_years(1)
    rates = []
    for first, last in panel.years():
        capital = panel.makers.capital[first]
        there = panel.makers.same_firm(first, last) & (capital > 0.0)
        rates.append(panel.makers.over("invested", first, last)[there] / capital[there])
    found = np.concatenate(rates)
    if not found.size:
        raise NotMeasured("no maker traded through a year")
    return found


@moment("inaction")
def inaction(panel: Panel) -> float:
    """Share of maker-years with next to no investment."""
    return float((_investment_rates(panel) < INACTIVE).mean())


@moment("spikes")
def spikes(panel: Panel) -> float:
    """Share of maker-years with an investment spike."""
    return float((_investment_rates(panel) > SPIKE).mean())


# --- coming, growing and going (M8 to M11, H2)


@moment("death_rate")
def death_rate(panel: Panel) -> float:
    """Makers that stop trading in a year over makers and partners that trade."""
    panel.need_years(1)
    weekly_exits = float(panel.weekly["exits"].mean())
    firms = float(panel.weekly["makers_active"].mean()) + float(panel.partners.active[0].sum())
    return _quotient(WEEKS_OF_YEAR * weekly_exits, firms, "firm")


def survival(panel: Panel, firms: Firms, years: int) -> float:
    """Share of firms less than a year old at a snapshot that trade so many years later."""
    panel.need_years(years)
    ahead = years * QUARTERS_OF_YEAR
    young = alive = 0
    for first in range(panel.snapshots - ahead):
        new = firms.active[first] & (firms.generation[first] > 0)
        new &= firms.born[first] > panel.weeks[first] - WEEKS_OF_YEAR
        young += int(new.sum())
        alive += int((new & firms.same_firm(first, first + ahead)).sum())
    return _quotient(float(alive), float(young), "birth early enough")


moment("maker_survival_1y")(lambda panel: survival(panel, panel.makers, 1))
moment("maker_survival_3y")(lambda panel: survival(panel, panel.makers, 3))
moment("retailer_survival_5y")(lambda panel: survival(panel, panel.retailers, 5))


def _firms_below(employees: float) -> Moment:
    def share(panel: Panel) -> float:
        panel.need_years(1)
        # The data are the nation's: elsewhere the mix at the founding is compared, not the model,
        # and a scale model thins out the large firms.
        if not panel.national_mix:
            raise NotMeasured("is a national mix; this place was founded with another")
        if panel.scale < 1.0 - 1e-9:
            raise NotMeasured("needs the place at its full number of makers")
        jobs = np.concatenate(
            [firms.jobs[-1][firms.active[-1]] for firms in (panel.makers, panel.partners)]
        )
        return _quotient(float((jobs < employees).sum()), float(jobs.size), "firm")

    return share


moment("firms_below_5")(_firms_below(5.0))
moment("firms_below_20")(_firms_below(20.0))
moment("firms_below_100")(_firms_below(100.0))


def _job_flow(sign: float) -> Moment:
    """Gains (+1) or losses (-1) of jobs at firms that stay, over mean employment of all."""

    def rate(panel: Panel) -> float:
        panel.need_years(1)
        moved = employed = 0.0
        for firms in (panel.makers, panel.partners):
            for first, last in panel.years():
                stays = firms.same_firm(first, last)
                change = sign * (firms.jobs[last] - firms.jobs[first])[stays]
                moved += float(np.maximum(0.0, change).sum())
                employed += sum(float(firms.jobs[q][firms.active[q]].sum()) for q in (first, last))
        return _quotient(moved, employed / 2.0, "job")

    return rate


moment("job_creation")(_job_flow(1.0))
moment("job_destruction")(_job_flow(-1.0))
