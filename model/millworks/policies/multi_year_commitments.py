"""Multi-year commitments: large buyers bind themselves to part of what they bought last year.

Offered to makers with a partner or a large outside customer, for each such link: a contract over
`share` (times the size of the policy) of the units that the maker delivered in the last year, for
`years` years. It acts through four things only:

    1  on the committed volume the customer's orders neither wander nor come in lumps, and do not
       fall in a recession; a partner that orders less in all pays half the value of the shortfall
    2  with `net30`, invoices of such a customer fall due after 4 weeks instead of its usual 8
    3  a maker takes committed orders first, and makes them where its stock does not reach
    4  they are orders a lender may advance on, where a programme makes it do so

Whether to sign is for the maker and the customer (`millworks.agents.commitment`); no buyer favours
a maker for it and no owner asks less of a project. The programme pays customers a `fee`, a share of
the value bought in a year, while it lasts. Contracts outlast the programme; none is renewed then.

Source: model specification §7.17, §8; part, years and penalty are assumptions, the fee of 1 % a
year too (0 to 3). Deviations: the price follows the seller's instead of standing still, as with
yearly indexing; customers pay no advance. Left out: renegotiation, advances of customers (0-30 %),
partners that build plant for what they must buy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State

NET_30 = 4
"""Weeks after which an invoice net 30 days falls due."""
LARGEST_PART = 0.9
"""Part of last year's volume beyond which no customer binds itself. Assumption."""


class CommitmentSettings(PolicySettings):
    """Settings of contracts over years."""

    share: float = number(0.6, 0, 0.9, "part of last year's volume that is put under contract")
    years: int = number(3, 1, 10, "years that a contract lasts")
    net30: bool = text(True, "true or false", "whether committed customers pay after 30 days")
    fee: float = number(0.01, 0, 0.03, "fee to the buyer, a share of the value bought in a year")


class MultiYearCommitments(Policy):
    """Contracts with partners and large customers."""

    name: ClassVar[str] = "multi_year_commitments"
    order: ClassVar[int] = 6
    group: ClassVar[str] = "finance"
    title: ClassVar[str] = "Multi-year commitments: large buyers bind themselves to a volume"
    Settings: ClassVar[type[CommitmentSettings]] = CommitmentSettings
    settings: CommitmentSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers that a partner buys from, or a large customer outside."""
        trade, makers, partners = state.trade, state.trade.spans["M"], state.trade.spans["P"]
        buyer, seller = trade.buyer, trade.seller
        buys = (buyer >= partners.start) & (buyer < partners.stop) & (trade.share > 0.0)
        sellers = seller[buys | trade.large]
        sellers = sellers[(sellers >= makers.start) & (sellers < makers.stop)]
        served = np.zeros(makers.stop - makers.start, dtype=np.bool_)
        served[sellers - makers.start] = True
        return {"M": self.targeted(state, "M") & served}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer the contract."""
        part = min(LARGEST_PART, self.settings.share * strength)
        if part <= 0.0:
            return
        rows = eligible["M"]
        terms = NET_30 if self.settings.net30 else 0
        offers.population("M").commitment_offered[rows] = part
        offers.population("M").commitment_weeks[rows] = 52 * self.settings.years
        offers.population("M").commitment_terms[rows] = terms
        # The fee of contracts signed before is owed whoever is offered one now.
        offers.population("M").commitment_fee[:] = self.settings.fee
