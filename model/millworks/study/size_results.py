"""What `millworks sizes` hands to the report and the command line: plain data, no engine.

Money is in USD of 2022, of the whole place. Present values are of the study's first week, at the
rate at which public cost is discounted, of the effect as well as of the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

from millworks.study.many_arms import ManyArmsResult
from millworks.study.run_results import Effect

GROWS, NO_COST, NO_GAIN, NEVER = "grows", "no more cost", "no more gain", "never"
"""How a curve ends: the largest size still gains over every smaller one; from a size on no larger
one is told to gain more, nor to cost more (nobody takes more); from a size on larger ones are not
told to gain more, though they cost more, or nothing at all; no size is told to gain anything."""


@dataclass(frozen=True)
class Reason:
    """Orders refused for a reason at a size: `share` of orders there, `change` from the baseline.

    The reason is one of `agents.producer.REASONS`.
    """

    reason: str
    share: Effect
    change: Effect


@dataclass(frozen=True)
class SizedEffect:
    """A policy at one size.

    `intensity`: of its settings; `size`: over that of its default. `value_added` a year and `jobs`:
    effects; `gained`: present value of value added over the horizon, USD; `cost`: present value by
    the policy's basis, USD. `per_dollar`: `gained` per USD of cost; `job_years_per_million`: of the
    same cost. Both are without value where the cost cannot be told from zero. `users`: firms that
    use what is offered, mean over the weeks. `spent`: outlay per unit of intensity, over that of
    the smallest size; None where that has none.
    """

    intensity: float
    size: float
    value_added: Effect
    jobs: Effect
    gained: Effect
    cost: Effect
    per_dollar: Effect
    job_years_per_million: Effect
    refused: Effect
    users: Effect
    spent: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Step:
    """From one size to the next: what more it gains and costs, USD of present value.

    `per_dollar`: the marginal effect, without value where the cost does not grow.
    """

    low: float
    high: float
    gained: Effect
    cost: Effect
    per_dollar: Effect

    @property
    def same(self) -> bool:
        """Whether both sizes add exactly the same in every pair."""
        return self.gained.mean == 0.0 and not self.gained.low and not self.gained.high


@dataclass(frozen=True)
class SizeCurve:
    """A policy over its size.

    `basis`: public_cost or resource_cost. `ending`: one of GROWS, NO_COST, NO_GAIN, NEVER;
    `saturates_at`: the size beyond which that is so, None for GROWS and NEVER; `same_from`: the
    size beyond which nothing differs any more, None where something does. `binds`: the reason for
    which most orders are refused there (at the largest size where it does not saturate), and
    `risen`: the reason that rose most from the baseline to there, if any is told to have risen.
    """

    name: str
    title: str
    comparator: bool
    basis: str
    sizes: tuple[SizedEffect, ...]
    steps: tuple[Step, ...]
    ending: str
    saturates_at: float | None
    same_from: float | None
    binds: str | None
    risen: str | None

    def at(self, size: float) -> SizedEffect:
        """Return the policy at one of its sizes; KeyError where it was not run at that."""
        for one in self.sizes:
            if one.size == size:
                return one
        raise KeyError(size)


@dataclass(frozen=True, kw_only=True)
class SizesResult(ManyArmsResult):
    """The curve of every policy, in the order of the settings."""

    curves: tuple[SizeCurve, ...]
