"""What a unit contributes before freight, as sellers and members of a hub see it.

    contribution = p - goods - services - taxes - vshare · pay                      USD per unit

with services less what members of a shared facility save on them.

Source: model specification §7.5, §7.13 (part of the pay is fixed in an appraisal). Left out: prices
by customer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.pooled_overheads import saved_per_unit
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def fill_contribution(
    sector: Ints,
    price: Floats,
    input_factor: Floats,
    goods_rate: Floats,
    cost: Floats,
    services_rate: Floats,
    saved: Floats,
    tax: Floats,
    pay: Floats,
    pay_that_varies: float,
    left: Floats,
) -> None:
    """Write what a unit leaves each firm before its freight, USD.

    `goods_rate` units, `services_rate` and `tax` USD per unit by sector; `cost` USD of a unit of
    goods, `saved` on services and `pay`, USD per unit.
    """
    for firm in range(price.shape[0]):
        goods = goods_rate[sector[firm]] * input_factor[firm] * cost[firm]
        services = services_rate[sector[firm]] * input_factor[firm] - saved[firm]
        varies = pay_that_varies * pay[firm]
        left[firm] = price[firm] - goods - services - tax[sector[firm]] - varies


def contribution_before_freight(world: World, letter: str, pay_that_varies: float) -> Floats:
    """What a unit leaves each maker (M) or partner (P) before its freight, USD.

    `pay_that_varies`: part of the pay that rises with output (vshare).
    """
    firms, recipe = world.population(letter), world.technology
    services = recipe.services_local.sum(axis=0) + recipe.services_us.sum(axis=0)
    services += recipe.services_abroad
    saved: Floats | float = saved_per_unit(world) if letter == "M" else 0.0
    left = np.empty(firms.size)
    fill_contribution(
        firms.sector,
        firms.price,
        firms.input_factor,
        recipe.goods_rate,
        world.landed_cost(letter),
        services,
        np.zeros(firms.size) if isinstance(saved, float) else saved,
        recipe.tax,
        world.pay_after_subsidy(letter),
        pay_that_varies,
        left,
    )
    return left
