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


ONE_WORLD = "cannot be told: one world"
"""Why a figure that a single world shows is neither inside nor outside."""


@dataclass(frozen=True)
class Comparison:
    """A target beside the model: `model` over seeds, or None and the `reason`."""

    target: Target
    model: Interval | None
    reason: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the model's interval meets the band; None where that cannot be told.

        One world gives no interval, and a point meets a band less easily than an interval does:
        neither verdict would be about the model.
        """
        if self.model is None or self.alone:
            return None
        return self.target.overlaps(self.model.low, self.model.high)

    @property
    def alone(self) -> bool:
        """Whether one world only shows the figure."""
        return self.model is not None and self.model.seeds < 2

    @property
    def loose(self) -> bool:
        """Whether it is inside by the width of the model's interval alone.

        So it is where the mean lies outside, and where the interval is wider than the band: fewer
        worlds make wider intervals, and must not make a better score.
        """
        if self.model is None or not self.inside:
            return False
        band = self.target.high - self.target.low
        wide = self.model.high - self.model.low > band
        return wide or not self.target.low <= self.model.mean <= self.target.high

    @property
    def verdict(self) -> str:
        """The comparison in words: inside, inside only by a wide interval, outside, or why not."""
        if self.loose:
            return "inside only by a wide interval"
        if self.inside is None:
            return ONE_WORLD if self.alone else "not yet available"
        return "inside" if self.inside else "outside"

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
    interval, then what is inside, then what one world cannot tell, then what is not yet available;
    fit before held-out in each.
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

    @property
    def every_note(self) -> list[str]:
        """What is estimated or particular about the place, as sentences."""
        said = [self.place.mix_quality, *self.notes, *self.place.notes]
        return [note for note in said if note]

    def of_use(self, use: str) -> tuple[Comparison, ...]:
        """Return the comparisons of one use, in the order of `comparisons`."""
        return tuple(row for row in self.comparisons if row.target.use == use)

    def tally(self, use: str) -> dict[str, int]:
        """Return how many of a use are inside, of them only by a wide interval, outside, seen in
        one world only, absent.
        """
        rows = self.of_use(use)
        verdicts = [row.inside for row in rows]
        return {
            "inside": verdicts.count(True),
            "inside_by_width_alone": sum(row.loose for row in rows),
            "outside": verdicts.count(False),
            "one_world": sum(row.alone for row in rows),
            "not_available": sum(row.model is None for row in rows),
        }

    @property
    def verdict(self) -> str:
        """Say in one sentence how many facts lie in their bands, the firm ones first."""
        tallies = self.tally(FIT), self.tally(HELD_OUT)
        firm = [tally["inside"] - tally["inside_by_width_alone"] for tally in tallies]
        judged = [tally["inside"] + tally["outside"] for tally in tallies]
        total = {key: sum(tally[key] for tally in tallies) for key in tallies[0]}
        loose, outside = total["inside_by_width_alone"], total["outside"]
        alone, absent = total["one_world"], total["not_available"]
        parts = [
            f"{firm[0]} of {judged[0]} facts to fit and {firm[1]} of {judged[1]} held out "
            f"lie in their bands"
            if sum(judged)
            else "no fact can be told inside or outside"
        ]
        if loose:
            parts.append(
                f"{loose} more only because {'their' if loose > 1 else 'its'} interval is wide"
            )
        if outside:
            parts.append(f"{outside} {'lie' if outside > 1 else 'lies'} outside")
        if alone:
            parts.append(f"{alone} {'are' if alone > 1 else 'is'} seen in one world only")
        if absent:
            parts.append(f"{absent} {'are' if absent > 1 else 'is'} not yet available")
        return "; ".join(parts)
