"""Freight spike: trucks, rail and ships cost a multiple, and goods are under way for longer.

    freight of makers and partners    · (1 + (freight - 1) · strength)
    price of imports                  · (1 + ocean share · (ocean - 1) · strength)
    weeks under way                   + lead · strength, at most seven in all

The ocean share is what a full container costs over the value of what is in it, at most a tenth
(`millworks.economy.freight.ocean_share`). Makers feel freight as they pay it, rivals elsewhere in
the US at the same pace by what carriers get of a dollar of their output; both pass it on in prices.
What is paid above the list goes to carriers and fuel outside. Buyers order for the longer lead.

Source: model specification §8: freight x 2 (1.3 to 4), ocean x 3, two weeks, 104 weeks. From late
2019 to September 2021 a container rose from about 1,400 to 10,377 USD (Drewry). Left out: freight
within services and retail margins, capacity that is rationed instead of priced, orders brought
forward.
"""

from __future__ import annotations

from typing import ClassVar

from millworks.economy.freight import ocean_share
from millworks.settings import Timing, number, text
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State


class FreightSpikeSettings(Timing):
    """How dear and slow transport becomes at intensity 1, and how it recovers."""

    weeks: int | None = text(
        104, "a whole number of 1 or more, or null", "weeks at full height; null: to the end", ge=1
    )
    freight: float = number(2.0, 1.0, 4.0, "price of road and rail freight over its list")
    ocean: float = number(3.0, 1.0, 10.0, "price of ocean freight over its list")
    lead: float = number(2.0, 0.0, 5.0, "weeks by which goods are longer under way")
    half_life: float = number(0.0, 0.0, 520.0, "weeks in which half of it is over, after its weeks")


class FreightSpike(Shock):
    """Dear and slow transport for a time."""

    name: ClassVar[str] = "freight_spike"
    order: ClassVar[int] = 50
    title: ClassVar[str] = "Freight spike: transport costs a multiple and takes longer"
    Settings: ClassVar[type[FreightSpikeSettings]] = FreightSpikeSettings
    settings: FreightSpikeSettings

    def strength(self, weeks_in: int) -> float:
        """Full height for its weeks, then half of it is gone every half-life."""
        since = weeks_in - self.settings.start
        if self.settings.weeks is None or since < self.settings.weeks:
            return super().strength(weeks_in)
        if self.settings.half_life <= 0.0:
            return 0.0
        highest = super().strength(self.settings.start + self.settings.weeks - 1)
        return highest * 0.5 ** ((since - self.settings.weeks + 1) / self.settings.half_life)

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Raise what transport costs and the weeks it takes."""
        if strength <= 0.0:
            return
        given = self.settings
        conditions.population("X").freight_rate[:] *= 1.0 + (given.freight - 1.0) * strength
        dearer = (given.ocean - 1.0) * strength
        conditions.population("X").ocean_rate[:] *= 1.0 + dearer
        conditions.abroad_price *= 1.0 + ocean_share() * dearer
        conditions.population("X").lead_added[:] += given.lead * strength
