"""A simulated baseline beside the data: worlds are run seed by seed and measured, then compared.

Per seed two worlds are run from the founding on: the world as configured, watched for the years
asked for, and the *credit of 2015*, the same but for `kappa_score` = 0 throughout, watched for a
year. Facts of 2015 on credit are compared with firms that have lived under the credit of 2015;
switching the score for one application would judge it by books made under another.

A moment is *inside* if its Monte-Carlo interval over seeds meets the band of the data; where only
the width of the interval saves it, that is said and counted apart (`loose`), since few worlds make
wide intervals; one world tells nothing. Nothing is fitted here.

Source: model specification §10.2, §13.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from millworks.economy.places import load_place
from millworks.parameters import register
from millworks_calibration.constrained import DEFINITIONS, Figure, constrained_figures
from millworks_calibration.health import (
    VITALS,
    output_per_job_ratio,
    refused_by_reason,
    yearly_series,
)
from millworks_calibration.intervals import Interval, over_seeds
from millworks_calibration.moments import MOMENTS
from millworks_calibration.panel import NotMeasured, Panel
from millworks_calibration.results import (
    ClaimRow,
    Comparison,
    HealthRow,
    SeedMeasures,
    ValidationResult,
)
from millworks_calibration.targets import FIT, Target, load_claims, load_targets

if TYPE_CHECKING:
    from millworks.conf.schema import ValidateConfig, WorldConfig

Progress = Callable[[int, int, str], None]
Task = tuple[int, str]

TODAY, CREDIT_OF_2015 = "today", "credit of 2015"
YEARS_OF_CREDIT = 1
"""Years for which the world with the credit of 2015 is watched: four applications a maker."""


def validate(config: ValidateConfig, jobs: int, progress: Progress) -> ValidationResult:
    """Run every seed in `jobs` processes and return the comparison.

    The result does not depend on `jobs`. Raises InvariantBreach where the books of a world do
    not balance.
    """
    started = time.perf_counter()
    seeds = config.seeds_used
    tasks = [(seed, world) for world in (TODAY, CREDIT_OF_2015) for seed in seeds]
    done = {}
    progress(0, len(tasks), f"{len(tasks)} worlds")
    for count, measures in enumerate(_run_all(config, tasks, jobs), start=1):
        done[measures.seed, measures.world] = measures
        progress(count, len(tasks), f"{len(tasks)} worlds")
    return compare(config, [done[task] for task in tasks], time.perf_counter() - started)


def _run_all(config: ValidateConfig, tasks: Sequence[Task], jobs: int) -> Iterator[SeedMeasures]:
    """Yield the measures of each task as it ends, in this process or in several."""
    workers = min(jobs, len(tasks))
    if workers == 1:
        for task in tasks:
            yield run_world(config, *task)
        return
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    yield from pool(delayed(run_world)(config, *task) for task in tasks)


def run_world(config: ValidateConfig, seed: int, world: str) -> SeedMeasures:
    """Found, run and measure one world."""
    from millworks.study.local_shares import founded
    from millworks_calibration.record import record

    started = time.perf_counter()
    today = world == TODAY
    beliefs = config.world if today else with_credit_of_2015(config.world)
    model = founded(config.model_copy(update={"seed": seed, "world": beliefs}))
    panel = record(model, config.burn_in, config.years if today else YEARS_OF_CREDIT, seed)
    return measure(panel, world, time.perf_counter() - started)


def with_credit_of_2015(world: WorldConfig) -> WorldConfig:
    """Return the world with the credit tightness of 2015, to which its zero is pinned."""
    return world.model_copy(update={"parameters": {**world.parameters, "kappa_score": 0.0}})


def measure(panel: Panel, world: str, seconds: float = 0.0) -> SeedMeasures:
    """Read off a panel every moment that targets compare in its world, and in today's the rest."""
    moments, reasons = {}, {}
    for target in load_targets():
        if target.measure and target.world == world:
            try:
                moments[target.measure] = MOMENTS[target.measure](panel)
            except NotMeasured as absent:
                reasons[target.measure] = str(absent)
    today = world == TODAY
    constrained = constrained_figures(panel) if today else {}
    comparable = {"output_per_job_ratio": output_per_job_ratio(panel)} if today else {}
    comparable |= {name: constrained.get(Figure(name)) for name in DEFINITIONS if today}
    health = {vital.name: vital.read(panel) for vital in VITALS if today}
    health |= {f"refused_{reason}": part for reason, part in refused_by_reason(panel).items()}
    series = yearly_series(panel).items() if today else ()
    return SeedMeasures(
        seed=panel.seed,
        world=world,
        counts={name: getattr(panel, name).rows for name in ("makers", "partners", "retailers")},
        scale=panel.scale,
        moments=moments,
        reasons=reasons,
        constrained=constrained,
        health={name: value for name, value in health.items() if value is not None},
        comparable={name: value for name, value in comparable.items() if value is not None},
        yearly={name: tuple(float(value) for value in values) for name, values in series},
        worst_residual=panel.worst_residual,
        seconds=seconds,
    )


def compare(
    config: ValidateConfig, measured: Sequence[SeedMeasures], seconds: float
) -> ValidationResult:
    """Set the measures of all worlds beside the targets."""
    place = load_place(config.district, config.makers, year=config.year)
    today = [seed for seed in measured if seed.world == TODAY]
    parameters = config.world.values()
    return ValidationResult(
        place=place,
        year=config.year,
        seeds=config.seeds_used,
        years=config.years,
        burn_in=config.burn_in,
        counts=today[0].counts,
        scale=today[0].scale,
        comparisons=tuple(sorted(map(_comparer(measured), load_targets()), key=_misses_first)),
        constrained=_constrained(today),
        claims=tuple(
            ClaimRow(claim, over_seeds([seed.comparable.get(claim.measure) for seed in today]))
            for claim in load_claims()
        ),
        health=tuple(_health(today)),
        by_seed=tuple(measured),
        worst_residual=max(seed.worst_residual for seed in measured),
        assumptions=[
            {
                "key": key,
                "value": parameters[key],
                "unit": spec.unit,
                "meaning": spec.meaning,
                "source": spec.source,
            }
            for key, spec in register().items()
        ],
        seconds=seconds,
    )


def _comparer(measured: Sequence[SeedMeasures]) -> Callable[[Target], Comparison]:
    def compared(target: Target) -> Comparison:
        if not target.measure:
            return Comparison(target, None, f"waits for {target.waits_for}")
        worlds = [seed for seed in measured if seed.world == target.world]
        model = over_seeds([seed.moments.get(target.measure) for seed in worlds])
        if model is not None:
            return Comparison(target, model)
        reasons = [seed.reasons.get(target.measure, "") for seed in worlds]
        return Comparison(target, None, next(filter(None, reasons), "no world shows it"))

    return compared


def _misses_first(row: Comparison) -> tuple[int, int, float]:
    """Misses, then what only a wide interval saves, then the rest; fit before held-out."""
    rank = {False: 0, True: 2, None: 4}[row.inside] - int(row.loose or row.alone)
    return rank, int(row.target.use != FIT), -row.miss


def _constrained(today: Sequence[SeedMeasures]) -> dict[Figure, Interval]:
    keys = dict.fromkeys(key for seed in today for key in seed.constrained)
    found = {key: over_seeds([seed.constrained.get(key) for seed in today]) for key in keys}
    return {key: interval for key, interval in found.items() if interval is not None}


def _health(today: Sequence[SeedMeasures]) -> Iterable[HealthRow]:
    for vital in VITALS:
        model = over_seeds([seed.health.get(vital.name) for seed in today])
        yield HealthRow(vital.name, vital.unit, vital.meaning, vital.zero, model)
    reasons = dict.fromkeys(
        name for seed in today for name in seed.health if name.startswith("refused_")
    )
    for name in reasons:
        meaning = f"orders refused for {name.removeprefix('refused_').replace('_', ' ')}"
        model = over_seeds([seed.health.get(name) for seed in today])
        yield HealthRow(name, "share of orders", meaning, False, model)
