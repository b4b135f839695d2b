"""What a paired study hands to the report and the command line: plain data, no engine.

Money is in USD of 2022. An effect is the policy arm less its baseline, on the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from millworks.study.results import Check

if TYPE_CHECKING:
    import polars as pl

    from millworks.economy.places import Place


@dataclass(frozen=True)
class Effect:
    """One quantity's effect over the horizon, with its interval over pairs of runs.

    `quantity`: key of `study.quantities.RUN_QUANTITIES`; `effect`: what kind of figure (level for a
    difference of yearly means, ratio for one of two effects); `region` local (around it: ring,
    rest_of_us or national); `size_class` all or a
    label of `SIZE_CLASSES`. `baseline` and `mean` share the unit. `low`, `high`: interval at the
    study's confidence, `mcse` Monte-Carlo standard error; None with a single pair. `detectable`:
    smallest effect that this number of pairs would find with a chance of 80 %. `gain`: variance of
    the difference with independent seeds over that with common draws; None where it has none.
    """

    quantity: str
    effect: str
    region: str
    size_class: str
    unit: str
    baseline: float | None
    mean: float | None
    mcse: float | None
    low: float | None
    high: float | None
    pairs: int
    detectable: float | None = None
    gain: float | None = None

    @property
    def covers_zero(self) -> bool | None:
        """Whether the interval holds zero; None where there is no interval."""
        if self.low is None or self.high is None:
            return None
        return self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class RunResult:
    """A scenario against its baseline.

    `effects`: every quantity, first the headline ones in the order of
    `study.quantities.HEADLINE`, all sizes together, then by size class.
    `paths`: frame (week, quantity, arm, mean, low, high): arm baseline | policy | effect; per week,
    smoothed over 13 weeks for flows; low and high are the interval over pairs of the effect arm,
    null for the others.
    `unfilled`: frame (arm, reason, share): part of orders unfilled for each of the eight reasons.
    `dollars`: frame (payer, payee, what, usd, usd_low, usd_high): where the programme's dollars
    went, over the horizon, mean over pairs and its interval; sums of payers equal sums of payees.
    `tidy`: the frame of results.parquet (scenario, arm, pair, week, district, size_class, sector,
    quantity, effect, value, unit).
    `levers`: one dict per lever (name, title, settings, evidence, leaves_out, cost_usd, payer).
    `shocks`: likewise. `checks`: health of the baseline and identities. `verdict`: one sentence
    from tested templates.
    """

    title: str
    about: str
    place: Place
    year: int
    seeds: tuple[int, ...]
    weeks: int
    burn_in: int
    confidence: float
    makers: int
    scale: float
    counts: dict[str, int]
    effects: list[Effect]
    paths: pl.DataFrame
    unfilled: pl.DataFrame
    dollars: pl.DataFrame
    tidy: pl.DataFrame
    levers: list[dict[str, Any]]
    shocks: list[dict[str, Any]]
    checks: list[Check]
    verdict: str
    worst_residual: float
    seconds: dict[str, float]
    assumptions: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    around: list[Effect] = field(default_factory=list)
    """Effects in the ring, the rest of the US and the nation, by region; none without a ring."""
    stopped: str = ""
    """Why the study ended: all pairs run, precision reached, or the most pairs allowed."""

    def find(self, quantity: str, *, size_class: str = "all") -> Effect:
        """Return one effect; KeyError where the study has none of that name and size."""
        for effect in self.effects:
            if effect.quantity == quantity and effect.size_class == size_class:
                return effect
        raise KeyError(quantity, size_class)
