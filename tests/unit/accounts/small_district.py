"""A district small enough to be founded in every test, with and without frictions."""

from __future__ import annotations

from functools import cache

from millworks.conf.compose import compose
from millworks.district_model import DistrictModel
from millworks.economy.places import load_place

MAKERS = 60


@cache
def parameters_of(world: str):
    return compose("accounts", {"district": "generic"}, [f"world={world}"]).world.values()


def district(world: str = "default", weeks: int = 0) -> DistrictModel:
    """Return the generic district of sixty makers after some weeks."""
    place = load_place("generic", MAKERS)
    model = DistrictModel(place, parameters=parameters_of(world), check_every=1)
    for _ in range(weeks):
        model.step()
    return model


def scale_of(model: DistrictModel) -> float:
    """Return all deposits in USD: what a residual is small against."""
    return float(model.populations["lenders"].deposits_owed.sum())
