"""Accounting identities of a week, checked against balances, flows and decisions separately.

Each check compares two things that were computed apart: what the ledger moved with what the stages
decided, balances with movements, one side of a claim with the other, money with units. The names
are those of the model specification (§3.1). Tolerance: 1e-9 of the larger of one dollar and all
deposits together (of the labour force for persons, of one for shares); a breach names the check,
the account, the week, the agent and the size. The identities stand in `millworks.world.identities`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from millworks.errors import InvariantBreach
from millworks.world.identities import balances, flows, units
from millworks.world.identities.books import Books, Finding

if TYPE_CHECKING:
    from millworks.world.world import World

RELATIVE_TOLERANCE = 1e-9

IDENTITIES: tuple[Callable[[Books], Iterator[Finding]], ...] = (
    balances.lenders,
    balances.movements,
    balances.claims,
    flows.decisions,
    balances.net_worth,
    flows.transactions,
    balances.free_rows,
    units.goods,
    units.orders,
    units.markets,
    units.people,
    balances.bounds,
    flows.value_added,
    flows.programmes,
)
"""What is compared, in this order: a breach is named by the first identity that it breaks."""


class Invariants:
    """The identities of one world; call `open_week` before the week and `check` after it.

    `worst` keeps the largest residual seen by check, relative to the scale of the tolerance.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.books = Books(world)
        self.worst: dict[str, float] = {}

    def open_week(self) -> None:
        """Note every balance at the start of a week."""
        self.books = Books(self.world)

    def check(self) -> None:
        """Compare; raise InvariantBreach at the first identity that does not hold."""
        deposits = self._deposits()
        for finding in self.findings():
            scale = deposits if finding.scale is None else finding.scale
            relative = finding.largest() / scale
            self.worst[finding.check] = max(self.worst.get(finding.check, 0.0), relative)
            if not relative <= RELATIVE_TOLERANCE:
                account, row, size = finding.first_beyond(RELATIVE_TOLERANCE, scale)
                where = "in total" if row is None else f"row {row}"
                raise InvariantBreach(
                    f"{finding.check}: {account} is off by {size:.6g} {finding.unit} in"
                    f" week {self.world.week} ({where}); the tolerance is"
                    f" {RELATIVE_TOLERANCE * scale:.3g} {finding.unit}."
                )

    def findings(self) -> Iterator[Finding]:
        """All comparisons of the week that has just ended."""
        self.books.close()
        for identity in IDENTITIES:
            yield from identity(self.books)

    def _deposits(self) -> float:
        lenders = self.world.population("B")
        return max(1.0, float(np.abs(lenders.deposits_owed).sum()))
