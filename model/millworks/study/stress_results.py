"""What `millworks stress` hands to the report and the command line: plain data, no engine.

Money is in USD of 2022, of the whole place. The resilience that a policy brings is what a shock
costs without it less what it costs with it, in local value added over the horizon: above zero it
softens the shock, below zero it makes it worse.
"""

from __future__ import annotations

from dataclasses import dataclass

from millworks.study.many_arms import ManyArmsResult
from millworks.study.run_results import Effect

SOFTENS, WORSENS, UNTOLD, NOTHING = "softens", "worsens", "untold", "nothing"
"""What can be said of a policy under a shock: resilience above zero, below it, not told from it, or
exactly zero in every pair."""

STILL, LOST, GAINED, NEITHER = "still", "lost", "gained", "neither"
"""Whether a policy's effect is told from zero in good times and under the shock (with one sign):
in both, only in good times, only under the shock, in neither; `turned` where the signs differ."""
TURNED = "turned"


PathRow = tuple[str, str | None, str | None, int, int, int, float]


@dataclass(frozen=True)
class ShockLoss:
    """What a shock costs where no policy is in force.

    `loss`: value added lost over the horizon, USD; `job_years`: job-years lost; `deepest`: largest
    part of value added missing in a quarter of a year, mean path, and `deepest_week` its last week.
    """

    name: str
    title: str
    loss: Effect
    job_years: Effect
    deepest: float
    deepest_week: int


@dataclass(frozen=True)
class GoodTimes:
    """A policy where no shock befalls: effects on value added and jobs a year, and its cost.

    `told`: sign of the effect on value added where Holm's test over all policies tells it from
    zero, else 0.
    """

    name: str
    title: str
    comparator: bool
    value_added: Effect
    jobs: Effect
    public_cost: Effect
    told: int


@dataclass(frozen=True)
class UnderShock:
    """A policy under a shock.

    `resilience`: USD over the horizon; `adjusted`: its p-value corrected by Holm for the number of
    policies tried under this shock, None with a single pair; `told`: its sign where that tells it
    from zero, else 0. `value_added`, `jobs`, `public_cost`: the policy's effects with the shock in
    both arms; `effect_told`: sign of the first as Holm's test over policies has it.
    """

    policy: str
    shock: str
    resilience: Effect
    adjusted: float | None
    told: int
    value_added: Effect
    jobs: Effect
    public_cost: Effect
    effect_told: int

    @property
    def verdict(self) -> str:
        """What can be said of its resilience."""
        if self.resilience.mean == 0.0 and not self.resilience.low and not self.resilience.high:
            return NOTHING
        return {1: SOFTENS, -1: WORSENS}.get(self.told, UNTOLD)

    def survival(self, good: GoodTimes) -> str:
        """Whether its effect in good times is still there under the shock."""
        if good.told and self.effect_told:
            return STILL if good.told == self.effect_told else TURNED
        if good.told:
            return LOST
        return GAINED if self.effect_told else NEITHER


@dataclass(frozen=True, kw_only=True)
class StressResult(ManyArmsResult):
    """Every policy under every shock; `cells` by shock, then by policy, in the order of the two.

    `paths`: the paths between which the areas lie, of every arm; a row is (arm, shock, policy,
    quarter, week in which it ends, its weeks, value added in USD a year, mean over pairs).
    """

    shocks: tuple[ShockLoss, ...]
    policies: tuple[GoodTimes, ...]
    cells: tuple[UnderShock, ...]
    paths: tuple[PathRow, ...]

    def cell(self, policy: str, shock: str) -> UnderShock:
        """Return a policy under a shock; KeyError where the study has no such pair."""
        for cell in self.cells:
            if cell.policy == policy and cell.shock == shock:
                return cell
        raise KeyError(policy, shock)
