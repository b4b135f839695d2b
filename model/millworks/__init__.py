"""Millworks: what actually works for American manufacturing.

A stock-flow-consistent agent-based model of US local manufacturing districts. The names below are
imported when they are first used, so that the command line stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from millworks.district_model import WEEK, DistrictModel
    from millworks.economy.input_output import InputOutputTable
    from millworks.economy.national import national_accounts
    from millworks.economy.places import Place, list_places, load_place
    from millworks.multi_district_model import MultiDistrictModel
    from millworks.parameters import Parameters, load_parameters
    from millworks.world.network import SupplyNetwork
    from millworks.world.order_programme import OrderProgramme

__version__ = "0.1.0"

_HOMES = {
    "WEEK": "district_model",
    "DistrictModel": "district_model",
    "InputOutputTable": "economy.input_output",
    "MultiDistrictModel": "multi_district_model",
    "OrderProgramme": "world.order_programme",
    "Parameters": "parameters",
    "Place": "economy.places",
    "SupplyNetwork": "world.network",
    "list_places": "economy.places",
    "load_parameters": "parameters",
    "load_place": "economy.places",
    "national_accounts": "economy.national",
}

__all__ = [
    "WEEK",
    "DistrictModel",
    "InputOutputTable",
    "MultiDistrictModel",
    "OrderProgramme",
    "Parameters",
    "Place",
    "SupplyNetwork",
    "list_places",
    "load_parameters",
    "load_place",
    "national_accounts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'millworks' has no attribute {name!r}")
    return getattr(importlib.import_module(f"millworks.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
