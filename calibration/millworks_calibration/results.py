"""What a validation hands to the report and to the files: plain data, no engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from millworks_calibration.constrained import Figure
from millworks_calibration.intervals import Interval
from millworks_calibration.targets import FIT, HELD_OUT, Claim, Target

if TYPE_CHECKING:
    from millworks.economy.places import Place


@dataclass(frozen=True)
class SeedMeasures:
    """What one world gave: figures by name, and for those it could not show, the reason.

    `counts`: rows of makers, partners, retailers; `scale`: part of the place that is simulated.
    `moments` and `reasons` by measure; `constrained` by figure; `health` by name of a vital or
    `refused_<reason>`; `comparable` figures that stand beside claims; `yearly` series.
    """

    seed: int
    world: str
    counts: Mapping[str, int]
    scale: float
    moments: Mapping[str, float]
    reasons: Mapping[str, str]
    constrained: Mapping[Figure, float]
    health: Mapping[str, float]
    comparable: Mapping[str, float]
    yearly: Mapping[str, tuple[float, ...]]
    worst_residual: float
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """A target beside the model: `model` over seeds, or None and the `reason`."""

    target: Target
    model: Interval | None
    reason: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the model's interval meets the band; None where there is nothing to judge."""
        if self.model is None:
            return None
        return self.target.overlaps(self.model.low, self.model.high)

    @property
    def loose(self) -> bool:
        """Whether it is inside by the width of the model's interval alone: the mean is not."""
        if self.model is None or not self.inside:
            return False
        return not self.target.low <= self.model.mean <= self.target.high

    @property
    def miss(self) -> float:
        """Distance from the band in half widths of the band."""
        return self.target.miss(self.model.low, self.model.high) if self.model else 0.0


@dataclass(frozen=True)
class HealthRow:
    """One figure of the baseline's health; `zero`: it has to be zero; `model` None: too short."""

    name: str
    unit: str
    meaning: str
    zero: bool
    model: Interval | None

    @property
    def sound(self) -> bool | None:
        """Whether an interval that has to contain zero does; None where nothing is asked.

        One world has no interval: it cannot be told either.
        """
        if not self.zero or self.model is None or self.model.seeds < 2:
            return None
        return self.model.covers_zero


@dataclass(frozen=True)
class ClaimRow:
    """A public claim beside a figure of the model, never scored."""

    claim: Claim
    model: Interval | None


@dataclass(frozen=True)
class ValidationResult:
    """A simulated baseline beside the data.

    `comparisons`: misses first, the farthest on top, then what is inside only by the width of its
    interval, then what is inside, then what is not yet available; fit before held-out in each.
    `counts`: rows of agents by kind. `by_seed`: what each world gave. `seconds`: of computing.
    """

    place: Place
    year: int
    seeds: tuple[int, ...]
    years: int
    burn_in: int
    counts: Mapping[str, int]
    scale: float
    comparisons: tuple[Comparison, ...]
    constrained: Mapping[Figure, Interval]
    claims: tuple[ClaimRow, ...]
    health: tuple[HealthRow, ...]
    by_seed: tuple[SeedMeasures, ...]
    worst_residual: float
    assumptions: list[dict[str, Any]]
    seconds: float
    notes: list[str] = field(default_factory=list)

    def of_use(self, use: str) -> tuple[Comparison, ...]:
        """Return the comparisons of one use, in the order of `comparisons`."""
        return tuple(row for row in self.comparisons if row.target.use == use)

    def tally(self, use: str) -> dict[str, int]:
        """Return how many of a use are inside, of them only by a wide interval, outside, absent."""
        rows = self.of_use(use)
        verdicts = [row.inside for row in rows]
        return {
            "inside": verdicts.count(True),
            "inside_by_width_alone": sum(row.loose for row in rows),
            "outside": verdicts.count(False),
            "not_available": verdicts.count(None),
        }

    @property
    def verdict(self) -> str:
        """Say in one sentence how many facts the model meets."""
        fit, held = self.tally(FIT), self.tally(HELD_OUT)
        loose = fit["inside_by_width_alone"] + held["inside_by_width_alone"]
        wide = f" ({loose} of them only because their interval is wide)" if loose else ""
        return (
            f"{fit['inside']} of {fit['inside'] + fit['outside']} facts to fit and "
            f"{held['inside']} of {held['inside'] + held['outside']} held out meet their bands"
            f"{wide}; {fit['not_available'] + held['not_available']} are not yet available"
        )
