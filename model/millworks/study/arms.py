"""Arms: worlds of one seed that start from the same bytes and differ in what is in force.

An arm is a world with its policies and shocks. All arms of a seed share one burn-in and every draw
they can (draws have addresses, see `millworks.world.streams`), so that their difference is the
effect and not luck. Each seed has a burn-in of its own: one start for all would hide how much the
start matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from millworks.conf.targets import count_reached
from millworks.study.run_figures import ArmRecord, reduced
from millworks.study.store import fingerprint

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.district_model import DistrictModel
    from millworks.multi_district_model import MultiDistrictModel
    from millworks.study.pair_store import PairStore

Floats = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]
Tick = Callable[[int], None]
Settings = Mapping[str, Mapping[str, Any]]

WEEKS_OF_TICK = 52
"""Weeks of one arm after which progress is told."""


@dataclass(frozen=True)
class Arm:
    """What is in force in one arm: name -> settings of policies and of shocks.

    `levy`: USD a year of the whole place that is levied, the same in every week; None: as much as
    policies turn out to need. `world`: parameters that differ from the scenario's, for the weeks
    of the arm only.
    """

    policies: Settings
    shocks: Settings
    levy: float | None = None
    world: tuple[tuple[str, float], ...] = ()

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of its policies, whose cost is followed."""
        return tuple(self.policies)

    @property
    def key(self) -> str:
        """Ten digits that tell it from every other arm of the same world."""
        content = {
            "policies": {name: dict(kept) for name, kept in self.policies.items()},
            "shocks": {name: dict(kept) for name, kept in self.shocks.items()},
            "levy": self.levy,
            "world": self.world,
        }
        return fingerprint(content)


NOTHING = Arm({}, {})
"""The arm in which nothing is in force: the baseline of policies."""


class Recorder(Protocol):
    """What a study follows beside the usual sums, week by week."""

    def record(self) -> None:
        """Read the week that has just ended."""
        ...

    def arrays(self) -> Arrays:
        """Return what is kept of the arm, once its last week is recorded."""
        ...


Follow = Callable[["DistrictModel | MultiDistrictModel", int], Recorder]
"""Makes the recorder of an arm that begins, from its world and weeks; it is sent to processes."""


@dataclass(frozen=True)
class Plan:
    """What every seed runs: the world of `config`, then each of `arms` for `weeks` weeks.

    `follow`: what is recorded of every arm beside the usual sums; None: nothing.
    """

    config: RunConfig
    arms: tuple[Arm, ...]
    follow: Follow | None = None

    @property
    def weeks(self) -> int:
        """Weeks of the horizon."""
        return self.config.study.weeks

    @property
    def burn_in(self) -> int:
        """Weeks before the arms part."""
        return self.config.study.burn_in

    def seed(self, pair: int) -> int:
        """Return the key of the draws of pair 0, 1, …"""
        return self.config.seed_of(pair)


@dataclass(frozen=True, eq=False)
class ArmRun:
    """What one arm of one seed left.

    `counts`: agents by kind; `scale`: part of the place simulated; `residual`: largest residual of
    the accounting identities, relative to all deposits; `around`: sums [periods, 8] of the ring and
    the rest of the US (`study.around`), None without a ring; `extra`: what `Plan.follow` recorded.
    """

    record: ArmRecord
    counts: dict[str, int]
    scale: float
    residual: float
    around: Floats | None = None
    extra: Arrays = field(default_factory=dict)


def run_arms(
    plan: Plan,
    seed: int,
    places: Sequence[int],
    store: PairStore | None = None,
    tick: Tick = lambda weeks: None,
) -> Iterator[ArmRun]:
    """Yield the arms of a seed that stand at `places` of the plan, each as it ends.

    The world at the end of its burn-in is taken from the store if it has it, else it is made and
    kept there. `tick` is told the weeks passed since it was last called. Raises InvariantBreach
    where the books do not balance.
    """
    from millworks.study.around import founded_world, home_of

    world = founded_world(plan.config.model_copy(update={"seed": seed}))
    home = home_of(world)
    makers, away = home.population("M"), home.miles_from_centre("M")
    for place in places:
        policies, district = plan.arms[place].policies, plan.config.district
        count_reached(policies, district, makers.sector, makers.size_class, away)
    start = _burnt_in(plan, world, seed, store, tick)
    base = home.base_parameters
    for place in places:
        arm = plan.arms[place]
        world.load_state(start)
        world.forget_residuals()
        home.base_parameters = (
            base.replace(unchecked=True, **dict(arm.world)) if arm.world else base
        )
        yield _run_arm(plan, world, arm, tick)


def _burnt_in(
    plan: Plan,
    world: DistrictModel | MultiDistrictModel,
    seed: int,
    store: PairStore | None,
    tick: Tick,
) -> Mapping[str, Any]:
    """The world's state at the end of the burn-in, from the store or from running it."""
    if store is None:
        _run(world, plan.burn_in, lambda: None, tick)
        return world.state()
    # Whoever comes second waits for the first instead of doing the same.
    with store.only_one(seed):
        start = store.read_start(seed)
        if start is None:
            _run(world, plan.burn_in, lambda: None, tick)
            start = world.state()
            store.keep_start(seed, start)
    return start


def _run_arm(plan: Plan, world: DistrictModel | MultiDistrictModel, arm: Arm, tick: Tick) -> ArmRun:
    """Run one arm from where the world stands; what it left at home, and around it if followed."""
    from millworks.study.around import AroundMeasures, home_of
    from millworks.study.run_measures import RunMeasures

    world.introduce(arm.policies, arm.shocks, levy=arm.levy)
    home = home_of(world)
    table = RunMeasures(home, plan.weeks, arm.levers)
    around = AroundMeasures(world, plan.weeks) if plan.config.ring else None
    extra = None if plan.follow is None else plan.follow(world, plan.weeks)

    def record() -> None:
        table.record(home)
        if around is not None:
            around.record()
        if extra is not None:
            extra.record()

    _run(world, plan.weeks, record, tick)
    scale = home.founding.district.scale
    return ArmRun(
        record=reduced(table.values, table.columns, scale),
        counts={kind: population.size for kind, population in home.populations.items()},
        scale=scale,
        residual=world.worst_residual,
        around=None if around is None else around.by_period(),
        extra={} if extra is None else extra.arrays(),
    )


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
