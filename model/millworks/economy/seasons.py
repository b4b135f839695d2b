"""The season of manufacturers' shipments: a factor for each week, mean one over the year.

Months of the year lie over 52 weeks; each week takes its month's factor, and the 52 are scaled to a
mean of one. Week 0 is the first of January. Source: Census Bureau, Manufacturing and Trade
Inventories and Sales, not adjusted, 1992-2019. Left out: seasons that differ by sector.
"""

from __future__ import annotations

from functools import cache

from millworks.economy.embedded import read_rows

WEEKS = 52
SERIES = "MTIS_Manufacturing"


@cache
def _factors() -> tuple[float, ...]:
    months = {
        int(row["month"]): float(row["factor"])
        for row in read_rows("seasonality.csv")
        if row["code"] == SERIES
    }
    weeks = [months[1 + week * 12 // WEEKS] for week in range(WEEKS)]
    mean = sum(weeks) / WEEKS
    return tuple(factor / mean for factor in weeks)


def season_of_week(week: int) -> float:
    """Return orders of a week over the average week's."""
    return _factors()[week % WEEKS]


def season_ahead(week: int, weeks: int) -> float:
    """Return the mean factor of the `weeks` weeks after a week."""
    return sum(season_of_week(week + ahead) for ahead in range(1, weeks + 1)) / weeks
