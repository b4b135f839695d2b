"""Overheads that makers pool: utilities, testing and paperwork, bought together and paid by use.

    bundle   b             services that can be pooled, USD (`millworks.world.pooled_overheads`)
    member     buys everything but b itself, and owes the operator the fee (1 - σ) b
    operator   buys (1 - σ) b of such services, in the district and outside as members did, and runs
               the facility: pay, and rent of its building unless it stands in a hub
    saved      σ b, real: so much less is used up for the same output

b is that of last week's output, at the prices of the services; σ the part saved: larger contracts,
one boiler, one laboratory that is busy. A maker joins if it saves more than the trouble is worth
and there is a place; who has one keeps it, the others are drawn by lot.

Source: model specification §8. Rows, shares and trouble are assumptions. Simplification: the
district's blocks lose the bundle in the proportions of the sector's services, and what the operator
buys here are office services. Left out: quality of the service, a membership fee.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.shared_equipment import NOBODY, hand_out_places
from millworks.programmes import operators
from millworks.programmes.shared_equipment import in_line
from millworks.world.pooled_overheads import bundle_per_unit, pooled_share
from millworks.world.sums import add_all, times_vector
from millworks.world.world import World

Floats = npt.NDArray[np.float64]

POLICY = "shared_facility_costs"
ROW, HUB_ROW = operators.row_of(POLICY), operators.row_of("hub")
BUILDING = 0.4
"""Part of the running cost that is rent of a building of its own. Assumption."""
TROUBLE = 500.0
"""USD a year that joining must save to be worth an owner's time. Assumption."""


def pool_overheads(world: World) -> None:
    """Members take the bundle out of what they buy, and the operator buys it for them."""
    makers = world.population("M")
    if not (makers.overhead_saving.any() or makers.overhead_member.any()):
        _run(world)
        return
    here, outside = bundle_per_unit(world)
    _admit(world, here + outside)
    members = np.where(makers.overhead_member, makers.last_output, 0.0)
    here, outside = here * members, outside * members
    paid = 1.0 - makers.overhead_saving
    makers.services_local[:] -= here
    makers.services_outside[:] -= outside
    operators.charge_fees(world, POLICY, paid * (here + outside))
    operators.incur(world, POLICY, services=add_all(paid * here), purchases=add_all(paid * outside))
    # What members bought outside the operator buys instead, and less of it.
    saved = world.by_sector("M", makers.input_factor * members)
    world.rest_of_us.purchases -= pooled_share() * times_vector(world.technology.services_us, saved)
    _run(world)


def _run(world: World) -> None:
    """Running the facility takes people and a building, whether anybody joins or not."""
    operator = world.population("O")
    cost = float(operator.running[ROW])
    if cost > 0.0:
        second = operator.machines[HUB_ROW] <= 0.0
        rent = BUILDING * cost if second else 0.0
        operators.incur(world, POLICY, pay=(1.0 - BUILDING) * cost, rent=rent)


def _admit(world: World, bundle: Floats) -> None:
    """Members keep their place; others join if it pays and there is one."""
    makers, operator = world.population("M"), world.population("O")
    able = (makers.overhead_saving > 0.0) & (makers.status == ACTIVE)
    stays = able & makers.overhead_member
    saves = makers.overhead_saving * bundle * makers.last_output * 52.0
    wishes = np.where(stays | (able & (saves > TROUBLE)), 0, NOBODY)
    place = np.full(makers.size, NOBODY)
    hand_out_places(
        in_line(world, stays, wishes),
        wishes,
        np.array([int(operator.places[ROW])]),
        place,
    )
    makers.overhead_member[:] = place != NOBODY
