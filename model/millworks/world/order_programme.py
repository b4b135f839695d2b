"""Extra orders from outside: the dollar whose path is followed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from millworks.economy.sectors import MANUFACTURING, SECTORS
from millworks.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OrderProgramme:
    """Orders by sector that outside customers place on top of their own, from outside money.

    `weekly`: [34] USD a week by sector; empty for none. They begin in week `start` and last
    `weeks` weeks; None means for ever (a permanent step). `shares` [outside customers] split a
    sector's orders over them, and so over their sellers; None: in proportion to sellers' output.
    """

    weekly: tuple[float, ...] = ()
    start: int = 0
    weeks: int | None = 52
    shares: Floats | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for sector, amount in enumerate(self.weekly):
            if not (math.isfinite(amount) and amount >= 0.0):
                raise InputError(
                    f"orders of {SECTORS[sector]}: {amount} USD a week; an order programme adds"
                    " orders, so each amount must be a number of 0 or more."
                )

    def orders(self, week: int, sectors: int) -> Floats:
        """Return the extra orders of a week, [sectors] in USD."""
        running = week >= self.start and (self.weeks is None or week < self.start + self.weeks)
        if not self.weekly or not running:
            return np.zeros(sectors)
        return np.array(self.weekly, dtype=np.float64)

    def require_makers(self, extra: Floats, sectors_made: npt.NDArray[np.int64]) -> None:
        """Refuse orders for a manufacture that nobody makes here: they would be lost.

        `extra` [sectors] as `orders` returns them. Raises InputError.
        """
        made = ~MANUFACTURING
        made[sectors_made] = True
        if lost := [SECTORS[sector] for sector in np.flatnonzero((extra > 0.0) & ~made)]:
            raise InputError(f"orders of {', '.join(lost)}: nobody makes that in this district.")
