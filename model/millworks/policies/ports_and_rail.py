"""Ports and rail: terminals that take single pallets, cheaper and faster transport, and imports.

    rail            rates · (1 - rates · strength), and by the pallet to a share `reach` of places
    weeks under way · (1 - lead · strength)
    their spread    · (1 - lead_sd · strength)              safety stocks of shops and makers
    price of imports· (1 - imports · strength)              for every buyer in the district
    built           = capital · strength                USD, half by the programme, half by outside

A shipment that goes at least 500 miles may go by rail by the pallet: by shared truck to a terminal
`terminal` miles away, by rail, and by shared truck from the far one; the shipper takes the cheapest
way. With more strength more places can be reached, up to all of them: then that part is saturated.
Goods are at hand a week after they leave at the soonest, and in the default world they always are:
there the shorter lead changes nothing until something makes it longer (a freight spike), while
smaller spread lets buyers hold less. The same terminals bring imports in, so the effect on makers
may have either sign. They are the district's, not the nation's: in markets outside, imports cost
what they did (a fall for all is the shock `import_competition`).

The terminals are built once, stand for `life` years, and cost the public an annuity (3 % real).
When the policy ends, what it offered ends.

Source: model specification §7.10, §8 (rates -10 %, 5 to 25; lead -15 %; spread -30 %; imports -1 to
-3 %; USD 25 million, 5 to 50; 30 years; half G, half X). All are assumptions; the haul to a
terminal is too. Left out: congestion elsewhere, exports (customers abroad are not told from others
outside), the time that rail takes more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from millworks.policies.base import Flags, PaidSettings, Policy
from millworks.settings import number
from millworks.world.measures import Offers, State

LEAST = 0.25
"""Part of any price or time below which no terminal brings it."""


class PortsAndRailSettings(PaidSettings):
    """What the terminals do at intensity 1, and what they cost."""

    rates: float = number(0.10, 0.0, 0.5, "part by which rail and ocean freight fall")
    reach: float = number(1.0, 0.0, 1.0, "part of destinations that take rail by the pallet")
    terminal: float = number(75.0, 0.0, 300.0, "miles between a terminal and its users")
    lead: float = number(0.15, 0.0, 0.6, "part by which time under way falls")
    lead_sd: float = number(0.30, 0.0, 0.9, "part by which its standard deviation falls")
    imports: float = number(0.02, 0.0, 0.1, "part by which the price of imports falls")
    capital: float = number(25e6, 0.0, 1e9, "USD of capital for the whole place")
    life: float = number(30.0, 1.0, 100.0, "years that it stands")
    granted: float = number(0.5, 0.0, 1.0, "part of it that the outside pays for")


class PortsAndRail(Policy):
    """Public terminals for small shipments."""

    name: ClassVar[str] = "ports_and_rail"
    order: ClassVar[int] = 4
    group: ClassVar[str] = "logistics"
    title: ClassVar[str] = "Ports and rail: terminals for small shipments, for imports too"
    has_overhead: ClassVar[bool] = False
    Settings: ClassVar[type[PortsAndRailSettings]] = PortsAndRailSettings
    settings: PortsAndRailSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Terminals are open to everybody: nobody is chosen."""
        return {}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer the terms of transport, and say what is to be built."""
        if strength <= 0.0:
            return
        given, row = self.settings, offers.operator
        offers.population("X").rail_rate[:] *= _fallen(given.rates * strength)
        offers.population("X").ocean_rate[:] *= _fallen(given.rates * strength)
        offers.population("X").rail_reach[:] = min(1.0, given.reach * strength)
        offers.population("X").rail_terminal[:] = given.terminal
        offers.population("X").lead_part[:] *= _fallen(given.lead * strength)
        offers.population("X").lead_sd_part[:] *= _fallen(given.lead_sd * strength)
        offers.population("X").import_price[:] *= _fallen(given.imports * strength)
        offers.population("O").facility[row] = given.capital * strength * state.scale
        offers.population("O").facility_life[row] = given.life
        offers.population("O").facility_granted[row] = given.granted


def _fallen(part: float) -> float:
    """What is left of a price or a time that falls by a part."""
    return max(LEAST, 1.0 - part)
