"""Partner equity: a large customer puts equity into its supplier's project.

Eligible is a maker that has sold `least_sales` USD in 52 weeks, delivers more than `least_fill` of
what is ordered in time, and has supplied a partner, or a large customer outside, for `least_weeks`.
The partner that buys most from it is the buyer; without one, the large customer. Who holds a stake
already stays the buyer.

    offered   = share · cost of a project                        USD, at the maker's quarterly test
    together  ≤ strength · budget, or strength · sales_share · sales of all makers     USD a year
    public    = first_loss · stakes written off, and the running of the programme; first_loss is
                15 % (10 to 20), or 0 for equity without the public

Who is tested first is served first, and nobody beyond the yearly sum: then the policy is saturated.
The owner takes equity only where own money does not suffice, and if he gains (`agents.stakes`). The
buyer pays `deal_cost` of each stake for services here. When the policy ends, stakes stay, earn
dividends and are covered. Money is moved in `millworks.programmes.stakes`.

A stake is also a link through which the maker learns from the partner that holds it
(`agents.technology`), for as long as it is held; a customer outside teaches nothing. Most partners
that buy a stake are supplied by the maker already, which is such a link by itself: there the stake
adds one only once they buy elsewhere.

Source: model specification §7.13, §7.17, §8; all sizes are assumptions. Left out: rights of
control, several holders of stakes in one maker, a price of equity above or below book, a first loss
with a ceiling or a fee.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.settings import number, text
from millworks.world.measures import Offers, State
from millworks.world.sums import add_all

Ints = npt.NDArray[np.int64]

NOBODY = -2
OUTSIDE = -1
"""In place of a partner's row: there is no buyer; a customer outside is the buyer."""


class PartnerEquitySettings(PolicySettings):
    """Settings of partner equity."""

    budget: float | None = text(
        None, "a number above 0 and at most 1e+10, or null",
        "USD a year that buyers put in, in the whole place; null: a share of what makers sell",
        gt=0, le=1e10,
    )  # fmt: skip
    sales_share: float = number(
        0.001, 0, 0.1, "what buyers put in a year over what makers sell, if there is no budget"
    )
    share: float = number(0.5, 0, 0.9, "part of a project's cost that is offered as equity")
    first_loss: float = number(0.15, 0, 1, "part of lost stakes that the programme bears")
    deal_cost: float = number(0.05, 0, 0.5, "what a deal costs the buyer, over the stake")
    least_sales: float = number(0.8e6, 0, 1e9, "USD a year that an eligible maker sells")
    least_weeks: int = number(26, 0, 520, "weeks that it has supplied the buyer")
    least_fill: float = number(0.9, 0, 1, "part of orders that it delivers in time")


class PartnerEquity(Policy):
    """Equity offered by a maker's largest buyer, with a first loss borne by the programme."""

    name: ClassVar[str] = "partner_equity"
    order: ClassVar[int] = 5
    group: ClassVar[str] = "finance"
    title: ClassVar[str] = "Partner equity: a large customer puts equity into a maker's project"
    Settings: ClassVar[type[PartnerEquitySettings]] = PartnerEquitySettings
    settings: PartnerEquitySettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Makers that are large enough, reliable, and have a buyer of some standing."""
        makers, chosen = state.population("M"), self.targeted(state, "M")
        chosen &= makers.annual_sales >= self.settings.least_sales
        chosen &= makers.fill > self.settings.least_fill
        chosen &= self._buyers(state) != NOBODY
        return {"M": chosen}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer part of a project's cost, and cover the stakes that there are."""
        terms, makers = self.settings, state.population("M")
        if terms.intensity > 0.0:
            covered = np.where(makers.stake > 0.0, terms.first_loss, 0.0)
            offers.population("M").first_loss[:] = covered
        rows = eligible["M"]
        if strength <= 0.0 or not rows.any():
            return
        if terms.budget is not None:
            yearly = terms.budget * state.scale
        else:
            yearly = terms.sales_share * add_all(np.ascontiguousarray(makers.annual_sales))
        offers.population("G").equity_budget[:] = strength * yearly
        offers.population("M").equity_share[:] = np.where(rows, terms.share, 0.0)
        offers.population("M").equity_buyer[:] = np.where(rows, self._buyers(state), OUTSIDE)
        offers.population("M").equity_deal_cost[:] = np.where(rows, terms.deal_cost, 0.0)

    def _buyers(self, state: State) -> Ints:
        """Who would put equity into each maker: a partner's row, OUTSIDE or NOBODY."""
        makers, trade = state.population("M"), state.trade
        buyers = np.full(len(makers.stake), NOBODY, np.int64)
        lasting = (makers.born == 0) | (state.week - makers.born >= self.settings.least_weeks)
        outside = trade.outside_customers[trade.large[trade.outside_customers]]
        supplier = trade.seller[outside]
        supplier = supplier[supplier < len(buyers)]
        buyers[supplier[lasting[supplier]]] = OUTSIDE
        links, bought = self._links_to_partners(state)
        # The largest comes last and stays; of equals the one with the highest number.
        links = links[np.argsort(bought, kind="stable")]
        links = links[lasting[trade.seller[links]]]
        buyers[trade.seller[links]] = trade.buyer[links] - trade.spans["P"].start
        return np.where(makers.stake > 0.0, makers.stake_holder, buyers)

    def _links_to_partners(self, state: State) -> tuple[Ints, Any]:
        """Open links of makers to partners that are old enough; units a week on each."""
        trade, partners = state.trade, state.population("P")
        span = trade.spans["P"]
        links = np.arange(trade.buyer_start[span.start], trade.buyer_start[span.stop])
        made_here = trade.seller[links] < trade.spans["M"].stop
        opened = trade.opened[links]
        old = (opened < 0) | (state.week - opened >= self.settings.least_weeks)
        links = links[made_here & old & (trade.share_base[links] > 0.0)]
        uses = partners.usage_forecast[trade.buyer[links] - span.start]
        return links, trade.share[links] * uses
