"""What a scenario does around its district: in the ring, in the rest of the US, in the nation.

With `ring: true` the district's neighbouring counties are a district of the same world
(`millworks.economy.rings`). What it makes is measured as the home district's own; what both set in
motion in the rest of the US is its rounds (`millworks.world.rest_of_us`) at national coefficients.
The nation is the sum of the three: what a policy moves from the ring or from the rest of the US to
the district does not raise it, what it makes does.

Only what the two districts set in motion is followed in the rest of the US: there, and so in the
nation, a change has a size but no level.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.economy.places import load_place
from millworks.economy.rings import ring_of
from millworks.errors import InputError
from millworks.multi_district_model import MultiDistrictModel
from millworks.study.effects import estimate
from millworks.study.local_shares import founded
from millworks.study.quantities import RUN_QUANTITIES
from millworks.study.run_figures import WEEKS_OF_PERIOD, figures
from millworks.study.run_measures import WEEKS_OF_YEAR, RunMeasures
from millworks.study.run_results import Effect

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig
    from millworks.district_model import DistrictModel
    from millworks.economy.places import Place
    from millworks.study.run_study import PairedArms

Floats = npt.NDArray[np.float64]

QUANTITIES = ("output", "value_added", "labour_income", "jobs")
"""What is followed around the district, in the order of the columns of a record."""
RING, REST, NATION = "ring", "rest_of_us", "national"
AROUND = (*QUANTITIES, "job_years")


def ring_places(config: RunConfig) -> tuple[Place, Place, int]:
    """Return the home district, its ring, and how many makers of the ring are simulated.

    As many as `ring_makers` asks for, else no more than the home district simulates. InputError
    for a place without neighbours within `ring_miles`, or for more makers than the ring has.
    """
    home = load_place(config.district, config.makers, year=config.year)
    ring = ring_of(home, config.ring_miles)
    makers = config.ring_makers
    if makers is None:
        makers = min(ring.small_makers, config.makers or home.small_makers)
    if makers > ring.small_makers:
        raise InputError(
            f"ring_makers = {makers:,}: the {ring.name} have only {ring.small_makers:,} makers; "
            "ask for that many or fewer."
        )
    return home, ring, makers


def ring_world(config: RunConfig) -> MultiDistrictModel:
    """Found the district of a configuration with its ring; InputError as `ring_places`."""
    home, ring, makers = ring_places(config)
    return MultiDistrictModel(
        [home, ring],
        year=config.year,
        seed=config.seed,
        parameters=config.world.values(),
        method=config.world.regionalisation,
        makers=[config.makers, makers],
        reach=config.ring_reach,
    )


def founded_world(config: RunConfig) -> DistrictModel | MultiDistrictModel:
    """Found the world of a scenario: its district, with its ring if it has one."""
    return ring_world(config) if config.ring else founded(config)


class AroundMeasures:
    """What the weeks of one arm bring around the home district: `record` after each week.

    `values` [weeks, 2, quantities]: of the ring and of the rest of the US, true size: USD of the
    base year a week, and jobs.
    """

    def __init__(self, world: DistrictModel | MultiDistrictModel, weeks: int) -> None:
        assert isinstance(world, MultiDistrictModel)
        self.world = world
        self.values = np.zeros((weeks, 2, len(QUANTITIES)))
        self._tables = [RunMeasures(ring, weeks, ()) for ring in world.districts[1:]]
        self._week = 0

    def record(self) -> None:
        """Read the week that has just ended."""
        row = self.values[self._week]
        for table, ring in zip(self._tables, self.world.districts[1:], strict=True):
            table.record(ring)
            columns = dict(zip(table.columns, table.values[self._week], strict=True))
            row[0] += [columns[f"district_{name}"] / ring.scale for name in QUANTITIES]
        made, recipe = self.world.rest_of_us_output, self.world.home.technology
        national = recipe.national
        row[1] = (
            made.sum(),
            (national.value_added * made).sum(),
            (national.compensation * made).sum(),
            (recipe.jobs * made).sum() * WEEKS_OF_YEAR,
        )
        self._week += 1

    def by_period(self) -> Floats:
        """Return sums over the periods of a record, [periods, 2 * quantities]."""
        starts = np.arange(0, len(self.values), WEEKS_OF_PERIOD)
        return np.add.reduceat(self.values.reshape(len(self.values), -1), starts, axis=0)


def effects_around(arms: PairedArms) -> list[Effect]:
    """Return effects in the ring, the rest of the US and the nation; none without a ring."""
    return list(_effects(arms)) if arms.config.ring else []


def _effects(arms: PairedArms) -> Iterator[Effect]:
    sums = [arms.around(arm).sum(axis=1) for arm in (0, 1)]
    change = (sums[1] - sums[0]).reshape(arms.pairs, 2, len(QUANTITIES))
    levels = sums[0].reshape(arms.pairs, 2, len(QUANTITIES))
    before, after = figures(arms.horizon(0)), figures(arms.horizon(1))
    for name in AROUND:
        column = QUANTITIES.index("jobs" if name == "job_years" else name)
        factor = _factor(name, arms.weeks)
        inside = after[name, "all"] - before[name, "all"]
        ring, rest = (factor * change[:, place, column] for place in (0, 1))
        yield _effect(arms, name, RING, ring, float(factor * levels[:, 0, column].mean()))
        yield _effect(arms, name, REST, rest, None)
        yield _effect(arms, name, NATION, inside + ring + rest, None)


def _factor(name: str, weeks: int) -> float:
    """From the sum over the horizon to a flow a year, a mean number of jobs, or job-years."""
    if name == "job_years":
        return 1.0 / WEEKS_OF_YEAR
    return (1.0 if name == "jobs" else WEEKS_OF_YEAR) / weeks


def _effect(
    arms: PairedArms, name: str, region: str, change: Floats, baseline: float | None
) -> Effect:
    found = estimate(change, arms.config.study.confidence)
    return Effect(
        quantity=name,
        effect="level",
        region=region,
        size_class="all",
        unit=RUN_QUANTITIES[name].unit,
        baseline=baseline,
        mean=found.mean if found else None,
        mcse=found.mcse if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        pairs=arms.pairs,
        detectable=found.detectable if found else None,
    )


def ring_note(config: RunConfig) -> str:
    """Say what the ring is and how much of it is simulated."""
    _, ring, makers = ring_places(config)
    return (
        f"The ring is the {ring.name}, with their centres within {config.ring_miles:g} miles of "
        f"one of the district's: {ring.small_makers:,} makers, of which {makers:,} are simulated."
    )


def home_of(world: DistrictModel | MultiDistrictModel) -> DistrictModel:
    """Return the home district of a world, which may be the only one."""
    return world.home if isinstance(world, MultiDistrictModel) else world
