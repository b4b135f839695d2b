"""Sentences and numbers of a validation, shared by screen, chart and page.

Shares and rates are written in percent, days and months with their unit, money in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from millworks.report import rounding
from millworks.report.names import short_place

if TYPE_CHECKING:
    from millworks_calibration.intervals import Interval
    from millworks_calibration.results import Comparison, ValidationResult
    from millworks_calibration.targets import Claim, Target

DEFINITIONS_SHORT = {
    "D1": "constrained at the last test",
    "D2": "constrained in any of 4 tests",
    "D3": "D2 among those that wanted",
    "D4": "constrained in all 4 tests",
    "want_share": "want to grow",
    "indivisible": "would, if machines came smaller",
    "discouraged_share": "want, but do not apply",
}
"""Constrained shares, in the order shown -> words."""

HEALTH_SHORT = {
    "output_trend": "output, trend a year",
    "price_trend": "makers' prices, trend a year",
    "constrained_trend": "D1, change a year",
    "lender_equity_trend": "lenders' capital, trend a year",
    "insurance_draws": "deposit insurance, draws a year",
    "insurance_paid": "deposit insurance, paid a year",
    "births": "makers born, a year",
    "exits": "makers gone, a year",
    "failures": "of them unable to pay, a year",
    "refused": "orders refused",
}
"""Figures of health in at most 31 characters."""

NOT_FITTED = (
    "Nothing was fitted: these are the defaults, most of them assumptions. A miss is a fault of "
    "the model, or of the comparison; no rule was bent to a figure."
)
NEVER_TARGETS = "Public claims are shown beside the model and never used."


def number(value: float, unit: str) -> str:
    """Return a figure without its unit's name: percent for shares and rates."""
    if _percent(unit):
        return _trimmed(100.0 * value, 1)
    return _trimmed(value, 2 if abs(value) < 10.0 else 1)


def suffix(unit: str) -> str:
    """Return what stands behind a figure."""
    if _percent(unit):
        return "%"
    return {"days": " days", "months of sales": " mo"}.get(unit, "")


def shown(value: float, unit: str) -> str:
    """Return a figure with its unit: '41%', '27 days', '$1.2 million'."""
    if unit.startswith("USD") and "per" not in unit:
        return f"{'-' if value < 0 else ''}{rounding.amount(abs(value))}"
    return f"{number(value, unit)}{suffix(unit)}"


def band(target: Target) -> str:
    """Return the band of a target: '37 to 49%'."""
    low, high = number(target.low, target.unit), number(target.high, target.unit)
    return f"{low} to {high}{suffix(target.unit)}"


def with_interval(interval: Interval, unit: str) -> str:
    """Return a mean with its interval over seeds: '21.3% (19.8 to 22.8)'."""
    mean = shown(interval.mean, unit)
    if interval.seeds < 2:
        return f"{mean} (1 seed)"
    if unit.startswith("USD") and "per" not in unit:
        return f"{mean} ({shown(interval.low, unit)} to {shown(interval.high, unit)})"
    return f"{mean} ({number(interval.low, unit)} to {number(interval.high, unit)})"


def unit_beside(claim: Claim) -> str:
    """Return the unit of the figure that stands beside a claim."""
    return "share" if claim.unit.startswith("share") else "ratio"


def headline(result: ValidationResult) -> str:
    """Say how many facts the simulated baseline meets."""
    return f"{short_place(result.place.name)}, simulated: {result.verdict}"


def setting(result: ValidationResult) -> str:
    """Say what was run."""
    scale = f", a scale model 1:{1 / result.scale:.1f}" if result.scale < 1.0 - 1e-9 else ""
    return (
        f"{rounding.whole(len(result.seeds), 'world')} of "
        f"{rounding.whole(result.counts['makers'], 'maker')}{scale}, "
        f"{rounding.whole(result.years, 'year')} each after {result.burn_in} weeks of burn-in. "
        f"Model: mean and 95% interval over worlds; a fact is met if that interval meets its band."
    )


def off(row: Comparison) -> str:
    """Say how far a miss is: 'above by 1.4 bands' (half widths)."""
    assert row.model is not None
    side = "above" if row.model.low > row.target.high else "below"
    return f"{side}, {row.miss:.1f} half bands" if row.miss < 99.95 else f"{side}, far off"


def constrained_finding(result: ValidationResult) -> str:
    """Say who lacks the money to grow, in the definition nearest to the public claim."""
    shares = {
        key.measure: interval
        for key, interval in result.constrained.items()
        if key.size_class == "all" and not key.term
    }
    if "D2" not in shares:
        return "No maker was tested four times: too short a run to say who lacks the money to grow"
    return (
        f"In a year {with_interval(shares['D2'], 'share')} of small makers meet a project or "
        f"orders that the money within reach does not cover"
    )


def gap_sentence(result: ValidationResult) -> str:
    """Say how many dollars are missing and what binds."""
    gap, bound = None, []
    for key, interval in result.constrained.items():
        if key.size_class != "all":
            continue
        if key.measure == "gap" and not key.term:
            gap = interval
        elif key.measure == "bound_by" and interval.mean >= 0.005:
            bound.append((interval.mean, f"{key.term} {rounding.percent(interval.mean)}"))
    if gap is None:
        return ""
    text = f"Out of reach at a date: {with_interval(gap, 'USD')}"
    names = ", ".join(name for _, name in sorted(bound, reverse=True))
    return f"{text}; the best offer is bound by {names}." if names else f"{text}."


def _percent(unit: str) -> bool:
    return unit.startswith(("share", "1/", "proportion"))


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
