"""Means over seeds with their Monte-Carlo interval, and trends over years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millworks.study import effects

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval; both ends are the mean where `seeds` is 1."""

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def covers_zero(self) -> bool:
        """Whether zero lies inside."""
        return self.low <= 0.0 <= self.high


def over_seeds(values: Sequence[float | None]) -> Interval | None:
    """Return mean ± t·s/√n over the seeds that gave a value, None where none did.

    t is Student's quantile at n − 1 degrees of freedom. One seed has no interval: its value is
    all three numbers, and `seeds` says so.
    """
    from scipy.special import stdtrit

    found = np.array([value for value in values if value is not None], dtype=float)
    if found.size == 0:
        return None
    mean = float(found.mean())
    if found.size == 1:
        return Interval(mean, mean, mean, 1)
    quantile = float(stdtrit(found.size - 1, 0.5 + CONFIDENCE / 2.0))
    half = quantile * float(found.std(ddof=1)) / math.sqrt(found.size)
    return Interval(mean, mean - half, mean + half, int(found.size))


def slope(values: Sequence[float]) -> float | None:
    """Return the least-squares slope per step, None for fewer than two values."""
    found = effects.slope(np.asarray(values, dtype=float))
    return None if np.isnan(found) else found
