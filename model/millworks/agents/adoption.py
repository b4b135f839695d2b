"""Makers' technology in the running week: opportunities come, what is bought is paid and booked.

Once a quarter, on the day of its test, a maker meets an opportunity with probability

    1 - exp(-h / 4),    h = h_adopt, times `adoption_linked` if one it learns from has adopted

or has one at hand while a programme advises it. What is not taken up that day lapses, but advice
lasts. A maker learns from partners it supplies, from a partner that holds a stake in it, and from
its circle; partners have adopted. What a technology costs grows with the people whom the maker's
usual volume takes (`adoption_price`). It is paid for on the day: a part `adoption_local` to
consultants here, the rest for equipment outside. Both stand in the books at cost and wear like
capital; they are not replaced, carry no capacity, and are worth nothing to anybody else.

Source: model specification §7.17; rules: `millworks.agents.technology`. Left out: services on a
technology after it was bought.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.agents.firm import ACTIVE
from millworks.agents.technology import NO_CIRCLE, AdoptionRules, fill_sizes, see_others
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TESTS_A_YEAR = 4.0


def adoption_rules(world: World) -> AdoptionRules:
    """What adopting a technology costs a maker of the mean size and brings this week."""
    rates = world.parameters
    return AdoptionRules(
        cost=rates.adoption_cost,
        productivity=(1.0 - rates.q_share) * rates.theta_own,
        quality=rates.q_share * rates.theta_own,
        years=rates.adoption_years,
        fading=rates.dep_A,
        elasticity=rates.eps,
    )


def size_factor(world: World, rows: Ints, scale: float) -> Floats:
    """What makers `rows` pay for something over what one of the national mean size pays.

    Size is the people whom the volume takes that a technology would act on (`owners.gain_at`), at
    the start's output per hour, so that no technology makes the next one cheap. It is raised to the
    power `scale`.
    """
    makers, rates, factor = world.population("M"), world.parameters, np.ones(len(rows))
    per_unit = world.technology.jobs[makers.sector[rows]] * makers.jobs_factor[rows]
    made = np.minimum(makers.demand_forecast[rows], makers.capacity[rows])
    fill_sizes(52.0 * made * per_unit, rates.adoption_size, scale, factor)
    return factor


def adoption_price(world: World, rows: Ints) -> Floats:
    """What adopting a technology costs each of the makers `rows`, USD."""
    rates = world.parameters
    return rates.adoption_cost * size_factor(world, rows, rates.adoption_scale)


def opportunities(world: World, rows: Ints) -> Flags:
    """Which of the makers `rows`, tested this week, have a technology to adopt."""
    makers, rates = world.population("M"), world.parameters
    advised = makers.engaged_until[rows] > world.week
    luck = world.streams.uniform(
        "adoption_opportunity",
        makers.identity[rows],
        week=world.week,
        generation=makers.generation[rows],
    )
    often, alone = (
        -math.expm1(-rates.h_adopt * times / TESTS_A_YEAR) for times in (rates.adoption_linked, 1.0)
    )
    met = luck < np.where(makers.adopted_nearby[rows], often, alone)
    return np.asarray((met | advised) & (makers.technology_left[rows] <= 0.0))


def adopt(world: World, rows: Ints, cost: Floats) -> None:
    """Makers `rows` pay `cost` USD for a technology, whose gain comes in from now on; all wear."""
    makers, rates, book = world.population("M"), world.parameters, world.ledger.book
    makers.technology_worn[:] = -rates.dep / 52.0 * makers.technology
    local = rates.adoption_local * cost
    makers.technology_local[:] = makers.technology_outside[:] = 0.0
    makers.technology_local[rows] = local
    makers.technology_outside[rows] = cost - local
    adopts = rows[cost > 0.0]
    makers.technology_left[adopts] = rates.theta_own
    makers.adoptions[adopts] += 1
    book("technology worn M")
    book("technology bought M>S")
    book("technology bought M>X")


def best_seen(world: World, frontier: float) -> Floats:
    """Best ln A that each maker can learn from; notes who learns from one that has adopted.

    `frontier` is that of partners, log points over the start's.
    """
    makers, trade = world.population("M"), world.trade
    circle, circles = np.full(makers.size, NO_CIRCLE), 0
    if (makers.knowledge_group > NO_CIRCLE).any():
        names, circle = np.unique(makers.knowledge_group, return_inverse=True)
        circles = names.size
        circle = np.where(makers.knowledge_group > NO_CIRCLE, circle, NO_CIRCLE)
    best = np.zeros(makers.size)
    see_others(
        trade.buyer,
        trade.seller,
        trade.share,
        trade.spans["M"].start,
        trade.spans["P"].start,
        trade.spans["P"].stop,
        makers.status == ACTIVE,
        makers.adoptions > 0,
        (makers.stake > 0.0) & (makers.stake_holder >= 0),
        circle,
        circles,
        frontier,
        makers.productivity,
        best,
        makers.adopted_nearby,
    )
    return best
