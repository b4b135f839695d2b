"""Wage subsidy: the programme bears the same part of the pay of every maker.

A unit of output costs less in pay, so prices, the orders worth taking and projects answer to it;
the pay itself does not change.

Source: model specification §8. Left out: higher pay that workers might bargain for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, TargetedBudgetSettings
from millworks.policies.budgets import weekly_budget
from millworks.world.measures import Offers, State
from millworks.world.sums import add_all

MOST = 0.5
"""Largest part of pay that is borne: more is no subsidy of pay."""


class WageSubsidy(Policy):
    """A part of makers' pay."""

    name: ClassVar[str] = "wage_subsidy"
    order: ClassVar[int] = 104
    title: ClassVar[str] = "Wage subsidy: a part of the pay of every maker"
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
        """Bear the part of pay that last week's payroll and the budget make."""
        weekly = weekly_budget(self.settings.budget, state) * strength
        makers = state.population("M")
        pay = add_all(np.where(eligible["M"], makers.wage_residents + makers.wage_commuters, 0.0))
        if pay > 0.0:
            part = np.where(eligible["M"], min(MOST, weekly / pay), 0.0)
            offers.plan(min(weekly, MOST * pay))
            offers.population("M").pay_subsidy[:] += part
            offers.entitle("M", "pay", part)
