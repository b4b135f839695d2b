"""Modernization support: a grant for part of a project's cost.

A part of the eligible makers, drawn once by key, is offered it: the others are the comparison. It
applies to what owners order at their quarterly test, a project of more capacity or a technology
(`millworks.agents.grant`); one project a quarter, one grant for it.

    grant   = min(strength · share · cost, strength · cap)      USD, on the day of the order
    together ≤ strength · budget a year, if there is a budget: who finds too little left waits until
              the next quarter, or goes ahead without
    public  = grants, and the running of the programme

At most nine tenths of a cost are granted, however strong the policy: then it is saturated. A grant
lowers the money an owner must find and raises what the project is worth, so some projects are
carried out that would not be; the part of the grants that went to others that day is
`Maker.grant_windfall`, the deadweight as a maker's books show it.

Source: model specification §8: 30 % (20 to 50) of the cost, at most $150,000, half of the makers.
Grants are taxed (`millworks.agents.grant`), so an owner counts (1-τ) of them where the
specification takes them off the cost. Left out: the cost of applying, a choice of projects by
those who grant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State

LARGEST_SHARE = 0.9
"""Part of a cost beyond which nothing is granted. Assumption."""


class ModernizationSettings(PolicySettings):
    """Settings of modernization support."""

    share: float = number(0.3, 0, 0.9, "part of a project's cost that is granted")
    cap: float = number(150_000.0, 0, 1e7, "largest grant, USD")
    part: float = number(0.5, 0, 1, "part of eligible makers that is drawn to be offered it")
    budget: float | None = text(
        None, "a number above 0 and at most 1e+10, or null",
        "USD that is granted a year in the whole place; null: whatever is asked for",
        gt=0, le=1e10,
    )  # fmt: skip


class ModernizationSupport(Policy):
    """Grants for projects and technologies."""

    name: ClassVar[str] = "modernization_support"
    order: ClassVar[int] = 12
    group: ClassVar[str] = "technology"
    title: ClassVar[str] = "Modernization support: a grant for part of a project's cost"
    Settings: ClassVar[type[ModernizationSettings]] = ModernizationSettings
    settings: ModernizationSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers that trade and were drawn; whoever was drawn stays drawn."""
        drawn = state.luck("grant_lottery", "M") < self.settings.part
        return {"M": self.targeted(state, "M") & drawn}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer the grant, and say what there is for it in a year."""
        rows, terms = eligible["M"], self.settings
        if strength <= 0.0 or not rows.any():
            return
        offers.population("M").grant_share[rows] = min(LARGEST_SHARE, strength * terms.share)
        offers.population("M").grant_most[rows] = strength * terms.cap
        if terms.budget is not None:
            offers.population("G").grant_budget[:] = strength * terms.budget * state.scale
