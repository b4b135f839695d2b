"""What a unit contributes before freight, as sellers and members of a hub see it.

    contribution = p - goods - services - taxes - vshare · pay                      USD per unit

with services less what members of a shared facility save on them.

Source: model specification §7.5, §7.13 (part of the pay is fixed in an appraisal). Left out: prices
by customer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.world.pooled_overheads import saved_per_unit
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


def contribution_before_freight(world: World, letter: str, pay_that_varies: float) -> Floats:
    """What a unit leaves each maker (M) or partner (P) before its freight, USD.

    `pay_that_varies`: part of the pay that rises with output (vshare).
    """
    firms, recipe = world.population(letter), world.technology
    services = recipe.services_local.sum(axis=0) + recipe.services_us.sum(axis=0)
    services = (services + recipe.services_abroad)[firms.sector] * firms.input_factor
    if letter == "M":
        services = services - saved_per_unit(world)
    goods = world.goods_per_unit(letter) * world.landed_cost(letter)
    taxes = recipe.tax[firms.sector]
    pay = pay_that_varies * world.pay_after_subsidy(letter)
    return np.asarray(firms.price - goods - services - taxes - pay)
