"""Hub: equipment that small makers share, by the hour.

Eligible are makers with fewer than 100 employees within `reach` miles of a site; each belongs to
the site nearest to it, so two hubs never serve the same maker. An operator buys the facility when
the policy begins and opens it `build` weeks later. For each site, times the size of the policy:

    machines M = capital                                              USD, open to members
    places     = members                                              firms that may rent
    running    = opex / 52                                            USD a week, used or not
    fee        = 1.15 · annuity(3 %, 1/dep) / .85 / 52                USD a week per USD of machines

that is what a machine costs over its life, spread over the part of the time it is let, and 15 %.
Whether to come, and for how many hours, is for the maker: it asks for what exceeds its own
capacity, in pieces of any size, if a unit leaves something after the fee
(`millworks.programmes.shared_equipment`). Above 85 % use there is a queue, and what the hub cannot
take waits in the member's order book.
Members learn from each other (`Maker.knowledge_group`). Fees stay with the operator and lower what
the programme pays; the facility itself is charged over `life` years.

Source: model specification §7.8, §7.17, §8, §10.4. Capital, running cost and size are assumptions.
Choices: the fee covers machines over their life 1/dep, the public charge the facility over its own;
running it keeps machines in repair; the machines take the members' capital per unit of output. The
specification's smallest piece of .4 MES is not needed where hours are let singly. Left out:
training, incubation of new firms, the trip to the hub, machines that suit some sectors only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import AfterValidator

from millworks.policies.base import DISCOUNT, Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State

LARGEST_CLASS = 3
"""Size class of makers with 20 to 99 employees."""
LET = 0.85
"""Part of the time for which a machine is let, as the fee counts on."""
SURCHARGE = 1.15
"""The fee over what the machine costs."""
APART = 10.0
"""Least miles between two hubs: nearer ones would be one."""
MOST_SITES = 4


def _apart(sites: list[list[float]] | None) -> list[list[float]] | None:
    """Refuse sites that are no pair of miles, too many, or in each other's way."""
    if sites is None:
        return sites
    if not 1 <= len(sites) <= MOST_SITES or any(len(site) != 2 for site in sites):
        raise ValueError("sites")
    for number_, (east, north) in enumerate(sites):
        for east_, north_ in sites[:number_]:
            if (east - east_) ** 2 + (north - north_) ** 2 < APART**2:
                raise ValueError("overlapping hubs")
    return sites


Sites = Annotated[list[list[float]] | None, AfterValidator(_apart)]


class HubSettings(PolicySettings):
    """Settings of shared equipment."""

    capital: float = number(6e6, 2e5, 2e7, "USD that the facility of a site costs")
    life: float = number(30.0, 5, 60, "years over which the public's capital is charged")
    opex: float = number(0.9e6, 0, 1e7, "USD a year that running a site takes")
    members: int = number(50, 1, 1000, "firms that may rent at a site")
    reach: float = number(25.0, 1, 200, "miles from a site within which makers are served")
    build: int = number(26, 0, 260, "weeks from payment to the first hour")
    sites: Sites = text(
        None, f"null, or 1 to {MOST_SITES} pairs [miles east, miles north] of the district's "
        f"centre, no two less than {APART:g} miles apart", "where hubs stand; null: one, centrally",
    )  # fmt: skip


class Hub(Policy):
    """Shared equipment by the hour."""

    name: ClassVar[str] = "hub"
    order: ClassVar[int] = 1
    group: ClassVar[str] = "place"
    title: ClassVar[str] = "Hub: equipment that small makers share, by the hour"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[HubSettings]] = HubSettings
    settings: HubSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers with fewer than 100 employees within reach of a site."""
        small = np.asarray(state.population("M").size_class) <= LARGEST_CLASS
        return {"M": self.targeted(state, "M") & small & (self._nearest(state) >= 0)}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Pay for the facility and its running, and open it to those who are near."""
        terms, row = self.settings, offers.operator
        size = strength * state.scale
        if size <= 0.0 or not eligible["M"].any():
            return
        sites = len(self._sites())
        offers.population("O").facility[row] = sites * terms.capital * size
        offers.population("O").facility_life[row] = terms.life
        # Only what was paid for `build` weeks ago is open.
        size = state.scale * min(strength, self.strength(state.weeks_in - terms.build))
        if size <= 0.0:
            return
        nearest = self._nearest(state)
        offers.population("O").running[row] = sites * terms.opex * size / 52.0
        offers.population("O").machines[row] = terms.capital * size
        offers.population("O").sites[row] = sites
        offers.population("O").places[row] = max(1, int(terms.members * size + 0.5))
        hub = np.where(eligible["M"], nearest, -1)
        offers.population("M").hub[:] = hub
        offers.population("M").hub_fee[:] = np.where(hub >= 0, self.fee(state), 0.0)
        members = np.asarray(state.population("M").hub_member)
        offers.population("M").knowledge_group[:] = np.where(members >= 0, members, -1)

    def fee(self, state: State) -> float:
        """USD a week for the use of a USD of machines."""
        years = 1.0 / state.parameters.dep
        annuity = DISCOUNT / (1.0 - (1.0 + DISCOUNT) ** -years)
        return SURCHARGE * annuity / LET / 52.0

    def _sites(self) -> list[list[float]]:
        return self.settings.sites or [[0.0, 0.0]]

    def _nearest(self, state: State) -> Any:
        """The site nearest to each maker, -1 if none is within reach; of equals the first."""
        east, north = state.places("M")
        miles = np.array([np.hypot(east - x, north - y) for x, y in self._sites()])
        nearest = np.argmin(miles, axis=0)
        return np.where(miles.min(axis=0) <= self.settings.reach, nearest, -1)
