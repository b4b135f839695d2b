"""What a dollar spent on equipment buys, by the sector that makes it, and how much is imported.

    part_i = I_i / (Σ_j I_j + Σ_j M_j)      i, j: manufactures with the trade and freight margins

I domestic and M imported private fixed investment by commodity, in prices of the table's year.
Buildings, mines, software and research, which the accounts count as investment too, are left out: a
maker's project is equipment, and builders here are paid apart.

Source: BEA Use table, final uses, 2017 and 2022, aggregated to 34 sectors (`data/sources.csv`).
Left out: that makers of one kind buy other machines than the average investor.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_column
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, sector_index

Vector = NDArray[np.float64]

MARGINS = tuple(sector_index(code) for code in ("WHL", "RET", "TRN"))


@cache
def equipment(year: int) -> Vector:
    """Return domestic output by sector [34] per USD spent on equipment; imports make up one.

    Read-only. Raises InputError for a year without a table.
    """
    counted = MANUFACTURING.copy()
    counted[list(MARGINS)] = True
    name = f"compact_{year}_final_demand"
    made = read_column(f"{name}_domestic.csv", "private_fixed_investment")[:N_SECTORS]
    bought = read_column(f"{name}_imported.csv", "investment_imported")[:N_SECTORS]
    here, abroad = np.where(counted, made, 0.0), np.where(counted, bought, 0.0)
    part: Vector = here / (here.sum() + abroad.sum())
    part.flags.writeable = False
    return part
