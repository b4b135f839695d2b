"""A scenario against its baseline: run the pairs, take the differences, judge them.

Several scenarios of one world are run together: they share each seed's burn-in, and arms that are
the same are run once. With a precision pairs are added in batches until half the interval of the
headline effect is that part of it, or the most pairs allowed are run; the size of a batch follows
from the pairs before it and from nothing else, so that a repeated study is the same study.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.arms import Arm, Plan
from millworks.study.around import ring_places
from millworks.study.effects import Estimate, estimate, pairs_needed
from millworks.study.paired import SeedRecord, arms_of, missing_arms, run_pairs, weeks_to_run
from millworks.study.run_figures import Window, figures, weeks_of_periods
from millworks.study.run_measures import columns_of

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.pair_store import PairStore

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]

SECONDS_BETWEEN_LOOKS = 0.3
SMALLEST_BATCH = 4


@dataclass(frozen=True, eq=False)
class PairedArms:
    """Baseline and policy arm of a scenario over all pairs, as [pairs, periods, columns] of sums
    and [pairs, weeks, quantities of PATHS]; `columns` of each arm by name."""

    config: RunConfig
    records: tuple[SeedRecord, ...]
    arms: tuple[Arm, Arm]
    places: tuple[int, int]

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.records)

    @property
    def weeks(self) -> int:
        """Weeks of the horizon."""
        return self.config.study.weeks

    @property
    def scale(self) -> float:
        """Part of the place that is simulated."""
        return self.records[0].scale

    def columns(self, arm: int) -> dict[str, int]:
        """Place of each column of an arm: 0 baseline, 1 policy."""
        return {name: place for place, name in enumerate(columns_of(self.arms[arm].levers))}

    def periods(self, arm: int) -> Floats:
        """Sums [pairs, periods, columns] of an arm."""
        return np.stack([record.arms[self.places[arm]].periods for record in self.records])

    def paths(self, arm: int) -> Floats:
        """Quantities of each week of an arm, [pairs, weeks, PATHS]."""
        return np.stack([record.arms[self.places[arm]].paths for record in self.records])

    def around(self, arm: int) -> Floats:
        """Sums [pairs, periods, 8] of the ring and the rest of the US (`study.around`)."""
        return np.stack([record.around[self.places[arm]] for record in self.records])

    def horizon(self, arm: int) -> Window:
        """The whole horizon of an arm; its figures are [pairs]."""
        sums = self.periods(arm).sum(axis=1)
        return Window(sums, self.columns(arm), float(self.weeks), self.scale)

    def by_period(self, arm: int) -> Window:
        """The quarters of an arm; its figures are [pairs, periods]."""
        return Window(
            self.periods(arm), self.columns(arm), weeks_of_periods(self.weeks), self.scale
        )

    def headline(self) -> Estimate | None:
        """The effect whose precision counts."""
        key = self.config.study.headline, "all"
        difference = figures(self.horizon(1))[key] - figures(self.horizon(0))[key]
        return estimate(difference, self.config.study.confidence)


@dataclass(frozen=True)
class Outcome:
    """What running pairs gave: the scenarios' arms, why it ended, and how long it took."""

    scenarios: tuple[PairedArms, ...]
    stopped: str
    seconds: float
    pairs_run: int


def run_scenarios(
    configs: Sequence[RunConfig], store: PairStore, jobs: int, progress: Progress
) -> Outcome:
    """Run scenarios that share a world: the same district, seeds and horizon.

    Raises InputError where one has neither policy nor shock, or where they do not share a world;
    InvariantBreach where the books do not balance.
    """
    plan, places = _plan(configs)
    if plan.config.ring:
        ring_places(plan.config)
    study = configs[0].study
    done: dict[int, SeedRecord] = {}
    pairs, stopped, started, run = study.pairs, "", time.perf_counter(), 0
    while True:
        missing = [pair for pair in range(pairs) if pair not in done]
        run += sum(bool(missing_arms(plan, plan.seed(pair), store)) for pair in missing)
        store.planned = pairs * len(plan.arms)
        weeks = weeks_to_run(plan, missing, store)
        with telling(store, weeks, f"{pairs} pairs", progress):
            for pair, record in run_pairs(plan, missing, store, jobs):
                done[pair] = record
        records = tuple(done[pair] for pair in sorted(done))
        scenarios = tuple(
            PairedArms(config, records, arms_of(config), place)
            for config, place in zip(configs, places, strict=True)
        )
        stopped, pairs = _next(scenarios, pairs)
        if stopped:
            break
    return Outcome(scenarios, stopped, time.perf_counter() - started, run)


def _next(scenarios: Sequence[PairedArms], pairs: int) -> tuple[str, int]:
    """Say why the study ends, or '' and the number of pairs to go on to."""
    study = scenarios[0].config.study
    if study.precision is None:
        return f"all {pairs} pairs run", pairs
    wanted = f"{100.0 * study.precision:g} %"
    needed = 0.0
    for scenario in scenarios:
        found = scenario.headline()
        if found is None or found.half_width is None:
            needed = math.inf
        elif found.half_width > study.precision * abs(found.mean):
            more = pairs_needed(found, study.precision, study.confidence)
            needed = max(needed, math.inf if more is None else more, pairs + 1.0)
    if needed == 0.0:
        return f"precision of {wanted} reached with {pairs} pairs", pairs
    if pairs >= study.most_pairs:
        return f"most pairs allowed ({study.most_pairs}) run; {wanted} not reached", pairs
    # At most doubled: an interval of few pairs is a poor guess of what many will show.
    target = min(2 * pairs, needed, study.most_pairs)
    batch = max(SMALLEST_BATCH, math.ceil(target) - pairs)
    return "", min(pairs + batch, study.most_pairs)


def _plan(configs: Sequence[RunConfig]) -> tuple[Plan, list[tuple[int, int]]]:
    """The union of all arms, each once, and where each scenario's two stand in it."""
    arms: list[Arm] = []
    places = []
    for config in configs:
        if shared_world(config) != shared_world(configs[0]):
            raise InputError(
                f"{config.title}: its district, world, seed or horizon are not those of "
                f"{configs[0].title}; scenarios are compared in one world."
            )
        here = []
        for arm in arms_of(config):
            if arm not in arms:
                arms.append(arm)
            here.append(arms.index(arm))
        places.append((here[0], here[1]))
    return Plan(configs[0], tuple(arms)), places


def shared_world(config: RunConfig) -> dict[str, object]:
    """Return what scenarios must have in common to be run together."""
    content = config.model_dump(mode="json")
    for own in ("title", "about", "policies", "shocks", "papers", "report"):
        content.pop(own)
    return content


@contextmanager
def telling(store: PairStore, weeks: int, label: str, progress: Progress) -> Iterator[None]:
    """Tell the progress of all processes while inside, in weeks passed of those to pass."""
    total, before = max(1, weeks), store.weeks_passed()
    over = threading.Event()

    def look() -> None:
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            progress(min(total, store.weeks_passed() - before), total, label)

    progress(0, total, label)
    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
