"""Imports and exports against what the nation makes and uses, by sector; vectors are [34].

    import share   m_s = imports / (output - exports + imports)      of the home market
    export share   e_s = exports / output

Imports are those that firms use, residents buy, and that go into investment and government, without
what is exported again; all in prices of the table's year. Source: BEA Make, Use and Import matrix,
Summary, 2017 and 2022 (`data/sources.csv`). Left out: differences between places in how much is
imported; goods processed abroad and brought back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from millworks.economy.national import NationalAccounts
from millworks.economy.sectors import N_SECTORS

Vector = NDArray[np.float64]

EXPORTED_AGAIN = "exports_reexported"
"""Column of imported final goods that never reach the home market."""


def imports(national: NationalAccounts) -> Vector:
    """Imports for use in the nation, USD a year in prices of the table's year."""
    used = national.import_by_commodity[:N_SECTORS] @ _made(national)
    final = sum(
        values[:N_SECTORS]
        for column, values in national.final_demand_imported.items()
        if column != EXPORTED_AGAIN
    )
    return np.asarray(used + final, np.float64)


def export_share(national: NationalAccounts) -> Vector:
    """Part of a sector's output that is exported, 0 to 1."""
    # Both are in USD of 2022 at the same price, so that their ratio is that of the table's year.
    return _between_0_and_1(national.final_demand["exports"], national.output)


def import_share(national: NationalAccounts) -> Vector:
    """Part of the home market of a sector's goods that imports supply, 0 to 1."""
    brought = np.maximum(0.0, imports(national))
    own = _made(national) * (1.0 - export_share(national))
    return _between_0_and_1(brought, brought + own)


def _made(national: NationalAccounts) -> Vector:
    """Output in prices of the table's year."""
    assert national.table.output is not None
    return national.table.output


def _between_0_and_1(part: Vector, whole: Vector) -> Vector:
    share = np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0.0)
    return np.asarray(np.clip(share, 0.0, 1.0), np.float64)
