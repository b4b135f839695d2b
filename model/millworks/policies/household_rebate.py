"""Household rebate: the money goes to residents, in equal parts.

What the same dollars would do if they were simply handed back to people who live here.

Source: model specification §8. Left out: differences between households; residents' workers and
owners are two cohorts, and the rebate goes to the workers' cohort, who are nearly all residents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import BudgetSettings, Flags, Policy
from millworks.policies.budgets import weekly_budget
from millworks.world.measures import Offers, State

WORKERS = 0


class HouseholdRebate(Policy):
    """An equal sum to every resident."""

    name: ClassVar[str] = "household_rebate"
    order: ClassVar[int] = 102
    title: ClassVar[str] = "Household rebate: an equal sum to every resident"
    comparator: ClassVar[bool] = True
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[BudgetSettings]] = BudgetSettings
    settings: BudgetSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """The cohort of residents who live from pay and transfers."""
        cohorts = np.zeros(len(state.population("H").identity), np.bool_)
        cohorts[WORKERS] = True
        return {"H": cohorts}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Pay the budget out every week."""
        weekly = weekly_budget(self.settings.budget, state) * strength
        offers.plan(weekly)
        offers.entitle("H", "flat", np.where(eligible["H"], weekly, 0.0))
