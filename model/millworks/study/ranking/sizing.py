"""How large each policy is made: at its default size, at equal cost, at half of it.

Equal cost is met in present value over ten years, with public capital at its annuity (specification
§10.4). What is held against the budget C* is

    net public cost      of what the public pays for
    total resource cost  of what partners pay for: equity and commitments

The size that costs C* is searched in a few pairs, and the same sum is levied every week in every
arm, C*·r / (1 - (1+r)^-10) a year, so that policies do not differ in how they are paid for; notes
bridge the time. Over a horizon other than ten years a policy is to cost what that levy brings in.
A policy whose public cost is not C* (because partners pay, or because it cannot spend that much)
has the levy that its own cost asks for. What a size costs is measured, never extrapolated: a policy
that cannot spend C* is run at the largest size it can have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from millworks.conf.levers import is_comparator
from millworks.policies.base import DISCOUNT, YEARS_OF_COST, annuity
from millworks.policies.budgets import common_budget
from millworks.settings import MOST_INTENSITY
from millworks.study.arms import Arm
from millworks.study.battery import BASELINE, Battery, Workers, run_battery
from millworks.study.effect_table import settings_at
from millworks.study.ranking.equal_cost import EqualCost, Search, rounded, solve_equal_costs
from millworks.study.ranking.results import DEFAULT, EQUAL, HALF
from millworks.study.run_measures import WEEKS_OF_YEAR

if TYPE_CHECKING:
    from millworks.conf.studies import RankConfig
    from millworks.study.pair_store import PairStore
    from millworks.study.run_study import Progress

PARTNERS_PAY = ("partner_equity", "multi_year_commitments")
"""Policies that are ranked on total resource cost: the public pays the least part of them."""
TEN_YEARS = YEARS_OF_COST * WEEKS_OF_YEAR
NEAR = 0.8
"""Part of the budget from which on a policy is levied for the whole of it."""


@dataclass(frozen=True)
class Budget:
    """The common cost: `usd` of present value over ten years, `levy` USD a year that pays for it,
    and `horizon` USD, the present value of that levy over the weeks of the study."""

    usd: float
    levy: float
    horizon: float

    def yearly(self, cost: float) -> float:
        """USD a year, levied evenly, whose present value over the study is `cost` USD."""
        return self.levy * cost / self.horizon


def budget_of(config: RankConfig) -> Budget:
    """Return the budget of a study: as set, or the common one by what makers here sell."""
    usd = config.budget
    if usd is None:
        from millworks.study.local_shares import founded
        from millworks.world.sums import add_all

        world = founded(config.model_copy(update={"seed": config.seed_of(0)}))
        sales = 52.0 * add_all(world.population("M").base_output) / world.scale
        usd = float(f"{common_budget(sales):.3g}")
    levy = annuity(usd)
    return Budget(usd, levy, usd if config.study.weeks == TEN_YEARS else _present(levy, config))


def _present(yearly: float, config: RankConfig) -> float:
    """Present value of USD a year over the weeks of a study."""
    years = config.study.weeks / WEEKS_OF_YEAR
    return yearly * (1.0 - (1.0 + DISCOUNT) ** -years) / DISCOUNT


def arm_name(policy: str, sizing: str) -> str:
    """Return the name of a policy's arm at one of the `SIZINGS`."""
    return f"{policy}@{sizing}"


def cost_basis(policy: str) -> str:
    """Return which cost of a policy is held against the budget."""
    return "resource_cost" if policy in PARTNERS_PAY else "public_cost"


def whole_dollars(usd: float) -> float:
    """Return a sum as it is written in settings and reports: so many whole dollars."""
    return float(round(usd))


class Sizing:
    """Finds the size of each policy, and makes its arms.

    `solved`: policy -> what the search for equal cost found; `arms`: every arm by name.
    """

    def __init__(self, config: RankConfig, budget: Budget) -> None:
        self.config, self.budget = config, budget
        self.solved: dict[str, EqualCost] = {}
        self.public: dict[str, float] = {}
        self.arms: dict[str, Arm] = {BASELINE: Arm({}, config.shocks)}

    def search(self, store: PairStore, workers: Workers, progress: Progress) -> None:
        """Find the size at equal cost of every policy, in the first pairs."""
        names = tuple(self.config.policies)
        unit = {arm_name(name, DEFAULT): self._default(name) for name in names}
        first = self._run(unit, store, workers, progress, "what each costs at its default size")
        searches = {}
        for name in names:
            costs = _costs(first, arm_name(name, DEFAULT))
            self.public[name] = costs["public_cost"]
            searches[name] = Search(
                self.budget.horizon,
                [(1.0, costs[cost_basis(name)])],
                most=MOST_INTENSITY / self._own(name),
                tolerance=self.config.tolerance,
            )

        def measure(intensities: Mapping[str, float]) -> dict[str, float]:
            """Net cost of policies at these sizes, mean over the pairs of the search, USD."""
            arms = {arm_name(name, EQUAL): self.at(name, x) for name, x in intensities.items()}
            words = (
                f"sizes at equal cost of {len(arms)} {'policy' if len(arms) == 1 else 'policies'}"
            )
            found = self._run(arms, store, workers, progress, words)
            return {
                name: _costs(found, arm_name(name, EQUAL))[cost_basis(name)] for name in intensities
            }

        self.solved = solve_equal_costs(searches, measure)
        for name in names:
            if self.config.default_size or is_comparator(name):
                self.arms[arm_name(name, DEFAULT)] = self._default(name)
            self.arms[arm_name(name, EQUAL)] = self.at(name, self.solved[name].intensity)
            if self.config.marginal and not is_comparator(name) and self.half_size(name):
                self.arms[arm_name(name, HALF)] = self.at(name, self.half_size(name))

    def half_size(self, name: str) -> float:
        """Return the size at which a policy costs about half of what it costs at equal cost.

        In proportion between the sizes that were tried; 0 where there is none in between.
        """
        found = self.solved[name]
        if found.cost <= 0.0:
            return 0.0
        below = [(0.0, 0.0), *((x, cost) for x, cost in sorted(found.tries))]
        sizes, costs = (np.array(column) for column in zip(*below, strict=True))
        keep = np.concatenate([[True], np.diff(np.maximum.accumulate(costs)) > 0.0])
        guess = float(np.interp(0.5 * found.cost, costs[keep], sizes[keep]))
        half = rounded(guess, MOST_INTENSITY)
        return half if 0.0 < half < found.intensity else 0.0

    def at(self, name: str, intensity: float) -> Arm:
        """Return the arm of a policy at a size, with the even levy that pays for it."""
        settings = self.config.policies[name]
        policies = {name: settings_at(settings, intensity)}
        return Arm(policies, self.config.shocks, self.levy(name, intensity))

    def levy(self, name: str, intensity: float) -> float | None:
        """USD a year that are levied for a policy at a size; None if no levy pays for it."""
        if self.config.policies[name].get("payer") != "levy":
            return None
        expected = max(0.0, self.public[name] * intensity)
        near = is_comparator(name) or expected >= NEAR * self.budget.horizon
        if near and name not in PARTNERS_PAY:
            return whole_dollars(self.budget.levy)
        return whole_dollars(self.budget.yearly(expected))

    def _default(self, name: str) -> Arm:
        settings = self.config.policies[name]
        levy = None
        if is_comparator(name) and settings.get("payer") == "levy":
            levy = whole_dollars(self.budget.levy)
        return Arm({name: dict(settings)}, self.config.shocks, levy)

    def _own(self, name: str) -> float:
        return float(self.config.policies[name]["intensity"])

    def _run(
        self,
        arms: Mapping[str, Arm],
        store: PairStore,
        workers: Workers,
        progress: Progress,
        words: str,
    ) -> Battery:
        pairs = range(min(self.config.solving_pairs, self.config.study.pairs))
        named = {BASELINE: self.arms[BASELINE], **arms}
        return run_battery(self.config, named, store, workers, progress, pairs=pairs, label=words)


def _costs(battery: Battery, arm: str) -> dict[str, Any]:
    """Mean cost of an arm over pairs, by basis, USD of the whole place over ten years."""
    return {
        basis: float(battery.difference(arm, basis).mean())
        for basis in ("public_cost", "resource_cost")
    }
