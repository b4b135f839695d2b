"""Rounding of effects: a figure and its interval share one scale and one number of decimals.

Two significant digits of the interval's half width are kept, and at most four of the largest
figure: more would be noise. Money is scaled to thousands, millions, billions; shares are written
in percent and their changes in percentage points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_SIZES = ((1e12, " trillion", "T"), (1e9, " billion", "B"), (1e6, " million", "M"), (1e3, "", "k"))

_YEARLY = re.compile(r"(\ba |\bper |/ ?)year\b")

#: Below this a scaled figure is written with an exponent, where it is written at all.
_TINY = 1e-4


@dataclass(frozen=True)
class Scale:
    """How the figures of one quantity are written beside each other.

    `factor` turns a figure into the number shown with `decimals`; `before` and `after` stand around
    it.
    """

    factor: float
    decimals: int
    before: str
    after: str

    def bare(self, value: float, *, sign: bool = False) -> str:
        """Return the number alone: '8.1', with `sign` '+8.1'; what rounds to zero has no sign."""
        scaled = value * self.factor
        if 0.0 < abs(scaled) < _TINY and self.factor != 100.0:
            text = f"{abs(scaled):.0e}".replace("e-0", "e-")
        else:
            text = f"{abs(scaled):,.{self.decimals}f}"
        if not any(digit in "123456789" for digit in text.partition("e")[0]):
            return text
        mark = "-" if value < 0 else "+" if sign else ""
        return f"{mark}{text}"

    def shown(self, value: float, *, sign: bool = False) -> str:
        """Return the figure with its unit: '$12.1 million', with `sign` '+$12.1 million'."""
        if value == 0.0:
            # Nothing has no size: $0, not $0.0M.
            return f"{self.before}0{self.after if self.factor == 100.0 else ''}"
        bare = self.bare(value, sign=sign)
        mark = bare[0] if bare[0] in "+-" else ""
        return f"{mark}{self.before}{bare[len(mark) :]}{self.after}"


def is_money(unit: str) -> bool:
    """Tell whether a unit is an amount of money."""
    return unit.startswith("USD")


def is_share(unit: str) -> bool:
    """Tell whether a unit is a share, which is written in percent."""
    return unit.startswith(("share", "proportion"))


def change_unit(unit: str) -> str:
    """Return in what a change of a quantity is counted, for the head of an axis."""
    if is_money(unit):
        return "change, US dollars of 2022"
    return "change, percentage points" if is_share(unit) else "change"


def yearly(unit: str) -> bool:
    """Tell whether a figure is per year: 'USD of 2022 a year', 'makers/year'."""
    return bool(_YEARLY.search(unit))


def scale(
    unit: str,
    values: Iterable[float | None],
    *,
    half: float | None = None,
    change: bool = False,
    short: bool = False,
    digits: int = 3,
) -> Scale:
    """Return the scale on which these figures of a unit are written together.

    `half`: half the width of their interval, for the decimals; without it so many significant
    `digits` of the largest. `change`: differences of shares are points. `short`: for tables and
    screens ('$12.1M', '2.3 pt').
    """
    largest = max((abs(v) for v in values if v is not None and math.isfinite(v)), default=0.0)
    factor, before, after = _unit(unit, largest, change, short)
    shown = largest * factor
    if shown <= 0.0:
        return Scale(factor, 0, before, after)
    # What would round up to the next power of ten has one digit more before its point.
    order = math.floor(math.log10(float(f"{shown:.{digits - 1}e}")) + 1e-9)
    decimals = digits - 1 - order
    if half is not None and half > 0.0:
        decimals = min(1 - math.floor(math.log10(half * factor) + 1e-9), 3 - order)
    return Scale(factor, min(max(decimals, 0), 3 if is_share(unit) else 6), before, after)


def tick_scale(unit: str, ticks: Sequence[float]) -> Scale:
    """Return the short scale on which ticks of changes are written exactly, without more zeros."""
    on = scale(unit, ticks, change=True, short=True)
    for decimals in range(on.decimals + 4):
        scaled = [tick * on.factor for tick in ticks]
        if all(abs(round(one, decimals) - one) <= 1e-9 * (1.0 + abs(one)) for one in scaled):
            return replace(on, decimals=decimals)
    return on


def _unit(unit: str, largest: float, change: bool, short: bool) -> tuple[float, str, str]:
    """Return the factor of a unit and what stands before and after its figures."""
    if is_share(unit):
        return 100.0, "", (" pt" if short else " points") if change else "%"
    before = "$" if is_money(unit) else ""
    for size, word, letter in _SIZES:
        # Counts are written out up to a million. What would round up to the next size is written
        # in it: $1 million, not $1,000k.
        if largest >= size * 0.9995 and (word or (short and before)):
            return 1.0 / size, before, letter if short else word
    return 1.0, before, ""


def relative(mean: float | None, baseline: float | None) -> str:
    """Return a change in percent of its baseline: '+0.25%'; an em dash where that says nothing."""
    if mean is None or not baseline:
        return "—"
    percent = 100.0 * mean / abs(baseline)
    if percent == 0.0:
        return "0%"
    if abs(percent) < 0.0005:
        return "<0.001%"
    decimals = min(3, max(0, 1 - math.floor(math.log10(abs(percent)) + 1e-9)))
    return f"{percent:+,.{decimals}f}%"
