"""What `millworks interactions` hands to the report and the command line: plain data, no engine.

Money is in USD of 2022, of the whole place, over the horizon or a year as units say. An interaction
is what policies do together beyond the sum of what each does alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from millworks.study.expected_signs import Expected
from millworks.study.many_arms import ManyArmsResult
from millworks.study.ranking.verdicts import Verdict
from millworks.study.run_results import Effect

CONFIRMED, CONTRADICTED, UNTOLD, NOT_RUN = "confirmed", "contradicted", "cannot be told", "not run"
"""What a study says of an expected sign."""
MAIN, INTERACTION = "main", "interaction"
"""Kinds of figures: main effect of a group; what is beyond the sum of parts."""


@dataclass(frozen=True)
class Tested:
    """An interaction in one quantity, tested together with its family.

    `effect`: its interval and smallest detectable size are at Holm's level `confidence`;
    `adjusted`: its corrected p-value, None with a single pair; `told`: its sign where that tells it
    from zero, 0 where not, or where there are too few pairs.
    """

    effect: Effect
    adjusted: float | None
    confidence: float
    told: int


@dataclass(frozen=True)
class Interaction:
    """Policies, or groups of them, beside each other: the headline quantity first.

    `members`: two policies, or the groups of a term of the factorial (one: its main effect).
    """

    members: tuple[str, ...]
    figures: tuple[Tested, ...]

    @property
    def headline(self) -> Tested:
        """The interaction in the quantity that the study is about."""
        return self.figures[0]


@dataclass(frozen=True)
class Single:
    """A policy alone: title, group ('' for none), every effect, and its verdict."""

    name: str
    title: str
    group: str
    effects: tuple[Effect, ...]
    verdict: Verdict

    def find(self, quantity: str) -> Effect:
        """Return an effect of all sizes together; KeyError where there is none."""
        for effect in self.effects:
            if effect.quantity == quantity and effect.size_class == "all":
                return effect
        raise KeyError(quantity)


@dataclass(frozen=True)
class Together:
    """An arm of several policies: effects against the baseline, the headline first.

    `groups`: those switched on, for a combination of the factorial; none for a pair.
    """

    policies: tuple[str, ...]
    effects: tuple[Effect, ...]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Apart:
    """Two policies that are not run together, and why."""

    first: str
    second: str
    reason: str


@dataclass(frozen=True)
class SignFound:
    """An expected sign and what the study says of it; `tested` None where it was not run."""

    expected: Expected
    tested: Tested | None
    answer: str


@dataclass(frozen=True)
class PackageRun:
    """A package as it was foretold and as it ran.

    `foretold`, `measured`: effect on the headline and resource cost, on the seeds it was picked on;
    `surprise`: measured less foretold, pair by pair, of both; `fresh`: both on seeds that had no
    part in the choice; `public`: net public cost on these. `chosen`: share of resamples in which
    it comes out as the best, None where that is not known.
    """

    policies: tuple[str, ...]
    foretold: tuple[Effect, Effect]
    measured: tuple[Effect, Effect]
    surprise: tuple[Effect, Effect]
    fresh: tuple[Effect, Effect]
    public: Effect
    chosen: float | None


@dataclass(frozen=True)
class BestPackage:
    """The best package under a budget.

    `budget`: USD over ten years, `allowed`: USD over the horizon of the study; `single`: the best
    policy alone within it; `gain`: package less single, on fresh seeds, None where they are the
    same; `others`: (policies, foretold effect, foretold cost, share of resamples) of the next best.
    `optimism`: by how much the first is overstated for having been picked; `considered`: sets that
    could be afforded; `untried`: sets left out for want of a pair; `fresh_seeds`: those of `fresh`.
    """

    budget: float
    allowed: float
    best: PackageRun
    single: PackageRun
    gain: Effect | None
    others: tuple[tuple[tuple[str, ...], Effect, float, float | None], ...]
    optimism: float | None
    considered: int
    untried: int
    most: int
    fresh_seeds: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class InteractionsResult(ManyArmsResult):
    """Every policy alone, by twos, by groups, and the best package.

    `headline`: the quantity judged; `groups`: group -> its policies, empty without a factorial;
    `left_out`: policies that are in no group, with the reason; `terms`: main effects, then
    interactions, by order; `fewest`: pairs below which no sign is told.
    """

    headline: str
    singles: tuple[Single, ...]
    pairs: tuple[Interaction, ...]
    duos: tuple[Together, ...]
    apart: tuple[Apart, ...]
    groups: dict[str, tuple[str, ...]]
    left_out: tuple[tuple[str, str], ...]
    combinations: tuple[Together, ...]
    terms: tuple[Interaction, ...]
    signs: tuple[SignFound, ...]
    package: BestPackage | None
    no_package: str
    fewest: int

    @property
    def main_effects(self) -> tuple[Interaction, ...]:
        """What each group does, averaged over the others."""
        return tuple(term for term in self.terms if len(term.members) == 1)

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """What groups do to each other."""
        return tuple(term for term in self.terms if len(term.members) > 1)

    def pair(self, first: str, second: str) -> Interaction | None:
        """Return the interaction of two policies, None where they were not run together."""
        wanted = {first, second}
        return next((pair for pair in self.pairs if set(pair.members) == wanted), None)

    def title(self, name: str) -> str:
        """Return the title of a policy."""
        return next(single.title for single in self.singles if single.name == name)
