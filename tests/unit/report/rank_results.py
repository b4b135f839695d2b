"""Plausible `RankResult`s made without the engine: a district like Hickory, twelve policies.

Good for looking at pictures and for testing words, not for any claim. `kind` asks for an extreme:
nothing works, a single pair, few pairs, saturated policies, harms, effects of exactly zero, one
that works only beside another, huge and tiny figures, no default sizes, a band of parameters.
"""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from fake_linear_result import FakePlace

from millworks.study.quantities import RUN_QUANTITIES, SIZE_CLASSES
from millworks.study.ranking.results import (
    DEFAULT,
    EQUAL,
    HALF,
    RankEntry,
    RankResult,
    Sized,
)
from millworks.study.ranking.verdicts import Verdict, Word
from millworks.study.results import Check
from millworks.study.run_results import Effect

KINDS = (
    "usual", "nothing", "one", "few", "saturated", "harms", "zero", "huge", "tiny", "dominated",
    "bare", "banded", "levers_only", "alone",
)  # fmt: skip

#: Name, title, effect on value added at equal cost and half width (USD a year), default size, its
#: cost (USD). Ordered by effect.
LEVERS = (
    ("technology_transfer", "Technology transfer: advisers bring makers technologies to adopt",
     1.92e6, 0.71e6, 2.1, 4.2e6),
    ("modernization_support", "Modernization support: a grant for part of a project's cost",
     1.05e6, 0.62e6, 0.4, 0.9e6),
    ("inventory_finance", "Inventory finance: lenders advance more on stocks",
     0.61e6, 0.52e6, 6.0, 11.5e6),
    ("small_batch_shipping", "Small-batch shipping: makers who fill no truck may share one",
     0.44e6, 0.29e6, 1.4, 2.9e6),
    ("multi_year_commitments", "Multi-year commitments: large buyers bind themselves to a volume",
     0.21e6, 0.55e6, 1.0, 1.6e6),
    ("hub", "Hub: equipment that small makers share, by the hour", 0.18e6, 0.61e6, 2.8, 5.7e6),
    ("flexible_real_estate", "Flexible real estate: small floors, let by the quarter",
     0.11e6, 0.34e6, 1.0, 2.1e6),
    ("partner_equity", "Partner equity: a large customer puts equity into a maker's project",
     0.09e6, 0.66e6, 8.0, 16.2e6),
    ("shared_containers", "Shared containers: makers who import little share containers",
     0.02e6, 0.21e6, 0.4, 0.6e6),
    ("shared_facility_costs", "Shared facility costs: small makers pool their overheads",
     -0.05e6, 0.31e6, 0.7, 1.3e6),
    ("flexible_warehousing", "Flexible warehousing: storage by the pallet, month by month",
     -0.14e6, 0.32e6, 0.5, 1.0e6),
    ("ports_and_rail", "Ports and rail: terminals for small shipments, for imports too",
     -0.83e6, 0.55e6, 9.0, 18.0e6),
)  # fmt: skip

COMPARATORS = (
    ("wage_subsidy", "Wage subsidy: a part of the pay of every maker", 0.42e6, 0.5e6),
    ("untargeted_grant", "Untargeted grant: an equal sum per worker to every maker", 0.12e6, 0.4e6),
    ("household_rebate", "Household rebate: an equal sum to every resident", 0.05e6, 0.3e6),
    ("placebo", "Placebo: the levy is raised and returned to those who paid it", -0.06e6, 0.4e6),
)

PARTNERS_PAY = ("partner_equity", "multi_year_commitments")
BUDGET = 2e6

#: Quantity -> baseline, effect per dollar of value added, half width beside that of value added.
BESIDE = {
    "output": (31.9e9, 2.2, 2.2),
    "jobs": (148_210.0, 9e-6, 9e-6),
    "income": (9.83e9, 0.4, 0.5),
    "constrained_any": (0.447, -4e-9, 8e-9),
    "finance_gap": (212e6, -1.1, 1.4),
    "fill_rate": (0.902, 9e-10, 9e-10),
    "lead_time": (5.1, -2e-8, 3e-8),
    "survival": (0.58, 3e-9, 5e-9),
    "retention": (0.412, 8e-11, 9e-11),
}

SIZE_SHARES = (0.10, 0.33, 0.41, 0.09, 0.02, 0.05)
SECTOR_SHARES = {"FURN": 0.5, "TEXT": 0.2, "PLAS": 0.12, "FOOD": 0.08, "FMET": 0.06, "CHEM": -0.01}


def fake_rank(kind: str = "usual", *, sectors: bool = False) -> RankResult:
    """Return a result of one of the `KINDS`; with `sectors` effects by sector too."""
    pairs = {"one": 1, "few": 4}.get(kind, 20)
    levers = [_lever(kind, number, pairs, sectors) for number in range(len(LEVERS))]
    if kind == "alone":
        levers = levers[:1]
    levers.sort(key=lambda entry: -(entry.verdict.mean or 0.0))
    others = [_comparator(kind, number, pairs, sectors) for number in range(len(COMPARATORS))]
    if kind in ("levers_only", "alone"):
        others = []
    return RankResult(
        place=FakePlace(),  # type: ignore[arg-type]
        year=2022,
        seeds=tuple(range(1, pairs + 1)),
        weeks=520,
        burn_in=156,
        confidence=0.95,
        makers=612,
        scale=1.0,
        counts={"makers": 612, "partners": 9, "retailers": 1180, "lenders": 8},
        budget=BUDGET,
        levy=234e3,
        headline="value_added",
        entries=(*levers, *others),
        baseline={"value_added": 15.21e9, **{key: row[0] for key, row in BESIDE.items()}},
        checks=[
            Check("accounting_identities", True, 3.1e-13, 1e-9, "largest residual in any arm"),
            Check(
                "baseline_utilisation",
                True,
                0.01,
                0.05,
                "use of capacity: 0.77 beside 0.73 to 0.83",
            ),
        ],
        worst_residual=3.1e-13,
        seconds={"pairs": 54.2, "pairs_run": float(pairs)},
        assumptions=[
            {"key": "s_w", "value": 0.8, "unit": "share", "meaning": "spent of pay", "source": "R"},
            {
                "key": "policies.hub.capital",
                "value": 6e6,
                "unit": "",
                "meaning": "USD that the facility of a site costs",
                "source": "scenario",
            },
        ],
        tidy=pl.DataFrame(),
        notes=["Hub comes in steps; the nearest below the budget ran."],
        stopped=f"all {pairs} pairs run",
    )


def _lever(kind: str, number: int, pairs: int, sectors: bool) -> RankEntry:
    name, title, mean, half, intensity, cost = LEVERS[number]
    saturated = kind == "saturated" and number in (3, 8)
    return _entry(kind, name, title, mean, half, intensity, cost, pairs, sectors, saturated, number)


def _comparator(kind: str, number: int, pairs: int, sectors: bool) -> RankEntry:
    name, title, mean, half = COMPARATORS[number]
    return _entry(kind, name, title, mean, half, 1.0, BUDGET, pairs, sectors, False, None)


def _entry(
    kind: str,
    name: str,
    title: str,
    mean: float,
    half: float,
    intensity: float,
    cost: float,
    pairs: int,
    sectors: bool,
    saturated: bool,
    number: int | None,
) -> RankEntry:
    """`number`: of a policy among those ranked, None of a comparator."""
    mean, half = _changed(kind, number, mean, half)
    lumpy = name == "hub"
    at_equal = 0.41 * BUDGET if saturated else 0.93 * BUDGET if lumpy else BUDGET
    ratio = intensity if number is None else BUDGET / cost
    default_mean = mean if number is None else mean * (cost / BUDGET) ** 0.8
    make = _Sizes(kind, name, pairs, sectors)
    return RankEntry(
        name=name,
        title=title,
        comparator=number is None,
        payer="levy",
        cost_basis="resource_cost" if name in PARTNERS_PAY else "public_cost",
        saturated=saturated,
        lumpy=lumpy,
        unspent=1.0 - at_equal / BUDGET,
        tries=((1.0, cost), (round(ratio, 3), at_equal)),
        default=None  # type: ignore[arg-type]
        if kind == "bare"
        else make.sized(DEFAULT, 1.0, default_mean, half * (cost / BUDGET) ** 0.5, cost),
        equal=make.sized(EQUAL, round(ratio, 3), mean, half, at_equal),
        half=None
        if kind == "bare" or number is None
        else make.sized(HALF, round(ratio / 2, 3), 0.6 * mean, half, at_equal / 2),
        marginal=()
        if kind == "bare" or number is None
        else (make.ratio("job_years", 30e-6 * mean, 50e-6 * half),),
        verdict=_verdict(kind, name, number, mean, half, pairs),
        best=None if pairs < 2 else {0: 0.93, 1: 0.06, 2: 0.01}.get(number or 0, 0.0),
        places=None
        if pairs < 2 or number is None
        else (max(1, number - 2), min(len(LEVERS), number + 4)),
        band=_band(mean) if kind == "banded" else None,
    )


def _changed(kind: str, number: int | None, mean: float, half: float) -> tuple[float, float]:
    """Return effect and half width as the kind has them."""
    if kind == "nothing":
        return 0.2 * mean, half
    if kind == "harms":
        return (-abs(mean) - 0.3e6, half) if number is not None and number < 4 else (mean, half)
    if kind == "zero":
        return 0.0, 0.0
    if kind in ("huge", "tiny"):
        by = 3e5 if kind == "huge" else 2e-8
        return mean * by, half * by
    if kind == "dominated" and number == 0:
        return 38.4e6, 4.1e6
    return mean, half


def _verdict(
    kind: str, name: str, number: int | None, mean: float, half: float, pairs: int
) -> Verdict:
    wide = 1.35 * half
    low, high = (None, None) if pairs < 2 else (mean - wide, mean + wide)
    word, partners = Word.NO_EFFECT, ()
    if pairs < 10:
        word = Word.CANNOT_TELL
    elif low is not None and high is not None and (low > 0.0 or high < 0.0):
        word = Word.WORKS if mean > 0.0 else Word.HARMS
    elif kind == "usual" and name == "hub":
        word, partners = Word.ONLY_WITH, ("technology_transfer",)
    return Verdict(
        word=word,
        mean=mean,
        low=low,
        high=high,
        p=None if pairs < 2 else 0.01,
        partners=partners,
        detectable=None if pairs < 2 else 2.0 * half,
        confidence=0.95 + 0.045 * (number == 0),
        pairs=pairs,
    )


def _band(mean: float) -> dict[str, Any]:
    return {
        "draws": 100,
        "seeds": 2,
        "left_out": 0,
        "mean": 0.8 * mean,
        "error": 0.1e6,
        "low": 0.8 * mean - 1.9e6,
        "high": 0.8 * mean + 2.1e6,
        "own_low": 0.8 * mean - 1.2e6,
        "own_high": 0.8 * mean + 1.4e6,
        "wide_enough": True,
        "variance": {"luck": 1e11, "parameters": 3e11, "clipped": False, "share": 0.75,
                     "low": 0.61, "high": 0.84},
        "drivers": [{"key": "kappa_c", "correlation": -0.61, "p": 0.001, "told": True},
                    {"key": "s_w", "correlation": 0.12, "p": 0.7, "told": False}],
    }  # fmt: skip


class _Sizes:
    """Makes the effects of one policy at its sizes."""

    def __init__(self, kind: str, name: str, pairs: int, sectors: bool) -> None:
        self.kind, self.name, self.pairs, self.sectors = kind, name, pairs, sectors

    def sized(self, sizing: str, intensity: float, mean: float, half: float, cost: float) -> Sized:
        known = [self._effect("value_added", "all", 15.21e9, mean, half)]
        if self.kind != "bare":
            for quantity, (level, by, spread) in BESIDE.items():
                known.append(self._effect(quantity, "all", level, by * mean, spread * half))
        known += self._costs(mean, half, cost)
        for place, (group, share) in enumerate(self._groups().items()):
            level = 4.1e9 * abs(share)
            # Some policies favour the small, others the large.
            size = mean * share * (1.6 - 0.25 * place if len(self.name) % 2 else 0.4 + 0.2 * place)
            spread = half * math.sqrt(abs(share)) * 0.6
            known.append(self._effect("value_added", group, level, size, spread))
            known.append(self._effect("jobs", group, 2e-6 * level, 9e-6 * size, 9e-6 * spread))
        return Sized(sizing, intensity, 234e3 if sizing == EQUAL else None, tuple(known))

    def _groups(self) -> dict[str, float]:
        if self.kind == "bare":
            return {}
        found = dict(zip(SIZE_CLASSES, SIZE_SHARES, strict=True))
        return found | (SECTOR_SHARES if self.sectors else {})

    def _costs(self, mean: float, half: float, cost: float) -> list[Effect]:
        """Costs and what is per dollar of them; partners pay most of what they offer."""
        public = 0.04 * cost if self.name in PARTNERS_PAY else cost
        known = [
            self._effect("public_cost", "all", 0.0, public, 0.06 * public),
            self._effect("resource_cost", "all", 0.0, max(cost, public), 0.07 * cost),
        ]
        if self.kind == "bare":
            return known
        for quantity, paid in (
            ("job_years_per_million", public),
            ("job_years_per_million_of_all", cost),
        ):
            years = 9e-6 * 10.0 * 1e6 / paid
            known.append(self.ratio(quantity, years * mean, years * half))
        worth = 0.3 * 10.0 / cost
        known.append(self.ratio("benefit_cost", worth * mean, worth * half))
        return known

    def ratio(self, quantity: str, mean: float, half: float) -> Effect:
        effect = "marginal" if quantity == "job_years" else "ratio"
        return self._effect(quantity, "all", None, mean, half, effect)

    def _effect(
        self,
        quantity: str,
        size: str,
        baseline: float | None,
        mean: float,
        half: float,
        effect: str = "level",
    ) -> Effect:
        alone = self.pairs < 2
        declared = RUN_QUANTITIES.get(quantity)
        return Effect(
            quantity=quantity,
            effect=effect,
            region="local",
            size_class=size,
            unit=declared.unit if declared else "USD per USD",
            baseline=baseline,
            mean=mean,
            mcse=None if alone else half / 2.09,
            low=None if alone else mean - half,
            high=None if alone else mean + half,
            pairs=self.pairs,
            detectable=None if alone else 1.4 * half,
            gain=None if alone or half == 0 else 38.2,
        )
