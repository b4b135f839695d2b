"""How much of each sector's goods a place buys inside, and what the choice of quotient does.

No survey asks who buys where, so the shares are estimated from jobs, by one of three quotients
(`millworks.economy.regional.METHODS`), and limited by what the place makes. The local figure of a
multiplier hangs on that choice; here it is computed for all three, with Leontief's inverse of the
place's table, for the same orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from millworks.district_model import DistrictModel
from millworks.economy.regional import CAP, METHODS, location_quotients, regional_shares
from millworks.economy.sectors import MANUFACTURING, SECTOR_NAMES, SECTORS
from millworks.economy.technology import Technology
from millworks.parameters import Parameters

if TYPE_CHECKING:
    from millworks.conf.schema import DistrictConfig

Floats = npt.NDArray[np.float64]

SAME = 1e-12
"""Difference of two shares below which they are one."""


def founded(config: DistrictConfig, method: str | None = None) -> DistrictModel:
    """Return the district of a configuration, by default with its own method of shares."""
    return DistrictModel(
        config.district,
        year=config.year,
        seed=config.seed,
        parameters=config.world.values(),
        method=method or config.world.regionalisation,
        makers=config.makers,
    )


def recipes_by_method(config: DistrictConfig, model: DistrictModel) -> dict[str, Technology]:
    """Return the place's recipes under every quotient; `model` is founded with the config's own.

    The other two are founded anew, because what limits a share follows from the founding.
    """
    own = config.world.regionalisation
    return {
        method: (model if method == own else founded(config, method)).technology
        for method in METHODS
    }


def share_table(
    model: DistrictModel, method: str, recipes: dict[str, Technology]
) -> list[dict[str, Any]]:
    """Return one row per sector: what is bought in the place, and what it would be otherwise.

    Columns: `sector`, `name`; `location_quotient` (1: as many jobs as in the nation);
    `firms_share`, `households_share`: of what they buy of the sector from within the country, the
    part that is made in the place, as the run uses it; `limited_by`: what cut the estimate of
    firms' share, if anything; `firms_share_<method>`: firms' share under each quotient.
    """
    district, national = model.founding.district, model.technology.national
    jobs = district.sector_jobs / district.scale
    quotients = location_quotients(jobs, national.employment)
    estimate = regional_shares(jobs, national.employment, method, delta=model.parameters.flq_delta)
    firms = {name: recipe.regional_share[:, 0] for name, recipe in recipes.items()}
    return [
        {
            "sector": code,
            "name": SECTOR_NAMES[code],
            "location_quotient": float(quotients[s]),
            "firms_share": float(firms[method][s]),
            "households_share": float(recipes[method].household_share[s]),
            "limited_by": _limit(float(firms[method][s]), float(estimate[s])),
            **{f"firms_share_{name}": float(share[s]) for name, share in firms.items()},
        }
        for s, code in enumerate(SECTORS)
    ]


def _limit(used: float, estimate: float) -> str:
    """Say what the share stops at: the place's own output, or the most any place buys inside."""
    if used < estimate - SAME:
        return "what the place makes"
    return f"cap of {CAP:g}" if estimate >= CAP - SAME else ""


def local_output(
    recipes: dict[str, Technology], weights: Floats, parameters: Parameters
) -> dict[str, float]:
    """Return Leontief's output in the place by quotient, USD per USD of orders (Type II).

    `weights` [34] are the shares of the orders by sector.
    """
    respent = parameters.s_w * (1.0 - parameters.commuter_share)
    return {
        method: float(
            recipe.regional_table(parameters.commuter_share)
            .type_ii("output", weights, respent=respent)
            .sum()
        )
        for method, recipe in recipes.items()
    }


def own_mix(model: DistrictModel) -> Floats:
    """Return the shares [34] of orders in the mix of what the place manufactures; they sum to 1."""
    output = np.where(MANUFACTURING, model.founding.flows_by_sector, 0.0)
    return output / output.sum()
