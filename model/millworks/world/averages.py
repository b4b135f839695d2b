"""Averages that forget: weights of exponentially weighted moving averages."""

from __future__ import annotations

from millworks.kernels import compiled


@compiled
def newest_weight(half_life: float) -> float:
    """Weight of the newest week in an average with a half-life in weeks; 1 without memory."""
    if half_life <= 0.0:
        return 1.0
    return 1.0 - 2.0 ** (-1.0 / half_life)
