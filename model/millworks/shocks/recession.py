"""Recession: less is ordered from outside, for a year, and then it comes back.

Demand from outside, for goods and services alike, falls by `fall` for its weeks and recovers with
a half-life; what follows in the district is the model's.

Source: model specification §8 (-15 %, range 8 to 25 %; 52 weeks, then half-life 26 weeks).
Left out: transfers that rise, prices that fall elsewhere, differences between sectors.
"""

from __future__ import annotations

from typing import ClassVar

from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State


class RecessionSettings(Timing):
    """How deep and how long."""

    fall: float = number(0.15, 0.0, 0.5, "fall of demand from outside at intensity 1, share")
    weeks: int | None = text(
        52, "a whole number of 1 or more, or null", "weeks at full depth; null: to the end", ge=1
    )
    half_life: float = number(26.0, 0.0, 520.0, "weeks in which half of the fall is made good")


class Recession(Shock):
    """A fall of demand from outside."""

    name: ClassVar[str] = "recession"
    order: ClassVar[int] = 40
    title: ClassVar[str] = "Recession: demand from outside falls for a year, then recovers"
    Settings: ClassVar[type[RecessionSettings]] = RecessionSettings
    settings: RecessionSettings

    def strength(self, weeks_in: int) -> float:
        """Full depth for its weeks, then half of it is gone every half-life."""
        since = weeks_in - self.settings.start
        if self.settings.weeks is None or since < self.settings.weeks:
            return super().strength(weeks_in)
        if self.settings.half_life <= 0.0:
            return 0.0
        # Where the ramp is longer than its weeks, it recovers from where it had come to.
        deepest = super().strength(self.settings.start + self.settings.weeks - 1)
        after = since - self.settings.weeks + 1
        return deepest * 0.5 ** (after / self.settings.half_life)

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Scale demand from outside."""
        conditions.outside_demand *= max(0.0, 1.0 - self.settings.fall * strength)
