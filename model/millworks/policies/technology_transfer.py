"""Technology transfer: advisers bring makers opportunities to adopt a technology.

So many engagements a year are offered, at an even rate, to eligible makers in the order of a queue
(`millworks.programmes.engagements`). A maker that is advised has an opportunity at each quarterly
test for a year. Whether it adopts is its owner's choice: adopting must pay at the owner's hurdle
and its price must be found like that of any project (`millworks.agents.technology`).

    offered = strength · engagements                                          a year, whole place
    cost    = engagement_cost (employees / national mean)^engagement_scale        of an engagement:
              a part `client_share` by the maker, `federal_share` by federal and state government,
              the rest by the programme; running it

Engagements are counted as those of a maker of the national mean size, 21 employees: a larger one
takes more of what is offered. Without a number, the common budget (`policies.budgets`) buys as many
as it pays at all but the maker's part. Makers that have been advised are one circle while the
programme lasts: they learn from each other, unless they belong to the circle of a hub already. More
engagements than makers that would take one are not used: then the policy is saturated.

Source: model specification §7.17, §8: $12,000 (5,000 to 30,000) an engagement, a third each. That
advice grows with the square root of size is an assumption: an assessment is made once however many
machines follow, and the range is then that of makers with 4 and with 130 employees. Left out:
workers who move, advice on anything but technology, links to partners that advisers open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from millworks.policies.base import Flags, Policy, PolicySettings
from millworks.policies.budgets import weekly_budget
from millworks.settings import number, text
from millworks.world.measures import Offers, State

CIRCLE = 1_000_000
"""Number of the circle of those advised, beyond those of hubs."""


class TechnologyTransferSettings(PolicySettings):
    """Settings of technology transfer."""

    engagements: float | None = text(
        None, "a number above 0 and at most 100000, or null",
        "engagements a year in the whole place, of the mean size; null: what the budget buys",
        gt=0, le=1e5,
    )  # fmt: skip
    engagement_cost: float = number(
        12_000.0, 1_000, 100_000, "USD that an engagement costs with a maker of the mean size"
    )
    engagement_scale: float = number(
        0.5, 0, 1, "growth of that with the maker's size; 0: the same for all"
    )
    client_share: float = number(1.0 / 3.0, 0, 0.5, "part of it that the maker pays")
    federal_share: float = number(1.0 / 3.0, 0, 0.5, "part of it that federal government pays")


class TechnologyTransfer(Policy):
    """Engagements of advisers with makers, a queue of makers that apply."""

    name: ClassVar[str] = "technology_transfer"
    order: ClassVar[int] = 8
    group: ClassVar[str] = "technology"
    title: ClassVar[str] = "Technology transfer: advisers bring makers technologies to adopt"
    Settings: ClassVar[type[TechnologyTransferSettings]] = TechnologyTransferSettings
    settings: TechnologyTransferSettings

    def eligible(self, state: State) -> Mapping[str, Flags]:
        """Every maker that trades."""
        return {"M": self.targeted(state, "M")}

    def offer(
        self, state: State, offers: Offers, eligible: Mapping[str, Flags], strength: float
    ) -> None:
        """Offer places, and make one circle of those who were advised."""
        rows, terms = eligible["M"], self.settings
        if strength <= 0.0 or not rows.any():
            return
        if terms.engagements is not None:
            weekly = terms.engagements * state.scale / 52.0
        else:
            public = terms.engagement_cost * (1.0 - terms.client_share)
            weekly = weekly_budget(None, state) / public
        offers.population("G").engagement_rate[:] = strength * weekly
        offers.population("G").engagement_federal[:] = terms.federal_share
        offers.population("G").engagement_scale[:] = terms.engagement_scale
        offers.population("M").engagement_cost[rows] = terms.engagement_cost
        offers.population("M").engagement_client[rows] = terms.client_share
        advised = rows & (state.population("M").engagements > 0)
        in_none = offers.population("M").knowledge_group < 0
        offers.population("M").knowledge_group[advised & in_none] = CIRCLE
