"""A battery: many arms of one world, by name, over the same pairs.

Every arm is set against the same baseline on the same draws, so one burn-in and one baseline of a
seed serve all of them, and any two arms may be subtracted from one another pair by pair.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.study.arms import NOTHING, Arm, Arrays, Follow, Plan
from millworks.study.effects import Estimate, estimate
from millworks.study.paired import SeedRecord, missing_arms, run_pairs, weeks_to_run
from millworks.study.run_figures import Window, figures, weeks_of_periods
from millworks.study.run_measures import columns_of
from millworks.study.run_study import PairedArms, Progress, telling
from millworks.study.workers import Backend, on_this_machine

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.study.pair_store import PairStore

Floats = npt.NDArray[np.float64]

BASELINE = "baseline"


@dataclass(frozen=True)
class Workers:
    """Who runs the arms: `jobs` workers of a backend."""

    jobs: int = 1
    backend: Backend = on_this_machine


@dataclass(frozen=True, eq=False)
class Battery:
    """What the arms of `names` left over all pairs; figures are arrays [pairs].

    `places`: name -> its arm's place in the records; two names may share one. `seconds` it took to
    run what was missing, `pairs_run` how many pairs that touched.
    """

    config: RunConfig
    arms: Mapping[str, Arm]
    records: tuple[SeedRecord, ...]
    places: Mapping[str, int]
    seconds: float
    pairs_run: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the arms, the baseline first."""
        return tuple(self.arms)

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

    @property
    def residual(self) -> float:
        """Largest residual of the accounting identities, relative to all deposits."""
        return max(record.residual for record in self.records)

    def paired(self, name: str, against: str = BASELINE) -> PairedArms:
        """Return an arm and the one it is set against, as a study of two arms has them."""
        arms = self.arms[against], self.arms[name]
        return PairedArms(
            self.config, self.records, arms, (self.places[against], self.places[name])
        )

    def periods(self, name: str) -> Floats:
        """Sums of an arm [pairs, periods, columns]."""
        return np.stack([record.arms[self.places[name]].periods for record in self.records])

    def extra(self, name: str) -> list[Arrays]:
        """What the recorder of `run_battery(follow=…)` left of an arm, one for each pair."""
        return [record.extra[self.places[name]] for record in self.records]

    def paths(self, name: str) -> Floats:
        """Quantities of each week of an arm, [pairs, weeks, `quantities.PATHS`]."""
        return np.stack([record.arms[self.places[name]].paths for record in self.records])

    def window(self, name: str) -> Window:
        """The whole horizon of an arm; its figures are [pairs]."""
        sums = self.periods(name).sum(axis=1)
        return Window(sums, self._columns(name), float(self.weeks), self.scale)

    def by_period(self, name: str) -> Window:
        """The quarters of an arm; its figures are [pairs, periods]."""
        weeks = weeks_of_periods(self.weeks)
        return Window(self.periods(name), self._columns(name), weeks, self.scale)

    def figures(self, name: str) -> dict[tuple[str, str], Floats]:
        """Every quantity of an arm over the horizon: (quantity, size) -> [pairs]."""
        if name not in self._figures:
            self._figures[name] = figures(self.window(name))
        return self._figures[name]

    def difference(
        self, name: str, quantity: str, size: str = "all", against: str = BASELINE
    ) -> Floats:
        """Return an arm's figure less that of another one, [pairs]."""
        key = quantity, size
        return self.figures(name)[key] - self.figures(against)[key]

    def effect(self, name: str, quantity: str, against: str = BASELINE) -> Estimate | None:
        """Return the mean difference with its interval."""
        found = self.difference(name, quantity, against=against)
        return estimate(found, self.config.study.confidence)

    @cached_property
    def _figures(self) -> dict[str, dict[tuple[str, str], Floats]]:
        return {}

    def _columns(self, name: str) -> dict[str, int]:
        return {key: place for place, key in enumerate(columns_of(self.arms[name].levers))}


def run_battery(
    config: RunConfig,
    arms: Mapping[str, Arm],
    store: PairStore,
    workers: Workers,
    progress: Progress,
    *,
    pairs: Sequence[int] | None = None,
    label: str = "",
    planned: int | None = None,
    follow: Follow | None = None,
) -> Battery:
    """Run arms of the world of `config` that the store does not have; return all of them.

    `arms` by name; the baseline, in which nothing is in force, is added if it is not among them.
    `pairs`: which of them, by default all that the study asks for; `planned`: runs of the whole
    study, where this is a part of it; `follow`: what is recorded beside the usual sums, in a store
    where every arm is recorded so. Raises InvariantBreach where the books do not balance.
    """
    named = {BASELINE: arms.get(BASELINE, NOTHING), **arms}
    keys = {arm.key: arm for arm in named.values()}
    plan = Plan(config, tuple(keys.values()), follow)
    wanted = range(config.study.pairs) if pairs is None else pairs
    store.planned = max(store.planned, planned or len(wanted) * len(plan.arms))
    started = time.perf_counter()
    run = sum(bool(missing_arms(plan, plan.seed(pair), store)) for pair in wanted)
    words = label or f"{len(plan.arms)} arms, {len(wanted)} pairs"
    with telling(store, weeks_to_run(plan, wanted, store), words, progress):
        done = dict(run_pairs(plan, wanted, store, workers.jobs, workers.backend))
    place = {key: number for number, key in enumerate(keys)}
    return Battery(
        config=config,
        arms=named,
        records=tuple(done[pair] for pair in sorted(done)),
        places={name: place[arm.key] for name, arm in named.items()},
        seconds=time.perf_counter() - started,
        pairs_run=run,
    )
