"""How settings are declared: strict models whose fields carry their bounds and their meaning.

Each setting is declared once; `must` is the phrase that ends the sentence a user reads when a value
does not fit.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def number(default: Any, low: float, high: float, meaning: str, *, open_low: bool = False) -> Any:
    """Declare a number within [low, high], or (low, high] with `open_low`."""
    kind = "a whole number" if isinstance(default, int) else "a number"
    span = f"above {low:g} and at most {high:g}" if open_low else f"between {low:g} and {high:g}"
    lower = {"gt": low} if open_low else {"ge": low}
    return text(default, f"{kind} {span}", meaning, le=high, **lower)


def text(default: Any, must: str, meaning: str, **constraints: Any) -> Any:
    """Declare a setting whose allowed values are put in words by `must`."""
    return Field(default, description=meaning, json_schema_extra={"must": must}, **constraints)


MOST_INTENSITY = 4.0
"""Largest size of a policy or a shock, times its default."""


class Strict(BaseModel):
    """A model that refuses unknown keys, silent conversions and later changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Timing(Strict):
    """When a policy or shock is in force, and how strong it is."""

    intensity: float = number(1.0, 0, MOST_INTENSITY, "0 is off, 1 its default size")
    start: int = number(0, 0, 5200, "weeks after the study's first week at which it begins")
    weeks: int | None = text(
        None, "a whole number of 1 or more, or null", "how many weeks it lasts; null: to the end",
        ge=1,
    )  # fmt: skip
    ramp: int = number(0, 0, 520, "weeks over which it grows to its size")

    def strength(self, weeks_in: int) -> float:
        """Size in a week of the study: 0 outside its weeks, growing over the ramp."""
        since = weeks_in - self.start
        if since < 0 or (self.weeks is not None and since >= self.weeks):
            return 0.0
        grown = min(1.0, (since + 1) / self.ramp) if self.ramp > 0 else 1.0
        return self.intensity * grown

    def meets(self, other: Timing) -> bool:
        """Whether there is a week in which both are in force."""
        if self.intensity <= 0.0 or other.intensity <= 0.0:
            return False
        ends = [t.start + t.weeks for t in (self, other) if t.weeks is not None]
        return max(self.start, other.start) < min(ends, default=math.inf)
