"""Targets and comparators: what the model is held against, read from `calibration/targets/`.

A *target* has a value and a band; a *comparator* is a public claim that is shown and never used,
and has neither standard error nor band, so that no code can score it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIT, HELD_OUT = "fit", "held-out"
STANDARD_ERRORS = 2.0
"""Half width of a band in standard errors of the target."""


@dataclass(frozen=True)
class Target:
    """One figure of the data, as a row of `moments.csv`.

    `id`: M1a, H2, …; `moment`: the family it belongs to (M1); `use`: fit or held-out. `value`,
    `low`, `high` in `unit`, nan where the finding has no number. `measure` names the function
    that reads it off a panel, in the world named `world`; without one, `waits_for` says what is
    missing. `identifies`: parameters it informs, or why it is independent.
    """

    id: str
    moment: str
    use: str
    name: str
    definition: str
    denominator: str
    year: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    identifies: str
    measure: str
    world: str
    waits_for: str
    note: str

    def overlaps(self, low: float, high: float) -> bool:
        """Whether an interval of the model meets the band of the data."""
        return low <= self.high and high >= self.low

    def miss(self, low: float, high: float) -> float:
        """Distance of an interval from the band, in half widths of the band; 0 if they meet."""
        gap = max(low - self.high, self.low - high, 0.0)
        half = (self.high - self.low) / 2.0
        return gap / half if half > 0.0 else (math.inf if gap > 0.0 else 0.0)


@dataclass(frozen=True)
class Claim:
    """A public claim, as a row of `comparators.csv`; `value` in `unit`.

    `what_it_is` labels it honestly; `measure` names a figure of the model shown `beside` it.
    """

    id: str
    claim: str
    value: float
    unit: str
    year: str
    geography: str
    said_by: str
    source: str
    what_it_is: str
    measure: str
    beside: str
    note: str


def targets_folder() -> Path:
    """Return the folder of the tables: inside the package when installed, else beside it."""
    packaged = Path(__file__).with_name("targets")
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "targets"


@cache
def load_targets() -> tuple[Target, ...]:
    """Return every target, in the order of the table."""
    return tuple(_target(row) for row in _rows("moments.csv"))


@cache
def load_claims() -> tuple[Claim, ...]:
    """Return every public claim, in the order of the table."""
    return tuple(
        Claim(**{**row, "value": float(row["value"])})  # type: ignore[arg-type]
        for row in _rows("comparators.csv")
    )


def _target(row: Mapping[str, str]) -> Target:
    value, spread = _number(row["value"]), STANDARD_ERRORS * _number(row["se"])
    low, high = _number(row["low"]), _number(row["high"])
    text = {key: entry for key, entry in row.items() if key not in ("value", "se", "low", "high")}
    return Target(
        value=value,
        low=value - spread if math.isnan(low) else low,
        high=value + spread if math.isnan(high) else high,
        **text,
    )


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _rows(name: str) -> list[dict[str, str]]:
    with (targets_folder() / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
