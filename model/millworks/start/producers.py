"""What tells one manufacturer from another: capacity, pay and jobs per unit, customers' mood.

    ln(D/K) ~ N(m, s_dk²)            demand over capacity; m solved so that E[min(D,K)]/E[K] is the
                                     sector's long-run use of capacity
    pay per unit  = l_s r_k e^(-ε) / mean       r_k payroll per receipts of size class k
    jobs per unit = j_s q_k e^(-ε) / mean       q_k employees per receipts of size class k

ε ~ N(0, sd_A²) productivity. Means are weighted with output over the makers and partners of a
sector, so that the sector's column of pay and jobs holds in the district. With `cost_spread` at
zero every firm uses its sector's pooled column. Inputs follow in `start/costs.py`.

Sources: Annual Business Survey 2017 within sectors (`millworks.economy.size_gradient`); Federal
Reserve G.17 (use of capacity); model specification §5.2, §5.5. Left out: productivity that rises
with age.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from millworks.agents.customers import stationary_mean, stationary_sd
from millworks.economy.embedded import read_rows
from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.economy.size_gradient import pay_per_receipts_within, receipts_per_employee_within
from millworks.parameters import Parameters
from millworks.world.streams import Streams

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

USUAL_USE = 0.78
"""Use of capacity of all manufacturing, for sectors without a figure (Federal Reserve G.17)."""

CONSUMER_SECTORS: Final[frozenset[str]] = frozenset({"FOOD", "TEXT", "APPL", "FURN", "MISC"})
"""Sectors whose customers buy from stock; in the others half as many orders are spot."""


@cache
def use_of_capacity() -> dict[str, float]:
    """Return the long-run use of capacity by sector, share; sectors without a figure are absent."""
    found = {}
    for row in read_rows("utilization.csv"):
        text = row["average_2021_2025_pct"] or row["long_run_average_pct"]
        if row["sector"] in SECTORS and text:
            found[row["sector"]] = float(text) / 100.0
    return found


def mean_overload(use: float, spread: float) -> float:
    """Solve the mean of ln(D/K) at which E[min(D, K)]/E[K] is `use` for a normal spread.

    With K = 1 and ln D ~ N(m, s²): E[min(D, 1)] = e^(m + s²/2) Φ(-m/s - s) + Φ(m/s).
    """
    from scipy.special import ndtr

    low, high = -3.0, 3.0
    for _ in range(80):
        m = 0.5 * (low + high)
        served = np.exp(m + 0.5 * spread**2) * ndtr(-m / spread - spread) + ndtr(m / spread)
        low, high = (m, high) if served < use else (low, m)
    return 0.5 * (low + high)


def draw_overload(
    sectors: dict[str, Ints], keys: dict[str, Ints], parameters: Parameters, streams: Streams
) -> dict[str, Floats]:
    """Draw ln(D/K) of makers (M) and partners (P); without bound of capacity, minus infinity."""
    if parameters.utilisation <= 0.0:
        return {letter: np.full(len(sector), -np.inf) for letter, sector in sectors.items()}
    scale = parameters.utilisation / USUAL_USE
    mean = np.array(
        [
            mean_overload(
                min(0.98, scale * use_of_capacity().get(code, USUAL_USE)), parameters.s_dk
            )
            for code in SECTORS
        ]
    )
    return {
        letter: mean[sector] + parameters.s_dk * streams.normal("maker_capacity", keys[letter])
        for letter, sector in sectors.items()
    }


def weeks_in_hand(overload: Floats, parameters: Parameters) -> Floats:
    """Weeks of work at which demand above capacity settles: ℓ_0 + τ ln(D/K); none below it."""
    settled = parameters.ell0 + parameters.tau_l * np.maximum(0.0, overload)
    return np.where(overload > 0.0, settled, 0.0)


def reliability(overload: Floats, parameters: Parameters) -> Floats:
    """Part of orders that a producer takes and delivers within the time nobody minds."""
    lead = np.maximum(weeks_in_hand(overload, parameters), parameters.ell0)
    return np.exp(-np.maximum(0.0, overload)) * (parameters.ell0 / lead)


def customers_state(links: Ints, parameters: Parameters, streams: Streams) -> Floats:
    """Log demand of each outside customer over its base at the start, from its long-run law."""
    sigma, kappa = parameters.sigma0, parameters.kappa_G
    z = streams.normal("demand_state_start", links)
    return stationary_mean(sigma, kappa) + stationary_sd(sigma, kappa) * z


def cost_factors(
    output: dict[str, Floats],
    sectors: dict[str, Ints],
    size_class: dict[str, Ints],
    keys: dict[str, Ints],
    parameters: Parameters,
    streams: Streams,
    year: int,
) -> dict[str, tuple[Floats, Floats]]:
    """Pay and jobs per unit over the sector's, by holder letter; output-weighted mean one.

    `year`: of the national accounts.
    """
    spread = parameters.cost_spread
    pay, jobs, weights, groups = {}, {}, [], []
    for letter, sector in sectors.items():
        luck = np.exp(-parameters.sd_A * streams.normal("maker_productivity", keys[letter]))
        k = size_class[letter]
        pay[letter] = (pay_per_receipts_within(year)[k] * luck) ** spread
        jobs[letter] = (luck / receipts_per_employee_within(year)[k]) ** spread
        weights.append(output[letter])
        groups.append(sector)
    group, weight = np.concatenate(groups), np.concatenate(weights)
    total = np.bincount(group, weight, len(SECTORS))
    result = {}
    means = []
    for factors in (pay, jobs):
        product = weight * np.concatenate([factors[letter] for letter in sectors])
        made = np.bincount(group, product, len(SECTORS))
        means.append(np.divide(made, total, out=np.ones_like(made), where=total > 0.0))
    for letter, sector in sectors.items():
        result[letter] = (pay[letter] / means[0][sector], jobs[letter] / means[1][sector])
    return result


def spot_share(sector: Ints, parameters: Parameters) -> Floats:
    """Part of orders that must come from stock, by the firm's sector."""
    part = np.array([1.0 if code in CONSUMER_SECTORS else 0.5 for code in SECTORS])
    return np.where(MANUFACTURING, part, 0.0)[sector] * parameters.psi
