"""Inventory finance: lenders advance more on stocks, and the programme bears their first losses.

An independent maker or retailer can borrow against its inputs, finished goods and the orders under
its contracts up to

    advance = adv_IN + intensity · (0.75 - adv_IN), at most 0.90                share of cost

instead of adv_IN, at 11 % a year on what goes beyond the private limit. The lender is the firm's
bank, which lends its own money and scores the firm as ever; the owner uses the cheaper part first
and decides by himself whether to build stock. The programme bears losses on this credit up to a
tenth of what is out. Beyond an advance of 0.90 the policy is saturated: lenders know that stocks
are worth less when they must be sold.

Rules: `agents/programme_credit.py`, `programmes/guarantees.py`. Source: model specification §8;
the advance, the rate (8 to 18 %) and the first loss are assumptions with a range. Left out: fraud,
audits of stocks, fees, other lenders than the firm's bank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number
from millworks.world.measures import Offers, State

MOST = 0.90
"""Largest advance on stocks that any lender makes."""


class InventoryFinanceSettings(PolicySettings):
    """What the programme lets lenders offer."""

    advance: float = number(0.75, 0.4, MOST, "advance on stocks at intensity 1, share of cost")
    rate: float = number(0.11, 0.0, 0.35, "interest on programme credit, 1/year")
    first_loss: float = number(
        0.10, 0.0, 1.0, "part of the programme credit outstanding whose loss the programme bears"
    )


class InventoryFinance(Policy):
    """Larger advances on stocks, with first losses borne by the programme."""

    name: ClassVar[str] = "inventory_finance"
    order: ClassVar[int] = 50
    group: ClassVar[str] = "finance"
    title: ClassVar[str] = "Inventory finance: lenders advance more on stocks"
    Settings: ClassVar[type[InventoryFinanceSettings]] = InventoryFinanceSettings
    settings: InventoryFinanceSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers and independent retailers that trade."""
        return {letter: self.targeted(state, letter) for letter in "MR"}

    def advance(self, private: float, strength: float) -> float:
        """Advance on stocks at a strength, share of cost; `private` is what lenders do alone."""
        return min(MOST, private + strength * (self.settings.advance - private))

    def saturated(self, private: float, strength: float) -> bool:
        """Whether more strength would change nothing, because the advance is at its bound."""
        return private + strength * (self.settings.advance - private) >= MOST

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer the advance and its rate; the losses on what was lent are borne to the end."""
        began = state.weeks_in >= self.settings.start and self.settings.intensity > 0.0
        if began:
            offers.population("B").first_loss[:] = self.settings.first_loss
        if strength <= 0.0:
            return
        advance = self.advance(state.parameters["adv_IN"], strength)
        for letter, rows in eligible.items():
            rate = np.where(rows, self.settings.rate, 0.0)
            offers.population(letter).stock_advance[:] = np.where(rows, advance, 0.0)
            offers.population(letter).stock_credit_rate[:] = rate
