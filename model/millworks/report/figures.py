"""Looking up the figures of a `LinearResult`, in one place for screen, charts and page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from millworks.errors import InputError
from millworks.report.names import RESTING_PLACES
from millworks.study.results import Check, LinearResult

EFFECTS = ("direct", "indirect", "induced")
REGIONS = ("local", "rest_of_us", "national")
QUANTITIES = ("output", "value_added", "labour_income", "jobs")

#: Below this many dollars per dollar a figure is zero for every reader (a hundredth of a cent).
NOTHING = 5e-5


@dataclass(frozen=True)
class Figure:
    """One figure by agents and by Leontief: USD per USD of orders, or job-years per $1M."""

    simulated: float
    analytic: float | None
    relative_difference: float | None


def figure(result: LinearResult, quantity: str, region: str, effect: str) -> Figure:
    """Return the figure of one quantity, region and effect.

    A total is given by both tables (Type I and Type II); the one that includes what the earlier
    effects include, Type II, is the total that is reported.
    """
    found = [
        row
        for row in result.rows
        if (row["quantity"], row["region"], row["effect"]) == (quantity, region, effect)
    ]
    if not found:
        raise InputError(
            f"The result of sector {result.sector!r} has no row for quantity {quantity!r}, region "
            f"{region!r}, effect {effect!r}."
        )
    row = next((row for row in found if row.get("table") == "type_ii"), found[0])
    return Figure(
        float(row["simulated"]), number(row["analytic"]), number(row["relative_difference"])
    )


def simulated(result: LinearResult, quantity: str, region: str, effect: str = "total") -> float:
    """Return the agents' figure alone."""
    return figure(result, quantity, region, effect).simulated


def has(result: LinearResult, quantity: str, region: str, effect: str = "total") -> bool:
    """Tell whether the result reports this figure."""
    return any(
        (row["quantity"], row["region"], row["effect"]) == (quantity, region, effect)
        for row in result.rows
    )


def worst_difference(rows: Iterable[dict[str, Any]]) -> float | None:
    """Return the largest relative difference from Leontief in size, None where nothing compares."""
    sizes = [
        abs(value)
        for value in (number(row["relative_difference"]) for row in rows)
        if value is not None
    ]
    return max(sizes, default=None)


def leontief_check(result: LinearResult) -> Check | None:
    """Return the check against Leontief; None where the run is too short for one."""
    return next((check for check in result.checks if "leontief" in check.id), None)


def leontief_distance(result: LinearResult) -> float | None:
    """Return how far output is from Leontief's, by the run's check or, without one, its totals."""
    check = leontief_check(result)
    if check is not None:
        return check.value
    return worst_difference(
        row
        for row in result.rows
        if (row["quantity"], row["effect"]) == ("output", "total") and row["region"] != "rest_of_us"
    )


def furthest(result: LinearResult) -> dict[str, Any] | None:
    """Return the row whose relative difference is the largest of all."""
    compared = [row for row in result.rows if number(row["relative_difference"]) is not None]
    return max(compared, key=lambda row: abs(row["relative_difference"]), default=None)


def number(value: Any) -> float | None:
    """Return a float, or None for what is missing or not a number."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def cumulative_path(result: LinearResult) -> pl.DataFrame:
    """Return the running total of output by week, effect and region (USD per USD of orders).

    Columns: week, effect, region, value (that week's flow), cumulative. Every pair of effect and
    region has a row in every week of the horizon, so that areas can be stacked.
    """
    path = result.path.select("week", "effect", "region", "value")
    weeks = path.select(pl.col("week").unique())
    pairs = path.select("effect", "region").unique(maintain_order=True)
    return (
        weeks.join(pairs, how="cross")
        .join(path, on=["week", "effect", "region"], how="left")
        .with_columns(pl.col("value").fill_null(0.0))
        .sort("effect", "region", "week")
        .with_columns(cumulative=pl.col("value").cum_sum().over("effect", "region"))
    )


def week_reaching(result: LinearResult, share: float) -> int:
    """Return the first week by which `share` of the output of the whole horizon was made."""
    by_week = result.path.group_by("week").agg(pl.col("value").sum()).sort("week")
    running = by_week["value"].cum_sum()
    reached = by_week.filter(running >= share * running[-1] * (1 - 1e-12))
    return int(reached["week"][0])


def recipients(result: LinearResult, quantity: str, region: str | None = None) -> pl.DataFrame:
    """Return who received, largest first: columns group, region, value (USD per USD of orders)."""
    chosen = result.recipients.filter(pl.col("quantity") == quantity)
    if region is not None:
        chosen = chosen.filter(pl.col("region") == region)
    return (
        chosen.group_by("group", "region", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("value", descending=True, maintain_order=True)
    )


def leakages(result: LinearResult) -> pl.DataFrame:
    """Return where the dollar came to rest: columns region, leakage, value (of one dollar).

    Regions in the order in which they are told, within one the largest first; nothings left out.
    """
    order = {place: number for number, place in enumerate(RESTING_PLACES)}
    return (
        result.leakages.select("region", "leakage", "value")
        .filter(pl.col("value").abs() >= NOTHING)
        .with_columns(place=pl.col("region").replace_strict(order, return_dtype=pl.Int64))
        .sort("place", "value", descending=[False, True], maintain_order=True)
        .drop("place")
    )


def resting(result: LinearResult) -> dict[str, float]:
    """Return the part of the dollar that came to rest in each place; nothings left out."""
    found: dict[str, float] = {}
    for region, _, value in leakages(result).iter_rows():
        found[region] = found.get(region, 0.0) + value
    return found


def unsettled_weeks(result: LinearResult) -> int | None:
    """Return the length of a run that is too short to have settled, None for any other."""
    return None if result.settled else result.horizon_weeks


def makers_are_estimated(result: LinearResult) -> bool:
    """Tell whether the number of makers is an estimate: not for the generic district."""
    return getattr(result.place, "national_share", None) is None


def manufacturing_reference(year: int) -> float:
    """Return the national Type II output multiplier of all manufacturing, 80 % of pay respent.

    From `compact_<year>_multipliers.csv`: a multiplier is linear in demand, so the one of the
    total is the mean of the sectors' weighted with their output.
    """
    from importlib.resources import files

    table = pl.read_csv(
        files("millworks").joinpath(f"data/compact_{year}_multipliers.csv").read_bytes()
    ).filter(pl.col("is_manufacturing") == 1)
    weights = table["output_musd"].to_numpy()
    return float(table["T2_wage_s80"].to_numpy() @ weights / weights.sum())
