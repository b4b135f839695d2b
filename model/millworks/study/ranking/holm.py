"""Several effects tested at once: Holm's step-down correction, and intervals that agree with it.

With m hypotheses and p-values in rising order p(1) <= ... <= p(m):

    reject (1), (2), ... as long as p(j) <= α / (m - j + 1); stop at the first that is not
    adjusted p(j) = max over i <= j of min(1, (m - i + 1) p(i))

The chance of one false rejection or more is at most α, however the tests depend on each other
(Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
Statistics 6, 65-70). Beside each p-value stands the interval of its step, at the level
1 - α / (m - j + 1); effects from the first one that is not rejected share that one's level. Hence
an interval excludes zero if and only if Holm rejects.

The p-value of one effect is that of the paired t-test, or of the bootstrap where that is larger:
one less the level at which the interval of `effects.estimate` first touches zero. The interval is
the hull of both for the same reason. Levels of one in a thousand lie further out than 2,000
resamples reach, where percentiles alone would be too narrow; and a few pairs with large differences
lie further out than Student's t allows for. Below ten pairs Student's stands alone, as it does
there.

How often one of twelve idle policies is told from zero at α = 5 %, in 500 or 1,000 made-up studies
of 20 pairs: 5 % where differences are normal, below 1 % where some pairs differ a hundred times as
much as others to either side, but 14 % where they lean to one side as a lognormal with a spread of
0.5 log points does, and 30 % with one of 0.8. Few pairs do not show a long tail; more help.

What it does not give: the intervals of rejected effects tell the sign together, not the size. An
interval for the size that holds for all at once is wider: it needs level 1 - α / m (Guilbaud 2008,
Biometrical Journal 50, 678-692, on what Holm's procedure can and cannot bound).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.effects import (
    FEWEST_TO_RESAMPLE,
    Estimate,
    estimate,
    resample_weights,
    student,
)

Floats = npt.NDArray[np.float64]
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Tested:
    """One effect among several tested at once, in the unit of its values.

    `mean` is None where a pair has no value, all else but `confidence` and `rejected` also with a
    single pair. `p`: its own p-value; `adjusted`: Holm's; `low`, `high`: interval at the level
    `confidence`; `detectable`: smallest effect found at that level with a chance of 80 %.
    """

    mean: float | None
    error: float | None
    pairs: int
    p: float | None
    adjusted: float | None
    low: float | None
    high: float | None
    confidence: float
    detectable: float | None
    rejected: bool

    @property
    def sign(self) -> int:
        """1 or -1 where the effect is told from zero, 0 where it is not."""
        if not self.rejected or self.mean is None:
            return 0
        return 1 if self.mean > 0.0 else -1


def holm(values: Mapping[Name, Floats], alpha: float) -> dict[Name, Tested]:
    """Test all effects at once; `values` has one difference per pair for each, in any one unit.

    Answers come in the order given. Every effect asked for counts in m, also one that cannot be
    tested (a single pair, or a pair without a value): how many questions were asked does not depend
    on the answers. Raises InputError unless 0 < alpha < 1.
    """
    refuse_level(alpha)
    samples = {name: np.asarray(sample, dtype=float) for name, sample in values.items()}
    p_values = {name: p_value(sample) for name, sample in samples.items()}
    # Those that cannot be tested come last, as if nothing spoke for them.
    tried = [1.0 if p is None else p for p in p_values.values()]
    adjusted = dict(zip(samples, holm_adjusted(tried), strict=True))
    found: dict[Name, Tested] = {}
    names = list(samples)
    step, going = 0, True
    for place in np.argsort(tried, kind="stable"):
        name = names[int(place)]
        confidence = 1.0 - alpha / (len(names) - step)
        tested = _tested(samples[name], confidence, p_values[name], adjusted[name])
        going = going and tested.rejected
        step += going
        found[name] = tested
    return {name: found[name] for name in names}


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values, in the order given; nan counts as 1."""
    plain = np.nan_to_num(np.asarray(p_values, dtype=float), nan=1.0)
    order = np.argsort(plain, kind="stable")
    steps = (plain.size - np.arange(plain.size)) * plain[order]
    adjusted = np.empty(plain.size)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(p) for p in adjusted]


def p_value(values: Floats) -> float | None:
    """Return the two-sided p-value of a mean of zero; None where nothing can be tested.

    It is 1 where the mean is exactly zero, and 0 where all pairs differ by the same amount.
    """
    sample = np.asarray(values, dtype=float)
    if sample.size < 2 or not np.isfinite(sample).all():
        return None
    mean, pairs = float(sample.mean()), int(sample.size)
    if mean == 0.0:
        return 1.0
    error = float(sample.std(ddof=1)) / math.sqrt(pairs)
    p = _two_sided(abs(mean) / error, pairs) if error > 0.0 else 0.0
    if pairs >= FEWEST_TO_RESAMPLE:
        p = max(p, _bootstrap_p(math.copysign(1.0, mean) * sample))
    return p


def corrected_interval(values: Floats, confidence: float) -> Estimate | None:
    """Return the mean with the hull of its bootstrap and Student intervals.

    None if a pair has no value. It excludes zero if and only if `p_value` is below 1 - confidence.
    """
    found = estimate(values, confidence)
    if found is None or found.mcse is None or found.low is None or found.high is None:
        return found
    half = student(0.5 + confidence / 2.0, found.pairs - 1) * found.mcse
    low, high = min(found.low, found.mean - half), max(found.high, found.mean + half)
    return Estimate(found.mean, found.mcse, low, high, found.pairs, found.detectable)


def refuse_level(alpha: float) -> None:
    """Raise InputError unless `alpha` is a chance of error."""
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha is {alpha:g}; it must be between 0 and 1, as 0.05.")


def _tested(sample: Floats, confidence: float, p: float | None, adjusted: float) -> Tested:
    found = corrected_interval(sample, confidence)
    if found is None or p is None:
        mean = None if found is None else found.mean
        return Tested(mean, None, int(sample.size), None, None, None, None, confidence, None, False)
    return Tested(
        mean=found.mean,
        error=found.mcse,
        pairs=found.pairs,
        p=p,
        adjusted=adjusted,
        low=found.low,
        high=found.high,
        confidence=confidence,
        detectable=found.detectable,
        rejected=not found.covers_zero,
    )


def _two_sided(t: float, pairs: int) -> float:
    """Return the chance of a Student variable beyond ±t."""
    from scipy.special import stdtr

    return float(2.0 * stdtr(pairs - 1, -t))


def _bootstrap_p(values: Floats) -> float:
    """Return 1 less the level at which the bootstrap interval of a mean above zero touches zero.

    The inverse of `effects.percentiles`: the lower bound is the quantile of the resampled means, in
    between order statistics, at the tail Φ(-√(n / (n - 1)) t), and it is above zero as long as that
    tail lies beyond the place where the sorted means cross zero.
    """
    from scipy.special import ndtri

    pairs = int(values.size)
    drawn = np.sort(resample_weights(pairs) @ values)
    below = int(np.searchsorted(drawn, 0.0, side="right"))
    if below == 0:
        return 0.0
    if below == drawn.size:
        return 1.0
    last, first = drawn[below - 1], drawn[below]
    crossing = (below - 1 - last / (first - last)) / (drawn.size - 1)
    if crossing >= 0.5:
        return 1.0
    if crossing <= 0.0:
        return 0.0
    return _two_sided(-float(ndtri(crossing)) / math.sqrt(pairs / (pairs - 1.0)), pairs)
