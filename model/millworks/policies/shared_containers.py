"""Shared containers: makers who import too little for a container of their own may share one.

Eligible is a maker whose imported inputs of `gathered` weeks fill at least `least` cubic metres
and no container. A non-profit at the port merges members' shipments of a week:

    match   = 1 - 2^(-(n - own)/m_half)         n members' shipments a week at the port
    saved   = match (LCL price of its own - its part of the merged shipment)      paid less abroad
    handling= match · USD a pallet                                                to the operator
    public  = running USD a year, whether anybody joins or not

Joining is the maker's choice (`programmes.container_pool`). What it saves lowers the price of
imports delivered to it, so by the share rule it buys more abroad and less from makers here: the
sign for the district is an outcome. Containers are full long before all have joined: then more
members save nothing more. Strength is the number of places over that of eligible makers, at most
one each.

Source: model specification §7.10, §8 (USD 200,000 a year for a port region; m_half 4; handling 12);
LCL 140 USD a cubic metre against 2,168 a container (`data/price_list.csv`). A shipment in four
weeks is an assumption. Left out: exporters, for sales abroad are not told from other sales
outside; insurance; wholesalers, through whom small makers import without a shipment of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.economy.freight import price_list
from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number
from millworks.world.measures import Offers, State
from millworks.world.sums import add_up


class SharedContainersSettings(PolicySettings):
    """How containers are shared."""

    match_half: float = number(
        4.0, 0.5, 100.0, "other shipments in a week at which half share a container"
    )
    handling: float = number(12.0, 0.0, 500.0, "USD a pallet that members pay")
    gathered: int = number(4, 1, 26, "weeks of imports in a shipment")
    least: float = number(1.0, 0.0, 60.0, "cubic metres in a shipment of an eligible importer")
    running: float = number(200e3, 0.0, 1e8, "USD a year to run it, for the whole place")


class SharedContainers(Policy):
    """A pool of small importers."""

    name: ClassVar[str] = "shared_containers"
    order: ClassVar[int] = 7
    group: ClassVar[str] = "logistics"
    title: ClassVar[str] = "Shared containers: makers who import little share containers"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[SharedContainersSettings]] = SharedContainersSettings
    settings: SharedContainersSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers whose imported inputs make a shipment, but fill no container."""
        makers, trade, tariff = state.population("M"), state.trade, price_list()
        pounds = trade.group_abroad_base * state.pounds_per_unit[trade.group_sector]
        per_unit = add_up(np.asarray(trade.group_buyer), pounds, len(trade.us_price))
        weekly = per_unit[trade.spans["M"]] * makers.usage_forecast
        volume = self.settings.gathered * weekly / tariff.pounds_per_cubic_metre
        shipment = (volume >= self.settings.least) & (volume < tariff.container_cubic_metres)
        return {"M": self.targeted(state, "M") & shipment}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Open the pool, and say what it takes to run."""
        rows = eligible["M"]
        if strength <= 0.0 or not rows.any():
            return
        given, row = self.settings, offers.operator
        offers.population("M").container_half[:] = np.where(rows, given.match_half, 0.0)
        offers.population("M").container_price[:] = np.where(rows, given.handling, 0.0)
        offers.population("M").container_weeks[:] = np.where(rows, float(given.gathered), 0.0)
        offers.population("O").places[row] = round(min(1.0, strength) * np.count_nonzero(rows))
        offers.population("O").running[row] = (
            given.running * min(1.0, strength) * state.scale / 52.0
        )
