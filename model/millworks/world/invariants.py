"""Accounting identities of a week, checked against balances, flows and decisions separately.

Each check compares two things that were computed apart: what the ledger moved with what the stages
decided, balances with movements, one side of a claim with the other, money with units. The names
are those of the model specification (§3.1). Tolerance: 1e-9 of the larger of one dollar and all
deposits together; a breach names the check, the account, the week, the agent and the size.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from millworks.errors import InvariantBreach
from millworks.world.accounts import (
    FIRMS,
    GOODS_INVOICED,
    GOODS_PAID,
    HOLDERS,
    INSTRUMENTS,
    MODES,
    OWN_NET_WORTH,
    POSTINGS,
    Posting,
    goods_posting,
)

if TYPE_CHECKING:
    from millworks.world.world import World

Floats = npt.NDArray[np.float64]

RELATIVE_TOLERANCE = 1e-9
STOCKS = "MPRC"


@dataclass(frozen=True)
class Finding:
    """One comparison: `left` should equal `right`, per row or in total, USD."""

    check: str
    account: str
    left: Floats
    right: Floats

    def worst(self) -> tuple[int | None, float]:
        """Row (None for totals) and size of the largest difference."""
        if np.ndim(self.left) == 0:
            size = abs(float(self.left) - float(self.right))
            return None, math.inf if math.isnan(size) else size
        difference = np.abs(np.atleast_1d(self.left) - np.atleast_1d(self.right))
        difference = np.where(np.isnan(difference), np.inf, difference)
        row = int(np.argmax(difference)) if difference.size else 0
        return row, float(difference[row]) if difference.size else 0.0


class Invariants:
    """The identities of one world; call `open_week` before the week and `check` after it.

    `worst` keeps the largest residual seen by check, relative to the scale of the tolerance.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.opening: dict[tuple[str, str], float] = {}
        self.closing: dict[tuple[str, str], float] = {}
        self.goods_flows: dict[str, dict[tuple[str, str], float]] = {}
        self.opening_backlog: Floats = np.zeros(world.trade.agents)
        self.worst: dict[str, float] = {}

    def open_week(self) -> None:
        """Note every balance at the start of a week."""
        self.opening = self._balances()
        self.opening_backlog = self.world.trade.of_seller(self.world.trade.backlog)

    def check(self) -> None:
        """Compare; raise InvariantBreach at the first identity that does not hold."""
        scale = self._scale()
        for finding in self.findings():
            row, size = finding.worst()
            relative = size / scale
            self.worst[finding.check] = max(self.worst.get(finding.check, 0.0), relative)
            if not relative <= RELATIVE_TOLERANCE:
                where = "in total" if row is None else f"row {row}"
                raise InvariantBreach(
                    f"{finding.check}: {finding.account} is off by {size:.6g} USD in week"
                    f" {self.world.week} ({where}); the tolerance is"
                    f" {RELATIVE_TOLERANCE * scale:.3g} USD."
                )

    def findings(self) -> Iterator[Finding]:
        """All comparisons of the week that has just ended."""
        self.closing = self._balances()
        self.goods_flows = self.world.ledger.goods_flows
        yield from self._lenders()
        yield from self._movements()
        yield from self._claims()
        yield from self._decisions()
        yield from self._net_worth()
        yield from self._flows()
        yield from self._units()
        yield from self._bounds()
        yield from self._value_added()

    def _scale(self) -> float:
        lenders = self.world.population("B")
        return max(1.0, float(np.abs(lenders.deposits_owed).sum()))

    def _balances(self) -> dict[tuple[str, str], float]:
        return {
            (letter, name): float(getattr(self.world.population(letter), name).sum())
            for letter in HOLDERS
            for name, column in self.world.population(letter).declared.items()
            if column.account
        }

    def _lenders(self) -> Iterator[Finding]:
        """I1: a lender's deposits are its loans, its settlement balance, less its capital."""
        lenders = self.world.population("B")
        yield Finding(
            "I1",
            "lenders' balance sheet",
            lenders.deposits_owed,
            lenders.term_loans + lenders.revolvers + lenders.settlement - lenders.lender_equity,
        )
        held = np.zeros(lenders.size)
        for letter in HOLDERS:
            customers = self.world.population(letter)
            for name, column in customers.declared.items():
                if column.account == "+deposits":
                    held += np.bincount(
                        customers.lender, weights=getattr(customers, name), minlength=lenders.size
                    )
        yield Finding("I1", "deposits of customers", lenders.deposits_owed, held)

    def _movements(self) -> Iterator[Finding]:
        """I2: every balance changed by exactly what the ledger moved."""
        moves = self.world.ledger.moves
        for key, closing in self.closing.items():
            change = np.array(closing - self.opening[key])
            yield Finding("I2", f"{key[0]} {key[1]}", change, np.array(moves[key]))

    def _flows(self) -> Iterator[Finding]:
        """I4: every balance changed by what the week's flows imply."""
        implied = self._implied_by_flows()
        for key, closing in self.closing.items():
            change = np.array(closing - self.opening[key])
            found = np.array(implied.get(key, 0.0))
            yield Finding("I4", f"{key[0]} {key[1]}, by flows", change, found)

    def _implied_by_flows(self) -> dict[tuple[str, str], float]:
        """What the week's flows must have done to each balance, from `accounts.MODES` alone."""
        implied: dict[tuple[str, str], float] = defaultdict(float)
        ledger = self.world.ledger
        for name, flow in ledger.flows.items():
            _enter(implied, POSTINGS[name], flow)
        for name, pairs in self.goods_flows.items():
            for (payer, payee), flow in pairs.items():
                _enter(implied, goods_posting(name, payer, payee), flow)
        for letter in STOCKS:
            arrived = self.opening[letter, "uncleared"]
            implied[letter, "uncleared"] -= arrived
            implied[letter, "cleared"] += arrived
        for letter in OWN_NET_WORTH:
            implied[letter, "net_worth"] += implied.pop((letter, "current_account"), 0.0)
        return implied

    def _claims(self) -> Iterator[Finding]:
        """I3: what one side owes the other is owed, in total and link by link."""
        world = self.world
        for instrument, (label, kind) in INSTRUMENTS.items():
            if kind == "financial":
                yield Finding(
                    "I3",
                    label,
                    np.array(self._total(f"+{instrument}")),
                    np.array(self._total(f"-{instrument}")),
                )
        trade = world.trade
        outstanding = trade.outstanding()
        by_buyer = trade.by_holder(trade.by_buyer(outstanding))
        by_seller = trade.by_holder(trade.of_seller(outstanding))
        for letter in trade.spans:
            firms = world.population(letter)
            yield Finding("I3", f"{letter} goods payable", firms.goods_payable, by_buyer[letter])
            yield Finding(
                "I3", f"{letter} goods receivable", firms.goods_receivable, by_seller[letter]
            )

    def _total(self, account: str) -> float:
        return sum(
            float(getattr(self.world.population(letter), name).sum())
            for letter in HOLDERS
            for name, column in self.world.population(letter).declared.items()
            if column.account == account
        )

    def _decisions(self) -> Iterator[Finding]:
        """I4: each posting moved what the decision column of the week says."""
        world, flows = self.world, self.world.ledger.flows
        for posting in POSTINGS.values():
            bearer = posting.payee if posting.amount_on_payee else posting.payer
            decided = float(getattr(world.population(bearer), posting.amount).sum())
            yield Finding("I4", posting.name, np.array(flows[posting.name]), np.array(decided))
        goods = self.goods_flows
        shipped = world.trade.by_holder(world.trade.by_buyer(world.trade.shipped))
        for letter in world.trade.spans:
            invoiced = sum(v for (buyer, _), v in goods[GOODS_INVOICED].items() if buyer == letter)
            yield Finding(
                "I4",
                f"{GOODS_INVOICED} {letter}",
                np.array(invoiced),
                np.array(shipped[letter].sum()),
            )
        for letter in FIRMS:
            paid = sum(v for (buyer, _), v in goods[GOODS_PAID].items() if buyer == letter)
            yield Finding(
                "I4",
                f"{GOODS_PAID} {letter}",
                np.array(paid),
                np.array(world.population(letter).pay_goods.sum()),
            )
        for letter in STOCKS:
            received = (
                flows[f"retail sales H>{letter}"]
                if letter in "RC"
                else sum(v for (_, seller), v in goods[GOODS_PAID].items() if seller == letter)
            )
            yield Finding(
                "I4",
                f"{letter} payments clearing",
                np.array(world.population(letter).uncleared.sum()),
                np.array(received),
            )

    def _net_worth(self) -> Iterator[Finding]:
        """I5: each agent's assets less debts are its equity or net worth, and income is closed."""
        for letter in HOLDERS:
            population = self.world.population(letter)
            books = np.zeros(population.size)
            for name, column in population.declared.items():
                if column.account:
                    sign = 1.0 if column.account.startswith("+") else -1.0
                    books += sign * getattr(population, name)
            yield Finding("I5", f"{letter} balance sheet", books, np.zeros(population.size))
            if letter in FIRMS + OWN_NET_WORTH:
                yield Finding(
                    "I5",
                    f"{letter} income not closed",
                    population.current_account,
                    np.zeros(population.size),
                )

    def _units(self) -> Iterator[Finding]:
        """I6, I7, I10: units and money agree; what is shipped was ordered; sales are demand."""
        world, trade = self.world, self.world.trade
        under_way = trade.by_holder(trade.by_buyer(trade.transit.sum(axis=0)))
        for letter in STOCKS:
            firms = world.population(letter)
            yield Finding("I6", f"{letter} inventory", firms.inventory, firms.units_on_hand)
            yield Finding("I6", f"{letter} in transit", firms.in_transit, under_way[letter])
        backlog = trade.by_holder(trade.of_seller(trade.backlog))
        for letter in "MP":
            firms = world.population(letter)
            yield Finding("I7", f"{letter} backlog", firms.backlog, backlog[letter])
        granted = np.ones(trade.agents)
        for letter in "MP":
            granted[trade.spans[letter]] = world.population(letter).accepted
        bought, sold = trade.by_buyer(trade.shipped), trade.of_seller(trade.shipped)
        kept = self.opening_backlog + granted * trade.of_seller(trade.request) - sold
        yield Finding("I7", "backlog, by orders", trade.of_seller(trade.backlog), kept)
        yield Finding("I10", "goods bought and sold", np.array(bought.sum()), np.array(sold.sum()))
        asked = np.array(trade.request.sum())
        wanted = float(trade.request[trade.outside_customers].sum())
        for letter in FIRMS:
            firms = world.population(letter)
            wanted += float((firms.goods_ordered + firms.goods_diverted).sum())
        for letter in "RC":
            wanted += float(world.population(letter).supplies_used.sum())
        yield Finding("I10", "orders on links and orders decided", asked, np.array(wanted))

    def _bounds(self) -> Iterator[Finding]:
        """I8: nobody's deposit, debt or stock is negative; the credit line keeps its limit."""
        for letter in HOLDERS:
            population = self.world.population(letter)
            for name in (
                "cleared",
                "uncleared",
                "inventory",
                "fixed_capital",
                "term_loan",
                "revolver",
                "deposits_owed",
                "backlog",
            ):
                if name in population.declared:
                    values = getattr(population, name)
                    yield Finding(
                        "I8", f"{letter} {name}", np.minimum(values, 0.0), np.zeros(population.size)
                    )
        for letter in FIRMS:
            firms = self.world.population(letter)
            over = np.maximum(firms.revolver - firms.revolver_limit, 0.0)
            yield Finding("I8", f"{letter} credit line", over, np.zeros(firms.size))

    def _value_added(self) -> Iterator[Finding]:
        """I9: value added by production, by income and by expenditure."""
        world, flows = self.world, self.world.ledger.flows
        production = income = stocks = 0.0
        for letter in FIRMS:
            firms = world.population(letter)
            used = firms.services_local + firms.services_outside
            # A shop's output is its margin: the goods it sells are taken out already.
            goods_used = firms.supplies_used if letter in "RC" else firms.goods_used
            production += float((firms.output - goods_used - used).sum())
            for name in ("wages accrued", "taxes accrued", "draws", "reinvested earnings"):
                income += sum(flows.get(f"{name} {letter}>{payee}", 0.0) for payee in "HGX")
            income -= flows.get(f"capital worn {letter}", 0.0)
            stocks += flows.get(f"inputs shipped {letter}", 0.0)
            stocks += flows.get(f"inputs used {letter}", 0.0)
        goods = self.goods_flows[GOODS_INVOICED]
        exports = sum(v for (buyer, seller), v in goods.items() if buyer == "X" != seller)
        imports = sum(v for (buyer, seller), v in goods.items() if seller == "X" != buyer)
        imports += sum(flows[f"services invoiced {letter}>X"] for letter in FIRMS)
        spending = sum(flows[f"retail sales H>{letter}"] for letter in "RC")
        spending += flows["household services H>S"] + flows["government purchases G>S"]
        expenditure = spending + stocks + exports + flows["services sold outside X>S"] - imports
        yield Finding(
            "I9", "value added: production and income", np.array(production), np.array(income)
        )
        yield Finding(
            "I9",
            "value added: production and expenditure",
            np.array(production),
            np.array(expenditure),
        )


def _enter(implied: dict[tuple[str, str], float], posting: Posting, flow: float) -> None:
    """Add to `implied` what a flow does to the balances of both sides and of their lenders."""
    sides = ((posting.payer, True), (posting.payee, False))
    for (letter, paying), entries in zip(sides, MODES[posting.mode], strict=True):
        for account, sign in entries:
            if account != "cash":
                implied[letter, posting.column(account)] += sign * flow
                continue
            column = posting.cash_column(letter, paying)
            implied[letter, column] += -sign * flow if letter == "X" else sign * flow
            if letter not in "XB":
                implied["B", "deposits_owed"] += sign * flow
                implied["B", "settlement"] += sign * flow
