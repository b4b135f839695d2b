"""Statistics of paired runs: effects, their intervals, and what pairing them was worth.

With d_i = policy - baseline of pair i, n pairs and s their standard deviation:

    effect = mean d,   standard error = s / √n
    smallest detectable effect at 80 % power = (t_{1-α/2} + t_{.8}) s / √n        n - 1 degrees
    gain of pairing = (var of the policy arm + var of the baseline) / var of d

Intervals are those of the paired bootstrap: pairs are drawn with replacement, 2,000 times, by
keyed draws. Its percentiles are widened for few pairs (Hesterberg 2015, "expanded percentiles"),
without which 20 pairs give 93 % intervals; below ten pairs, where few resamples differ, Student's t
takes its place. A ratio of two effects is the ratio of their means; its standard error is that of
the residuals d_i - R c_i over the mean of c (the delta method).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from millworks.world.streams import Streams

Floats = npt.NDArray[np.float64]

RESAMPLES = 2000
FEWEST_TO_RESAMPLE = 10
POWER = 0.80
BOOTSTRAP_SEED = 2022
"""Key of the draws of the bootstrap: the same pairs have the same interval whatever their seeds."""


@dataclass(frozen=True)
class Estimate:
    """A mean over pairs; everything but `mean` and `pairs` is None with a single pair.

    `mcse`: Monte-Carlo standard error; `low`, `high`: interval; `detectable`: smallest effect found
    with a chance of 80 %.
    """

    mean: float
    mcse: float | None
    low: float | None
    high: float | None
    pairs: int
    detectable: float | None

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2.0

    @property
    def covers_zero(self) -> bool:
        """Whether zero cannot be told from it; so it is with a single pair."""
        return self.low is None or self.high is None or self.low <= 0.0 <= self.high


def estimate(values: Floats, confidence: float) -> Estimate | None:
    """Return the mean of one value per pair with its interval; None if a pair has no value."""
    values = np.asarray(values, dtype=float)
    if values.size == 0 or not np.isfinite(values).all():
        return None
    mean, pairs = float(values.mean()), int(values.size)
    if pairs == 1:
        return Estimate(mean, None, None, None, 1, None)
    error = float(values.std(ddof=1)) / math.sqrt(pairs)
    if pairs < FEWEST_TO_RESAMPLE:
        half = student(0.5 + confidence / 2.0, pairs - 1) * error
        low, high = mean - half, mean + half
    else:
        low, high = percentiles(resample_weights(pairs) @ values, pairs, confidence)
    return Estimate(mean, error, low, high, pairs, detectable(error, pairs, confidence))


def ratio_estimate(tops: Floats, bottoms: Floats, confidence: float) -> Estimate | None:
    """Return the ratio of two means with its interval; None where the lower mean is not clear.

    It is not where its interval covers zero: the ratio could then be anything.
    """
    below = estimate(bottoms, confidence)
    tops, bottoms = np.asarray(tops, dtype=float), np.asarray(bottoms, dtype=float)
    if below is None or not np.isfinite(tops).all() or below.mean == 0.0:
        return None
    ratio, pairs = float(tops.mean()) / below.mean, int(tops.size)
    if pairs == 1:
        return Estimate(ratio, None, None, None, 1, None)
    if below.covers_zero:
        return None
    residuals = (tops - ratio * bottoms) / below.mean
    error = float(residuals.std(ddof=1)) / math.sqrt(pairs)
    if pairs < FEWEST_TO_RESAMPLE:
        half = student(0.5 + confidence / 2.0, pairs - 1) * error
        low, high = ratio - half, ratio + half
    else:
        weights = resample_weights(pairs)
        drawn = (weights @ tops) / (weights @ bottoms)
        low, high = percentiles(drawn, pairs, confidence)
    return Estimate(ratio, error, low, high, pairs, detectable(error, pairs, confidence))


def gain(policy: Floats, baseline: Floats) -> float | None:
    """Return how many times fewer pairs common draws take than independent ones.

    None where the arms never differ, or with a single pair: there is nothing to divide by.
    """
    difference = np.asarray(policy) - np.asarray(baseline)
    if difference.size < 2 or not np.isfinite(difference).all():
        return None
    common = float(difference.var(ddof=1))
    if common <= 0.0:
        return None
    return float(np.var(policy, ddof=1) + np.var(baseline, ddof=1)) / common


def detectable(error: float, pairs: int, confidence: float) -> float:
    """Return the smallest effect that so many pairs would tell from zero with a chance of 80 %."""
    return (student(0.5 + confidence / 2.0, pairs - 1) + student(POWER, pairs - 1)) * error


def single_pair_share(differences: Floats) -> float | None:
    """Return the part of the sum of squared deviations that the farthest pair holds, 0 to 1.

    Near one a single history is the spread: where it was drawn the interval is wide, where it was
    not the interval does not know of it. None where pairs do not differ or one has no value.
    """
    deviations = (differences - differences.mean()) ** 2
    total = float(deviations.sum())
    return float(deviations.max()) / total if total > 0.0 else None


def outlying_share(pairs: int, alpha: float = 0.01) -> float:
    """Return the share of `single_pair_share` that normal differences pass once in 1 / `alpha`.

    With t the quantile of Student's distribution at 1 - α / 2n with n - 2 degrees of freedom:
    share = (n - 1) / n · t² / (n - 2 + t²) (Grubbs 1950, Annals of Mathematical Statistics 21).
    One for fewer than three pairs: they say nothing of each other.
    """
    if pairs < 3:
        return 1.0
    squared = student(1.0 - alpha / (2.0 * pairs), pairs - 2) ** 2
    return (pairs - 1) / pairs * squared / (pairs - 2 + squared)


def pairs_needed(found: Estimate, precision: float, confidence: float) -> float | None:
    """Return how many pairs make half the interval `precision` times the mean, None if nothing can.

    Student's quantile depends on that number in turn; the fixed point is found by repetition.
    """
    if found.mcse is None or found.mean == 0.0:
        return None
    spread = found.mcse * math.sqrt(found.pairs) / (precision * abs(found.mean))
    pairs = 2.0
    for _ in range(50):
        pairs = max(2.0, (student(0.5 + confidence / 2.0, max(1.0, pairs - 1.0)) * spread) ** 2)
    return pairs


def slope(values: Floats) -> float:
    """Return the least-squares slope per step; nan for fewer than two values."""
    values = np.asarray(values, dtype=float)
    if values.size < 2:
        return math.nan
    steps = np.arange(values.size) - (values.size - 1) / 2.0
    return float(steps @ values / (steps @ steps))


def student(probability: float, freedom: float) -> float:
    """Return the quantile of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


@cache
def resample_weights(pairs: int) -> Floats:
    """Return [resamples, pairs]: the weight of each pair in each bootstrap sample; rows sum to 1.

    Keyed by the place of the pair, not by its seed, so that a study and its continuation differ
    only by what the added pairs show.
    """
    streams = Streams(BOOTSTRAP_SEED)
    sample = np.repeat(np.arange(RESAMPLES), pairs)
    place = np.tile(np.arange(pairs), RESAMPLES)
    luck = streams.uniform("bootstrap", place, week=sample)
    chosen = np.minimum((luck * pairs).astype(np.int64), pairs - 1)
    counts = np.bincount(sample * pairs + chosen, minlength=RESAMPLES * pairs)
    return counts.reshape(RESAMPLES, pairs) / pairs


def percentiles(drawn: Floats, pairs: int, confidence: float) -> tuple[float, float]:
    """Return the interval of bootstrap results, with percentiles widened for few pairs.

    The normal quantile is replaced by √(n / (n - 1)) times Student's: a resample varies less than a
    sample by the first factor, and the spread is itself an estimate.
    """
    from scipy.special import ndtr

    wide = math.sqrt(pairs / (pairs - 1.0)) * student(0.5 + confidence / 2.0, pairs - 1)
    tail = float(ndtr(-wide))
    low, high = np.quantile(drawn, [tail, 1.0 - tail])
    return float(low), float(high)
