"""What stands between a maker's price and the price a buyer pays: transport, wholesale, retail.

For each manufactured good and kind of buyer, shares of the purchaser's price add up to one:
producer + transport + wholesale + retail = 1. A retailer's price is then landed cost / (1 − retail
share). Shares cover domestic and imported goods alike.

Source: BEA 2017 benchmark, Margins before redefinitions, summed to the 19 manufacturing sectors.
Left out: goods that are not manufactured are sold at producers' prices here (producer share one),
although farm products carry margins too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_rows
from millworks.economy.sectors import N_SECTORS, sector_index
from millworks.errors import InputError, nearest

BUYERS: Final[tuple[str, ...]] = ("household_consumption", "intermediate", "exports")
"""Kinds of buyer with margins for all 19 goods."""

_COLUMNS: Final[dict[str, str]] = {
    "producer": "ProducersValue",
    "transport": "Transportation",
    "wholesale": "Wholesale",
    "retail": "Retail",
}


@dataclass(frozen=True)
class Margins:
    """Shares of the purchaser's price by sector; arrays [34], adding up to one per sector."""

    buyer: str
    producer: NDArray[np.float64]
    transport: NDArray[np.float64]
    wholesale: NDArray[np.float64]
    retail: NDArray[np.float64]


@cache
def margins(buyer: str = "household_consumption") -> Margins:
    """Return the margins of 2017 that a kind of buyer pays, as shares of the purchaser's price.

    InputError with the nearest name if there is no such buyer.
    """
    if buyer not in BUYERS:
        raise InputError(f"no margins for buyer {buyer!r}.{nearest(buyer, BUYERS)}")
    shares = {part: np.zeros(N_SECTORS) for part in _COLUMNS}
    shares["producer"][:] = 1.0
    for row in read_rows("margins_2017_manufactured_goods.csv"):
        if row["buyer"] != buyer:
            continue
        values = {part: float(row[column]) for part, column in _COLUMNS.items()}
        total = sum(values.values())
        for part, value in values.items():
            # Over the sum of parts, not the rounded purchasers' value, so that shares add to one.
            shares[part][sector_index(row["sector"])] = value / total
    for array in shares.values():
        array.flags.writeable = False
    return Margins(buyer=buyer, **shares)
