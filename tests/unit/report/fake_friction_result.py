"""Plausible results of the multiplier with frictions, made without the engine.

Good for looking at pictures and for testing words. `kind`: spent, invested, one (a single pair),
wide (intervals that cover zero), nobody (invested where nobody lacks money).
"""

from __future__ import annotations

import math
from itertools import product

import polars as pl
from fake_linear_result import FakePlace

from millworks.study.friction_closures import EFFECTS
from millworks.study.friction_measures import QUANTITIES
from millworks.study.friction_results import FrictionResult, FrictionRow
from millworks.study.reconciliation import MECHANISMS, REGIONS, TERMS, Bridge, Step
from millworks.study.results import Check

PARTS = {"direct": 0.61, "indirect": 0.21, "induced": 0.36, "dynamic": -0.06}
SCALE = {"local": 1.0, "rest_of_us": 1.7, "national": 2.7, "displaced": 0.5}
SIZES = (0.001, 0.01, 0.05, 0.2)
HORIZONS = (26, 52, 104, 208)


def fake_friction(kind: str = "spent") -> FrictionResult:
    """Return a result of a kind."""
    mode = "invested" if kind in ("invested", "nobody") else "spent"
    per = "ordered" if mode == "spent" else "invested"
    pairs = 1 if kind == "one" else 20
    half = 2.0 if kind == "wide" else 0.17

    def row(quantity, region, effect, mean, *, of=per, weeks=104, size=0.05, payer="outside"):
        known = None if kind == "nobody" else mean * (4.0 if quantity == "jobs" else 1.0)
        bare = kind == "one" or known is None
        return FrictionRow(
            quantity,
            region,
            effect,
            of,
            weeks,
            size,
            payer,
            known,
            None if bare else half / 2.0,
            None if bare else known - half,
            None if bare else known + half,
            pairs,
        )

    total = sum(PARTS.values())
    rows = []
    for quantity, (region, scale) in product(QUANTITIES, SCALE.items()):
        rows += [row(quantity, region, effect, PARTS[effect] * scale) for effect in EFFECTS]
        for weeks in HORIZONS:
            grown = total * scale * (1.0 - math.exp(-weeks / 40.0))
            rows.append(row(quantity, region, "total", grown, weeks=weeks))
            if mode == "spent":
                rows.append(
                    row(quantity, region, "total", grown * 1.3, of="delivered", weeks=weeks)
                )
        for size in SIZES:
            if size != 0.05:
                rows.append(row(quantity, region, "total", total * scale - size, size=size))
        rows.append(row(quantity, region, "total", total * scale * 0.6, payer="levy"))
    rows += [
        row("delivered", "local", "total", 0.79),
        row("delivered", "local", "total", 0.8, payer="levy"),
    ]
    path = [
        (week, region, effect, part * scale * (1.0 - math.exp(-week / 30.0)))
        for week in range(1, 105)
        for region, scale in (("local", 1.0), ("national", 2.7))
        for effect, part in PARTS.items()
    ]
    return FrictionResult(
        place=FakePlace(),
        year=2022,
        mode=mode,
        sector=None,
        seeds=tuple(range(1, pairs + 1)),
        weeks=104,
        burn_in=156,
        injection=0.05,
        usd=269.7e6,
        sales=5.394e9,
        confidence=0.95,
        makers=510,
        scale=1.0,
        counts={"makers": 510, "partners": 21, "retailers": 1400},
        rows=rows,
        path=pl.DataFrame(path, schema=["week", "region", "effect", "value"], orient="row"),
        tidy=pl.DataFrame(),
        leontief=_leontief() if mode == "spent" else None,
        bridge=_bridge() if mode == "spent" else None,
        facts={
            "late_births": 1.0,
            "paid_in": 0.0,
            "lacking": 0.063,
            "recipients": 54.0,
            "levied": 1.005,
        },
        checks=[Check("accounting_identities", True, 4e-14, 1e-9, "books balance")],
        worst_residual=4e-14,
        seconds={"study": 140.0},
        assumptions=[{"key": "s_w", "value": 0.8, "unit": "share", "source": "BEA"}],
        notes=[],
    )


def _leontief() -> dict[tuple[str, str], float]:
    return {
        (region, quantity): scale * (4.0 if quantity == "jobs" else 1.0)
        for region, scale in (("local", 1.54), ("rest_of_us", 1.12), ("national", 2.66))
        for quantity in QUANTITIES
    }


def _bridge() -> Bridge:
    values = (1.54, -0.001, 0.1, -0.42, -0.02, -0.11, -0.01, 0.04)
    steps, total = [], {}
    for quantity, region in product(QUANTITIES, REGIONS):
        for term, value in zip(TERMS, values, strict=True):
            spread = 0.12 if term in MECHANISMS else None
            low = None if spread is None else value - spread
            high = None if spread is None else value + spread
            steps.append(Step(quantity, region, term, value, low, high, 0.03, value, low, high))
        total[quantity, region] = sum(values)
    worlds = ({"quantity": "output", "region": "local", "world": "linear", "value": 1.54},)
    return Bridge(tuple(steps), total, worlds, 2, 0.0)
