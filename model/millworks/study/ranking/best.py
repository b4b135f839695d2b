"""Which policy is the best: how often each comes out first, and between which ranks it lies.

Pairs are drawn again with replacement, the same pairs for all policies, so that what they share (a
seed that is good for all) cancels in their order. With resampled means m_i* and means m_i over n
pairs,

    e_i* = m_i + √(n / (n - 1)) (m_i* - m_i)        (a resample varies less than a sample)
    P(i best) = share of resamples with e_i* the largest; those that tie share it
    rank of i = 1 + number of policies with a larger e*

(Efron and Tibshirani 1993, An Introduction to the Bootstrap; Goldstein and Spiegelhalter 1996,
"League tables and their limitations", Journal of the Royal Statistical Society A 159, 385-443, for
why a rank is never given without its interval.) Compare effects at equal cost only.

What it is not: a chance that the policy is best in the world. Only the luck of the seeds is in it;
parameters, and what the model leaves out, are not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.effects import FEWEST_TO_RESAMPLE, resample_weights, student

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where a policy stands among those compared; 1 is the largest effect.

    `rank` is by the mean (ties share the smallest); `low`, `high` its interval, whole ranks;
    `best`: how often it is the first. All three are None with a single pair. `coarse`: so few pairs
    that few resamples differ, which makes these figures a sketch.
    """

    rank: int
    low: int | None
    high: int | None
    best: float | None
    coarse: bool


def places(effects: Mapping[str, Floats], confidence: float) -> dict[str, Place]:
    """Return the place of each policy that has a value in every pair, in the order given.

    `effects`: [pairs] for each, the same pairs in the same order, in one unit and at one cost. A
    policy with a missing value is left out, and the others are ranked without it. Raises InputError
    where policies have different numbers of pairs.
    """
    samples = {name: np.asarray(sample, dtype=float) for name, sample in effects.items()}
    sizes = {sample.size for sample in samples.values()}
    if len(sizes) > 1:
        raise InputError(
            f"a ranking needs the same pairs for all; there are {min(sizes)} to {max(sizes)}."
        )
    known = {name: s for name, s in samples.items() if s.size and np.isfinite(s).all()}
    if not known:
        return {}
    table = np.column_stack(list(known.values()))
    pairs, means = table.shape[0], table.mean(axis=0)
    ranks = _first_ranks(means[None, :])[0]
    if pairs == 1:
        return {
            name: Place(int(rank), None, None, None, True)
            for name, rank in zip(known, ranks, strict=True)
        }
    drawn = means + math.sqrt(pairs / (pairs - 1.0)) * (resample_weights(pairs) @ table - means)
    # A lever that never differs from another must tie with it whatever rounding did to its sums.
    drawn = _tied_alike(drawn, table)
    top = drawn == drawn.max(axis=1, keepdims=True)
    best = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    low, high = _rank_interval(drawn, pairs, confidence)
    return {
        name: Place(
            int(ranks[at]),
            int(low[at]),
            int(high[at]),
            float(best[at]),
            pairs < FEWEST_TO_RESAMPLE,
        )
        for at, name in enumerate(known)
    }


def _tied_alike(drawn: Floats, table: Floats) -> Floats:
    """Give policies with the same value in every pair the very same resampled means."""
    _, first, twin = np.unique(table, axis=1, return_index=True, return_inverse=True)
    return drawn[:, first[np.ravel(twin)]]


def _first_ranks(drawn: Floats) -> npt.NDArray[np.int64]:
    """Return [rows, policies]: 1 + how many of the row are larger."""
    return 1 + np.sum(drawn[:, None, :] > drawn[:, :, None], axis=2)


def _rank_interval(
    drawn: Floats, pairs: int, confidence: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the ranks between which each policy lies, rounded outwards.

    Of ties the best rank counts below and the worst above. Tails are widened as
    `effects.percentiles` does; the spread of resamples is already that of samples here.
    """
    from scipy.special import ndtr

    tail = float(ndtr(-student(0.5 + confidence / 2.0, pairs - 1)))
    size = drawn.shape[1]
    best_case = _first_ranks(drawn)
    worst_case = size + 1 - _first_ranks(-drawn)
    low = np.quantile(best_case, tail, axis=0, method="inverted_cdf")
    high = np.quantile(worst_case, 1.0 - tail, axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)
