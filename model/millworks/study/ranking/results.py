"""What `millworks rank` hands to the report and the command line: plain data, no engine.

Money is in USD of 2022. An effect is an arm less the baseline, on the same draws, for the whole
place, over the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from millworks.study.ranking.verdicts import Verdict
from millworks.study.results import Check
from millworks.study.run_results import Effect

if TYPE_CHECKING:
    import polars as pl

    from millworks.economy.places import Place

DEFAULT, EQUAL, HALF = "default", "equal_cost", "half_cost"
SIZINGS = (DEFAULT, EQUAL, HALF)
"""How large a policy is: at intensity 1, at the common budget, at half of it."""


@dataclass(frozen=True)
class Sized:
    """A policy at one size.

    `intensity`: as its setting has it; `levy`: USD a year that are levied evenly for it, None where
    as much is levied as it needs; `effects`: every quantity, all sizes of maker together, then by
    size class and by sector.
    """

    sizing: str
    intensity: float
    levy: float | None
    effects: tuple[Effect, ...]

    def find(self, quantity: str, *, size_class: str = "all") -> Effect:
        """Return one effect; KeyError where there is none of that name and size."""
        for effect in self.effects:
            if effect.quantity == quantity and effect.size_class == size_class:
                return effect
        raise KeyError(quantity, size_class)


@dataclass(frozen=True)
class RankEntry:
    """One policy among those compared.

    `cost_basis`: public_cost or resource_cost, what the budget was held against; `saturated`: it
    cannot spend the budget at any size it can have; `unspent`: part of the budget it leaves;
    `tries`: (intensity, cost in USD) that were tried to meet the budget; `marginal`: job-years and
    value added per million between half the budget and the budget; `best`: probability that no
    other does more for local value added at equal cost; `places`: its rank's interval; `median`: of
    its pairs, where the verdict has their mean; `largest_pair`: part of the spread over pairs that
    one pair holds (`single_pair_share`); `band`: how parameters move its effect, None where that
    was not asked for.
    """

    name: str
    title: str
    comparator: bool
    payer: str
    cost_basis: str
    saturated: bool
    lumpy: bool
    unspent: float
    tries: tuple[tuple[float, float], ...]
    default: Sized | None
    equal: Sized
    half: Sized | None
    marginal: tuple[Effect, ...]
    verdict: Verdict
    best: float | None
    places: tuple[int, int] | None
    median: float | None = None
    largest_pair: float | None = None
    band: dict[str, Any] | None = None

    @property
    def sized(self) -> tuple[Sized, ...]:
        """The sizes it was run at."""
        return tuple(one for one in (self.default, self.equal, self.half) if one is not None)


@dataclass(frozen=True)
class RankResult:
    """Every policy alone, at its default size and at equal cost, against one baseline.

    `entries`: levers by their effect on local value added at equal cost, largest first, then the
    comparators likewise. `budget`: the common cost, USD of present value over ten years; `levy`:
    USD a year that pay for it. `baseline`: quantity -> level of the baseline. `tidy`: the frame of
    results.parquet, a row per arm, pair and quantity.
    """

    place: Place
    year: int
    seeds: tuple[int, ...]
    weeks: int
    burn_in: int
    confidence: float
    makers: int
    scale: float
    counts: dict[str, int]
    budget: float
    levy: float
    headline: str
    entries: tuple[RankEntry, ...]
    baseline: dict[str, float]
    checks: list[Check]
    worst_residual: float
    seconds: dict[str, float]
    assumptions: list[dict[str, Any]]
    tidy: pl.DataFrame
    notes: list[str] = field(default_factory=list)
    stopped: str = ""

    @property
    def levers(self) -> tuple[RankEntry, ...]:
        """The policies that are ranked."""
        return tuple(entry for entry in self.entries if not entry.comparator)

    @property
    def at_default_size(self) -> bool:
        """Whether policies were run at their default size too, not comparators alone."""
        return any(entry.default is not None for entry in self.levers)

    @property
    def comparators(self) -> tuple[RankEntry, ...]:
        """What they are set beside."""
        return tuple(entry for entry in self.entries if entry.comparator)
