"""Stage 7, accept: sellers grant a part of what is asked, buyers collect what was granted.

    accepted = exp(-(ℓ - ℓ_0)⁺ / τ),   ℓ = backlog / capacity   (weeks of work)

so that demand above capacity settles at ℓ = ℓ_0 + τ ln(D/K). ℓ_0 lead time nobody minds, τ
patience, both in weeks. Blocks and the outside grant everything.

Source: model specification §7.5. Left out so far: spot orders, contracts, and where refused orders
go; with ℓ_0 without bound every order is accepted.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from millworks.world.kernels import compiled
from millworks.world.trade import collect_grants
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def accepted_part(weeks_of_work: float, patience_from: float, patience: float) -> float:
    """Part of orders that a maker with so many weeks of work in hand still gets, 0 to 1."""
    excess = weeks_of_work - patience_from
    if excess <= 0.0:
        return 1.0
    return math.exp(-excess / patience)


@compiled
def grant(
    orders: Floats,
    backlog: Floats,
    capacity: Floats,
    accepted: Floats,
    patience_from: float,
    patience: float,
) -> None:
    """Each producer decides what part of this week's orders joins its backlog."""
    for firm in range(backlog.shape[0]):
        weeks = 0.0
        if backlog[firm] > 0.0:
            weeks = backlog[firm] / capacity[firm]
        accepted[firm] = accepted_part(weeks, patience_from, patience)
        backlog[firm] += accepted[firm] * orders[firm]


def accept(world: World) -> None:
    """Producers grant, buyers collect; blocks serve the margins that shops ask for."""
    trade, rates = world.trade, world.parameters
    orders = trade.by_holder(trade.of_seller(trade.request))
    granted = np.ones(trade.agents)
    by_holder = trade.by_holder(granted)
    for letter in "MP":
        firms = world.population(letter)
        firms.orders[:] = orders[letter]
        grant(firms.orders, firms.backlog, firms.capacity, firms.accepted, rates.ell0, rates.tau_l)
        by_holder[letter][:] = firms.accepted
    collect_grants(trade.request, granted, trade.seller, trade.backlog)
    world.population("S").margin_orders[:] = orders["S"]
