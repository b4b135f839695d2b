"""What an arm of the multiplier with frictions is measured by, week by week.

In the district: output, value added, pay and jobs at prices of the base year, as in every study
(`study.run_measures`). In the rest of the US: the same quantities by the national coefficients of
what its rounds produce (`world.rest_of_us`), all of them, and those of `displaced` sales alone,
which are part of all. `delivered` is what the district's manufacturers ship to outside customers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.district_model import DistrictModel
from millworks.study.run_measures import RunMeasures

Floats = npt.NDArray[np.float64]

QUANTITIES = ("output", "value_added", "labour_income", "jobs")
REGIONS = ("local", "rest_of_us", "national", "displaced")
"""The nation is the district and the rest of the US; `displaced` is that part of the rest of the US
which comes of sales that it loses to the district, or wins from it."""

LOCAL = tuple(f"district_{name}" for name in QUANTITIES)
OTHERS = ("delivered", "invested", "levied", "active")
"""Shipped to outside customers (base USD); equity paid in for capacity (USD); levy received (USD);
makers in business."""


class FrictionSeries:
    """The series of one arm: `of[region, quantity]` and `of[name]` for `OTHERS`, each [weeks].

    Quantities are USD of the base year a week; jobs are job-years a week.
    """

    def __init__(self, world: DistrictModel, weeks: int) -> None:
        national, jobs = world.technology.national, world.technology.jobs
        self._coefficients = np.array(
            [np.ones_like(jobs), national.value_added, national.compensation, jobs]
        )
        self._district = RunMeasures(world, weeks, ())
        self._columns = [self._district.columns.index(name) for name in LOCAL]
        self._us, self._displaced = (np.zeros((weeks, len(QUANTITIES))) for _ in range(2))
        self._others = np.zeros((weeks, len(OTHERS)))
        self._week = 0

    def record(self, world: DistrictModel) -> None:
        """Read the week that has just ended."""
        self._district.record(world)
        rest, trade, makers = world.rest_of_us, world.trade, world.population("M")
        self._us[self._week] = self._coefficients @ rest.whole_output
        self._displaced[self._week] = self._coefficients @ rest.sales.output
        self._others[self._week] = (
            trade.shipped[trade.outside_customers].sum(),
            makers.equity_invested.sum(),
            world.population("G").levied[0],
            np.count_nonzero(makers.status == ACTIVE),
        )
        self._week += 1

    def totals(self, weeks: int) -> dict[str | tuple[str, str], float]:
        """Sums over the first `weeks` weeks, by (region, quantity) and by name of `OTHERS`."""
        local = self._district.values[:weeks, self._columns].sum(axis=0)
        local[QUANTITIES.index("jobs")] /= 52.0
        us, displaced = (part[:weeks].sum(axis=0) for part in (self._us, self._displaced))
        found: dict[str | tuple[str, str], float] = {}
        for region, values in zip(REGIONS, (local, us, local + us, displaced), strict=True):
            for quantity, value in zip(QUANTITIES, values, strict=True):
                found[region, quantity] = float(value)
        others = self._others[:weeks].sum(axis=0)
        return found | dict(zip(OTHERS, map(float, others), strict=True))

    def outputs(self, weeks: int) -> Floats:
        """Output a week in the district and in the nation, [2, weeks]."""
        local = self._district.values[:weeks, self._columns[QUANTITIES.index("output")]]
        return np.array([local, local + self._us[:weeks, QUANTITIES.index("output")]])

    @property
    def active(self) -> Floats:
        """Makers in business, [weeks]."""
        return self._others[:, OTHERS.index("active")]
