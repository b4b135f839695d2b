"""The draw of one supplier: large and near ones are more likely.

    P(buyer b takes seller k of a sector) = sales_k^.7 exp(-d_bk/50 miles) / sum over the sector

One keyed uniform per draw falls on a line along which the sellers of the sector lie with lengths
proportional to their attraction. Distances are from the centre of the two-mile square in which
the buyer stands, so that all buyers of a square share one line: a metropolis with 37,000 buyers
and 15,000 sellers takes seconds, and no attraction is off by more than 3 %.

Sources: the exponent and the reach are assumptions. Left out: prices and quality, which move
shares in the running week.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIZE_EXPONENT: Final[float] = 0.7
REACH_MILES: Final[float] = 50.0
"""Attraction of a supplier: sales to this power, fading over this distance. Assumptions."""

SQUARE_MILES: Final[float] = 2.0
"""Side of the squares whose centre stands for a buyer's place when suppliers are drawn."""

_CELLS: Final[int] = 1_000_000

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sellers:
    """Makers and partners, whose position is their global id."""

    sector: Integers
    x: Floats
    y: Floats
    pull: Floats
    roster: list[Integers]
    supplies_partners: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Buyers:
    """A group of buyers that choose alike: ids, draw keys, places, and what they look for."""

    ids: Integers
    key: Integers
    x: Floats
    y: Floats
    sector_weights: Floats
    row: Integers
    range: tuple[int, int]
    count_purpose: str
    choice_purpose: str
    only: NDArray[np.bool_]

    @cached_property
    def squares(self) -> tuple[Floats, Integers]:
        """Centres [squares, 2] of the squares in which buyers stand, and each buyer's square."""
        corner = np.column_stack([self.x, self.y]) // SQUARE_MILES
        corners, square_of = np.unique(corner, axis=0, return_inverse=True)
        return (corners + 0.5) * SQUARE_MILES, square_of


def choose_in_row(cumulative: Floats, row: Integers, u: Floats) -> Integers:
    """Index drawn with each uniform from its own row of running sums."""
    total = cumulative[row, -1]
    mark = np.minimum(u * total, np.nextafter(total, 0.0))
    return (cumulative[row] <= mark[:, None]).sum(axis=1)


def draw_sellers(
    buyers: Buyers, sellers: Sellers, roster: Integers, who: Integers, u: Floats
) -> tuple[Integers, Integers]:
    """For each buyer in `who`, the seller of `roster` that its uniform falls on.

    Buyers of one square share a row of running attractions; blocks of rows keep the table small.
    """
    x, y, pull = sellers.x[roster], sellers.y[roster], sellers.pull[roster]
    squares, square_of = buyers.squares
    used, row = np.unique(square_of[who], return_inverse=True)
    at = np.minimum(np.searchsorted(roster, buyers.ids[who]), len(roster) - 1)
    excluded = (roster[at] == buyers.ids[who]) & (len(roster) > 1)
    order = np.argsort(row, kind="stable")
    choice = np.empty(len(who), dtype=np.int64)
    step = max(1, _CELLS // len(roster))
    for start in range(0, len(used), step):
        centre = squares[used[start : start + step]]
        east, north = centre[:, :1] - x, centre[:, 1:] - y
        running = np.cumsum(pull * np.exp(np.hypot(east, north) / -REACH_MILES), axis=1)
        first, last = np.searchsorted(row[order], [start, start + len(centre)])
        mine = order[first:last]
        line, own = row[mine] - start, at[mine]
        # Its own attraction is cut out of the line: nobody supplies itself while others can.
        before = np.where(own > 0, running[line, own - 1], 0.0)
        gap = np.where(excluded[mine], running[line, own] - before, 0.0)
        room = running[line, -1] - gap
        mark = np.minimum(u[mine] * room, np.nextafter(room, 0.0))
        mark += np.where(mark >= before, gap, 0.0)
        # Rows follow each other without overlap once each is shifted by what came before.
        total = running[:, -1]
        shift = np.cumsum(total) - total
        flat = np.searchsorted((running + shift[:, None]).ravel(), mark + shift[line], "right")
        choice[mine] = np.clip(flat - line * len(roster), 0, len(roster) - 1)
    # The shift may round a mark onto a neighbour; where that is the buyer itself, step aside.
    itself = excluded & (choice == at)
    choice[itself] = np.where(at[itself] + 1 < len(roster), at[itself] + 1, at[itself] - 1)
    return who, roster[choice]
