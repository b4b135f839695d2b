"""Flexible warehousing: storage by the pallet, month by month, beside the usual lease.

    capacity Q  = size · pallets, or size · pallets_per_million · makers' yearly output / 10^6
    fee         per pallet and month, no minimum; the maker stores if that pays
    public      = what fees lack of (rent of the floor of Q pallets + handling · pallets stored)

A maker builds stock only as far as its floor has room (reason `space`). With storage on offer it
keeps the rest outside if the sales that this stock makes possible leave more than the fee, and when
its lease is looked at it may take a smaller floor and store what does not fit. A full warehouse
turns away who comes last: reason `space` stays for what does not fit. With the default handling fee
and rent of the used part balance, so the public bears the rent of what stands empty, (1 - use) ·
rent, and keeps nothing.

Source: model specification §7.6, §7.11, §8; fee F:pallet_storage, 12 USD (6-30); handling is what
that fee leaves above the rent of a pallet's 14 sq ft; the size is an assumption: room for about
4 % of the pallets that makers hold. Rules: `millworks.programmes.storage` and `leases`.
Left out: retailers, whose space the model does not limit (their rent is in row RRE of the recipe);
automation; several warehouses and the way to them; the time to open one, which is rented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State
from millworks.world.sums import add_all

MONTHS_OF_WEEK = 12.0 / 52.0
"""52 weeks make 12 months."""


class FlexibleWarehousingSettings(PolicySettings):
    """Settings of storage by the pallet."""

    pallets: float | None = text(
        None, "a number above 0 and at most 1e+07, or null",
        "pallets that it holds, in the whole place; null: by makers' output", gt=0, le=1e7,
    )  # fmt: skip
    pallets_per_million: float = number(
        2.0, 0, 100, "pallets per million USD of makers' yearly output, if there is no number"
    )
    fee: float = number(12.0, 0, 100, "USD per pallet and month", open_low=True)
    handling: float = number(1.85, 0, 50, "USD per stored pallet and month, pay for handling it")


class FlexibleWarehousing(Policy):
    """Storage by the pallet, with an operator whose empty space the public pays for."""

    name: ClassVar[str] = "flexible_warehousing"
    order: ClassVar[int] = 3
    group: ClassVar[str] = "logistics"
    title: ClassVar[str] = "Flexible warehousing: storage by the pallet, month by month"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[FlexibleWarehousingSettings]] = FlexibleWarehousingSettings
    settings: FlexibleWarehousingSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """All makers, unless sizes or sectors are chosen."""
        return {"M": self.targeted(state, "M")}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Open the warehouse."""
        rows, terms = eligible["M"], self.settings
        if strength <= 0.0 or not rows.any():
            return
        pallets = place_size(state, terms.pallets, terms.pallets_per_million)
        offers.population("O").pallets[offers.operator] = strength * pallets
        offers.population("O").handling[offers.operator] = terms.handling * MONTHS_OF_WEEK
        fee = terms.fee * MONTHS_OF_WEEK
        offers.population("M").storage_fee[:] = np.where(rows, fee, 0.0)


def place_size(state: State, total: float | None, per_million: float) -> float:
    """Size of a facility in the part of the place that is simulated, in its unit.

    `total` in the whole place; without it `per_million` USD of makers' yearly output at the start.
    """
    if total is not None:
        return total * state.scale
    output = 52.0 * add_all(np.ascontiguousarray(state.population("M").base_output))
    return per_million * output / 1e6
