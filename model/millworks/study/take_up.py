"""Who takes up what each policy offers: one function per policy, read off the world after a week.

Being eligible is not taking up, and neither is being offered something: treated is who uses it. The
two are told apart only in the arm in which the policy is in force, so a firm's own counterfactual
is what the same firm does in the baseline on the same draws.

    hub                     has a place at a hub
    small_batch_shipping    is a member of the pool
    flexible_warehousing    stores pallets at the warehouse
    ports_and_rail          ships while the terminals are open: they serve all who ship
    partner_equity          has sold a stake
    multi_year_commitments  has a contract in force
    shared_containers       shares containers
    technology_transfer     has been advised
    inventory_finance       owes programme credit
    shared_facility_costs   pools its overheads
    flexible_real_estate    rents floor by the quarter
    modernization_support   is paid a grant

Source: model specification §8, §10.5. A policy without a function of its own treats whoever is
eligible while it is in force. Left out: households, who are treated by a rebate and no firms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.world.measures import State

if TYPE_CHECKING:
    from millworks.world.columns import Population
    from millworks.world.measures import PolicyLike
    from millworks.world.world import World

Flags = npt.NDArray[np.bool_]
TakeUp = Callable[["World", "PolicyLike"], dict[str, Flags]]

FOLLOWED = "MPR"
"""Holders of which every firm is followed: makers, partners, independent retailers."""


def _of_makers(read: Callable[[Population], Flags]) -> TakeUp:
    return lambda world, policy: {"M": np.asarray(read(world.population("M")), dtype=np.bool_)}


def _under_contract(world: World, policy: PolicyLike) -> dict[str, Flags]:
    """Makers that a customer has bound itself to buy from."""
    trade = world.trade
    makers, book = trade.spans["M"], trade.contracts
    sellers = trade.seller[book.links[book.committed > 0.0]]
    sellers = sellers[(sellers >= makers.start) & (sellers < makers.stop)]
    found = np.zeros(makers.stop - makers.start, dtype=np.bool_)
    found[sellers - makers.start] = True
    return {"M": found}


def _owing_programme_credit(world: World, policy: PolicyLike) -> dict[str, Flags]:
    return {letter: world.population(letter).programme_credit > 0.0 for letter in "MR"}


def _shipping(world: World, policy: PolicyLike) -> dict[str, Flags]:
    """Makers and partners that ship; in a week without terminals nobody uses them."""
    if policy.strength(_weeks_in(world)) <= 0.0:
        return {}
    return {letter: world.population(letter).shipped > 0.0 for letter in "MP"}


def _weeks_in(world: World) -> int:
    """Weeks since the policies in force began to count theirs, 0 in the first."""
    return world.week - world.measures.start


TAKE_UP: dict[str, TakeUp] = {
    "hub": _of_makers(lambda makers: makers.hub_member >= 0),
    "small_batch_shipping": _of_makers(lambda makers: makers.pool_member),
    "flexible_warehousing": _of_makers(lambda makers: makers.pallets_stored > 0.0),
    "ports_and_rail": _shipping,
    "partner_equity": _of_makers(lambda makers: makers.stake > 0.0),
    "multi_year_commitments": _under_contract,
    "shared_containers": _of_makers(lambda makers: makers.container_member),
    "technology_transfer": _of_makers(lambda makers: makers.engagements > 0),
    "inventory_finance": _owing_programme_credit,
    "shared_facility_costs": _of_makers(lambda makers: makers.overhead_member),
    "flexible_real_estate": _of_makers(lambda makers: makers.flexible_rate > 0.0),
    "modernization_support": _of_makers(lambda makers: makers.grant > 0.0),
}
"""Policy -> who takes it up: flags per row by holder letter."""


def taking_up(world: World, policy: PolicyLike) -> Mapping[str, Flags]:
    """Return who uses a policy in the week that has ended: flags per row by holder letter.

    Only letters of `FOLLOWED`; none stands for nobody.
    """
    if policy.name in TAKE_UP:
        return TAKE_UP[policy.name](world, policy)
    if policy.strength(_weeks_in(world)) <= 0.0:
        return {}
    eligible = policy.eligible(State(world, world.measures.start))
    return {letter: flags for letter, flags in eligible.items() if letter in FOLLOWED}
