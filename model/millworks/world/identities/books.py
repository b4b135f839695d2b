"""What the identities of a week are checked on: the state at its start and a finding's form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS, HOLDERS

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STOCKS = "MPRC"
"""Holders of stocks of goods."""
ACTIVE, FREE = 0, 2
"""Status of a firm that trades, and of a row nobody holds (`millworks.agents.firm`)."""


@dataclass(frozen=True)
class Finding:
    """One comparison: `left` should equal `right`, per row or in total.

    In `unit`; `scale` is what a difference is small against, by default all deposits in USD.
    """

    check: str
    account: str
    left: Floats
    right: Floats
    unit: str = "USD"
    scale: float | None = None

    def worst(self) -> tuple[int | None, float]:
        """Row (None for totals) and size of the largest difference."""
        if np.ndim(self.left) == 0:
            size = abs(float(self.left) - float(self.right))
            return None, math.inf if math.isnan(size) else size
        difference = np.abs(np.atleast_1d(self.left) - np.atleast_1d(self.right))
        difference = np.where(np.isnan(difference), np.inf, difference)
        row = int(np.argmax(difference)) if difference.size else 0
        return row, float(difference[row]) if difference.size else 0.0


class Books:
    """A week as the identities see it: `opening` was noted before it, `closing` after it.

    `opening`, `closing`: all money columns summed, USD by (holder letter, column); `fund`: that of
    programmes before the week, USD; `backlog`,
    `transit` [links] units and `units` (holder letter, column) [rows] before the week; `status`,
    `line` [rows] by holder letter before the week; `goods`: USD invoiced and paid by (buyer,
    seller).
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.opening = balances(world)
        self.closing: dict[tuple[str, str], float] = {}
        self.goods: dict[str, dict[tuple[str, str], float]] = {}
        self.fund = float(world.population("G").programme_fund.sum())
        self.backlog = world.trade.backlog.copy()
        self.transit: Floats = world.trade.transit.sum(axis=0)
        self.units: dict[tuple[str, str], Floats] = {}
        self.status: dict[str, Ints] = {}
        self.line: dict[str, Floats] = {}
        for letter in STOCKS:
            firms = world.population(letter)
            for name in ("units_on_hand", "finished_units"):
                if name in firms.declared:
                    self.units[letter, name] = getattr(firms, name).copy()
        for letter in FIRMS:
            self.status[letter] = world.population(letter).status.copy()
            self.line[letter] = world.population(letter).revolver.copy()

    def close(self) -> None:
        """Note what the week that has ended left."""
        self.closing = balances(self.world)
        self.goods = self.world.ledger.goods_flows


def balances(world: World) -> dict[tuple[str, str], float]:
    """Every account of every holder, summed over its rows, USD."""
    return {
        (letter, name): float(getattr(world.population(letter), name).sum())
        for letter in HOLDERS
        for name, column in world.population(letter).declared.items()
        if column.account
    }
