"""Untargeted grant: every maker gets an equal sum per worker, without conditions.

Nobody has to do anything for it: it shows what money alone does for makers.

Source: model specification §8. Left out: applications, fraud.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, TargetedBudgetSettings
from millworks.policies.budgets import weekly_budget
from millworks.world.measures import Offers, State
from millworks.world.sums import add_all


class UntargetedGrant(Policy):
    """An equal sum per worker to every maker."""

    name: ClassVar[str] = "untargeted_grant"
    order: ClassVar[int] = 103
    title: ClassVar[str] = "Untargeted grant: an equal sum per worker to every maker"
    comparator: ClassVar[bool] = True
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[TargetedBudgetSettings]] = TargetedBudgetSettings
    settings: TargetedBudgetSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Every maker that trades."""
        return {"M": self.targeted(state, "M")}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Split the budget of the week by jobs."""
        weekly = weekly_budget(self.settings.budget, state) * strength
        jobs = np.where(eligible["M"], state.population("M").jobs, 0.0)
        total = add_all(jobs)
        if total > 0.0:
            offers.plan(weekly)
            offers.entitle("M", "flat", weekly * jobs / total)
