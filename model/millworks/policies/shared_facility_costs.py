"""Shared facility costs: small makers pool overheads and pay for them by use.

Eligible are makers with fewer than 100 employees. Up to `members` of them, times the size of the
policy, hand utilities, testing and paperwork over to an operator, who buys the same for `saving`
less than they would pay alone and charges each what its part costs:

    bundle    b = what these services would cost the member     USD a week, at last week's output
    fee         = (1 - saving) b
    saved       = saving · b, real: so much less is used for the same output
    running     = opex · size / 52: pay, and rent of a building unless a hub stands

A maker joins if it saves more than the trouble is worth
(`millworks.programmes.shared_overheads`). Its unit cost falls, and its price follows (§7.7). The
public pays for running the facility; the fees cover what is bought for members.

Source: model specification §7.7, §8; saving, rows and cost are assumptions. Overheads only: own
leases are those of `flexible_real_estate`, machines those of `hub`, whose building serves both.
Left out: quality of the service, a membership fee, economies that grow with the number of members.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number
from millworks.world.measures import Offers, State

LARGEST_CLASS = 3
"""Size class of makers with 20 to 99 employees."""


class SharedFacilitySettings(PolicySettings):
    """Settings of pooled overheads."""

    saving: float = number(0.30, 0, 0.6, "part of pooled overheads that is saved")
    members: int = number(50, 1, 5000, "firms that can pool their overheads")
    opex: float = number(1e5, 0, 1e7, "USD a year that running the facility takes")


class SharedFacilityCosts(Policy):
    """Overheads that are pooled."""

    name: ClassVar[str] = "shared_facility_costs"
    order: ClassVar[int] = 10
    group: ClassVar[str] = "place"
    title: ClassVar[str] = "Shared facility costs: small makers pool their overheads"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[SharedFacilitySettings]] = SharedFacilitySettings
    settings: SharedFacilitySettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers with fewer than 100 employees."""
        small = np.asarray(state.population("M").size_class) <= LARGEST_CLASS
        return {"M": self.targeted(state, "M") & small}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Open the facility to those who are small."""
        size = strength * state.scale
        if size <= 0.0 or not eligible["M"].any():
            return
        terms, row = self.settings, offers.operator
        offers.population("O").running[row] = terms.opex * size / 52.0
        offers.population("O").places[row] = max(1, int(terms.members * size + 0.5))
        offers.population("M").overhead_saving[:] = np.where(eligible["M"], terms.saving, 0.0)
