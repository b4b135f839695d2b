"""Stage 11, overhead: capital wears, and what wears is replaced.

    wear = dep K / 52,   replacement = min(cash, K_0 - K + wear)          USD a week

K is the book value of plant and equipment, K_0 what is to be kept up. Replacement is bought outside
and paid at once from cleared deposits; what cash does not reach is made good later.

Source: model specification §7.13 (dep). Left out so far: rent, storage, fees, and local suppliers
of capital goods.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.kernels import compiled
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def wear_and_replace(
    capital: Floats,
    kept_up: Floats,
    cash: Floats,
    wear_rate: float,
    worn: Floats,
    replaced: Floats,
) -> None:
    """Each producer's capital wears; it replaces what is missing as far as its cash reaches."""
    for firm in range(capital.shape[0]):
        wear = wear_rate * capital[firm] / 52.0
        missing = kept_up[firm] - (capital[firm] - wear)
        worn[firm] = -wear
        replaced[firm] = max(0.0, min(missing, cash[firm]))


def overhead(world: World) -> None:
    """Book wear and its replacement."""
    for letter in "MP":
        firms = world.population(letter)
        wear_and_replace(
            firms.fixed_capital,
            firms.base_capital,
            firms.cleared,
            world.parameters.dep,
            firms.capital_worn,
            firms.capital_replaced,
        )
        world.ledger.book(f"capital worn {letter}")
        world.ledger.book(f"capital replaced {letter}>X")
