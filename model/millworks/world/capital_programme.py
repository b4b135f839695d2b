"""Equity from outside for capacity: the dollar that is invested rather than spent."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TESTS = 4
"""Quarterly tests at which the money is paid, a part at each."""
WEEKS = 52
"""Weeks in which they fall."""


@dataclass(frozen=True)
class CapitalProgramme:
    """Equity that makers are given for capacity, and for nothing else.

    `amounts` [makers] USD in all, None for none; `generation` [makers] of those meant: who takes a
    row after them gets nothing. Each is paid in four parts, at its quarterly tests within 52 weeks
    from week `start` on, and orders capacity for it the same day, at the price of any project. A
    part smaller than a machine buys its part of one. The money asks for no dividend.
    """

    amounts: Floats | None = field(default=None, compare=False)
    generation: Ints | None = field(default=None, compare=False)
    start: int = 0

    def paid(self, week: int, generation: Ints, tested: Flags) -> Floats | None:
        """Return what makers get this week [makers] USD, None outside the programme's weeks."""
        if self.amounts is None or not self.start <= week < self.start + WEEKS:
            return None
        return np.where(tested & (generation == self.generation), self.amounts / TESTS, 0.0)
