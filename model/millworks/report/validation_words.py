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

SIGNED = frozenset({"share of sales", "share/year", "1/quarter", "proportion"})
"""Units of margins, changes and growth, which may be negative."""

NOT_FITTED = (
    "Nothing was fitted: these are the defaults, most of them assumptions. A miss is a fault of "
    "the model, or of the comparison; no rule was bent to a figure."
)
CONSTRAINED_EXPLAINED = (
    "Share of makers. Each quarter a maker is tested. It wants to grow if a project pays, or if it "
    "refused 3% of its orders for capacity, cash or space. It is constrained if own money above "
    "half its buffer, its credit line and its best loan offer together fall short."
)
"""What stands behind D1 to D4."""
NEVER_TARGETS = "Public claims are shown beside the model and never used."


def number(value: float, unit: str) -> str:
    """Return a figure without its unit's name: percent for shares and rates."""
    if _percent(unit):
        return _trimmed(100.0 * value, 1 if abs(value) >= 0.01 else 2)
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


def possible(interval: Interval, unit: str, change: bool = False) -> tuple[float, float]:
    """Return the ends of an interval, cut to what the figure can be.

    Student's interval is symmetric, so that its end may pass 0, or 1 for a share. A `change` (a
    trend) and figures of `SIGNED` units may be negative. The mean is never cut off.
    """
    low, high = interval.low, interval.high
    if change or unit in SIGNED:
        return low, high
    if unit.startswith("share"):
        high = max(interval.mean, min(high, 1.0))
    return min(interval.mean, max(low, 0.0)), high


def with_interval(interval: Interval, unit: str, change: bool = False) -> str:
    """Return a mean with its interval over worlds: '21.3% (19.8 to 22.8)'."""
    mean = shown(interval.mean, unit)
    if interval.seeds < 2:
        return f"{mean} (1 world)"
    low, high = possible(interval, unit, change)
    if unit.startswith("USD") and "per" not in unit:
        return f"{mean} ({shown(low, unit)} to {shown(high, unit)})"
    return f"{mean} ({number(low, unit)} to {number(high, unit)})"


def unit_beside(claim: Claim) -> str:
    """Return the unit of the figure that stands beside a claim."""
    return "share" if claim.unit.startswith("share") else "ratio"


def headline(result: ValidationResult) -> str:
    """Say how many facts the simulated baseline meets."""
    return f"{short_place(result.place.name)}, simulated: {result.verdict}"


def setting(result: ValidationResult) -> str:
    """Say what was run."""
    scale = f", a scale model 1:{1 / result.scale:.1f}" if result.scale < 1.0 - 1e-9 else ""
    reading = (
        "Model: mean and 95% interval over worlds; a fact lies in its band if that interval meets "
        "the band, and is counted apart if only a wide interval does."
        if len(result.seeds) > 1
        else "One world gives no interval, so no fact can be told inside or outside."
    )
    return (
        f"{rounding.whole(len(result.seeds), 'world')} of "
        f"{rounding.whole(result.counts['makers'], 'maker')}{scale}, "
        f"{rounding.whole(result.years, 'year')} each after {result.burn_in} weeks of burn-in. "
        f"{reading}"
    )


def off(row: Comparison) -> str:
    """Say how far a miss is: 'above, 1.4 half bands'; of what is no miss, the verdict."""
    if row.model is None or row.inside is not False:
        return row.verdict
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
    """Say how many dollars constrained makers lack and what limits their best offer."""
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
    text = f"What constrained makers lack, added up, at any one date: {with_interval(gap, 'USD')}"
    names = ", ".join(name for _, name in sorted(bound, reverse=True))
    return f"{text}; what limits their best offer, share of them: {names}." if names else f"{text}."


def drift_sentence(result: ValidationResult) -> str:
    """Warn where the interval of D1's trend excludes zero; '' where it does not."""
    drifts = any(row.name == "constrained_trend" and row.sound is False for row in result.health)
    return (
        "D1 drifts: the baseline is not steady, so read D1 to D4 as means over the years."
        if drifts
        else ""
    )


def claim_words(claim: Claim) -> str:
    """Say what a claim is and how far it can be compared, as sentences."""
    said = (claim.what_it_is, claim.note)
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in said if text)


def _percent(unit: str) -> bool:
    return unit.startswith(("share", "1/", "proportion"))


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
