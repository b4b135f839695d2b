"""Overheads that can be pooled: which services, what they cost a unit, what members save on it.

    bundle  b_i = Σ_r share_r a_r,sector · input factor          USD per unit, here and outside
    saved       = σ b_i                                          for members of a shared facility

a_r services of row r per unit of output, σ the part saved. Rows and shares are an assumption: all
utilities; of professional and business services testing, safety, environmental and customs
paperwork.

Source: model specification §8 (`shared_facility_costs`). Left out: rows that only some firms need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import N_SECTORS, sector_index
from millworks.world.sums import times_vector

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]

POOLED = {"UTL": 1.0, "PBS": 0.2}
"""Rows of the recipe that are pooled, and which part."""


def pooled_share() -> Floats:
    """Part of each row of the recipe that can be pooled, [34]."""
    share = np.zeros(N_SECTORS)
    for code, part in POOLED.items():
        share[sector_index(code)] = part
    return share


def bundle_per_unit(world: World) -> tuple[Floats, Floats]:
    """What poolable services cost each maker per unit: here and outside, USD."""
    makers, recipe, share = world.population("M"), world.technology, pooled_share()
    here = times_vector(np.ascontiguousarray(recipe.services_local.T), share)
    outside = times_vector(np.ascontiguousarray(recipe.services_us.T), share)
    sector, factor = makers.sector, makers.input_factor
    price = world.service_price[sector]
    return here[sector] * factor * price, outside[sector] * factor


def saved_per_unit(world: World) -> Floats | float:
    """What members save on a unit of output, USD, [makers]; 0 where there are none."""
    makers = world.population("M")
    if not makers.overhead_member.any():
        return 0.0
    here, outside = bundle_per_unit(world)
    saved = makers.overhead_saving * (here + outside)
    return np.where(makers.overhead_member, saved, 0.0)
