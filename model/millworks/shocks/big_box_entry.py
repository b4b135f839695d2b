"""Big-box entry: large chains open in the district, sell for less, and take shoppers for good.

    p_C = max(1/4, 1 - intensity · price_cut) · base         chains' price over landed cost
    θ_C = 1 - (1 - θ_C0) (1 - intensity · share_lost · g)    g grows to 1 over `share_weeks`

θ_C is chains' base part of local shopping: at the prices of the base year independents' part would
fall by `share_lost`. What it falls by is the share rule's (elasticity ε_r), prices of both kinds
included. The cut comes out of the margin, so owners of chains, who live outside, get less or pay
in. Makers are reached through what shops order: chains buy little locally (`chain_local`) and pay
after eight weeks, and their profit leaves. Where makers sell little to local shops they hardly
notice.

Source: model specification §7.2, §7.3, §8 (-8 %, -40 % of independents' share over a year;
permanent); both sizes are assumptions. Left out: the building of stores, new shoppers from
elsewhere, chains' lower cost of goods, and wages that differ from those of independents.
"""

from __future__ import annotations

from typing import ClassVar

from millworks.settings import Timing, number
from millworks.shocks.base import Shock
from millworks.world.measures import Conditions, State

LEAST_PRICE = 0.25
"""Chains' price over the base's below which it does not fall at any intensity."""


class BigBoxEntrySettings(Timing):
    """How much cheaper chains are, and whom they would draw at the base year's prices."""

    price_cut: float = number(0.08, 0.0, 0.5, "cut of chains' prices at intensity 1, share")
    share_lost: float = number(
        0.40, 0.0, 1.0, "part of independents' sales lost at the base's prices, at intensity 1"
    )
    share_weeks: int = number(52, 1, 520, "weeks over which shoppers get used to the new stores")


class BigBoxEntry(Shock):
    """Cheaper chains, and more of them."""

    name: ClassVar[str] = "big_box_entry"
    order: ClassVar[int] = 30
    title: ClassVar[str] = "Big-box entry: chains sell for less and take shoppers for good"
    Settings: ClassVar[type[BigBoxEntrySettings]] = BigBoxEntrySettings
    settings: BigBoxEntrySettings

    def apply(self, state: State, conditions: Conditions, strength: float) -> None:
        """Cut chains' price and raise their base share of local shopping."""
        if strength <= 0.0:
            return
        given, moved = self.settings, conditions.parameters
        cut = max(LEAST_PRICE, 1.0 - given.price_cut * strength)
        moved["p_chain"] = conditions.value("p_chain") * cut
        grown = min(1.0, (state.weeks_in - given.start + 1) / given.share_weeks)
        kept = max(0.0, 1.0 - given.share_lost * strength * grown)
        moved["chain_share"] = 1.0 - (1.0 - conditions.value("chain_share")) * kept
