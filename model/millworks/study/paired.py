"""Paired runs: one burn-in per seed, forked from the same bytes to every arm, on the same draws.

An arm is a world with its policies and shocks. All arms of a seed share every draw they can (draws
have addresses, see `millworks.world.streams`), so that their difference is the effect and not luck.
Each seed has a burn-in of its own: one start for all would hide how much the start matters.

A scenario with policies is compared with its shocks alone, one with shocks only with nothing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.conf.targets import count_reached
from millworks.errors import InputError
from millworks.study.run_figures import ArmRecord, reduced

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.district_model import DistrictModel
    from millworks.multi_district_model import MultiDistrictModel
    from millworks.study.pair_store import PairStore

Floats = npt.NDArray[np.float64]

WEEKS_OF_TICK = 52
"""Weeks of one arm after which progress is told."""

Tick = Callable[[int], None]
Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Arm:
    """What is in force in one arm: name -> settings of policies and of shocks."""

    policies: Settings
    shocks: Settings

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of its policies, whose cost is followed."""
        return tuple(self.policies)


def arms_of(config: RunConfig) -> tuple[Arm, Arm]:
    """Return baseline and policy arm of a scenario.

    Raises InputError for a scenario with neither policy nor shock: there is nothing to compare.
    """
    if config.policies:
        return Arm({}, config.shocks), Arm(config.policies, config.shocks)
    if config.shocks:
        return Arm({}, {}), Arm({}, config.shocks)
    raise InputError(
        f"{config.title or 'the scenario'}: it has neither a policy nor a shock; "
        "name one under policies: or shocks:."
    )


@dataclass(frozen=True)
class Plan:
    """What every seed runs: the world of `config`, then each of `arms` for `weeks` weeks."""

    config: RunConfig
    arms: tuple[Arm, ...]

    @property
    def weeks(self) -> int:
        """Weeks of the horizon."""
        return self.config.study.weeks

    @property
    def burn_in(self) -> int:
        """Weeks before the arms part."""
        return self.config.study.burn_in

    @property
    def weeks_of_seed(self) -> int:
        """Weeks simulated for one seed."""
        return self.burn_in + len(self.arms) * self.weeks

    def seed(self, pair: int) -> int:
        """Return the key of the draws of pair 0, 1, …"""
        return self.config.seed_of(pair)


@dataclass(frozen=True, eq=False)
class SeedRecord:
    """What the arms of one seed left: `arms` in the order of the plan.

    `counts`: agents by kind; `scale`: part of the place simulated; `residual`: largest residual of
    the accounting identities, relative to all deposits; `around`: for each arm sums [periods, 8] of
    the ring and the rest of the US (`study.around`), none without a ring.
    """

    seed: int
    arms: tuple[ArmRecord, ...]
    counts: dict[str, int]
    scale: float
    residual: float
    around: tuple[Floats, ...] = ()


def run_seed(plan: Plan, seed: int, tick: Tick = lambda weeks: None) -> SeedRecord:
    """Found a world, let it burn in, and run every arm from there.

    `tick` is told the weeks passed since it was last called. Raises InvariantBreach where the books
    do not balance.
    """
    from millworks.study.around import founded_world, home_of

    config = plan.config.model_copy(update={"seed": seed})
    world = founded_world(config)
    home = home_of(world)
    makers, away = home.population("M"), home.miles_from_centre("M")
    for arm in plan.arms:
        count_reached(arm.policies, plan.config.district, makers.sector, makers.size_class, away)
    _run(world, plan.burn_in, lambda: None, tick)
    start = world.state()
    found = [_run_arm(plan, world, start, arm, tick) for arm in plan.arms]
    return SeedRecord(
        seed=seed,
        arms=tuple(record for record, _ in found),
        counts={kind: population.size for kind, population in home.populations.items()},
        scale=home.founding.district.scale,
        residual=world.worst_residual,
        around=tuple(around for _, around in found if around is not None),
    )


def _run_arm(
    plan: Plan,
    world: DistrictModel | MultiDistrictModel,
    start: Mapping[str, Any],
    arm: Arm,
    tick: Tick,
) -> tuple[ArmRecord, Floats | None]:
    """Run one arm from the end of the burn-in; what it left at home, and around it if followed."""
    from millworks.study.around import AroundMeasures, home_of
    from millworks.study.run_measures import RunMeasures

    world.load_state(start)
    world.introduce(arm.policies, arm.shocks)
    home = home_of(world)
    table = RunMeasures(home, plan.weeks, arm.levers)
    around = AroundMeasures(world, plan.weeks) if plan.config.ring else None

    def record() -> None:
        table.record(home)
        if around is not None:
            around.record()

    _run(world, plan.weeks, record, tick)
    kept = reduced(table.values, table.columns, home.founding.district.scale)
    return kept, None if around is None else around.by_period()


def _run(
    world: DistrictModel | MultiDistrictModel,
    weeks: int,
    record: Callable[[], None],
    tick: Tick,
) -> None:
    for week in range(1, weeks + 1):
        world.step()
        record()
        if week % WEEKS_OF_TICK == 0 or week == weeks:
            tick((week - 1) % WEEKS_OF_TICK + 1)


def run_pairs(
    plan: Plan, pairs: Iterable[int], store: PairStore, jobs: int
) -> Iterator[tuple[int, SeedRecord]]:
    """Yield (pair, record) as pairs end: those that the store keeps first, then the others.

    What is yielded does not depend on `jobs`, but for its order.
    """
    wanted = list(pairs)
    missing = []
    for pair in wanted:
        record = store.read(plan.seed(pair))
        if record is None:
            missing.append(pair)
        else:
            yield pair, record
    number = {plan.seed(pair): pair for pair in missing}
    for record in _run_missing(plan, list(number), store, min(jobs, len(missing))):
        yield number[record.seed], record


def _run_missing(
    plan: Plan, seeds: Sequence[int], store: PairStore, workers: int
) -> Iterator[SeedRecord]:
    """Run seeds in this process or in several; each keeps its record before it is handed over."""
    if workers <= 1:
        for seed in seeds:
            yield _kept(plan, seed, store)
        return
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1)
    # Workers take no notice of Ctrl-C themselves: it reaches the whole group of processes, and the
    # one that started them ends them. They inherit that from the moment they start.
    with _deaf_to_ctrl_c():
        records = pool(delayed(_kept)(plan, seed, store) for seed in seeds)
    try:
        yield from records
    except BaseException:
        _end_workers()
        raise


def _kept(plan: Plan, seed: int, store: PairStore) -> SeedRecord:
    record = run_seed(plan, seed, store.tick)
    store.keep(record)
    return record


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore the signal of Ctrl-C inside; only the main thread of a process may ask for that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)


def _end_workers() -> None:
    """End the processes that this one started for its pairs; what they were at is lost."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)


def cores() -> int:
    """Return how many processes this machine runs at a time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
