"""The baseline's health: whether it stands still where it should, and what it leans on.

Without a trend in its causes a district must show none in output, prices, the constrained share
and lenders' capital: the 95 % interval over seeds of their slopes has to contain zero. Draws on
deposit insurance are counted and orders refused are listed by reason, so that nothing is hidden
in them.

Source: model specification §12 (T12 at g = 0), §14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from millworks_calibration.constrained import quarterly_constrained_share
from millworks_calibration.intervals import slope
from millworks_calibration.panel import QUARTERS_OF_YEAR, WEEKS_OF_YEAR, Floats, Panel

Read = Callable[[Panel], float | None]


@dataclass(frozen=True)
class Vital:
    """One figure of health: its unit and meaning, how it is read, whether it must be zero."""

    name: str
    unit: str
    meaning: str
    read: Read
    zero: bool = False


def yearly_constrained_share(panel: Panel) -> Floats:
    """Return D1, mean of the tests of each whole year."""
    quarters = quarterly_constrained_share(panel)
    years = len(quarters) // QUARTERS_OF_YEAR
    whole = quarters[: years * QUARTERS_OF_YEAR].reshape(years, QUARTERS_OF_YEAR)
    return whole[np.isfinite(whole).all(axis=1)].mean(axis=1)


def yearly_series(panel: Panel) -> dict[str, Floats]:
    """Return the series whose trend is judged, one value per whole year."""
    return {
        "output": panel.yearly("output"),
        "price": panel.yearly("price"),
        "D1": yearly_constrained_share(panel),
        "lender_equity": panel.yearly("lender_equity"),
    }


def _growth(name: str) -> Read:
    """Slope per year relative to the mean; equity may pass zero, so no logarithm."""

    def read(panel: Panel) -> float | None:
        series = yearly_series(panel)[name]
        step = slope(list(series))
        mean = abs(float(series.mean())) if series.size else 0.0
        return step / mean if step is not None and mean > 0.0 else None

    return read


def _mean_rate(top: str, bottom: str, times: float) -> Read:
    def read(panel: Panel) -> float | None:
        whole = float(panel.weekly[bottom].sum())
        return times * float(panel.weekly[top].sum()) / whole if whole > 0.0 else None

    return read


def _refused_share(panel: Panel) -> float | None:
    orders = float(panel.weekly["orders"].sum())
    return float(panel.weekly["refused"].sum()) / orders if orders > 0.0 else None


VITALS: tuple[Vital, ...] = (
    Vital(
        "output_trend", "1/year", "growth of gross output at base prices", _growth("output"), True
    ),
    Vital("price_trend", "1/year", "growth of makers' mean price", _growth("price"), True),
    Vital(
        "constrained_trend",
        "share/year",
        "change of the share of makers constrained now (D1)",
        lambda panel: slope(list(yearly_constrained_share(panel))),
        True,
    ),
    Vital(
        "lender_equity_trend",
        "1/year",
        "growth of lenders' capital",
        _growth("lender_equity"),
        True,
    ),
    Vital(
        "insurance_draws",
        "lender-weeks/year",
        "holes in lenders' capital filled by deposit insurance, count",
        lambda panel: WEEKS_OF_YEAR * float(panel.weekly["insured_lenders"].mean()),
    ),
    Vital(
        "insurance_paid",
        "USD/year",
        "holes in lenders' capital filled by deposit insurance, place at full scale",
        lambda panel: WEEKS_OF_YEAR * float(panel.weekly["insured"].mean()) / panel.scale,
    ),
    Vital(
        "births",
        "1/year",
        "makers born over makers that trade",
        _mean_rate("births", "makers_active", WEEKS_OF_YEAR),
    ),
    Vital(
        "exits",
        "1/year",
        "makers that stop trading over makers that trade",
        _mean_rate("exits", "makers_active", WEEKS_OF_YEAR),
    ),
    Vital(
        "failures",
        "1/year",
        "makers found unable to pay over makers that trade",
        _mean_rate("failures", "makers_active", WEEKS_OF_YEAR),
    ),
    Vital("refused", "share of orders", "orders refused, every reason", _refused_share),
)
"""Every figure of health but orders refused by reason, which `refused_by_reason` gives."""


def refused_by_reason(panel: Panel) -> dict[str, float]:
    """Return the share of orders refused for each reason."""
    orders = float(panel.weekly["orders"].sum())
    if orders <= 0.0:
        return {}
    sums = panel.weekly["refused"].sum(axis=0)
    return {
        reason: float(amount) / orders for reason, amount in zip(panel.reasons, sums, strict=True)
    }


def output_per_job_ratio(panel: Panel) -> float | None:
    """Return output per job of makers over that of partners, None without partners."""
    maker_jobs = float(panel.weekly["maker_jobs"].mean())
    partner_jobs = float(panel.weekly["partner_jobs"].mean())
    partner_output = float(panel.weekly["partner_output"].mean())
    if min(maker_jobs, partner_jobs, partner_output) <= 0.0:
        return None
    return (float(panel.weekly["maker_output"].mean()) / maker_jobs) / (
        partner_output / partner_jobs
    )
