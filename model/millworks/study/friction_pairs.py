"""One seed of the multiplier with frictions: founding, burn-in, and every arm from the same bytes.

The baseline is run once and its path recorded; the closures are held to it over the horizon of the
headline, the free arm goes on to the longest horizon shown; then come the other sizes and the levy.
Horizons beyond 208 weeks are shown with 200 pairs or more (model specification, §10.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import sector_index
from millworks.study.friction_closures import (
    EFFECTS,
    LEVY,
    OUTSIDE,
    TOTAL,
    Fork,
    Impulse,
    fork,
    nested_arms,
    run_arm,
)
from millworks.study.friction_measures import FrictionSeries
from millworks.study.local_shares import founded
from millworks.world.closure import FreeClosure, RecordingClosure

if TYPE_CHECKING:
    from millworks.conf.schema import MultiplierConfig

Floats = npt.NDArray[np.float64]
Totals = dict[Any, float]

LONGEST_BELOW = 208
"""Weeks beyond which nothing is shown below `PAIRS_FOR_LONG` pairs (specification, §10.1)."""
PAIRS_FOR_LONG = 200
FACTS = {
    "late_births": "makers in business that differ from the path while turnover is held, at most",
    "paid_in": "equity that held projects took from outside, USD per USD of the impulse",
    "lacking": "money that constrained makers lacked when the impulse began, USD per USD of it",
    "recipients": "makers that the money is invested in",
    "levied": "levy received over the horizon, USD per USD of the impulse",
}
"""Numbers beside the figures -> what they say."""


@dataclass(frozen=True, eq=False)
class PairRecord:
    """What one seed left.

    `base`, `arms[effect or (payer, injection)]`: totals by horizon; `usd` by injection; `path`
    [effects, regions, weeks] output of the week beyond the baseline's, USD; `leontief` sector
    weights [34] of the impulse.
    """

    seed: int
    base: dict[int, Totals]
    arms: dict[Any, dict[int, Totals]]
    usd: dict[float, float]
    sales: float
    path: Floats
    weights: Floats
    facts: dict[str, float]
    counts: dict[str, int]
    scale: float
    residual: float


def horizons_shown(config: MultiplierConfig) -> list[int]:
    """Return the horizons that may be shown, the headline's among them."""
    most = LONGEST_BELOW if config.pairs < PAIRS_FOR_LONG else max(config.horizons)
    return sorted({config.weeks} | {weeks for weeks in config.horizons if weeks <= most})


def run_pair(config: MultiplierConfig, seed: int) -> PairRecord:
    """Found a world, let it burn in, and follow the dollars through all arms."""
    assert config.mode is not None
    horizons = horizons_shown(config)
    sector = None if config.sector is None else sector_index(config.sector)
    model = founded(config.model_copy(update={"seed": seed}))
    forked = fork(model, config.burn_in, sector)
    sizes = sorted({config.injection, *config.injections})
    impulses = {size: forked.impulse(config.mode, size * forked.sales, sector) for size in sizes}
    usd = {size: impulse.usd for size, impulse in impulses.items()}
    impulse = impulses[config.injection]
    path = RecordingClosure()
    base = run_arm(forked, None, path, max(horizons))
    held = nested_arms(forked, impulse, path, config.weeks, EFFECTS[:-1])
    free = run_arm(forked, impulse, FreeClosure(), max(horizons))
    arms: dict[Any, dict[int, Totals]] = {
        effect: {config.weeks: series.totals(config.weeks)} for effect, series in held.items()
    }
    arms[TOTAL] = {weeks: free.totals(weeks) for weeks in horizons}
    for size in sizes:
        if size != config.injection:
            series = run_arm(forked, impulses[size], FreeClosure(), config.weeks)
            arms[OUTSIDE, size] = {config.weeks: series.totals(config.weeks)}
    nested = [*held.values(), free]
    levied = run_arm(forked, impulse, FreeClosure(), config.weeks, levy=True)
    arms[LEVY, config.injection] = {config.weeks: levied.totals(config.weeks)}
    return PairRecord(
        seed=seed,
        base={weeks: base.totals(weeks) for weeks in horizons},
        arms=arms,
        usd=usd,
        sales=forked.sales,
        path=np.array(
            [series.outputs(config.weeks) - base.outputs(config.weeks) for series in nested]
        ),
        weights=impulse.sector_weights,
        facts=_facts(forked, impulse, base, held, levied, config.weeks),
        counts={kind: population.size for kind, population in model.populations.items()},
        scale=model.founding.district.scale,
        residual=max(model.invariants.worst.values(), default=0.0),
    )


def _facts(
    forked: Fork,
    impulse: Impulse,
    base: FrictionSeries,
    held: dict[str, FrictionSeries],
    levied: FrictionSeries,
    weeks: int,
) -> dict[str, float]:
    """Numbers of `FACTS` of one seed; the last are not yet per dollar."""
    forked.model.load_state(forked.start)
    makers = forked.model.population("M")
    given = impulse.capital.amounts
    programme = 0.0 if given is None else float(given.sum())
    total = held["induced"].totals(weeks)
    gap = max(
        float(np.abs(series.active[:weeks] - base.active[:weeks]).max()) for series in held.values()
    )
    return {
        "late_births": gap,
        "paid_in": max(0.0, total["invested"] - programme),
        "lacking": float(makers.money_missing[makers.constrained].sum()),
        "recipients": 0.0 if given is None else float(np.count_nonzero(given)),
        "levied": levied.totals(weeks)["levied"],
    }
