"""The health of a study's baseline: whether the world in which a policy is tried stands still.

Capacity utilisation and exits are held against the bands of the data, with which `millworks
validate` compares them too (`calibration/targets/moments.csv`, M6 and M8): the interval over pairs
has to meet the band. Output, prices, the share of constrained makers (D2) and lenders' capital must
show no trend: the interval of their slopes over the years has to hold zero. Every check says how
far off a figure is and how far it may be.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from millworks.study.effects import estimate, slope
from millworks.study.results import Check
from millworks.study.run_figures import FORMULAS, WEEKS_OF_PERIOD, Window
from millworks.study.run_measures import WEEKS_OF_YEAR

Floats = npt.NDArray[np.float64]

YEARS_FOR_A_TREND = 3
TOLERANCE_OF_BOOKS = 1e-9

BANDS = {"utilisation": "M6", "exit_rate": "M8"}
"""Figure of health -> target of the data it is held against."""

TRENDS = {
    "output": "gross output",
    "price": "makers' prices",
    "constrained_any": "the share of constrained makers (D2)",
    "lender_equity": "lenders' capital",
}
"""Series that must not drift -> how it is called."""


def health_checks(
    periods: Floats, columns: dict[str, int], scale: float, partners: int, confidence: float
) -> Iterator[Check]:
    """Yield the checks of a baseline; `periods` [pairs, periods, columns] are its weekly sums.

    Sums of incomplete quarters are left out. Without pairs to compare, or enough years, a check is
    left out rather than passed.
    """
    whole = Window(periods.sum(axis=1), columns, 1.0, scale)
    exits = WEEKS_OF_YEAR * whole.of("exits")
    weeks = periods.shape[1] * WEEKS_OF_PERIOD
    firms = whole.of("active") + partners * weeks
    figures = {"utilisation": FORMULAS["utilisation"](whole), "exit_rate": exits / firms}
    for name, values in figures.items():
        check = _within_band(name, values, confidence)
        if check is not None:
            yield check
    quarters = WEEKS_OF_YEAR // WEEKS_OF_PERIOD
    years = periods.shape[1] // quarters
    if years < YEARS_FOR_A_TREND or len(periods) < 2:
        return
    shape = (len(periods), years, quarters, periods.shape[2])
    yearly = periods[:, : years * quarters].reshape(shape).sum(axis=2)
    window = Window(yearly, columns, float(WEEKS_OF_YEAR), scale)
    for name, words in TRENDS.items():
        series = window.of(name) if name == "lender_equity" else FORMULAS[name](window)
        yield _no_trend(name, words, series, confidence)


def books_check(residual: float) -> Check:
    """Return whether the accounts balanced in every arm; relative to all deposits."""
    return Check(
        "accounting_identities",
        residual <= TOLERANCE_OF_BOOKS,
        residual,
        TOLERANCE_OF_BOOKS,
        "largest residual of the accounting identities in any arm",
    )


def _within_band(name: str, values: Floats, confidence: float) -> Check | None:
    """Compare the mean over pairs with the band of the data."""
    found = estimate(values, confidence)
    if found is None:
        return None
    # Targets live with the calibration, which knows this package; it is looked up, not imported.
    targets = importlib.import_module("millworks_calibration.targets").load_targets()
    target = next(row for row in targets if row.id == BANDS[name])
    allowed = (target.high - target.low) / 2.0 + (found.half_width or 0.0)
    off = abs(found.mean - (target.high + target.low) / 2.0)
    return Check(
        f"baseline_{name}",
        off <= allowed,
        off,
        allowed,
        f"{target.name}: {found.mean:.3g} beside {target.low:.3g} to {target.high:.3g} in the data "
        f"({target.year})",
    )


def _no_trend(name: str, words: str, series: Floats, confidence: float) -> Check:
    """Ask whether the slopes [pairs] of a series [pairs, years] can be told from zero."""
    relative = 1.0 if name == "constrained_any" else np.abs(series.mean(axis=1))
    slopes = np.array([slope(values) for values in series]) / relative
    found = estimate(slopes, confidence)
    mean = found.mean if found is not None else math.nan
    half = found.half_width if found is not None and found.half_width is not None else math.nan
    return Check(
        f"baseline_{name}_trend",
        bool(found is not None and found.covers_zero),
        abs(mean),
        half,
        f"trend of {words}: {100.0 * mean:+.2g} "
        f"{'points' if name == 'constrained_any' else '%'} a year",
    )
