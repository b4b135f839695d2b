"""The table of cells: place by sector by treated or not by size, each with its interval.

Cells are means over pairs of runs; a cell that is zero in every pair is left out. Those of the
district are the cells of `identity.split`, whose terms they are; indirect, induced and dynamic
effects have no cells but their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from millworks.economy.sectors import SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.study.additionality.identity import Floats, Split
from millworks.study.additionality.recorder import DEMANDS
from millworks.study.additionality.results import LOCAL, REST, RING, VALUE_ADDED, Cell
from millworks.study.effects import estimate
from millworks.study.many_arms import effect_of
from millworks.study.quantities import SIZE_CLASSES, YEARLY
from millworks.study.run_measures import WEEKS_OF_YEAR

if TYPE_CHECKING:
    from millworks.study.battery import Battery

ALL = "all"
Name = tuple[str, str, str]
"""Holder, sector, size class."""

MAKERS_OF_CELLS: tuple[Name, ...] = tuple(
    ("makers", sector, size) for sector in SECTORS for size in SIZE_CLASSES
)
UNTREATED: tuple[Name, ...] = (
    *MAKERS_OF_CELLS,
    *(("services", SECTORS[sector], ALL) for sector in SERVICE_SECTORS),
)
TREATED: tuple[Name, ...] = (*MAKERS_OF_CELLS, ("retailers", ALL, ALL))
RING_CELLS: tuple[Name, ...] = tuple(
    name
    for sector in SECTORS
    for name in (
        *(("makers", sector, size) for size in SIZE_CLASSES),
        ("shops", sector, ALL),
        ("services", sector, ALL),
    )
)
REST_CELLS: tuple[Name, ...] = tuple(
    (demand, sector, ALL) for demand in DEMANDS for sector in SECTORS
)


def cells_of(battery: Battery, splits: list[Split], around: Mapping[str, Floats]) -> Iterator[Cell]:
    """Yield every cell of a policy: the district's, then those around it, USD a year.

    `around`: region -> changes at true size, USD a year, [pairs, cells].
    """
    inside = WEEKS_OF_YEAR / (battery.weeks * battery.scale)
    for treated, names in ((True, TREATED), (False, UNTREATED)):
        key = "treated" if treated else "untreated"
        values = inside * np.stack([getattr(one, key).sum(axis=0) for one in splits])
        yield from _cells(battery, LOCAL, names, values, treated)
    for region, names in ((RING, RING_CELLS), (REST, REST_CELLS)):
        if region in around:
            yield from _cells(battery, region, names, around[region], False)


def _cells(
    battery: Battery, region: str, names: tuple[Name, ...], values: Floats, treated: bool
) -> Iterator[Cell]:
    for (holder, sector, size), column in zip(names, values.T, strict=True):
        if column.any():
            found = estimate(column, battery.config.study.confidence)
            value = effect_of(
                VALUE_ADDED, YEARLY, found, battery.pairs, kind="cell", size_class=size
            )
            yield Cell(region, holder, sector, size, treated, value)
