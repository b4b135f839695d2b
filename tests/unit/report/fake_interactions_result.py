"""A plausible `InteractionsResult` made without the engine: drawn figures of known effects.

Good for looking at pictures and for testing words, not for any claim. Every policy has an effect of
its own, some pairs a surplus, and whatever is asked of the study goes through the study's own code.
"""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from fake_linear_result import FakePlace

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.study import interactions
from millworks.study.battery import BASELINE
from millworks.study.effects import estimate
from millworks.study.interactions_design import arms_of, design_of
from millworks.study.interactions_package import pick
from millworks.study.interactions_results import InteractionsResult
from millworks.study.many_arms import effect_of
from millworks.study.quantities import RUN_QUANTITIES
from millworks.study.results import Check

ALONE = {
    "hub": (1.9e6, 2.4e6),
    "small_batch_shipping": (0.4e6, 1.1e6),
    "flexible_warehousing": (0.02e6, 0.5e6),
    "ports_and_rail": (-0.6e6, 4.8e6),
    "partner_equity": (5.2e6, 3.1e6),
    "multi_year_commitments": (0.9e6, 0.2e6),
    "shared_containers": (0.1e6, 0.9e6),
    "technology_transfer": (2.6e6, 1.9e6),
    "shared_facility_costs": (1.2e6, 0.8e6),
    "flexible_real_estate": (0.3e6, 1.0e6),
    "modernization_support": (3.4e6, 6.2e6),
    "inventory_finance": (1.4e6, 0.3e6),
}
"""Policy -> value added, USD a year, and cost, USD."""
TOGETHER = {
    ("partner_equity", "technology_transfer"): 2.1e6,
    ("hub", "modernization_support"): -1.6e6,
    ("flexible_warehousing", "inventory_finance"): 0.7e6,
    ("hub", "technology_transfer"): 0.4e6,
}
LEVEL = {"value_added": 4.1e9, "jobs": 41_000.0, "public_cost": 0.0, "resource_cost": 0.0}


class FakeBattery:
    """Figures of arms by name, of as many pairs, drawn around the sum of what is known."""

    def __init__(self, config: Any, seeds: range, spread: float) -> None:
        self.config, self.pairs, self.seeds = config, len(seeds), seeds
        self.spread = spread
        self.records = tuple(SimpleNamespace(seed=seed) for seed in seeds)

    def figures(self, name: str) -> dict[tuple[str, str], np.ndarray]:
        policies = () if name == BASELINE else tuple(name.split("+"))
        gains = np.zeros(self.pairs)
        cost = np.zeros(self.pairs)
        for one in policies:
            gains += ALONE[one][0] + self._luck(one) * self.spread
            cost += ALONE[one][1] * (1.0 + 0.04 * self._luck(f"{one} cost"))
        for pair in combinations(policies, 2):
            both = tuple(sorted(pair))
            more = next((v for k, v in TOGETHER.items() if tuple(sorted(k)) == both), 0.0)
            gains += more + 0.5 * self.spread * self._luck("+".join(both))
        if len(policies) > 2:
            gains += 0.4 * self.spread * self._luck(name) - 0.1e6 * (len(policies) - 2)
        found = {
            "value_added": LEVEL["value_added"] + gains,
            "jobs": LEVEL["jobs"] + gains / 80_000.0,
            "public_cost": 0.8 * cost,
            "resource_cost": cost,
        }
        return {(key, "all"): values for key, values in found.items()}

    def difference(
        self, name: str, quantity: str, size: str = "all", against: str = BASELINE
    ) -> np.ndarray:
        return self.figures(name)[quantity, size] - self.figures(against)[quantity, size]

    def _luck(self, key: str) -> np.ndarray:
        number = sum(ord(letter) * (place + 7) for place, letter in enumerate(key))
        return np.random.default_rng([number, self.seeds.start]).normal(size=self.pairs)


def _effects(battery: FakeBattery, name: str) -> tuple[Any, ...]:
    return tuple(
        effect_of(
            quantity, RUN_QUANTITIES[quantity].unit,
            estimate(battery.difference(name, quantity), 0.95), battery.pairs,
            baseline=LEVEL[quantity],
        )
        for quantity in LEVEL
    )  # fmt: skip


def fake_interactions(
    *,
    policies: tuple[str, ...] = tuple(ALONE),
    pairs: int = 20,
    spread: float = 0.5e6,
    budget: float | None = 1.0e7,
    settings: tuple[str, ...] = (),
    apart: dict[str, dict[str, str]] | None = None,
) -> InteractionsResult:
    """Return a result; `spread`: USD a year by which effects vary; `apart`: policy -> excludes."""
    from unittest.mock import patch

    from millworks.policies.registry import levers

    config = compose(
        "interactions",
        {"study.pairs": pairs},
        [
            f"policy={','.join(policies)}",
            f"budget={'null' if budget is None else budget}",
            *settings,
        ],
        packaged_scenarios(),
    )
    known = levers()
    for name, excludes in (apart or {}).items():
        known[name] = type(known[name].__name__, (known[name],), {"excludes": excludes})
    with patch("millworks.policies.registry.levers", return_value=known):
        design = design_of(config)
    battery = FakeBattery(config, range(1, pairs + 1), spread)
    fresh = FakeBattery(config, range(pairs + 1, 2 * pairs + 1), spread)
    facts = {
        "place": FakePlace(),
        "year": 2022,
        "seeds": tuple(battery.seeds),
        "weeks": config.study.weeks,
        "burn_in": config.study.burn_in,
        "confidence": 0.95,
        "makers": 612,
        "scale": 1.0,
        "counts": {"makers": 612, "partners": 9},
        "arms": len(arms_of(config, design)),
        "checks": [Check("accounting_identities", True, 3e-13, 1e-9, "largest residual")],
        "worst_residual": 3e-13,
        "seconds": {"arms": 61.0, "pairs_run": float(pairs)},
        "assumptions": [],
        "tidy": pl.DataFrame(),
        "notes": (),
    }
    with (
        patch.object(interactions, "facts", lambda *_: dict(facts)),
        patch.object(interactions, "effects_of_arm", _effects),
    ):
        chosen, why = pick(config, design, battery)  # type: ignore[arg-type]
        return interactions.result_of(battery, config, design, chosen, why, fresh)  # type: ignore[arg-type]
