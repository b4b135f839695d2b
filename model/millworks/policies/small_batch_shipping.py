"""Small-batch shipping: makers whose shipments fill no truck may share trucks.

Eligible is a maker whose mean shipment is below a truckload. A non-profit finds who ships to the
same zone in the same week, and merges what it finds:

    match   = 1 - 2^(-(n - 1)/m_half)                n members' shipments to a zone in a week
    cost    = share by weight of the merged shipment's freight + handling by the pallet
              + a stop at its own door in such a week + its share of the other doors in the zone
    time    + days / 7 of a week
    public  = setup USD for each place when it is first filled + running USD a year for each member

Joining is the maker's choice: every four weeks it joins, stays or leaves as its expected freight
with handling is below its own (`programmes.freight_pool`). The more members, the more often they
meet, until every truck is full: then the pool is saturated. Strength is the number of places over
`places`, or over the number of eligible makers; beyond one place each more strength does nothing.

Customers outside are spread over `zones` markets of equal size by a draw that holds for ever: the
economic areas of the Bureau of Economic Analysis (179, from memory). What freight is saved reaches
prices through the unit cost, and orders too small to be shipped alone may be worth taking.

Source: model specification §7.10, §8 (m_half 4, 2 to 10; USD 12 a pallet and two days; USD 250,000
to set up and 150,000 a year for each 100 members). A stop at a door costs USD 75 (40 to 150): what
carriers commonly ask for a stop-off, from memory. All are assumptions. Left out: routes, so that a
stop costs the same however near the next one is; the weeks between shipments, which stay what they
were and might become fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.economy.freight import price_list
from millworks.economy.sectors import N_SECTORS
from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State

DAYS = 7.0
HUNDRED = 100.0


class SmallBatchShippingSettings(PolicySettings):
    """How the pool is run."""

    places: int | None = text(
        None, "a whole number between 1 and 100000, or null",
        "members it can take in the whole place at intensity 1; null: every eligible maker",
        ge=1, le=100_000,
    )  # fmt: skip
    match_half: float = number(
        4.0, 0.5, 100.0, "other shipments to a zone in a week at which half share a truck"
    )
    zones: int = number(179, 1, 5000, "markets outside among which shipments spread")
    handling: float = number(12.0, 0.0, 200.0, "USD a pallet that members pay")
    stop_fee: float = number(
        75.0, 0.0, 500.0, "USD that members pay for a stop of a shared truck at a door"
    )
    days: float = number(2.0, 0.0, 7.0, "days by which shared shipments are longer under way")
    setup: float = number(250e3, 0.0, 1e8, "USD to set it up, for each 100 members")
    running: float = number(150e3, 0.0, 1e8, "USD a year to run it, for each 100 members")


class SmallBatchShipping(Policy):
    """A pool of shippers below a truckload."""

    name: ClassVar[str] = "small_batch_shipping"
    order: ClassVar[int] = 2
    group: ClassVar[str] = "logistics"
    title: ClassVar[str] = "Small-batch shipping: makers who fill no truck may share one"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[SmallBatchShippingSettings]] = SmallBatchShippingSettings
    settings: SmallBatchShippingSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers whose mean shipment, at their usual volume, is below a truckload."""
        chosen = self.targeted(state, "M")
        makers, trade = state.population("M"), state.trade
        seller = np.asarray(trade.seller) - trade.spans["M"].start
        sold = (seller < len(chosen)) & (trade.sector < N_SECTORS)
        sold &= (trade.share_base > 0.0) | (trade.base_order > 0.0)
        weekly = np.bincount(
            seller[sold], weights=1.0 / trade.interval[sold], minlength=len(chosen)
        )
        pounds = makers.potential_forecast * state.pounds_per_unit[makers.sector]
        return {"M": chosen & (weekly > 0.0) & (pounds < price_list().truck_pounds * weekly)}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Open the pool to the eligible makers, and say what it takes to run."""
        rows = eligible["M"]
        if strength <= 0.0 or not rows.any():
            return
        given, row = self.settings, offers.operator
        offers.population("M").pool_half[:] = np.where(rows, given.match_half, 0.0)
        offers.population("M").pool_price[:] = np.where(rows, given.handling, 0.0)
        offers.population("M").pool_stop[:] = np.where(rows, given.stop_fee, 0.0)
        offers.population("M").pool_wait[:] = np.where(rows, given.days / DAYS, 0.0)
        everybody = min(1.0, strength) * float(np.count_nonzero(rows))
        given_places = None if given.places is None else strength * given.places * state.scale
        offers.population("O").places[row] = round(
            everybody if given_places is None else given_places
        )
        offers.population("O").pool_zones[row] = given.zones
        offers.population("O").member_setup[row] = given.setup / HUNDRED
        offers.population("O").member_running[row] = given.running / HUNDRED / 52.0
