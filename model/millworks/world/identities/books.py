"""What the identities of a week are checked on: the state at its start and a finding's form."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import FIRMS, HOLDERS, Posting

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
    """Comparisons of one kind: `left` should equal `right`, per row or in total.

    Of one account (a name): [rows] or a total; of several (their names): [accounts, rows] or
    totals [accounts]. `right` may be one number for all. In `unit`; `scale` is what a difference
    is small against, by default all deposits in USD.
    """

    check: str
    account: str | Sequence[str]
    left: Floats
    right: Floats | float
    unit: str = "USD"
    scale: float | None = None

    def largest(self) -> float:
        """Size of the largest difference; one that is not a number is infinite."""
        difference = np.abs(self.left - self.right)
        size = float(difference.max()) if difference.size else 0.0
        return math.inf if math.isnan(size) else size

    def first_beyond(self, tolerance: float, scale: float) -> tuple[str, int | None, float]:
        """The first account off by more than `tolerance` of `scale`: name, row, size.

        The row is that of the largest difference, None in a total.
        """
        difference = np.abs(np.asarray(self.left - self.right))
        difference[np.isnan(difference)] = np.inf
        names = [self.account] if isinstance(self.account, str) else self.account
        by_account = difference.reshape(len(names), -1)
        beyond = by_account / scale > tolerance
        which = int(beyond.any(axis=1).argmax())
        row = int(by_account[which].argmax())
        in_total = np.ndim(self.left) == (0 if isinstance(self.account, str) else 1)
        return names[which], None if in_total else row, float(by_account[which, row])


def totals(
    check: str,
    compared: Iterable[tuple[str, float, float]],
    unit: str = "USD",
    scale: float | None = None,
) -> Finding:
    """Comparisons of totals, each given as account, left and right."""
    names, left, right = zip(*compared, strict=True)
    return Finding(check, names, np.array(left), np.array(right), unit, scale)


class Books:
    """A week as the identities see it: `opening` was noted before it, `closing` after it.

    `accounts`: line of the balance sheet with its sign, by holder letter and column; `opening`,
    `closing`: all accounts summed, USD by (holder letter, column); `sums`: every column of one
    float64 a row, summed after the week, by holder letter and column; `fund`: that of programmes
    before the week, USD; `backlog`, `transit` [links] units and `units` (holder letter, column)
    [rows] before the week; `status`, `line` [rows] by holder letter before the week; `goods`: USD
    invoiced and paid by (buyer, seller).
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.accounts: dict[str, dict[str, str]] = {
            letter: {
                name: column.account
                for name, column in world.population(letter).declared.items()
                if column.account
            }
            for letter in HOLDERS
        }
        self.opening = self._balances(_sums(world))
        self.closing: dict[tuple[str, str], float] = {}
        self.sums: dict[str, dict[str, float]] = {}
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
        self.sums = _sums(self.world)
        self.closing = self._balances(self.sums)
        self.goods = self.world.ledger.goods_flows

    def decided(self, posting: Posting) -> float:
        """What the column of a posting's decision says after the week, USD."""
        bearer = posting.payee if posting.amount_on_payee else posting.payer
        return self.sums[bearer][posting.amount]

    def by_line(self) -> dict[str, float]:
        """What all holders have on each line of the balance sheet, named with its sign, USD."""
        lines: dict[str, float] = defaultdict(float)
        for letter, accounts in self.accounts.items():
            for name, line in accounts.items():
                lines[line] += self.closing[letter, name]
        return lines

    def _balances(self, sums: dict[str, dict[str, float]]) -> dict[tuple[str, str], float]:
        return {
            (letter, name): sums[letter][name]
            for letter, accounts in self.accounts.items()
            for name in accounts
        }


def _sums(world: World) -> dict[str, dict[str, float]]:
    return {letter: world.population(letter).sums() for letter in HOLDERS}
