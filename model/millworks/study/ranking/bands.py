"""The band of parameters: how far an effect moves when the assumptions do, and which moves it.

Draws d = 1..D of all free parameters, each run with s seeds of its own, give effects y[d, s]. With
the one-way random-effects model y = μ + a_d + e_ds (Searle, Casella and McCulloch 1992, Variance
Components, chapter 3):

    within  (luck)       = mean over d of the variance of y[d, :]
    between (parameters) = variance over d of the means - within / s,   zero where that is negative
    share of parameters  = between / (between + within)

The share's interval is the bootstrap over draws; it says how much of the spread of single runs more
seeds can never take away. The band itself holds the stated share of the draws' effects. Means of
few seeds spread by luck too: the band is given as run, and with each mean drawn towards the middle
so that what is left has the variance `between`.

Which parameter drives the effect: the rank correlation of the draws' means with its values
(Spearman 1904), tested by Student's t and corrected by Holm for the number of parameters. It sees
what rises or falls throughout; it does not see a parameter that matters at both ends alike, nor two
that matter only together.

This band and the one of luck (`effects.estimate`) answer different questions: what if the
assumptions were others, and what if the dice had fallen otherwise. They are never made one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.effects import FEWEST_TO_RESAMPLE, percentiles, resample_weights
from millworks.study.ranking.holm import holm_adjusted

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Variance:
    """The variance of single runs, in the squared unit of the effect, and where it comes from.

    `parameters` is clipped at zero (`clipped`) where draws differ less than luck alone would make
    them. `share` is that of the parameters, None where nothing varies; `low`, `high` its interval,
    None below ten draws.
    """

    luck: float
    parameters: float
    clipped: bool
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Driver:
    """How an effect follows one parameter: rank correlation from -1 to 1, and Holm's p-value.

    `told` marks those whose p-value is not above the chance of error stated.
    """

    key: str
    correlation: float
    p: float
    told: bool


@dataclass(frozen=True)
class Band:
    """An effect over draws of the parameters, in its own unit.

    `low`, `high`: between them lies the stated share of the draws as run, luck of their seeds
    included; `own_low`, `own_high`: the same without that luck, None with one seed a draw. All are
    None with a single draw. `error`: standard error of `mean`. `wide_enough` is False where the
    draws are too few to have one beyond each end, so that the ends are the extremes seen.
    `left_out`: draws in which a seed has no value.
    """

    draws: int
    seeds: int
    left_out: int
    mean: float
    error: float | None
    low: float | None
    high: float | None
    own_low: float | None
    own_high: float | None
    wide_enough: bool
    variance: Variance | None


def band(values: Floats, confidence: float) -> Band | None:
    """Return the band of effects [draws, seeds]; None where no draw has all its values.

    Seeds are those of the draw alone: draws that share seeds have less luck between them than the
    model allows for, and a standard error of the mean that is too small.
    """
    table = _table(values)
    known = table[np.isfinite(table).all(axis=1)]
    if known.size == 0:
        return None
    draws, seeds = known.shape
    means = known.mean(axis=1)
    middle = float(means.mean())
    variance = decompose(known, confidence)
    error = low = high = own_low = own_high = None
    if draws > 1:
        error = float(means.std(ddof=1)) / math.sqrt(draws)
        low, high = _span(means, confidence)
        if variance is not None:
            spread = float(means.var(ddof=1))
            shrunk = math.sqrt(variance.parameters / spread) if spread > 0.0 else 0.0
            own_low, own_high = _span(middle + shrunk * (means - middle), confidence)
    return Band(
        draws=draws,
        seeds=seeds,
        left_out=len(table) - draws,
        mean=middle,
        error=error,
        low=low,
        high=high,
        own_low=own_low,
        own_high=own_high,
        wide_enough=(1.0 - confidence) / 2.0 * (draws + 1) >= 1.0,
        variance=variance,
    )


def decompose(values: Floats, confidence: float) -> Variance | None:
    """Split the variance of effects [draws, seeds] into luck and parameters.

    None with fewer than two draws, or fewer than two seeds each, or where a value is missing.
    """
    table = _table(values)
    draws, seeds = table.shape
    if draws < 2 or seeds < 2 or not np.isfinite(table).all():
        return None
    means, spreads = table.mean(axis=1), table.var(axis=1, ddof=1)
    luck = float(spreads.mean())
    between = float(means.var(ddof=1)) - luck / seeds
    parameters = max(0.0, between)
    total = parameters + luck
    low = high = None
    if draws >= FEWEST_TO_RESAMPLE and total > 0.0:
        low, high = percentiles(_resampled_shares(means, spreads, seeds), draws, confidence)
    share = parameters / total if total > 0.0 else None
    return Variance(luck, parameters, between < 0.0, share, low, high)


def drivers(
    values: Floats, parameters: Sequence[Mapping[str, float]], alpha: float
) -> list[Driver]:
    """Rank the parameters by how closely the effects [draws, seeds] follow them, closest first.

    `parameters`: the values of each draw (`draws.parameter_draws`), all with the same keys. A
    parameter that never moved has a correlation of 0. Empty with fewer than four complete draws.
    Raises InputError where draws of effects and of parameters differ in number.
    """
    table = _table(values)
    if len(table) != len(parameters):
        raise InputError(f"{len(table)} draws of effects and {len(parameters)} of parameters.")
    known = np.flatnonzero(np.isfinite(table).all(axis=1))
    if known.size < 4:
        return []
    keys = list(parameters[0])
    effect = _centred_ranks(table[known].mean(axis=1)[:, None])
    settings = np.array([[parameters[draw][key] for key in keys] for draw in known.tolist()])
    correlations = _correlations(effect[:, 0], _centred_ranks(settings))
    p_values = holm_adjusted([_correlation_p(r, known.size) for r in correlations])
    found = [
        Driver(key, float(r), p, p <= alpha)
        for key, r, p in zip(keys, correlations, p_values, strict=True)
    ]
    return sorted(found, key=lambda driver: -abs(driver.correlation))


def _table(values: Floats) -> Floats:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2:
        raise InputError(f"effects of draws have the shape {table.shape}, not [draws, seeds].")
    return table


def _span(means: Floats, confidence: float) -> tuple[float, float]:
    """Return quantiles between which a further draw lies with that chance, or the extremes."""
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail], method="weibull")
    return float(low), float(high)


def _resampled_shares(means: Floats, spreads: Floats, seeds: int) -> Floats:
    """Return [resamples]: the share of the parameters when draws are drawn again."""
    draws = means.size
    weights = resample_weights(draws)
    centred = means - means.mean()
    # Each of the two steps, sample and resample, loses one degree of freedom.
    freedom = (draws / (draws - 1.0)) ** 2
    between = freedom * (weights @ centred**2 - (weights @ centred) ** 2)
    luck = weights @ spreads
    parameters = np.maximum(0.0, between - luck / seeds)
    total = parameters + luck
    return np.divide(parameters, total, out=np.zeros(len(total)), where=total > 0.0)


def _centred_ranks(columns: Floats) -> Floats:
    """Ranks within each column less their mean; equal values share the mean of their ranks."""
    ranks = np.empty(columns.shape)
    for place, column in enumerate(columns.T):
        _, which, count = np.unique(column, return_inverse=True, return_counts=True)
        ranks[:, place] = (np.cumsum(count) - (count - 1) / 2.0)[which]
    return ranks - ranks.mean(axis=0)


def _correlations(effect: Floats, settings: Floats) -> Floats:
    size = np.sqrt((effect @ effect) * np.sum(settings**2, axis=0))
    raw = np.divide(effect @ settings, size, out=np.zeros(size.size), where=size > 0.0)
    return np.clip(raw, -1.0, 1.0)


def _correlation_p(correlation: float, draws: int) -> float:
    """Return the two-sided p-value of a rank correlation, t = r √((D - 2) / (1 - r²))."""
    from scipy.special import stdtr

    left = 1.0 - correlation**2
    if left <= 0.0:
        return 0.0
    return float(2.0 * stdtr(draws - 2, -abs(correlation) * math.sqrt((draws - 2) / left)))
