"""Placebo: the levy is raised and returned to those who paid it.

It has no purpose but to show what levying and returning money does by itself; a placebo whose
interval excludes zero points at the method, not at a policy.

Source: model specification §8. Left out: the cost of collecting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from millworks.policies.base import BudgetSettings, Flags, Policy
from millworks.policies.budgets import weekly_budget
from millworks.settings import text
from millworks.world.measures import Offers, State

PAYERS = "HMPRCS"


class PlaceboSettings(BudgetSettings):
    """A placebo has a levy to return, or there is nothing to it."""

    payer: Literal["levy"] = text(
        "levy", "levy: a placebo is a levy that is returned", "who pays: a levy on local incomes"
    )


class Placebo(Policy):
    """The levy of a budget, returned in proportion to what each paid."""

    name: ClassVar[str] = "placebo"
    order: ClassVar[int] = 101
    title: ClassVar[str] = "Placebo: the levy is raised and returned to those who paid it"
    comparator: ClassVar[bool] = True
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[PlaceboSettings]] = PlaceboSettings
    settings: PlaceboSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Everybody who pays the levy."""
        return {k: np.ones(len(state.population(k).identity), np.bool_) for k in PAYERS}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Levy the budget, and return what is paid this week."""
        offers.plan(weekly_budget(self.settings.budget, state) * strength)
        for letter, rows in eligible.items():
            part = np.where(rows, 1.0 if strength > 0.0 else 0.0, 0.0)
            offers.entitle(letter, "levy", part)
