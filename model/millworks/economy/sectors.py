"""The 34 sectors of the compact tables: their codes, names and groups, in the one fixed order.

Every array over sectors in Millworks has 34 entries in the order of `SECTORS`: 19 manufacturing
sectors, whose firms are agents, and 15 others, which are blocks. The order is that of
`data/compact_sectors.csv`, which also maps each sector to BEA industries and NAICS codes.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from millworks.economy.embedded import read_rows
from millworks.errors import InputError

_ROWS = read_rows("compact_sectors.csv")

SECTORS: Final[tuple[str, ...]] = tuple(row["sector"] for row in _ROWS)
SECTOR_NAMES: Final[dict[str, str]] = {row["sector"]: row["name"] for row in _ROWS}
SECTOR_NAICS: Final[dict[str, str]] = {row["sector"]: row["naics"] for row in _ROWS}
N_SECTORS: Final[int] = len(SECTORS)

MANUFACTURING: Final[NDArray[np.bool_]] = np.array([r["is_manufacturing"] == "1" for r in _ROWS])
"""Mask [34] of the 19 manufacturing sectors (NAICS 31-33)."""

GOODS: Final[NDArray[np.bool_]] = MANUFACTURING | np.isin(SECTORS, ["AGR", "MIN"])
"""Mask [34] of what can be shipped: manufacturing, farm and forest products, minerals."""

MANUFACTURING_SECTORS: Final[tuple[str, ...]] = tuple(
    code for code, is_made in zip(SECTORS, MANUFACTURING, strict=True) if is_made
)

for _mask in (MANUFACTURING, GOODS):
    _mask.flags.writeable = False

_POSITION = {code: position for position, code in enumerate(SECTORS)}


def sector_index(code: str) -> int:
    """Return the position of a sector in every array over sectors; case does not matter.

    >>> sector_index("FURN") == SECTORS.index("FURN")
    True

    InputError with the nearest code if there is no such sector; a sector's name in words
    ("furniture") is answered with its code.
    """
    position = _POSITION.get(code.upper())
    if position is None:
        raise InputError(f"no sector {code!r}.{nearest_sector(code)}")
    return position


def nearest_sector(code: str, names: Mapping[str, str] = SECTOR_NAMES) -> str:
    """Return " Did you mean 'FURN' (Furniture and related products)?", or the list of codes.

    `names` maps the valid codes to names, by default those of the 34 sectors.
    """
    word = code.strip().lower()
    by_lower = {valid.lower(): valid for valid in names}
    close = difflib.get_close_matches(word, by_lower, n=1, cutoff=0.5)
    matches = [by_lower[lower] for lower in close]
    if len(word) > 4:
        # A word longer than any code is a name: look for it inside the names first.
        matches = [valid for valid, name in names.items() if word in name.lower()] or matches
    if not matches:
        return f" The sectors are {', '.join(names)}."
    best = matches[0]
    described = f" ({names[best]})" if names[best] != best else ""
    return f" Did you mean {best!r}{described}?"
