"""Plausible `RunResult`s made without the engine: a district like Hickory under inventory finance.

Good for looking at pictures and for testing words, not for any claim. `kind` asks for an extreme:
an effect that covers zero, a negative one, huge and tiny figures, a single pair, no public cost,
shocks alone, a placebo, a policy of size zero.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from fake_linear_result import FakePlace

from millworks.study.quantities import RUN_QUANTITIES, SIZE_CLASSES
from millworks.study.results import Check
from millworks.study.run_results import Effect, RunResult

#: Quantity -> baseline, mean and half width of the effect in every district that is not extreme.
FIGURES = {
    "value_added": (15.21e9, 18.4e6, 5.2e6),
    "output": (31.9e9, 41.7e6, 12.1e6),
    "jobs": (148_210.0, 171.0, 52.0),
    "income": (9.83e9, 2.1e6, 6.3e6),
    "constrained_now": (0.312, -0.041, 0.006),
    "constrained_any": (0.447, -0.052, 0.008),
    "constrained_of_wanting": (0.783, -0.061, 0.011),
    "constrained_always": (0.141, -0.022, 0.005),
    "want_share": (0.571, -0.004, 0.007),
    "finance_gap": (212e6, -31e6, 6e6),
    "public_cost": (0.0, 26.3e6, 2.1e6),
    "job_years_per_million": (None, 65.0, 21.0),
    "fill_rate": (0.902, 0.011, 0.002),
    "refused": (0.081, -0.011, 0.002),
    "makers_active": (604.0, 3.1, 2.2),
    "exits": (38.2, -0.9, 1.1),
}

SIZE_SHARES = (0.08, 0.31, 0.44, 0.09, 0.05, 0.03)

REASONS = {
    "capacity": (0.041, 0.043),
    "cash": (0.022, 0.009),
    "inputs": (0.009, 0.009),
    "labour": (0.006, 0.006),
    "space": (0.002, 0.003),
    "shipping": (0.0, 0.0),
    "hub_queue": (0.0, 0.0),
    "forecast": (0.018, 0.017),
}

LEVER: dict[str, Any] = {
    "name": "inventory_finance",
    "title": "Inventory finance",
    "settings": {"intensity": 1.0, "start": 0, "payer": "levy", "advance": 0.75, "sizes": None},
    "what": "Lenders advance three quarters of what stocks and contracted orders are worth.",
    "evidence": "Field trials of stock loans find 10 to 20% more sales; assumed here.",
    "leaves_out": "fraud, audits, and that warehouses must keep the stock",
    "size": "75 cents lent on a dollar of stock, not 40",
    "cost": "first losses up to 10% of what is outstanding, plus 8% for running it; assumption",
    "cost_usd": 26.3e6,
    "payer": "levy",
}

PLACEBO: dict[str, Any] = {
    "name": "placebo",
    "title": "Placebo",
    "settings": {"intensity": 1.0, "payer": "levy"},
    "evidence": "not needed",
    "leaves_out": "nothing",
    "cost_usd": 0.0,
    "payer": "levy",
}

RECESSION: dict[str, Any] = {
    "name": "recession",
    "title": "Recession",
    "settings": {"intensity": 1.0, "fall": 0.15, "weeks": 52},
    "evidence": "outside demand fell 15% in 2009",
    "leaves_out": "what governments do against it",
}


def fake_run(kind: str = "usual", *, pairs: int = 20, weeks: int = 520) -> RunResult:
    """Return a result; `kind`: usual, covers, negative, huge, tiny, one, free, shock, both (lever
    and shock), placebo, zero."""
    if kind == "one":
        pairs = 1
    effects = _effects(kind, pairs)
    levers = [] if kind == "shock" else [PLACEBO if kind == "placebo" else LEVER]
    return RunResult(
        title="Inventory finance in Hickory",
        about="What would it do if lenders advanced more on stocks?",
        place=FakePlace(),  # type: ignore[arg-type]
        year=2022,
        seeds=tuple(range(1, pairs + 1)),
        weeks=weeks,
        burn_in=156,
        confidence=0.95,
        makers=612,
        scale=1.0,
        counts={"makers": 612, "partners": 9, "retailers": 1180, "lenders": 8},
        effects=effects,
        paths=_paths(effects, weeks),
        unfilled=_unfilled(),
        dollars=_dollars(kind),
        tidy=pl.DataFrame(),
        levers=levers,
        shocks=[RECESSION] if kind in ("shock", "both") else [],
        checks=[
            Check("accounting_identities", True, 3.1e-13, 1e-9, "largest residual in any arm"),
            Check(
                "dollars_of_programme", True, 1e-12, 1e-9, "what policies cost less what is paid"
            ),
            Check(
                "baseline_utilisation",
                True,
                0.01,
                0.05,
                "use of capacity: 0.77 beside 0.73 to 0.83",
            ),
            Check("baseline_output_trend", True, 0.0004, 0.001, "output drifts by +0.04 % a year"),
        ],
        verdict="raises value added",
        worst_residual=3.1e-13,
        seconds={"burn-in": 3.1, "arms": 9.4},
        assumptions=[
            {"key": "s_w", "value": 0.8, "unit": "share", "meaning": "spent of pay", "source": "R"},
            {"key": "kappa_c", "value": 1.4, "unit": "ratio", "meaning": "score", "source": "A"},
        ],
        notes=["Sectors of the place's 500+ firms are estimated."],
        stopped=f"all {pairs} pairs run",
    )


def _effects(kind: str, pairs: int) -> list[Effect]:
    found = []
    for quantity, (baseline, mean, half) in FIGURES.items():
        if kind == "shock" and quantity in ("public_cost", "job_years_per_million"):
            continue
        found.append(_effect(kind, pairs, quantity, "all", baseline, mean, half))
        if quantity in ("value_added", "jobs", "constrained_any"):
            for place, (size, part) in enumerate(zip(SIZE_CLASSES, SIZE_SHARES, strict=True)):
                if quantity == "constrained_any":
                    sized = (0.30 + 0.05 * place, mean * (1.6 - 0.3 * place), half * (1 + place))
                else:
                    assert baseline is not None
                    sized = (baseline * 0.3 * part, mean * part, half * math.sqrt(part) * 0.6)
                found.append(_effect(kind, pairs, quantity, size, *sized))
    return found


def _effect(
    kind: str,
    pairs: int,
    quantity: str,
    size: str,
    baseline: float | None,
    mean: float | None,
    half: float,
) -> Effect:
    share = RUN_QUANTITIES[quantity].unit.startswith("share")
    if kind in ("covers", "placebo"):
        mean = None if mean is None else -0.1 * mean
    elif kind in ("negative", "shock"):
        mean = None if mean is None else -mean
    elif kind in ("huge", "tiny") and not share:
        by = 3e5 if kind == "huge" else 2e-8
        baseline, half = None if baseline is None else baseline * by, half * by
        mean = None if mean is None else mean * by
    elif kind == "zero":
        mean, half = 0.0, 0.0
    if kind in ("free", "zero", "placebo") and quantity == "public_cost":
        mean, half = 0.0, 0.0
    if kind in ("free", "zero", "placebo") and quantity == "job_years_per_million":
        mean = None
    alone = pairs < 2 or mean is None
    return Effect(
        quantity=quantity,
        effect="ratio" if quantity == "job_years_per_million" else "level",
        region="local",
        size_class=size,
        unit=RUN_QUANTITIES[quantity].unit,
        baseline=baseline,
        mean=mean,
        mcse=None if alone else half / 2.09,
        low=None if alone or mean is None else mean - half,
        high=None if alone or mean is None else mean + half,
        pairs=pairs,
        detectable=None if alone else 1.4 * half,
        gain=None if alone or half == 0 else 38.2,
    )


def _paths(effects: list[Effect], weeks: int) -> pl.DataFrame:
    """Weekly paths whose mean over the weeks is the effect, growing over three years."""
    week = np.arange(weeks)
    grown = 1.0 - np.exp(-week / 80.0)
    grown /= grown.mean()
    draw = np.random.default_rng(3)
    frames = []
    for effect in effects:
        if effect.size_class != "all" or effect.baseline is None or effect.mean is None:
            continue
        half = 0.0 if effect.low is None or effect.high is None else (effect.high - effect.low) / 2
        noise = np.convolve(draw.standard_normal(weeks + 25), np.ones(26) / 26, "valid")
        moved = effect.mean * grown + half * noise * (effect.mcse is not None)
        wide = half * (0.4 + 1.2 * week / weeks)
        base = np.full(weeks, effect.baseline)
        ends = [None] * weeks
        for arm, mean, low, high in (
            ("baseline", base, ends, ends),
            ("policy", base + moved, ends, ends),
            ("effect", moved, moved - wide, moved + wide),
        ):
            bare = effect.mcse is None
            frames.append(
                pl.DataFrame(
                    {
                        "week": week,
                        "quantity": effect.quantity,
                        "arm": arm,
                        "mean": mean,
                        "low": pl.Series(ends if bare else low, dtype=pl.Float64, strict=False),
                        "high": pl.Series(ends if bare else high, dtype=pl.Float64, strict=False),
                    }
                )
            )
    return pl.concat(frames)


def _unfilled() -> pl.DataFrame:
    return pl.DataFrame(
        [
            (arm, reason, shares[place])
            for place, arm in enumerate(("baseline", "policy"))
            for reason, shares in REASONS.items()
        ],
        schema=["arm", "reason", "share"],
        orient="row",
    )


def _dollars(kind: str) -> pl.DataFrame:
    rows: list[tuple[str, str, str, float, float, float]] = [
        ("households", "programme_fund", "levy", 18.6e6, 17.1e6, 20.1e6),
        ("services", "programme_fund", "levy", 6.2e6, 5.4e6, 7.0e6),
        ("makers", "programme_fund", "levy", 2.5e6, 2.2e6, 2.8e6),
        ("retailers", "programme_fund", "levy", 0.5e6, 0.4e6, 0.6e6),
        ("outside", "programme_fund", "notes issued", 5.0e6, 4.0e6, 6.0e6),
        ("programme_fund", "outside", "notes repaid", 5.0e6, 4.0e6, 6.0e6),
        ("programme_fund", "outside", "notes interest", 0.1e6, 0.1e6, 0.2e6),
        ("programme_fund", "lenders", "guarantee", 21.9e6, 20.0e6, 23.8e6),
        ("programme_fund", "services", "services", 2.1e6, 1.9e6, 2.3e6),
        ("programme_fund", "households", "pay", 2.2e6, 2.0e6, 2.4e6),
    ]
    if kind == "placebo":
        rows = [
            ("households", "programme_fund", "levy", 18.6e6, 17.1e6, 20.1e6),
            ("programme_fund", "households", "rebate", 18.6e6, 17.1e6, 20.1e6),
        ]
    if kind in ("shock", "free", "zero"):
        rows = []
    return pl.DataFrame(
        rows,
        schema={
            "payer": pl.String,
            "payee": pl.String,
            "what": pl.String,
            "usd": pl.Float64,
            "usd_low": pl.Float64,
            "usd_high": pl.Float64,
        },
        orient="row",
    )


def fake_rows(kind: str) -> list[dict[str, Any]]:
    """Return rows of a comparison ('scenario') or of a sweep ('setting') as studies give them."""
    named: list[tuple[dict[str, Any], str]] = [
        ({"scenario": "hickory_inventory_finance"}, "usual"),
        ({"scenario": "hickory_placebo"}, "covers"),
        ({"scenario": "the first less the second"}, "usual"),
    ]
    if kind == "setting":
        key = "policies.inventory_finance.intensity"
        kinds = ("zero", "covers", "usual", "usual", "negative")
        named = [({"setting": key, "value": 0.5 * k}, name) for k, name in enumerate(kinds)]
    return [
        {**name, **vars(effect)}
        for name, of in named
        for effect in fake_run(of).effects
        if effect.size_class == "all" and effect.quantity in ("value_added", "jobs", "output")
    ]
