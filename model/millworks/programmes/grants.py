"""Grants for makers' projects: what may still be granted this week, and what is paid.

    fund   ← min(budget, fund + budget / 52)      what is left of the year's money may be kept
    grant    G>M, on the day the project is ordered; who finds too little in the fund waits

Without a budget there is no bound. A grant is income of the maker and taxed with its profit. Part
of it is a windfall: it goes to projects that the owner would have carried out that day without it.

Source: model specification §8 (`modernization_support`); rules: `millworks.agents.grant`. Left out:
grants that are paid back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.programmes.outlays import spend
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

POLICY = "modernization_support"
NO_BOUND = 1e15
"""USD in a fund that has no budget."""


def open_fund(world: World) -> Floats:
    """What may be granted this week, USD [1]: a week's money joins what is left."""
    makers, government = world.population("M"), world.population("G")
    if not makers.grant_share.any():
        return np.zeros(1)
    budget = float(government.grant_budget[0])
    if budget <= 0.0:
        return np.full(1, NO_BOUND)
    government.grant_fund[:] = np.minimum(budget, government.grant_fund + budget / 52.0)
    return np.array(government.grant_fund)


def pay(world: World, rows: Ints, grant: Floats, windfall: Floats) -> None:
    """Pay `grant` USD to the makers `rows`, of which `windfall` buys what it did not have to."""
    makers, government = world.population("M"), world.population("G")
    makers.grant[:] = makers.grant_windfall[:] = 0.0
    if not grant.any():
        return
    makers.grant[rows] = grant
    makers.grant_windfall[rows] = windfall
    total = add_all(makers.grant)
    if government.grant_budget[0] > 0.0:
        government.grant_fund[:] -= total
    world.ledger.book("programme grant G>M")
    spend(world, POLICY, total)
