"""How much of what a place needs it can make itself: location quotients and purchase shares.

No survey asks who buys where, so the share of an input bought inside a district is estimated from
jobs. With E_i local and N_i national jobs of sector i, E and N all jobs:

    location quotient         LQ_i  = (E_i / E) / (N_i / N)
    simple quotient           SLQ_i = min(1, LQ_i)                             whoever buys
    cross-industry quotient   CILQ_ij = LQ_i / LQ_j                            i sells to j
    Flegg's quotient          FLQ_ij = λ CILQ_ij (i ≠ j), λ LQ_i (i = j), at most 1
                              λ = [log2(1 + E / N)]^δ,   δ = .3

λ lets small places import more. `regional_shares` gives one share per selling sector, whoever
buys: FLQ with LQ_j = 1, since all buyers of a place taken together have the place's own mix. The
matrix by seller and buyer (`flq`) can be given to an `InputOutputTable` instead. All shares are
capped at .9 (`CAP`): even a cluster buys something outside.

Sources: Flegg and Webber (1997, Regional Studies 31) for λ; Flegg and Tohmo (2013, Regional
Studies 47) for δ about .25-.3; Miller and Blair (2009), chapter 8. From memory.

**Default method `flq_goods`, a deviation from pure FLQ.** λ was fitted on regions of 1 to 50 % of
a nation. A US metro area has a thousandth of the jobs, λ = .14, and would buy 14 % of its haircuts
at home. So goods (AGR, MIN, manufacturing) follow FLQ, and services, which are consumed where they
are made, SLQ. Left out: distance to the next place, cross-hauling within a sector, prices.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from millworks.economy.sectors import GOODS, SECTORS
from millworks.errors import InputError, nearest

Vector = NDArray[np.float64]

CAP: Final[float] = 0.9
"""The largest share of an input or good that is bought inside a district."""

DELTA: Final[float] = 0.3
"""Flegg's δ: how strongly small places import."""


def location_quotients(local_jobs: ArrayLike, national_jobs: ArrayLike) -> Vector:
    """Return LQ [n]: 1 where a sector has the same weight here as in the nation.

    `local_jobs`, `national_jobs`: [n] in the same concept. A sector without national jobs
    (government, which is not covered) gets 1: nothing is known, so it is as in the nation.
    """
    local, national = _jobs(local_jobs, national_jobs)
    covered = national > 0
    weight_here = local / local[covered].sum()
    weight_there = national / national.sum()
    quotient = np.ones(len(national))
    np.divide(weight_here, weight_there, out=quotient, where=covered)
    return quotient


def size_factor(local_jobs: ArrayLike, national_jobs: ArrayLike, delta: float = DELTA) -> float:
    """Return λ = [log2(1 + E/N)]^δ: 1 for the whole nation, .14 for a thousandth of it."""
    local, national = _jobs(local_jobs, national_jobs)
    return float(np.log2(1.0 + local[national > 0].sum() / national.sum()) ** delta)


def slq(local_jobs: ArrayLike, national_jobs: ArrayLike) -> Vector:
    """Return the simple quotient [n], min(1, LQ)."""
    return np.minimum(1.0, location_quotients(local_jobs, national_jobs))


def flq(local_jobs: ArrayLike, national_jobs: ArrayLike, delta: float = DELTA) -> Vector:
    """Return Flegg's quotient [n, n] by selling (row) and buying (column) sector, at most 1.

    A buying sector without local jobs buys nothing; its column is that of `flq_by_seller`.
    """
    quotient = location_quotients(local_jobs, national_jobs)
    buyer = np.where(quotient > 0, quotient, 1.0)
    cross = quotient[:, None] / buyer[None, :]
    np.fill_diagonal(cross, quotient)
    return np.minimum(1.0, size_factor(local_jobs, national_jobs, delta) * cross)


def flq_by_seller(local_jobs: ArrayLike, national_jobs: ArrayLike, delta: float = DELTA) -> Vector:
    """Return λ LQ [n], at most 1: Flegg's quotient of a buyer with the mix of the place."""
    factor = size_factor(local_jobs, national_jobs, delta)
    return np.minimum(1.0, factor * location_quotients(local_jobs, national_jobs))


METHODS: Final[tuple[str, ...]] = ("flq_goods", "flq", "slq")
"""Ways of estimating shares; the first is the default."""


def regional_shares(
    local_jobs: ArrayLike,
    national_jobs: ArrayLike,
    method: str = "flq_goods",
    *,
    delta: float = DELTA,
    goods: ArrayLike = GOODS,
) -> Vector:
    """Return [n]: the share of each sector's goods that a place buys inside, between 0 and `CAP`.

    `local_jobs`, `national_jobs`: [n] jobs by sector. `method`: one of `METHODS`. `delta`: Flegg's
    δ. `goods`: mask [n] of what follows FLQ under "flq_goods", by default goods of the 34 sectors.
    InputError if the method is unknown or the jobs do not fit.
    """
    if method not in METHODS:
        raise InputError(f"no method {method!r}.{nearest(method, METHODS)}")
    simple = slq(local_jobs, national_jobs)
    flegg = flq_by_seller(local_jobs, national_jobs, delta)
    if method == "flq_goods":
        mask = np.asarray(goods, dtype=bool)
        if mask.shape != simple.shape:
            raise InputError(f"goods: {mask.size} entries for {simple.size} sectors of jobs.")
        share = np.where(mask, flegg, simple)
    else:
        share = flegg if method == "flq" else simple
    return np.minimum(CAP, share)


def supply_limited(shares: Vector, local_supply: ArrayLike, local_requirement: ArrayLike) -> Vector:
    """Return `shares` cut to what the district can supply: R_i ≤ supply_i / requirement_i.

    The supply-demand pool. `shares` is [n] or [n, n] with the selling sector first;
    `local_supply` [n] is what sector i sells, `local_requirement` [n] what everybody in the
    district needs of i from whatever origin, both USD per year. Since each buyer's share stays
    below the ratio, their purchases together stay below the supply. A sector nobody needs keeps its
    share.
    """
    supply = np.asarray(local_supply, dtype=np.float64)
    requirement = np.asarray(local_requirement, dtype=np.float64)
    limit = np.ones_like(supply)
    np.divide(supply, requirement, out=limit, where=requirement > 0)
    limit = np.clip(limit, 0.0, 1.0)
    return np.minimum(shares, limit[:, None] if np.ndim(shares) == 2 else limit)


def _jobs(local_jobs: ArrayLike, national_jobs: ArrayLike) -> tuple[Vector, Vector]:
    local = np.asarray(local_jobs, dtype=np.float64)
    national = np.asarray(national_jobs, dtype=np.float64)
    if local.shape != national.shape or local.ndim != 1:
        raise InputError(
            f"local_jobs: {local.size} entries beside {national.size} of national_jobs."
        )
    for name, jobs in (("local_jobs", local), ("national_jobs", national)):
        if not np.isfinite(jobs).all() or (jobs < 0).any():
            worst = int(np.argmin(np.where(np.isfinite(jobs), jobs, -np.inf)))
            code = SECTORS[worst] if len(jobs) == len(SECTORS) else f"number {worst + 1}"
            raise InputError(f"{name}: sector {code} has {jobs[worst]} jobs, 0 or more is needed.")
    if local[national > 0].sum() <= 0:
        raise InputError("local_jobs: a place needs at least one covered job.")
    return local, national
