"""The only place where balances change: double entry over columns.

A stage writes decisions (who pays how much) into decision columns and names a posting; the ledger
reads the amounts there and moves both sides. Lenders are part of every payment: a customer's
deposit is its lender's liability, and what leaves one lender for another, or for the outside,
moves settlement balances, so that nothing is ever computed as a residual.

Flows are accumulated by posting and movements by (holder, column); the invariants compare both
with the decisions and with the balances themselves (`millworks.world.invariants`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from millworks.world.accounts import (
    FIRMS,
    GOODS_INVOICED,
    GOODS_MODES,
    GOODS_PAID,
    GOODS_WRITTEN_OFF,
    HOLDERS,
    MODES,
    ONE_SIDED,
    OWN_NET_WORTH,
    Posting,
    goods_posting,
)
from millworks.world.carry_out import (
    BY_LENDER,
    HANDED_OVER,
    LENDERS,
    ONE_ROW,
    ONE_SIDE,
    PAID,
    PAID_BY_LENDER,
    PAYEE,
    PAYER,
    RECEIVED,
    RECEIVED_BY_LENDER,
    carry_out,
    move,
)
from millworks.world.columns import Population
from millworks.world.link_kernels import pay_links, write_invoices
from millworks.world.postings import POSTINGS
from millworks.world.sums import add_up
from millworks.world.trade import TradeBook

BUYERS, SELLERS = "MPRCSX", "MPSX"
"""Holders that stand as buyers and as sellers on links of the supply network."""

Amounts = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOTHING: Amounts = np.zeros(0)


class Plan(NamedTuple):
    """Where the two sides of a posting stand; the fields are the first arguments of `move`."""

    payer: Amounts
    payee: Amounts
    lenders: Amounts
    payer_lender: Ints
    payee_lender: Ints
    sizes: Ints
    movements: Ints


Movement = tuple[int, int, int, int, int]
"""Whose balance, its column, the sign, what is added, the accumulator: a row of `movements`."""
Booking = tuple[tuple[Any, ...], bool]
"""The first arguments of `carry_out`, and whether the amounts of one side are handed over."""


class Ledger:
    """Moves money between populations, one per holder letter of `accounts.HOLDERS`.

    `flows[name]` is what a posting moved this week in USD; `moves[holder, column]` what the week
    did to a balance, in USD; `revalued[letter]` the revaluations that reached those who own net
    worth. All start at zero in `open_week`.
    """

    def __init__(self, populations: Mapping[str, Population], trade: TradeBook) -> None:
        self.trade = trade
        self.populations = {
            letter: populations[holder.population] for letter, holder in HOLDERS.items()
        }
        self.flows: dict[str, float] = defaultdict(float)
        self.revalued: dict[str, float] = {}
        self._goods: dict[str, Amounts] = {}
        accounts = [
            (letter, name)
            for letter, population in self.populations.items()
            for name, column in population.declared.items()
            if column.is_money
        ]
        self._account = {account: number for number, account in enumerate(accounts)}
        self._moved = np.zeros(len(accounts))
        self._plans: dict[tuple[str, str, int], Plan] = {}
        self._bookings: dict[str, Booking] = {}

    def __getstate__(self) -> dict[str, Any]:
        # Plans hold arrays of the populations, and a copy has populations of its own.
        return self.__dict__ | {"_plans": {}, "_bookings": {}}

    @property
    def moves(self) -> dict[tuple[str, str], float]:
        """What the week has done to each balance so far, USD by (holder letter, column)."""
        return dict(zip(self._account, self._moved.tolist(), strict=True))

    def open_account(self, letter: str, column: str, amounts: Amounts) -> None:
        """Write opening balances, USD per row; possible only once per account, at the start."""
        balance = self.populations[letter].writable(column)
        if np.any(balance != 0.0):
            raise ValueError(f"{letter}.{column} is open already; balances change by postings.")
        balance[:] = amounts

    def open_trade(self, due: Amounts) -> None:
        """Write the opening invoices: USD by week due and link, [weeks, links]."""
        self.trade._ring[: len(due)] = due

    def open_week(self) -> None:
        """Start the week's accumulators at zero."""
        self.flows.clear()
        self._moved[:] = 0.0
        self.revalued.clear()
        self._goods.clear()

    def book(self, name: str, other: Amounts | None = None) -> None:
        """Carry out posting `name`; `other` gives amounts per row of the side without a decision.

        Raises KeyError for a posting that is not declared.
        """
        booking = self._bookings.get(name)
        if booking is None:
            booking = self._bookings[name] = self._booking(POSTINGS[name])
        places, handed_over = booking
        if other is None:
            if handed_over:
                raise ValueError(f"posting {name!r} needs an amount per row of the other side")
            other = NOTHING
        self.flows[name] += carry_out(*places, other, self._moved)  # type: ignore[call-arg]

    def _booking(self, posting: Posting) -> Booking:
        """Look up where the balances and the decision stand, and what the other side waits for."""
        if posting.mode in ONE_SIDED:
            how = ONE_SIDE
        elif posting.own_lender:
            how = BY_LENDER
        else:
            how = HANDED_OVER if posting.other_row is None else ONE_ROW
        bearer = self.populations[posting.payee if posting.amount_on_payee else posting.payer]
        place, on_payee = bearer.place(posting.amount), int(posting.amount_on_payee)
        decision = np.array([place, on_payee, how, posting.other_row or 0], dtype=np.int64)
        return (*self._plan(posting), decision), how == HANDED_OVER

    def _plan(self, posting: Posting, sides: tuple[int, ...] = (PAYER, PAYEE)) -> Plan:
        """Look up where the balances stand that a posting changes."""
        payer, payee = self.populations[posting.payer], self.populations[posting.payee]
        lenders = self.populations["B"]
        return Plan(
            payer._block,
            payee._block,
            lenders._block,
            _lender_of(payer),
            _lender_of(payee),
            np.array([payer.size, payee.size, lenders.size], dtype=np.int64),
            np.array(self._movements(posting, sides), dtype=np.int64),
        )

    def _movements(self, posting: Posting, sides: tuple[int, ...]) -> list[Movement]:
        """What a posting does on some of its sides, in order."""
        found: list[Movement] = []

        def add(side: int, letter: str, name: str, sign: int, source: int) -> None:
            column = self.populations[letter].place(name)
            found.append((side, column, sign, source, self._account[letter, name]))

        for side in sides:
            letter = posting.payer if side == PAYER else posting.payee
            source, by_lender = (
                (PAID, PAID_BY_LENDER) if side == PAYER else (RECEIVED, RECEIVED_BY_LENDER)
            )
            for account, sign in MODES[posting.mode][side]:
                if account != "cash":
                    add(side, letter, posting.column(account), sign, source)
                    continue
                # What the outside pays, it owes the district's lenders.
                cash = posting.cash_column(letter, side == PAYER)
                add(side, letter, cash, -sign if letter == "X" else sign, source)
                if letter not in "XB":
                    add(LENDERS, "B", "deposits_owed", sign, by_lender)
                    add(LENDERS, "B", "settlement", sign, by_lender)
        return found

    @property
    def goods_flows(self) -> dict[str, dict[tuple[str, str], float]]:
        """USD of goods invoiced and paid this week, by (payer, payee)."""
        return {
            name: self.trade.pairs(self._goods[name]) if name in self._goods else {}
            for name in GOODS_MODES
        }

    def invoice_goods(
        self, amounts: Amounts, week: int, by_buyer: Amounts, by_seller: Amounts
    ) -> None:
        """Invoice USD per link of the supply network; due after the link's terms.

        `by_buyer`, `by_seller`: the same USD summed over each agent's links.
        """
        trade = self.trade
        write_invoices(amounts, trade.terms, trade.late, week, trade._ring)
        self._goods[GOODS_INVOICED] = amounts
        self._book_goods(GOODS_INVOICED, by_buyer, by_seller)

    def pay_goods(self, paid_part: Amounts, week: int, by_buyer: Amounts) -> None:
        """Pay a part of what each agent owes on its links this week; the rest is overdue.

        `by_buyer`: what each agent pays in all, USD.
        """
        trade = self.trade
        slot = trade._ring[week % len(trade._ring)]
        pay_links(paid_part, trade.buyer, slot, trade._overdue, trade.paid)
        self._goods[GOODS_PAID] = trade.paid
        self._book_goods(GOODS_PAID, by_buyer, trade.of_seller(trade.paid))

    def write_off_goods(self, lost: npt.NDArray[np.bool_]) -> None:
        """Estates `lost` [agents] are over: what they owe, and what customers still owe them, ends.

        The creditor loses it either way.
        """
        trade = self.trade
        gone = trade.links_at(np.flatnonzero(lost))
        amounts = np.zeros(len(trade.buyer))
        owed = trade._ring[:, gone].sum(axis=0) + trade._overdue[gone]
        amounts[gone] = owed
        trade._ring[:, gone] = 0.0
        trade._overdue[gone] = 0.0
        self._goods[GOODS_WRITTEN_OFF] = amounts
        by_buyer = add_up(trade.buyer[gone], owed, trade.agents)
        by_seller = add_up(trade.seller[gone], owed, trade.agents)
        self._book_goods(GOODS_WRITTEN_OFF, by_buyer, by_seller)

    def _book_goods(self, name: str, by_buyer: Amounts, by_seller: Amounts) -> None:
        """Both sides of a posting over the links, from USD per agent as buyer and as seller."""
        for letter, span in self.trade.spans.items():
            if letter in BUYERS:
                plan = self._goods_plan(name, letter, PAYER)
                move(*plan, by_buyer[span], NOTHING, self._moved)
        for letter, span in self.trade.spans.items():
            if letter in SELLERS:
                plan = self._goods_plan(name, letter, PAYEE)
                move(*plan, NOTHING, by_seller[span], self._moved)

    def _goods_plan(self, name: str, letter: str, side: int) -> Plan:
        """Plan of one side of a posting over the links: each side adds up its own."""
        plan = self._plans.get((name, letter, side))
        if plan is None:
            payer, payee = (letter, "X") if side == PAYER else ("X", letter)
            plan = self._plan(goods_posting(name, payer, payee), (side,))
            self._plans[name, letter, side] = plan
        return plan

    def clear_payments(self) -> None:
        """Last week's receipts of firms become spendable (one week of clearing)."""
        for letter in FIRMS:
            if HOLDERS[letter].receipts == "uncleared":
                arrived = self.populations[letter].uncleared.copy()
                self._add(letter, "uncleared", -arrived)
                self._add(letter, "cleared", arrived)

    def close_income(self) -> None:
        """Close the week's income and revaluations of households, government and outside.

        Those of firms and lenders were passed on to their owners by postings.
        """
        for letter in OWN_NET_WORTH:
            self.revalued[letter] = float(self.populations[letter].revaluations.sum())
            for account in ("current_account", "revaluations"):
                gained = getattr(self.populations[letter], account).copy()
                self._add(letter, account, -gained)
                self._add(letter, "net_worth", gained)

    def _add(self, letter: str, column: str, amounts: Amounts) -> None:
        balance = self.populations[letter].writable(column)
        balance += amounts
        self._moved[self._account[letter, column]] += float(amounts.sum())


def _lender_of(population: Population) -> Ints:
    """Row of each agent's lender; the outside and lenders themselves have none."""
    if "lender" in population.declared:
        lender: Ints = population.lender
        return lender
    return np.zeros(population.size, dtype=np.int64)
