"""Who lacks the money to grow: the constrained share in four nested definitions, and the gap.

Every quarter each maker is tested: does it *want* (orders refused for want of means, or a project
that pays), and does the money within reach fall short of what it takes (*constrained*)?

    D1   constrained now            all makers tested
    D2   at any of four tests       all makers, the last four quarterly tests
    D3   D2                         among makers that wanted at any of the four
    D4   at all four tests          all makers

The gap is the money out of reach of the constrained, in USD of the place at full scale.
Source: model specification §10.2. Left out: what a maker would do with the money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millworks_calibration.panel import QUARTERS_OF_YEAR, Flags, Panel

SIZES: dict[str, tuple[float, float]] = {
    "all": (0.0, np.inf),
    "under 5": (0.0, 5.0),
    "5-19": (5.0, 20.0),
    "20-99": (20.0, 100.0),
    "100-499": (100.0, np.inf),
}
"""Employees of a maker at its test, [low, high)."""

DEFINITIONS: dict[str, str] = {
    "D1": "constrained now",
    "D2": "constrained at any of the last four quarterly tests",
    "D3": "D2 among makers that wanted at any of the four",
    "D4": "constrained at all four tests",
    "want_share": "wants: orders refused for want of means, or a project that pays",
    "indivisible": "a project would pay if machines came smaller (not a matter of credit)",
    "discouraged_share": "wants, and does not apply, expecting a refusal",
    "gap": "money out of reach of the constrained",
    "bound_by": "constrained makers whose best offer is bound by this term",
}
"""Measure -> its meaning."""
SHARE, USD = "share of makers", "USD of 2022"


@dataclass(frozen=True, order=True)
class Figure:
    """Key of one figure: measure of `DEFINITIONS`, size class of `SIZES`, binding term or ''."""

    measure: str
    size_class: str = "all"
    term: str = ""

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        shares = {
            "gap": USD,
            "D3": "share of makers that wanted",
            "bound_by": "share of constrained makers",
        }
        return shares.get(self.measure, SHARE)


def constrained_figures(panel: Panel) -> dict[Figure, float]:
    """Return every figure that the panel can show, means over its quarters."""
    figures: dict[Figure, float] = {}
    for size, (low, high) in SIZES.items():
        inside = (panel.makers.jobs >= low) & (panel.makers.jobs < high)
        figures |= _now(panel, size, inside)
        figures |= _over_four_tests(panel, size, inside)
    return figures


def quarterly_constrained_share(panel: Panel) -> np.ndarray:
    """Return D1 at each snapshot after the first, nan where nobody was tested."""
    makers = panel.makers
    tested = makers.tested[1:].sum(axis=1)
    held = (makers.tested & makers.constrained)[1:].sum(axis=1)
    return np.where(tested > 0, held / np.maximum(tested, 1), np.nan)


def _now(panel: Panel, size: str, inside: Flags) -> dict[Figure, float]:
    """Figures of the present test, pooled over quarters."""
    makers = panel.makers
    tested = makers.tested & inside
    count = int(tested.sum())
    if count == 0:
        return {}
    held = tested & makers.constrained
    parts = {
        "D1": held,
        "want_share": tested & makers.wants,
        "indivisible": tested & makers.indivisible,
        "discouraged_share": tested & makers.wants & makers.discouraged,
    }
    found = {Figure(name, size): float(part.sum()) / count for name, part in parts.items()}
    # USD at a date, not over time: the mean over quarters.
    missing = np.where(held, makers.money_missing, 0.0) / (panel.scale * panel.snapshots)
    found[Figure("gap", size)] = float(missing.sum())
    for number, term in enumerate(panel.terms):
        bound = held & (makers.missing_term == number)
        found[Figure("gap", size, term)] = float(missing[bound].sum())
        if held.any():
            found[Figure("bound_by", size, term)] = float(bound.sum()) / float(held.sum())
    return found


def _over_four_tests(panel: Panel, size: str, inside: Flags) -> dict[Figure, float]:
    """Figures of four tests in a row of the same maker, pooled over quarters."""
    makers = panel.makers
    everyone = wanted = ever = always = 0
    for last in range(QUARTERS_OF_YEAR - 1, panel.snapshots):
        window = slice(last - QUARTERS_OF_YEAR + 1, last + 1)
        same = makers.generation[window] == makers.generation[last]
        counts = same & makers.tested[window]
        held = counts & makers.constrained[window]
        here = makers.tested[last] & inside[last]
        everyone += int(here.sum())
        wanted += int((here & (counts & makers.wants[window]).any(axis=0)).sum())
        ever += int((here & held.any(axis=0)).sum())
        always += int((here & held.all(axis=0)).sum())
    if everyone == 0:
        return {}
    found = {Figure("D2", size): ever / everyone, Figure("D4", size): always / everyone}
    if wanted:
        found[Figure("D3", size)] = ever / wanted
    return found
