"""Plausible results of studies of many arms, made without the engine: for words and pictures.

Good for looking at charts and for testing sentences, not for any claim.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl
from fake_linear_result import FakePlace

from millworks.agents.producer import REASONS
from millworks.study.constraint_results import ConstraintsResult, RefusedShare, Relaxed
from millworks.study.quantities import SIZE_CLASSES
from millworks.study.relaxations import NO_EXPERIMENT, RELAXATIONS
from millworks.study.results import Check
from millworks.study.run_results import Effect
from millworks.study.size_results import (
    GROWS,
    NEVER,
    NO_COST,
    NO_GAIN,
    Reason,
    SizeCurve,
    SizedEffect,
    SizesResult,
    Step,
)
from millworks.study.stress_results import GoodTimes, ShockLoss, StressResult, UnderShock

USD, YEARLY, SHARE = "USD of 2022", "USD of 2022 a year", "share of orders"
PER_DOLLAR = "USD of value added per USD of cost"

POLICIES = {
    "hub": "Hub of shared equipment: machines by the hour",
    "small_batch_shipping": "Small-batch shipping: a pool of shipments",
    "inventory_finance": "Inventory finance: lenders advance more on stocks",
    "modernization_support": "Modernization support: grants for machines",
    "placebo": "Placebo: a levy is raised and handed back",
}
SHOCKS = {
    "import_competition": "Import competition",
    "tariff": "Tariff",
    "big_box_entry": "Big-box entry",
    "recession": "Recession",
    "freight_spike": "Freight spike: transport costs a multiple",
    "supplier_disruption": "Supplier disruption",
    "credit_crunch": "Credit crunch",
}
SIZES = (0.25, 0.5, 1.0, 2.0, 4.0)


def effect(
    mean: float | None,
    half: float | None,
    unit: str = USD,
    *,
    quantity: str = "value_added",
    kind: str = "level",
    size_class: str = "all",
    baseline: float | None = None,
    pairs: int = 20,
) -> Effect:
    """Return an effect with the interval mean ± half; no interval for None."""
    known = mean is not None and half is not None
    return Effect(
        quantity=quantity,
        effect=kind,
        region="local",
        size_class=size_class,
        unit=unit,
        baseline=baseline,
        mean=mean,
        mcse=half / 2.0 if known else None,
        low=mean - half if known else None,
        high=mean + half if known else None,
        pairs=pairs,
        detectable=1.4 * half if known else None,
    )


def facts(pairs: int = 20) -> dict[str, Any]:
    """Return what every such result has."""
    return {
        "place": FakePlace(),
        "year": 2022,
        "seeds": tuple(range(1, pairs + 1)),
        "weeks": 520,
        "burn_in": 156,
        "confidence": 0.95,
        "makers": 509,
        "scale": 1.0,
        "counts": {"makers": 509, "partners": 12},
        "arms": 48,
        "checks": [Check("accounting_identities", True, 3e-13, 1e-9, "largest residual")],
        "worst_residual": 3e-13,
        "seconds": {"arms": 120.0, "pairs_run": float(pairs)},
        "assumptions": [],
        "tidy": pl.DataFrame(),
        "notes": (),
    }


# --- stress


def under(policy: str, shock: str, mean: float, half: float, *, told: int, good: int) -> UnderShock:
    """Return a cell; `good`: sign of its effect under the shock."""
    return UnderShock(
        policy=policy,
        shock=shock,
        resilience=effect(mean, half, kind="resilience"),
        adjusted=0.01 if told else 0.4,
        told=told,
        value_added=effect(2.1e6, 1.5e6 if good else 3e6, YEARLY),
        jobs=effect(12.0, 30.0, "jobs", quantity="jobs"),
        public_cost=effect(2.4e6, 1e5, quantity="public_cost"),
        effect_told=good,
    )


def fake_stress(kind: str = "usual", *, pairs: int = 20) -> StressResult:
    """Return a result; `kind`: usual, untold (no cell is told), same (nothing differs), one (a
    single pair)."""
    pairs = 1 if kind == "one" else pairs
    cells = []
    for s, shock in enumerate(SHOCKS):
        for p, policy in enumerate(POLICIES):
            told = 0
            if kind == "usual":
                told = 1 if (s + p) % 4 == 0 else -1 if (s * p) % 11 == 7 else 0
            mean = (4.0 + 5.0 * s + p) * 1e6 * (-1 if told < 0 else 1)
            half = 0.5 * abs(mean) if told else 2.0 * abs(mean)
            if policy == "placebo" or kind == "same":
                told, mean, half = 0, 0.0, 0.0
            cell = under(policy, shock, mean, half, told=told, good=int(p == 0 and s < 3))
            if kind == "one":
                alone = effect(mean, None, kind="resilience", pairs=1)
                cell = UnderShock(policy, shock, alone, None, 0, alone, alone, alone, 0)
            cells.append(cell)
    return StressResult(
        **facts(pairs),
        shocks=tuple(
            ShockLoss(
                name,
                title,
                effect(-2e8 if name == "tariff" else 3e9, 2e8, kind="loss", baseline=1.5e11),
                effect(9e3, 8e2, "job-years", quantity="job_years", kind="loss", baseline=1.4e6),
                0.041,
                39,
            )
            for name, title in SHOCKS.items()
        ),
        policies=tuple(
            GoodTimes(
                name,
                title,
                name == "placebo",
                effect(3.2e6, 1.1e6 if name == "hub" else 6e6, YEARLY),
                effect(31.0, 12.0, "jobs", quantity="jobs"),
                effect(2.4e6, 1e5, quantity="public_cost"),
                int(name == "hub"),
            )
            for name, title in POLICIES.items()
        ),
        cells=tuple(cells),
        paths=(
            ("baseline", None, None, 1, 13, 13, 1.5e10),
            ("hub", None, "hub", 1, 13, 13, 1.6e10),
        ),
    )


# --- sizes


def sized(size: float, per_dollar: float | None, half: float | None, users: float) -> SizedEffect:
    """Return a policy at a size."""
    return SizedEffect(
        intensity=size,
        size=size,
        value_added=effect(1e6 * size, 0.4e6, YEARLY),
        jobs=effect(9.0 * size, 4.0, "jobs", quantity="jobs"),
        gained=effect(8e6 * size, 3e6, kind="present value"),
        cost=effect(2e6 * size, 1e5, kind="present value", quantity="public_cost"),
        per_dollar=effect(per_dollar, half, PER_DOLLAR, kind="ratio"),
        job_years_per_million=effect(
            31.0, 9.0, "job-years per million USD of 2022", quantity="job_years_per_million",
            kind="ratio",
        ),
        refused=effect(-0.001, 0.0005, SHARE, quantity="refused", baseline=0.03),
        users=effect(users, 1.0, "firms", quantity="users"),
        spent=1.0 / (1.0 + 0.1 * size),
        reasons=tuple(
            Reason(
                reason,
                effect(0.012 / (place + 1), 0.001, SHARE, quantity=f"refused_{reason}"),
                effect(
                    0.0009 if reason == "labour" else -0.0002,
                    0.0003,
                    SHARE,
                    quantity=f"refused_{reason}",
                ),
            )
            for place, reason in enumerate(REASONS)
        ),
    )  # fmt: skip


def curve(name: str, ending: str, at: float | None, *, free: bool = False) -> SizeCurve:
    """Return a curve; `free`: it costs nothing."""
    shape = {0.25: 1.2, 0.5: 4.6, 1.0: 4.2, 2.0: 2.1, 4.0: 1.0}
    sizes = tuple(
        sized(
            size,
            None if free else shape[size],
            None if free else (5.0 if ending == NEVER else 0.8),
            12.0 * size,
        )
        for size in SIZES
    )
    steps = tuple(
        Step(
            low,
            high,
            effect(1e6, 3e6, kind="marginal"),
            effect(2e6, 1e5 if ending != NO_COST else 3e6, quantity="cost", kind="marginal"),
            effect(0.5, 1.5, PER_DOLLAR, kind="marginal ratio"),
        )
        for low, high in pairwise(SIZES)
    )
    return SizeCurve(
        name=name,
        title=POLICIES[name],
        comparator=name == "placebo",
        basis="public_cost",
        sizes=sizes,
        steps=steps,
        ending=ending,
        saturates_at=at,
        same_from=2.0 if ending == NO_COST else None,
        binds="capacity",
        risen="labour" if ending == NO_GAIN else None,
    )


def fake_sizes() -> SizesResult:
    """Return curves of every ending."""
    return SizesResult(
        **facts(),
        curves=(
            curve("hub", NO_GAIN, 1.0),
            curve("small_batch_shipping", GROWS, None),
            curve("inventory_finance", NO_COST, 0.5, free=True),
            curve("modernization_support", NEVER, None),
        ),
    )


# --- constraints


def fake_constraints(kind: str = "usual") -> ConstraintsResult:
    """Return a result; `kind`: usual, untold (no limit is told to be worth anything), none (no
    order is refused)."""
    of_size = dict(zip(("all", *SIZE_CLASSES), (0.3, 1.3, 0.9, 0.5, 0.2, 0.15, 5.0), strict=True))
    shares = []
    for size, scale in of_size.items():
        total = 0.0
        for place, reason in enumerate(REASONS):
            share = 0.0 if kind == "none" or reason == "hub_queue" else scale * 0.04 / (place + 1)
            total += share
            shares.append(RefusedShare(reason, size, _share(reason, size, share)))
        shares.append(RefusedShare("all", size, _share("all", size, total)))
    relaxed = []
    for place, one in enumerate(RELAXATIONS):
        told = 0 if kind != "usual" else (1, 1, 0, 0, -1, 0)[place]
        mean = (3.0 + place) * 1e6 * (-1.0 if told < 0 else 1.0)
        relaxed.append(
            Relaxed(
                reason=one.reason,
                kind=one.kind,
                what=one.what.format(more="10%"),
                mechanism=one.mechanism,
                misses=one.misses,
                parameters=(("eta_h", 0.15, 0.165),),
                value_added=effect(mean, 0.4 * abs(mean) if told else 2 * abs(mean), YEARLY),
                jobs=effect(20.0, 30.0, "jobs", quantity="jobs"),
                refused=effect(-0.002, 0.003, SHARE, quantity="refused"),
                own_reason=effect(
                    -0.002, 0.001 if place < 3 else 0.004, SHARE, quantity=f"refused_{one.reason}"
                ),
                adjusted=0.01 if told else 0.5,
                told=told,
            )
        )
    return ConstraintsResult(
        **facts(),
        part=0.1,
        shares=tuple(shares),
        relaxed=tuple(relaxed),
        left_out=dict(NO_EXPERIMENT),
    )


def _share(reason: str, size: str, mean: float) -> Effect:
    return effect(
        mean, 0.1 * mean, SHARE, quantity=f"refused_{reason}", kind="share", size_class=size
    )
