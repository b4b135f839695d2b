"""Flexible real estate: floors in small steps, let by the quarter.

    floor       in steps of 500 sq ft, term 13 weeks, no deposit, no stop of production for the move
    rent        = (1 + premium) · usual rent: +20 % (10 to 40), or -17 % if a non-profit lets it
    capacity    = size · square_feet, or size · feet_per_million · makers' yearly output / 10^6
    building    building_cost a sq ft, put up over `build` weeks; public_share of it public, the
                rest an investor's from outside, who has his part of the usual rent
    running     = running · usual rent of all that stands, in pay
    public      = its share of the building, and what rents lack of running and the investor's rent

A maker compares it once a quarter with the usual lease, rent, interest on the deposit and moving
stop counted, and takes what is cheaper if there is room (`millworks.programmes.leases`); from a
usual lease it can come when that has ended or has become too small. Newcomers may start in it. A
full building turns the others away: who is a tenant stays, who comes next is drawn by lot. When the
policy ends tenants leave at the end of their quarter. Fully let at +20 % it earns a quarter of the
usual rent above its cost, which the operator keeps for emptier weeks; it breaks even at 79 % let.

Source: model specification §7.11, §8; premium of a non-profit F:gmdc_discount; building cost 180
USD (120-260) a sq ft, running, term, deposit and size are assumptions. Own leases only: overheads
are those of `shared_facility_costs`, machines those of `hub`. Left out: zoning, sites, repair, the
rent that the investor loses when the policy ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.economy import space
from millworks.economy.sectors import sector_index
from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.policies.flexible_warehousing import place_size
from millworks.settings import number, text
from millworks.world.measures import Offers, State

FREE = 2
"""`Firm.status` of a row on which a firm can begin (`millworks.agents.firm`)."""


class FlexibleRealEstateSettings(PolicySettings):
    """Settings of floors by the quarter."""

    square_feet: float | None = text(
        None, "a number above 0 and at most 1e+08, or null",
        "sq ft to be let, in the whole place; null: by makers' output", gt=0, le=1e8,
    )  # fmt: skip
    feet_per_million: float = number(
        40.0, 0, 4000, "sq ft per million USD of makers' yearly output, if there is no number"
    )
    premium: float = number(0.2, -0.5, 1.0, "rent above the usual, as a part of it")
    building_cost: float = number(180.0, 0, 1000, "USD per sq ft of building", open_low=True)
    public_share: float = number(0.25, 0, 1, "part of the building that is public")
    build: int = number(52, 1, 520, "weeks over which it is built")
    life: float = number(30.0, 5, 60, "years over which the public's part is charged")
    running: float = number(0.2, 0, 2, "pay for running it, as a part of the usual rent")


class FlexibleRealEstate(Policy):
    """Floors in small steps by the quarter, in a building of which a part is public."""

    name: ClassVar[str] = "flexible_real_estate"
    order: ClassVar[int] = 11
    group: ClassVar[str] = "place"
    title: ClassVar[str] = "Flexible real estate: small floors, let by the quarter"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[FlexibleRealEstateSettings]] = FlexibleRealEstateSettings
    settings: FlexibleRealEstateSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """All makers, unless sizes or sectors are chosen."""
        return {"M": self.targeted(state, "M")}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Build, and open what stands."""
        rows, terms = eligible["M"], self.settings
        if terms.intensity <= 0.0 or state.weeks_in < terms.start or not rows.any():
            return
        row = offers.operator
        prices = space.price_list()
        usual = space.rent_rate(prices.lease_step_small, prices)
        # While tenants leave after its end, what they still use is paid for.
        offers.population("O").facility_private[row] = 1.0 - terms.public_share
        offers.population("O").floor_pay[row] = space.rent_per_week(1.0, terms.running * usual)
        if strength <= 0.0:
            return
        feet = strength * place_size(state, terms.square_feet, terms.feet_per_million)
        offers.population("O").floor[row] = feet
        offers.population("O").facility[row] = terms.building_cost * feet
        offers.population("O").facility_life[row] = terms.life
        offers.population("O").facility_weeks[row] = terms.build
        open_to = rows | self._newcomers(state)
        offers.population("M").flexible_rent[:] = np.where(open_to, 1.0 + terms.premium, 0.0)

    def _newcomers(self, state: State) -> Flags:
        """Rows on which a maker may begin this week; nobody knows yet of what size."""
        makers, terms = state.population("M"), self.settings
        free = np.asarray(makers.status) == FREE
        if terms.sizes is not None:
            return np.zeros_like(free)
        if terms.sectors is not None:
            free &= np.isin(makers.sector, [sector_index(code) for code in terms.sectors])
        return free
